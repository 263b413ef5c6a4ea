"""The other primitives: references, raw memory, byrefs, the outside world.

Comes in: a primitive and the words of its operands. Goes out: its result. Promises: a primitive
that has no emitter is a defect of the compiler and says so by name.
"""

from __future__ import annotations

from collections.abc import Callable

from clef.memory_plan import Layout
from clef.memory_plan.plan import POINTER
from clef.mlir import numbers, strings
from clef.mlir.circles import collect
from clef.mlir.data import box, boxed_offsets, new_cell, same, unbox
from clef.mlir.exceptions import NULL_REFERENCE, expect_not, guard
from clef.mlir.functions import (
    FunctionState,
    address,
    constant,
    do,
    load,
    load_volatile,
    load_words,
    memory_class,
    null,
    offset,
    op,
    store,
    store_volatile,
    store_words,
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
from clef.mlir.ownership import drop, drop_reference, duplicate
from clef.mlir.values import zero_words
from clef.typed_core.core import Expression, Join, Literal, Primitive, children

Words = list[str]
Operation = Callable[[FunctionState, Primitive, list[Words]], Words]


def emit(state: FunctionState, node: Primitive, values: list[Words]) -> Words:
    """Any primitive but those on arrays."""
    table = (
        numbers.OPERATIONS.get(node.operation)
        or strings.OPERATIONS.get(node.operation)
        or OPERATIONS.get(node.operation)
    )
    if table is None:
        raise NotImplementedError(f"the primitive {node.operation}")
    return table(state, node, values)


def _layout(state: FunctionState, node: Primitive, index: int = 0) -> Layout:
    return state.module.layout(node.arguments[index].type)


# References ---------------------------------------------------------------------------------------


def box_value(state: FunctionState, node: Primitive, values: list[Words]) -> Words:
    """box."""
    return box(state, _layout(state, node), values[0])


def unbox_value(state: FunctionState, node: Primitive, values: list[Words]) -> Words:
    """unbox."""
    return unbox(state, state.module.layout(node.type), values[0])


def rebox(state: FunctionState, node: Primitive, values: list[Words]) -> Words:
    """rebox; the old value is given up."""
    layout = _layout(state, node, 1)
    assert layout.box is not None
    words, offsets = layout.words, layout.box.fields[0]
    old = load_words(state, values[0][0], words, offsets, "field") if layout.is_counted else []
    store_words(state, values[1], values[0][0], words, offsets, "field")
    if old:
        drop(state, old, words)
    return []


def cast(state: FunctionState, node: Primitive, values: list[Words]) -> Words:
    """cast: a reference as another type; values that are not references are boxed or taken out of
    their box.
    """
    source, target = _layout(state, node), state.module.layout(node.type)
    if source.type is target.type:
        return values[0]
    if _is_object(state, source) == _is_object(state, target):
        return values[0]
    if source.type.form == "function" and target.field_types == ((source.type,),):  # a delegate
        return _delegate(state, source, target, values[0])
    if _is_object(state, target):
        return box(state, source, values[0])
    result = unbox(state, target, values[0])
    if target.box is not None:
        duplicate(state, result, target.words)
        drop_reference(state, values[0][0], source.words[0])
    return result


def _delegate(state: FunctionState, function: Layout, target: Layout, value: Words) -> Words:
    """A delegate that holds a function; its cell says which type of delegates it is of."""
    own = target.cells[-1]
    cell = new_cell(state, own.kind, own.size)
    store_words(state, value, cell, function.words, own.fields[0], "field")
    return [cell]


def _is_object(state: FunctionState, layout: Layout) -> bool:
    """Whether values are references that carry their type."""
    return layout.form == "counted" and layout.box is None


def share(state: FunctionState, node: Primitive, values: list[Words]) -> Words:
    """share."""
    duplicate(state, values[0], _layout(state, node).words)
    return values[0]


def is_null(state: FunctionState, node: Primitive, values: list[Words]) -> Words:
    """is_null; a case without fields that is a null pointer here is not null."""
    layout = _layout(state, node)
    if layout.form not in ("counted", "pointer") or layout.null_case >= 0:
        return [constant(state, 0, "i1")]
    return [same(state, values[0][0], null(state))]


def check_null(state: FunctionState, node: Primitive, values: list[Words]) -> Words:
    """check_null: only references that have no meaning as null are looked at."""
    layout = _layout(state, node)
    if layout.form == "counted" and layout.null_case < 0:
        given = values[0][0]
        guard(state, "null", lambda: same(state, given, null(state)), node, NULL_REFERENCE)
    return []


def zero_is_seen(state: FunctionState, node: Primitive, values: list[Words]) -> Words:
    """zero_is_seen, hold: does nothing."""
    return []


def reference_equal(state: FunctionState, node: Primitive, values: list[Words]) -> Words:
    """reference_equal: the same cell; of unboxed values, the same words."""
    result = constant(state, 1, "i1")
    for word, one, other in zip(_layout(state, node).words, *values, strict=True):
        if word.type == POINTER:
            equal = same(state, one, other)
        elif word.type in ("f32", "f64"):
            bits = "i" + word.type[1:]
            pair = [
                op(state, f"arith.bitcast {item} : {word.type} to {bits}") for item in (one, other)
            ]
            equal = op(state, f"arith.cmpi eq, {pair[0]}, {pair[1]} : {bits}")
        else:
            equal = op(state, f"arith.cmpi eq, {one}, {other} : {word.type}")
        result = op(state, f"arith.andi {result}, {equal} : i1")
    return [result]


def reference_hash(state: FunctionState, node: Primitive, values: list[Words]) -> Words:
    """reference_hash: a number made of a cell's address; 1 for unboxed values."""
    words = _layout(state, node).words
    if [word.type for word in words] != [POINTER]:
        return [constant(state, 1, "i32")]
    word = state.module.word
    number = op(state, f"llvm.ptrtoint {values[0][0]} : {POINTER} to {word}")
    shift = constant(state, 3, word)  # cells are aligned: the low bits say nothing
    shifted = op(state, f"arith.shrui {number}, {shift} : {word}")
    return [numbers.resize(state, shifted, word, "i32", False)]


def hole(state: FunctionState, node: Primitive, values: list[Words]) -> Words:
    """hole: the place of a field that is one reference."""
    case, index = node.arguments[1:]
    assert isinstance(case, Literal) and isinstance(case.value, int)
    assert isinstance(index, Literal) and isinstance(index.value, int)
    (place,) = boxed_offsets(_layout(state, node), case.value, index.value)
    return [offset(state, values[0][0], place)]


def field_address(state: FunctionState, node: Primitive, values: list[Words]) -> Words:
    """field_address: where the words of a field begin."""
    case, index = node.arguments[1:]
    assert isinstance(case, Literal) and isinstance(case.value, int)
    assert isinstance(index, Literal) and isinstance(index.value, int)
    first = boxed_offsets(_layout(state, node), case.value, index.value)[0]
    return [offset(state, values[0][0], first)]


def fill_hole(state: FunctionState, node: Primitive, values: list[Words]) -> Words:
    """fill: a reference for a field that had none."""
    store(state, values[1][0], values[0][0], POINTER, memory_class("field", POINTER))
    return []


def zero_value(state: FunctionState, node: Primitive, values: list[Words]) -> Words:
    """null, zero, vacant."""
    return zero_words(state, state.module.layout(node.type))


def kind_of(state: FunctionState, node: Primitive, values: list[Words]) -> Words:
    """kind_of."""
    return [load(state, offset(state, values[0][0], 4), "i32", "kind")]


# Raw memory and byrefs ----------------------------------------------------------------------------


def _pointee(state: FunctionState, node: Primitive) -> Layout:
    """What an address points at."""
    type = node.arguments[0].type
    inner = node.type_arguments[0] if node.type_arguments else type.arguments[0]
    if type.arguments:
        inner = type.arguments[0]
    return state.module.layout(inner)


def read(state: FunctionState, node: Primitive, values: list[Words]) -> Words:
    """pointer_read, byref_read."""
    layout = state.module.layout(node.type)
    return load_words(state, values[0][0], layout.words, layout.memory.offsets, "")


def write(state: FunctionState, node: Primitive, values: list[Words]) -> Words:
    """pointer_write, byref_write; through a byref the old value is given up."""
    layout = _layout(state, node, 1)
    words, offsets = layout.words, layout.memory.offsets
    is_counted = layout.is_counted and node.operation == "byref_write"
    place = values[0][0]
    old = load_words(state, place, words, offsets, "") if is_counted else []
    store_words(state, values[1], place, words, offsets, "")
    if old:
        drop(state, old, words)
    return []


def volatile_read(state: FunctionState, node: Primitive, values: list[Words]) -> Words:
    """volatile_read: word by word."""
    layout = state.module.layout(node.type)
    return [
        load_volatile(state, offset(state, values[0][0], place), word.type)
        for word, place in zip(layout.words, layout.memory.offsets, strict=True)
    ]


def volatile_write(state: FunctionState, node: Primitive, values: list[Words]) -> Words:
    """volatile_write: word by word."""
    layout = _layout(state, node, 1)
    for value, word, place in zip(values[1], layout.words, layout.memory.offsets, strict=True):
        store_volatile(state, value, offset(state, values[0][0], place), word.type)
    return []


def size_of(state: FunctionState, node: Primitive, values: list[Words]) -> Words:
    """size_of: from one element of an array to the next."""
    layout = state.module.layout(node.type_arguments[0])
    return [constant(state, max(layout.memory.size, 1), "i32")]


def retype(state: FunctionState, node: Primitive, values: list[Words]) -> Words:
    """pointer_retype: the same address."""
    return values[0]


def _index(state: FunctionState, node: Primitive, index: int, value: str) -> str:
    """A number as wide as a pointer."""
    layout = _layout(state, node, index)
    return numbers.resize(state, value, layout.words[0].type, state.module.word, True)


def pointer_add(state: FunctionState, node: Primitive, values: list[Words]) -> Words:
    """pointer_add: the count is in elements."""
    size = max(_pointee(state, node).memory.size, 1)
    count = _index(state, node, 1, values[1][0])
    word = state.module.word
    text = (
        f"llvm.getelementptr {values[0][0]}[{count}] : ({POINTER}, {word}) -> {POINTER}, "
        f"!llvm.array<{size} x i8>"
    )
    return [op(state, text)]


def pointer_number(state: FunctionState, node: Primitive, values: list[Words]) -> Words:
    """pointer_to_int, pointer_of_int."""
    source, target = _layout(state, node), state.module.layout(node.type)
    return [numbers.convert_word(state, values[0][0], source, target)]


def memory_copy(state: FunctionState, node: Primitive, values: list[Words]) -> Words:
    """memory_copy: target, source, bytes."""
    count = _index(state, node, 2, values[2][0])
    do(
        state,
        f'"llvm.intr.memmove"({values[0][0]}, {values[1][0]}, {count}) <{{isVolatile = false}}> : '
        f"({POINTER}, {POINTER}, {state.module.word}) -> ()",
    )
    return []


def memory_fill(state: FunctionState, node: Primitive, values: list[Words]) -> Words:
    """memory_fill: target, byte, bytes."""
    count = _index(state, node, 2, values[2][0])
    do(
        state,
        f'"llvm.intr.memset"({values[0][0]}, {values[1][0]}, {count}) <{{isVolatile = false}}> : '
        f"({POINTER}, i8, {state.module.word}) -> ()",
    )
    return []


def stack_allocate(state: FunctionState, node: Primitive, values: list[Words]) -> Words:
    """stack_allocate: so many elements, zeroed. A constant number is reserved at the start of the
    function, except in a loop, where every round has its own.
    """
    layout = state.module.layout(node.type_arguments[0])
    size = max(layout.memory.size, 1)
    count_node = node.arguments[0]
    word = state.module.word
    unit = f"!llvm.array<{size} x i8>"
    aligned = max(layout.memory.alignment, 16)
    is_constant = isinstance(count_node, Literal) and isinstance(count_node.value, int)
    if is_constant and not _is_repeated(state, node):
        assert isinstance(count_node, Literal) and isinstance(count_node.value, int)
        from clef.mlir.functions import prelude

        count = constant(state, max(count_node.value, 1), "i32")
        place = prelude(
            state,
            f"llvm.alloca {count} x {unit} {{alignment = {aligned} : i64}} : (i32) -> {POINTER}",
        )
        bytes = constant(state, count_node.value * size, word)
    else:
        count = _index(state, node, 0, values[0][0])
        place = op(
            state,
            f"llvm.alloca {count} x {unit} {{alignment = {aligned} : i64}} : ({word}) -> {POINTER}",
        )
        bytes = op(state, f"arith.muli {count}, {constant(state, size, word)} : {word}")
    zero = constant(state, 0, "i8")
    do(
        state,
        f'"llvm.intr.memset"({place}, {zero}, {bytes}) <{{isVolatile = false}}> : '
        f"({POINTER}, i8, {word}) -> ()",
    )
    return [place]


def _is_repeated(state: FunctionState, wanted: Primitive) -> bool:
    """Whether a node stands in a loop of its function."""
    function = state.function
    stack: list[tuple[Expression, bool]] = [(function.body, False)] if function else []
    while stack:
        node, inside = stack.pop()
        if node is wanted:
            return inside
        if isinstance(node, Join) and node.is_loop:
            stack += ((node.continuation, True), (node.body, inside))
        else:
            stack.extend((child, inside) for child in children(node))
    return True


# The outside --------------------------------------------------------------------------------------


def system_call(state: FunctionState, node: Primitive, values: list[Words]) -> Words:
    """system_call: a Linux system call; nowhere else is there one, and -38 (no such call) is the
    answer.
    """
    if state.module.target.system != "linux":
        return [constant(state, -38, state.module.word)]
    operands = ", ".join(_index(state, node, at, value[0]) for at, value in enumerate(values))
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
        wide = op(state, f"arith.extsi {code} : i32 to i64")
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
    return [reserve_memory(state, _index(state, node, 0, values[0][0]))]


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


def never_reached(state: FunctionState, node: Primitive, values: list[Words]) -> Words:
    """never_reached."""
    expect_not(state, constant(state, 1, "i1"))
    return []


def ignore(state: FunctionState, node: Primitive, values: list[Words]) -> Words:
    """ignore."""
    return []


OPERATIONS: dict[str, Operation] = {
    "box": box_value,
    "unbox": unbox_value,
    "rebox": rebox,
    "cast": cast,
    "is_null": is_null,
    "share": share,
    "check_null": check_null,
    "zero_is_seen": zero_is_seen,
    "hold": zero_is_seen,
    "reference_equal": reference_equal,
    "reference_hash": reference_hash,
    "null": zero_value,
    "zero": zero_value,
    "hole": hole,
    "field_address": field_address,
    "fill": fill_hole,
    "vacant": zero_value,
    "kind_of": kind_of,
    "pointer_read": read,
    "byref_read": read,
    "pointer_write": write,
    "byref_write": write,
    "volatile_read": volatile_read,
    "volatile_write": volatile_write,
    "size_of": size_of,
    "pointer_retype": retype,
    "pointer_add": pointer_add,
    "pointer_to_int": pointer_number,
    "pointer_of_int": pointer_number,
    "memory_copy": memory_copy,
    "memory_fill": memory_fill,
    "stack_allocate": stack_allocate,
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
    "ignore": ignore,
    "never_reached": never_reached,
}
