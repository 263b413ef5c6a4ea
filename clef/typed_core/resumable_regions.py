"""Regions of resumable functions with something to do at their end, in whatever way they are left.

Comes in: what writes the inside, and the finalizer. Goes out: states of a `Machine`. Promises: the
finalizer runs once, after the last state of the region, after an exception in it, and when the
machine is disposed of while it waits inside.
"""

from __future__ import annotations

from collections.abc import Callable

from clef.typed_core.builder import Block
from clef.typed_core.core import Expression
from clef.typed_core.machine import LEAVING, PENDING, Machine, State, finalized


def protected(
    machine: Machine, body: Callable[[], None], finalizer: Callable[[Block], None]
) -> None:
    """`body` in a region; the finalizer's state is outside of it and says where to go on."""
    landing, after = machine.new_state(), machine.new_state()
    outer = machine.region
    region = machine.open_region(landing, True)
    machine.region = region
    inside = machine.new_state()
    machine.region = outer
    machine.jump(inside)
    machine.enter(inside)
    body()
    machine.jump(landing)
    machine.enter(landing)
    machine.settle(outer, machine.block)
    finalizer(machine.block)
    _after_finalizer(machine, after)
    machine.enter(after)


def _after_finalizer(machine: Machine, after: State) -> None:
    """Go on with the exception, with leaving, or with what follows."""
    builder = machine.builder
    int32, boolean = builder.int32_type, builder.boolean_type
    exception = machine.lowerer.specialiser.exception
    pending = machine.load(PENDING)
    none = builder.bind(machine.block, builder.primitive("is_null", [pending], boolean))
    failing = Block()
    nothing = builder.primitive("null", [], exception, (exception,))
    builder.effect(failing, machine.write(PENDING, builder.bind(failing, nothing)))
    fail = builder.finish(failing, builder.throw(builder.again(pending), int32))
    calm = Block()
    leaving = builder.bind(calm, machine.read(LEAVING))
    is_leaving = builder.bind(calm, builder.primitive("ne", [leaving, builder.int32(0)], boolean))
    away = Block()
    outward = builder.finish(away, _outward(machine, away))
    onward_block = Block()
    onward = builder.finish(onward_block, machine.goto(after, onward_block))
    rest = builder.finish(calm, builder.branch(is_leaving, outward, onward, int32))
    machine.end(builder.branch(none, rest, fail, int32))


def _outward(machine: Machine, block: Block) -> Expression:
    """While the machine is disposed of: the next finalizer outside, or the end."""
    region = finalized(machine.region)
    if region is None:
        return machine.finish(block)
    return machine.goto(machine.states[region.landing], block)
