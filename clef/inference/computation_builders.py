"""What computation expressions are translated to: calls of a builder, and the few forms of
expressions that no source text has.

Comes in: a builder's type, and translated parts. Goes out: syntax whose typed parts stand in it as
they are. Promises: a missing method is reported by the construct that needs it.
"""

from __future__ import annotations

from clef.data_classes import dataclass, field
from clef.diagnostics.typing import MissingBuilderMethod
from clef.inference import typed_tree as typed
from clef.inference.expressions.dispatch import fit, handles, own_function
from clef.inference.members import find_members
from clef.inference.signatures import MemberSignature
from clef.inference.state import Checker, Reason
from clef.inference.type_text import show
from clef.inference.types import FunctionType, Type
from clef.inference.well_known import EXCEPTION, OPERATORS
from clef.names.entities import LocalBinder
from clef.source import Span
from clef.syntax import tree


@dataclass(slots=True, eq=False)
class CheckedNode(tree.Expression):
    """A typed expression in the place of syntax."""

    value: typed.Expression


@handles(CheckedNode)
def _checked(c: Checker, node: CheckedNode, expected: Type, why: Reason | None) -> typed.Expression:
    return fit(c, node.value, expected, why)


@dataclass(slots=True, eq=False)
class ImplicitYield(tree.Expression):
    """A statement that is an element when it is not unit; `rest` follows it, if anything does."""

    builder: Builder
    statement: tree.Expression
    rest: tree.Expression | None


@dataclass(slots=True)
class Builder:
    """The builder of a block and the methods it has."""

    c: Checker
    reference: typed.Expression
    type: Type
    has: dict[str, bool] = field(default_factory=dict[str, bool])
    operations: dict[str, MemberSignature] = field(default_factory=dict[str, MemberSignature])
    is_implicit: bool = False

    def defines(self, method: str) -> bool:
        """Whether the builder has a method."""
        known = self.has.get(method)
        if known is None:
            known = self.has[method] = bool(find_members(self.c, self.type, method))
        return known

    def call(
        self, method: str, arguments: list[tree.Expression], span: Span, construct: str
    ) -> tree.Expression:
        """`builder.Method(arguments)`"""
        if not self.defines(method):
            self.c.report(MissingBuilderMethod(span, construct, method, show(self.type)))
            return tree.ErrorExpression(span)
        name = tree.LongName(span, [tree.Name(span, method, method)])
        target = tree.DotGet(span, CheckedNode(span, self.reference), name)
        inner: tree.Expression
        if not arguments:
            return tree.Application(
                span,
                target,
                tree.Constant(span, None, tree.LiteralKind.UNIT),
                tree.ApplicationForm.ADJACENT,
            )
        inner = arguments[0] if len(arguments) == 1 else tree.Tuple(span, arguments)
        return tree.Application(
            span, target, tree.Paren(span, inner), tree.ApplicationForm.ADJACENT
        )

    def delay(self, body: tree.Expression, span: Span, construct: str) -> tree.Expression:
        """`builder.Delay(fun () -> body)`"""
        return self.call("Delay", [thunk(body, span)], span, construct)

    def source(self, node: tree.Expression) -> tree.Expression:
        """What `let!`, `for` and their like take, through `Source` if there is one."""
        if self.defines("Source"):
            return self.call("Source", [node], node.span, "a source")
        return node


def thunk(body: tree.Expression, span: Span) -> tree.Expression:
    """`fun () -> body`"""
    unit = tree.ConstantPattern(span, tree.Constant(span, None, tree.LiteralKind.UNIT))
    return tree.Lambda(span, [unit], body)


def function(pattern: tree.Pattern, body: tree.Expression, span: Span) -> tree.Expression:
    """`fun pattern -> body`"""
    return tree.Lambda(span, [pattern], body)


@dataclass(slots=True, eq=False)
class Handler(tree.Expression):
    """The rules of a `with`, the last of which raises again what no other matched."""

    clauses: list[tree.Clause]


@handles(Handler)
@own_function
def _handler(c: Checker, node: Handler, expected: Type, why: Reason | None) -> typed.Expression:
    from clef.inference.expressions.control import check_rules, demand_complete
    from clef.inference.unification import unify

    result = c.fresh(node.span)
    type = FunctionType(EXCEPTION, result)
    unify(c, expected, type)
    rules = check_rules(c, node.clauses, EXCEPTION, result, why, None)
    demand_complete(c, node.span, EXCEPTION, rules[:-1], is_try=True)
    local = c.local("error", EXCEPTION, node.span)
    subject = typed.LocalReference(EXCEPTION, node.span, local)
    body = typed.Match(result, node.span, subject, rules)
    pattern = typed.VariablePattern(EXCEPTION, node.span, local)
    return fit(c, typed.Lambda(type, node.span, [pattern], body), expected, why)


@dataclass(slots=True, eq=False)
class Reraise(tree.Expression):
    """`raise error`, when no rule of a handler matched."""

    binder: LocalBinder


@handles(Reraise)
def _reraise(c: Checker, node: Reraise, expected: Type, why: Reason | None) -> typed.Expression:
    entry = c.locals[node.binder]
    reference = typed.LocalReference(entry.local.type, node.span, entry.local)
    raiser = typed.GlobalReference(
        FunctionType(EXCEPTION, expected), node.span, f"{OPERATORS}.raise", (expected,)
    )
    return typed.Application(expected, node.span, raiser, [reference])
