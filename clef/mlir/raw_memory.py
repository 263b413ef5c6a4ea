"""Primitives on raw memory: pointers, byrefs, memory of the stack.

Comes in: a primitive and the words of its operands. Goes out: its result. Promises: the same access
as the program wrote, volatile where it says so.
"""

from __future__ import annotations

from collections.abc import Callable

from clef.memory_plan import Layout
from clef.memory_plan.plan import POINTER
from clef.mlir import number_conversions
from clef.mlir.functions import (
    FunctionState,
    address,
    constant,
    do,
    load_volatile,
    load_words,
    offset,
    op,
    prelude,
    store_volatile,
    store_words,
)
from clef.mlir.module import declare, symbol
from clef.mlir.ownership import drop
from clef.mlir.values import operand_layout
from clef.typed_core.core import Expression, Join, Literal, Primitive, children
from clef.typed_core.functions import is_initialiser

Words = list[str]
Operation = Callable[[FunctionState, Primitive, list[Words]], Words]


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
    layout = operand_layout(state, node, 1)
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
    layout = operand_layout(state, node, 1)
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


def as_address_sized(state: FunctionState, node: Primitive, index: int, value: str) -> str:
    """A number as wide as a pointer."""
    layout = operand_layout(state, node, index)
    return number_conversions.resize(state, value, layout.words[0].type, state.module.word, True)


def pointer_add(state: FunctionState, node: Primitive, values: list[Words]) -> Words:
    """pointer_add: the count is in elements."""
    size = max(_pointee(state, node).memory.size, 1)
    count = as_address_sized(state, node, 1, values[1][0])
    word = state.module.word
    text = (
        f"llvm.getelementptr {values[0][0]}[{count}] : ({POINTER}, {word}) -> {POINTER}, "
        f"!llvm.array<{size} x i8>"
    )
    return [op(state, text)]


def pointer_number(state: FunctionState, node: Primitive, values: list[Words]) -> Words:
    """pointer_to_int, pointer_of_int."""
    source, target = operand_layout(state, node), state.module.layout(node.type)
    return [number_conversions.convert_word(state, values[0][0], source, target)]


def memory_copy(state: FunctionState, node: Primitive, values: list[Words]) -> Words:
    """memory_copy: target, source, bytes."""
    count = as_address_sized(state, node, 2, values[2][0])
    do(
        state,
        f'"llvm.intr.memmove"({values[0][0]}, {values[1][0]}, {count}) <{{isVolatile = false}}> : '
        f"({POINTER}, {POINTER}, {state.module.word}) -> ()",
    )
    return []


def memory_fill(state: FunctionState, node: Primitive, values: list[Words]) -> Words:
    """memory_fill: target, byte, bytes."""
    count = as_address_sized(state, node, 2, values[2][0])
    do(
        state,
        f'"llvm.intr.memset"({values[0][0]}, {values[1][0]}, {count}) <{{isVolatile = false}}> : '
        f"({POINTER}, i8, {state.module.word}) -> ()",
    )
    return []


def stack_allocate(state: FunctionState, node: Primitive, values: list[Words]) -> Words:
    """stack_allocate: so many elements, zeroed. A constant number is reserved at the start of the
    function, except in a loop, where every round has its own. What a module's value points at
    stays.
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
        if state.function is not None and is_initialiser(state.function.name):
            return [_static_memory(state, max(count_node.value, 1) * size, aligned)]
        count = constant(state, max(count_node.value, 1), "i32")
        place = prelude(
            state,
            f"llvm.alloca {count} x {unit} {{alignment = {aligned} : i64}} : (i32) -> {POINTER}",
        )
        bytes = constant(state, count_node.value * size, word)
    else:
        count = as_address_sized(state, node, 0, values[0][0])
        place = op(
            state,
            f"llvm.alloca {count} x {unit} {{alignment = {aligned} : i64}} : ({word}) -> {POINTER}",
        )
        bytes = op(state, f"llvm.mul {count}, {constant(state, size, word)} : {word}")
    zero = constant(state, 0, "i8")
    do(
        state,
        f'"llvm.intr.memset"({place}, {zero}, {bytes}) <{{isVolatile = false}}> : '
        f"({POINTER}, i8, {word}) -> ()",
    )
    return [place]


def _static_memory(state: FunctionState, size: int, aligned: int) -> str:
    """The address of zeroed memory that no function's end takes away."""
    assert state.function is not None
    prefix = f"{state.function.name}$memory"
    number = sum(name.startswith(prefix) for name in state.module.declared)
    name, array = f"{prefix}{number}", f"!llvm.array<{size} x i8>"
    head = f"  llvm.mlir.global internal {symbol(name)}() {{alignment = {aligned} : i64}} : {array}"
    zero = f"    %0 = llvm.mlir.zero : {array}\n    llvm.return %0 : {array}"
    return address(state, declare(state.module, name, f"{head} {{\n{zero}\n  }}"))


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


OPERATIONS: dict[str, Operation] = {
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
}
