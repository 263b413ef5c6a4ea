"""Operands: literals and uses of locals.

Comes in: atoms. Goes out: the names of their words. Promises: a use that the plan marks is counted
up; text and byte literals are static immortal cells, made once.
"""

from __future__ import annotations

import struct

from clef.memory_plan import Layout
from clef.memory_plan.plan import POINTER
from clef.mlir.functions import FunctionState, address, constant, zero
from clef.mlir.module import ModuleState, data_name, declare, symbol
from clef.mlir.ownership import duplicate, local_words
from clef.typed_core.core import Atom, Literal, Primitive


def operand_layout(state: FunctionState, node: Primitive, index: int = 0) -> Layout:
    """How an operand of a primitive is stored."""
    return state.module.layout(node.arguments[index].type)


def use(state: FunctionState, atom: Atom) -> list[str]:
    """The words of an operand."""
    assert state.tables is not None
    if isinstance(atom, Literal):
        return literal(state, atom)
    values = local_words(state, atom.local)
    if atom.id in state.tables.duplicate:
        duplicate(state, values, state.module.layout(atom.local.type).words)
    return values


def literal(state: FunctionState, node: Literal) -> list[str]:
    """The words of a literal; None is unit, null or the zero of the type."""
    layout = state.module.layout(node.type)
    value = node.value
    match value:
        case bool() | int() | float() if layout.words and layout.words[0].type != POINTER:
            return [constant(state, value, layout.words[0].type)]
        case str() if layout.form == "counted":
            return [address(state, string_cell(state.module, value, layout))]
        case str():
            return [constant(state, ord(value), layout.words[0].type)]
        case bytes():
            return [address(state, bytes_cell(state.module, value, layout))]
        case None | False | 0:
            return zero_words(state, layout)
        case _:
            raise NotImplementedError(f"a literal {value!r} of type {node.type}")


def zero_words(state: FunctionState, layout: Layout) -> list[str]:
    """The default value of a type."""
    return [zero(state, word.type) for word in layout.words]


def string_bytes(text: str) -> bytes:
    """UTF-8; surrogates that stand alone keep their three bytes, pairs become one character."""
    paired = (
        text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
        if (any(0xD800 <= ord(character) < 0xE000 for character in text))
        else text
    )
    return paired.encode("utf-8", "surrogatepass")


def utf16_length(text: str) -> int:
    """Length as F# counts it."""
    return sum(2 if ord(character) > 0xFFFF else 1 for character in text)


def string_cell(module: ModuleState, text: str, layout: Layout) -> str:
    """The static cell of a text."""
    data = string_bytes(text)
    length = utf16_length(data.decode("utf-8", "surrogatepass"))
    head = struct.pack("<iiii", -1, layout.kind, len(data), length)
    return static_bytes(module, ("string", data), head + data + b"\0")


def bytes_cell(module: ModuleState, data: bytes, layout: Layout) -> str:
    """The static cell of an array of bytes. It is never written through, because the core copies it
    first.
    """
    head = struct.pack("<iiii", -1, layout.kind, len(data), 0)
    return static_bytes(module, (f"bytes{layout.kind}", data), head + data)


def static_bytes(module: ModuleState, key: tuple[str, object], data: bytes) -> str:
    """A global made of these bytes."""
    found = module.literals.get(key)
    if found is None:
        name = data_name(module, "clef_literal", data)
        escaped = "".join(_escape(byte) for byte in data)
        text = f'  llvm.mlir.global internal constant @{name}("{escaped}") {{alignment = 16 : i64}}'
        declare(module, name, text)
        found = module.literals[key] = symbol(name)
    return found


def _escape(byte: int) -> str:
    if 32 <= byte < 127 and byte not in (34, 92):
        return chr(byte)
    return f"\\{byte:02X}"
