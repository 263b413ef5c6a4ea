"""Loops of resumable functions: what is kept between two rounds lives in the machine.

Comes in: a collection or a condition, and what writes the body. Goes out: states of a `Machine`.
Promises: the body may suspend anywhere; an enumerator is disposed of however the loop is left.
"""

from __future__ import annotations

from collections.abc import Callable

from clef.inference import typed_tree as t
from clef.typed_core import well_known
from clef.typed_core.builder import Block
from clef.typed_core.core import Atom, Expression, MonoType
from clef.typed_core.enumerators import (
    current,
    dispose_enumerator,
    element_of_seq,
    get_enumerator,
    move_next,
)
from clef.typed_core.failure import dispose
from clef.typed_core.machine import Machine
from clef.typed_core.representations import INTEGERS
from clef.typed_core.resumable_regions import protected
from clef.typed_core.walks import spine


def repeat_while(machine: Machine, condition: Callable[[], Atom], body: Callable[[], None]) -> None:
    """`while`: the body may suspend, the condition does not."""
    builder = machine.builder
    head, inside, after = (machine.new_state() for _ in range(3))
    machine.jump(head)
    machine.enter(head)
    test = condition()
    branch = builder.branch(test, machine.goto(inside), machine.goto(after), builder.int32_type)
    machine.end(branch)
    machine.enter(inside)
    body()
    machine.jump(head)
    machine.enter(after)


def _through(machine: Machine, more: Callable[[], Atom], body: Callable[[], None]) -> None:
    """The rounds of an open enumerator; the machine may wait before and after them."""
    opens, keeps = machine.opens_next, machine.keeps_next
    machine.opens_next = machine.keeps_next = False
    if opens:
        machine.open()
    repeat_while(machine, more, body)
    if keeps:
        machine.rest()


def count_through(
    machine: Machine, first: Atom, last: Atom, step: int, body: Callable[[Atom], None]
) -> None:
    """Integers from `first` to `last`."""
    builder = machine.builder
    type = first.type
    index, limit = machine.keep(first), machine.keep(last)
    going = machine.keep(builder.boolean(True))

    def condition() -> Atom:
        order = "le" if step > 0 else "ge"
        operands = [machine.load(index), machine.load(limit)]
        inside = builder.bind(
            machine.block, builder.primitive(order, operands, builder.boolean_type)
        )
        no = builder.boolean(False)
        test = builder.branch(machine.load(going), inside, no, builder.boolean_type)
        return builder.bind(machine.block, test)

    def one() -> None:
        value = machine.load(index)
        body(value)
        here = machine.load(index)
        operands = [here, machine.load(limit)]
        more = builder.primitive("ne", operands, builder.boolean_type)
        machine.store(going, builder.bind(machine.block, more))
        operation = "add" if step > 0 else "sub"
        following = builder.primitive(
            operation, [builder.again(here), builder.literal(1, type)], type
        )
        machine.store(index, builder.bind(machine.block, following))

    repeat_while(machine, condition, one)


def for_each(
    machine: Machine,
    collection: t.Expression,
    enumeration: t.Enumeration | None,
    body: Callable[[Atom], None],
) -> None:
    """The elements of a collection, each way as directly as its type allows."""
    lowerer = machine.lowerer
    shapes = lowerer.specialiser.shapes
    head, arguments = spine(collection)
    if isinstance(head, t.GlobalReference) and head.symbol == well_known.DURING:
        source = lowerer.value(arguments[1], machine.block)
        _by_interface(machine, source, body, arguments[0])
        return
    if isinstance(collection, t.Range) and collection.step is None:
        type = lowerer.mono(collection.start.type)
        if shapes.representation(type) in INTEGERS:
            first = lowerer.value(collection.start, machine.block)
            last = lowerer.value(collection.finish, machine.block)
            count_through(machine, first, last, 1, body)
            return
    source = lowerer.value(collection, machine.block)
    if source.type.form == "named" and source.type.symbol == well_known.LIST:
        _over_list(machine, source, body)
    elif source.type.form == "named" and source.type.symbol == well_known.ARRAY:
        _over_array(machine, source, body)
    elif enumeration is not None:
        _by_protocol(machine, source, enumeration, body)
    else:
        _by_interface(machine, source, body)


def _over_list(machine: Machine, source: Atom, body: Callable[[Atom], None]) -> None:
    builder = machine.builder
    type = source.type
    rest = machine.keep(source)

    def condition() -> Atom:
        yes, no = builder.boolean(True), builder.boolean(False)
        branches: list[tuple[int, Expression]] = [(0, no), (1, yes)]
        switch = builder.switch(machine.load(rest), "case", branches, None, builder.boolean_type)
        return builder.bind(machine.block, switch)

    def one() -> None:
        cell = machine.load(rest)
        head = builder.project(cell, type, 1, 0, type.arguments[0])
        value = builder.bind(machine.block, head)
        tail = builder.project(builder.again(cell), type, 1, 1, type)
        machine.store(rest, builder.bind(machine.block, tail))
        body(value)

    repeat_while(machine, condition, one)


def _over_array(machine: Machine, source: Atom, body: Callable[[Atom], None]) -> None:
    builder = machine.builder
    element = source.type.arguments[0]
    array = machine.keep(source)
    int32 = builder.int32_type
    length = builder.primitive("array_length", [machine.load(array)], int32, (element,))
    count = builder.bind(machine.block, length)
    last = builder.bind(machine.block, builder.primitive("sub", [count, builder.int32(1)], int32))

    def one(index: Atom) -> None:
        operands = [machine.load(array), index]
        read = builder.primitive("array_get_unchecked", operands, element, (element,))
        body(builder.bind(machine.block, read))

    count_through(machine, builder.int32(0), last, 1, one)


def _by_protocol(
    machine: Machine, source: Atom, protocol: t.Enumeration, body: Callable[[Atom], None]
) -> None:
    lowerer = machine.lowerer
    lowerer.bind_local(protocol.source, source, machine.block)
    enumerator = lowerer.expression(protocol.get_enumerator, machine.block, False)
    lowerer.bind_local(protocol.enumerator, enumerator, machine.block)
    machine.hoist(protocol.enumerator)

    def loop() -> None:
        _through(
            machine,
            lambda: lowerer.value(protocol.move_next, machine.block),
            lambda: body(lowerer.value(protocol.current, machine.block)),
        )

    call = protocol.dispose
    if call is None:
        loop()
    else:
        protected(machine, loop, lambda block: dispose(lowerer, protocol.enumerator, call, block))


def _by_interface(
    machine: Machine,
    source: Atom,
    body: Callable[[Atom], None],
    going: t.Expression | None = None,
) -> None:
    lowerer = machine.lowerer
    element = element_of_seq(lowerer, source.type)
    if element is None:
        span = machine.builder.span
        if span is not None:
            lowerer.unsupported("iterating this collection", "use `Seq.toList`", span)
        return
    made = get_enumerator(lowerer, source, element, machine.block)
    enumerator = machine.keep(machine.builder.bind(machine.block, made))
    _enumerate(machine, enumerator, element, body, going)


def _enumerate(
    machine: Machine,
    enumerator: int,
    element: MonoType,
    body: Callable[[Atom], None],
    going: t.Expression | None,
) -> None:
    lowerer, builder = machine.lowerer, machine.builder

    def more() -> Atom:
        if going is None:
            return move(machine.block)
        test = lowerer.value(going, machine.block)
        inside = Block()
        then = builder.finish(inside, move(inside))
        boolean, no = builder.boolean_type, builder.boolean(False)
        return builder.bind(machine.block, builder.branch(test, then, no, boolean))

    def move(block: Block) -> Atom:
        held = builder.bind(block, machine.read(enumerator))
        return builder.bind(block, move_next(lowerer, held, block))

    def loop() -> None:
        _through(
            machine,
            more,
            lambda: body(
                builder.bind(
                    machine.block,
                    current(lowerer, machine.load(enumerator), element, machine.block),
                )
            ),
        )

    def close(block: Block) -> None:
        held = builder.bind(block, machine.read(enumerator))
        builder.effect(block, dispose_enumerator(lowerer, held, block))

    protected(machine, loop, close)
