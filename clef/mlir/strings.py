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
from clef.mlir.module import ModuleState, want
from clef.mlir.release import block_size, element_address
from clef.typed_core.core import Primitive

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
    return [op(state, f"arith.cmpi eq, {units}, {bytes} : i32")]


def byte_at(state: FunctionState, node: Primitive, values: list[Words]) -> Words:
    """string_byte_at."""
    (text,), (index,) = values
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


def copy_bytes(state: FunctionState, node: Primitive, values: list[Words]) -> Words:
    """string_copy_bytes: source, offset, target, offset, count."""
    (source,), (source_index,), (target,), (target_index,), (count,) = values
    word = state.module.word
    wide = count if word == "i32" else op(state, f"arith.extui {count} : i32 to {word}")
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
    more = op(state, f"arith.cmpi ult, {index}, {count} : i32")
    branch_if(state, more, body, end)
    open_block(state, body)
    byte = load(state, element_address(state, "%text", index, 1), "i8", GROUP)
    starts = op(state, f"arith.cmpi sgt, {byte}, {constant(state, -65, 'i8')} : i8")
    wide = op(state, f"arith.cmpi uge, {byte}, {constant(state, 240, 'i8')} : i8")
    both = [op(state, f"arith.extui {flag} : i1 to i32") for flag in (starts, wide)]
    more_units = op(state, f"arith.addi {units}, {both[0]} : i32")
    all_units = op(state, f"arith.addi {more_units}, {both[1]} : i32")
    step = op(state, f"arith.addi {index}, {constant(state, 1, 'i32')} : i32")
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
    state = start(module)
    state.results = (Word("i1"),)
    blocks = [new_block(state) for _ in range(7)]
    other_block, null_block, length_block, loop, body, yes, no = blocks
    same = op(state, f'llvm.icmp "eq" %one, %other : {POINTER}')
    branch_if(state, same, yes, other_block)
    open_block(state, other_block)
    none = null(state)
    one_null = op(state, f'llvm.icmp "eq" %one, {none} : {POINTER}')
    branch_if(state, one_null, no, null_block)
    open_block(state, null_block)
    other_null = op(state, f'llvm.icmp "eq" %other, {none} : {POINTER}')
    branch_if(state, other_null, no, length_block)
    open_block(state, length_block)
    count = byte_length(state, "%one")
    equal_length = op(state, f"arith.cmpi eq, {count}, {byte_length(state, '%other')} : i32")
    start_block = new_block(state)
    branch_if(state, equal_length, start_block, no)
    open_block(state, start_block)
    words = (Word("i32"),)
    branch(state, loop, [constant(state, 0, "i32")], words)
    (index,) = open_block(state, loop, words)
    more = op(state, f"arith.cmpi ult, {index}, {count} : i32")
    branch_if(state, more, body, yes)
    open_block(state, body)
    step = _compare_bytes(state, index, no)
    branch(state, loop, [step], words)
    open_block(state, yes)
    do(state, f"llvm.return {constant(state, 1, 'i1')} : i1")
    open_block(state, no)
    do(state, f"llvm.return {constant(state, 0, 'i1')} : i1")
    finish(state, "@clef_string_equal", [("%one", POINTER), ("%other", POINTER)])


def _compare_bytes(state: FunctionState, index: str, different: str) -> str:
    """One step of the comparison: gives the next index, or goes to `different`."""
    one = load(state, element_address(state, "%one", index, 1), "i8")
    other = load(state, element_address(state, "%other", index, 1), "i8")
    same = op(state, f"arith.cmpi eq, {one}, {other} : i8")
    onward = new_block(state)
    branch_if(state, same, onward, different)
    open_block(state, onward)
    return op(state, f"arith.addi {index}, {constant(state, 1, 'i32')} : i32")


def compare(state: FunctionState, node: Primitive, values: list[Words]) -> Words:
    """string_compare_bytes: the order of the bytes, then of the lengths."""
    name = want(state.module, "clef_string_compare", _write_compare)
    (one,), (other,) = values
    return [op(state, f"llvm.call fastcc {name}({one}, {other}) : ({POINTER}, {POINTER}) -> i32")]


def _write_compare(module: ModuleState) -> None:
    state = start(module)
    state.results = (Word("i32"),)
    words = (Word("i32"),)
    loop, body, end, different = (new_block(state) for _ in range(4))
    one_count = byte_length(state, "%one")
    other_count = byte_length(state, "%other")
    less = op(state, f"arith.cmpi ult, {one_count}, {other_count} : i32")
    count = op(state, f"arith.select {less}, {one_count}, {other_count} : i32")
    branch(state, loop, [constant(state, 0, "i32")], words)
    (index,) = open_block(state, loop, words)
    more = op(state, f"arith.cmpi ult, {index}, {count} : i32")
    branch_if(state, more, body, end)
    open_block(state, body)
    step = _compare_bytes(state, index, different)
    branch(state, loop, [step], words)
    open_block(state, end)
    difference = op(state, f"arith.subi {one_count}, {other_count} : i32")
    do(state, f"llvm.return {difference} : i32")
    open_block(state, different)
    one = load(state, element_address(state, "%one", index, 1), "i8")
    other = load(state, element_address(state, "%other", index, 1), "i8")
    wide = [op(state, f"arith.extui {byte} : i8 to i32") for byte in (one, other)]
    do(state, f"llvm.return {op(state, f'arith.subi {wide[0]}, {wide[1]} : i32')} : i32")
    finish(state, "@clef_string_compare", [("%one", POINTER), ("%other", POINTER)])


def address_of(state: FunctionState, node: Primitive, values: list[Words]) -> Words:
    """string_address."""
    return [offset(state, values[0][0], ARRAY_START)]


OPERATIONS: dict[str, Operation] = {
    "string_byte_length": lengths,
    "string_utf16_length": lengths,
    "string_is_ascii": lengths,
    "string_byte_at": byte_at,
    "string_set_byte": set_byte,
    "string_allocate": new_string,
    "string_copy_bytes": copy_bytes,
    "string_seal": seal,
    "string_equal": equal,
    "string_compare_bytes": compare,
    "string_address": address_of,
}
