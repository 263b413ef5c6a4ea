"""What `inline` code that others see uses itself (F# FS1113).

Comes in: the definitions of a file, with their signatures. Goes out: a report for each public
`inline` function or member that uses something less visible: its code stands where it is called,
and nobody there can name that. Promises: other `inline` code, literals and what is one are let
through, and so is code in what is not public itself.
"""

from __future__ import annotations

from collections.abc import Iterator

from clef.diagnostics.typing.restrictions import InlineUse
from clef.inference import typed_tree as typed
from clef.inference.exposure import shown
from clef.inference.signatures import MemberSignature
from clef.inference.state import Checker
from clef.inference.types import CONSTRUCTOR, NamedType
from clef.inference.uses import nodes_in
from clef.source import Span, in_library

_PUBLIC = 2


def check_inlined(c: Checker) -> None:
    """Look at all `inline` code of the file that others see."""
    if in_library(c.path):
        return
    inlined = [one for one in c.file.definitions.values() if one.is_inline]
    if not inlined:
        return
    hidden = _hidden(c)
    spans = _public_spans(c)
    for definition in inlined:
        named = spans.get(definition.symbol)
        if named is None:
            continue
        nodes = nodes_in([*definition.parameters, definition.body])
        used = next((name for one in nodes if (name := _used(c, one, hidden))), "")
        if used:
            c.report(InlineUse(named[1], named[0], used))


def _hidden(c: Checker) -> dict[str, str]:
    """What is not public and has code or a place of its own; its name."""
    found: dict[str, str] = {}
    known: set[str] = set()
    for value in c.own_values.values():
        known.add(value.symbol)
        is_hidden = shown(c, value.symbol, value.access) < _PUBLIC
        if is_hidden and not value.is_inline and not _is_constant(c, value.symbol):
            found[value.symbol] = value.name
    for group in c.own.extensions.values():
        for member in group:
            known.add(member.symbol)
            if shown(c, member.symbol, member.access) < _PUBLIC and not member.is_inline:
                found[member.symbol] = member.property or member.name
    for type in c.own_types.values():
        level = shown(c, type.symbol, type.access)
        for member in (one for group in type.members.values() for one in group):
            known.add(member.symbol)
            own = min(level, shown(c, member.symbol, member.access))
            if own < _PUBLIC and not member.is_inline and not member.is_slot:
                is_new = member.name == CONSTRUCTOR
                found[member.symbol] = type.name if is_new else member.property or member.name
        if type.kind in ("class", "struct"):
            for symbol in c.file.definitions:
                if symbol.startswith(f"{type.symbol}.") and symbol not in known:
                    found.setdefault(symbol, symbol.rpartition(".")[2])
    return {symbol: name for symbol, name in found.items() if symbol in c.file.definitions}


def _is_constant(c: Checker, symbol: str) -> bool:
    definition = c.file.definitions.get(symbol)
    if definition is None or definition.is_mutable:
        return definition is None
    return not definition.parameters and isinstance(definition.body, typed.Literal)


def _public_spans(c: Checker) -> dict[str, tuple[str, Span]]:
    """Names and places of what is public and `inline`."""
    found: dict[str, tuple[str, Span]] = {}
    for value in c.own_values.values():
        if value.is_inline and shown(c, value.symbol, value.access) == _PUBLIC:
            found[value.symbol] = (value.name, value.span)
    for member in _members_shown(c):
        if member.is_inline and member.span is not None:
            found[member.symbol] = (member.property or member.name, member.span)
    return found


def _members_shown(c: Checker) -> Iterator[MemberSignature]:
    """Members that others see, of the file's types and of its extensions."""
    for type in c.own_types.values():
        if shown(c, type.symbol, type.access) == _PUBLIC:
            for group in type.members.values():
                yield from (one for one in group if one.access == "public")
    for group in c.own.extensions.values():
        yield from (one for one in group if shown(c, one.symbol, one.access) == _PUBLIC)


def _used(c: Checker, node: object, hidden: dict[str, str]) -> str:
    """The name of what a node uses and others cannot."""
    match node:
        case typed.GlobalReference(symbol=symbol) | typed.MethodCall(symbol=symbol):
            return hidden.get(symbol, "")
        case typed.StaticFieldGet(symbol=symbol) | typed.StaticFieldSet(symbol=symbol):
            return hidden.get(symbol, "")
        case typed.New(constructor=symbol):
            return hidden.get(symbol, "")
        case typed.FieldGet(owner=NamedType(symbol=symbol), field=field):
            type = c.own_types.get(symbol)
            is_let = type is not None and type.kind == "class" and field not in type.fields
            return field if is_let else _hidden_representation(c, symbol)
        case (
            typed.RecordConstruction(type=NamedType(symbol=symbol))
            | typed.RecordCopy(type=NamedType(symbol=symbol))
            | typed.UnionConstruction(type=NamedType(symbol=symbol))
            | typed.RecordPattern(type=NamedType(symbol=symbol))
            | typed.CasePattern(type=NamedType(symbol=symbol))
        ):
            return _hidden_representation(c, symbol)
        case _:
            return ""


def _hidden_representation(c: Checker, symbol: str) -> str:
    """The name of a record or union of the file whose labels or cases others do not see."""
    type = c.own_types.get(symbol)
    return type.name if type is not None and type.representation_access != "public" else ""
