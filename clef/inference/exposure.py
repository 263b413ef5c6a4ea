"""Types that are less accessible than what is public and mentions them (F# specification §10.5).

Comes in: the signatures of a finished file. Goes out: a report for each public value, member, field
or case in whose type a private type of the file stands. Promises: files without private types are
not looked at.
"""

from __future__ import annotations

from collections.abc import Iterator

from clef.diagnostics.typing.restrictions import LessAccessible
from clef.inference.signatures import MemberSignature, TypeSignature
from clef.inference.state import Checker
from clef.inference.type_text import short_name
from clef.inference.types import (
    AnonymousRecordType,
    FunctionType,
    NamedType,
    TupleType,
    Type,
)
from clef.inference.unification import prune
from clef.source import Span


def check_exposure(c: Checker) -> None:
    """Look at everything that the file shows to others."""
    hidden = {one.symbol for one in c.own_types.values() if one.access == "private"}
    if not hidden:
        return
    for value in c.own_values.values():
        if value.access != "private" and not _is_inside(c, value.symbol):
            _demand_visible(c, hidden, value.name, value.span, [value.scheme.type])
    for type in c.own_types.values():
        if type.symbol not in hidden and not _is_inside(c, type.symbol):
            _type(c, hidden, type)


def _is_inside(c: Checker, symbol: str) -> bool:
    """Whether a private module is around, so that what is public in it is not shown to all."""
    return any(symbol.startswith(module + ".") for module in c.private_modules)


def _type(c: Checker, hidden: set[str], type: TypeSignature) -> None:
    if not type.hidden_in:
        fields = [*type.fields.values(), *[f for case in type.cases.values() for f in case.fields]]
        shown = [one.type for one in fields if one.access != "private"]
        if type.kind in ("record", "union"):
            _demand_visible(c, hidden, type.name, type.span, shown)
    for group in type.members.values():
        for member in group:
            if member.access != "private" and member.span is not None:
                _demand_visible(c, hidden, member.name, member.span, list(_of_member(member)))


def _of_member(member: MemberSignature) -> Iterator[Type]:
    for group in member.groups:
        yield from (parameter.type for parameter in group)
    yield member.result


def _demand_visible(c: Checker, hidden: set[str], name: str, span: Span, types: list[Type]) -> None:
    for type in types:
        for symbol in _mentioned(type):
            if symbol in hidden:
                c.report(LessAccessible(span, short_name(symbol), name))
                return


def _mentioned(type: Type) -> Iterator[str]:
    """The symbols of all types in a type."""
    waiting = [type]
    while waiting:
        here = prune(waiting.pop())
        if isinstance(here, NamedType):
            yield here.symbol
            waiting.extend(here.arguments)
        elif isinstance(here, FunctionType):
            waiting += (here.parameter, here.result)
        elif isinstance(here, TupleType):
            waiting.extend(here.items)
        elif isinstance(here, AnonymousRecordType):
            waiting.extend(here.types)
