"""The parts of a resumable function: states, regions, and the fields that hold what lives across
suspensions.

Comes in: requests of resumable.py while it walks a body. Goes out: the `step` function of a machine
class. Promises: a state is code without suspensions; going from one state to another is a jump
inside `step`; the machine's fields say where to go on. `step` gives 0 (finished) or 1 (suspended:
`current` holds a value).

A machine that `opens` runs once when it is made, as far as its mark.

A region is code protected by a finalizer or by handlers. Leaving it by an exception or by disposal
goes to the region's own state, which runs outside of it.
"""

from __future__ import annotations

from collections.abc import Callable

from clef.data_classes import dataclass, field
from clef.inference import typed_tree as t
from clef.typed_core import core
from clef.typed_core.builder import Block
from clef.typed_core.core import Atom, Expression, Field, Label, Local, MonoType, TypeShape
from clef.typed_core.local_bindings import (
    CellBinding,
    FieldBinding,
    Flow,
    LateBinding,
    LocalFunction,
    Narrow,
)
from clef.typed_core.lowerer import Lowerer
from clef.typed_core.specialiser import Specialiser

STATE, CURRENT, REGION, PENDING, LEAVING, DELEGATE = range(6)
"""Indices of a machine's own fields; captures and locals follow."""
OWN_FIELDS = 6
FINISHED = -1
OPENED, ENDED = 1, 2
"""States of machines that do something when they are made: what they go on with, and where they
stay when there is no further item but what is open is not disposed of yet."""
FORWARDING = "$Forwarding"  # what machines answer that may have handed over to another
FORWARD = f"{FORWARDING}.Forward"


def forwarding_interface(specialiser: Specialiser, element: MonoType) -> MonoType:
    """The interface of machines that give `element`s."""
    type = specialiser.table.named(FORWARDING, element)
    shapes = specialiser.shapes.shapes
    if type not in shapes:
        shapes[type] = TypeShape(type, "interface", display_name=FORWARDING)
    return type


@dataclass(slots=True)
class Region:
    """`landing`: the state that goes on after an exception; `is_finalizer`: also when the machine
    is disposed of."""

    number: int
    parent: Region | None
    landing: int
    is_finalizer: bool


def disposer(step: str) -> str:
    """The name of the function that disposes of a machine."""
    return f"{step}.dispose"


def finalized(region: Region | None) -> Region | None:
    """The region, or the innermost one around it, that has a finalizer."""
    while region is not None and not region.is_finalizer:
        region = region.parent
    return region


def has_handler(region: Region | None) -> bool:
    """Whether the region, or one around it, belongs to a `try … with`."""
    while region is not None and region.is_finalizer:
        region = region.parent
    return region is not None


@dataclass(slots=True)
class State:
    number: int
    region: Region | None
    block: Block = field(default_factory=Block)
    end: Expression | None = None


_STAYING = (
    core.Literal,
    LocalFunction,
    FieldBinding,
    LateBinding,
    Flow,
    Narrow,
)  # in no slot that is lost


class Machine:
    """A machine under construction. `state` is the one that code is added to; None after a jump
    away."""

    def __init__(
        self,
        lowerer: Lowerer,
        shape: TypeShape,
        this: Local,
        element: MonoType,
        opens: bool = False,
    ) -> None:
        self.lowerer = lowerer
        self.builder = lowerer.builder
        self.shape = shape
        self.this = this
        self.element = element
        self.states: list[State] = []
        self.regions: list[Region] = []
        self.region: Region | None = None
        self.dispatch: Label = self.builder.label("resume")
        self.state = self.new_state()
        self.opens_next = False  # the next loop opens its source at once
        self.keeps_next = False  # and keeps it open at its end
        if opens:
            self.new_state()
            ended = self.new_state()
            ended.end = self.builder.int32(0)

    # Fields --------------------------------------------------------------------------------------

    def read(self, index: int) -> Expression:
        type = self.shape.fields[index].type
        return self.builder.project(
            self.builder.variable(self.this), self.shape.type, -1, index, type
        )

    def write(self, index: int, value: Atom) -> Expression:
        return self.builder.set_field(
            self.builder.variable(self.this), self.shape.type, index, value
        )

    def store(self, index: int, value: Atom) -> None:
        self.builder.effect(self.block, self.write(index, value))

    def slot(self, name: str, type: MonoType) -> int:
        """A new field."""
        self.shape.fields.append(Field(name, type, True))
        return len(self.shape.fields) - 1

    def keep(self, value: Atom, name: str = "") -> int:
        """A field that holds a value from now on."""
        index = self.slot(name, value.type)
        self.store(index, value)
        return index

    def load(self, index: int) -> Atom:
        return self.builder.bind(self.block, self.read(index))

    def hoist(self, local: t.Local) -> None:
        """A local that was just bound in this state lives in a field from now on."""
        binding = self.lowerer.environment.get(local)
        if binding is None or isinstance(binding, _STAYING):
            return
        content = self.lowerer.mono(local.type)
        if isinstance(binding, CellBinding):
            atom = self.builder.variable(binding.local)
            index = self.keep(atom, local.name)
            made = FieldBinding(self.this, index, atom.type, content, True)
        else:
            value = self.builder.bind(self.block, self.builder.variable(binding))
            index = self.keep(value, local.name)
            made = FieldBinding(self.this, index, content, content, False)
        self.lowerer.environment[local] = made

    # States --------------------------------------------------------------------------------------

    @property
    def block(self) -> Block:
        return self.state.block

    def new_state(self) -> State:
        made = State(len(self.states), self.region)
        self.states.append(made)
        return made

    def enter(self, state: State) -> None:
        self.state = state
        self.region = state.region

    def end(self, tail: Expression) -> None:
        """Nothing follows in this state."""
        self.state.end = tail

    def goto(self, target: State, block: Block | None = None) -> Expression:
        """Leave for another state; entering or leaving a region is written down."""
        at = block or self.block
        if target.region is not self.state.region:
            self.settle(target.region, at)
        operand = self.builder.int32(target.number)
        return self.builder.jump(self.dispatch, [operand], self.builder.int32_type)

    def settle(self, region: Region | None, block: Block) -> None:
        """From here on control is in `region`. Should an exception end the step before the next
        suspension, the next one goes to the region's finalizer, or gives nothing.
        """
        number = 0 if region is None else region.number
        self.builder.effect(block, self.write(REGION, self.builder.int32(number)))
        final = finalized(region)
        then = FINISHED if final is None else final.landing
        self.builder.effect(block, self.write(STATE, self.builder.int32(then)))

    def jump(self, target: State) -> None:
        self.end(self.goto(target))

    def suspend(self, value: Callable[[], Atom], then: State) -> None:
        """Give a value to whoever asked, and go on in `then` next time, also when computing the
        value raises.
        """
        self.store(STATE, self.builder.int32(then.number))
        self.store(CURRENT, value())
        self.end(self.builder.int32(1))

    def open(self) -> None:
        """What comes before runs when the machine is made, the rest when it is moved."""
        then = self.states[OPENED]
        then.region = self.region
        self.store(STATE, self.builder.int32(then.number))
        self.end(self.builder.int32(0))
        self.enter(then)

    def rest(self) -> None:
        """There is no further item; the region that the machine waits in is left by `Dispose`."""
        self.store(STATE, self.builder.int32(ENDED))
        self.end(self.builder.int32(0))
        self.enter(self.new_state())

    def finish(self, block: Block | None = None) -> Expression:
        """The machine is done."""
        at = block or self.block
        self.builder.effect(at, self.write(STATE, self.builder.int32(FINISHED)))
        return self.builder.int32(0)

    def open_region(self, landing: State, is_finalizer: bool) -> Region:
        made = Region(len(self.regions) + 1, self.region, landing.number, is_finalizer)
        self.regions.append(made)
        return made

    # The step function ---------------------------------------------------------------------------

    def step(self) -> Expression:
        """The body of `step`: a loop over states, inside a handler when there are regions."""
        builder = self.builder
        int32 = builder.int32_type
        branches: list[tuple[int, Expression]] = []
        for state in self.states:
            assert state.end is not None
            branches.append((state.number, builder.finish(state.block, state.end)))
        current = builder.local(int32, "state")
        switch = builder.switch(
            builder.variable(current), "integer", branches, builder.int32(0), int32
        )
        block = Block()
        start = builder.jump(self.dispatch, [builder.bind(block, self.read(STATE))], int32)
        body = builder.finish(block, start)
        loop = builder.join(self.dispatch, [current], switch, body, int32, is_loop=True)
        return self.guarded(loop) if self.regions else loop

    def guarded(self, loop: Expression) -> Expression:
        """An exception that a handler may want goes to its region's landing state; all others
        leave the machine where it last settled or suspended, and whoever disposes of it runs the
        finalizers."""
        builder = self.builder
        int32 = builder.int32_type
        caught = builder.local(self.lowerer.specialiser.exception, "error")
        branches = [
            (region.number, self._landing(region, caught))
            for region in self.regions
            if has_handler(region)
        ]
        default = builder.throw(builder.variable(caught), int32)
        block = Block()
        where = builder.bind(block, self.read(REGION))
        switch = builder.switch(where, "integer", branches, default, int32)
        attempt = builder.try_with(loop, caught, builder.finish(block, switch), int32)
        again = builder.label("again")
        whole = Block()
        result = builder.bind(whole, attempt)
        retry = builder.bind(
            whole, builder.primitive("eq", [result, builder.int32(2)], builder.boolean_type)
        )
        jump = builder.jump(again, [], int32)
        tail = builder.finish(whole, builder.branch(retry, jump, builder.again(result), int32))
        start = builder.jump(again, [], int32)
        return builder.join(again, [], tail, start, int32, is_loop=True)

    def _landing(self, region: Region, caught: Local) -> Expression:
        builder = self.builder
        block = Block()
        parent = 0 if region.parent is None else region.parent.number
        builder.effect(block, self.write(PENDING, builder.variable(caught)))
        builder.effect(block, self.write(REGION, builder.int32(parent)))
        builder.effect(block, self.write(STATE, builder.int32(region.landing)))
        return builder.finish(block, builder.int32(2))

    def _finalize(self, step: str) -> Expression:
        """Run finalizers outwards. Those around one that raises run as well; the last exception
        is the one that is seen."""
        builder = self.builder
        int32 = builder.int32_type
        caught = builder.local(self.lowerer.specialiser.exception, "error")
        others = Block()
        again = builder.call(disposer(step), [builder.variable(self.this)], builder.unit_type)
        builder.effect(others, again)
        handler = builder.finish(others, builder.throw(builder.variable(caught), int32))
        call = builder.call(step, [builder.variable(self.this)], int32)
        return builder.try_with(call, caught, handler, int32)

    def dispose(self, step: str, close: Callable[[Block], None]) -> Expression:
        """The body of `Dispose`: run the finalizers of the regions that the machine waits in, or
        `close` what it has handed over to."""
        builder = self.builder
        unit = builder.unit_type
        branches: list[tuple[int, Expression]] = []
        for region in self.regions:
            final = finalized(region)
            block = Block()
            if final is not None:
                parent = 0 if final.parent is None else final.parent.number
                builder.effect(block, self.write(LEAVING, builder.int32(1)))
                builder.effect(block, self.write(REGION, builder.int32(parent)))
                builder.effect(block, self.write(STATE, builder.int32(final.landing)))
                builder.effect(block, self._finalize(step))
            self.finish(block)
            branches.append((region.number, builder.finish(block, builder.unit())))
        idle = Block()
        close(idle)
        self.finish(idle)
        default = builder.finish(idle, builder.unit())
        if not branches:
            return default
        block = Block()
        where = builder.bind(block, self.read(REGION))
        return builder.finish(block, builder.switch(where, "integer", branches, default, unit))
