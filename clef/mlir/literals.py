"""Texts, arrays of bytes and cases without fields in the program's data.

Comes in: their contents. Goes out: the symbols of immortal cells. Promises: equal contents are one
cell.
"""

from __future__ import annotations

import struct

from clef.memory_plan import Layout
from clef.mlir.module import ModuleState, data_name, declare, symbol

IMMORTAL = -1
"""The count of a cell that is never given back."""


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
    head = struct.pack("<iiii", IMMORTAL, layout.kind, len(data), length)
    return static_bytes(module, ("string", data), head + data + b"\0")


def bytes_cell(module: ModuleState, data: bytes, layout: Layout) -> str:
    """The static cell of an array of bytes. It is never written through, because the core copies it
    first.
    """
    head = struct.pack("<iiii", IMMORTAL, layout.kind, len(data), 0)
    return static_bytes(module, (f"bytes{layout.kind}", data), head + data)


def empty_case(module: ModuleState, kind: int) -> str:
    """The cell of a case without fields."""
    return static_bytes(module, ("case", kind), struct.pack("<ii", IMMORTAL, kind))


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
