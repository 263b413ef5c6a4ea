"""Strings: cells of UTF-8 bytes that know their length in bytes and in UTF-16 units.

Comes in: primitives on strings. Goes out: their results. Promises: a string under construction has
the length it was allocated with; sealing counts its UTF-16 units; a zero byte follows the bytes,
for C.
"""

from __future__ import annotations

from collections.abc import Callable

from clef.memory_plan import Word
from clef.memory_plan.plan import ARRAY_START, POINTER
from clef.mlir.data import store_header
from clef.mlir.functions import (
    FunctionState,
    address,
    all_of,
    branch,
    branch_if,
    constant,
    do,
    finish,
    load,
    new_block,
    null,
    offset,
    op,
    open_block,
    start,
    store,
)
from clef.mlir.heap import allocate
from clef.mlir.literals import string_cell
from clef.mlir.module import ModuleState, declare, symbol, want
from clef.mlir.release import block_size, element_address
from clef.mlir.string_growth import grow
from clef.mlir.values import operand_layout
from clef.typed_core.core import Literal, Primitive

Words = list[str]
Operation = Callable[[FunctionState, Primitive, list[Words]], Words]
GROUP = "element.i8"


def byte_length(state: FunctionState, text: str) -> str:
    """Number of bytes."""
    return load(state, offset(state, text, 8), "i32", "length")


def _utf16_length(state: FunctionState, text: str) -> str:
    return load(state, offset(state, text, 12), "i32", "length")


def lengths(state: FunctionState, node: Primitive, values: list[Words]) -> Words:
    """string_byte_length, string_utf16_length, string_is_ascii."""
    text = values[0][0]
    if node.operation == "string_byte_length":
        return [byte_length(state, text)]
    units = _utf16_length(state, text)
    if node.operation == "string_utf16_length":
        return [units]
    bytes = byte_length(state, text)
    return [op(state, f'llvm.icmp "eq" {units}, {bytes} : i32')]


def plain_length(state: FunctionState, node: Primitive, values: list[Words]) -> Words:
    """string_plain_length."""
    text = values[0][0]
    empty = address(state, string_cell(state.module, "", operand_layout(state, node, 0)))
    is_null = op(state, f'llvm.icmp "eq" {text}, {null(state)} : {POINTER}')
    looked_at = op(state, f"llvm.select {is_null}, {empty}, {text} : i1, {POINTER}")
    units, bytes = _utf16_length(state, looked_at), byte_length(state, looked_at)
    is_plain = op(state, f'llvm.icmp "eq" {units}, {bytes} : i32')
    none = constant(state, 0, "i32")
    return [op(state, f"llvm.select {is_plain}, {bytes}, {none} : i1, i32")]


def bytes_at(state: FunctionState, node: Primitive, values: list[Words]) -> Words:
    """string_bytes_at: as many as the result has."""
    (text,), (index,) = values
    (word,) = state.module.layout(node.type).words
    if word.type != "i8":
        return [_part(state, text, index, word.type)]
    return [load(state, element_address(state, text, index, 1), "i8", GROUP)]


def set_byte(state: FunctionState, node: Primitive, values: list[Words]) -> Words:
    """string_set_byte."""
    (text,), (index,), (value,) = values
    store(state, value, element_address(state, text, index, 1), "i8", GROUP)
    return []


def new_string(state: FunctionState, node: Primitive, values: list[Words]) -> Words:
    """string_allocate."""
    layout = state.module.layout(node.type)
    ((count,),) = values
    cell = allocate(state, block_size(state, count, 1, True))
    store_header(state, cell, layout.kind)
    store(state, count, offset(state, cell, 8), "i32", "length")
    store(state, count, offset(state, cell, 12), "i32", "length")
    end = element_address(state, cell, count, 1)
    store(state, constant(state, 0, "i8"), end, "i8", GROUP)
    return [cell]


def static_string(state: FunctionState, node: Primitive, values: list[Words]) -> Words:
    """string_static: zeroed memory of the program that becomes an immortal cell here."""
    (count,) = node.arguments
    assert isinstance(count, Literal) and isinstance(count.value, int)
    module = state.module
    assert state.function is not None
    name = f"{state.function.name}#static{node.id}"
    size = -(-(ARRAY_START + count.value + 1) // 16) * 16
    type = f"!llvm.array<{size} x i8>"
    text = (
        f"  llvm.mlir.global internal {symbol(name)}() {{alignment = 16 : i64}} : {type} {{\n"
        f"    %0 = llvm.mlir.zero : {type}\n    llvm.return %0 : {type}\n  }}"
    )
    cell = address(state, declare(module, name, text))
    kind = module.layout(node.type).kind
    store(state, constant(state, kind << 32 | 0xFFFFFFFF, "i64"), cell, "i64")
    length = constant(state, count.value, "i32")
    store(state, length, offset(state, cell, 8), "i32", "length")
    store(state, length, offset(state, cell, 12), "i32", "length")
    return [cell]


def copy_bytes(state: FunctionState, node: Primitive, values: list[Words]) -> Words:
    """string_copy_bytes: source, offset, target, offset, count."""
    (source,), (source_index,), (target,), (target_index,), (count,) = values
    word = state.module.word
    wide = count if word == "i32" else op(state, f"llvm.zext {count} : i32 to {word}")
    from_place = element_address(state, source, source_index, 1)
    to_place = element_address(state, target, target_index, 1)
    do(
        state,
        f'"llvm.intr.memmove"({to_place}, {from_place}, {wide}) <{{isVolatile = false}}> : '
        f"({POINTER}, {POINTER}, {word}) -> ()",
    )
    return []


def seal(state: FunctionState, node: Primitive, values: list[Words]) -> Words:
    """string_seal."""
    name = want(state.module, "clef_count_units", _write_count)
    text = values[0][0]
    units = op(state, f"llvm.call fastcc {name}({text}) : ({POINTER}) -> i32")
    store(state, units, offset(state, text, 12), "i32", "length")
    return [text]


def seal_as(state: FunctionState, node: Primitive, values: list[Words]) -> Words:
    """string_seal_as."""
    (text,), (units,) = values
    store(state, units, offset(state, text, 12), "i32", "length")
    return [text]


def _write_count(module: ModuleState) -> None:
    """UTF-16 units: every byte that does not continue a character, and one more for four-byte
    characters.
    """
    state = start(module)
    words = (Word("i32"), Word("i32"))
    state.results = (Word("i32"),)
    loop, body, end = new_block(state), new_block(state), new_block(state)
    count = byte_length(state, "%text")
    zero = constant(state, 0, "i32")
    branch(state, loop, [zero, zero], words)
    index, units = open_block(state, loop, words)
    more = op(state, f'llvm.icmp "ult" {index}, {count} : i32')
    branch_if(state, more, body, end)
    open_block(state, body)
    byte = load(state, element_address(state, "%text", index, 1), "i8", GROUP)
    starts = op(state, f'llvm.icmp "sgt" {byte}, {constant(state, -65, "i8")} : i8')
    wide = op(state, f'llvm.icmp "uge" {byte}, {constant(state, 240, "i8")} : i8')
    both = [op(state, f"llvm.zext {flag} : i1 to i32") for flag in (starts, wide)]
    more_units = op(state, f"llvm.add {units}, {both[0]} : i32")
    all_units = op(state, f"llvm.add {more_units}, {both[1]} : i32")
    step = op(state, f"llvm.add {index}, {constant(state, 1, 'i32')} : i32")
    branch(state, loop, [step, all_units], words)
    open_block(state, end)
    do(state, f"llvm.return {units} : i32")
    finish(state, "@clef_count_units", [("%text", POINTER)])


def equal(state: FunctionState, node: Primitive, values: list[Words]) -> Words:
    """string_equal; null equals only null."""
    name = want(state.module, "clef_string_equal", _write_equal)
    (one,), (other,) = values
    return [op(state, f"llvm.call fastcc {name}({one}, {other}) : ({POINTER}, {POINTER}) -> i1")]


def _write_equal(module: ModuleState) -> None:
    """Eight bytes at a time; the last eight may overlap those before. Fewer than eight: four and
    four, fewer than four: the first, the middle and the last one.
    """
    state = start(module)
    state.results = (Word("i1"),)
    yes, no, differ, cells, lengths = (new_block(state) for _ in range(5))
    same = op(state, f'llvm.icmp "eq" %one, %other : {POINTER}')
    branch_if(state, same, yes, differ)
    open_block(state, differ)
    none = null(state)
    one_null = op(state, f'llvm.icmp "eq" %one, {none} : {POINTER}')
    other_null = op(state, f'llvm.icmp "eq" %other, {none} : {POINTER}')
    any_null = op(state, f"llvm.or {one_null}, {other_null} : i1")
    branch_if(state, any_null, no, cells)
    open_block(state, cells)
    count = byte_length(state, "%one")
    equal_length = op(state, f'llvm.icmp "eq" {count}, {byte_length(state, "%other")} : i32')
    branch_if(state, equal_length, lengths, no)
    open_block(state, lengths)
    _compare_long(state, count, yes, no)
    _compare_short(state, count, yes, no)
    for block, value in ((yes, 1), (no, 0)):
        open_block(state, block)
        do(state, f"llvm.return {constant(state, value, 'i1')} : i1")
    finish(state, "@clef_string_equal", [("%one", POINTER), ("%other", POINTER)])


def _compare_long(state: FunctionState, count: str, yes: str, no: str) -> None:
    """At least eight bytes; leaves the block for fewer open."""
    words = (Word("i32"),)
    long, short, loop, body, last = (new_block(state) for _ in range(5))
    eight = constant(state, 8, "i32")
    is_long = op(state, f'llvm.icmp "uge" {count}, {eight} : i32')
    branch_if(state, is_long, long, short)
    open_block(state, long)
    end = op(state, f"llvm.sub {count}, {eight} : i32")
    branch(state, loop, [constant(state, 0, "i32")], words)
    (index,) = open_block(state, loop, words)
    branch_if(state, op(state, f'llvm.icmp "ult" {index}, {end} : i32'), body, last)
    open_block(state, body)
    following = new_block(state)
    branch_if(state, _same_bytes(state, index, "i64"), following, no)
    open_block(state, following)
    branch(state, loop, [op(state, f"llvm.add {index}, {eight} : i32")], words)
    open_block(state, last)
    branch_if(state, _same_bytes(state, end, "i64"), yes, no)
    open_block(state, short)


def _compare_short(state: FunctionState, count: str, yes: str, no: str) -> None:
    """Fewer than eight bytes."""
    four_bytes, few, some = (new_block(state) for _ in range(3))
    four, zero = constant(state, 4, "i32"), constant(state, 0, "i32")
    branch_if(state, op(state, f'llvm.icmp "uge" {count}, {four} : i32'), four_bytes, few)
    open_block(state, four_bytes)
    end = op(state, f"llvm.sub {count}, {four} : i32")
    _all(state, [(zero, "i32"), (end, "i32")], yes, no)
    open_block(state, few)
    branch_if(state, op(state, f'llvm.icmp "eq" {count}, {zero} : i32'), yes, some)
    open_block(state, some)
    one = constant(state, 1, "i32")
    middle = op(state, f"llvm.lshr {count}, {one} : i32")
    end = op(state, f"llvm.sub {count}, {one} : i32")
    _all(state, [(zero, "i8"), (middle, "i8"), (end, "i8")], yes, no)


def _all(state: FunctionState, parts: list[tuple[str, str]], yes: str, no: str) -> None:
    flags = [_same_bytes(state, index, type) for index, type in parts]
    branch_if(state, all_of(state, flags), yes, no)


def _part(state: FunctionState, text: str, index: str, type: str) -> str:
    """Some bytes at once, from wherever they begin."""
    place = element_address(state, text, index, 1)
    return op(state, f"llvm.load {place} {{alignment = 1 : i64}} : {POINTER} -> {type}")


def _same_bytes(state: FunctionState, index: str, type: str) -> str:
    one, other = (_part(state, text, index, type) for text in ("%one", "%other"))
    return op(state, f'llvm.icmp "eq" {one}, {other} : {type}')


def compare(state: FunctionState, node: Primitive, values: list[Words]) -> Words:
    """string_compare_bytes: the order of the bytes, then of the lengths."""
    name = want(state.module, "clef_string_compare", _write_compare)
    (one,), (other,) = values
    return [op(state, f"llvm.call fastcc {name}({one}, {other}) : ({POINTER}, {POINTER}) -> i32")]


def _write_compare(module: ModuleState) -> None:
    """Eight bytes at a time while there are so many, then byte by byte."""
    state = start(module)
    state.results = (Word("i32"),)
    words = (Word("i32"),)
    long, whole, next_whole, bytes, byte, next_byte, end = (new_block(state) for _ in range(7))
    one_count = byte_length(state, "%one")
    other_count = byte_length(state, "%other")
    less = op(state, f'llvm.icmp "ult" {one_count}, {other_count} : i32')
    count = op(state, f"llvm.select {less}, {one_count}, {other_count} : i1, i32")
    eight = constant(state, 8, "i32")
    branch(state, long, [constant(state, 0, "i32")], words)
    (index,) = open_block(state, long, words)
    following = op(state, f"llvm.add {index}, {eight} : i32")
    fits = op(state, f'llvm.icmp "ule" {following}, {count} : i32')
    branch_if(state, fits, whole, bytes)
    open_block(state, whole)
    branch_if(state, _same_bytes(state, index, "i64"), next_whole, bytes)
    open_block(state, next_whole)
    branch(state, long, [following], words)
    open_block(state, bytes)
    branch(state, byte, [index], words)
    (place,) = open_block(state, byte, words)
    more = op(state, f'llvm.icmp "ult" {place}, {count} : i32')
    branch_if(state, more, next_byte, end)
    open_block(state, next_byte)
    one, other = (_part(state, text, place, "i8") for text in ("%one", "%other"))
    found, onward = new_block(state), new_block(state)
    branch_if(state, op(state, f'llvm.icmp "eq" {one}, {other} : i8'), onward, found)
    open_block(state, onward)
    step = op(state, f"llvm.add {place}, {constant(state, 1, 'i32')} : i32")
    branch(state, byte, [step], words)
    open_block(state, found)
    wide = [op(state, f"llvm.zext {value} : i8 to i32") for value in (one, other)]
    do(state, f"llvm.return {op(state, f'llvm.sub {wide[0]}, {wide[1]} : i32')} : i32")
    open_block(state, end)
    difference = op(state, f"llvm.sub {one_count}, {other_count} : i32")
    do(state, f"llvm.return {difference} : i32")
    finish(state, "@clef_string_compare", [("%one", POINTER), ("%other", POINTER)])


def address_of(state: FunctionState, node: Primitive, values: list[Words]) -> Words:
    """string_address."""
    return [offset(state, values[0][0], ARRAY_START)]


OPERATIONS: dict[str, Operation] = {
    "string_byte_length": lengths,
    "string_utf16_length": lengths,
    "string_is_ascii": lengths,
    "string_plain_length": plain_length,
    "string_bytes_at": bytes_at,
    "string_set_byte": set_byte,
    "string_allocate": new_string,
    "string_static": static_string,
    "string_copy_bytes": copy_bytes,
    "string_seal": seal,
    "string_seal_as": seal_as,
    "string_grow": grow,
    "string_equal": equal,
    "string_compare_bytes": compare,
    "string_address": address_of,
}
