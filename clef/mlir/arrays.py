"""Arrays.

Comes in: primitives on arrays. Goes out: their results. Promises: an access is one unsigned
comparison with the length and the access itself; elements are stored inline; the length and the
elements are memory of different classes, so that loops keep the length in a register.
"""

from __future__ import annotations

from collections.abc import Callable

from clef.memory_plan.plan import ARRAY_START, POINTER
from clef.mlir.array_copies import (
    Words,
    array_layouts,
    byte_count,
    clone,
    copy,
    copy_new,
    keep_symbol,
    length_of,
    own,
)
from clef.mlir.array_growth import grow_block
from clef.mlir.circles import made
from clef.mlir.data import store_header
from clef.mlir.exceptions import INDEX_OUT_OF_RANGE, OVERFLOW, guard
from clef.mlir.functions import (
    FunctionState,
    branch,
    branch_if,
    constant,
    do,
    load_words,
    new_block,
    offset,
    op,
    open_block,
    store,
    store_words,
)
from clef.mlir.heap import allocate
from clef.mlir.ownership import ask_unique, drop, duplicate
from clef.mlir.release import block_size, element_address
from clef.mlir.string_growth import MAPPED, largest_class
from clef.typed_core.core import MonoType, Primitive

Operation = Callable[[FunctionState, Primitive, list[Words]], Words]
GROUP = "element"


def length(state: FunctionState, node: Primitive, values: list[Words]) -> Words:
    """array_length."""
    return [length_of(state, values[0][0])]


def zeroed(state: FunctionState, node: Primitive, values: list[Words]) -> Words:
    """array_zero."""
    layout, element = array_layouts(state, node.type)
    ((count,),) = values
    guard(state, "size", lambda: _is_negative(state, count), node, OVERFLOW)
    if state.module.plan.facts.pointer_bytes == 4:
        most = ((1 << 31) - 64) // max(element.memory.size, 1)
        limit = constant(state, most, "i32")
        bad = op(state, f'llvm.icmp "ugt" {count}, {limit} : i32')
        guard(state, "memory", lambda: bad, node, OVERFLOW)
    size = block_size(state, count, element.memory.size, False)
    made(state, layout.kind, size)
    cell = allocate(state, size)
    store_header(state, cell, layout.kind)
    place = offset(state, cell, 8)
    store(state, count, place, "i32", "length")
    word = state.module.word
    bytes = op(state, f"llvm.sub {size}, {constant(state, ARRAY_START, word)} : {word}")
    _clear_new(state, offset(state, cell, ARRAY_START), bytes, size)
    return [cell]


def _clear_new(state: FunctionState, place: str, bytes: str, size: str) -> None:
    """Clear a new block of `size` bytes; what the kernel has just made is empty."""
    if largest_class(state.module) != MAPPED:
        _clear(state, place, bytes)
        return
    limit = constant(state, MAPPED, state.module.word)
    is_mapped = op(state, f'llvm.icmp "ugt" {size}, {limit} : {state.module.word}')
    fill, end = new_block(state), new_block(state)
    branch_if(state, is_mapped, end, fill)
    open_block(state, fill)
    _clear(state, place, bytes)
    branch(state, end, (), ())
    open_block(state, end)


def _is_negative(state: FunctionState, count: str) -> str:
    return op(state, f'llvm.icmp "slt" {count}, {constant(state, 0, "i32")} : i32')


def _clear(state: FunctionState, place: str, bytes: str) -> None:
    zero = constant(state, 0, "i8")
    do(
        state,
        f'"llvm.intr.memset"({place}, {zero}, {bytes}) <{{isVolatile = false}}> : '
        f"({POINTER}, i8, {state.module.word}) -> ()",
    )


def _check(
    state: FunctionState,
    node: Primitive,
    array: str,
    index: str,
    before_leaving: Callable[[], None] | None = None,
) -> None:
    guard(
        state,
        "index",
        lambda: op(state, f'llvm.icmp "uge" {index}, {length_of(state, array)} : i32'),
        node,
        INDEX_OUT_OF_RANGE,
        before_leaving,
    )


def _index_type(state: FunctionState, node: Primitive) -> str:
    """Unchecked accesses may have a wide index."""
    return state.module.layout(node.arguments[1].type).words[0].type


def _place(state: FunctionState, node: Primitive, array: str, index: str, size: int) -> str:
    widening = "sext" if "index" in node.proven else "zext"
    return element_address(state, array, index, size, _index_type(state, node), widening)


def get(state: FunctionState, node: Primitive, values: list[Words]) -> Words:
    """array_get and array_get_unchecked."""
    _, element = array_layouts(state, node.arguments[0].type)
    (array,), (index,) = values
    if node.operation == "array_get":
        _check(state, node, array, index)
    place = _place(state, node, array, index, element.memory.size)
    return load_words(state, place, element.words, element.memory.offsets, GROUP)


def set_element(state: FunctionState, node: Primitive, values: list[Words]) -> Words:
    """array_set and array_set_unchecked; the old element is given up, if there is one."""
    _, element = array_layouts(state, node.arguments[0].type)
    (array,), (index,), value = values
    if node.operation == "array_set":
        _check(state, node, array, index, lambda: drop(state, value, element.words, is_cold=True))
    place = _place(state, node, array, index, element.memory.size)
    words, offsets = element.words, element.memory.offsets
    assert state.tables is not None
    has_old = element.is_counted and node.id not in state.tables.fills
    old = load_words(state, place, words, offsets, GROUP) if has_old else []
    store_words(state, value, place, words, offsets, GROUP)
    if old:
        drop(state, old, words)
    return []


def address_of(state: FunctionState, node: Primitive, values: list[Words]) -> Words:
    """array_address."""
    _, element = array_layouts(state, node.arguments[0].type)
    (array,), (index,) = values
    _check(state, node, array, index)
    return [element_address(state, array, index, element.memory.size)]


def grow(state: FunctionState, node: Primitive, values: list[Words]) -> Words:
    """array_grow: array, length."""
    layout, element = array_layouts(state, node.type)
    (array,), (count,) = values
    have = block_size(state, length_of(state, array), element.memory.size, False)
    need = block_size(state, count, element.memory.size, False)
    if state.module.has_heaps or state.module.plan.kinds[layout.kind].traced:
        longer = _longer(state, node, array, have, need)
        drop(state, [array], layout.words)
    else:
        _, mine, share, end = ask_unique(state, array)
        open_block(state, mine)
        branch(state, end, [grow_block(state, array, have, need)], layout.words)
        open_block(state, share)
        copy = _longer(state, node, array, have, need)
        drop(state, [array], layout.words, is_cold=True)
        branch(state, end, [copy], layout.words)
        (longer,) = open_block(state, end, layout.words)
    store(state, count, offset(state, longer, 8), "i32", "length")
    return [longer]


def _longer(state: FunctionState, node: Primitive, source: str, have: str, need: str) -> str:
    """A new array of `need` bytes that begins with the elements of another of `have` bytes."""
    layout, element = array_layouts(state, node.type)
    made(state, layout.kind, need)
    cell = allocate(state, need)
    store_header(state, cell, layout.kind)
    word = state.module.word
    bytes = op(state, f"llvm.sub {have}, {constant(state, ARRAY_START, word)} : {word}")
    target = offset(state, cell, ARRAY_START)
    copy_new(state, target, offset(state, source, ARRAY_START), bytes)
    rest = op(state, f"llvm.sub {need}, {have} : {word}")
    place = op(
        state,
        f"llvm.getelementptr inbounds {target}[{bytes}] : ({POINTER}, {word}) -> {POINTER}, i8",
    )
    _clear(state, place, rest)
    if element.is_counted:
        name = keep_symbol(state.module, element)
        count = length_of(state, source)
        do(state, f"llvm.call fastcc {name}({target}, {count}) : ({POINTER}, i32) -> ()")
    return cell


def beside(state: FunctionState, node: Primitive, values: list[Words]) -> Words:
    """array_beside. The new array is only filled where its elements are more than plain: they are
    all written."""
    type = node.arguments[0].type
    layout, _ = array_layouts(state, type)
    ((array,),) = values
    if state.module.has_heaps:
        return [array, _room(state, type, array)]
    _, mine, share, end = ask_unique(state, array)
    pair = [*layout.words, *layout.words]
    open_block(state, mine)
    duplicate(state, [array], layout.words)
    branch(state, end, [array, array], pair)
    open_block(state, share)
    branch(state, end, [array, _room(state, type, array)], pair)
    return open_block(state, end, pair)


def _room(state: FunctionState, type: MonoType, like: str) -> str:
    """A new array with as many elements."""
    layout, element = array_layouts(state, type)
    count = length_of(state, like)
    size = block_size(state, count, element.memory.size, False)
    made(state, layout.kind, size)
    cell = allocate(state, size)
    store_header(state, cell, layout.kind)
    store(state, count, offset(state, cell, 8), "i32", "length")
    if element.is_counted:
        word = state.module.word
        bytes = op(state, f"llvm.sub {size}, {constant(state, ARRAY_START, word)} : {word}")
        _clear(state, offset(state, cell, ARRAY_START), bytes)
    return cell


# Copying ------------------------------------------------------------------------------------------


def forget(state: FunctionState, node: Primitive, values: list[Words]) -> Words:
    """array_forget: array, index, count."""
    _, element = array_layouts(state, node.arguments[0].type)
    (array,), (index,), (count,) = values
    if element.memory.size:
        place = element_address(state, array, index, element.memory.size)
        _clear(state, place, byte_count(state, count, element.memory.size))
    return []


OPERATIONS: dict[str, Operation] = {
    "array_zero": zeroed,
    "array_length": length,
    "array_get": get,
    "array_get_unchecked": get,
    "array_set": set_element,
    "array_set_unchecked": set_element,
    "array_address": address_of,
    "array_clone": clone,
    "array_copy": copy,
    "array_own": own,
    "array_grow": grow,
    "array_beside": beside,
    "array_move": copy,
    "array_forget": forget,
}
