"""Control in computation expressions: results, loops, branches, handlers.

Comes in: a construct with nested computations. Goes out: `Yield`, `For`, `While`, `TryWith` and
their relatives.
"""

from __future__ import annotations

from clef.data_classes import dataclass
from clef.diagnostics.typing import MisplacedPart
from clef.inference.computation_builders import Builder, Handler, Reraise, function, thunk
from clef.inference.computation_translation import (
    before,
    contains_computation,
    is_computation,
    plain_last,
    translate,
    translates,
    zero_call,
)
from clef.inference.types import NamedType
from clef.inference.well_known import QUERY_BUILDER
from clef.names.entities import LocalBinder, LocalResolution
from clef.source import Span
from clef.syntax import tree


@translates(tree.Yield)
def _yield(b: Builder, node: tree.Yield) -> tree.Expression:
    return b.call("Yield", [node.expression], node.span, "`yield`")


@translates(tree.YieldBang)
def _yield_bang(b: Builder, node: tree.YieldBang) -> tree.Expression:
    return b.call("YieldFrom", [b.source(node.expression)], node.span, "`yield!`")


@translates(tree.Return)
def _return(b: Builder, node: tree.Return) -> tree.Expression:
    return b.call("Return", [node.expression], node.span, "`return`")


@translates(tree.ReturnBang)
def _return_bang(b: Builder, node: tree.ReturnBang) -> tree.Expression:
    return b.call("ReturnFrom", [b.source(node.expression)], node.span, "`return!`")


@translates(tree.ForIn)
def _for_in(b: Builder, node: tree.ForIn) -> tree.Expression:
    body = translate(b, node.body)
    span = node.span
    source = b.source(node.source) if not isinstance(node.source, tree.Range) else node.source
    if isinstance(source, tree.Range):
        source = tree.ComputationBlock(source.span, source)
    return b.call("For", [source, function(node.pattern, body, span)], span, "`for`")


@translates(tree.ForTo)
def _for_to(b: Builder, node: tree.ForTo) -> tree.Expression:
    _demand_no_query(b, node.span, "`for … to`")
    span = node.span
    step: tree.Expression | None = None
    if node.is_down:
        step = tree.Constant(span, -1, tree.LiteralKind.INT32)
    numbers = tree.ComputationBlock(span, tree.Range(span, node.start, step, node.end))
    pattern = tree.NamedPattern(node.name.span, node.name, b.c.table.get(node.name))
    return b.call("For", [numbers, function(pattern, translate(b, node.body), span)], span, "`for`")


@translates(tree.While)
def _while(b: Builder, node: tree.While) -> tree.Expression:
    span = node.span
    if node.is_bang:
        return _while_bang(b, node)
    body = b.delay(translate(b, node.body), span, "`while`")
    return b.call("While", [thunk(node.condition, span), body], span, "`while`")


def _while_bang(b: Builder, node: tree.While) -> tree.Expression:
    """`while! c do body`: bind the condition, then loop on a variable (F# 8)."""
    span = node.span
    continues, first, again = (_variable(b, t, span) for t in ("continues", "first", "again"))
    continues.binder.is_mutable = True

    def bound(variable: _Variable, rest: tree.Expression) -> tree.Expression:
        """The condition's value under this name in `rest`."""
        arguments = [b.source(node.condition), function(variable.pattern(), rest, span)]
        return b.call("Bind", arguments, span, "`while!`")

    assign = tree.Assign(span, continues.use(), again.use())
    step = bound(again, tree.Sequential(span, [assign, zero_call(b, span, "`while!`")]))
    if is_computation(node.body):
        body = before(b, node.body, step)
    else:
        body = tree.Sequential(span, [node.body, step])
    condition = thunk(continues.use(), span)
    loop = b.call("While", [condition, b.delay(body, span, "`while!`")], span, "`while!`")
    head = tree.NameHead(span, continues.name, None, [])
    b.c.table[continues.name] = LocalResolution(continues.binder)
    binding = tree.Binding(span, [], None, None, False, True, head, [], None, first.use())
    return bound(first, tree.Let(span, [binding], loop))


@dataclass(slots=True)
class _Variable:
    """A local that no source text has."""

    name: tree.Name
    binder: LocalBinder

    def use(self) -> tree.Expression:
        span = self.name.span
        return tree.Identifier(span, tree.LongName(span, [self.name]), LocalResolution(self.binder))

    def pattern(self) -> tree.Pattern:
        return tree.NamedPattern(self.name.span, self.name, LocalResolution(self.binder))


def _variable(b: Builder, text: str, span: Span) -> _Variable:
    b.c.next_id += 1
    return _Variable(tree.Name(span, text, text), LocalBinder(-b.c.next_id, text, span))


def _demand_no_query(b: Builder, span: Span, part: str) -> None:
    """A query says of every item the same (F# FS3090, FS3139, FS3163)."""
    if isinstance(b.type, NamedType) and b.type.symbol == QUERY_BUILDER:
        way_out = (
            "choose inside of an operation: `select (if … then … else …)`, or write `seq { … }`"
        )
        b.c.report(MisplacedPart(span, part, "a query", way_out))


@translates(tree.If)
def _if(b: Builder, node: tree.If) -> tree.Expression:
    if node.alternative is not None:
        _demand_no_query(b, node.span, "`if … else`")
    then = translate(b, node.consequence)
    if node.alternative is not None:
        otherwise = translate(b, node.alternative)
    else:
        otherwise = zero_call(b, node.span, "`if` without `else`")
    return tree.If(node.span, node.condition, then, otherwise)


def _clauses(b: Builder, clauses: list[tree.Clause]) -> list[tree.Clause]:
    return [
        tree.Clause(one.span, one.pattern, one.guard, translate(b, one.body)) for one in clauses
    ]


@translates(tree.Match)
def _match(b: Builder, node: tree.Match) -> tree.Expression:
    _demand_no_query(b, node.span, "`match`")
    clauses = _clauses(b, node.clauses)
    if node.is_bang:
        rules = tree.Function(node.span, clauses)
        return b.call("Bind", [b.source(node.subject), rules], node.span, "`match!`")
    return tree.Match(node.span, node.subject, clauses)


@translates(tree.TryWith)
def _try_with(b: Builder, node: tree.TryWith) -> tree.Expression:
    span = node.span
    body = b.delay(translate(b, node.body), span, "`try … with`")
    clauses = _clauses(b, node.clauses)
    c = b.c
    c.next_id += 1
    binder = LocalBinder(-c.next_id, "error", span)
    name = tree.Name(span, "error", "error")
    pattern = tree.NamedPattern(span, name, LocalResolution(binder))
    clauses.append(tree.Clause(span, pattern, None, Reraise(span, binder)))
    return b.call("TryWith", [body, Handler(span, clauses)], span, "`try … with`")


@translates(tree.TryFinally)
def _try_finally(b: Builder, node: tree.TryFinally) -> tree.Expression:
    span = node.span
    body = b.delay(translate(b, node.body), span, "`try … finally`")
    return b.call("TryFinally", [body, thunk(node.finalizer, span)], span, "`try … finally`")


@translates(tree.Paren)
def _paren(b: Builder, node: tree.Paren) -> tree.Expression:
    return translate(b, node.expression) if contains_computation(node) else plain_last(b, node)


@translates(tree.Do)
def _do(b: Builder, node: tree.Do) -> tree.Expression:
    return tree.Sequential(node.span, [node, zero_call(b, node.span, "`do`")])
