"""Hiding the names inside an object.

Comes in: a relocatable ELF object. Goes out: the same object in which only the given symbols, and
those that are defined elsewhere, can be seen by a linker. Promises: sections and relocations mean
what they meant.

Source: System V ABI, chapter 4: local symbols come first in the table, and `sh_info` is the index
of the first that is not local.
"""

from __future__ import annotations

import struct
from collections.abc import Collection

_FILE = struct.Struct("<16sHHIQQQIHHHHHH")
_SECTION = struct.Struct("<IIQQQQIIQQ")
_SYMBOL = struct.Struct("<IBBHQQ")
_RELOCATION = struct.Struct("<QQq")
_SYMBOLS, _RELOCATIONS, _GROUP = 2, 4, 17
_LOCAL = 0


def _sections(data: bytes) -> list[tuple[int, ...]]:
    header = _FILE.unpack_from(data)
    start, size, count = header[6], header[11], header[12]
    return [_SECTION.unpack_from(data, start + size * index) for index in range(count)]


def _name(data: bytes, names: int, at: int) -> str:
    return data[names + at : data.index(b"\0", names + at)].decode()


def undefined_symbols(data: bytes) -> set[str]:
    """What an object needs from elsewhere; weak ones do not count."""
    table = _sections(data)
    found: set[str] = set()
    for row in (row for row in table if row[1] == _SYMBOLS):
        names = table[row[6]][4]
        for entry in _SYMBOL.iter_unpack(data[row[4] : row[4] + row[5]]):
            if entry[3] == 0 and entry[1] >> 4 == 1:
                found.add(_name(data, names, entry[0]))
    return found


def defined_symbols(data: bytes) -> set[str]:
    """What an object offers to others."""
    table = _sections(data)
    found: set[str] = set()
    for row in (row for row in table if row[1] == _SYMBOLS):
        names = table[row[6]][4]
        for entry in _SYMBOL.iter_unpack(data[row[4] : row[4] + row[5]]):
            if entry[3] != 0 and entry[1] >> 4 != _LOCAL:
                found.add(_name(data, names, entry[0]))
    return found


def keep_global(data: bytes, kept: Collection[str]) -> bytes:
    """The object with every other symbol that it defines made local."""
    table = _sections(data)
    changed = bytearray(data)
    place = _FILE.unpack_from(data)[6]
    for index, row in enumerate(table):
        if row[1] != _SYMBOLS:
            continue
        names = table[row[6]][4]
        entries = list(_SYMBOL.iter_unpack(data[row[4] : row[4] + row[5]]))
        local: list[int] = []
        others: list[int] = []
        for number, entry in enumerate(entries):
            is_hidden = entry[3] != 0 and _name(data, names, entry[0]) not in kept
            (local if entry[1] >> 4 == _LOCAL or is_hidden else others).append(number)
        order, hidden = [*local, *others], set(local)
        made = bytearray()
        for number in order:
            name, information, other, section, value, size = entries[number]
            if number in hidden:
                information &= 0xF
            made += _SYMBOL.pack(name, information, other & ~3, section, value, size)
        changed[row[4] : row[4] + row[5]] = made
        head = list(row)
        head[7] = len(local)
        _SECTION.pack_into(changed, place + _SECTION.size * index, *head)
        moved = {old: new for new, old in enumerate(order)}
        _renumber(changed, table, index, moved)
    return bytes(changed)


def _renumber(
    changed: bytearray, table: list[tuple[int, ...]], symbols: int, moved: dict[int, int]
) -> None:
    """Relocations and groups name symbols by number."""
    place = _FILE.unpack_from(changed)[6]
    for index, row in enumerate(table):
        if row[6] != symbols:
            continue
        if row[1] == _RELOCATIONS:
            for at in range(row[4], row[4] + row[5], _RELOCATION.size):
                offset, information, addend = _RELOCATION.unpack_from(changed, at)
                number = moved[information >> 32] << 32 | information & 0xFFFFFFFF
                _RELOCATION.pack_into(changed, at, offset, number, addend)
        elif row[1] == _GROUP:
            head = list(row)
            head[7] = moved[row[7]]
            _SECTION.pack_into(changed, place + _SECTION.size * index, *head)
