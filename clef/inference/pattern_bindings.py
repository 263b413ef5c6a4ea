"""Bindings of patterns: what each variable stands for.

Comes in: a checked binding. Goes out: the whole, and each variable as a part of it; where the value
is generic (`let empty, keep = [], (fun x -> x)`), so are the parts. Promises: recognisers of the
program are applied once; other patterns have no effects, so that each variable may be computed from
the whole anew.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from clef.data_classes import dataclass
from clef.inference import typed_tree as typed
from clef.inference.state import Checker, LocalEntry
from clef.inference.types import ParameterType, Scheme, TupleType, Type

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


@dataclass(slots=True)
class TakenApart:
    """The pattern of a value that is kept: what is kept, and the variables that are parts of it."""

    found: Inferred
    variables: list[typed.Local]
    type: Type
    body: typed.Expression

    def part(self, subject: typed.Expression, index: int) -> typed.Expression:
        """What a variable stands for; `subject` is what was kept."""
        local = self.variables[index]
        if self.type is self.found.type:
            return part_of(self.found, subject, local)
        assert isinstance(self.type, TupleType)
        return _item_of(self.type, subject, local, index)


def taken_apart(found: Inferred) -> TakenApart:
    """The value itself is kept; where recognisers are applied, a tuple of all variables, so that
    each is applied once."""
    assert found.pattern is not None and found.body is not None
    variables = pattern_locals(found.pattern)
    is_once = (
        len(variables) > 1 and not found.type_parameters and _applies_recogniser(found.pattern)
    )
    if not is_once:
        return TakenApart(found, variables, found.type, found.body)
    span = found.binding.span
    type = TupleType(tuple(one.type for one in variables))
    items: list[typed.Expression] = [typed.LocalReference(one.type, span, one) for one in variables]
    rule = typed.MatchRule(found.pattern, None, typed.Tuple(type, span, items), span)
    return TakenApart(found, variables, type, typed.Match(type, span, found.body, [rule]))


def _item_of(
    type: TupleType, subject: typed.Expression, local: typed.Local, index: int
) -> typed.Expression:
    span = subject.span
    items: list[typed.Pattern] = [typed.WildcardPattern(one, span) for one in type.items]
    items[index] = typed.VariablePattern(local.type, span, local)
    reference = typed.LocalReference(local.type, span, local)
    rule = typed.MatchRule(typed.TuplePattern(type, span, items), None, reference, span)
    return typed.Match(local.type, span, subject, [rule])


def _inside(pattern: typed.Pattern) -> list[typed.Pattern]:
    """The pattern and all in it, from left to right."""
    found: list[typed.Pattern] = []
    stack = [pattern]
    while stack:
        node = stack.pop()
        found.append(node)
        stack += reversed(_parts(node))
    return found


def _parts(pattern: typed.Pattern) -> list[typed.Pattern]:
    match pattern:
        case typed.AsPattern(left=left, right=right) | typed.OrPattern(left=left, right=right):
            return [left, right]
        case (
            typed.AndPattern(items=items)
            | typed.TuplePattern(items=items)
            | typed.ArrayPattern(items=items)
            | typed.CasePattern(arguments=items)
            | typed.ExceptionPattern(arguments=items)
        ):
            return items
        case typed.RecordPattern(fields=fields):
            return [item for _, item in fields]
        case typed.TypeTestPattern(inner=inner) | typed.ActivePattern(inner=inner):
            return [] if inner is None else [inner]
        case _:
            return []


def _applies_recogniser(pattern: typed.Pattern) -> bool:
    """Whether matching calls a function of the program."""
    return any(isinstance(one, typed.ActivePattern) for one in _inside(pattern))


def pattern_locals(pattern: typed.Pattern) -> list[typed.Local]:
    """The variables of a pattern, each once, in order."""
    variables = (one for one in _inside(pattern) if isinstance(one, typed.VariablePattern))
    return list({one.local.id: one.local for one in variables}.values())
