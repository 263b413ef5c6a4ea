"""A linker in memory: sections to code that can be called.

Comes in: what each symbol is, and the symbols to begin with. Goes out: a `MemoryImage` in this
process. Promises: only what is reached is placed; pages are writable or executable, never both; a
symbol that nobody defines raises `NotLinkable`.
"""

from __future__ import annotations

import ctypes
import mmap
import struct
from collections.abc import Callable, Iterable
from typing import Any

from clef.backends.object_file import (
    ABSOLUTE_64,
    CALL,
    THROUGH_TABLE,
    CompiledSection,
    Hole,
    NotLinkable,
    Place,
)
from clef.data_classes import dataclass

Resolve = Callable[[str], "Place | None"]
_READ_EXECUTE = 5
_WORD, _SIGNED = struct.Struct("<Q"), struct.Struct("<i")


@dataclass(slots=True)
class MemoryImage:
    """Linked code. It lies in memory as long as this object lives."""

    memory: mmap.mmap
    addresses: dict[str, int]

    def address(self, symbol: str) -> int:
        """The address of a symbol that was reached."""
        return self.addresses[symbol]

    def function(self, symbol: str, result: Any, *parameters: Any) -> Callable[..., Any]:
        """A function with the C calling convention; types are those of ctypes."""
        made: Callable[..., Any] = ctypes.CFUNCTYPE(result, *parameters)(self.addresses[symbol])
        return made


def reached(
    roots: Iterable[str], resolve: Resolve
) -> tuple[dict[str, Place], list[CompiledSection]]:
    """All sections that the roots lead to, and the symbols on the way."""
    symbols: dict[str, Place] = {}
    sections: dict[CompiledSection, None] = {}
    work: list[CompiledSection] = []

    def reach(target: str | Place, is_weak: bool) -> None:
        if isinstance(target, str):
            if target in symbols:
                return
            place = resolve(target)
            if place is None:
                if is_weak:
                    return
                raise NotLinkable(f"undefined symbol: {target}")
            symbols[target] = place
            target = place
        if target.section not in sections:
            sections[target.section] = None
            work.append(target.section)

    for root in roots:
        reach(root, False)
    while work:
        for hole in work.pop().holes:
            reach(hole.target, hole.weak)
    return symbols, list(sections)


class _Layout:
    """Where everything lies: code from the start, then, on pages of its own, data and the table
    of addresses."""

    def __init__(self, symbols: dict[str, Place], sections: list[CompiledSection]) -> None:
        self.symbols = symbols
        self.sections = sections
        self.offsets: dict[CompiledSection, int] = {}
        code = self._place(0, [one for one in sections if one.is_code])
        self.data_start = -(-code // mmap.PAGESIZE) * mmap.PAGESIZE
        end = self._place(self.data_start, [one for one in sections if not one.is_code])
        self.table: dict[str | Place, int] = {}
        self.size = self._place_table(-(-end // 8) * 8)

    def _place(self, position: int, sections: list[CompiledSection]) -> int:
        for section in sections:
            position = -(-position // section.alignment) * section.alignment
            self.offsets[section] = position
            position += len(section.data)
        return position

    def _place_table(self, position: int) -> int:
        for section in self.sections:
            for hole in section.holes:
                if hole.form in THROUGH_TABLE and hole.target not in self.table:
                    self.table[hole.target] = position
                    position += 8
        return position

    def of(self, target: str | Place) -> int | None:
        """The offset of a target, None for a weak symbol that is not there."""
        place = self.symbols.get(target) if isinstance(target, str) else target
        return None if place is None else self.offsets[place.section] + place.offset


def link_in_memory(roots: Iterable[str], resolve: Resolve) -> MemoryImage:
    """Place everything that the roots reach, and fill in the addresses."""
    layout = _Layout(*reached(roots, resolve))
    memory = mmap.mmap(-1, max(layout.size, 1))
    base = ctypes.addressof(ctypes.c_char.from_buffer(memory))
    for section, offset in layout.offsets.items():
        memory[offset : offset + len(section.data)] = section.data
    for target, position in layout.table.items():
        _WORD.pack_into(memory, position, _address(layout, base, target))
    for section, offset in layout.offsets.items():
        for hole in section.holes:
            _fill(memory, layout, base, offset, hole)
    _protect(base, layout.data_start)
    addresses = {name: _address(layout, base, name) for name in layout.symbols}
    return MemoryImage(memory, addresses)


def _address(layout: _Layout, base: int, target: str | Place) -> int:
    offset = layout.of(target)
    return 0 if offset is None else base + offset


def _fill(memory: mmap.mmap, layout: _Layout, base: int, start: int, hole: Hole) -> None:
    position = start + hole.offset
    if hole.form == ABSOLUTE_64:
        _WORD.pack_into(memory, position, _address(layout, base, hole.target) + hole.addend)
        return
    if hole.form in THROUGH_TABLE:
        target: int | None = layout.table[hole.target]
    else:
        target = layout.of(hole.target)
    if target is None and hole.form == CALL:
        return  # of a weak symbol that nobody defines: the call is not made
    if target is None:
        raise NotLinkable("the address of a weak symbol")
    try:
        _SIGNED.pack_into(memory, position, target + hole.addend - position)
    except struct.error as error:
        raise NotLinkable("an address is too far away") from error


def _protect(base: int, size: int) -> None:
    """Make the code's pages executable and no longer writable."""
    if size:
        library = ctypes.CDLL(None, use_errno=True)
        if library.mprotect(ctypes.c_void_p(base), ctypes.c_size_t(size), _READ_EXECUTE) != 0:
            raise NotLinkable("memory cannot be made executable")
