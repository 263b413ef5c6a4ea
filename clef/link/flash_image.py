"""What goes into the flash of a board, without anything around it.

Comes in: an image as an ELF file. Goes out: its bytes in the order of their addresses (`.bin`), or
lines of text that say where each byte belongs (`.hex`, Intel's format). Promises: gaps are filled
with 0xFF, what erased flash holds.

Source: System V ABI, chapter 5 (program loading); Intel, Hexadecimal Object File Format, 1988.
"""

from __future__ import annotations

import struct

_HEADER = struct.Struct("<16sHHIIIIIHHHHHH")
_SEGMENT = struct.Struct("<IIIIIIII")
_LOADED = 1
_ROW = 16
SUFFIXES = (".bin", ".hex")


def flash_contents(image: bytes) -> tuple[int, bytes]:
    """The lowest address in flash, and all bytes from there on."""
    header = _HEADER.unpack_from(image)
    start, size, count = header[5], header[9], header[10]
    parts: list[tuple[int, bytes]] = []
    for index in range(count):
        kind, offset, _, address, length, _, _, _ = _SEGMENT.unpack_from(
            image, start + size * index
        )
        if kind == _LOADED and length:
            parts.append((address, image[offset : offset + length]))
    origin = min(address for address, _ in parts)
    whole = bytearray()
    for address, content in sorted(parts):
        whole += b"\xff" * (address - origin - len(whole)) + content
    return origin, bytes(whole)


def as_hex(origin: int, content: bytes, entry: int) -> str:
    """The contents as lines; `entry`: where the program begins."""
    lines: list[str] = []
    upper = None
    for at in range(0, len(content), _ROW):
        address = origin + at
        if address >> 16 != upper:
            upper = address >> 16
            lines.append(_record(0, 4, upper.to_bytes(2, "big")))
        lines.append(_record(address & 0xFFFF, 0, content[at : at + _ROW]))
    lines.append(_record(0, 5, entry.to_bytes(4, "big")))
    return "\n".join([*lines, _record(0, 1, b"")]) + "\n"


def _record(address: int, kind: int, content: bytes) -> str:
    """One line: its bytes add up to 0."""
    row = bytes([len(content), address >> 8, address & 0xFF, kind, *content])
    return f":{(row + bytes([-sum(row) & 0xFF])).hex().upper()}"


def converted(image: bytes, suffix: str) -> bytes:
    """The image in the form that a suffix names."""
    origin, content = flash_contents(image)
    if suffix == ".bin":
        return content
    return as_hex(origin, content, _HEADER.unpack_from(image)[4]).encode()
