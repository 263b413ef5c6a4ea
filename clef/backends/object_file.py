"""Relocatable ELF objects as a linker in memory needs them.

Comes in: the bytes of an object for x86-64. Goes out: `CompiledSection`s, by the global symbols
that they define. Promises: sections are the units of linking, and hold all that is needed to place
them; what this module does not know (other machines, rare relocations) raises `NotLinkable`.

Source: System V ABI, chapter 4 (object files); its AMD64 supplement, §4.4 (relocations).
"""

from __future__ import annotations

import struct
from collections.abc import Sequence

from clef.data_classes import dataclass, field

_FILE = struct.Struct("<16sHHIQQQIHHHHHH")
_SECTION = struct.Struct("<IIQQQQIIQQ")
_SYMBOL = struct.Struct("<IBBHQQ")
_RELOCATION = struct.Struct("<QQq")
_X86_64 = 62
_SYMBOLS, _RELOCATIONS, _NO_BITS = 2, 4, 8
_WRITABLE, _ALLOCATED, _EXECUTABLE = 1, 2, 4
_LOCAL, _WEAK = 0, 2

ABSOLUTE_64 = 1
CALL = 4  # PLT32
RELATIVE_32 = frozenset({2, CALL})
THROUGH_TABLE = frozenset({9, 41, 42})  # GOTPCREL and its relaxable forms


class NotLinkable(Exception):
    """The object needs a real linker."""


@dataclass(slots=True, eq=False)
class CompiledSection:
    """Bytes with holes for addresses. `is_mutable`: a program's variables."""

    data: bytes
    alignment: int
    is_code: bool
    is_mutable: bool = False
    holes: list[Hole] = field(default_factory=list["Hole"])


@dataclass(frozen=True, slots=True)
class Place:
    """A position in a section."""

    section: CompiledSection
    offset: int


@dataclass(frozen=True, slots=True)
class Hole:
    """Where an address goes, in which form, and whose: a global symbol's or a known place's.

    A `weak` symbol that nobody defines is zero.
    """

    offset: int
    form: int
    target: str | Place
    addend: int
    weak: bool = False


def read_object(data: bytes) -> dict[str, Place]:
    """The global symbols that an object defines."""
    header = _FILE.unpack_from(data)
    if header[0][:6] != b"\x7fELF\x02\x01" or header[2] != _X86_64:
        raise NotLinkable("not an object for x86-64")
    start, size, count = header[6], header[11], header[12]
    table = [_SECTION.unpack_from(data, start + size * index) for index in range(count)]
    names = int(table[int(header[13])][4])
    sections = [_section(data, row, names) for row in table]
    symbols, defined = _symbols(data, table, sections)
    for row in table:
        section = sections[int(row[7])] if row[1] == _RELOCATIONS else None
        if section is not None:
            rows = _RELOCATION.iter_unpack(data[row[4] : row[4] + row[5]])
            section.holes = [_hole(symbols, *entry) for entry in rows]
    return defined


def _section(data: bytes, row: Sequence[int], names: int) -> CompiledSection | None:
    name, kind, flags, _, offset, size, _, _, alignment, _ = row
    if not flags & _ALLOCATED:
        return None
    content = bytes(size) if kind == _NO_BITS else data[offset : offset + size]
    start = names + name
    is_constant = data.startswith((b".rodata", b".data.rel.ro"), start)
    is_mutable = bool(flags & _WRITABLE) and not is_constant
    return CompiledSection(content, max(alignment, 1), bool(flags & _EXECUTABLE), is_mutable)


_Symbol = tuple["str | Place | None", bool]


def _symbols(
    data: bytes, table: Sequence[Sequence[int]], sections: Sequence[CompiledSection | None]
) -> tuple[list[_Symbol], dict[str, Place]]:
    """All symbols by number, and the global ones that are defined here by name."""
    symbols: list[_Symbol] = []
    defined: dict[str, Place] = {}
    for row in (row for row in table if row[1] == _SYMBOLS):
        names = table[row[6]][4]
        for entry in _SYMBOL.iter_unpack(data[row[4] : row[4] + row[5]]):
            name_at, information, _, index, value, _ = entry
            binding = information >> 4
            section = sections[int(index)] if 0 < index < len(sections) else None
            place = Place(section, value) if section is not None else None
            if binding == _LOCAL:
                symbols.append((place, False))
                continue
            name = data[names + name_at : data.index(b"\0", names + name_at)].decode()
            if place is not None:
                defined[name] = place
            symbols.append((name, binding == _WEAK))
    return symbols, defined


def _hole(symbols: Sequence[_Symbol], offset: int, information: int, addend: int) -> Hole:
    form = information & 0xFFFFFFFF
    target, weak = symbols[information >> 32]
    known = form == ABSOLUTE_64 or form in RELATIVE_32 or form in THROUGH_TABLE
    if target is None or not known:
        raise NotLinkable(f"relocation {form}")
    return Hole(offset, form, target, addend, weak)
