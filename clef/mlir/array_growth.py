"""Arrays that grow: the elements of one that nobody else has are moved, not counted.

Comes in: `array_grow`, an array that is given up and a length that is no smaller. Goes out: an array
of that length with the same elements at its beginning and nothing behind them, which is the same
cell where its block has the room. Promises: elements of an array that somebody else has are copied
and counted up; blocks beyond half a megabyte are moved by the kernel where it can, page by page, and
what was never written there is not written. With several heaps, and where arrays can be in circles,
every array is copied.
"""

# ruff: noqa: E501 (lines of MLIR text)

from __future__ import annotations

from clef.memory_plan.plan import POINTER
from clef.mlir.functions import FunctionState, op
from clef.mlir.heap_watch import free_name
from clef.mlir.module import ModuleState, want
from clef.mlir.string_growth import MAPPED, largest_class, move_text

_GROW = """  llvm.func internal fastcc @clef_block_grow(%cell: !llvm.ptr, %have: {W}, %need: {W}) -> !llvm.ptr attributes {{passthrough = ["noinline", "nounwind"]}} {{
    %zero = llvm.mlir.constant(0 : i8) : i8
{MOVE}    "llvm.intr.memcpy"(%fresh, %cell, %have) <{{isVolatile = false}}> : (!llvm.ptr, !llvm.ptr, {W}) -> ()
    llvm.call fastcc {FREE}(%cell, %have) : (!llvm.ptr, {W}) -> ()
    llvm.br ^done(%fresh : !llvm.ptr)
  ^done(%result: !llvm.ptr):
{STOP}    %rest = llvm.sub %stop, %have : {W}
    %at = llvm.getelementptr inbounds %result[%have] : (!llvm.ptr, {W}) -> !llvm.ptr, i8
    "llvm.intr.memset"(%at, %zero, %rest) <{{isVolatile = false}}> : (!llvm.ptr, i8, {W}) -> ()
    llvm.return %result : !llvm.ptr
  }}"""

_STOP_AT_PAGE = """    %limit = llvm.mlir.constant({OWN} : {W}) : {W}
    %page = llvm.mlir.constant(4095 : {W}) : {W}
    %mask = llvm.mlir.constant(-4096 : {W}) : {W}
    %beyond = llvm.add %have, %page : {W}
    %page_end = llvm.and %beyond, %mask : {W}
    %first = llvm.intr.umin(%page_end, %need) : ({W}, {W}) -> {W}
    %is_mapped = llvm.icmp "ugt" %need, %limit : {W}
    %stop = llvm.select %is_mapped, %first, %need : i1, {W}
"""
"""Pages of a mapped block that were never there are empty."""
_STOP_AT_END = """    %nothing_more = llvm.mlir.constant(0 : {W}) : {W}
    %stop = llvm.add %need, %nothing_more : {W}
"""


def grow_block(state: FunctionState, cell: str, have: str, need: str) -> str:
    """The block of a cell that nobody else has with `need` bytes; those after `have` are zero."""
    name = want(state.module, "clef_block_grow", _write)
    word = state.module.word
    types = f"({POINTER}, {word}, {word}) -> {POINTER}"
    return op(state, f"llvm.call fastcc {name}({cell}, {have}, {need}) : {types}")


def _write(module: ModuleState) -> None:
    stop = _STOP_AT_PAGE if largest_class(module) == MAPPED else _STOP_AT_END
    text = _GROW.format(
        W=module.word,
        MOVE=move_text(module),
        FREE=free_name(module),
        STOP=stop.format(W=module.word, OWN=MAPPED),
    )
    module.functions.append(text)
