"""A linker for programs that follow each other in one process and keep their memory.

Comes in: programs, each of them with everything that the ones before it had. Goes out: what has to
be written where, in a process that holds the image. Promises: a variable keeps its address; code
and constants that have not changed stay where they are; every function is called through a stub, so
that all code, also the code of function values made long ago, calls the functions of the newest
program. Nothing is touched here: `Update` is data.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable

from clef.backends.object_file import (
    ABSOLUTE_64,
    CALL,
    THROUGH_TABLE,
    CompiledSection,
    Hole,
    NotLinkable,
    Place,
)
from clef.data_classes import dataclass, field
from clef.link.memory_image import Resolve, reached

BASE = 0x1000_0000_0000
CODE_SIZE = 0x1000_0000
DATA_SIZE = 0x1000_0000
_DATA = BASE + CODE_SIZE
_STUB_SIZE = 16
_JUMP = b"\xff\x25"  # jmp through the eight bytes at a distance
_WORD, _SIGNED = struct.Struct("<Q"), struct.Struct("<i")


class ImageFull(Exception):
    """There is no room for more code or constants."""


@dataclass(slots=True)
class Update:
    """Bytes by address, code apart from data; `addresses` of the roots."""

    code: list[tuple[int, bytes]] = field(default_factory=list[tuple[int, bytes]])
    data: list[tuple[int, bytes]] = field(default_factory=list[tuple[int, bytes]])
    addresses: dict[str, int] = field(default_factory=dict[str, int])


@dataclass(slots=True)
class GrowingImage:
    """Where everything lies. `placed`: sections, with the addresses in their holes; `variables` by
    name; `stubs`: for each function its stub and the word that the stub jumps through; `current`:
    what stands in that word; `table`: words that hold an address; `taken`: functions whose address
    may be anywhere, so that their stubs must lead to the newest program too.
    """

    placed: dict[CompiledSection, tuple[int, tuple[int | None, ...]]] = field(
        default_factory=dict[CompiledSection, tuple[int, tuple[int | None, ...]]]
    )
    variables: dict[str, int] = field(default_factory=dict[str, int])
    stubs: dict[str, tuple[int, int]] = field(default_factory=dict[str, tuple[int, int]])
    current: dict[str, int] = field(default_factory=dict[str, int])
    table: dict[int, int] = field(default_factory=dict[int, int])
    taken: dict[str, None] = field(default_factory=dict[str, None])
    next_code: int = BASE
    next_data: int = _DATA

    def copy(self) -> GrowingImage:
        """The same image, to come back to."""
        return GrowingImage(
            dict(self.placed),
            dict(self.variables),
            dict(self.stubs),
            dict(self.current),
            dict(self.table),
            dict(self.taken),
            self.next_code,
            self.next_data,
        )

    @property
    def size(self) -> int:
        """Bytes in use."""
        return self.next_code - BASE + self.next_data - _DATA

    def link(self, roots: Iterable[str], resolve: Resolve) -> Update:
        """Take in a program."""
        wanted = list(roots)
        return _Linking(self, *reached([*wanted, *self.taken], resolve)).run(wanted)


class _Linking:
    """One program on its way into the image."""

    def __init__(
        self, image: GrowingImage, symbols: dict[str, Place], sections: list[CompiledSection]
    ) -> None:
        self.image = image
        self.symbols = symbols
        self.sections = sections
        self.update = Update()
        self.addresses: dict[CompiledSection, int] = {}
        self.is_new: dict[CompiledSection, None] = {}

    def run(self, roots: list[str]) -> Update:
        self._place_variables()
        for section in self.sections:
            if section not in self.addresses:
                known = self.image.placed.get(section)
                if known is None:
                    self._place(section)
                else:
                    self.addresses[section] = known[0]
        while self._move_one_round():
            pass
        for section in self.is_new:
            self._write(section)
        self._point_stubs()
        self.update.addresses = {name: self._of_symbol(name) or 0 for name in roots}
        return self.update

    def _place_variables(self) -> None:
        for name, place in self.symbols.items():
            if not place.section.is_mutable:
                continue
            known = self.image.variables.get(name)
            if known is None:
                if place.section not in self.addresses and place.section not in self.image.placed:
                    self._place(place.section)
                start = self._start(place.section)
                known = self.image.variables[name] = start + place.offset
            self.addresses[place.section] = known - place.offset

    def _start(self, section: CompiledSection) -> int:
        known = self.addresses.get(section)
        return known if known is not None else self.image.placed[section][0]

    def _place(self, section: CompiledSection) -> None:
        image, size = self.image, len(section.data)
        if section.is_code:
            address = -(-image.next_code // section.alignment) * section.alignment
            image.next_code = address + size
        else:
            address = -(-image.next_data // section.alignment) * section.alignment
            image.next_data = address + size
        self._check_room()
        self.addresses[section] = address
        self.is_new[section] = None

    def _check_room(self) -> None:
        image = self.image
        if image.next_code > BASE + CODE_SIZE or image.next_data > _DATA + DATA_SIZE:
            raise ImageFull

    def _move_one_round(self) -> bool:
        """Sections that name something which lies elsewhere now are placed again."""
        moved = False
        for section in self.sections:
            if section in self.is_new or section.is_mutable:
                continue
            known = self.image.placed.get(section)
            assert known is not None
            if known[1] != self._targets(section):
                self._place(section)
                moved = True
        return moved

    def _targets(self, section: CompiledSection) -> tuple[int | None, ...]:
        return tuple(self._target(hole) for hole in section.holes)

    def _target(self, hole: Hole) -> int | None:
        """The address that goes into a hole, None for a weak symbol that nobody defines."""
        if isinstance(hole.target, str):
            found = self._of_symbol(hole.target)
            if hole.form != CALL and self._is_code(hole.target):
                self.image.taken.setdefault(hole.target)
        else:
            found = self.addresses[hole.target.section] + hole.target.offset
        if hole.form in THROUGH_TABLE:
            return self._table_word(found or 0)
        return found

    def _is_code(self, name: str) -> bool:
        place = self.symbols.get(name)
        return place is not None and place.section.is_code

    def _of_symbol(self, name: str) -> int | None:
        place = self.symbols.get(name)
        if place is None:
            return None
        if place.section.is_code:
            return self._stub(name)[0]
        return self.addresses[place.section] + place.offset

    def _stub(self, name: str) -> tuple[int, int]:
        found = self.image.stubs.get(name)
        if found is None:
            image = self.image
            code = -(-image.next_code // _STUB_SIZE) * _STUB_SIZE
            image.next_code = code + _STUB_SIZE
            word = self._new_word()
            found = image.stubs[name] = code, word
            distance = word - (code + 6)
            self.update.code.append((code, (_JUMP + _SIGNED.pack(distance)).ljust(_STUB_SIZE)))
        return found

    def _new_word(self) -> int:
        image = self.image
        word = -(-image.next_data // 8) * 8
        image.next_data = word + 8
        self._check_room()
        return word

    def _table_word(self, content: int) -> int:
        found = self.image.table.get(content)
        if found is None:
            found = self.image.table[content] = self._new_word()
            self.update.data.append((found, _WORD.pack(content)))
        return found

    def _write(self, section: CompiledSection) -> None:
        address = self.addresses[section]
        targets = self._targets(section)
        self.image.placed[section] = address, targets
        data = bytearray(section.data)
        for hole, target in zip(section.holes, targets, strict=True):
            _fill(data, address, hole, target)
        (self.update.code if section.is_code else self.update.data).append((address, bytes(data)))

    def _point_stubs(self) -> None:
        for name, place in self.symbols.items():
            if not place.section.is_code:
                continue
            word = self._stub(name)[1]
            address = self.addresses[place.section] + place.offset
            if self.image.current.get(name) != address:
                self.image.current[name] = address
                self.update.data.append((word, _WORD.pack(address)))


def _fill(data: bytearray, start: int, hole: Hole, target: int | None) -> None:
    if hole.form == ABSOLUTE_64:
        _WORD.pack_into(data, hole.offset, (target or 0) + hole.addend)
        return
    if target is None and hole.form == CALL:
        return  # of a weak symbol that nobody defines: the call is not made
    if target is None:
        raise NotLinkable("the address of a weak symbol")
    _SIGNED.pack_into(data, hole.offset, target + hole.addend - (start + hole.offset))
