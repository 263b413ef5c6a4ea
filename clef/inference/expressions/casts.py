"""Casts and type tests: `:>`, `:?>`, `:?`.

Comes in: a value and the type that it is to be seen as, or asked for. Goes out: the cast. Promises:
what can never hold is refused, and what always holds is said (F# specification, 6.5.7 and 6.5.8).
"""

from __future__ import annotations

from clef.diagnostics.objects import NeedlessUpcast, NoSubtypes, TestAlwaysHolds
from clef.diagnostics.typing import ImpossibleDowncast, ImpossibleUpcast
from clef.inference import typed_tree as typed
from clef.inference.annotations import annotation
from clef.inference.constraints import require
from clef.inference.expressions.dispatch import failed, fit, handles, infer
from clef.inference.reporting import report_mismatch
from clef.inference.state import Checker, Reason
from clef.inference.subtyping import feasible, fitting_instance, supertype_instance, would_unify
from clef.inference.type_text import show_all
from clef.inference.types import (
    ERROR,
    AnonymousRecordType,
    Constraint,
    FunctionType,
    NamedType,
    ParameterType,
    TupleType,
    Type,
    TypeVariable,
)
from clef.inference.unification import prune, unify
from clef.inference.well_known import BOOL, OBJECT
from clef.source import Span
from clef.syntax import tree


@handles(tree.Upcast)
def _upcast(c: Checker, node: tree.Upcast, expected: Type, why: Reason | None) -> typed.Expression:
    target = annotation(c, node.type) if node.type is not None else expected
    value = infer(c, node.expression)
    found = prune(value.type)
    if found == prune(target) and found is not ERROR and not isinstance(found, TypeVariable):
        c.report(NeedlessUpcast(node.span, show_all(found)[0]))
    return fit(c, upcast(c, value, target, node.span), expected, why)


def upcast(c: Checker, value: typed.Expression, target: Type, span: Span) -> typed.Expression:
    """`value :> target`."""
    actual = prune(value.type)
    wanted = prune(target)
    if ERROR in (actual, wanted):
        return typed.Coerce(target, span, value)
    if isinstance(actual, TypeVariable):
        if isinstance(wanted, NamedType) and wanted != OBJECT:
            require(c, actual, Constraint("subtype", wanted), span)
        return typed.Coerce(target, span, value)
    if isinstance(wanted, TypeVariable):
        unify(c, wanted, actual)
        return value
    if wanted == OBJECT:
        return typed.Coerce(OBJECT, span, value)
    if isinstance(wanted, NamedType):
        found = fitting_instance(c, actual, wanted)
        if found is not None:
            if not unify(c, found, wanted):
                report_mismatch(c, span, found, wanted, None)
            return typed.Coerce(target, span, value)
    if would_unify(c, actual, wanted):
        unify(c, actual, wanted)
        return value
    left, right = show_all(actual, wanted)
    c.report(ImpossibleUpcast(value.span, left, right))
    return failed(span)


@handles(tree.Downcast)
def _downcast(
    c: Checker, node: tree.Downcast, expected: Type, why: Reason | None
) -> typed.Expression:
    target = annotation(c, node.type) if node.type is not None else expected
    value = infer(c, node.expression)
    check_type_test(c, value.type, target, value.span, node.span)
    return fit(c, typed.Downcast(target, node.span, value), expected, why)


@handles(tree.TypeTest)
def _type_test(
    c: Checker, node: tree.TypeTest, expected: Type, why: Reason | None
) -> typed.Expression:
    target = annotation(c, node.type)
    value = infer(c, node.expression)
    check_type_test(c, value.type, target, value.span, node.span)
    return fit(c, typed.TypeTest(BOOL, node.span, value, target), expected, why)


def check_type_test(c: Checker, source: Type, target: Type, value: Span, test: Span) -> None:
    """Whether a value of one static type may be asked for another (F# specification, 6.5.8)."""
    actual = prune(source)
    wanted = prune(target)
    if isinstance(actual, TypeVariable) and not actual.constraints:
        c.deferred.append(lambda: _demand_known(c, actual, value))
    if isinstance(actual, TypeVariable) or ERROR in (actual, wanted):
        return
    shown = show_all(actual, wanted)
    if isinstance(actual, ParameterType) or _is_sealed(c, actual):
        c.report(NoSubtypes(value, shown[0]))
        return
    if isinstance(wanted, TypeVariable | ParameterType):
        return
    is_always = _is_always(c, actual, wanted)
    if is_always:
        c.report(TestAlwaysHolds(test, shown[0], shown[1]))
    must_inherit = _is_sealed(c, wanted) or not _is_interface(c, actual)
    if must_inherit and not feasible(c, wanted, actual):
        c.report(ImpossibleDowncast(value, shown[0], shown[1], is_always))


def _demand_known(c: Checker, source: TypeVariable, value: Span) -> None:
    """What is asked for its type has one (FS0008)."""
    actual = prune(source)
    if isinstance(actual, TypeVariable | ParameterType):
        c.report(NoSubtypes(value, show_all(actual)[0]))


def _is_always(c: Checker, actual: Type, wanted: Type) -> bool:
    if actual == wanted:
        return True
    if not isinstance(wanted, NamedType):
        return False
    return supertype_instance(c, actual, wanted.symbol) == wanted


def _is_interface(c: Checker, type: Type) -> bool:
    signature = c.type_named(type.symbol) if isinstance(type, NamedType) else None
    return signature is not None and signature.kind == "interface"


def _is_sealed(c: Checker, type: Type) -> bool:
    if isinstance(type, (FunctionType, TupleType, AnonymousRecordType)):
        return True
    signature = c.type_named(type.symbol) if isinstance(type, NamedType) else None
    return signature is None or signature.is_sealed
