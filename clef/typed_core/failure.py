"""Exceptions: `try … with`, `try … finally`, `use`.

Comes in: protected expressions. Goes out: `TryWith` nodes. Promises: an exception that no rule
takes goes on unchanged; a finalizer is lowered once and runs exactly once, however the body ends.
"""

from __future__ import annotations

from collections.abc import Callable

from clef.inference import typed_tree as t
from clef.typed_core.builder import Block
from clef.typed_core.core import Expression
from clef.typed_core.decisions import Occurrence
from clef.typed_core.lowerer import Lowerer
from clef.typed_core.matching import Rule, body_of, match_rules


def lower_try_with(lowerer: Lowerer, node: t.Expression, block: Block, tail: bool) -> Expression:
    """`try body with rules`."""
    assert isinstance(node, t.TryWith)
    builder = lowerer.builder
    type = lowerer.mono(node.type)
    body = lowerer.nested(node.body, False)
    caught = builder.local(lowerer.specialiser.exception, "error")
    lowerer.handled.append(caught)
    inside = Block()
    rules = [
        Rule(rule.pattern, rule.guard, body_of(lowerer, rule.body, tail)) for rule in node.rules
    ]
    place = Occurrence("atom", caught.type, atom=builder.variable(caught))

    def again(_: Block) -> Expression:
        return builder.throw(builder.variable(caught), type)

    handler = builder.finish(inside, match_rules(lowerer, place, rules, again, type, inside))
    lowerer.handled.pop()
    return builder.try_with(body, caught, handler, type)


def protect(
    lowerer: Lowerer,
    body: Callable[[], Expression],
    finalizer: Callable[[Block], None],
    block: Block,
) -> Expression:
    """`body`, then `finalizer` whether it raised or not; the result waits in a mutable local
    meanwhile."""
    builder = lowerer.builder
    exception = lowerer.specialiser.exception
    protected = body()
    type = protected.type
    result = builder.local(type, "", is_mutable=True)
    zero = builder.primitive("vacant", [], type, (type,))
    builder.bind_local(block, result, zero)
    inside = Block()
    builder.effect(inside, builder.assign(result, builder.bind(inside, protected)))
    nothing = builder.primitive("null", [], exception, (exception,))
    caught = builder.local(exception, "error")
    attempt = builder.try_with(
        builder.finish(inside, nothing), caught, builder.variable(caught), exception
    )
    pending = builder.bind(block, attempt)
    finalizer(block)
    succeeded = builder.bind(block, builder.primitive("is_null", [pending], builder.boolean_type))
    raised = builder.throw(builder.again(pending), type)
    return builder.branch(succeeded, builder.variable(result), raised, type)


def lower_try_finally(lowerer: Lowerer, node: t.Expression, block: Block, tail: bool) -> Expression:
    """`try body finally finalizer`."""
    assert isinstance(node, t.TryFinally)
    return protect(
        lowerer,
        lambda: lowerer.nested(node.body, False),
        lambda inside: lowerer.effect(node.finalizer, inside),
        block,
    )


def dispose(lowerer: Lowerer, local: t.Local, call: t.Expression, block: Block) -> None:
    """Call `Dispose` unless the value is null."""
    builder = lowerer.builder
    type = lowerer.mono(local.type)
    if not lowerer.specialiser.shapes.is_polymorphic(type):
        lowerer.effect(call, block)
        return
    value = lowerer.builder.bind(block, lowerer.read(local, block))
    null = builder.bind(block, builder.primitive("is_null", [value], builder.boolean_type))
    inside = Block()
    lowerer.effect(call, inside)
    present = builder.finish(inside, builder.unit())
    builder.effect(block, builder.branch(null, builder.unit(), present, builder.unit_type))


def lower_use(lowerer: Lowerer, node: t.Expression, block: Block, tail: bool) -> Expression:
    """`use x = value in body`."""
    assert isinstance(node, t.Use)
    value = lowerer.expression(node.value, block, False)
    lowerer.bind_local(node.local, value, block)
    return protect(
        lowerer,
        lambda: lowerer.nested(node.body, False),
        lambda inside: dispose(lowerer, node.local, node.dispose, inside),
        block,
    )
