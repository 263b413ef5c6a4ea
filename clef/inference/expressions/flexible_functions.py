"""Functions over a supertype where one over a subtype is expected: `"abc" |> Seq.map f` (F#
specification §14.4.3).

Comes in: a finished function and the function type that its place asks for. Goes out: a function of
that type, which converts its arguments. Promises: parameters are converted also inside of tuples;
what a partial application does still happens when it is applied.
"""

from __future__ import annotations

from clef.inference import typed_tree as typed
from clef.inference.constraints import require
from clef.inference.expressions.dispatch import fit
from clef.inference.state import Checker
from clef.inference.subtyping import supertype_instance
from clef.inference.types import (
    AnonymousRecordType,
    Constraint,
    FunctionType,
    NamedType,
    ParameterType,
    TupleType,
    Type,
    TypeVariable,
)
from clef.inference.unification import prune
from clef.inference.well_known import EXCEPTION, OBJECT, SEQ, SHORT_NAMES
from clef.source import Span

_BOXED = (TupleType, FunctionType, AnonymousRecordType, ParameterType, TypeVariable)
"""Types without a name, or not known yet, whose values are objects all the same."""

_Pair = tuple[Type, Type]  # the parameter that there is, the one that is expected


def flexible_function(
    c: Checker, found: typed.Expression, actual: FunctionType, expected: FunctionType
) -> typed.Expression | None:
    """The function with its arguments converted; None when nothing has to be converted, or when the
    function is the content of a field, which F# leaves as it is."""
    if isinstance(found, typed.FieldGet):
        return None
    pairs: list[_Pair] = []
    left: Type = actual
    right: Type = expected
    while isinstance(left, FunctionType) and isinstance(right, FunctionType):
        pairs.append((prune(left.parameter), prune(right.parameter)))
        left, right = prune(left.result), prune(right.result)
    converted = [_is_converted(c, have, want) for have, want in pairs]
    if None in converted:
        return None
    is_open = [_enumerates(c, have, want, found.span) for have, want in pairs]
    if not any(converted) and not any(is_open):
        return None
    held = c.local("function", actual, found.span)
    reference = typed.LocalReference(actual, found.span, held)
    function = _applied(c, reference, pairs, _arity(c, found), expected)
    pattern = typed.VariablePattern(actual, found.span, held)
    binding = typed.LocalBinding(pattern, (), [], found, found.span)
    return typed.Let(expected, found.span, [binding], False, function)


def _is_converted(c: Checker, have: Type, want: Type) -> bool | None:
    """Whether a parameter takes a supertype of what it is given; None if it takes something
    else."""
    if isinstance(have, TupleType) and isinstance(want, TupleType):
        if len(have.items) != len(want.items) or have.is_struct or want.is_struct:
            return False
        parts = [
            _is_converted(c, prune(a), prune(b))
            for a, b in zip(have.items, want.items, strict=True)
        ]
        return None if None in parts else any(parts)
    if have == OBJECT and isinstance(want, _BOXED):
        return True
    if isinstance(have, NamedType) and isinstance(want, (ParameterType, TypeVariable)):
        return supertype_instance(c, want, have.symbol) is not None  # by its constraints
    if not isinstance(have, NamedType) or not isinstance(want, NamedType):
        return False
    if have.symbol == want.symbol:
        return False
    is_sealed = have.symbol in SHORT_NAMES and have not in (OBJECT, EXCEPTION)
    if "?" in (have.symbol, want.symbol) or is_sealed:
        return None
    return None if supertype_instance(c, want, have.symbol) is None else True


def _enumerates(c: Checker, have: Type, want: Type, span: Span) -> bool:
    """An open type where a sequence is taken becomes one that can be enumerated."""
    is_sequence = isinstance(have, NamedType) and have.symbol == SEQ
    if not is_sequence or not isinstance(want, TypeVariable) or _is_converted(c, have, want):
        return False
    assert isinstance(have, NamedType)
    require(c, want, Constraint("subtype", have), span)
    c.enumerated.append((want, have))
    return True


def _arity(c: Checker, found: typed.Expression) -> int:
    """How many arguments a function takes before it does anything."""
    if isinstance(found, typed.GlobalReference):
        known = c.value_named(found.symbol)
        return max(known.arity, 1) if known is not None else 1
    return len(found.parameters) if isinstance(found, typed.Lambda) else 1


def _applied(
    c: Checker, function: typed.Expression, pairs: list[_Pair], arity: int, expected: Type
) -> typed.Expression:
    """`fun x y -> let g = f x y in fun z -> g z`, with conversions, for an `f` of two arguments."""
    span = function.span
    first, rest = pairs[:arity], pairs[arity:]
    patterns: list[typed.Pattern] = []
    values: list[typed.Expression] = []
    have, want = prune(function.type), prune(expected)
    for there, asked in first:
        pattern, value = _passed(c, there, asked, span)
        patterns.append(pattern)
        values.append(value)
        assert isinstance(have, FunctionType) and isinstance(want, FunctionType)
        have, want = prune(have.result), prune(want.result)
    call: typed.Expression = typed.Application(have, span, function, values)
    if not rest:
        return typed.Lambda(expected, span, patterns, fit(c, call, want, None))
    held = c.local("function", have, span)
    inner = _applied(c, typed.LocalReference(have, span, held), rest, 1, want)
    binding = typed.LocalBinding(typed.VariablePattern(have, span, held), (), [], call, span)
    body = typed.Let(want, span, [binding], False, inner)
    return typed.Lambda(expected, span, patterns, body)


def _passed(
    c: Checker, have: Type, want: Type, span: Span
) -> tuple[typed.Pattern, typed.Expression]:
    """A parameter of the expected type, and what the function is given for it."""
    if isinstance(have, TupleType) and isinstance(want, TupleType) and _is_converted(c, have, want):
        items = zip(have.items, want.items, strict=True)
        parts = [_passed(c, prune(a), prune(b), span) for a, b in items]
        pattern = typed.TuplePattern(want, span, [one for one, _ in parts])
        return pattern, typed.Tuple(have, span, [one for _, one in parts])
    local = c.local("x", want, span)
    value: typed.Expression = typed.LocalReference(want, span, local)
    if have == OBJECT and isinstance(want, TypeVariable):  # which stays open
        value = typed.Coerce(OBJECT, span, value)
    return typed.VariablePattern(want, span, local), fit(c, value, have, None)
