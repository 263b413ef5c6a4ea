"""Control flow: sequences, conditions, loops, matches, exceptions and local definitions.

Comes in: syntax of control flow. Goes out: typed control flow. Promises: a block's last expression
gets the block's
expectation; what is dropped is warned about; matches are checked for completeness once all types
are known.
"""

from __future__ import annotations

from collections.abc import Callable

from clef.diagnostics.typing import MissingElse, OutsideComputation
from clef.inference import typed_tree as typed
from clef.inference.binding_groups import local_group
from clef.inference.bindings import demand_irrefutable
from clef.inference.expressions.dispatch import (
    Handler,
    check,
    failed,
    fit,
    handles,
    infer,
    statement,
)
from clef.inference.expressions.enumeration import enumerate_collection
from clef.inference.expressions.implied import redefined
from clef.inference.patterns import check_pattern
from clef.inference.state import Checker, LocalEntry, Reason
from clef.inference.type_text import show
from clef.inference.types import ERROR, Type, TypeVariable
from clef.inference.unification import prune
from clef.inference.well_known import BOOL, DISPOSABLE, EXCEPTION, INT, UNIT
from clef.names.entities import LocalResolution
from clef.source import Span
from clef.syntax import tree

CONDITION = Reason("a condition is a bool")


def unit(span: Span) -> typed.Expression:
    """`()`"""
    return typed.Literal(UNIT, span, None)


@handles(tree.Sequential)
def _sequential(
    c: Checker, node: tree.Sequential, expected: Type, why: Reason | None
) -> typed.Expression:
    items = [statement(c, one) for one in node.expressions[:-1]]
    last = check(c, node.expressions[-1], expected, why)
    return typed.Sequential(last.type, node.span, [*items, last])


@handles(tree.Do)
def _do(c: Checker, node: tree.Do, expected: Type, why: Reason | None) -> typed.Expression:
    inner = check(c, node.expression, UNIT, Reason("`do` takes a unit expression", node.span))
    return fit(c, inner, expected, why)


@handles(tree.LogicalAnd)
def _and(c: Checker, node: tree.LogicalAnd, expected: Type, why: Reason | None) -> typed.Expression:
    own = redefined(c, node, [node.left, node.right], expected, why)
    if own is not None:
        return own
    reason = Reason("`&&` takes two bools", node.span)
    left = check(c, node.left, BOOL, reason)
    right = check(c, node.right, BOOL, reason)
    no = typed.Literal(BOOL, node.span, False)
    return fit(c, typed.If(BOOL, node.span, left, right, no), expected, why)


@handles(tree.LogicalOr)
def _or(c: Checker, node: tree.LogicalOr, expected: Type, why: Reason | None) -> typed.Expression:
    own = redefined(c, node, [node.left, node.right], expected, why)
    if own is not None:
        return own
    reason = Reason("`||` takes two bools", node.span)
    left = check(c, node.left, BOOL, reason)
    right = check(c, node.right, BOOL, reason)
    yes = typed.Literal(BOOL, node.span, True)
    return fit(c, typed.If(BOOL, node.span, left, yes, right), expected, why)


@handles(tree.If)
def _if(c: Checker, node: tree.If, expected: Type, why: Reason | None) -> typed.Expression:
    condition = check(c, node.condition, BOOL, CONDITION)
    if node.alternative is None:
        return _if_without_else(c, node, condition, expected, why)
    reason = why
    is_open = isinstance(prune(expected), TypeVariable)
    then = check(c, node.consequence, expected, why)
    if is_open and then.type is not ERROR:
        reason = Reason(f"the first branch is `{show(then.type)}`", node.consequence.span)
    otherwise = check(c, node.alternative, expected, reason)
    return typed.If(expected, node.span, condition, then, otherwise)


def _if_without_else(
    c: Checker, node: tree.If, condition: typed.Expression, expected: Type, why: Reason | None
) -> typed.Expression:
    then = infer(c, node.consequence)
    found = prune(then.type)
    if found not in (UNIT, ERROR):
        if isinstance(found, TypeVariable):
            then = fit(c, then, UNIT, None)
        else:
            c.report(MissingElse(node.consequence.span, show(found)))
            return failed(node.span)
    return fit(c, typed.If(UNIT, node.span, condition, then, unit(node.span)), expected, why)


@handles(tree.While)
def _while(c: Checker, node: tree.While, expected: Type, why: Reason | None) -> typed.Expression:
    if node.is_bang:
        c.report(OutsideComputation(node.span, "while!"))
        return failed(node.span)
    condition = check(c, node.condition, BOOL, CONDITION)
    body = statement(c, node.body)
    return fit(c, typed.While(UNIT, node.span, condition, body), expected, why)


@handles(tree.ForTo)
def _for_to(c: Checker, node: tree.ForTo, expected: Type, why: Reason | None) -> typed.Expression:
    found = for_to(c, node, lambda: statement(c, node.body))
    return fit(c, found, expected, why)


def for_to(c: Checker, node: tree.ForTo, body: Callable[[], typed.Expression]) -> typed.Expression:
    """A counting loop around a body that is checked by `body`."""
    reason = Reason("`for` counts with int", node.span)
    start = check(c, node.start, INT, reason)
    finish = check(c, node.end, INT, reason)
    local = c.local(node.name.text, INT, node.name.span)
    resolution = c.table.get(node.name)
    if isinstance(resolution, LocalResolution):
        c.locals[resolution.binder] = LocalEntry(local)
    inner = body()
    return typed.ForTo(UNIT, node.span, local, start, finish, node.is_down, inner)


@handles(tree.ForIn)
def _for_in(c: Checker, node: tree.ForIn, expected: Type, why: Reason | None) -> typed.Expression:
    collection, element, enumeration = enumerate_collection(c, node.source)
    pattern = check_pattern(c, node.pattern, element)
    demand_irrefutable(c, pattern)
    body = statement(c, node.body)
    found = typed.ForIn(UNIT, node.span, pattern, collection, enumeration, body)
    return fit(c, found, expected, why)


# Matches ------------------------------------------------------------------------------------------


def check_rules(
    c: Checker,
    clauses: list[tree.Clause],
    subject: Type,
    expected: Type,
    why: Reason | None,
    pattern_why: Reason | None,
) -> list[typed.MatchRule]:
    """The rules of a match: each pattern against the subject, each body against the expectation."""
    rules: list[typed.MatchRule] = []
    reason = why
    is_open = isinstance(prune(expected), TypeVariable)
    for clause in clauses:
        outer = c.in_rule
        c.in_rule = True
        pattern = check_pattern(c, clause.pattern, subject, pattern_why)
        c.in_rule = outer
        guard = check(c, clause.guard, BOOL, CONDITION) if clause.guard is not None else None
        body = check(c, clause.body, expected, reason)
        rules.append(typed.MatchRule(pattern, guard, body, clause.span))
        if is_open and reason is why and body.type is not ERROR:
            reason = Reason(f"the first rule gives `{show(body.type)}`", clause.body.span)
    return rules


def demand_complete(
    c: Checker, span: Span, subject: Type, rules: list[typed.MatchRule], is_try: bool = False
) -> None:
    """Check later, when types are known, that rules cover everything and none is in vain."""
    from clef.inference.exhaustiveness import check_match

    c.deferred.append(lambda: check_match(c, span, subject, rules, is_try))


@handles(tree.Match)
def _match(c: Checker, node: tree.Match, expected: Type, why: Reason | None) -> typed.Expression:
    if node.is_bang:
        c.report(OutsideComputation(node.span, "match!"))
        return failed(node.span)
    subject = infer(c, node.subject)
    reason = Reason("this is what is matched", node.subject.span)
    rules = check_rules(c, node.clauses, subject.type, expected, why, reason)
    demand_complete(c, node.subject.span, subject.type, rules)
    return typed.Match(expected, node.span, subject, rules)


@handles(tree.TryWith)
def _try_with(
    c: Checker, node: tree.TryWith, expected: Type, why: Reason | None
) -> typed.Expression:
    is_open = isinstance(prune(expected), TypeVariable)
    body = check(c, node.body, expected, why)
    reason = why
    if is_open and body.type is not ERROR:
        reason = Reason(f"the `try` block gives `{show(body.type)}`", node.body.span)
    pattern_why = Reason("`with` matches exceptions", node.span)
    c.handlers.append(c.functions)
    rules = check_rules(c, node.clauses, EXCEPTION, expected, reason, pattern_why)
    c.handlers.pop()
    demand_complete(c, node.span, EXCEPTION, rules, is_try=True)
    return typed.TryWith(expected, node.span, body, rules)


@handles(tree.TryFinally)
def _try_finally(
    c: Checker, node: tree.TryFinally, expected: Type, why: Reason | None
) -> typed.Expression:
    body = check(c, node.body, expected, why)
    finalizer = statement(c, node.finalizer)
    return typed.TryFinally(body.type, node.span, body, finalizer)


# Local definitions --------------------------------------------------------------------------------


@handles(tree.Let)
def _let(c: Checker, node: tree.Let, expected: Type, why: Reason | None) -> typed.Expression:
    if node.is_use:
        return use(c, node, lambda: check(c, node.body, expected, why))
    bindings = local_group(c, node.bindings, node.is_recursive)
    body = check(c, node.body, expected, why)
    return typed.Let(body.type, node.span, bindings, node.is_recursive, body)


def use(c: Checker, node: tree.Let, rest: Callable[[], typed.Expression]) -> typed.Expression:
    """`use x = value` in front of what `rest` checks."""
    from clef.inference.expressions.addresses import pinned_value, pinned_while

    outer = (c.pinned, c.held)
    c.pinned, c.held = pinned_value(node), []
    bindings = local_group(c, node.bindings, False)
    is_pinning, held = c.pinned is not None, c.held
    c.pinned, c.held = outer
    body = rest()
    if is_pinning:
        return pinned_while(c, held, bindings, body, node.span)
    for binding in reversed(bindings):
        pattern = binding.pattern
        local = (
            pattern.local
            if isinstance(pattern, typed.VariablePattern)
            else c.local("_", binding.body.type, binding.span)
        )
        dispose = dispose_call(c, local, binding.span)
        body = typed.Use(body.type, node.span, local, binding.body, dispose, body)
    return body


def dispose_call(c: Checker, local: typed.Local, span: Span) -> typed.Expression:
    """`local.Dispose()` through `IDisposable`."""
    from clef.inference.expressions.casts import upcast

    reference = typed.LocalReference(local.type, span, local)
    target = upcast(c, reference, DISPOSABLE, span)
    slot = f"{DISPOSABLE.symbol}.Dispose"
    return typed.VirtualCall(UNIT, span, slot, DISPOSABLE, (), target, [])


# What belongs inside a computation expression -----------------------------------------------------


def _outside(construct: str) -> Handler:
    def handler(
        c: Checker, node: tree.Expression, expected: Type, why: Reason | None
    ) -> typed.Expression:
        c.report(OutsideComputation(node.span, construct))
        return failed(node.span)

    return handler


for _cls, _construct in (
    (tree.Return, "return"),
    (tree.ReturnBang, "return!"),
    (tree.LetBang, "let!"),
    (tree.DoBang, "do!"),
    (tree.Yield, "yield"),
    (tree.YieldBang, "yield!"),
):
    handles(_cls)(_outside(_construct))
