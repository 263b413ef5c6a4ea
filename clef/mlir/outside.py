"""Primitives that reach the outside world or the heap as a whole.

Comes in: a primitive and the words of its operands. Goes out: its result. Promises: what the target
does not have is answered as if it refused.
"""

from __future__ import annotations

from collections.abc import Callable

from clef.memory_plan.plan import POINTER
from clef.mlir.circles import collect
from clef.mlir.functions import (
    FunctionState,
    address,
    constant,
    do,
    load,
    op,
)
from clef.mlir.heap import (
    board_symbol,
    change_heap,
    make_current,
    reserve_memory,
    system_call_symbol,
    system_numbers,
    use_main_heap,
)
from clef.mlir.heap_watch import finish_text, is_watched
from clef.mlir.module import declare
from clef.mlir.raw_memory import as_address_sized
from clef.typed_core.core import Literal, Primitive

Words = list[str]
Operation = Callable[[FunctionState, Primitive, list[Words]], Words]


def system_call(state: FunctionState, node: Primitive, values: list[Words]) -> Words:
    """system_call: a Linux system call; nowhere else is there one, and -38 (no such call) is the
    answer.
    """
    if state.module.target.system != "linux":
        return [constant(state, -38, state.module.word)]
    operands = ", ".join(
        as_address_sized(state, node, at, value[0]) for at, value in enumerate(values)
    )
    types = ", ".join(["i64"] * 7)
    name = system_call_symbol(state.module)
    return [op(state, f"llvm.call {name}({operands}) : ({types}) -> i64")]


def stack_operation(state: FunctionState, node: Primitive, values: list[Words]) -> Words:
    """stack_new, stack_switch: where there is one stack, null and nothing."""
    module = state.module
    makes = node.operation == "stack_new"
    if module.target.system != "linux":
        return [constant(state, 0, module.word)] if makes else []
    arrow = f" -> {POINTER}" if makes else ""
    symbol_name = f"clef_{node.operation}"
    name = declare(module, symbol_name, f"  llvm.func @{symbol_name}({POINTER}){arrow}")
    given = op(state, f"llvm.inttoptr {values[0][0]} : {module.word} to {POINTER}")
    text = f"llvm.call {name}({given}) : ({POINTER}) -> {POINTER if makes else '()'}"
    if not makes:
        do(state, text)
        return []
    return [op(state, f"llvm.ptrtoint {op(state, text)} : {POINTER} to {module.word}")]


def exit_process(state: FunctionState, node: Primitive, values: list[Words]) -> Words:
    """exit_process."""
    for call_text in finish_text(state.module):
        do(state, call_text)
    end_process(state, values[0][0])
    return []


def end_process(state: FunctionState, code: str) -> None:
    """End the program with an exit code."""
    if state.module.target.system == "linux":
        number = constant(state, system_numbers(state.module)[3], "i64")
        wide = op(state, f"llvm.sext {code} : i32 to i64")
        zero = constant(state, 0, "i64")
        operands = ", ".join([number, wide, *[zero] * 5])
        types = ", ".join(["i64"] * 7)
        name = system_call_symbol(state.module)
        op(state, f"llvm.call {name}({operands}) : ({types}) -> i64")
        return
    if state.module.target.system == "bare":
        do(
            state,
            f"llvm.call {board_symbol(state.module, 'clef_board_exit')}({code}) : (i32) -> ()",
        )
        return
    text = (
        "  llvm.func @proc_exit(i32) attributes {passthrough = "
        '[["wasm-import-module", "wasi_snapshot_preview1"], ["wasm-import-name", "proc_exit"]]}'
    )
    do(state, f"llvm.call {declare(state.module, 'proc_exit', text)}({code}) : (i32) -> ()")


def heap_change(state: FunctionState, node: Primitive, values: list[Words]) -> Words:
    """heap_enter, heap_leave, heap_abandon. What is left in a heap that goes back are circles: none
    of their cells may be among the suspects then.
    """
    if node.operation == "heap_leave":
        collect(state)
    change_heap(state, node.operation.removeprefix("heap_"))
    return []


def main_heap(state: FunctionState, node: Primitive, values: list[Words]) -> Words:
    """heap_main: 0 where there is only one heap."""
    if not state.module.has_heaps:
        return [constant(state, 0, state.module.word)]
    return [use_main_heap(state)]


def use_heap(state: FunctionState, node: Primitive, values: list[Words]) -> Words:
    """heap_use."""
    if state.module.has_heaps:
        make_current(state, values[0][0])
    return []


def reserve(state: FunctionState, node: Primitive, values: list[Words]) -> Words:
    """memory_reserve."""
    return [reserve_memory(state, as_address_sized(state, node, 0, values[0][0]))]


def live_cells(state: FunctionState, node: Primitive, values: list[Words]) -> Words:
    """live_cells: 0 in builds that do not count."""
    if not (state.module.options.debug_heap or is_watched(state.module)):
        return [constant(state, 0, "i64")]
    from clef.mlir.heap import write_heap
    from clef.mlir.module import want

    want(state.module, "clef_allocate", write_heap)
    return [load(state, address(state, "@clef_live"), "i64")]


def target_is(state: FunctionState, node: Primitive, values: list[Words]) -> Words:
    """target_is: folded."""
    wanted = node.arguments[0]
    holds = isinstance(wanted, Literal) and wanted.value in state.module.target.words
    return [constant(state, int(holds), "i1")]


def initial_stack(state: FunctionState, node: Primitive, values: list[Words]) -> Words:
    """initial_stack."""
    word = state.module.word
    text = f"  llvm.mlir.global internal @clef_initial_stack(0 : {word}) : {word}"
    name = declare(state.module, "clef_initial_stack", text)
    return [load(state, address(state, name), word)]


OPERATIONS: dict[str, Operation] = {
    "stack_new": stack_operation,
    "stack_switch": stack_operation,
    "system_call": system_call,
    "exit_process": exit_process,
    "heap_enter": heap_change,
    "heap_leave": heap_change,
    "heap_abandon": heap_change,
    "heap_main": main_heap,
    "heap_use": use_heap,
    "memory_reserve": reserve,
    "live_cells": live_cells,
    "target_is": target_is,
    "initial_stack": initial_stack,
}
