"""Arrays.

Comes in: primitives on arrays. Goes out: their results. Promises: an access is one unsigned
comparison with the length and the access itself; elements are stored inline; the length and the
elements are memory of different classes, so that loops keep the length in a register.
"""

from __future__ import annotations

from collections.abc import Callable

from clef.memory_plan import Layout
from clef.memory_plan.plan import ARRAY_START, POINTER
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
    finish,
    load,
    load_words,
    new_block,
    offset,
    op,
    open_block,
    store,
    store_words,
)
from clef.mlir.functions import start as start_function
from clef.mlir.heap import allocate
from clef.mlir.module import ModuleState, want
from clef.mlir.ownership import ask_unique, drop, duplicate
from clef.mlir.release import block_size, element_address
from clef.mlir.string_growth import MAPPED, largest_class
from clef.typed_core.core import MonoType, Primitive

Words = list[str]
Operation = Callable[[FunctionState, Primitive, list[Words]], Words]
GROUP = "element"


def _array(state: FunctionState, type: MonoType) -> tuple[Layout, Layout]:
    """The layouts of an array type and of its elements."""
    layout = state.module.layout(type)
    assert layout.element is not None
    return layout, state.module.layout(layout.element)


def length_of(state: FunctionState, array: str) -> str:
    """The number of elements. In rare loops LLVM must not count on it: what it would compute before
    the loop costs time where the loop is not entered.
    """
    place = offset(state, array, 8)
    if state.is_rare:
        return op(state, f"llvm.load volatile {place} : {POINTER} -> i32")
    return load(state, place, "i32", "length")


def length(state: FunctionState, node: Primitive, values: list[Words]) -> Words:
    """array_length."""
    return [length_of(state, values[0][0])]


def zeroed(state: FunctionState, node: Primitive, values: list[Words]) -> Words:
    """array_zero."""
    layout, element = _array(state, node.type)
    ((count,),) = values
    guard(state, "size", lambda: _is_negative(state, count), node, OVERFLOW)
    if state.module.plan.facts.pointer_bytes == 4:
        most = ((1 << 31) - 64) // max(element.memory.size, 1)
        limit = constant(state, most, "i32")
        bad = op(state, f"arith.cmpi ugt, {count}, {limit} : i32")
        guard(state, "memory", lambda: bad, node, OVERFLOW)
    size = block_size(state, count, element.memory.size, False)
    made(state, layout.kind, size)
    cell = allocate(state, size)
    store_header(state, cell, layout.kind)
    place = offset(state, cell, 8)
    store(state, count, place, "i32", "length")
    word = state.module.word
    bytes = op(state, f"arith.subi {size}, {constant(state, ARRAY_START, word)} : {word}")
    _clear_new(state, offset(state, cell, ARRAY_START), bytes, size)
    return [cell]


def _clear_new(state: FunctionState, place: str, bytes: str, size: str) -> None:
    """Clear a new block of `size` bytes; what the kernel has just made is empty."""
    if largest_class(state.module) != MAPPED:
        _clear(state, place, bytes)
        return
    limit = constant(state, MAPPED, state.module.word)
    is_mapped = op(state, f"arith.cmpi ugt, {size}, {limit} : {state.module.word}")
    fill, end = new_block(state), new_block(state)
    branch_if(state, is_mapped, end, fill)
    open_block(state, fill)
    _clear(state, place, bytes)
    branch(state, end, (), ())
    open_block(state, end)


def _is_negative(state: FunctionState, count: str) -> str:
    return op(state, f"arith.cmpi slt, {count}, {constant(state, 0, 'i32')} : i32")


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
        lambda: op(state, f"arith.cmpi uge, {index}, {length_of(state, array)} : i32"),
        node,
        INDEX_OUT_OF_RANGE,
        before_leaving,
    )


def _index_type(state: FunctionState, node: Primitive) -> str:
    """Unchecked accesses may have a wide index."""
    return state.module.layout(node.arguments[1].type).words[0].type


def _place(state: FunctionState, node: Primitive, array: str, index: str, size: int) -> str:
    widening = "extsi" if "index" in node.proven else "extui"
    return element_address(state, array, index, size, _index_type(state, node), widening)


def get(state: FunctionState, node: Primitive, values: list[Words]) -> Words:
    """array_get and array_get_unchecked."""
    _, element = _array(state, node.arguments[0].type)
    (array,), (index,) = values
    if node.operation == "array_get":
        _check(state, node, array, index)
    place = _place(state, node, array, index, element.memory.size)
    return load_words(state, place, element.words, element.memory.offsets, GROUP)


def set_element(state: FunctionState, node: Primitive, values: list[Words]) -> Words:
    """array_set and array_set_unchecked; the old element is given up, if there is one."""
    _, element = _array(state, node.arguments[0].type)
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
    _, element = _array(state, node.arguments[0].type)
    (array,), (index,) = values
    _check(state, node, array, index)
    return [element_address(state, array, index, element.memory.size)]


def clone(state: FunctionState, node: Primitive, values: list[Words]) -> Words:
    """array_clone."""
    return [_cloned(state, node, values[0][0])]


def own(state: FunctionState, node: Primitive, values: list[Words]) -> Words:
    """array_own. With several heaps the copy lies in the current one."""
    layout, _ = _array(state, node.type)
    ((array,),) = values
    if state.module.has_heaps:
        copy = _cloned(state, node, array)
        drop(state, [array], layout.words)
        return [copy]
    _, mine, share, end = ask_unique(state, array)
    open_block(state, mine)
    branch(state, end, [array], layout.words)
    open_block(state, share)
    copy = _cloned(state, node, array)
    drop(state, [array], layout.words, is_cold=True)
    branch(state, end, [copy], layout.words)
    return open_block(state, end, layout.words)


def grow(state: FunctionState, node: Primitive, values: list[Words]) -> Words:
    """array_grow: array, length."""
    layout, element = _array(state, node.type)
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
    layout, element = _array(state, node.type)
    made(state, layout.kind, need)
    cell = allocate(state, need)
    store_header(state, cell, layout.kind)
    word = state.module.word
    bytes = op(state, f"arith.subi {have}, {constant(state, ARRAY_START, word)} : {word}")
    target = offset(state, cell, ARRAY_START)
    _copy_new(state, target, offset(state, source, ARRAY_START), bytes)
    rest = op(state, f"arith.subi {need}, {have} : {word}")
    place = op(
        state,
        f"llvm.getelementptr inbounds {target}[{bytes}] : ({POINTER}, {word}) -> {POINTER}, i8",
    )
    _clear(state, place, rest)
    if element.is_counted:
        name = _keep_symbol(state.module, element)
        count = length_of(state, source)
        do(state, f"llvm.call fastcc {name}({target}, {count}) : ({POINTER}, i32) -> ()")
    return cell


def _copy_new(state: FunctionState, target: str, source: str, bytes: str) -> None:
    do(
        state,
        f'"llvm.intr.memcpy"({target}, {source}, {bytes}) <{{isVolatile = false}}> : '
        f"({POINTER}, {POINTER}, {state.module.word}) -> ()",
    )


def beside(state: FunctionState, node: Primitive, values: list[Words]) -> Words:
    """array_beside. The new array is only filled where its elements are more than plain: they are
    all written."""
    type = node.arguments[0].type
    layout, _ = _array(state, type)
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
    layout, element = _array(state, type)
    count = length_of(state, like)
    size = block_size(state, count, element.memory.size, False)
    made(state, layout.kind, size)
    cell = allocate(state, size)
    store_header(state, cell, layout.kind)
    store(state, count, offset(state, cell, 8), "i32", "length")
    if element.is_counted:
        word = state.module.word
        bytes = op(state, f"arith.subi {size}, {constant(state, ARRAY_START, word)} : {word}")
        _clear(state, offset(state, cell, ARRAY_START), bytes)
    return cell


def _cloned(state: FunctionState, node: Primitive, source: str) -> str:
    layout, element = _array(state, node.type)
    count = length_of(state, source)
    size = block_size(state, count, element.memory.size, False)
    made(state, layout.kind, size)
    cell = allocate(state, size)
    store_header(state, cell, layout.kind)
    store(state, count, offset(state, cell, 8), "i32", "length")
    word = state.module.word
    bytes = op(state, f"arith.subi {size}, {constant(state, ARRAY_START, word)} : {word}")
    target, start = offset(state, cell, ARRAY_START), offset(state, source, ARRAY_START)
    _copy_new(state, target, start, bytes)
    if element.is_counted:
        name = _keep_symbol(state.module, element)
        do(state, f"llvm.call fastcc {name}({target}, {count}) : ({POINTER}, i32) -> ()")
    return cell


def _keep_symbol(module: ModuleState, element: Layout) -> str:
    name = f"clef_keep_{element.memory.size}_" + _counted_places(element)
    return want(module, name, lambda state: _write_keep(state, name, element))


def _write_keep(module: ModuleState, name: str, element: Layout) -> None:
    """Count every element up."""
    state = start_function(module)
    _each_element(state, "%items", element, is_drop=False)
    do(state, "llvm.return")
    finish(state, f"@{name}", [("%items", POINTER), ("%count", "i32")])


def _counted_places(element: Layout) -> str:
    places = zip(element.words, element.memory.offsets, strict=True)
    return "_".join(str(place) for word, place in places if word.counted)


# Copying ------------------------------------------------------------------------------------------


def copy(state: FunctionState, node: Primitive, values: list[Words]) -> Words:
    """array_copy and array_move: source, offset, target, offset, count."""
    _, element = _array(state, node.arguments[0].type)
    (source,), (source_index,), (target,), (target_index,), (count,) = values
    if not element.memory.size:
        return []
    size = element.memory.size
    from_place = element_address(state, source, source_index, size)
    to_place = element_address(state, target, target_index, size)
    if element.is_counted and node.operation == "array_copy":
        name = _recount_symbol(state.module, element)
        do(
            state,
            f"llvm.call fastcc {name}({from_place}, {to_place}, {count}) : "
            f"({POINTER}, {POINTER}, i32) -> ()",
        )
    bytes = _bytes(state, count, size)
    do(
        state,
        f'"llvm.intr.memmove"({to_place}, {from_place}, {bytes}) <{{isVolatile = false}}> : '
        f"({POINTER}, {POINTER}, {state.module.word}) -> ()",
    )
    return []


def _bytes(state: FunctionState, count: str, size: int) -> str:
    """How many bytes so many elements are."""
    word = state.module.word
    wide = count if word == "i32" else op(state, f"arith.extui {count} : i32 to {word}")
    return op(state, f"arith.muli {wide}, {constant(state, size, word)} : {word}")


def forget(state: FunctionState, node: Primitive, values: list[Words]) -> Words:
    """array_forget: array, index, count."""
    _, element = _array(state, node.arguments[0].type)
    (array,), (index,), (count,) = values
    if element.memory.size:
        place = element_address(state, array, index, element.memory.size)
        _clear(state, place, _bytes(state, count, element.memory.size))
    return []


def _recount_symbol(module: ModuleState, element: Layout) -> str:
    name = f"clef_recount_{element.memory.size}_" + _counted_places(element)
    return want(module, name, lambda state: _write_recount(state, name, element))


def _write_recount(module: ModuleState, name: str, element: Layout) -> None:
    """All elements to be copied are counted up before those to be overwritten are given up: the two
    may overlap.
    """
    state = start_function(module)
    _each_element(state, "%source", element, is_drop=False)
    _each_element(state, "%target", element, is_drop=True)
    do(state, "llvm.return")
    parameters = [("%source", POINTER), ("%target", POINTER), ("%count", "i32")]
    finish(state, f"@{name}", parameters)


def _each_element(state: FunctionState, base: str, element: Layout, is_drop: bool) -> None:
    from clef.memory_plan import Word

    words = (Word("i32"),)
    loop, body, end = new_block(state), new_block(state), new_block(state)
    branch(state, loop, [constant(state, 0, "i32")], words)
    (index,) = open_block(state, loop, words)
    more = op(state, f"arith.cmpi slt, {index}, %count : i32")
    branch_if(state, more, body, end)
    open_block(state, body)
    shifted = element_address(state, base, index, element.memory.size)
    # `element_address` skips the array's header, which is not there.
    place = offset(state, shifted, -ARRAY_START)
    values = load_words(state, place, element.words, element.memory.offsets, "")
    if is_drop:
        drop(state, values, element.words)
    else:
        duplicate(state, values, element.words)
    step = op(state, f"arith.addi {index}, {constant(state, 1, 'i32')} : i32")
    branch(state, loop, [step], words)
    open_block(state, end)


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
