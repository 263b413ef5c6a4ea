"""Methods used as values: `xs |> List.map obj.Method`.

Comes in: the candidates of a name and the type that is expected. Goes out: a lambda that calls the
one that fits. Promises: the object is evaluated once, before the function is made.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from clef.data_classes import dataclass, field
from clef.diagnostics.typing import AmbiguousOverload
from clef.inference import typed_tree as typed
from clef.inference.arguments import is_out
from clef.inference.call_arguments import left_out
from clef.inference.call_building import accessible, build_call, with_outs
from clef.inference.candidates import display, instance_of, signature_text
from clef.inference.expressions.dispatch import bound_once, failed, fit
from clef.inference.members import Found
from clef.inference.signatures import MemberSignature, ParameterSignature
from clef.inference.state import Checker
from clef.inference.subtyping import feasible, fitting_instance, would_unify
from clef.inference.types import (
    ERROR,
    FunctionType,
    NamedType,
    TupleType,
    Type,
    TypeVariable,
)
from clef.inference.unification import (
    begin_trial,
    end_trial,
    prune,
    unify,
)
from clef.inference.well_known import OBJECT, REFERENCE, UNIT, is_byref, is_inref, is_span
from clef.source import Span


def method_as_function(
    c: Checker,
    group: list[Found],
    target: typed.Expression | None,
    explicit: list[Type] | None,
    span: Span,
    expected: Type,
) -> typed.Expression:
    """A method used as a value: `xs |> List.map obj.Method`. Optional parameters are left out;
    trailing out parameters become results."""
    group = _of_functions(accessible(c, group, span))
    if not group:
        return failed(span)
    chosen = _chosen(c, group, explicit, span, expected)
    if chosen is None:
        return failed(span)
    instance = instance_of(c, chosen, explicit, span)
    given = _given_types(expected)
    takes_all = len(given) == len(instance.parameters()) > _first_out(instance.parameters())
    parts = _Parts()
    for index, parameter in enumerate(instance.parameters()):
        type = instance.type_of(parameter)
        if index >= _first_out(instance.parameters()) and not takes_all:
            parts.values.append(_stored(c, type, parameter, parts.outs, span))
            continue
        if (parameter.is_optional or parameter.has_default) and not takes_all:
            parts.values.append(left_out(c, type, parameter, span))
            continue
        taken = type
        if len(parts.variables) < len(given):
            taken = _taken_type(c, given[len(parts.variables)], type)
        local = c.local(parameter.name or "x", taken, span)
        parts.variables.append(typed.VariablePattern(taken, span, local))
        parts.values.append(_passed(c, typed.LocalReference(taken, span, local), type))
    binding, receiver = (None, None) if target is None else bound_once(c, target, span)
    call = build_call(c, instance, receiver, parts.values, span)
    if parts.outs:
        call = with_outs(call, parts.outs, span)
    pattern = _parameter_pattern(parts.variables, span)
    result: typed.Expression = typed.Lambda(
        FunctionType(pattern.type, call.type), span, [pattern], call
    )
    if binding is not None:
        result = typed.Let(result.type, span, [binding], False, result)
    return result


@dataclass(slots=True)
class _Parts:
    """The parameters of the function, what it passes to the method, and what comes out again."""

    variables: list[typed.Pattern] = field(default_factory=list[typed.Pattern])
    values: list[typed.Expression] = field(default_factory=list[typed.Expression])
    outs: list[typed.Local] = field(default_factory=list[typed.Local])


def _parameter_pattern(variables: list[typed.Pattern], span: Span) -> typed.Pattern:
    if not variables:
        return typed.LiteralPattern(UNIT, span, None)
    if len(variables) == 1:
        return variables[0]
    return typed.TuplePattern(TupleType(tuple(one.type for one in variables)), span, variables)


def _of_functions(group: list[Found]) -> list[Found]:
    """No function value takes a span, so candidates that do stand behind all others."""

    def takes_span(found: Found) -> bool:
        groups = found.member.groups
        return bool(groups) and any(is_span(one.type) for one in groups[0])

    return [one for one in group if not takes_span(one)] or group


def _chosen(
    c: Checker, group: list[Found], explicit: list[Type] | None, span: Span, expected: Type
) -> Found | None:
    """The candidate that takes what the function will be given; none where several do."""
    wanted = prune(expected)
    is_unknown = len(group) > 1 and isinstance(wanted, TypeVariable)
    if is_unknown:  # it takes one argument, if a candidate does
        wanted = expected = FunctionType(c.fresh(), c.fresh())
    if len(group) == 1 or not isinstance(wanted, FunctionType):
        return group[0]
    count = len(_given_types(expected))
    same = [f for f in group if _takes(f.member, count)]
    if is_unknown and not same:
        _report_ambiguous(c, group, span)
        return None
    exact = [f for f in same if _function_matches(c, f, wanted, explicit, span)]
    if len(exact) > 1 and any(isinstance(prune(t), TypeVariable) for t in _given_types(expected)):
        whole = [f for f in exact if len(_required(f.member.groups[0])) == len(f.member.groups[0])]
        return _most_special(c, whole or exact, explicit, span)
    reached = exact or [f for f in same if _function_reaches(c, f, wanted, explicit, span)]
    return (reached or same or _with_outs(group, count) or group)[0]


def _most_special(
    c: Checker, fitting: list[Found], explicit: list[Type] | None, span: Span
) -> Found | None:
    """Of candidates that all take what is not known yet: the one whose parameters inherit from
    those of all others. Where there is none, the call is ambiguous."""
    types = [[prune(t) for t in _parameter_types(c, one, explicit, span)] for one in fitting]
    plain = [[t for t in one if isinstance(t, NamedType) and not t.arguments] for one in types]
    if any(len(a) < len(b) for a, b in zip(plain, types, strict=True)):
        return fitting[0]  # generic ones are told apart by other rules
    for found, mine in zip(fitting, types, strict=True):
        if all(all(map(partial(feasible, c), mine, others)) for others in types):
            return found
    _report_ambiguous(c, fitting, span)
    return None


def _report_ambiguous(c: Checker, fitting: list[Found], span: Span) -> None:
    shown = tuple(dict.fromkeys(signature_text(one) for one in fitting))[:6]
    c.report(AmbiguousOverload(span, display(fitting[0].member), shown))


def _given_types(expected: Type) -> list[Type]:
    """What the function will be given, as far as is known."""
    wanted = prune(expected)
    if not isinstance(wanted, FunctionType):
        return []
    domain = prune(wanted.parameter)
    if domain == UNIT:
        return []
    return list(domain.items) if isinstance(domain, TupleType) else [domain]


def _with_outs(group: list[Found], count: int) -> list[Found]:
    """Those whose parameters are so many when references are given for the out parameters."""
    return [f for f in group if f.member.groups and len(f.member.groups[0]) == count]


def _taken_type(c: Checker, given: Type, type: Type) -> Type:
    """The type of a parameter of the function: the method's, or one that converts to it."""
    target = prune(type)
    actual = prune(given)
    if is_byref(target):
        return given if _is_reference(actual) and not is_inref(target) else type
    if isinstance(actual, NamedType) and not would_unify(c, actual, target):
        return actual if target == OBJECT or _inherits(c, actual, target) else type
    return type


def _passed(c: Checker, value: typed.Expression, type: Type) -> typed.Expression:
    """What the function was given, as the method takes it."""
    target, actual = prune(type), prune(value.type)
    if _is_reference(actual) and is_byref(target):
        assert isinstance(actual, NamedType)
        unify(c, actual.arguments[0], target.arguments[0])
        place = typed.FieldGet(actual.arguments[0], value.span, value, actual, "contents")
        return typed.AddressOf(type, value.span, place)
    return fit(c, value, type, None)


def _is_reference(type: Type) -> bool:
    return isinstance(type, NamedType) and type.symbol == REFERENCE


def _required(parameters: Sequence[ParameterSignature]) -> list[ParameterSignature]:
    given = parameters[: _first_out(parameters)]
    return [p for p in given if not p.is_optional and not p.has_default]


def _first_out(parameters: Sequence[ParameterSignature]) -> int:
    """The place of the first of the trailing out parameters."""
    count = len(parameters)
    while count and is_out(parameters[count - 1]):
        count -= 1
    return count


def _stored(
    c: Checker, type: Type, parameter: ParameterSignature, outs: list[typed.Local], span: Span
) -> typed.Expression:
    """The address of a new local, for an out parameter."""
    reference = prune(type)
    inner = (
        reference.arguments[0]
        if isinstance(reference, NamedType) and reference.arguments
        else ERROR
    )
    local = c.local(parameter.name or "result", inner, span, is_mutable=True)
    outs.append(local)
    return typed.AddressOf(type, span, typed.LocalReference(inner, span, local))


def _takes(member: MemberSignature, count: int | None) -> bool:
    """Whether a method as a function has so many parameters."""
    return len(_required(member.groups[0]) if member.groups else ()) == count


def _function_reaches(
    c: Checker, found: Found, wanted: FunctionType, explicit: list[Type] | None, span: Span
) -> bool:
    """Whether what the function will be given inherits from what the method takes."""
    domain = prune(wanted.parameter)
    given = list(domain.items) if isinstance(domain, TupleType) else [domain]
    before = begin_trial(c)
    types = _parameter_types(c, found, explicit, span)
    fits = all(_inherits(c, actual, type) for actual, type in zip(given, types, strict=False))
    return not end_trial(c, before, keep=False) and fits


def _inherits(c: Checker, actual: Type, wanted: Type) -> bool:
    target = prune(wanted)
    if would_unify(c, actual, target):
        return unify(c, actual, target)
    if not isinstance(target, NamedType) or target == OBJECT:
        return False
    instance = fitting_instance(c, prune(actual), target)
    return instance is not None and unify(c, instance, target)


def _parameter_types(
    c: Checker, found: Found, explicit: list[Type] | None, span: Span
) -> list[Type]:
    instance = instance_of(c, found, explicit, span)
    return [instance.type_of(p) for p in _required(instance.parameters())]


def _function_matches(
    c: Checker, found: Found, wanted: FunctionType, explicit: list[Type] | None, span: Span
) -> bool:
    before = begin_trial(c)
    types = _parameter_types(c, found, explicit, span)
    parameter: Type = (
        UNIT if not types else types[0] if len(types) == 1 else TupleType(tuple(types))
    )
    fits = unify(c, parameter, wanted.parameter)
    return not end_trial(c, before, keep=False) and fits
