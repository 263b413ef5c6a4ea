"""How many elements an array expression will have, where that is known before the first one.

Comes in: the body of an array expression. Goes out: an operand with the number, and the body that
goes on from what was computed for it. Promises: each round of the one loop gives one element, or
does not end normally; bounds and collections are computed once, where the loop would compute them.
"""

from __future__ import annotations

from dataclasses import replace

from clef.inference import typed_tree as t
from clef.typed_core import well_known
from clef.typed_core.builder import Block
from clef.typed_core.core import Atom
from clef.typed_core.lowerer import Lowerer
from clef.typed_core.matching import is_irrefutable
from clef.typed_core.suspensions import suspends
from clef.typed_core.values import Given


def expected(
    lowerer: Lowerer, body: t.Expression, block: Block
) -> tuple[Atom | None, t.Expression]:
    """The number of elements, if it is known."""
    match body:
        case t.ForTo(is_down=False) if _gives_one(body.body):
            first, last = _given(lowerer, body.start, block), _given(lowerer, body.finish, block)
            room = _between(lowerer, first.atom, last.atom, block)
            return room, replace(body, start=first, finish=last)
        case t.ForIn() if _gives_one(body.body) and is_irrefutable(lowerer, body.pattern):
            count, collection = _of_collection(lowerer, body.collection, block)
            return count, replace(body, collection=collection)
        case _:
            return None, body


def _gives_one(body: t.Expression) -> bool:
    """Whether it yields exactly once, if it ends normally."""
    while True:
        match body:
            case t.Let():
                body = body.body
            case t.Sequential(items=[*before, last]) if not any(map(suspends, before)):
                body = last
            case _:
                return isinstance(body, t.Yield)


def _given(lowerer: Lowerer, node: t.Expression, block: Block) -> Given:
    return Given(node.type, node.span, lowerer.value(node, block))


def _between(lowerer: Lowerer, first: Atom, last: Atom, block: Block) -> Atom:
    """The number of integers; as much memory as there is where they are too many for an int."""
    builder = lowerer.builder
    wide = lowerer.specialiser.mono.plain(well_known.INT64)
    ends = [
        builder.bind(block, builder.primitive("convert", [builder.again(one)], wide, (wide,)))
        for one in (last, first)
    ]
    distance = builder.bind(block, builder.primitive("sub", ends, wide))
    least = builder.literal(-1, wide)
    most = builder.literal(2**31 - 2, wide)
    for operation, bound in (("lt", least), ("gt", most)):
        operands = [builder.again(distance), bound]
        test = builder.primitive(operation, operands, builder.boolean_type)
        is_outside = builder.bind(block, test)
        inside = builder.again(distance)
        chosen = builder.branch(is_outside, builder.again(bound), inside, wide)
        distance = builder.bind(block, chosen)
    int32 = builder.int32_type
    short = builder.bind(block, builder.primitive("convert", [distance], int32, (int32,)))
    return builder.bind(block, builder.primitive("add", [short, builder.int32(1)], int32))


def _of_collection(
    lowerer: Lowerer, node: t.Expression, block: Block
) -> tuple[Atom | None, t.Expression]:
    if isinstance(node, t.Range) and node.step is None:
        type = lowerer.mono(node.start.type)
        if type is not lowerer.builder.int32_type:
            return None, node
        first, last = _given(lowerer, node.start, block), _given(lowerer, node.finish, block)
        room = _between(lowerer, first.atom, last.atom, block)
        return room, replace(node, start=first, finish=last)
    type = lowerer.mono(node.type)
    if type.symbol != well_known.ARRAY or lowerer.specialiser.shapes.of(type).rank != 1:
        return None, node
    array = _given(lowerer, node, block)
    builder = lowerer.builder
    length = builder.primitive("array_length", [array.atom], builder.int32_type, type.arguments)
    return builder.bind(block, length), array
