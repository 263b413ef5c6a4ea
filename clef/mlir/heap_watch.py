"""Watching the heap: what `--sanitize heap` and `--heap-statistics` add to a program.

Comes in: the options. Goes out: `clef_watched_allocate`, `clef_watched_free`, the check of a cell
that is touched, and what is said when the program ends. Promises: other programs have nothing of
this. With the sanitizer a cell has 32 bytes before it (the neighbours in the list of all live
cells, the place of the program that made it, its size); a freed cell is filled with 0xDD and its
block is used again only after 65,536 others; touching a count of 0xDDDDDDDD, and bytes of freed
cells that have changed, end the program with code 99. Only where there is a Linux kernel to write
to.
"""

# ruff: noqa: E501 (lines of MLIR text)

from __future__ import annotations

from clef.memory_plan.plan import POINTER
from clef.mlir.functions import FunctionState, address, do, op, store
from clef.mlir.heap import system_call_symbol, system_numbers, write_heap
from clef.mlir.heap_watch_texts import COUNT, COUNTERS, PLAIN, SANITIZED, SAY
from clef.mlir.module import ModuleState, declare, line_of, site_text, want
from clef.source import Span

FREED = int.from_bytes(b"\xdd\xdd\xdd\xdd", "little", signed=True)
FINDING_CODE = 99
_CALL = "(i64, i64, i64, i64, i64, i64, i64) -> i64"

_TEXTS = {
    "used": "heap: a cell is used after it was given back, by ",
    "given": "heap: a cell is given back twice, by ",
    "changed": "heap: a cell was written to after it was given back; found by ",
    "made": "\n  it was made by ",
    "leak": "heap: ",
    "cells": " cells of together ",
    "bytes": " bytes are left, made by ",
    "line": "\n",
    "s_made": "heap: ",
    "s_bytes": " cells made, of ",
    "s_left": " bytes; at the end ",
    "s_left_bytes": " cells of ",
    "s_peak": " bytes; at most ",
    "s_peak_bytes": " cells of ",
    "s_chunks": " bytes at once; from the system ",
    "s_chunk_bytes": " chunks of ",
    "s_end": " bytes\n",
}

_STATISTICS = (
    ("s_made", "clef_watch_made"),
    ("s_bytes", "clef_watch_all_bytes"),
    ("s_left", "clef_live"),
    ("s_left_bytes", "clef_watch_bytes"),
    ("s_peak", "clef_watch_peak_cells"),
    ("s_peak_bytes", "clef_watch_peak_bytes"),
    ("s_chunks", "clef_chunks"),
    ("s_chunk_bytes", "clef_chunk_bytes"),
    ("s_end", ""),
)


def is_watched(module: ModuleState) -> bool:
    """Whether cells are made and given back through here."""
    options = module.options
    return options.check_heap or options.heap_statistics


def allocate_name(module: ModuleState) -> str:
    """The function that makes a block."""
    want(module, "clef_allocate", write_heap)
    if not is_watched(module):
        return "@clef_allocate"
    want(module, "clef_watch", _write)
    return "@clef_watched_allocate"


def free_name(module: ModuleState) -> str:
    """The function that gives a block back."""
    want(module, "clef_allocate", write_heap)
    if not is_watched(module):
        return "@clef_free"
    want(module, "clef_watch", _write)
    return "@clef_watched_free"


def check_text(module: ModuleState, cell: str, count: str, is_drop: bool) -> str:
    """What looks at a count that was just read, as text; nothing without the sanitizer."""
    if not module.options.check_heap:
        return ""
    want(module, "clef_watch", _write)
    what = f"%what = llvm.mlir.constant({int(is_drop)} : i32) : i32"
    call = f"llvm.call fastcc @clef_check({cell}, {count}, %what) : (!llvm.ptr, i32, i32) -> ()"
    return f"    {what}\n    {call}\n"


def check(state: FunctionState, cell: str, count: str, what: int) -> None:
    """Look at a count that was just read; 0: it is used, 1: given up."""
    if state.module.options.check_heap:
        want(state.module, "clef_watch", _write)
        number = op(state, f"llvm.mlir.constant({what} : i32) : i32")
        do(
            state,
            f"llvm.call fastcc @clef_check({cell}, {count}, {number}) : ({POINTER}, i32, i32) -> ()",
        )


def block_waits(state: FunctionState, cell: str, size: int) -> None:
    """With the sanitizer: the block of a cell waits for being used again, and nobody touches it."""
    if state.module.options.check_heap:
        want(state.module, "clef_watch", _write)
        bytes = op(state, f"llvm.mlir.constant({size} : i64) : i64")
        do(
            state,
            f"llvm.call fastcc @clef_block_waits({cell}, {bytes}) : ({POINTER}, i64) -> ()",
        )


def block_waits_no_more(state: FunctionState, cell: str) -> None:
    """With the sanitizer: the block is going to be a cell, or to be given back."""
    if state.module.options.check_heap:
        want(state.module, "clef_watch", _write)
        do(state, f"llvm.call fastcc @clef_block_waits_no_more({cell}) : ({POINTER}) -> ()")


def note_place(state: FunctionState, span: Span) -> None:
    """With the sanitizer: this part of the user's program is at work."""
    module = state.module
    if not module.options.check_heap or span.path not in module.options.sources:
        return
    want(module, "clef_watch", _write)
    name = state.function.display_name if state.function is not None else ""
    site = _site(module, f"{line_of(module, span)} ({name})" if name else line_of(module, span))
    store(state, address(state, site), address(state, _here(module)), POINTER)


def _here(module: ModuleState) -> str:
    start = _site(module, "the library")
    body = f"    %0 = llvm.mlir.addressof {start} : !llvm.ptr\n    llvm.return %0 : !llvm.ptr"
    text = f"  llvm.mlir.global internal @clef_here() : !llvm.ptr {{\n{body}\n  }}"
    return declare(module, "clef_here", text)


def _site(module: ModuleState, text: str) -> str:
    """The record of a place: its name, then how many cells and bytes are left, and the next one."""
    name = site_text(module, text)
    shape = "!llvm.struct<(ptr, i64, i64, ptr)>"
    symbol = f"@{name[1:]}_record"
    body = f"""  llvm.mlir.global internal {symbol}() : {shape} {{
    %0 = llvm.mlir.zero : {shape}
    %1 = llvm.mlir.addressof {name} : !llvm.ptr
    %2 = llvm.insertvalue %1, %0[0] : {shape}
    llvm.return %2 : {shape}
  }}"""
    return declare(module, symbol[1:], body)


def finish_text(module: ModuleState) -> list[str]:
    """The calls that end a watched program."""
    if not is_watched(module):
        return []
    want(module, "clef_watch", _write)
    want(module, "clef_allocate", write_heap)
    calls: list[str] = []
    if module.options.check_heap:
        calls.append("llvm.call fastcc @clef_check_all_waiting() : () -> ()")
    if module.options.heap_statistics:
        calls.append("llvm.call fastcc @clef_say_statistics() : () -> ()")
    return calls


def _write(module: ModuleState) -> None:
    system_call_symbol(module)
    _, _, write, exit_group = system_numbers(module)
    values = {
        "{WRITE}": str(write),
        "{EXIT}": str(exit_group),
        "{CALL}": _CALL,
        "{FREED}": str(FREED),
        "{CODE}": str(FINDING_CODE),
    }
    module.globals.append(COUNTERS)
    for name, text in _TEXTS.items():
        quoted = text.replace("\n", "\\0A")
        module.globals.append(
            f'  llvm.mlir.global internal constant @clef_text_{name}("{quoted}\\00")'
        )
    if module.options.check_heap:
        _here(module)
    kept = SANITIZED if module.options.check_heap else PLAIN
    for text in (SAY, COUNT, kept):
        for name, value in values.items():
            text = text.replace(name, value)
        module.functions.append(text)
    if module.options.heap_statistics:
        module.functions.append(_statistics())


def _statistics() -> str:
    lines = ["  llvm.func internal fastcc @clef_say_statistics() attributes {no_inline} {"]
    for number, (text, counter) in enumerate(_STATISTICS):
        lines.append(f"    %t{number} = llvm.mlir.addressof @clef_text_{text} : !llvm.ptr")
        lines.append(f"    llvm.call fastcc @clef_say(%t{number}) : (!llvm.ptr) -> ()")
        if counter:
            lines.append(f"    %a{number} = llvm.mlir.addressof @{counter} : !llvm.ptr")
            lines.append(f"    %n{number} = llvm.load %a{number} : !llvm.ptr -> i64")
            lines.append(f"    llvm.call fastcc @clef_say_number(%n{number}) : (i64) -> ()")
    return "\n".join([*lines, "    llvm.return", "  }"])
