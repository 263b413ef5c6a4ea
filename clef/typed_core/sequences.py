"""`seq { … }`: an object that makes enumerators, and the enumerator, a machine.

Comes in: a sequence expression. Goes out: two classes that implement the library's IEnumerable and
IEnumerator. Promises: nothing of the body runs before the first MoveNext, but for what the library
marks so (`Raw.eager`); every enumerator starts anew; Dispose runs the finalizers of where it
stopped.
"""

from __future__ import annotations

from collections.abc import Callable

from clef.inference import typed_tree as t
from clef.typed_core import well_known
from clef.typed_core.builder import Block
from clef.typed_core.conversions import box
from clef.typed_core.core import Expression, Field, Local, MonoType, TypeShape
from clef.typed_core.dispatch import Supplier
from clef.typed_core.enumerators import dispose_enumerator
from clef.typed_core.local_bindings import Captures, FieldBinding, LateBinding, held_type, received
from clef.typed_core.lowerer import Lowerer
from clef.typed_core.machine import (
    CURRENT,
    DELEGATE,
    ENDED,
    FORWARD,
    OPENED,
    OWN_FIELDS,
    STATE,
    Machine,
    disposer,
    forwarding_interface,
)
from clef.typed_core.object_expressions import capture_fields, synthetic_class
from clef.typed_core.resumable import walk
from clef.typed_core.suspensions import opens_at_once


def lower_sequence(lowerer: Lowerer, node: t.Comprehension, block: Block) -> Expression:
    """The sequence object with its captures; its code is made later."""
    specialiser = lowerer.specialiser
    table = specialiser.table
    element = lowerer.mono(node.element)
    captures = lowerer.captures(lowerer.analysis.free[id(node)])
    kept = capture_fields(captures)
    seq = table.named(well_known.SEQ, element)
    enumerator = table.named(well_known.ENUMERATOR, element)
    type = synthetic_class(lowerer, f"{lowerer.name}/seq", [seq], kept)
    machine = _machine_class(lowerer, f"{type.symbol}/enumerator", element, kept)
    opens = node.span.in_library and opens_at_once(node.body)
    make = _method(lowerer, f"{type.symbol}.GetEnumerator")
    step = specialiser.unique(f"{machine.symbol}.step")

    def make_enumerator(inner: Lowerer, self: Local, block: Block) -> Expression:
        builder = inner.builder
        made = builder.bind(block, builder.construct(machine, []))
        for offset, field in enumerate(kept):
            read = builder.project(builder.variable(self), type, -1, offset, field.type)
            value = builder.bind(block, read)
            write = builder.set_field(builder.again(made), machine, OWN_FIELDS + offset, value)
            builder.effect(block, write)
        if opens:
            builder.effect(block, builder.call(step, [builder.again(made)], builder.int32_type))
        return builder.primitive("cast", [builder.again(made)], enumerator, (enumerator,))

    plain = specialiser.mono.plain(well_known.PLAIN_SEQ)
    plain_enumerator = specialiser.mono.plain(well_known.PLAIN_ENUMERATOR)

    def make_plain(inner: Lowerer, self: Local, block: Block) -> Expression:
        builder = inner.builder
        made = builder.bind(block, make_enumerator(inner, self, block))
        return builder.primitive("cast", [made], plain_enumerator, (plain_enumerator,))

    specialiser.dispatch.synthetic[type] = {
        (well_known.GET_ENUMERATOR, seq): make(type, enumerator, make_enumerator),
        (well_known.PLAIN_GET_ENUMERATOR, plain): make(type, plain_enumerator, make_plain),
    }
    is_range = isinstance(node.body, t.YieldAll) and isinstance(node.body.values, t.Range)
    is_strict = is_range or opens
    resting = ENDED if opens else 0
    _machine_members(lowerer, machine, element, step, is_strict, resting)
    specialiser.make_live(type)
    specialiser.make_live(machine)
    outer = lowerer.kept()
    specialiser.later(lambda: _lower_step(outer, node, captures, machine, step))
    atoms = lowerer.capture_atoms(captures.locals, block)
    object = lowerer.builder.bind(block, lowerer.builder.construct(type, atoms))
    return lowerer.builder.primitive("cast", [object], seq, (seq,))


def _machine_class(lowerer: Lowerer, name: str, element: MonoType, kept: list[Field]) -> MonoType:
    specialiser = lowerer.specialiser
    int32 = specialiser.int32
    own = [
        Field("state", int32, True),
        Field("current", element, True),
        Field("region", int32, True),
        Field("pending", specialiser.exception, True),
        Field("leaving", int32, True),
    ]
    enumerator = specialiser.table.named(well_known.ENUMERATOR, element)
    own.append(Field("delegate", enumerator, True))
    disposable = specialiser.mono.plain(well_known.DISPOSABLE)
    forwarding = forwarding_interface(specialiser, element)
    ancestors = [enumerator, disposable, forwarding]
    return synthetic_class(lowerer, name, ancestors, [*own, *kept])


Make = Callable[[Lowerer, Local, Block], Expression]


def _method(lowerer: Lowerer, name: str) -> Callable[[MonoType, MonoType, Make], Supplier]:
    """Methods without parameters of a synthesised class; made when first asked for."""
    specialiser = lowerer.specialiser

    def make(type: MonoType, result: MonoType, body: Make) -> Supplier:
        made: list[str] = []

        def lower(function: str) -> None:
            specialiser.current = function
            inner = lowerer.inner(lowerer.types, function)
            self = inner.builder.local(type, "this")
            block = Block()
            tail = body(inner, self, block)
            code = inner.builder.finish(block, tail)
            specialiser.add_function(function, [self], code, inner.builder, result=result)

        def supply(_: tuple[MonoType, ...]) -> str:
            if not made:
                made.append(specialiser.unique(name))
                specialiser.result.reasons.setdefault(made[0], specialiser.current)
                specialiser.later(lambda: lower(made[0]))
            return made[0]

        return supply

    return make


def _machine_members(
    lowerer: Lowerer,
    machine: MonoType,
    element: MonoType,
    step: str,
    is_strict: bool,
    resting: int,
) -> None:
    """`is_strict`: asking for an element where there is none raises. In F# those functions of Seq
    do that which open their source at once, while sequence expressions give a zero. `resting`: in
    the states behind it there is one.
    """
    specialiser = lowerer.specialiser
    mono = specialiser.mono
    enumerator = specialiser.table.named(well_known.ENUMERATOR, element)
    plain = mono.plain(well_known.PLAIN_ENUMERATOR)
    disposable = mono.plain(well_known.DISPOSABLE)

    def move_next(inner: Lowerer, self: Local, block: Block) -> Expression:
        builder = inner.builder
        call = builder.call(step, [builder.variable(self)], builder.int32_type)
        operands = [builder.bind(block, call), builder.int32(0)]
        return builder.primitive("ne", operands, builder.boolean_type)

    def current(inner: Lowerer, self: Local, block: Block) -> Expression:
        return _current(inner, self, element, is_strict, resting, block)

    def plain_current(inner: Lowerer, self: Local, block: Block) -> Expression:
        value = inner.builder.bind(block, current(inner, self, block))
        return box(inner, value, element, specialiser.object, block)

    def reset(inner: Lowerer, self: Local, block: Block) -> Expression:
        return inner.call_symbol(well_known.NO_RESET, [inner.builder.unit()], specialiser.unit)

    def dispose(inner: Lowerer, self: Local, block: Block) -> Expression:
        builder = inner.builder
        call = builder.call(f"{step}.dispose", [builder.variable(self)], builder.unit_type)
        return call

    def forward(inner: Lowerer, self: Local, block: Block) -> Expression:
        return inner.builder.project(
            inner.builder.variable(self), machine, -1, DELEGATE, enumerator
        )

    def method(name: str, result: MonoType, body: Make) -> Supplier:
        return _method(lowerer, f"{machine.symbol}.{name}")(machine, result, body)

    boolean, unit = specialiser.boolean, specialiser.unit
    specialiser.dispatch.synthetic[machine] = {
        (well_known.MOVE_NEXT, plain): method("MoveNext", boolean, move_next),
        (well_known.CURRENT, enumerator): method("Current", element, current),
        (well_known.PLAIN_CURRENT, plain): method(
            "PlainCurrent", specialiser.object, plain_current
        ),
        (well_known.RESET, plain): method("Reset", unit, reset),
        (well_known.DISPOSE, disposable): method("Dispose", unit, dispose),
        (FORWARD, forwarding_interface(specialiser, element)): method(
            "Forward", enumerator, forward
        ),
    }


def _current(
    inner: Lowerer,
    machine: Local,
    element: MonoType,
    is_strict: bool,
    last: int,
    block: Block,
) -> Expression:
    """The element at which the machine rests; before the first and after the last there is none."""
    builder = inner.builder
    int32, boolean = builder.int32_type, builder.boolean_type
    state = builder.project(builder.variable(machine), machine.type, -1, STATE, int32)
    at = builder.bind(block, state)
    resting = builder.primitive("gt", [at, builder.int32(last)], boolean)
    value = builder.project(builder.variable(machine), machine.type, -1, CURRENT, element)
    if not is_strict:
        zero = builder.primitive("zero", [], element, (element,))
        return builder.branch(builder.bind(block, resting), value, zero, element)
    outside, before, after = Block(), Block(), Block()
    waiting = OPENED if last else 0
    started = builder.primitive("eq", [builder.again(at), builder.int32(waiting)], boolean)
    failure = builder.branch(
        builder.bind(outside, started),
        builder.finish(
            before,
            inner.raise_symbol(
                well_known.ENUMERATION_NOT_STARTED, [builder.unit()], element, before
            ),
        ),
        builder.finish(
            after,
            inner.raise_symbol(well_known.ENUMERATION_FINISHED, [builder.unit()], element, after),
        ),
        element,
    )
    wrong = builder.finish(outside, failure)
    return builder.branch(builder.bind(block, resting), value, wrong, element)


def _lower_step(
    lowerer: Lowerer, node: t.Comprehension, captures: Captures, type: MonoType, step: str
) -> None:
    """The functions `step` and `step.dispose` of the machine."""
    specialiser = lowerer.specialiser
    specialiser.current = step
    inner = lowerer.inner(lowerer.types, step)
    builder = inner.builder
    builder.span = node.span
    self = builder.local(type, "this")
    shape: TypeShape = specialiser.shapes.shapes[type]
    inner.environment.update(captures.scope)
    for offset, local in enumerate(captures.locals):
        outer = captures.scope[local]
        stored = held_type(outer)
        inside = received(outer, self)
        is_cell, is_late = not isinstance(inside, Local), isinstance(inside, LateBinding)
        index = OWN_FIELDS + offset
        content = inner.mono(local.type)
        inner.environment[local] = FieldBinding(self, index, stored, content, is_cell, is_late)
    opens = node.span.in_library and opens_at_once(node.body)
    machine = Machine(inner, shape, self, inner.mono(node.element), opens)
    walk(machine, node.body, last=True)
    machine.end(machine.finish())
    body = machine.step()
    specialiser.add_function(step, [self], body, builder, node.span, result=specialiser.int32)
    _lower_dispose(machine, lowerer, step)


def _lower_dispose(machine: Machine, lowerer: Lowerer, step: str) -> None:
    name = disposer(step)
    inner = lowerer.inner(lowerer.types, name)
    self = inner.builder.local(machine.shape.type, "this")
    machine.builder = inner.builder
    machine.this = self

    def close(block: Block) -> None:
        _close_delegate(inner, machine, block)

    body = machine.dispose(step, close)
    unit = lowerer.specialiser.unit
    lowerer.specialiser.add_function(name, [self], body, inner.builder, result=unit)


def _close_delegate(lowerer: Lowerer, machine: Machine, block: Block) -> None:
    """Dispose of the enumerator that this one has handed over to, if any."""
    builder = lowerer.builder
    held = builder.bind(block, machine.read(DELEGATE))
    none = builder.bind(block, builder.primitive("is_null", [held], builder.boolean_type))
    inside = Block()
    nothing = builder.primitive("zero", [], held.type, (held.type,))
    builder.effect(inside, machine.write(DELEGATE, builder.bind(inside, nothing)))
    builder.effect(inside, dispose_enumerator(lowerer, held, inside))
    close = builder.finish(inside, builder.unit())
    builder.effect(block, builder.branch(none, builder.unit(), close, builder.unit_type))
