"""Delegates: values that wrap a function.

Comes in: a lambda or function and a delegate type. Goes out: an object expression of the delegate,
whose Invoke calls the
function. Promises: a delegate of several parameters takes them one by one.
"""

from __future__ import annotations

from collections.abc import Sequence

from clef.diagnostics.typing import MisplacedPart
from clef.diagnostics.typing.restrictions import StoredReference
from clef.inference import typed_tree as typed
from clef.inference.arguments import strip
from clef.inference.expressions.dispatch import check, failed, fit
from clef.inference.state import Checker
from clef.inference.subtyping import delegate_parameters, delegate_signature
from clef.inference.type_text import show
from clef.inference.types import FunctionType, NamedType, Type
from clef.inference.unification import prune
from clef.inference.well_known import UNIT, is_byref
from clef.source import Span
from clef.syntax import tree


def curried_invoke(c: Checker, wanted: Type) -> Type:
    """The curried function type that a lambda for the delegate has."""
    parameters, result = delegate_parameters(c, wanted)
    for item in reversed(parameters):
        result = FunctionType(item, result)
    return result


def delegate_from_lambda(c: Checker, node: tree.Expression, wanted: Type) -> typed.Expression:
    """A written lambda where a delegate is expected."""
    wanted = prune(wanted)
    invoke = delegate_signature(c, wanted)
    assert invoke is not None and isinstance(wanted, NamedType)
    function = check(c, node, curried_invoke(c, wanted))
    return wrap(c, function, wanted, invoke, node.span)


def delegate_from_function(
    c: Checker, value: typed.Expression, wanted: NamedType, span: Span
) -> typed.Expression:
    """A function value where a delegate is expected."""
    invoke = delegate_signature(c, wanted)
    assert invoke is not None
    value = fit(c, value, curried_invoke(c, wanted), None)
    return wrap(c, value, wanted, invoke, span)


def delegate_from_argument(
    c: Checker, argument: tree.Expression | None, wanted: NamedType, span: Span
) -> typed.Expression:
    """`new D(f)`"""
    invoke = delegate_signature(c, wanted)
    if invoke is None or argument is None:
        return failed(span)
    function = check(c, argument, curried_invoke(c, wanted))
    is_written = isinstance(strip(argument), tree.Lambda | tree.Function)
    if not is_written and any(map(is_byref, delegate_parameters(c, wanted)[0])):
        part, way_out = "a function that is a value", "write `fun x -> f &x`"
        c.report(MisplacedPart(argument.span, part, "a delegate that takes references", way_out))
    return wrap(c, function, wanted, invoke, span)


def wrap(
    c: Checker, function: typed.Expression, wanted: NamedType, invoke: FunctionType, span: Span
) -> typed.Expression:
    """`{ new D with member Invoke(a, b) = function a b }`; the function is evaluated once."""
    parameters, _ = delegate_parameters(c, wanted)
    types = [] if [prune(item) for item in parameters] == [UNIT] else parameters
    _demand_calls(c, function, types, span)
    held = c.local("function", function.type, span)
    this = c.local("this", wanted, span)
    locals_ = [c.local("x", t, span) for t in types]
    arguments: list[typed.Expression] = [
        typed.LocalReference(local.type, span, local) for local in locals_
    ] or [typed.Literal(UNIT, span, None)]
    body = typed.Application(
        invoke.result, span, typed.LocalReference(held.type, span, held), arguments
    )
    patterns: list[typed.Pattern] = [typed.VariablePattern(wanted, span, this)]
    patterns += [typed.VariablePattern(local.type, span, local) for local in locals_]
    member = typed.ObjectMember(f"{wanted.symbol}.Invoke", wanted, (), patterns, body)
    made = typed.ObjectExpression(wanted, span, None, [], [wanted], [member])
    binding = typed.LocalBinding(
        typed.VariablePattern(held.type, span, held), (), [], function, span
    )
    return typed.Let(wanted, span, [binding], False, made)


def _demand_calls(
    c: Checker, function: typed.Expression, types: Sequence[Type], span: Span
) -> None:
    """A written function of more parameters than its delegate would hold what it was given."""
    if isinstance(function, typed.Lambda) and len(function.parameters) > len(types):
        reference = next(filter(is_byref, map(prune, types)), None)
        if reference is not None:
            c.report(StoredReference(span, show(reference)))
