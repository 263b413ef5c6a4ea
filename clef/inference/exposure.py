"""Types that are less accessible than what is public and mentions them (F# specification §10.5).

Comes in: the signatures of a finished file. Goes out: a report for each public value, member, field
or case in whose type a less accessible type of the file stands. Promises: files that show all
their types are not looked at.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from clef.diagnostics.typing.restrictions import LessAccessible
from clef.inference.signatures import MemberSignature, TypeSignature
from clef.inference.state import Checker
from clef.inference.type_text import short_name
from clef.inference.types import (
    CONSTRUCTOR,
    AnonymousRecordType,
    FunctionType,
    NamedType,
    TupleType,
    Type,
)
from clef.inference.unification import prune
from clef.source import Span, in_library

_LEVELS = {"private": 0, "internal": 1, "public": 2, "protected": 2}
_NAMES = ("private", "internal", "public")


def check_exposure(c: Checker) -> None:
    """Look at everything that the file shows to others."""
    levels = {one.symbol: shown(c, one.symbol, one.access) for one in c.own_types.values()}
    hidden = {symbol: level for symbol, level in levels.items() if level < _LEVELS["public"]}
    if not hidden:
        return
    for value in c.own_values.values():
        level = shown(c, value.symbol, value.access)
        _demand_visible(c, hidden, level, value.name, value.span, [value.scheme.type])
    for type in c.own_types.values():
        _type(c, hidden, type, shown(c, type.symbol, type.access))


def shown(c: Checker, symbol: str, access: str) -> int:
    """How far something is shown, with the modules around it."""
    around = [level for module, level in c.hidden_modules if symbol.startswith(module + ".")]
    return min([_LEVELS[access], *(_LEVELS[one] for one in around)])


def _type(c: Checker, hidden: dict[str, int], type: TypeSignature, level: int) -> None:
    if not type.hidden_in:
        fields = [*type.fields.values(), *[f for case in type.cases.values() for f in case.fields]]
        shown = [one.type for one in fields if one.access != "private"]
        if type.kind in ("record", "union"):
            seen = min(level, _LEVELS[type.representation_access])
            _demand_visible(c, hidden, seen, type.name, type.span, shown)
    inherited = [type.base] if type.base is not None else []
    if type.kind == "interface":
        inherited += type.interfaces
    if type.kind == "interface" or (type.kind == "class" and not in_library(c.path)):
        _demand_visible(c, hidden, level, type.name, type.span, inherited)
    for group in type.members.values():
        for member in group:
            if member.span is not None:
                own = min(level, _LEVELS[member.access])
                types = list(_of_member(member))
                name = type.name if member.name == CONSTRUCTOR else member.property or member.name
                _demand_visible(c, hidden, own, name, member.span, types)


def _of_member(member: MemberSignature) -> Iterator[Type]:
    for group in member.groups:
        yield from (parameter.type for parameter in group)
    yield member.result


def _demand_visible(
    c: Checker, hidden: dict[str, int], level: int, name: str, span: Span, types: Sequence[Type]
) -> None:
    for type in types:
        for symbol in _mentioned(type):
            found = hidden.get(symbol, level)
            if found < level:
                about = LessAccessible(span, short_name(symbol), name, _NAMES[found], _NAMES[level])
                c.report(about)
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
