"""The places that an analysis speaks of, to be moved along when text before them changes.

Comes in: what the stages made of one file. Goes out: its `Span`s, each once. Promises: every span
of the file that can be reached is among them, whoever shares it, so that moving them moves
everything that is known about the file.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from typing import Any, cast

from clef.inference.types import (
    AnonymousRecordType,
    FunctionType,
    Measure,
    NamedType,
    ParameterType,
    TupleType,
    TypeParameter,
)
from clef.names.entities import ModuleEntity
from clef.source import Span

_WITHOUT_PLACES: tuple[type, ...] = (
    NamedType,
    FunctionType,
    TupleType,
    AnonymousRecordType,
    ParameterType,
    Measure,
    TypeParameter,
    str,
    int,
    float,
    bytes,
    type(None),
    frozenset,
)
# How fields are declared that lead to no place.
_PLAIN = frozenset({"str", "int", "bool", "str | None", "int | None", "Type", "Type | None"})

_names: dict[type, tuple[str, ...]] = {}


def _leading(cls: type) -> tuple[str, ...]:
    """The fields of a class that can lead to places."""
    found = _names.get(cls)
    if found is None:
        found = ()
        if not issubclass(cls, _WITHOUT_PLACES) and is_dataclass(cls):
            found = tuple(one.name for one in fields(cls) if one.type not in _PLAIN)
        _names[cls] = found
    return found


def spans_in(path: str, *roots: object) -> dict[int, Span]:
    """The spans of the file at `path` that can be reached, by identity. Modules of other files are
    not looked into."""
    found: dict[int, Span] = {}
    seen: set[int] = set()
    stack: list[object] = list(roots)
    while stack:
        here = stack.pop()
        cls = here.__class__
        if cls is list or cls is tuple or cls is set:
            stack.extend(cast("Iterable[object]", here))
            continue
        names = () if cls is Span else _leading(cls)
        if cls is not Span and not names:
            if isinstance(here, Mapping):
                table = cast("Mapping[object, object]", here)
                stack.extend(table.values())
                stack.extend(table)
            continue
        if id(here) in seen:
            continue
        seen.add(id(here))
        if cls is Span:
            if cast("Span", here).path == path:
                found[id(here)] = cast("Span", here)
        elif not isinstance(here, ModuleEntity) or _is_own(here, path):
            stack.extend([getattr(here, name) for name in names])
    return found


def _is_own(module: ModuleEntity, path: str) -> bool:
    return module.span is not None and module.span.path == path


def move(spans: Iterable[Span], end: int, new_end: int, shift: int) -> None:
    """Make room where a declaration that ended at `end` now ends at `new_end`, and everything
    behind it is `shift` further on. What lies in it is as it was."""
    for span in spans:
        if span.end >= end:
            set_(span, "end", new_end if span.end == end else span.end + shift)
            if span.start >= end:
                set_(span, "start", span.start + shift)


# Spans do not change while stages run; between two analyses they belong to the language server.
set_: Any = object.__setattr__
