"""Several elements that are given in different places, as elements that one place gives.

Comes in: the body of a list or array expression. Goes out: one that gives the same elements in the
same order, in fewer places. Promises: `if c then yield a else yield b` becomes
`yield (if c then a else b)`, also with bindings and effects before the `yield`s, and for `match`;
`yield a; yield b` becomes `for turn = 0 to 1 do yield (match turn with 0 -> a | _ -> b)`, also
where some are only given under a condition. Nothing that runs changes places with anything else.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from clef.inference import typed_tree as t
from clef.inference import well_known
from clef.inference.types import NamedType, Type
from clef.typed_core.suspensions import suspends

_MOST = 32
"""Elements that take turns."""


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
            items = _flat([merged(one, element) for one in node.items])
            return _in_turn(replace(node, items=items), element)
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

    def end(last: t.Expression) -> t.Expression:
        assert isinstance(last, t.Yield), f"{type(last).__name__} gives no element"
        return last.value

    return _with_ends(node, element, end)


def _with_ends(
    node: t.Expression, result: Type, end: Callable[[t.Expression], t.Expression]
) -> t.Expression:
    """The code with other ends, and so of another type."""
    match node:
        case t.If():
            then = _with_ends(node.then, result, end)
            otherwise = _with_ends(node.otherwise, result, end)
            return replace(node, type=result, then=then, otherwise=otherwise)
        case t.Match():
            rules = [replace(rule, body=_with_ends(rule.body, result, end)) for rule in node.rules]
            return replace(node, type=result, rules=rules)
        case t.Let():
            return replace(node, type=result, body=_with_ends(node.body, result, end))
        case t.Sequential(items=[*before, last]):
            return replace(node, type=result, items=[*before, _with_ends(last, result, end)])
        case _:
            return end(node)


# One after the other ------------------------------------------------------------------------------


def _flat(items: list[t.Expression]) -> list[t.Expression]:
    found: list[t.Expression] = []
    for one in items:
        found += one.items if isinstance(one, t.Sequential) and suspends(one) else [one]
    return found


def _in_turn(node: t.Sequential, element: Type) -> t.Expression:
    """One `yield` in a loop, if each part gives at most one element, at its end."""
    parts: list[t.Expression] = []
    pending: list[t.Expression] = []
    for one in node.items:
        pending.append(one)
        if suspends(one):
            parts.append(replace(node, items=pending) if len(pending) > 1 else one)
            pending = []
    if not 2 <= len(parts) <= _MOST or not all(map(_gives_at_end, parts)):
        return node
    loop = _turns(parts, element)
    return replace(node, items=[loop, *pending]) if pending else loop


def _gives_at_end(node: t.Expression) -> bool:
    """Whether nothing runs behind a `yield`."""
    match node:
        case t.Yield():
            return True
        case t.If():
            return all(_gives_at_end(one) for one in (node.then, node.otherwise))
        case t.Match():
            return all(_gives_at_end(rule.body) for rule in node.rules)
        case t.Let():
            return _gives_at_end(node.body)
        case t.Sequential(items=[*before, last]):
            return not any(map(suspends, before)) and _gives_at_end(last)
        case _:
            return not suspends(node)


def _turns(parts: list[t.Expression], element: Type) -> t.Expression:
    span, int32 = parts[0].span, well_known.INT
    turn = t.Local(-1, "turn", int32, span)
    is_sure = all(_end(part) is not None for part in parts)
    type = element if is_sure else NamedType(well_known.OPTION, (element,))
    values = [_value(part, element) if is_sure else _option(part, type) for part in parts]
    patterns: list[t.Pattern] = [
        t.LiteralPattern(int32, span, index) for index in range(len(parts) - 1)
    ]
    patterns.append(t.WildcardPattern(int32, span))
    rules = [
        t.MatchRule(pattern, None, value, value.span)
        for pattern, value in zip(patterns, values, strict=True)
    ]
    chosen = t.Match(type, span, t.LocalReference(int32, span, turn), rules)
    body = t.Yield(well_known.UNIT, span, chosen) if is_sure else _given(chosen, element)
    first, last = (t.Literal(int32, span, number) for number in (0, len(parts) - 1))
    return t.ForTo(well_known.UNIT, span, turn, first, last, False, body)


def _given(chosen: t.Match, element: Type) -> t.Expression:
    """A `yield` of what an option holds."""
    span, unit = chosen.span, well_known.UNIT
    local = t.Local(-1, "item", element, span)
    item = t.VariablePattern(element, span, local)
    some = t.CasePattern(chosen.type, span, well_known.SOME, [item])
    give = t.Yield(unit, span, t.LocalReference(element, span, local))
    nothing = t.Literal(unit, span, None)
    rules = [
        t.MatchRule(some, None, give, span),
        t.MatchRule(t.WildcardPattern(chosen.type, span), None, nothing, span),
    ]
    return t.Match(unit, span, chosen, rules)


def _option(node: t.Expression, type: Type) -> t.Expression:
    """The code with an option of what it gives as its value."""

    def end(last: t.Expression) -> t.Expression:
        if isinstance(last, t.Yield):
            return t.UnionConstruction(type, last.span, well_known.SOME, [last.value])
        none = t.UnionConstruction(type, last.span, well_known.NONE, [])
        return _and_then(last, none)

    return _with_ends(node, type, end)


def _and_then(node: t.Expression, value: t.Expression) -> t.Expression:
    """The code and then a value."""
    if isinstance(node, t.Literal):
        return value
    return t.Sequential(value.type, node.span, [node, value])
