"""Pipelines over lists and arrays, lowered in two ways.

Comes in: a call of a function that takes a list or an array apart (`strict_stages.CONSUMERS`),
whose collection is made by others of that kind, or by a list or array expression. Goes out: the
calls as they are written, and beside them one loop that makes none of the collections in between;
`alternatives.py` takes one of the two when the whole program is known. Promises: what the pipeline
starts with is computed once, before both; everything else that is computed on the way is a
function, a literal or a local that stays what it is.
"""

from __future__ import annotations

from dataclasses import replace

from clef.inference import typed_tree as t
from clef.typed_core import well_known
from clef.typed_core.alternatives import OPERATION, Alternative
from clef.typed_core.application import apply_spine, lower_application
from clef.typed_core.builder import Block
from clef.typed_core.core import Atom, Expression
from clef.typed_core.in_place import can_walk, is_flow, walks_at_once
from clef.typed_core.loops import lower_for_in
from clef.typed_core.lowerer import Lowerer
from clef.typed_core.objects import lower_method_call
from clef.typed_core.strict_reading import (
    Call,
    Pipeline,
    read_call,
    read_collection,
)
from clef.typed_core.strict_stages import (
    GATHERING,
    MEMBERS,
)
from clef.typed_core.strict_ways import WayLowering, Ways
from clef.typed_core.suspensions import suspends
from clef.typed_core.values import Given
from clef.typed_core.walks import bare

_DEEPEST = 3
"""How many loops around each other are lowered in two ways."""


def lower_pipeline(lowerer: Lowerer, node: t.Expression, block: Block, tail: bool) -> Expression:
    """An application: a pipeline, or any other."""
    assert isinstance(node, t.Application)
    found = None if lowerer.grows else _consumed(lowerer, node, block)
    return lower_application(lowerer, node, block, tail) if found is None else found


def lower_member(lowerer: Lowerer, node: t.Expression, block: Block, tail: bool) -> Expression:
    """A call of a member: the end of a pipeline, or any other."""
    assert isinstance(node, t.MethodCall)
    function = MEMBERS.get(node.symbol)
    if function is not None and not lowerer.grows:
        head = t.GlobalReference(node.type, node.span, function, node.type_arguments)
        given = node.arguments if node.object is None else [node.object]
        call = t.Application(node.type, node.span, head, given)
        found = _consumed(lowerer, call, block)
        if found is not None:
            return found
        if can_walk(lowerer, head, given):
            return lower_application(lowerer, call, block, tail)
    return lower_method_call(lowerer, node, block, tail)


def lower_loop(lowerer: Lowerer, node: t.Expression, block: Block, tail: bool) -> Expression:
    """`for pattern in collection do body`: through a pipeline, or anything else."""
    assert isinstance(node, t.ForIn)
    is_made = isinstance(node.collection, t.Application | t.Coerce | t.Comprehension)
    if is_made and not lowerer.grows and lowerer.doubled < _DEEPEST:
        pipeline = read_collection(lowerer, node.collection, is_told=True)
        ways = None if pipeline is None else WayLowering(lowerer, pipeline, block).ways()
        if ways is not None:
            return _loop(lowerer, node, ways, block)
    return lower_for_in(lowerer, node, block, tail)


# What takes the collection apart ------------------------------------------------------------------


def _consumed(lowerer: Lowerer, node: t.Application, block: Block) -> Expression | None:
    """A call that takes a collection apart, if that can be lowered in two ways."""
    found = read_call(lowerer, node)
    if found is None:
        return None
    call, pipeline = found
    if call.twin in GATHERING and _makes_one_array(lowerer, pipeline):
        return None
    lowering = WayLowering(lowerer, pipeline, block)
    ready = lowering.ready(call)
    ways = None if ready is None else lowering.ways()
    if ready is None or ways is None:
        return None
    consumer, used = lowering.known(ready)
    walk = lowerer.specialiser.walks.of(consumer.twin, len(consumer.arguments))
    if walk is None or not walks_at_once(
        lowerer, consumer.twin, len(consumer.arguments), ways.flow
    ):
        return _call(lowerer, consumer, consumer.head.symbol, ways.plain, block)
    inside, beside = Block(), Block()
    fused = _call(lowerer, consumer, consumer.twin, ways.flow, inside)
    fused = lowerer.builder.finish(inside, fused)
    written = _call(lowerer, consumer, consumer.head.symbol, ways.plain, beside)
    written = lowerer.builder.finish(beside, written)
    counted = {name for stage in ways.stages for name in stage.functions} - {*used}
    made = Alternative(ways.stages, fused, counted, walk.is_whole and ways.is_whole, ways.scratch)
    return _branch(lowerer, made, fused, written, block)


def _makes_one_array(lowerer: Lowerer, pipeline: Pipeline) -> bool:
    """Whether there is just one collection in between, and it is an array."""
    if len(pipeline.stages) != 1 or pipeline.conversions or pipeline.made_by is not None:
        return False
    (stage,) = pipeline.stages
    is_array = lowerer.mono(stage.type).symbol == well_known.ARRAY
    return is_array and not stage.conversions and not isinstance(pipeline.source, t.Comprehension)


def _call(
    lowerer: Lowerer, consumer: Call, symbol: str, collection: t.Expression, block: Block
) -> Expression:
    head = replace(consumer.head, symbol=symbol)
    type = lowerer.mono(consumer.type)
    return apply_spine(lowerer, head, [*consumer.arguments, collection], type, block, False)


def _loop(lowerer: Lowerer, node: t.ForIn, ways: Ways, block: Block) -> Expression:
    """A loop through the collection, and one without it."""
    builder, walked = lowerer.builder, ways.flow
    if not (is_flow(lowerer, walked) or isinstance(bare(walked), Given)):
        return lower_for_in(lowerer, replace(node, collection=ways.plain), block, False)
    is_whole = ways.is_whole and (lowerer.going is None or not suspends(node.body))
    lowerer.doubled += 1
    inside, beside, within = Block(), Block(), Block()
    flowing = replace(node, collection=walked, enumeration=None)
    fused = lower_for_in(lowerer, flowing, inside, False)
    fused = builder.finish(inside, fused)
    atom = lowerer.value(ways.plain, beside)
    given = Given(ways.plain.type, ways.plain.span, atom)
    plain = lower_for_in(lowerer, replace(node, collection=given), within, False)
    plain = builder.finish(within, plain)
    lowerer.doubled -= 1
    made = Alternative(ways.stages, plain, frozenset(), is_whole, ways.scratch, is_loop=True)
    builder.effect(beside, plain)
    return _branch(lowerer, made, fused, builder.finish(beside, builder.unit()), block)


def _branch(
    lowerer: Lowerer, made: Alternative, fused: Expression, written: Expression, block: Block
) -> Expression:
    """The choice between two ways, which is made when the whole program is known."""
    builder, found = lowerer.builder, lowerer.specialiser.alternatives
    number = found.reserve()
    found.made[number] = made
    index: list[Atom] = [builder.int32(number)]
    question = builder.primitive(OPERATION, index, builder.boolean_type)
    return builder.branch(builder.bind(block, question), fused, written, written.type)
