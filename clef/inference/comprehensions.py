"""List, array and sequence expressions: `[ … ]`, `[| … |]`, `seq { … }`.

Comes in: the body of the brackets. Goes out: a `Comprehension` whose body yields. Promises: without
an explicit `yield` every
expression statement that is not unit is an element, as in F# 4.7 and later.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from clef.inference import typed_tree as typed
from clef.inference.binding_groups import local_group
from clef.inference.bindings import demand_irrefutable
from clef.inference.expressions.control import (
    CONDITION,
    demand_complete,
    for_to,
    unit,
    use,
)
from clef.inference.expressions.dispatch import check, fit, infer, statement
from clef.inference.expressions.enumeration import enumerate_collection, enumeration_of, range_of
from clef.inference.patterns import check_pattern
from clef.inference.state import BlockContext, Checker, Reason
from clef.inference.subtyping import presume_whole
from clef.inference.types import ERROR, NamedType, Type, TypeVariable
from clef.inference.unification import prune, unify
from clef.inference.well_known import BOOL, EXCEPTION, INT, UNIT, array_of, list_of, seq_of
from clef.source import Span
from clef.syntax import tree

_MAKE: dict[str, Callable[[Type], NamedType]] = {
    "list": list_of,
    "array": array_of,
    "seq": seq_of,
}


def comprehension(
    c: Checker,
    kind: str,
    body: tree.Expression,
    expected: Type,
    why: Reason | None,
    span: Span,
) -> typed.Expression:
    """A whole comprehension."""
    wanted = prune(expected)
    symbol = _MAKE[kind](UNIT).symbol
    if isinstance(wanted, NamedType) and wanted.symbol == symbol and wanted.arguments:
        element: Type = wanted.arguments[0]
    else:
        element = c.fresh(span)
    type = _MAKE[kind](element)
    presume_whole(c, type, expected)
    outer = c.block
    c.block = BlockContext(kind, element, not has_yield(body))
    c.functions += 1
    inner = check_body(c, body)
    c.functions -= 1
    c.block = outer
    return fit(c, typed.Comprehension(type, span, kind, element, inner), expected, why)


def has_yield(node: tree.Expression) -> bool:
    """Whether a block says `yield` (in itself, not in a nested block or function): then values of
    statements are no elements. A `yield!` changes nothing."""
    stack: list[tree.Expression | None] = [node]
    while stack:
        here = stack.pop()
        match here:
            case tree.Yield():
                return True
            case tree.Sequential(expressions=items):
                stack.extend(items)
            case tree.Let(body=body) | tree.While(body=body) | tree.ForTo(body=body):
                stack.append(body)
            case tree.ForIn(body=body) | tree.LetBang(body=body):
                stack.append(body)
            case tree.If(consequence=then, alternative=otherwise):
                stack += [then, otherwise]
            case tree.Match(clauses=clauses):
                stack.extend(clause.body for clause in clauses)
            case tree.TryWith(body=body, clauses=clauses):
                stack.append(body)
                stack.extend(clause.body for clause in clauses)
            case tree.TryFinally(body=body) | tree.Paren(expression=body):
                stack.append(body)
            case _:
                pass
    return False


def check_body(c: Checker, node: tree.Expression) -> typed.Expression:
    """A statement of a block; its type is unit."""
    handler = _BODIES.get(type(node))
    if handler is not None:
        found: typed.Expression = handler(c, node)
        return found
    return _leaf(c, node)


def _leaf(c: Checker, node: tree.Expression) -> typed.Expression:
    """An element, or an effect."""
    block = c.block
    assert block is not None
    if isinstance(node, tree.Range) and node.start is not None and node.end is not None:
        return _yield_range(c, node)
    if not block.is_implicit:
        value = statement(c, node)
        return typed.Sequential(UNIT, node.span, [value, unit(node.span)])
    if isinstance(prune(block.element), TypeVariable):
        value = infer(c, node)
    else:
        value = _tentative(c, node, block.element)
    actual = prune(value.type)
    if actual == UNIT and prune(block.element) != UNIT:
        return value
    if value.type is ERROR:
        return value
    value = fit(c, value, block.element, _element_reason(c, node))
    return typed.Yield(UNIT, node.span, value)


def _tentative(c: Checker, node: tree.Expression, element: Type) -> typed.Expression:
    """An element of a known type: the expectation helps, unless the expression is an effect."""
    inner = node
    while isinstance(inner, tree.Paren):
        inner = inner.expression
    if isinstance(
        inner,
        tree.Lambda
        | tree.Function
        | tree.Record
        | tree.Constant
        | tree.ListLiteral
        | tree.ListComprehension
        | tree.ArrayLiteral
        | tree.ArrayComprehension
        | tree.Tuple
        | tree.InterpolatedString,
    ) and not (isinstance(inner, tree.Constant) and inner.kind is tree.LiteralKind.UNIT):
        return check(c, node, element, _element_reason(c, node))
    return infer(c, node)


def _element_reason(c: Checker, node: tree.Expression) -> Reason:
    return Reason("all elements have one type")


def _yield_range(c: Checker, node: tree.Range) -> typed.Expression:
    block = c.block
    assert block is not None
    values = range_of(c, node, block.element)
    return typed.YieldAll(UNIT, node.span, values)


def _yield(c: Checker, node: tree.Yield) -> typed.Expression:
    block = c.block
    assert block is not None
    inner = node.expression
    value = check(c, inner, block.element, _element_reason(c, node))
    return typed.Yield(UNIT, node.span, value)


def _yield_all(c: Checker, node: tree.YieldBang) -> typed.Expression:
    block = c.block
    assert block is not None
    inner = node.expression
    while isinstance(inner, tree.Paren):
        inner = inner.expression
    if isinstance(inner, tree.ListComprehension | tree.ListLiteral):
        values = check(c, inner, list_of(block.element))
    elif isinstance(inner, tree.ArrayComprehension | tree.ArrayLiteral):
        values = check(c, inner, array_of(block.element))
    else:
        values = infer(c, inner)
        if isinstance(prune(values.type), TypeVariable):
            unify(c, values.type, seq_of(block.element))
    element, _ = enumeration_of(c, values, node.span)
    if not unify(c, element, block.element):
        from clef.inference.reporting import report_mismatch

        report_mismatch(c, node.expression.span, element, block.element, _element_reason(c, node))
    return typed.YieldAll(UNIT, node.span, values)


def _sequential(c: Checker, node: tree.Sequential) -> typed.Expression:
    items = [check_body(c, one) for one in node.expressions]
    return typed.Sequential(UNIT, node.span, items)


def _let(c: Checker, node: tree.Let) -> typed.Expression:
    if node.is_use:
        return use(c, node, lambda: check_body(c, node.body))
    bindings = local_group(c, node.bindings, node.is_recursive)
    body = check_body(c, node.body)
    return typed.Let(UNIT, node.span, bindings, node.is_recursive, body)


def _if(c: Checker, node: tree.If) -> typed.Expression:
    condition = check(c, node.condition, BOOL, CONDITION)
    then = check_body(c, node.consequence)
    otherwise = check_body(c, node.alternative) if node.alternative is not None else unit(node.span)
    return typed.If(UNIT, node.span, condition, then, otherwise)


def _rules(
    c: Checker, clauses: list[tree.Clause], subject: Type, why: Reason | None
) -> list[typed.MatchRule]:
    rules: list[typed.MatchRule] = []
    for clause in clauses:
        pattern = check_pattern(c, clause.pattern, subject, why)
        guard = check(c, clause.guard, BOOL, CONDITION) if clause.guard is not None else None
        rules.append(typed.MatchRule(pattern, guard, check_body(c, clause.body), clause.span))
    return rules


def _match(c: Checker, node: tree.Match) -> typed.Expression:
    subject = infer(c, node.subject)
    why = Reason("this is what is matched", node.subject.span)
    rules = _rules(c, node.clauses, subject.type, why)
    demand_complete(c, node.subject.span, subject.type, rules)
    return typed.Match(UNIT, node.span, subject, rules)


def _while(c: Checker, node: tree.While) -> typed.Expression:
    condition = check(c, node.condition, BOOL, CONDITION)
    return typed.While(UNIT, node.span, condition, check_body(c, node.body))


def _for_to(c: Checker, node: tree.ForTo) -> typed.Expression:
    if _counts_otherwise(c, node.start):
        return _for_in(c, _over_range(c, node))
    return for_to(c, node, lambda: check_body(c, node.body))


def _counts_otherwise(c: Checker, start: tree.Expression) -> bool:
    """`for c = 'a' to 'f'`: where elements are made, such a loop goes over a range of any type.
    Only what can be looked at without effect is."""
    while isinstance(start, tree.Paren):
        start = start.expression
    if not isinstance(start, tree.Constant | tree.Identifier):
        return False
    type = prune(infer(c, start).type)
    return isinstance(type, NamedType) and type not in (INT, ERROR)


def _over_range(c: Checker, node: tree.ForTo) -> tree.ForIn:
    step = tree.Constant(node.span, -1, tree.LiteralKind.INT32) if node.is_down else None
    numbers = tree.Range(node.span, node.start, step, node.end)
    pattern = tree.NamedPattern(node.name.span, node.name, c.table.get(node.name))
    return tree.ForIn(node.span, pattern, numbers, node.body)


def _for_in(c: Checker, node: tree.ForIn) -> typed.Expression:
    collection, element, enumeration = enumerate_collection(c, node.source)
    pattern = check_pattern(c, node.pattern, element)
    body = check_body(c, node.body)
    if not _binds_only(pattern):
        pattern, body = _or_failure(c, pattern, body)
    return typed.ForIn(UNIT, node.span, pattern, collection, enumeration, body)


def _binds_only(pattern: typed.Pattern) -> bool:
    """Whether the form of a pattern says that it matches every value."""
    if isinstance(pattern, typed.TuplePattern):
        return all(_binds_only(item) for item in pattern.items)
    return isinstance(pattern, typed.VariablePattern | typed.WildcardPattern)


def _or_failure(
    c: Checker, pattern: typed.Pattern, body: typed.Expression
) -> tuple[typed.Pattern, typed.Expression]:
    """Where elements are made, one that does not match fails, while statements pass over it."""
    demand_irrefutable(c, pattern)
    span = pattern.span
    element = c.local("element", pattern.type, span)
    value = typed.LocalReference(pattern.type, span, element)
    rule = typed.MatchRule(pattern, None, body, span)
    return typed.VariablePattern(pattern.type, span, element), typed.Match(
        UNIT, span, value, [rule]
    )


def _try_with(c: Checker, node: tree.TryWith) -> typed.Expression:
    body = check_body(c, node.body)
    c.handlers.append(c.functions)
    rules = _rules(c, node.clauses, EXCEPTION, None)
    c.handlers.pop()
    return typed.TryWith(UNIT, node.span, body, rules)


def _try_finally(c: Checker, node: tree.TryFinally) -> typed.Expression:
    body = check_body(c, node.body)
    return typed.TryFinally(UNIT, node.span, body, statement(c, node.finalizer))


def _do(c: Checker, node: tree.Do) -> typed.Expression:
    return statement(c, node.expression)


def _paren(c: Checker, node: tree.Paren) -> typed.Expression:
    inner = node.expression
    if isinstance(inner, tree.Yield | tree.YieldBang):
        return check_body(c, inner)
    return _leaf(c, node)


_BODIES: dict[type, Callable[[Checker, Any], typed.Expression]] = {
    tree.Yield: _yield,
    tree.YieldBang: _yield_all,
    tree.Sequential: _sequential,
    tree.Let: _let,
    tree.If: _if,
    tree.Match: _match,
    tree.While: _while,
    tree.ForTo: _for_to,
    tree.ForIn: _for_in,
    tree.TryWith: _try_with,
    tree.TryFinally: _try_finally,
    tree.Do: _do,
    tree.Paren: _paren,
}
