"""Uses of what notices speak of.

Comes in: the checked declarations of a file, and the notices that it can see. Goes out: a report at
each use. Promises: names are looked up where they are written; members, constructors, cases and
fields where they are used, whatever name led there; a definition does not warn of itself.
"""

from __future__ import annotations

import re
from collections import ChainMap
from collections.abc import Iterable, Iterator

from clef.diagnostics.typing import ExperimentalUse, MessageOfUse, ObsoleteUse, RefusedUse
from clef.inference import typed_tree as typed
from clef.inference.notices import field_symbol
from clef.inference.signatures import Notice
from clef.inference.state import Checker
from clef.inference.type_text import written_operator
from clef.inference.types import NamedType, Type
from clef.inference.unification import prune
from clef.inference.uses import nodes_in
from clef.names.entities import (
    ActivePatternResolution,
    CaseResolution,
    ExceptionResolution,
    ModuleEntity,
    TypeResolution,
    ValueResolution,
)
from clef.source import Span
from clef.syntax import tree
from clef.syntax.traversal import walk

_Use = tuple[str, Span]
"""A symbol, and where it is used."""


def report_notices(c: Checker, declarations: Iterable[tree.Declaration]) -> None:
    """Report the uses in some declarations and in all definitions that came of them."""
    if not c.own.notices and not c.signatures.notices:
        return
    notices = ChainMap(c.own.notices, dict(c.signatures.notices))
    reported: set[tuple[Notice, int]] = set()
    for symbol, span in _uses(c, declarations):
        notice = notices.get(symbol)
        # One use is one report, also where it is found by its name and by what it means.
        if notice is None or (notice, span.start) in reported:
            continue
        reported.add((notice, span.start))
        _report(c, notice, symbol, span)


def _report(c: Checker, notice: Notice, symbol: str, span: Span) -> None:
    name = _shown(symbol)
    if notice.is_error:
        c.report(RefusedUse(span, name, notice.text, notice.number))
    elif notice.kind == "obsolete":
        c.report(ObsoleteUse(span, name, notice.text))
    elif notice.kind == "experimental":
        c.report(ExperimentalUse(span, name, notice.text))
    else:
        c.report(MessageOfUse(span, name, notice.text, notice.number))


def _shown(symbol: str) -> str:
    last = symbol.replace("..ctor", "").split(".")[-1]
    last = re.split(r"[`|(]", last)[0] or last
    for prefix in ("get_", "set_"):
        last = last.removeprefix(prefix)
    return written_operator(last)


def _uses(c: Checker, declarations: Iterable[tree.Declaration]) -> Iterator[_Use]:
    for declaration in declarations:
        for node in walk(declaration):
            yield from _of_name(node)
    for definition in c.file.definitions.values():
        if definition.span.path == c.path:
            owner = definition.symbol.rpartition(".")[0].removesuffix(".")
            for here in nodes_in([definition.parameters, definition.body]):
                yield from _of_meaning(c, here, owner)


# Names as they are written ------------------------------------------------------------------------


def _of_name(node: tree.Node) -> Iterator[_Use]:
    resolution = getattr(node, "resolution", None)
    if resolution is None or isinstance(node, tree.RecordField):
        return
    written = getattr(node, "name", None)
    span = written.span if isinstance(written, tree.Name | tree.LongName) else node.span
    match resolution:
        case ValueResolution(entity=entity):
            yield entity.symbol, span
            yield from _qualifiers(entity.symbol, resolution.parts, span)
        case CaseResolution(entity=entity):
            yield entity.symbol, span
            yield entity.type_symbol, span
        case ActivePatternResolution(entity=entity) if entity.value is not None:
            yield entity.value, span
        case ExceptionResolution(entity=entity):
            yield entity.symbol, span
        case TypeResolution(candidates=candidates) if len(candidates) == 1:
            symbol = next(iter(candidates.values())).symbol
            yield symbol, span
            yield from _qualifiers(symbol, resolution.parts, span)
        case ModuleEntity(symbol=symbol):
            yield symbol, span
        case _:
            pass


def _qualifiers(symbol: str, parts: int, span: Span) -> Iterator[_Use]:
    """The modules whose names stand in front."""
    for _ in range(parts - 1):
        symbol = symbol.rpartition(".")[0]
        yield symbol, span


# What expressions and patterns mean ---------------------------------------------------------------


def _of_meaning(c: Checker, node: object, owner: str) -> Iterator[_Use]:
    match node:
        case typed.MethodCall(symbol=symbol, span=span, object=object):
            yield symbol, span
            if object is not None and not symbol.endswith("..ctor"):
                yield from _type_of(object.type, span, owner)
        case typed.VirtualCall(slot=symbol, span=span):
            yield symbol, span
        case typed.New(constructor=symbol, span=span, type=type):
            yield symbol, span
            yield from _type_of(type, span, owner)
        case (
            typed.FieldGet(object=object, field=name, span=span, case=None)
            | typed.FieldSet(object=object, field=name, span=span)
        ):
            yield from _fields(c, object.type, [name], span)
            yield from _type_of(object.type, span, owner)
        case typed.RecordConstruction(type=type, span=span, fields=fields):
            yield from _fields(c, type, _names_at(c, type, [at for at, _ in fields]), span)
        case typed.RecordCopy(type=type, span=span):
            yield from _fields(c, type, None, span)
        case typed.RecordPattern(type=type, span=span, fields=fields):
            yield from _fields(c, type, _names_at(c, type, [at for at, _ in fields]), span)
        case _:
            pass


def _type_of(type: Type, span: Span, owner: str) -> Iterator[_Use]:
    named = prune(type)
    if isinstance(named, NamedType) and named.symbol != owner:
        yield named.symbol, span


def _names_at(c: Checker, type: Type, indices: list[int]) -> list[str]:
    named = prune(type)
    signature = c.type_named(named.symbol) if isinstance(named, NamedType) else None
    if signature is None:
        return []
    return [name for name, one in signature.fields.items() if one.index in indices]


def _fields(c: Checker, type: Type, names: list[str] | None, span: Span) -> Iterator[_Use]:
    """The fields of a record that are used; all of them when it is copied."""
    named = prune(type)
    if not isinstance(named, NamedType):
        return
    if names is None:
        signature = c.type_named(named.symbol)
        names = list(signature.fields) if signature is not None else []
    for name in names:
        yield field_symbol(named.symbol, name), span
