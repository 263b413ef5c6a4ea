"""Where the program begins.

Comes in: the plan. Goes out: `clef_start(initial stack) -> exit code`. Promises: an exception that
nobody handles is reported by the library, with the place where it was raised; builds that count
cells end with code 99 and a message when some are left.
"""

# ruff: noqa: E501 (lines of MLIR text)

from __future__ import annotations

from clef.memory_plan import Word
from clef.memory_plan.plan import POINTER
from clef.mlir.calls import call
from clef.mlir.circles import collect
from clef.mlir.coverage import open_marks
from clef.mlir.data import global_places
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
from clef.mlir.heap import board_symbol, system_call_symbol, system_numbers, write_heap
from clef.mlir.heap_watch import finish_text
from clef.mlir.module import ModuleState, callee, declare, want
from clef.mlir.ownership import drop_reference
from clef.typed_core import well_known

LEAK_CODE = 99
FAILURE_CODE = 134


def write_start(module: ModuleState) -> None:
    """Add `clef_start`."""
    state = start(module)
    state.results = (Word("i32"),)
    program, plan = module.program, module.plan
    keep_initial_stack(state)
    open_marks(state)
    entry = program.functions[program.entry]
    sign = plan.functions[program.entry].signature
    results = module.layout(entry.result).words
    given = call(state, callee(module, program.entry), sign, [], [], results)
    code = given[0] if given else constant(state, 0, "i32")
    failed, fine = new_block(state), new_block(state)
    value = load(state, address(state, pending(module)), POINTER)
    is_fine = op(state, f'llvm.icmp "eq" {value}, {null(state)} : {POINTER}')
    branch_if(state, is_fine, fine, failed)
    open_block(state, failed)
    failure = report(state)
    _end_watch(state)
    do(state, f"llvm.return {failure} : i32")
    open_block(state, fine)
    if module.options.debug_heap or module.options.check_heap:
        code = _count_cells(state, code)
    _end_watch(state)
    do(state, f"llvm.return {code} : i32")
    finish(state, "@clef_start", [("%stack", POINTER)], linkage="")
    if well_known.FINISH in program.functions:
        # Whoever dies does not wait for the threads that are left.
        only_flushes = well_known.FLUSH in program.functions
        write_flush(module, well_known.FLUSH if only_flushes else well_known.FINISH)


def write_flush(module: ModuleState, name: str) -> None:
    """Add `clef_flush()`: what the start-up code calls before a program dies of a fault, and a
    library before it goes back to its caller. `name`: the library's function that does it.
    """
    state = start(module)
    do(state, f"llvm.call fastcc {callee(module, name)}() : () -> ()")
    do(state, "llvm.return")
    finish(state, "@clef_flush", [], linkage="")


def keep_initial_stack(state: FunctionState) -> None:
    """Put the parameter `%stack` where the program looks for its arguments."""
    word = state.module.word
    text = f"  llvm.mlir.global internal @clef_initial_stack(0 : {word}) : {word}"
    name = declare(state.module, "clef_initial_stack", text)
    number = op(state, f"llvm.ptrtoint %stack : {POINTER} to {word}")
    store(state, number, address(state, name), word)


def report(state: FunctionState) -> str:
    """Tell of the exception; gives the exit code."""
    functions = state.module.program.functions
    exception = take_pending(state)
    if well_known.UNHANDLED not in functions:
        return constant(state, FAILURE_CODE, "i32")
    name = callee(state.module, well_known.UNHANDLED)
    code = op(state, f"llvm.call fastcc {name}({exception}) : ({POINTER}) -> i32")
    report_site(state)
    return code


_SITE = """  llvm.func internal fastcc @clef_report_site() attributes {{no_unwind, no_inline}} {{
    %slot = llvm.mlir.addressof @clef_raise_site : !llvm.ptr
    %text = llvm.load %slot : !llvm.ptr -> !llvm.ptr
    %null = llvm.mlir.zero : !llvm.ptr
    %unknown = llvm.icmp "eq" %text, %null : !llvm.ptr
    llvm.cond_br %unknown, ^done, ^start
  ^start:
    %zero = llvm.mlir.constant(0 : i64) : i64
    %one = llvm.mlir.constant(1 : i64) : i64
    %end = llvm.mlir.constant(0 : i8) : i8
    llvm.br ^loop(%zero : i64)
  ^loop(%n: i64):
    %place = llvm.getelementptr %text[%n] : (!llvm.ptr, i64) -> !llvm.ptr, i8
    %byte = llvm.load %place : !llvm.ptr -> i8
    %next = llvm.add %n, %one : i64
    %is_end = llvm.icmp "eq" %byte, %end : i8
    llvm.cond_br %is_end, ^write, ^loop(%next : i64)
  ^write:
{WRITE}    llvm.br ^done
  ^done:
    llvm.return
  }}"""
_BY_KERNEL = """    %number = llvm.mlir.constant({WRITE} : i64) : i64
    %two = llvm.mlir.constant(2 : i64) : i64
    %at = llvm.ptrtoint %text : !llvm.ptr to i64
    %r = llvm.call @clef_syscall(%number, %two, %at, %n, %zero, %zero, %zero) : (i64, i64, i64, i64, i64, i64, i64) -> i64
"""
_BY_BOARD = """    %two = llvm.mlir.constant(2 : i32) : i32
    %length = llvm.trunc %n : i64 to i32
    %r = llvm.call @clef_board_write(%two, %text, %length) : (i32, !llvm.ptr, i32) -> i32
"""


def _write_report(module: ModuleState) -> None:
    raise_site(module)
    if module.target.system == "bare":
        board_symbol(module, "clef_board_write")
        module.functions.append(_SITE.format(WRITE=_BY_BOARD))
        return
    system_call_symbol(module)
    write = _BY_KERNEL.format(WRITE=system_numbers(module)[2])
    module.functions.append(_SITE.format(WRITE=write))


def report_site(state: FunctionState) -> None:
    """A line that says where the exception was raised, where there is something to write it to."""
    if state.module.target.system in ("linux", "bare"):
        name = want(state.module, "clef_report_site", _write_report)
        do(state, f"llvm.call fastcc {name}() : () -> ()")


def _end_watch(state: FunctionState) -> None:
    for call_text in finish_text(state.module):
        do(state, call_text)


def _count_cells(state: FunctionState, code: str) -> str:
    """Give up the globals; the exit code is 99 when cells are left."""
    module = state.module
    for name in module.program.globals:
        for place, word in global_places(state, name):
            if word.counted:
                drop_reference(state, load(state, place, word.type), word, is_cold=True)
    collect(state)
    want(module, "clef_allocate", write_heap)
    live = load(state, address(state, "@clef_live"), "i64")
    leaking = op(state, f'llvm.icmp "ne" {live}, {constant(state, 0, "i64")} : i64')
    if well_known.WAITING_STACKS in module.program.globals:
        ((place, word),) = global_places(state, well_known.WAITING_STACKS)
        waiting = load(state, place, word.type)
        none = op(state, f'llvm.icmp "eq" {waiting}, {constant(state, 0, word.type)} : {word.type}')
        leaking = op(state, f"llvm.and {leaking}, {none} : i1")
    bad, good = new_block(state), new_block(state)
    branch_if(state, leaking, bad, good)
    open_block(state, bad)
    if module.options.check_heap:
        do(state, "llvm.call fastcc @clef_say_leaks() : () -> ()")
        _end_watch(state)
    else:
        _complain(state)
    do(state, f"llvm.return {constant(state, LEAK_CODE, 'i32')} : i32")
    open_block(state, good)
    return code


def _complain(state: FunctionState) -> None:
    """A line on standard error, where there is a kernel to write it."""
    module = state.module
    if module.target.system != "linux":
        return
    message = "Cells are still alive at the end of the program.\\0A"
    text = f'  llvm.mlir.global internal constant @clef_leak_message("{message}")'
    place = address(state, declare(module, "clef_leak_message", text))
    at = op(state, f"llvm.ptrtoint {place} : {POINTER} to i64")
    zero = constant(state, 0, "i64")
    number = constant(state, system_numbers(module)[2], "i64")
    size = constant(state, len(message) - 2, "i64")
    operands = ", ".join([number, constant(state, 2, "i64"), at, size, zero, zero, zero])
    types = ", ".join(["i64"] * 7)
    op(state, f"llvm.call {system_call_symbol(module)}({operands}) : ({types}) -> i64")
