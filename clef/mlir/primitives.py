"""The other primitives: references, and where to find the rest.

Comes in: a primitive and the words of its operands. Goes out: its result. Promises: a primitive
that has no emitter is a defect of the compiler and says so by name.
"""

from __future__ import annotations

from collections.abc import Callable

from clef.memory_plan import Layout
from clef.memory_plan.plan import POINTER
from clef.mlir import number_conversions, numbers, outside, raw_memory, strings
from clef.mlir.data import box, boxed_offsets, new_cell, same, unbox
from clef.mlir.exceptions import NULL_REFERENCE, expect_not, guard
from clef.mlir.functions import (
    FunctionState,
    all_of,
    constant,
    load,
    load_words,
    memory_class,
    null,
    offset,
    op,
    store,
    store_words,
)
from clef.mlir.ownership import drop, drop_reference, duplicate
from clef.mlir.values import operand_layout, zero_words
from clef.typed_core.core import Literal, Primitive

Words = list[str]
Operation = Callable[[FunctionState, Primitive, list[Words]], Words]


def emit(state: FunctionState, node: Primitive, values: list[Words]) -> Words:
    """Any primitive but those on arrays."""
    operation = OPERATIONS.get(node.operation)
    if operation is None:
        raise NotImplementedError(f"the primitive {node.operation}")
    return operation(state, node, values)


def box_value(state: FunctionState, node: Primitive, values: list[Words]) -> Words:
    """box."""
    return box(state, operand_layout(state, node), values[0])


def unbox_value(state: FunctionState, node: Primitive, values: list[Words]) -> Words:
    """unbox."""
    return unbox(state, state.module.layout(node.type), values[0])


def rebox(state: FunctionState, node: Primitive, values: list[Words]) -> Words:
    """rebox; the old value is given up."""
    layout = operand_layout(state, node, 1)
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
    source, target = operand_layout(state, node), state.module.layout(node.type)
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
    duplicate(state, values[0], operand_layout(state, node).words)
    return values[0]


def is_null(state: FunctionState, node: Primitive, values: list[Words]) -> Words:
    """is_null; a case without fields that is a null pointer here is not null."""
    layout = operand_layout(state, node)
    if layout.form not in ("counted", "pointer") or layout.null_case >= 0:
        return [constant(state, 0, "i1")]
    return [same(state, values[0][0], null(state))]


def check_null(state: FunctionState, node: Primitive, values: list[Words]) -> Words:
    """check_null: only references that have no meaning as null are looked at."""
    layout = operand_layout(state, node)
    if layout.form == "counted" and layout.null_case < 0:
        given = values[0][0]
        guard(state, "null", lambda: same(state, given, null(state)), node, NULL_REFERENCE)
    return []


def zero_is_seen(state: FunctionState, node: Primitive, values: list[Words]) -> Words:
    """zero_is_seen, hold: does nothing."""
    return []


def reference_equal(state: FunctionState, node: Primitive, values: list[Words]) -> Words:
    """reference_equal: the same cell; of unboxed values, the same words."""
    flags: list[str] = []
    for word, one, other in zip(operand_layout(state, node).words, *values, strict=True):
        if word.type == POINTER:
            equal = same(state, one, other)
        elif word.type in ("f32", "f64"):
            bits = "i" + word.type[1:]
            pair = [
                op(state, f"llvm.bitcast {item} : {word.type} to {bits}") for item in (one, other)
            ]
            equal = op(state, f'llvm.icmp "eq" {pair[0]}, {pair[1]} : {bits}')
        else:
            equal = op(state, f'llvm.icmp "eq" {one}, {other} : {word.type}')
        flags.append(equal)
    return [all_of(state, flags)]


def reference_hash(state: FunctionState, node: Primitive, values: list[Words]) -> Words:
    """reference_hash: a number made of a cell's address; 1 for unboxed values."""
    words = operand_layout(state, node).words
    if [word.type for word in words] != [POINTER]:
        return [constant(state, 1, "i32")]
    word = state.module.word
    number = op(state, f"llvm.ptrtoint {values[0][0]} : {POINTER} to {word}")
    shift = constant(state, 3, word)  # cells are aligned: the low bits say nothing
    shifted = op(state, f"llvm.lshr {number}, {shift} : {word}")
    return [number_conversions.resize(state, shifted, word, "i32", False)]


def hole(state: FunctionState, node: Primitive, values: list[Words]) -> Words:
    """hole: the place of a field that is one reference."""
    case, index = node.arguments[1:]
    assert isinstance(case, Literal) and isinstance(case.value, int)
    assert isinstance(index, Literal) and isinstance(index.value, int)
    (place,) = boxed_offsets(operand_layout(state, node), case.value, index.value)
    return [offset(state, values[0][0], place)]


def field_address(state: FunctionState, node: Primitive, values: list[Words]) -> Words:
    """field_address: where the words of a field begin."""
    case, index = node.arguments[1:]
    assert isinstance(case, Literal) and isinstance(case.value, int)
    assert isinstance(index, Literal) and isinstance(index.value, int)
    first = boxed_offsets(operand_layout(state, node), case.value, index.value)[0]
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


def never_reached(state: FunctionState, node: Primitive, values: list[Words]) -> Words:
    """never_reached."""
    expect_not(state, constant(state, 1, "i1"))
    return []


def ignore(state: FunctionState, node: Primitive, values: list[Words]) -> Words:
    """ignore."""
    return []


OPERATIONS: dict[str, Operation] = {
    **numbers.OPERATIONS,
    **strings.OPERATIONS,
    **raw_memory.OPERATIONS,
    **outside.OPERATIONS,
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
    "ignore": ignore,
    "never_reached": never_reached,
}
