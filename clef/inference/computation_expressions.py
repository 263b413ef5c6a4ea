"""Computation expressions: `builder { … }` as calls of the builder's methods.

Comes in: a block and its builder. Goes out: the typed calls. Promises: follows the F# specification
(§6.3.10): every construct
becomes a call of the method that it stands for; a missing method is reported by the construct that
needs it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from clef.data_classes import dataclass, field
from clef.diagnostics.typing import MissingBuilderMethod
from clef.inference import typed_tree as typed
from clef.inference.comprehensions import has_yield
from clef.inference.expressions.dispatch import check, failed, fit, handles, infer
from clef.inference.members import find_members
from clef.inference.signatures import MemberSignature
from clef.inference.state import Checker, Reason
from clef.inference.traits import weak_resolution
from clef.inference.type_text import show
from clef.inference.types import ERROR, FunctionType, Type, TypeVariable
from clef.inference.unification import prune
from clef.inference.well_known import EXCEPTION, OPERATORS, UNIT
from clef.names.entities import LocalBinder, LocalResolution
from clef.source import Span
from clef.syntax import tree


@dataclass(slots=True, eq=False)
class CheckedNode(tree.Expression):
    """A typed expression in the place of syntax."""

    value: typed.Expression


@dataclass(slots=True, eq=False)
class ImplicitYield(tree.Expression):
    """A statement that is an element when it is not unit; `rest` follows it, if anything does."""

    builder: Builder
    statement: tree.Expression
    rest: tree.Expression | None


@handles(CheckedNode)
def _checked(c: Checker, node: CheckedNode, expected: Type, why: Reason | None) -> typed.Expression:
    return fit(c, node.value, expected, why)


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

    def delay(self, body: tree.Expression, span: Span) -> tree.Expression:
        """`builder.Delay(fun () -> body)`, or the body when there is no Delay."""
        if not self.defines("Delay"):
            return body
        return self.call("Delay", [thunk(body, span)], span, "a delayed part")

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


def computation_expression(
    c: Checker,
    head: tree.Expression,
    block: tree.ComputationBlock,
    expected: Type,
    why: Reason | None,
    span: Span,
) -> typed.Expression:
    """A whole block."""
    value = infer(c, head)
    type = prune(value.type)
    if isinstance(type, TypeVariable):
        weak_resolution(c, type)
        type = prune(type)
    if type == ERROR:
        return failed(span)
    if isinstance(type, FunctionType):
        from clef.inference.comprehensions import comprehension

        inner = comprehension(c, "seq", block.body, type.parameter, None, block.span)
        return fit(c, typed.Application(type.result, span, value, [inner]), expected, why)
    binding: typed.LocalBinding | None = None
    reference = value
    if not isinstance(value, typed.LocalReference | typed.GlobalReference):
        local = c.local("builder", value.type, head.span)
        pattern = typed.VariablePattern(value.type, head.span, local)
        binding = typed.LocalBinding(pattern, (), [], value, head.span)
        reference = typed.LocalReference(value.type, head.span, local)
    builder = Builder(c, reference, type)
    builder.operations = _operations(c, type)
    needed = ("Yield", "Combine", "Delay")
    builder.is_implicit = (
        all(builder.defines(m) for m in needed)
        and not has_yield(block.body)
        and not builder.operations
    )
    body = translate(builder, block.body)
    if builder.defines("Delay"):
        body = builder.delay(body, span)
    if builder.defines("Run"):
        body = builder.call("Run", [body], span, "a block")
    found = check(c, body, expected, why)
    if binding is not None:
        found = typed.Let(found.type, span, [binding], False, found)
    return found


def _operations(c: Checker, type: Type) -> dict[str, MemberSignature]:
    """Custom operations by their names."""
    from clef.inference.members import hierarchy

    found: dict[str, MemberSignature] = {}
    for owner in hierarchy(c, type):
        signature = c.type_named(owner.symbol)
        if signature is None:
            continue
        for group in signature.members.values():
            for member in group:
                if member.custom_operation:
                    found.setdefault(member.custom_operation, member)
        for member in c.extensions_of(owner.symbol):
            if member.custom_operation:
                found.setdefault(member.custom_operation, member)
    return found


# Translation --------------------------------------------------------------------------------------


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
    return _plain_last(b, node)


def _plain_last(b: Builder, node: tree.Expression) -> tree.Expression:
    """An ordinary expression at the end: an effect, then `Zero`; or an implicit element."""
    if b.is_implicit:
        return ImplicitYield(node.span, b, node, None)
    zero = _zero(b, node.span, "an expression without `return`")
    return tree.Sequential(node.span, [node, zero])


def _zero(b: Builder, span: Span, construct: str) -> tree.Expression:
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
        rest = node.rest if node.rest is not None else _zero(b, span, "an empty block")
        following = check(c, rest, expected, why)
        return typed.Sequential(following.type, span, [value, following])
    yielded = b.call("Yield", [CheckedNode(span, value)], span, "an element")
    if node.rest is not None:
        yielded = b.call("Combine", [yielded, b.delay(node.rest, span)], span, "two elements")
    return check(c, yielded, expected, why)


def is_computation(node: tree.Expression) -> bool:
    """Whether a statement in front of others is a computation rather than an ordinary effect."""
    return type(node) in _TRANSLATIONS and not (
        isinstance(node, tree.Let | tree.Sequential | tree.Paren | tree.Do) and not _contains(node)
    )


def _contains(node: tree.Expression) -> bool:
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


def _sequential(b: Builder, node: tree.Sequential) -> tree.Expression:
    items = node.expressions
    result = translate(b, items[-1])
    for item in reversed(items[:-1]):
        result = _before(b, item, result)
    return result


def _before(b: Builder, item: tree.Expression, rest: tree.Expression) -> tree.Expression:
    """One statement in front of a translated rest."""
    span = item.span
    if isinstance(item, tree.DoBang):
        unit = tree.ConstantPattern(span, tree.Constant(span, None, tree.LiteralKind.UNIT))
        return b.call(
            "Bind", [b.source(item.expression), function(unit, rest, span)], span, "`do!`"
        )
    if is_computation(item):
        first = translate(b, item)
        return b.call("Combine", [first, b.delay(rest, span)], span, "two computations in sequence")
    if b.is_implicit:
        return ImplicitYield(span, b, item, rest)
    return tree.Sequential(span, [item, rest])


def _let(b: Builder, node: tree.Let) -> tree.Expression:
    if node.is_use:
        body = translate(b, node.body)
        for binding in reversed(node.bindings):
            body = _using(b, binding, body)
        return body
    return tree.Let(node.span, node.bindings, translate(b, node.body), node.is_recursive)


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


def _let_bang(b: Builder, node: tree.LetBang) -> tree.Expression:
    span = node.span
    if len(node.bindings) > 1:
        return _merged(b, node)
    binding = node.bindings[0]
    if node.is_use:
        return _use_bang(b, binding, node)
    source = b.source(binding.value)
    if b.defines("BindReturn"):
        returned = _returned(node.body)
        if returned is not None:
            arguments = [source, function(binding.pattern, returned, span)]
            return b.call("BindReturn", arguments, span, "`let!`")
    body = translate(b, node.body)
    return b.call("Bind", [source, function(binding.pattern, body, binding.span)], span, "`let!`")


def _returned(node: tree.Expression) -> tree.Expression | None:
    """The value of a body that only returns."""
    match node:
        case tree.Return(expression=value):
            return value
        case tree.Let(bindings=bindings, body=body, is_use=False):
            inner = _returned(body)
            if inner is not None:
                return tree.Let(node.span, bindings, inner, node.is_recursive)
        case tree.Sequential(expressions=items) if not any(
            type(i) in _TRANSLATIONS for i in items[:-1]
        ):
            inner = _returned(items[-1])
            if inner is not None:
                return tree.Sequential(node.span, [*items[:-1], inner])
        case _:
            pass
    return None


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
    returned = _returned(node.body)
    if returned is not None and b.defines(f"Bind{count}Return"):
        whole = tree.TuplePattern(span, patterns)
        return b.call(
            f"Bind{count}Return",
            [*sources, function(whole, returned, span)],
            span,
            "`and!`",
        )
    if b.defines(f"Bind{count}"):
        whole = tree.TuplePattern(span, patterns)
        body = translate(b, node.body)
        return b.call(f"Bind{count}", [*sources, function(whole, body, span)], span, "`and!`")
    source, pattern = _merge(b, sources, patterns, span)
    if returned is not None and b.defines("BindReturn"):
        return b.call("BindReturn", [source, function(pattern, returned, span)], span, "`and!`")
    body = translate(b, node.body)
    return b.call("Bind", [source, function(pattern, body, span)], span, "`and!`")


def _merge(
    b: Builder, sources: list[tree.Expression], patterns: list[tree.Pattern], span: Span
) -> tuple[tree.Expression, tree.Pattern]:
    count = len(sources)
    if count == 1:
        return sources[0], patterns[0]
    if count > 2 and b.defines(f"MergeSources{count}"):
        call = b.call(f"MergeSources{count}", sources, span, "`and!`")
        return call, tree.TuplePattern(span, patterns)
    rest, inner = _merge(b, sources[1:], patterns[1:], span)
    call = b.call("MergeSources", [sources[0], rest], span, "`and!`")
    return call, tree.TuplePattern(span, [patterns[0], inner])


def _do_bang(b: Builder, node: tree.DoBang) -> tree.Expression:
    """`do!` at the end of a block."""
    span = node.span
    unit = tree.ConstantPattern(span, tree.Constant(span, None, tree.LiteralKind.UNIT))
    nothing = tree.Constant(span, None, tree.LiteralKind.UNIT)
    source = b.source(node.expression)
    if b.defines("BindReturn"):
        return b.call("BindReturn", [source, function(unit, nothing, span)], span, "`do!`")
    if b.defines("Return"):
        rest = b.call("Return", [nothing], span, "`do!`")
    else:
        rest = _zero(b, span, "`do!` at the end")
    return b.call("Bind", [source, function(unit, rest, span)], span, "`do!`")


def _yield(b: Builder, node: tree.Yield) -> tree.Expression:
    return b.call("Yield", [node.expression], node.span, "`yield`")


def _yield_bang(b: Builder, node: tree.YieldBang) -> tree.Expression:
    return b.call("YieldFrom", [b.source(node.expression)], node.span, "`yield!`")


def _return(b: Builder, node: tree.Return) -> tree.Expression:
    return b.call("Return", [node.expression], node.span, "`return`")


def _return_bang(b: Builder, node: tree.ReturnBang) -> tree.Expression:
    return b.call("ReturnFrom", [b.source(node.expression)], node.span, "`return!`")


def _for_in(b: Builder, node: tree.ForIn) -> tree.Expression:
    body = translate(b, node.body)
    span = node.span
    source = b.source(node.source) if not isinstance(node.source, tree.Range) else node.source
    if isinstance(source, tree.Range):
        source = tree.ComputationBlock(source.span, source)
    return b.call("For", [source, function(node.pattern, body, span)], span, "`for`")


def _for_to(b: Builder, node: tree.ForTo) -> tree.Expression:
    span = node.span
    step: tree.Expression | None = None
    if node.is_down:
        step = tree.Constant(span, -1, tree.LiteralKind.INT32)
    numbers = tree.ComputationBlock(span, tree.Range(span, node.start, step, node.end))
    pattern = tree.NamedPattern(node.name.span, node.name, b.c.table.get(node.name))
    return b.call("For", [numbers, function(pattern, translate(b, node.body), span)], span, "`for`")


def _while(b: Builder, node: tree.While) -> tree.Expression:
    span = node.span
    if node.is_bang:
        return _while_bang(b, node)
    body = b.delay(translate(b, node.body), span)
    return b.call("While", [thunk(node.condition, span), body], span, "`while`")


def _while_bang(b: Builder, node: tree.While) -> tree.Expression:
    """`while! c do body`: bind the condition, then loop on a variable (F# 8)."""
    span = node.span
    c = b.c
    c.next_id += 1
    binder = LocalBinder(-c.next_id, "continues", span, is_mutable=True)
    resolution = LocalResolution(binder)
    name = tree.Name(span, "continues", "continues")
    identifier = tree.Identifier(span, tree.LongName(span, [name]), resolution)
    c.table[name] = resolution
    c.next_id += 1
    again = LocalBinder(-c.next_id, "again", span)
    again_name = tree.Name(span, "again", "again")
    again_pattern = tree.NamedPattern(span, again_name, LocalResolution(again))
    again_identifier = tree.Identifier(
        span, tree.LongName(span, [again_name]), LocalResolution(again)
    )

    def bound(rest: tree.Expression) -> tree.Expression:
        arguments = [b.source(node.condition), function(again_pattern, rest, span)]
        return b.call("Bind", arguments, span, "`while!`")

    assign = tree.Assign(span, identifier, again_identifier)
    zero = _zero(b, span, "`while!`")
    c.next_id += 1
    step = bound(tree.Sequential(span, [assign, zero]))
    body = (
        _before(b, node.body, step)
        if is_computation(node.body)
        else tree.Sequential(span, [node.body, step])
    )
    loop = b.call("While", [thunk(identifier, span), b.delay(body, span)], span, "`while!`")
    head = tree.NameHead(span, name, None, [])
    second = LocalBinder(-c.next_id, "first", span)
    second_name = tree.Name(span, "first", "first")
    second_pattern = tree.NamedPattern(span, second_name, LocalResolution(second))
    second_identifier = tree.Identifier(
        span, tree.LongName(span, [second_name]), LocalResolution(second)
    )
    binding = tree.Binding(span, [], None, None, False, True, head, [], None, second_identifier)
    inner = tree.Let(span, [binding], loop)
    arguments = [b.source(node.condition), function(second_pattern, inner, span)]
    return b.call("Bind", arguments, span, "`while!`")


def _if(b: Builder, node: tree.If) -> tree.Expression:
    then = translate(b, node.consequence)
    if node.alternative is not None:
        otherwise = translate(b, node.alternative)
    else:
        otherwise = _zero(b, node.span, "`if` without `else`")
    return tree.If(node.span, node.condition, then, otherwise)


def _clauses(b: Builder, clauses: list[tree.Clause]) -> list[tree.Clause]:
    return [
        tree.Clause(one.span, one.pattern, one.guard, translate(b, one.body)) for one in clauses
    ]


def _match(b: Builder, node: tree.Match) -> tree.Expression:
    clauses = _clauses(b, node.clauses)
    if node.is_bang:
        rules = tree.Function(node.span, clauses)
        return b.call("Bind", [b.source(node.subject), rules], node.span, "`match!`")
    return tree.Match(node.span, node.subject, clauses)


def _try_with(b: Builder, node: tree.TryWith) -> tree.Expression:
    span = node.span
    body = b.delay(translate(b, node.body), span)
    clauses = _clauses(b, node.clauses)
    c = b.c
    c.next_id += 1
    binder = LocalBinder(-c.next_id, "error", span)
    name = tree.Name(span, "error", "error")
    pattern = tree.NamedPattern(span, name, LocalResolution(binder))
    clauses.append(tree.Clause(span, pattern, None, Reraise(span, binder)))
    return b.call("TryWith", [body, Handler(span, clauses)], span, "`try … with`")


@dataclass(slots=True, eq=False)
class Handler(tree.Expression):
    """The rules of a `with`, the last of which raises again what no other matched."""

    clauses: list[tree.Clause]


@handles(Handler)
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


def _try_finally(b: Builder, node: tree.TryFinally) -> tree.Expression:
    span = node.span
    body = b.delay(translate(b, node.body), span)
    return b.call("TryFinally", [body, thunk(node.finalizer, span)], span, "`try … finally`")


def _paren(b: Builder, node: tree.Paren) -> tree.Expression:
    return translate(b, node.expression) if _contains(node) else _plain_last(b, node)


def _do(b: Builder, node: tree.Do) -> tree.Expression:
    return tree.Sequential(node.span, [node, _zero(b, node.span, "`do`")])


_TRANSLATIONS: dict[type, Callable[[Builder, Any], tree.Expression]] = {
    tree.Sequential: _sequential,
    tree.Let: _let,
    tree.LetBang: _let_bang,
    tree.DoBang: _do_bang,
    tree.Yield: _yield,
    tree.YieldBang: _yield_bang,
    tree.Return: _return,
    tree.ReturnBang: _return_bang,
    tree.ForIn: _for_in,
    tree.ForTo: _for_to,
    tree.While: _while,
    tree.If: _if,
    tree.Match: _match,
    tree.TryWith: _try_with,
    tree.TryFinally: _try_finally,
    tree.Paren: _paren,
    tree.Do: _do,
}


# Custom operations --------------------------------------------------------------------------------
