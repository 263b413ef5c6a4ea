"""Bindings of patterns whose value is generic: `let empty, keep = [], (fun x -> x)`.

Comes in: a checked binding with its type parameters. Goes out: the whole as a generic value, and
each variable as a generic part of it. Promises: a value has no effects, so that it does not matter
that each use computes its part anew.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from clef.inference import typed_tree as typed
from clef.inference.state import Checker, LocalEntry
from clef.inference.types import ParameterType, Scheme

if TYPE_CHECKING:
    from clef.inference.bindings import Inferred


def generic_parts(c: Checker, found: Inferred) -> list[typed.LocalBinding]:
    """The bindings that a local one stands for; the names mean the generic ones afterwards."""
    assert found.pattern is not None and found.body is not None
    span, parameters = found.binding.span, found.type_parameters
    entries = {entry.local.id: entry for entry in c.locals.values()}
    whole = c.local("pattern", found.type, span)
    made = [_value(found, whole, found.body)]
    own = tuple(ParameterType(parameter) for parameter in parameters)
    for inner in pattern_locals(found.pattern):
        entry: LocalEntry = entries[inner.id]
        subject = typed.LocalReference(found.type, span, whole, own)
        entry.local = c.local(inner.name, inner.type, inner.span)
        entry.scheme = Scheme(parameters, inner.type)
        made.append(_value(found, entry.local, part_of(found, subject, inner)))
    return made


def _value(found: Inferred, local: typed.Local, body: typed.Expression) -> typed.LocalBinding:
    span = found.binding.span
    pattern = typed.VariablePattern(local.type, span, local)
    return typed.LocalBinding(pattern, found.type_parameters, [], body, span)


def part_of(found: Inferred, subject: typed.Expression, local: typed.Local) -> typed.Expression:
    """What a variable of the pattern stands for."""
    assert found.pattern is not None
    span = found.binding.span
    reference = typed.LocalReference(local.type, span, local)
    rule = typed.MatchRule(found.pattern, None, reference, span)
    return typed.Match(local.type, span, subject, [rule])


def pattern_locals(pattern: typed.Pattern) -> list[typed.Local]:
    """The variables of a pattern, each once, in order."""
    found: dict[int, typed.Local] = {}

    def walk(node: typed.Pattern | None) -> None:
        match node:
            case typed.VariablePattern(local=local):
                found[local.id] = local
            case typed.AsPattern(left=left, right=right) | typed.OrPattern(left=left, right=right):
                walk(left)
                walk(right)
            case (
                typed.AndPattern(items=items)
                | typed.TuplePattern(items=items)
                | typed.ArrayPattern(items=items)
            ):
                for item in items:
                    walk(item)
            case typed.CasePattern(arguments=items) | typed.ExceptionPattern(arguments=items):
                for item in items:
                    walk(item)
            case typed.RecordPattern(fields=fields):
                for _, item in fields:
                    walk(item)
            case typed.TypeTestPattern(inner=inner) | typed.ActivePattern(inner=inner):
                walk(inner)
            case _:
                pass

    walk(pattern)
    return list(found.values())
