"""Archives as C linkers read them.

Comes in: objects by name, and the symbols of the first. Goes out: the bytes of a `.a` file.
Promises: no time and no owner is written, so that the same objects give the same bytes.

Source: System V ABI, chapter 7 (archive file), with names of any length in GNU's table.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence


def _member(name: str, data: bytes) -> bytes:
    head = f"{name:<16}{0:<12}{0:<6}{0:<6}{644:<8}{len(data):<10}`\n".encode()
    return head + data + (b"\n" if len(data) % 2 else b"")


def archive(objects: Sequence[tuple[str, bytes]], symbols: Sequence[str]) -> bytes:
    """An archive whose first object defines the symbols."""
    names = b"".join(name.encode() + b"/\n" for name, _ in objects)
    texts = b"".join(symbol.encode() + b"\0" for symbol in symbols)
    table = _member("//", names)
    size = 4 + 4 * len(symbols) + len(texts)
    first = 8 + 60 + size + size % 2 + len(table)
    index = struct.pack(f">{1 + len(symbols)}I", len(symbols), *[first] * len(symbols)) + texts
    parts = [b"!<arch>\n", _member("/", index), table]
    position = 0
    for name, data in objects:
        parts.append(_member(f"/{position}", data))
        position += len(name.encode()) + 2
    return b"".join(parts)
