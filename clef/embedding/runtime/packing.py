"""Values of all shapes as bytes, and back.

Comes in: a description of a type, and Python values. Goes out: functions that write a value into a
`bytearray`, and that read one at a position. Promises: the bytes are those of `Packer` and
`Unpacker` in the Clef library: every number takes eight of them.
"""

from __future__ import annotations

import decimal
import struct
from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

from .scalars import (
    enumeration_value,
    scalar_converter,
    to_text,
    wrong,
)

Write = Callable[[Any, bytearray], None]
Read = Callable[[bytes, int], tuple[Any, int]]

_INT, _UINT, _FLOAT = struct.Struct("<q"), struct.Struct("<Q"), struct.Struct("<d")
_FLOAT32 = struct.Struct("<fxxxx")
_NO_COLLECTIONS: tuple[type[Any], ...] = (str, bytes, bytearray, dict)
_CODES = {8: "b7x", 16: "h6x", 32: "i4x", 64: "q"}


class Packing:
    """Makes writers and readers; those of records and unions once for each type."""

    def __init__(self, description: Mapping[str, Any], classes: Mapping[str, Any]) -> None:
        self._named = description["named"]
        self._told = description["classes"]
        self._classes = classes
        self._writers: dict[str, list[Write]] = {}
        self._readers: dict[str, list[Read]] = {}

    def writer(self, told: Sequence[Any]) -> Write:
        """The function that packs values of a type."""
        make: Callable[..., Write] = getattr(self, f"_write_{told[0]}", self._write_scalar)
        return make(told)

    def reader(self, told: Sequence[Any]) -> Read:
        """The function that unpacks values of a type."""
        make: Callable[..., Read] = getattr(self, f"_read_{told[0]}", self._read_scalar)
        return make(told)

    # Scalars

    def _form(self, told: Sequence[Any]) -> struct.Struct:
        if told[0] == "enum":
            return self._form(told[2])
        if told[0] == "int":
            code = _CODES[told[1]]
            return struct.Struct("<" + (code if told[2] else code[0].upper() + code[1:]))
        if told[0] == "float":
            return _FLOAT if told[1] == 64 else _FLOAT32
        return struct.Struct("<?7x") if told[0] == "bool" else struct.Struct("<H6x")

    def _write_scalar(self, told: Sequence[Any]) -> Write:
        convert, pack = scalar_converter(told, self._classes), self._form(told).pack

        def write(value: Any, out: bytearray) -> None:
            out += pack(convert(value))

        return write

    def _read_scalar(self, told: Sequence[Any]) -> Read:
        unpack = self._form(told).unpack_from
        if told[0] == "char":
            return lambda data, at: (chr(unpack(data, at)[0]), at + 8)
        if told[0] == "enum":
            enumeration = self._classes[told[1]]
            return lambda data, at: (enumeration_value(enumeration, unpack(data, at)[0]), at + 8)
        return lambda data, at: (unpack(data, at)[0], at + 8)

    def _write_unit(self, told: Sequence[Any]) -> Write:
        def write(value: Any, out: bytearray) -> None:
            if value is not None:
                raise wrong("None", value)
            out += bytes(8)

        return write

    def _read_unit(self, told: Sequence[Any]) -> Read:
        return lambda data, at: (None, at + 8)

    # Texts and blocks

    def _write_text(self, told: Sequence[Any]) -> Write:
        return lambda value, out: _block(to_text(value), out)

    def _read_text(self, told: Sequence[Any]) -> Read:
        return _read_text

    def _write_bytes(self, told: Sequence[Any]) -> Write:
        def write(value: Any, out: bytearray) -> None:
            _block(to_bytes(value), out)

        return write

    def _read_bytes(self, told: Sequence[Any]) -> Read:
        return _read_block

    def _write_integer(self, told: Sequence[Any]) -> Write:
        def write(value: Any, out: bytearray) -> None:
            if not isinstance(value, int) or isinstance(value, bool):
                raise wrong("int", value)
            _block(str(value).encode(), out)

        return write

    def _read_integer(self, told: Sequence[Any]) -> Read:
        def read(data: bytes, at: int) -> tuple[Any, int]:
            text, at = _read_text(data, at)
            return int(text), at

        return read

    def _write_decimal(self, told: Sequence[Any]) -> Write:
        def write(value: Any, out: bytearray) -> None:
            if not isinstance(value, (decimal.Decimal, int)) or isinstance(value, bool):
                raise wrong("Decimal", value)
            _block(f"{decimal.Decimal(value):f}".encode(), out)

        return write

    def _read_decimal(self, told: Sequence[Any]) -> Read:
        def read(data: bytes, at: int) -> tuple[Any, int]:
            text, at = _read_text(data, at)
            return decimal.Decimal(text), at

        return read

    # Collections

    def _write_option(self, told: Sequence[Any]) -> Write:
        inner = self.writer(told[1])

        def write(value: Any, out: bytearray) -> None:
            if value is None:
                out += bytes(8)
            else:
                out += _INT.pack(1)
                inner(value, out)

        return write

    def _read_option(self, told: Sequence[Any]) -> Read:
        inner = self.reader(told[1])

        def read(data: bytes, at: int) -> tuple[Any, int]:
            if not _INT.unpack_from(data, at)[0]:
                return None, at + 8
            return inner(data, at + 8)

        return read

    def _write_list(self, told: Sequence[Any]) -> Write:
        return self._write_items(told[1], "a list or another sequence")

    def _write_items(self, told: Sequence[Any], expected: str) -> Write:
        inner = self.writer(told)

        def write(value: Any, out: bytearray) -> None:
            if isinstance(value, _NO_COLLECTIONS) or not hasattr(value, "__iter__"):
                raise wrong(expected, value)
            items: list[Any] = [*value]
            out += _INT.pack(len(items))
            for item in items:
                inner(item, out)

        return write

    def _read_list(self, told: Sequence[Any]) -> Read:
        inner = self.reader(told[1])

        def read(data: bytes, at: int) -> tuple[Any, int]:
            (count,) = _INT.unpack_from(data, at)
            at += 8
            items: list[Any] = []
            for _ in range(count):
                item, at = inner(data, at)
                items.append(item)
            return items, at

        return read

    _write_sequence = _write_array = _write_list
    _read_sequence = _read_array = _read_list

    def _write_set(self, told: Sequence[Any]) -> Write:
        return self._write_items(told[1], "a set or another collection")

    def _read_set(self, told: Sequence[Any]) -> Read:
        inner = self._read_list(told)

        def read(data: bytes, at: int) -> tuple[Any, int]:
            items, at = inner(data, at)
            return set(items), at

        return read

    def _write_map(self, told: Sequence[Any]) -> Write:
        key, item = self.writer(told[1]), self.writer(told[2])

        def write(value: Any, out: bytearray) -> None:
            if not isinstance(value, Mapping):
                raise wrong("a dict or another mapping", value)
            pairs = cast(Any, value)
            out += _INT.pack(len(pairs))
            for name, held in pairs.items():
                key(name, out)
                item(held, out)

        return write

    def _read_map(self, told: Sequence[Any]) -> Read:
        pairs = self._read_list(["list", ["tuple", [told[1], told[2]]]])

        def read(data: bytes, at: int) -> tuple[Any, int]:
            items, at = pairs(data, at)
            return dict(items), at

        return read

    def _write_tuple(self, told: Sequence[Any]) -> Write:
        inner = [self.writer(one) for one in told[1]]

        def write(value: Any, out: bytearray) -> None:
            if not isinstance(value, (tuple, list)):
                raise wrong(f"a tuple of {len(inner)}", value)
            items = cast(Any, value)
            if len(items) != len(inner):
                raise ValueError(f"must be a tuple of {len(inner)}, not of {len(items)}")
            for one, item in zip(inner, items, strict=True):
                one(item, out)

        return write

    def _read_tuple(self, told: Sequence[Any]) -> Read:
        return _read_all([self.reader(one) for one in told[1]], lambda *items: items)

    # Records and unions

    def _write_record(self, told: Sequence[Any]) -> Write:
        own, names = self._classes[told[1]], self._told[told[1]]["fields"]

        def write(value: Any, out: bytearray) -> None:
            if not isinstance(value, own):
                raise wrong(own.__name__, value)
            for one, name in zip(self._inner_writers(told[2]), names, strict=True):
                one(getattr(value, name), out)

        return write

    def _inner_writers(self, number: str) -> list[Write]:
        found = self._writers.get(number)
        if found is None:
            found = self._writers[number] = []
            found += [self.writer(one) for one in self._named[number]]
        return found

    def _inner_readers(self, number: str) -> list[Read]:
        found = self._readers.get(number)
        if found is None:
            found = self._readers[number] = []
            found += [self.reader(one) for one in self._named[number]]
        return found

    def _read_record(self, told: Sequence[Any]) -> Read:
        own = self._classes[told[1]]

        def read(data: bytes, at: int) -> tuple[Any, int]:
            return _read_all(self._inner_readers(told[2]), own)(data, at)

        return read

    def _write_union(self, told: Sequence[Any]) -> Write:
        own = self._classes[told[1]]
        cases: dict[type, tuple[int, list[str]]] = {}
        for index, (name, fields) in enumerate(self._told[told[1]]["cases"]):
            cases[own.__clef_cases__[name]] = (index, fields)

        def write(value: Any, out: bytearray) -> None:
            found = cases.get(cast(Any, type(value)))
            if found is None:
                raise wrong(own.__name__, value)
            index, fields = found
            out += _INT.pack(index)
            writers = self._case_writers(told[2], index)
            for one, name in zip(writers, fields, strict=True):
                one(getattr(value, name), out)

        return write

    def _case_writers(self, number: str, index: int) -> list[Write]:
        key = f"{number} {index}"
        found = self._writers.get(key)
        if found is None:
            found = self._writers[key] = []
            found += [self.writer(one) for one in self._named[number][index]]
        return found

    def _read_union(self, told: Sequence[Any]) -> Read:
        own = self._classes[told[1]]
        cases = [own.__clef_cases__[name] for name, _ in self._told[told[1]]["cases"]]

        def read(data: bytes, at: int) -> tuple[Any, int]:
            (index,) = _INT.unpack_from(data, at)
            key = f"{told[2]} {index}"
            if key not in self._readers:
                self._readers[key] = [self.reader(one) for one in self._named[told[2]][index]]
            if not self._readers[key]:
                return cases[index].__clef_value__, at + 8
            return _read_all(self._readers[key], cases[index])(data, at + 8)

        return read


def to_bytes(value: Any) -> bytes:
    """The bytes of a bytes-like object."""
    if isinstance(value, bytes):
        return value
    try:
        view = memoryview(value)
    except TypeError:
        raise wrong("bytes", value) from None
    if view.itemsize != 1:
        raise TypeError(f"must be bytes; the items of this buffer have {view.itemsize} bytes each")
    return view.tobytes()


def _block(data: bytes, out: bytearray) -> None:
    out += _INT.pack(len(data))
    out += data
    out += bytes(-len(data) % 8)


def _read_block(data: bytes, at: int) -> tuple[bytes, int]:
    (size,) = _INT.unpack_from(data, at)
    return data[at + 8 : at + 8 + size], at + 8 + -(-size // 8) * 8


def _read_text(data: bytes, at: int) -> tuple[str, int]:
    content, at = _read_block(data, at)
    return content.decode("utf-8", "surrogatepass"), at


def _read_all(readers: Sequence[Read], make: Callable[..., Any]) -> Read:
    def read(data: bytes, at: int) -> tuple[Any, int]:
        items: list[Any] = []
        for one in readers:
            item, at = one(data, at)
            items.append(item)
        return make(*items), at

    return read
