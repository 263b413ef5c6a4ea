"""Where the parts of a heap lie, in programs with several of them.

Comes in: how many lists of small blocks there are. Goes out: the words of a heap, and the state of
all heaps, for the texts of `heaps.py`. Promises: what a word of a heap is for is said here alone.
"""

# ruff: noqa: E501 (lines of MLIR text)

from __future__ import annotations

FIELDS = {
    "BUMP": 0,
    "END": 1,
    "CHUNKS": 2,
    "LAST": 3,
    "OUTER": 4,
    "LIVE": 5,
    "ORPHAN": 6,
    "LARGE": 7,
}


_SMALL = 8  # first of the lists of small blocks, which are followed by those of medium ones


_MEDIUM = range(10, 15)  # powers of two from 1 KiB to 16 KiB


STATE = """  llvm.mlir.global internal @clef_main_heap() {{alignment = 16 : i64}} : !llvm.array<{HEAP_WORDS} x ptr> {{
    %0 = llvm.mlir.zero : !llvm.array<{HEAP_WORDS} x ptr>
    llvm.return %0 : !llvm.array<{HEAP_WORDS} x ptr>
  }}
  llvm.mlir.global internal @clef_heap() : !llvm.ptr {{
    %0 = llvm.mlir.addressof @clef_main_heap : !llvm.ptr
    llvm.return %0 : !llvm.ptr
  }}
  llvm.mlir.global internal @clef_regions() {{alignment = 16 : i64}} : !llvm.array<65 x ptr> {{
    %0 = llvm.mlir.zero : !llvm.array<65 x ptr>
    llvm.return %0 : !llvm.array<65 x ptr>
  }}
  llvm.mlir.global internal @clef_span(0 : {W}) : {W}
  llvm.mlir.global internal @clef_span_end(0 : {W}) : {W}
  llvm.mlir.global internal @clef_span_size(65536 : {W}) : {W}
  llvm.mlir.global internal @clef_live(0 : i64) : i64"""


_FIELD = "    %{NAME} = llvm.getelementptr inbounds %{HEAP}[{INDEX}] : (!llvm.ptr) -> !llvm.ptr, !llvm.ptr\n"


def field(name: str, heap: str, what: str) -> str:
    """The address of a heap's field."""
    return _FIELD.format(NAME=name, HEAP=heap, INDEX=FIELDS[what])


def places(lists: int) -> dict[str, str]:
    """Where the words of a heap with so many lists of small blocks are, for the texts."""
    words = _SMALL + lists + len(_MEDIUM)
    return {"HEAP_WORDS": str(words), "MEDIUM": str(_SMALL + lists - _MEDIUM[0])}
