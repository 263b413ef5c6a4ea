"""Branches that each give one element, as one element that is chosen.

Comes in: the body of a list or array expression. Goes out: one that gives the same elements in the
same order, in fewer places. Promises: `if c then yield a else yield b` becomes
`yield (if c then a else b)`, also with bindings and effects before the `yield`s, and for `match`;
nothing that runs changes places with anything else.
"""

from __future__ import annotations

from dataclasses import replace

from clef.inference import typed_tree as t
from clef.inference.types import Type
from clef.typed_core.suspensions import suspends


def merged(node: t.Expression, element: Type) -> t.Expression:
    """The body with fewer `yield`s."""
    if not suspends(node):
        return node
    match node:
        case t.If():
            then, otherwise = merged(node.then, element), merged(node.otherwise, element)
            node = replace(node, then=then, otherwise=otherwise)
            return _chosen(node, [then, otherwise], element)
        case t.Match():
            rules = [replace(rule, body=merged(rule.body, element)) for rule in node.rules]
            node = replace(node, rules=rules)
            return _chosen(node, [rule.body for rule in rules], element)
        case t.Sequential():
            return replace(node, items=[merged(one, element) for one in node.items])
        case t.Let() | t.ForIn() | t.ForTo() | t.While():
            return replace(node, body=merged(node.body, element))
        case _:
            return node


def _chosen(node: t.If | t.Match, branches: list[t.Expression], element: Type) -> t.Expression:
    """A `yield` of what the branches give, if each gives one element at its end."""
    ends = [_end(branch) for branch in branches]
    first = ends[0] if ends else None
    if first is None or None in ends:
        return node
    return replace(first, value=_value(node, element))


def _end(node: t.Expression) -> t.Yield | None:
    """The `yield` at the end, where there is no other."""
    match node:
        case t.Yield():
            return node
        case t.Let():
            return _end(node.body)
        case t.Sequential(items=[*before, last]) if not any(map(suspends, before)):
            return _end(last)
        case _:
            return None


def _value(node: t.Expression, element: Type) -> t.Expression:
    """The code with what is given at its ends as its value."""
    match node:
        case t.Yield():
            return node.value
        case t.If():
            then, otherwise = _value(node.then, element), _value(node.otherwise, element)
            return replace(node, type=element, then=then, otherwise=otherwise)
        case t.Match():
            rules = [replace(rule, body=_value(rule.body, element)) for rule in node.rules]
            return replace(node, type=element, rules=rules)
        case t.Let():
            return replace(node, type=element, body=_value(node.body, element))
        case t.Sequential(items=[*before, last]):
            return replace(node, type=element, items=[*before, _value(last, element)])
        case _:
            raise AssertionError(f"{type(node).__name__} gives no element")
