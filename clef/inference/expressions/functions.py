"""Functions: `fun`, `function`, `_.Member`.

Comes in: lambdas and the function type their place expects. Goes out: typed lambdas. Promises:
parameter types come from the
expectation where there is one.
"""

from __future__ import annotations

from clef.diagnostics.typing import NeedsMatchingType
from clef.inference import typed_tree as typed
from clef.inference.bindings import curried, demand_irrefutable
from clef.inference.expressions.control import check_rules, demand_complete
from clef.inference.expressions.dispatch import check, failed, fit, handles, own_function
from clef.inference.patterns import check_pattern
from clef.inference.state import Checker, Reason
from clef.inference.subtyping import delegate_signature
from clef.inference.type_text import show
from clef.inference.types import ERROR, FunctionType, TupleType, Type, TypeVariable
from clef.inference.unification import prune, unify
from clef.inference.well_known import OBJECT, UNIT
from clef.syntax import tree


def _function_step(
    c: Checker, expected: Type, node: tree.Expression, count: int, why: Reason | None
) -> tuple[Type, Type] | None:
    """Parameter and result that are expected; None (reported) if no function is."""
    wanted = prune(expected)
    if isinstance(wanted, FunctionType):
        return wanted.parameter, wanted.result
    if isinstance(wanted, TypeVariable) or wanted == ERROR:
        parameter: Type = c.fresh(node.span)
        result: Type = c.fresh(node.span)
        unify(c, wanted, FunctionType(parameter, result))
        return parameter, result
    return None


def _not_expected(
    c: Checker, node: tree.Expression, expected: Type, count: int, why: Reason | None
) -> None:
    found = f"a function of {count} argument{'' if count == 1 else 's'}"
    c.report(
        NeedsMatchingType(
            node.span, found, show(expected), why.text if why else "", why.span if why else None
        )
    )


@handles(tree.Lambda)
@own_function
def _lambda(c: Checker, node: tree.Lambda, expected: Type, why: Reason | None) -> typed.Expression:
    wanted = prune(expected)
    if delegate_signature(c, wanted) is not None:
        from clef.inference.delegates import delegate_from_lambda

        return delegate_from_lambda(c, node, wanted)
    if wanted == OBJECT:
        inner = _lambda(c, node, c.fresh(node.span), None)
        return fit(c, inner, expected, why)
    parameters: list[typed.Pattern] = []
    types: list[Type] = []
    rest: Type = expected
    for pattern in node.patterns:
        step = _function_step(c, rest, node, len(node.patterns), why)
        if step is None:
            _not_expected(c, node, expected, len(node.patterns), why)
            step = (c.fresh(pattern.span), c.fresh(node.span))
        type, rest = step
        parameters.append(check_pattern(c, pattern, type))
        types.append(type)
    block, c.block = c.block, None
    body = check(c, node.body, rest, _body_reason(why))
    c.block = block
    for parameter in parameters:
        demand_irrefutable(c, parameter)
    return typed.Lambda(curried(types, rest), node.span, parameters, body)


def _body_reason(why: Reason | None) -> Reason | None:
    return why


@handles(tree.Function)
@own_function
def _function(
    c: Checker, node: tree.Function, expected: Type, why: Reason | None
) -> typed.Expression:
    wanted = prune(expected)
    if delegate_signature(c, wanted) is not None:
        from clef.inference.delegates import delegate_from_lambda

        return delegate_from_lambda(c, node, wanted)
    if wanted == OBJECT:
        return fit(c, _function(c, node, c.fresh(node.span), None), expected, why)
    step = _function_step(c, expected, node, 1, why)
    if step is None:
        _not_expected(c, node, expected, 1, why)
        return failed(node.span)
    parameter, result = step
    block, c.block = c.block, None
    rules = check_rules(c, node.clauses, parameter, result, why, None)
    c.block = block
    demand_complete(c, node.clauses[0].pattern.span, parameter, rules)
    local = c.local("value", parameter, node.span)
    subject = typed.LocalReference(parameter, node.span, local)
    body = typed.Match(result, node.span, subject, rules)
    pattern = typed.VariablePattern(parameter, node.span, local)
    return typed.Lambda(FunctionType(parameter, result), node.span, [pattern], body)


@handles(tree.AccessorLambda)
@own_function
def _accessor(
    c: Checker, node: tree.AccessorLambda, expected: Type, why: Reason | None
) -> typed.Expression:
    step = _function_step(c, expected, node, 1, why)
    if step is None:
        _not_expected(c, node, expected, 1, why)
        return failed(node.span)
    parameter, result = step
    outer = c.accessor_parameter
    local = c.local("_", parameter, node.span)
    c.accessor_parameter = local
    body = check(c, node.body, result)
    c.accessor_parameter = outer
    pattern = typed.VariablePattern(parameter, node.span, local)
    return typed.Lambda(FunctionType(parameter, result), node.span, [pattern], body)


@handles(tree.AccessorParameter)
def _accessor_parameter(
    c: Checker, node: tree.AccessorParameter, expected: Type, why: Reason | None
) -> typed.Expression:
    local = c.accessor_parameter
    if local is None:
        return failed(node.span)
    return fit(c, typed.LocalReference(local.type, node.span, local), expected, why)


def lambda_arity(node: tree.Expression) -> int | None:
    """How many arguments a written function takes; None for other expressions."""
    while isinstance(node, tree.Paren):
        node = node.expression
    if isinstance(node, tree.Lambda):
        count = len(node.patterns)
        inner = lambda_arity(node.body)
        return count + (inner or 0)
    if isinstance(node, tree.Function | tree.AccessorLambda):
        return 1
    return 1 if type(node).__name__ in ("CopiedLambda", "Handler") else None


def unit_or_tuple(types: list[Type]) -> Type:
    """The type of an argument list."""
    if not types:
        return UNIT
    return types[0] if len(types) == 1 else TupleType(tuple(types))
