"""List and array expressions, and ranges as values.

Comes in: comprehension bodies with `yield`s. Goes out: loops that push onto a list, which is turned
round at the end (in place, since nobody else has it). Promises: elements are computed in order;
sequences are made by sequences.py.
"""

from __future__ import annotations

from clef.inference import typed_tree as t
from clef.typed_core import well_known
from clef.typed_core.builder import Block
from clef.typed_core.core import Atom, Expression
from clef.typed_core.loops import iterate
from clef.typed_core.lowerer import Lowerer
from clef.typed_core.sequences import lower_sequence

_COUNTED = frozenset(
    f"System.{name}"
    for name in (
        *("SByte", "Byte", "Int16", "UInt16", "Int32", "UInt32", "Int64", "UInt64"),
        "Char",
    )
)


def lower_comprehension(
    lowerer: Lowerer, node: t.Expression, block: Block, tail: bool
) -> Expression:
    """`[ … ]`, `[| … |]`, `seq { … }`."""
    assert isinstance(node, t.Comprehension)
    if node.kind == "seq":
        return lower_sequence(lowerer, node, block)
    builder = lowerer.builder
    table = lowerer.specialiser.table
    element = lowerer.mono(node.element)
    range = _range(lowerer, node, block)
    if range is not None:
        return range
    list_type = table.named(well_known.LIST, element)
    gathered = builder.local(list_type, "", is_mutable=True)
    builder.bind_local(block, gathered, builder.construct(list_type, [], 0))

    def push(value: Atom, inside: Block) -> None:
        rest = builder.bind(inside, builder.variable(gathered))
        cell = builder.bind(inside, builder.construct(list_type, [value, rest], 1))
        builder.effect(inside, builder.assign(gathered, cell))

    def sink(item: t.Expression, inside: Block) -> None:
        if isinstance(item, t.Yield):
            push(lowerer.value(item.value, inside), inside)
        elif isinstance(item, t.YieldAll):
            iterate(lowerer, item.values, None, push, inside)

    outer = (lowerer.sinks, lowerer.going)
    lowerer.sinks, lowerer.going = [sink], None
    lowerer.effect(node.body, block)
    lowerer.sinks, lowerer.going = outer
    result = builder.bind(block, builder.variable(gathered))
    turn = well_known.LIST_REVERSE if node.kind == "list" else well_known.ARRAY_OF_REVERSED
    return lowerer.call_symbol(turn, [result], lowerer.mono(node.type), (element,))


def _range(lowerer: Lowerer, node: t.Comprehension, block: Block) -> Expression | None:
    """`[ first .. last ]` of numbers that can be counted: a function, because whoever takes the
    list apart can ask it for one item after the other.
    """
    body = node.body
    values = body.values if isinstance(body, t.YieldAll) else None
    if node.kind != "list" or not isinstance(values, t.Range) or values.step is not None:
        return None
    element = lowerer.mono(node.element)
    if element.symbol not in _COUNTED or lowerer.mono(values.start.type) is not element:
        return None
    bounds = [lowerer.value(values.start, block), lowerer.value(values.finish, block)]
    return lowerer.call_symbol(well_known.LIST_RANGE, bounds, lowerer.mono(node.type), (element,))


def lower_yield(lowerer: Lowerer, node: t.Expression, block: Block, tail: bool) -> Expression:
    """`yield` and `yield!`: what the innermost comprehension does with them."""
    if not lowerer.sinks:
        return lowerer.unsupported("`yield` here", "", node)
    lowerer.sinks[-1](node, block)
    return lowerer.builder.unit()


def lower_range(lowerer: Lowerer, node: t.Expression, block: Block, tail: bool) -> Expression:
    """A range used as a sequence."""
    assert isinstance(node, t.Range)
    type = lowerer.mono(node.type)
    element = lowerer.mono(node.start.type)
    first = lowerer.value(node.start, block)
    if node.step is None:
        last = lowerer.value(node.finish, block)
        return lowerer.call_symbol(well_known.RANGE, [first, last], type, (element,))
    step = lowerer.value(node.step, block)
    last = lowerer.value(node.finish, block)
    arguments = (element,) if step.type is element else (element, step.type)
    return lowerer.call_symbol(well_known.RANGE_STEP, [first, step, last], type, arguments)
