"""The centre of checking expressions: dispatch on the form of a node, and fitting a result to what
is expected.

Comes in: an expression, the type that its place asks for, and why. Goes out: a typed expression of
that type. Promises: the
result's type agrees with `expected`, or a diagnostic was given and the result stands for an error.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from clef.diagnostics.typing import EqualsAsStatement, UnusedResult
from clef.inference import typed_tree as typed
from clef.inference.reporting import report_mismatch
from clef.inference.state import Checker, Reason
from clef.inference.subtyping import (
    convert,
    delegate_signature,
    supertype_instance,
    would_unify,
)
from clef.inference.type_text import show
from clef.inference.types import ERROR, FunctionType, NamedType, Type, TypeVariable
from clef.inference.unification import prune, unify
from clef.inference.well_known import UNIT
from clef.source import Span
from clef.syntax import tree

Handler = Callable[[Checker, Any, Type, Reason | None], typed.Expression]

HANDLERS: dict[type, Handler] = {}


def handles(*classes: type) -> Callable[[Handler], Handler]:
    """Enter a function into the table."""

    def enter(handler: Handler) -> Handler:
        for cls in classes:
            HANDLERS[cls] = handler
        return handler

    return enter


def own_function(handler: Handler) -> Handler:
    """What the handler checks is a function of its own."""

    def inside(
        c: Checker, node: Any, expected: Type, why: Reason | None = None
    ) -> typed.Expression:
        c.functions += 1
        try:
            return handler(c, node, expected, why)
        finally:
            c.functions -= 1

    return inside


def check(
    c: Checker, node: tree.Expression, expected: Type, why: Reason | None = None
) -> typed.Expression:
    """Check an expression against a type."""
    handler = HANDLERS.get(type(node))
    if handler is None:
        return failed(node.span, expected)
    found = handler(c, node, expected, why)
    if found.type is ERROR and isinstance(expected, TypeVariable):
        unify(c, expected, ERROR)
    return found


def infer(c: Checker, node: tree.Expression) -> typed.Expression:
    """Check an expression of which nothing is expected."""
    return check(c, node, c.fresh(node.span))


def failed(span: Span, type: Type = ERROR) -> typed.Expression:
    """What stands for an expression that was reported."""
    return typed.Literal(ERROR, span, None)


def fit(
    c: Checker, found: typed.Expression, expected: Type, why: Reason | None
) -> typed.Expression:
    """Make a finished expression agree with its place, by unification or an implicit conversion."""
    actual = found.type
    if actual is expected:
        return found
    if isinstance(actual, TypeVariable):
        actual = prune(actual)
    if isinstance(expected, TypeVariable):
        expected = prune(expected)
    if isinstance(actual, TypeVariable) or isinstance(expected, TypeVariable):
        if isinstance(actual, TypeVariable) and isinstance(expected, NamedType):
            flexible_value = _as_supertype(c, found, actual, expected)
            if flexible_value is not None:
                return flexible_value
        if unify(c, actual, expected):
            return found
    elif (
        isinstance(expected, NamedType)
        and expected.symbol != "?"
        and not (isinstance(actual, NamedType) and actual.symbol in (expected.symbol, "?"))
    ):
        converted = convert(c, found, expected) or _as_delegate(c, found, actual, expected)
        if converted is not None:
            return converted
        if unify(c, actual, expected):
            return found
    else:
        if isinstance(actual, FunctionType) and isinstance(expected, FunctionType):
            from clef.inference.expressions.flexible_functions import flexible_function

            flexible = flexible_function(c, found, actual, expected)
            if flexible is not None:
                return flexible
        if unify(c, actual, expected):
            return found
    report_mismatch(c, found.span, actual, expected, why)
    return failed(found.span, expected)


def _as_delegate(
    c: Checker, found: typed.Expression, actual: Type, expected: NamedType
) -> typed.Expression | None:
    """A named function where a delegate is expected; F# takes no lambda there."""
    if not isinstance(actual, FunctionType) or isinstance(found, typed.Lambda):
        return None
    if delegate_signature(c, expected) is None:
        return None
    from clef.inference.delegates import curried_invoke, delegate_from_function

    if not would_unify(c, actual, curried_invoke(c, expected)):
        return None
    return delegate_from_function(c, found, expected, found.span)


def _as_supertype(
    c: Checker, found: typed.Expression, actual: TypeVariable, expected: NamedType
) -> typed.Expression | None:
    """A value of an open type that is known to inherit from what is expected (`#seq<int>`)."""
    if not any(one.kind == "subtype" for one in actual.constraints):
        return None
    instance = supertype_instance(c, actual, expected.symbol)
    if instance is None or not unify(c, instance, expected):
        return None
    return typed.Coerce(expected, found.span, found)


def statement(c: Checker, node: tree.Expression) -> typed.Expression:
    """An expression whose value is dropped: it should be unit."""
    found = infer(c, node)
    actual = prune(found.type)
    if actual in (UNIT, ERROR):
        return found
    if isinstance(actual, TypeVariable):
        unify(c, actual, UNIT)
        return found
    c.deferred.append(lambda: _warn_unused(c, node, actual))
    return found


def _warn_unused(c: Checker, node: tree.Expression, actual: Type) -> None:
    actual = prune(actual)
    if actual in (UNIT, ERROR):
        return
    if isinstance(node, tree.Application) and isinstance(node.function, tree.Application):
        head = node.function.function
        if isinstance(head, tree.Identifier) and head.name.text == "op_Equality":
            c.report(EqualsAsStatement(node.span))
            return
    advice = "is an argument missing?" if isinstance(actual, FunctionType) else ""
    c.report(UnusedResult(node.span, show(actual), advice))


def bound_once(
    c: Checker, target: typed.Expression, span: Span
) -> tuple[typed.LocalBinding | None, typed.Expression]:
    """The object, to be used more than once: its binding, if it needs one, and it."""
    if isinstance(target, typed.LocalReference | typed.TypeName):
        return None, target
    local = c.local("object", target.type, span)
    variable = typed.VariablePattern(target.type, span, local)
    binding = typed.LocalBinding(variable, (), [], target, span)
    return binding, typed.LocalReference(target.type, span, local)
