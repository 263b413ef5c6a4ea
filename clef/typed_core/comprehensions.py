"""List and array expressions, and ranges as values.

Comes in: comprehension bodies with `yield`s. Goes out: loops that push onto a list, which is turned
round at the end (in place, since nobody else has it), or fill an array. Promises: elements are
computed in order; sequences are made by sequences.py.
"""

from __future__ import annotations

from clef.inference import typed_tree as t
from clef.typed_core import well_known
from clef.typed_core.builder import Block
from clef.typed_core.core import Atom, Expression, Local
from clef.typed_core.lengths import expected
from clef.typed_core.loops import iterate
from clef.typed_core.lowerer import Lowerer
from clef.typed_core.repetition import Each
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
    made = _range(lowerer, node, block)
    if made is None:
        made = _array(lowerer, node, block) if node.kind == "array" else _list(lowerer, node, block)
    return made


def _list(lowerer: Lowerer, node: t.Comprehension, block: Block) -> Expression:
    """Back to front, then turned round."""
    builder = lowerer.builder
    type = lowerer.mono(node.type)
    gathered = builder.local(type, "", is_mutable=True)
    builder.bind_local(block, gathered, builder.construct(type, [], 0))

    def push(value: Atom, inside: Block) -> None:
        rest = builder.bind(inside, builder.variable(gathered))
        cell = builder.bind(inside, builder.construct(type, [value, rest], 1))
        builder.effect(inside, builder.assign(gathered, cell))

    _gather(lowerer, node.body, push, block)
    result = builder.bind(block, builder.variable(gathered))
    return lowerer.call_symbol(well_known.LIST_REVERSE, [result], type, type.arguments)


def _gather(lowerer: Lowerer, body: t.Expression, push: Each, block: Block) -> None:
    """Run the body; `push` takes what it yields."""

    def sink(item: t.Expression, inside: Block) -> None:
        if isinstance(item, t.Yield):
            push(lowerer.value(item.value, inside), inside)
        elif isinstance(item, t.YieldAll):
            iterate(lowerer, item.values, None, push, inside)

    outer = (lowerer.sinks, lowerer.going)
    lowerer.sinks, lowerer.going = [sink], None
    lowerer.effect(body, block)
    lowerer.sinks, lowerer.going = outer


def _array(lowerer: Lowerer, node: t.Comprehension, block: Block) -> Expression:
    """Into an array that gets twice as long when it is full, unless its length is known before."""
    builder = lowerer.builder
    type, int32 = lowerer.mono(node.type), builder.int32_type
    (element,) = type.arguments
    room, body = expected(lowerer, node.body, block)
    items = builder.local(type, "", is_mutable=room is None)
    count = builder.local(int32, "", is_mutable=True)
    start = builder.primitive("array_zero", [room or builder.int32(0)], type, (element,))
    builder.bind_local(block, items, start)
    builder.bind_local(block, count, builder.int32(0))

    def read(local: Local, inside: Block) -> Atom:
        return builder.bind(inside, builder.variable(local))

    def grow(inside: Block, used: Atom) -> None:
        array = read(items, inside)
        length = builder.primitive("array_length", [array], int32, (element,))
        operands = [used, builder.bind(inside, length)]
        full = builder.bind(inside, builder.primitive("eq", operands, builder.boolean_type))
        longer = Block()
        old = read(items, longer)
        call = lowerer.call_symbol(well_known.ARRAY_GROWN, [old], type, (element,))
        builder.effect(longer, builder.assign(items, builder.bind(longer, call)))
        then = builder.finish(longer, builder.unit())
        builder.effect(inside, builder.branch(full, then, builder.unit(), builder.unit_type))

    def push(value: Atom, inside: Block) -> None:
        used = read(count, inside)
        if room is None:
            grow(inside, used)
        operands = [read(items, inside), builder.again(used), value]
        unit = builder.unit_type
        store = builder.primitive("array_set_unchecked", operands, unit, (element,))
        builder.effect(inside, store)
        more = builder.primitive("add", [builder.again(used), builder.int32(1)], int32)
        builder.effect(inside, builder.assign(count, builder.bind(inside, more)))

    _gather(lowerer, body, push, block)
    whole = [read(items, block)]
    if room is not None:
        return builder.again(whole[0])
    whole.append(read(count, block))
    return lowerer.call_symbol(well_known.ARRAY_FITTED, whole, type, (element,))


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
