"""A printer for any tree of dataclasses, for stages that have none of their own.

Comes in: a value and, if wanted, the name of a definition. Goes out: indented text. Promises:
fields in the order of their declaration, no addresses, no spans, the same text for the same tree;
shared and circular parts are cut.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import Field, fields, is_dataclass
from enum import Enum
from typing import cast

from clef.source import SourceFile, Span

_SILENT = ("span", "spans", "trivia", "resolution", "resolutions")


def _visible(value: object) -> list[tuple[str, object]]:
    found: list[tuple[str, object]] = []
    for one in cast("Iterable[Field[object]]", fields(value)):  # type: ignore[arg-type]
        inner = getattr(value, one.name, None)
        if one.name in _SILENT or inner is None or isinstance(inner, Span) or inner in ([], ()):
            continue
        found.append((one.name, inner))
    return found


def _is_leaf(value: object) -> bool:
    return not is_dataclass(value) and not isinstance(value, (list, tuple, dict, set, frozenset))


def _leaf(value: object) -> str:
    return value.name.lower() if isinstance(value, Enum) else repr(value)


def _lines(value: object, label: str, depth: int, above: set[int], out: list[str]) -> None:
    indent = "  " * depth
    head = f"{indent}{label}: " if label else indent
    if _is_leaf(value):
        out.append(head + _leaf(value))
        return
    identity = id(value)
    if identity in above:
        out.append(head + "…")
        return
    above.add(identity)
    if is_dataclass(value) and not isinstance(value, (type, SourceFile)):
        parts = _visible(value)
        leaves = " ".join(f"{name}={_leaf(inner)}" for name, inner in parts if _is_leaf(inner))
        out.append(f"{head}{type(value).__name__} {leaves}".rstrip())
        for name, inner in parts:
            if not _is_leaf(inner):
                _lines(inner, name, depth + 1, above, out)
    elif isinstance(value, dict):
        out.append(head.rstrip() or indent + "{}")
        for key, inner in cast("dict[object, object]", value).items():
            _lines(inner, str(key), depth + 1, above, out)
    elif isinstance(value, (list, tuple, set, frozenset)):
        items = list(cast("Iterable[object]", value))
        if isinstance(value, (set, frozenset)):
            items.sort(key=str)
        out.append(head.rstrip() or indent + "[]")
        for inner in items:
            _lines(inner, "", depth + 1, above, out)
    else:
        out.append(head + type(value).__name__)
    above.discard(identity)


def _named(value: object, name: str, above: set[int], found: list[object]) -> None:
    """The outermost nodes whose name, or the last part of whose symbol, is the wanted one."""
    if _is_leaf(value) or id(value) in above:
        return
    above.add(id(value))
    if isinstance(value, dict):
        children = list(cast("dict[object, object]", value).values())
    elif isinstance(value, (list, tuple, set, frozenset)):
        children = list(cast("Iterable[object]", value))
    else:
        parts = dict(_visible(value))
        words = [str(parts.get(key, "")) for key in ("name", "symbol")]
        if any(word == name or word.endswith("." + name) for word in words):
            found.append(value)
            return
        children = list(parts.values())
    for child in children:
        _named(child, name, above, found)


def print_node(value: object, only: str = "") -> str:
    """The whole tree, or the parts of it that define `only`."""
    wanted: list[object] = [value]
    if only:
        wanted = []
        _named(value, only, set(), wanted)
    out: list[str] = []
    for one in wanted:
        _lines(one, "", 0, set(), out)
    return "\n".join(out) + "\n"
