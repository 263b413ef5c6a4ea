"""Bindings of computation expressions: `let`, `let!`, `and!`, `use`, `use!`, `do!`.

Comes in: a binding and what follows it. Goes out: `Bind`, `Using` and their relatives.
"""

from __future__ import annotations

from clef.diagnostics.typing import MisplacedPart, OutsideComputation
from clef.inference.computation_builders import Builder, function
from clef.inference.computation_translation import has_translation, translate, translates, zero_call
from clef.inference.types import NamedType
from clef.inference.well_known import QUERY_BUILDER
from clef.names.entities import LocalBinder, LocalResolution
from clef.source import Span
from clef.syntax import tree


@translates(tree.Let)
def _let(b: Builder, node: tree.Let) -> tree.Expression:
    if node.is_use:
        body = translate(b, node.body)
        for binding in reversed(node.bindings):
            body = _using(b, binding, body)
        return body
    demand_values(b, node)
    return tree.Let(node.span, node.bindings, translate(b, node.body), node.is_recursive)


def demand_values(b: Builder, node: tree.Let) -> None:
    """A query binds plain values only (F# FS3147)."""
    if not isinstance(b.type, NamedType) or b.type.symbol != QUERY_BUILDER:
        return
    for binding in node.bindings:
        part = "`rec`" if node.is_recursive else "`inline`" if binding.is_inline else "`mutable`"
        if node.is_recursive or binding.is_inline or binding.is_mutable:
            way_out = "define it in front of the query"
            b.c.report(MisplacedPart(binding.head.span, part, "a query", way_out))


def _using(b: Builder, binding: tree.Binding, body: tree.Expression) -> tree.Expression:
    pattern = head_pattern(b, binding)
    value = binding.value
    if binding.return_type is not None:
        value = tree.Typed(value.span, value, binding.return_type)
    span = binding.span
    return b.call("Using", [value, function(pattern, body, span)], span, "`use`")


def head_pattern(b: Builder, binding: tree.Binding) -> tree.Pattern:
    head = binding.head
    if isinstance(head, tree.PatternHead):
        return head.pattern
    return tree.NamedPattern(head.span, head.name, b.c.table.get(head.name))


@translates(tree.LetBang)
def _let_bang(b: Builder, node: tree.LetBang) -> tree.Expression:
    span = node.span
    if len(node.bindings) > 1:
        return _merged(b, node)
    binding = node.bindings[0]
    if node.is_use:
        return _use_bang(b, binding, node)
    source = b.source(binding.value)
    if b.defines("BindReturn"):
        returned = returned_value(node.body)
        if returned is not None:
            arguments = [source, function(binding.pattern, returned, span)]
            return b.call("BindReturn", arguments, span, "`let!`")
    return bound(b, node, translate(b, node.body))


def bound(b: Builder, node: tree.LetBang, body: tree.Expression) -> tree.Expression:
    """What is bound, in front of a translated body."""
    span = node.span
    sources = [b.source(one.value) for one in node.bindings]
    patterns = [one.pattern for one in node.bindings]
    count = len(sources)
    if count == 1:
        continuation = function(patterns[0], body, node.bindings[0].span)
        return b.call("Bind", [sources[0], continuation], span, "`let!`")
    if b.defines(f"Bind{count}"):
        whole = tree.TuplePattern(span, patterns)
        return b.call(f"Bind{count}", [*sources, function(whole, body, span)], span, "`and!`")
    source, pattern = _merge(b, sources, patterns, span)
    return b.call("Bind", [source, function(pattern, body, span)], span, "`and!`")


def returned_value(node: tree.Expression) -> tree.Expression | None:
    """The value of a body that only returns, whatever it decides."""
    match node:
        case tree.Return(expression=value):
            return value
        case tree.If(alternative=tree.Expression() as alternative):
            first, second = returned_value(node.consequence), returned_value(alternative)
            if first is not None and second is not None:
                return tree.If(node.span, node.condition, first, second)
        case tree.Match(is_bang=False):
            return _returned_by_clauses(node)
        case tree.Let(bindings=bindings, body=body, is_use=False):
            inner = returned_value(body)
            if inner is not None:
                return tree.Let(node.span, bindings, inner, node.is_recursive)
        case tree.Sequential(expressions=items) if not any(
            has_translation(item) for item in items[:-1]
        ):
            inner = returned_value(items[-1])
            if inner is not None:
                return tree.Sequential(node.span, [*items[:-1], inner])
        case _:
            pass
    return None


def _returned_by_clauses(node: tree.Match) -> tree.Expression | None:
    clauses: list[tree.Clause] = []
    for one in node.clauses:
        value = returned_value(one.body)
        if value is None:
            return None
        clauses.append(tree.Clause(one.span, one.pattern, one.guard, value))
    return tree.Match(node.span, node.subject, clauses)


def _use_bang(b: Builder, binding: tree.BangBinding, node: tree.LetBang) -> tree.Expression:
    span = node.span
    c = b.c
    c.next_id += 1
    binder = LocalBinder(-c.next_id, "resource", binding.pattern.span)
    name = tree.Name(binding.pattern.span, "resource", "resource")
    variable = tree.NamedPattern(binding.pattern.span, name, LocalResolution(binder))
    identifier = tree.Identifier(
        binding.pattern.span, tree.LongName(name.span, [name]), LocalResolution(binder)
    )
    body = translate(b, node.body)
    using = b.call("Using", [identifier, function(binding.pattern, body, span)], span, "`use!`")
    return b.call(
        "Bind", [b.source(binding.value), function(variable, using, span)], span, "`use!`"
    )


def _merged(b: Builder, node: tree.LetBang) -> tree.Expression:
    """`let! … and! …`"""
    span = node.span
    sources = [b.source(one.value) for one in node.bindings]
    patterns = [one.pattern for one in node.bindings]
    count = len(sources)
    returned = returned_value(node.body)
    if returned is not None and b.defines(f"Bind{count}Return"):
        whole = tree.TuplePattern(span, patterns)
        return b.call(
            f"Bind{count}Return",
            [*sources, function(whole, returned, span)],
            span,
            "`and!`",
        )
    if not b.defines(f"Bind{count}") and returned is not None and b.defines("BindReturn"):
        source, pattern = _merge(b, sources, patterns, span)
        return b.call("BindReturn", [source, function(pattern, returned, span)], span, "`and!`")
    return bound(b, node, translate(b, node.body))


def _merge(
    b: Builder, sources: list[tree.Expression], patterns: list[tree.Pattern], span: Span
) -> tuple[tree.Expression, tree.Pattern]:
    """All sources as one: as many as a `MergeSources` takes, with the rest as its last."""
    count = len(sources)
    if count == 1:
        return sources[0], patterns[0]
    width = 2
    while width < count and b.defines(f"MergeSources{width + 1}"):
        width += 1
    rest, inner = _merge(b, sources[width - 1 :], patterns[width - 1 :], span)
    name = "MergeSources" if width == 2 else f"MergeSources{width}"
    call = b.call(name, [*sources[: width - 1], rest], span, "`and!`")
    return call, tree.TuplePattern(span, [*patterns[: width - 1], inner])


def _report_behind(b: Builder, expression: tree.Expression) -> None:
    """`do! wait (); return 1` on one line: all of it is what `do!` waits for."""
    while isinstance(expression, tree.Sequential):
        expression = expression.expressions[-1]
    if isinstance(expression, (tree.Return, tree.ReturnBang)):
        construct = "return" if isinstance(expression, tree.Return) else "return!"
        b.c.report(OutsideComputation(expression.span, construct, is_behind=True))


@translates(tree.DoBang)
def _do_bang(b: Builder, node: tree.DoBang) -> tree.Expression:
    """`do!` at the end of a block."""
    span = node.span
    _report_behind(b, node.expression)
    unit = tree.ConstantPattern(span, tree.Constant(span, None, tree.LiteralKind.UNIT))
    nothing = tree.Constant(span, None, tree.LiteralKind.UNIT)
    source = b.source(node.expression)
    if b.defines("BindReturn"):
        return b.call("BindReturn", [source, function(unit, nothing, span)], span, "`do!`")
    if b.defines("Return"):
        rest = b.call("Return", [nothing], span, "`do!`")
    else:
        rest = zero_call(b, span, "`do!` at the end")
    return b.call("Bind", [source, function(unit, rest, span)], span, "`do!`")
