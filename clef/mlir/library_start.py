"""Where a library is entered.

Comes in: the plan of a library, whose entry takes a number and the address of slots. Goes out:
`clef_start(initial stack, slots)`, which runs the start-up actions, `clef_call(number, slots)`,
`clef_site()`, the place where the latest exception was raised, `clef_flush()` and, where cells are
counted, `clef_live_cells()`. Promises: no exception is left on its way when one of them returns.
"""

from __future__ import annotations

from clef.memory_plan import Word
from clef.memory_plan.plan import POINTER
from clef.mlir.calls import call
from clef.mlir.circles import collect
from clef.mlir.exceptions import pending, raise_site, take_pending
from clef.mlir.functions import (
    FunctionState,
    address,
    branch_if,
    constant,
    do,
    finish,
    load,
    new_block,
    null,
    op,
    open_block,
    start,
    store,
)
from clef.mlir.heap import write_heap
from clef.mlir.module import ModuleState, callee, want
from clef.mlir.ownership import drop_reference
from clef.mlir.start import keep_initial_stack, write_flush
from clef.typed_core import well_known
from clef.typed_core.core import MonoType

START_INDEX = -1
_FAILED = 2


def write_library(module: ModuleState) -> None:
    """Add everything that the C side calls."""
    state = _function(module)
    keep_initial_stack(state)
    _enter(state, constant(state, START_INDEX, "i32"), "%slots")
    finish(state, "@clef_start", [("%stack", POINTER), ("%slots", module.word)], linkage="")
    state = _function(module)
    _enter(state, "%index", "%slots")
    finish(state, "@clef_call", [("%index", "i32"), ("%slots", module.word)], linkage="")
    _write_site(module)
    if well_known.FINISH in module.program.functions:
        write_flush(module, well_known.FINISH)
    if module.options.debug_heap:
        _write_live_cells(module)


def _function(module: ModuleState) -> FunctionState:
    state = start(module)
    state.results = (Word("i32"),)
    return state


def _enter(state: FunctionState, index: str, slots: str) -> None:
    """Call the entry. An exception that even its handler let through gives a code of its own."""
    module = state.module
    store(state, null(state), address(state, raise_site(module)), POINTER)
    name = module.program.entry
    sign = module.plan.functions[name].signature
    words = [Word("i32"), Word(module.word)]
    given = call(state, callee(module, name), sign, [index, slots], words, [Word("i32")])
    value = load(state, address(state, pending(module)), POINTER)
    is_fine = op(state, f'llvm.icmp "eq" {value}, {null(state)} : {POINTER}')
    fine, failed = new_block(state), new_block(state)
    branch_if(state, is_fine, fine, failed)
    open_block(state, failed)
    (word,) = module.layout(_exception(module)).words
    drop_reference(state, take_pending(state), word, is_cold=True)
    do(state, f"llvm.return {constant(state, _FAILED, 'i32')} : i32")
    open_block(state, fine)
    do(state, f"llvm.return {given[0]} : i32")


def _exception(module: ModuleState) -> MonoType:
    return module.program.functions[well_known.BOUNDARY_FAILED].parameters[0].type


def _write_site(module: ModuleState) -> None:
    state = start(module)
    state.results = (Word(POINTER),)
    site = load(state, address(state, raise_site(module)), POINTER)
    do(state, f"llvm.return {site} : {POINTER}")
    finish(state, "@clef_site", [], linkage="")


def _write_live_cells(module: ModuleState) -> None:
    want(module, "clef_allocate", write_heap)
    state = start(module)
    state.results = (Word("i64"),)
    collect(state)
    live = load(state, address(state, "@clef_live"), "i64")
    do(state, f"llvm.return {live} : i64")
    finish(state, "@clef_live_cells", [], linkage="")
