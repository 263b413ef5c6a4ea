"""Functions that give a list or an array, as functions that give its items.

Comes in: a typed lambda, such as that of `collect`. Goes out: one that ends in a sequence
expression with one `yield`. Promises: the same items in the same order; what computes an item runs
when it is asked for, so nobody may be able to tell.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from clef.inference import typed_tree as t
from clef.inference import well_known
from clef.inference.types import FunctionType, NamedType
from clef.typed_core.merged_yields import merged
from clef.typed_core.walks import is_single


def giving(function: t.Lambda, is_irrefutable: Callable[[t.Pattern], bool]) -> t.Lambda | None:
    """The function, if what it makes is written down in it."""
    type = function.type
    if not isinstance(type, FunctionType) or not isinstance(type.result, NamedType):
        return None
    (element,) = type.result.arguments
    body = _items(function.body)
    if len(function.parameters) != 1 or body is None:
        return None
    pattern, span = function.parameters[0], function.span
    if not isinstance(pattern, t.VariablePattern):
        if not is_irrefutable(pattern):
            return None
        local = t.Local(-1, "item", pattern.type, span)
        binding = t.LocalBinding(pattern, (), [], t.LocalReference(pattern.type, span, local), span)
        body = t.Let(well_known.UNIT, span, [binding], False, body)
        pattern = t.VariablePattern(pattern.type, span, local)
    sequence = NamedType(well_known.SEQ, (element,))
    made = t.Comprehension(sequence, span, "seq", element, merged(body, element))
    if not is_single(made):
        return None
    return t.Lambda(FunctionType(type.parameter, sequence), span, [pattern], made)


def _items(node: t.Expression) -> t.Expression | None:
    """Code that gives the items of a list or array one by one, where it is made on the spot."""
    match node:
        case t.Comprehension(kind="list" | "array"):
            return node.body
        case t.ArrayLiteral():
            return _given(node, node.items)
        case t.UnionConstruction(case=well_known.NIL):
            return t.Literal(well_known.UNIT, node.span, None)
        case t.UnionConstruction(case=well_known.CONS, arguments=[first, rest]):
            further = _items(rest)
            return None if further is None else _given(node, [first], further)
        case t.If():
            then, otherwise = _items(node.then), _items(node.otherwise)
            if then is None or otherwise is None:
                return None
            return replace(node, type=well_known.UNIT, then=then, otherwise=otherwise)
        case t.Match():
            return _of_rules(node)
        case t.Let():
            body = _items(node.body)
            return None if body is None else replace(node, type=well_known.UNIT, body=body)
        case t.Sequential(items=[*before, last]):
            end = _items(last)
            if end is None:
                return None
            return replace(node, type=well_known.UNIT, items=[*before, end])
        case _:
            return None


def _of_rules(node: t.Match) -> t.Expression | None:
    rules: list[t.MatchRule] = []
    for rule in node.rules:
        body = _items(rule.body)
        if body is None:
            return None
        rules.append(replace(rule, body=body))
    return replace(node, type=well_known.UNIT, rules=rules)


def _given(node: t.Expression, items: list[t.Expression], *further: t.Expression) -> t.Expression:
    unit = well_known.UNIT
    yields = [t.Yield(unit, one.span, one) for one in items]
    return t.Sequential(unit, node.span, [*yields, *further, t.Literal(unit, node.span, None)])
