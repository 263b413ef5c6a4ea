"""What may stand in a project file.

Comes in: a parsed TOML document with the places of its keys. Goes out: diagnostics for unknown keys
and wrong types, and accessors for the values that passed. Promises: a value is handed out only if
it has the right type.
"""

from __future__ import annotations

from typing import cast

from clef.data_classes import dataclass, field
from clef.diagnostics.diagnostic import Diagnostic
from clef.project.toml_spans import Entry, Path
from clef.source import SourceFile, Span
from clef.toolchain.sizes import parse_size

# The kinds of values: what to call one, and what one looks like.
KINDS = {
    "text": ("a text", '"…"'),
    "texts": ("a list of texts", '["…"]'),
    "boolean": ("`true` or `false`", "true"),
    "size": ('a number of bytes, or a text such as "64K"', '"64K"'),
    "address": ("an address, as in `0x2000_0000`", "0x2000_0000"),
    "level": ("a level: 0 to 3, or one of the texts `debug` and `release`", '"release"'),
}

# Sections with their keys; an empty section accepts any key.
SECTIONS: dict[str, dict[str, str]] = {
    "package": {
        "name": "text",
        "version": "text",
        "description": "text",
        "authors": "texts",
        "license": "text",
        "repository": "text",
    },
    "compilation": {
        "target": "text",
        "memory_model": "text",
        "max_stack_size": "size",
        "heap_size": "size",
    },
    "board": {
        "flash_origin": "address",
        "flash_size": "size",
        "ram_origin": "address",
        "ram_size": "size",
        "stack_size": "size",
        "handler_stack_size": "size",
        "guard_size": "size",
        "clock_hz": "address",
        "console": "text",
        "ending": "text",
        "uart_data": "address",
        "uart_status": "address",
        "uart_full_mask": "address",
        "uart_full_value": "address",
        "uart_empty_mask": "address",
        "uart_empty_value": "address",
        "uart_bytes": "address",
    },
    "build": {"sources": "texts", "output": "text", "output_kind": "text"},
    "dependencies": {},
    "link": {"libraries": "texts", "library_paths": "texts"},
    "optimization": {"level": "level", "lto": "boolean"},
}


def _fits(value: object, kind: str) -> bool:
    if kind == "text":
        return isinstance(value, str)
    if kind == "texts":
        return isinstance(value, list) and all(
            isinstance(item, str) for item in cast("list[object]", value)
        )
    if kind == "boolean":
        return isinstance(value, bool)
    if kind == "size":
        return parse_size(value) is not None
    if kind == "address":
        return type(value) is int and 0 <= value < 1 << 32
    return value in ("debug", "release") or (type(value) is int and 0 <= value <= 3)


def describe(value: object) -> str:
    """What a TOML value is, in words."""
    if isinstance(value, bool):
        return "a truth value"
    if isinstance(value, str):
        return "a text"
    if isinstance(value, list):
        return "a list"
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, (int, float)):
        return "a number"
    return "a date or time"


@dataclass(slots=True)
class Document:
    """A parsed project file; findings gather in `diagnostics`."""

    source: SourceFile
    values: dict[str, object]
    entries: dict[Path, Entry]
    diagnostics: list[Diagnostic] = field(default_factory=list[Diagnostic])

    def key_span(self, *path: str | int) -> Span:
        """Where a key stands; the beginning of the file if it stands nowhere."""
        entry = self.entries.get(path)
        if entry is None:
            return self.source.span(0, 0)
        return self.source.span(entry.key_start, entry.key_end)

    def value_span(self, *path: str | int) -> Span:
        """Where a value stands."""
        entry = self.entries.get(path)
        if entry is None:
            return self.source.span(0, 0)
        return self.source.span(entry.value_start, entry.value_end)

    def get(self, section: str, key: str) -> object | None:
        """A value that has the type that its key asks for, else `None`."""
        table = self.values.get(section)
        if not isinstance(table, dict):
            return None
        value = cast("dict[str, object]", table).get(key)
        return value if value is not None and _fits(value, SECTIONS[section][key]) else None

    def text(self, section: str, key: str, default: str = "") -> str:
        """A text, or the default."""
        value = self.get(section, key)
        return value if isinstance(value, str) else default

    def texts(self, section: str, key: str) -> tuple[str, ...]:
        """A list of texts, empty if there is none."""
        value = self.get(section, key)
        return tuple(map(str, cast("list[object]", value))) if isinstance(value, list) else ()

    def table(self, section: str) -> dict[str, object]:
        """A whole section."""
        value = self.values.get(section)
        return cast("dict[str, object]", value) if isinstance(value, dict) else {}

    def inner_table(self, section: str, key: str) -> dict[str, object]:
        """A table in a section, empty if the value is none."""
        value = self.table(section).get(key)
        return cast("dict[str, object]", value) if isinstance(value, dict) else {}


def _wrong(document: Document, path: Path, value: object, kind: str) -> Diagnostic:
    from clef.diagnostics.project import WrongType

    expected, example = KINDS[kind]
    place = path
    if kind == "texts" and isinstance(value, list):
        items = cast("list[object]", value)
        index = next(i for i, item in enumerate(items) if not isinstance(item, str))
        place, value = (*path, index), items[index]
        example = ""
    elif kind == "texts" and isinstance(value, str):
        example = f'["{value}"]'
    elif kind == "text" and isinstance(value, (int, float)):
        example = f'"{value}"'
    span = document.value_span(*place)
    written = f"{path[-1]} = {example}" if example else ""
    return WrongType(span, str(path[-1]), expected, describe(value), written)


def check(document: Document) -> None:
    """Unknown sections and keys, and values of the wrong type."""
    for section, table in document.values.items():
        if section not in SECTIONS:
            _unknown(document, (section,), tuple(SECTIONS))
        elif not isinstance(table, dict):
            from clef.diagnostics.project import WrongType

            span = document.value_span(section)
            document.diagnostics.append(
                WrongType(span, section, f"a section, `[{section}]`", describe(table))
            )
        elif SECTIONS[section]:
            _check_section(document, section, cast("dict[str, object]", table))


def _check_section(document: Document, section: str, table: dict[str, object]) -> None:
    known = SECTIONS[section]
    for key, value in table.items():
        if key not in known:
            _unknown(document, (section, key), tuple(known))
        elif not _fits(value, known[key]):
            document.diagnostics.append(_wrong(document, (section, key), value, known[key]))


def _unknown(document: Document, path: tuple[str, ...], known: tuple[str, ...]) -> None:
    from clef.diagnostics.project import UnknownKey
    from clef.diagnostics.spelling import closest

    *sections, key = path
    near = closest(key, known)
    document.diagnostics.append(
        UnknownKey(document.key_span(*path), key, ".".join(sections), near, known)
    )
