"""Copies of arrays: for an owner of its own, or because somebody writes.

Comes in: primitives with the words of their operands. Goes out: words of results. Promises: the
items of a copy are counted.
"""

from __future__ import annotations

from clef.memory_plan import Layout
from clef.memory_plan.plan import ARRAY_START, POINTER
from clef.mlir.circles import made
from clef.mlir.data import store_header
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
)
from clef.mlir.functions import start as start_function
from clef.mlir.heap import allocate
from clef.mlir.module import ModuleState, want
from clef.mlir.ownership import ask_unique, drop, duplicate
from clef.mlir.release import block_size, element_address
from clef.typed_core.core import MonoType, Primitive

Words = list[str]


def array_layouts(state: FunctionState, type: MonoType) -> tuple[Layout, Layout]:
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


def clone(state: FunctionState, node: Primitive, values: list[Words]) -> Words:
    """array_clone."""
    return [_cloned(state, node, values[0][0])]


def own(state: FunctionState, node: Primitive, values: list[Words]) -> Words:
    """array_own. With several heaps the copy lies in the current one."""
    layout, _ = array_layouts(state, node.type)
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


def copy_new(state: FunctionState, target: str, source: str, bytes: str) -> None:
    do(
        state,
        f'"llvm.intr.memcpy"({target}, {source}, {bytes}) <{{isVolatile = false}}> : '
        f"({POINTER}, {POINTER}, {state.module.word}) -> ()",
    )


def _cloned(state: FunctionState, node: Primitive, source: str) -> str:
    layout, element = array_layouts(state, node.type)
    count = length_of(state, source)
    size = block_size(state, count, element.memory.size, False)
    made(state, layout.kind, size)
    cell = allocate(state, size)
    store_header(state, cell, layout.kind)
    store(state, count, offset(state, cell, 8), "i32", "length")
    word = state.module.word
    bytes = op(state, f"llvm.sub {size}, {constant(state, ARRAY_START, word)} : {word}")
    target, start = offset(state, cell, ARRAY_START), offset(state, source, ARRAY_START)
    copy_new(state, target, start, bytes)
    if element.is_counted:
        name = keep_symbol(state.module, element)
        do(state, f"llvm.call fastcc {name}({target}, {count}) : ({POINTER}, i32) -> ()")
    return cell


def keep_symbol(module: ModuleState, element: Layout) -> str:
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


def copy(state: FunctionState, node: Primitive, values: list[Words]) -> Words:
    """array_copy and array_move: source, offset, target, offset, count."""
    _, element = array_layouts(state, node.arguments[0].type)
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
    bytes = byte_count(state, count, size)
    do(
        state,
        f'"llvm.intr.memmove"({to_place}, {from_place}, {bytes}) <{{isVolatile = false}}> : '
        f"({POINTER}, {POINTER}, {state.module.word}) -> ()",
    )
    return []


def byte_count(state: FunctionState, count: str, size: int) -> str:
    """How many bytes so many elements are."""
    word = state.module.word
    wide = count if word == "i32" else op(state, f"llvm.zext {count} : i32 to {word}")
    return op(state, f"llvm.mul {wide}, {constant(state, size, word)} : {word}")


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
    more = op(state, f'llvm.icmp "slt" {index}, %count : i32')
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
    step = op(state, f"llvm.add {index}, {constant(state, 1, 'i32')} : i32")
    branch(state, loop, [step], words)
    open_block(state, end)
