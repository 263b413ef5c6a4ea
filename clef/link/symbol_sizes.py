"""How many bytes each function and each piece of data has in an executable.

Comes in: an ELF file with its symbols. Goes out: `SizedSymbol`s and the sizes of sections.
Promises: no byte is counted twice, though several symbols may name it; what no symbol names is the
rest of its section.

Source: System V ABI, chapter 4 (object files).
"""

from __future__ import annotations

import struct

from clef.data_classes import dataclass, field

_FILES = {2: struct.Struct("<16sHHIQQQIHHHHHH"), 1: struct.Struct("<16sHHIIIIIHHHHHH")}
_SECTIONS = {2: struct.Struct("<IIQQQQIIQQ"), 1: struct.Struct("<IIIIIIIIII")}
_SYMBOLS = {2: struct.Struct("<IBBHQQ"), 1: struct.Struct("<IIIBBH")}
"""By the class of the file: 1 has words of 32 bits, 2 of 64."""
_SYMBOL_TABLE, _NO_BITS, _ALLOCATED, _EXECUTABLE = 2, 8, 2, 4
_OBJECT, _FUNCTION = 1, 2
_ARM = 40


class NotReadable(Exception):
    """The file is no ELF file whose lowest byte comes first."""


@dataclass(frozen=True, slots=True)
class SizedSymbol:
    """`section` is the name of the section that it lies in."""

    name: str
    size: int
    section: str
    is_code: bool


@dataclass(slots=True)
class Contents:
    """`sections`: those that are loaded, with their bytes in the file."""

    symbols: list[SizedSymbol] = field(default_factory=list[SizedSymbol])
    sections: dict[str, int] = field(default_factory=dict[str, int])


def contents_of(data: bytes) -> Contents:
    """What is in an executable."""
    if data[:4] != b"\x7fELF" or data[4] not in _FILES or data[5] != 1:
        raise NotReadable
    width = data[4]
    header: tuple[int, ...] = _FILES[width].unpack_from(data)[1:]
    start, size, count, names = header[5], header[10], header[11], header[12]
    table: list[tuple[int, ...]] = [
        _SECTIONS[width].unpack_from(data, start + size * index) for index in range(count)
    ]
    titles = [_text(data, table[names][4] + row[0]) for row in table]
    found = Contents()
    for title, row in zip(titles, table, strict=True):
        if row[2] & _ALLOCATED and row[1] != _NO_BITS:
            found.sections[title] = found.sections.get(title, 0) + row[5]
    for row in table:
        if row[1] == _SYMBOL_TABLE:
            strings = table[row[6]][4]
            found.symbols = _symbols(data, row, strings, table, titles)
    return found


def _text(data: bytes, start: int) -> str:
    return data[start : data.index(b"\0", start)].decode("utf-8", "replace")


def _symbols(
    data: bytes,
    row: tuple[int, ...],
    strings: int,
    table: list[tuple[int, ...]],
    titles: list[str],
) -> list[SizedSymbol]:
    """Each byte belongs to the first symbol that covers it."""
    listed: list[tuple[int, int, str, int]] = []
    width = data[4]
    for entry in _SYMBOLS[width].iter_unpack(data[row[4] : row[4] + row[5]]):
        numbers = [int(number) for number in entry]
        if width == 1:
            title, value, size, information, _, index = numbers
            value &= ~_is_thumb(data, information)
        else:
            title, information, _, index, value, size = numbers
        is_stored = 0 < index < len(table) and table[index][1] != _NO_BITS
        if size and is_stored and information & 0xF in (_OBJECT, _FUNCTION):
            listed.append((value, -size, _text(data, strings + title), index))
    found: list[SizedSymbol] = []
    end = 0
    for value, negative, name, index in sorted(listed):
        own = value - negative - max(value, end)
        if own > 0:
            is_code = bool(table[index][2] & _EXECUTABLE)
            found.append(SizedSymbol(name, own, titles[index], is_code))
            end = value - negative
    return found


def _is_thumb(data: bytes, information: int) -> int:
    """1 where the lowest bit of an address is no part of it: in functions on ARM."""
    machine = int.from_bytes(data[18:20], "little")
    return int(machine == _ARM and information & 0xF == _FUNCTION)
