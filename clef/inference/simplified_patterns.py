"""Patterns as exhaustiveness sees them: constructors with parts, or anything.

Comes in: typed patterns. Goes out: simplified ones. Promises: what a pattern tests beyond its
constructors makes it unsure, so that it never counts as covering a value.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from clef.data_classes import dataclass, field
from clef.inference import typed_tree as typed
from clef.inference.state import Checker
from clef.inference.subtyping import supertype_instance
from clef.inference.types import ERROR, AnonymousRecordType, NamedType, Type
from clef.inference.unification import prune
from clef.inference.well_known import (
    OBJECT,
    UNIT,
)

Key = tuple[str, Any]


@dataclass(slots=True)
class Shape:
    """A simplified pattern: a constructor with arguments; `ANY` matches everything. `inner`: the
    type of what a recogniser gives."""

    key: Key
    arguments: list[Shape] = field(default_factory=list["Shape"])
    inner: Type | None = None


ANY = Shape(("any", None))


class TooLong(Exception):
    """The bound is met."""


@dataclass(slots=True)
class _Simplified:
    """The alternatives of a pattern. `unsure`: the places of those that do not match everything of
    their shape."""

    shapes: list[Shape]
    unsure: frozenset[int] = frozenset()

    def sure(self) -> list[Shape]:
        return [shape for place, shape in enumerate(self.shapes) if place not in self.unsure]


def _unsure(shapes: list[Shape]) -> _Simplified:
    return _Simplified(shapes, frozenset(range(len(shapes))))


def simplify(c: Checker, pattern: typed.Pattern) -> _Simplified:
    if pattern.type is ERROR:
        raise TooLong  # reported already: nothing can be said
    match pattern:
        case typed.WildcardPattern() | typed.VariablePattern():
            return _Simplified([ANY])
        case typed.AsPattern(left=left, right=right):
            return _both(c, [left, right])
        case typed.AndPattern(items=items):
            return _both(c, items)
        case typed.OrPattern(left=left, right=right):
            first, second = simplify(c, left), simplify(c, right)
            moved = frozenset(place + len(first.shapes) for place in second.unsure)
            return _Simplified([*first.shapes, *second.shapes], first.unsure | moved)
        case typed.LiteralPattern(value=value):
            if prune(pattern.type) == UNIT:
                return _Simplified([ANY])
            return _Simplified([Shape(("literal", (type(value).__name__, value)))])
        case typed.NullPattern():
            return _Simplified([Shape(("null", None))])
        case typed.TuplePattern(items=items):
            return _constructor(c, ("tuple", len(items)), items)
        case typed.CasePattern(case=case, arguments=arguments):
            return _constructor(c, ("case", case), arguments)
        case typed.ExceptionPattern(symbol=symbol, arguments=arguments):
            return _constructor(c, ("exception", symbol), arguments)
        case typed.ArrayPattern(items=items):
            return _constructor(c, ("array", len(items)), items)
        case typed.RecordPattern(fields=fields):
            return _record(c, pattern, fields)
        case typed.TypeTestPattern(tested=tested, inner=inner):
            return _type_test(c, pattern, tested, inner)
        case typed.ActivePattern():
            return _active(c, pattern)
        case _:
            return _unsure([ANY])


def _both(c: Checker, items: list[typed.Pattern]) -> _Simplified:
    """All must match: exact when at most one of them says anything."""
    found = [simplify(c, item) for item in items]
    telling = [one for one in found if one.shapes != [ANY] or one.unsure]
    if not telling:
        return _Simplified([ANY])
    if len(telling) == 1:
        return telling[0]
    return _unsure(telling[0].shapes)


def _constructor(c: Checker, key: Key, items: Iterable[typed.Pattern]) -> _Simplified:
    rows: list[tuple[list[Shape], bool]] = [([], True)]
    for item in items:
        found = simplify(c, item)
        rows = [
            ([*row, shape], is_sure and place not in found.unsure)
            for row, is_sure in rows
            for place, shape in enumerate(found.shapes)
        ]
        if len(rows) > 2000:
            return _unsure([ANY])
    unsure = frozenset(place for place, (_, is_sure) in enumerate(rows) if not is_sure)
    return _Simplified([Shape(key, row) for row, _ in rows], unsure)


def _record(
    c: Checker, pattern: typed.RecordPattern, fields: list[tuple[int, typed.Pattern]]
) -> _Simplified:
    type_ = prune(pattern.type)
    count = 0
    if isinstance(type_, AnonymousRecordType):
        count = len(type_.names)
    elif isinstance(type_, NamedType):
        signature = c.type_named(type_.symbol)
        count = len(signature.fields) if signature is not None else 0
    by_index = dict(fields)
    span = pattern.span
    items = [by_index.get(i) or typed.WildcardPattern(type_, span) for i in range(count)]
    return _constructor(c, ("record", count), items)


def _type_test(
    c: Checker, pattern: typed.TypeTestPattern, tested: Type, inner: typed.Pattern | None
) -> _Simplified:
    actual, target = prune(pattern.type), prune(tested)
    inside = simplify(c, inner) if inner is not None else _Simplified([ANY])
    always = actual == target or (
        isinstance(target, NamedType)
        and target != OBJECT
        and isinstance(actual, NamedType)
        and supertype_instance(c, actual, target.symbol) is not None
    )
    if always or (target == OBJECT and actual == OBJECT):
        if actual == target:
            return inside
        return _unsure([ANY]) if inside.unsure else _Simplified([ANY])
    return _Simplified([Shape(("type", target), [shape]) for shape in inside.shapes], inside.unsure)


def _active(c: Checker, pattern: typed.ActivePattern) -> _Simplified:
    inside = simplify(c, pattern.inner) if pattern.inner is not None else _Simplified([ANY])
    if pattern.is_partial:
        key: Key = ("partial", (pattern.identity, id(pattern) if inside.shapes != [ANY] else 0))
        return _unsure([Shape(key)])
    given = pattern.inner.type if pattern.inner is not None else None
    key = ("active", (pattern.identity, pattern.index, pattern.count))
    return _Simplified([Shape(key, [shape], given) for shape in inside.shapes], inside.unsure)
