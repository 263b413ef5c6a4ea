"""The translation of computation expressions: which form of syntax becomes which calls.

Comes in: the inside of a block. Goes out: calls of the builder. Promises: follows the F#
specification (§6.3.10): every construct becomes a call of the method that it stands for. The forms
register themselves, from the modules of bindings and of control.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from clef.inference import typed_tree as typed
from clef.inference.computation_builders import Builder, CheckedNode, ImplicitYield, function
from clef.inference.expressions.dispatch import check, handles, infer
from clef.inference.state import Checker, Reason
from clef.inference.types import ERROR, Type
from clef.inference.unification import prune
from clef.inference.well_known import UNIT
from clef.source import Span
from clef.syntax import tree

Translation = Callable[[Builder, Any], tree.Expression]
_TRANSLATIONS: dict[type, Translation] = {}


def translates(kind: type[tree.Expression]) -> Callable[[Translation], Translation]:
    """Register the translation of one form of syntax."""

    def register(function: Translation) -> Translation:
        _TRANSLATIONS[kind] = function
        return function

    return register


def translate(b: Builder, node: tree.Expression) -> tree.Expression:
    """A computation as calls of the builder."""
    if b.operations:
        # That module builds on this one.
        from clef.inference.custom_operations import operation_chain

        operations = operation_chain(b, node)
        if operations is not None:
            return operations
    handler = _TRANSLATIONS.get(type(node))
    if handler is not None:
        found: tree.Expression = handler(b, node)
        return found
    return plain_last(b, node)


def plain_last(b: Builder, node: tree.Expression) -> tree.Expression:
    """An ordinary expression at the end: an effect, then `Zero`; or an implicit element."""
    if b.is_implicit:
        return ImplicitYield(node.span, b, node, None)
    zero = zero_call(b, node.span, "an expression without `return`")
    return tree.Sequential(node.span, [node, zero])


def zero_call(b: Builder, span: Span, construct: str) -> tree.Expression:
    """`builder.Zero()`"""
    return b.call("Zero", [], span, construct)


@handles(ImplicitYield)
def _implicit_yield(
    c: Checker, node: ImplicitYield, expected: Type, why: Reason | None
) -> typed.Expression:
    """Decide by its type whether a statement is an element."""
    b = node.builder
    span = node.span
    value = infer(c, node.statement)
    if prune(value.type) in (UNIT, ERROR):
        rest = node.rest if node.rest is not None else zero_call(b, span, "an empty block")
        following = check(c, rest, expected, why)
        return typed.Sequential(following.type, span, [value, following])
    yielded = b.call("Yield", [CheckedNode(span, value)], span, "an element")
    if node.rest is not None:
        rest = b.delay(node.rest, span, "two elements")
        yielded = b.call("Combine", [yielded, rest], span, "two elements")
    return check(c, yielded, expected, why)


def has_translation(node: tree.Expression) -> bool:
    """Whether this form of syntax has a meaning of its own in a computation."""
    return type(node) in _TRANSLATIONS


def is_computation(node: tree.Expression) -> bool:
    """Whether a statement in front of others is a computation rather than an ordinary effect."""
    return type(node) in _TRANSLATIONS and not (
        isinstance(node, tree.Let | tree.Sequential | tree.Paren | tree.Do)
        and not contains_computation(node)
    )


def contains_computation(node: tree.Expression) -> bool:
    """Whether a nested block has anything that only a computation can have."""
    stack: list[tree.Expression | None] = [node]
    while stack:
        here = stack.pop()
        match here:
            case tree.Let(body=body):
                stack.append(body)
            case tree.Sequential(expressions=items):
                stack.extend(items)
            case tree.Paren(expression=inner):
                stack.append(inner)
            case None:
                pass
            case _:
                if type(here) in _TRANSLATIONS and not isinstance(here, tree.Do):
                    return True
    return False


@translates(tree.Sequential)
def _sequential(b: Builder, node: tree.Sequential) -> tree.Expression:
    items = node.expressions
    result = translate(b, items[-1])
    for item in reversed(items[:-1]):
        result = before(b, item, result)
    return result


def before(b: Builder, item: tree.Expression, rest: tree.Expression) -> tree.Expression:
    """One statement in front of a translated rest."""
    span = item.span
    if isinstance(item, tree.DoBang):
        unit = tree.ConstantPattern(span, tree.Constant(span, None, tree.LiteralKind.UNIT))
        return b.call(
            "Bind", [b.source(item.expression), function(unit, rest, span)], span, "`do!`"
        )
    if is_computation(item):
        first = translate(b, item)
        what = "two computations in sequence"
        return b.call("Combine", [first, b.delay(rest, span, what)], span, what)
    if b.is_implicit:
        return ImplicitYield(span, b, item, rest)
    return tree.Sequential(span, [item, rest])
