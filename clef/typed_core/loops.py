"""Loops: `while`, `for … to`, `for … in`.

Comes in: loop expressions and things to iterate. Goes out: loop joins. Promises: ranges of machine
integers, arrays, lists and strings are walked without an enumerator; bounds and collections are
evaluated once; a range that ends at the largest number of its type ends there.
"""

from __future__ import annotations

from collections.abc import Callable

from clef.inference import typed_tree as t
from clef.typed_core import core, well_known
from clef.typed_core.builder import Block
from clef.typed_core.core import Atom, Expression, MonoType
from clef.typed_core.decision_tree import Occurrence
from clef.typed_core.dispatch import Slot
from clef.typed_core.failure import dispose, protect
from clef.typed_core.in_place import is_flow, prepared
from clef.typed_core.lowerer import Flow, Lowerer
from clef.typed_core.matching import Rule, bind_pattern, is_irrefutable, match_rules
from clef.typed_core.objects import call_slot
from clef.typed_core.representations import INTEGERS
from clef.typed_core.walks import bare

Each = Callable[[Atom, Block], None]
"""What to do with one element."""


def lower_while(lowerer: Lowerer, node: t.Expression, block: Block, tail: bool) -> Expression:
    """`while condition do body`."""
    assert isinstance(node, t.While)
    return while_loop(
        lowerer,
        lambda inside: lowerer.value(node.condition, inside),
        lambda inside: lowerer.effect(node.body, inside),
    )


def while_loop(
    lowerer: Lowerer, condition: Callable[[Block], Atom], body: Callable[[Block], None]
) -> Expression:
    """A loop without variables of its own."""
    builder = lowerer.builder
    unit = builder.unit_type
    label = builder.label("while")
    inside = Block()
    test = condition(inside)
    again = Block()
    body(again)
    then = builder.finish(again, builder.jump(label, [], unit))
    step = builder.finish(inside, builder.branch(test, then, builder.unit(), unit))
    return builder.join(label, [], step, builder.jump(label, [], unit), unit, is_loop=True)


def counted(
    lowerer: Lowerer, first: Atom, last: Atom, step: int, name: str, each: Each
) -> Expression:
    """For every integer from `first` to `last` (inclusive) by a step of 1 or -1."""
    builder = lowerer.builder
    unit, boolean, type = builder.unit_type, builder.boolean_type, first.type
    label = builder.label("for")
    index = builder.local(type, name)
    inside = Block()
    each(builder.variable(index), inside)
    done = builder.bind(
        inside, builder.primitive("eq", [builder.variable(index), builder.again(last)], boolean)
    )
    more = Block()
    one = builder.literal(1, type)
    operation = "add" if step > 0 else "sub"
    following = builder.primitive(operation, [builder.variable(index), one], type)
    jump = builder.jump(label, [builder.bind(more, following)], unit)
    body = builder.finish(
        inside, builder.branch(done, builder.unit(), builder.finish(more, jump), unit)
    )
    start = builder.jump(label, [builder.again(first)], unit)
    loop = builder.join(label, [index], body, start, unit, is_loop=True)
    outer = Block()
    order = "le" if step > 0 else "ge"
    any = builder.bind(
        outer,
        builder.primitive(order, [builder.again(first), builder.again(last)], boolean),
    )
    return builder.finish(outer, builder.branch(any, loop, builder.unit(), unit))


def lower_for_to(lowerer: Lowerer, node: t.Expression, block: Block, tail: bool) -> Expression:
    """`for i = a to b do body`."""
    assert isinstance(node, t.ForTo)
    first = lowerer.value(node.start, block)
    last = lowerer.value(node.finish, block)

    def each(element: Atom, inside: Block) -> None:
        lowerer.bind_local(node.local, element, inside)
        lowerer.effect(node.body, inside)

    return counted(lowerer, first, last, -1 if node.is_down else 1, node.local.name, each)


def lower_for_in(lowerer: Lowerer, node: t.Expression, block: Block, tail: bool) -> Expression:
    """`for pattern in collection do body`."""
    assert isinstance(node, t.ForIn)

    def each(element: Atom, inside: Block) -> None:
        place = Occurrence("atom", element.type, atom=element)
        if is_irrefutable(lowerer, node.pattern):
            bind_pattern(lowerer, node.pattern, place, inside)
            lowerer.effect(node.body, inside)
            return
        rule = Rule(node.pattern, None, lambda deep: lowerer.expression(node.body, deep, False))
        unit = lowerer.builder.unit_type

        def skip(_: Block) -> Expression:
            return lowerer.builder.unit()

        lowerer.builder.effect(inside, match_rules(lowerer, place, [rule], skip, unit, inside))

    iterate(lowerer, node.collection, node.enumeration, each, block)
    return lowerer.builder.unit()


# Collections ------------------------------------------------------------------------------------


def iterate(
    lowerer: Lowerer,
    collection: t.Expression,
    enumeration: t.Enumeration | None,
    each: Each,
    block: Block,
) -> None:
    """Do something with every element of a collection."""
    if enumeration is None:
        collection = bare(collection)
    if is_flow(lowerer, collection):
        flow = prepared(lowerer, collection, block)
        assert isinstance(flow, Flow)
        _along(lowerer, flow, each, block)
        return
    if isinstance(collection, t.Range) and _range(lowerer, collection, each, block):
        return
    source = lowerer.value(collection, block)
    type = source.type
    shapes = lowerer.specialiser.shapes
    if type.form == "named" and type.symbol == well_known.LIST:
        lowerer.builder.effect(block, over_list(lowerer, source, each))
    elif type.form == "named" and type.symbol == well_known.ARRAY:
        length = lowerer.builder.primitive(
            "array_length", [source], lowerer.builder.int32_type, type.arguments
        )

        def read_array(index: Atom) -> Expression:
            operands = [lowerer.builder.again(source), index]
            element = type.arguments[0]
            return lowerer.builder.primitive("array_get_unchecked", operands, element, (element,))

        _indexed(lowerer, length, read_array, each, block)
    elif shapes.representation(type) == "string":
        int32 = lowerer.specialiser.int32
        count = lowerer.call_symbol(well_known.STRING_LENGTH, [source], int32)
        char = lowerer.specialiser.mono.plain(well_known.CHAR)

        def read_char(index: Atom) -> Expression:
            operands = [lowerer.builder.again(source), index]
            return lowerer.call_symbol(well_known.STRING_CHAR, operands, char)

        _indexed(lowerer, count, read_char, each, block)
    elif enumeration is not None:
        _by_protocol(lowerer, source, enumeration, each, block)
    else:
        _by_interface(lowerer, source, each, block)


def _along(lowerer: Lowerer, flow: Flow, each: Each, block: Block) -> None:
    """A sequence that is not made: its code, with something to do for `yield`."""
    outside = lowerer.scope()

    def outwards(element: Atom, inside: Block) -> None:
        here = lowerer.scope()
        lowerer.enter_scope(outside)
        each(element, inside)
        lowerer.enter_scope(here)

    def sink(item: t.Expression, inside: Block) -> None:
        if isinstance(item, t.Yield):
            outwards(lowerer.value(item.value, inside), inside)
        elif isinstance(item, t.YieldAll):
            iterate(lowerer, item.values, None, outwards, inside)

    lowerer.enter_scope(flow.scope)
    lowerer.sinks = [sink]
    lowerer.effect(flow.body, block)
    lowerer.enter_scope(outside)


def _indexed(
    lowerer: Lowerer,
    length: Expression,
    read: Callable[[Atom], Expression],
    each: Each,
    block: Block,
) -> None:
    builder = lowerer.builder
    count = builder.bind(block, length)
    last = builder.bind(
        block, builder.primitive("sub", [count, builder.int32(1)], builder.int32_type)
    )

    def at(index: Atom, inside: Block) -> None:
        each(builder.bind(inside, read(index)), inside)

    builder.effect(block, counted(lowerer, builder.int32(0), last, 1, "", at))


def over_list(lowerer: Lowerer, source: Atom, each: Each) -> Expression:
    """Walk the cells of a list."""
    builder = lowerer.builder
    unit, type = builder.unit_type, source.type
    element = type.arguments[0]
    label = builder.label("for")
    rest = builder.local(type)
    inside = Block()
    head = builder.project(builder.variable(rest), type, 1, 0, element)
    value = builder.bind(inside, head)
    tail = builder.bind(inside, builder.project(builder.variable(rest), type, 1, 1, type))
    each(value, inside)
    body = builder.finish(inside, builder.jump(label, [tail], unit))
    branches: list[tuple[int, Expression]] = [(0, builder.unit()), (1, body)]
    step = builder.switch(builder.variable(rest), "case", branches, None, unit)
    start = builder.jump(label, [builder.again(source)], unit)
    return builder.join(label, [rest], step, start, unit, is_loop=True)


def _range(lowerer: Lowerer, node: t.Range, each: Each, block: Block) -> bool:
    """A range of machine integers as a loop; False when it is of another type."""
    type = lowerer.mono(node.start.type)
    representation = lowerer.specialiser.shapes.representation(type)
    step = _constant_step(node.step)
    if step in (1, -1) and (representation in INTEGERS or (representation == "char" and step == 1)):
        first = lowerer.value(node.start, block)
        last = lowerer.value(node.finish, block)
        if representation == "char":
            lowerer.builder.effect(block, _characters(lowerer, first, last, each, block))
        else:
            lowerer.builder.effect(block, counted(lowerer, first, last, step, "", each))
        return True
    if representation != "int32":
        return False
    first = lowerer.value(node.start, block)
    assert node.step is not None
    by = lowerer.value(node.step, block)
    last = lowerer.value(node.finish, block)
    _stepped(lowerer, first, by, last, each, block)
    return True


def _characters(lowerer: Lowerer, first: Atom, last: Atom, each: Each, block: Block) -> Expression:
    builder = lowerer.builder
    int32, char = builder.int32_type, first.type
    low = builder.bind(block, builder.primitive("convert", [first], int32, (int32,)))
    high = builder.bind(block, builder.primitive("convert", [last], int32, (int32,)))

    def at(index: Atom, inside: Block) -> None:
        each(builder.bind(inside, builder.primitive("convert", [index], char, (char,))), inside)

    return counted(lowerer, low, high, 1, "", at)


def _constant_step(step: t.Expression | None) -> int:
    """1 when absent; 0 for anything but a literal."""
    if step is None:
        return 1
    if isinstance(step, t.Literal) and isinstance(step.value, int):
        return step.value
    return 0


def _stepped(lowerer: Lowerer, first: Atom, by: Atom, last: Atom, each: Each, block: Block) -> None:
    """Any int32 step: walks in 64 bits, so that nothing overflows."""
    builder = lowerer.builder
    unit, boolean, int32 = builder.unit_type, builder.boolean_type, builder.int32_type
    wide = lowerer.specialiser.mono.plain(well_known.INT64)
    if not (isinstance(by, core.Literal) and by.value != 0):
        zero = builder.primitive("eq", [builder.again(by), builder.int32(0)], boolean)
        condition = builder.bind(block, zero)
        inside = Block()
        raised = lowerer.raise_symbol(well_known.ZERO_STEP, [builder.unit()], unit, inside)
        failing = builder.finish(inside, raised)
        builder.effect(block, builder.branch(condition, failing, builder.unit(), unit))

    def widen(atom: Atom) -> Atom:
        return builder.bind(
            block, builder.primitive("convert", [builder.again(atom)], wide, (wide,))
        )

    start, step, finish = widen(first), widen(by), widen(last)
    is_up = builder.bind(
        block, builder.primitive("gt", [builder.again(by), builder.int32(0)], boolean)
    )
    label = builder.label("for")
    index = builder.local(wide)
    body = Block()
    narrow = builder.primitive("convert", [builder.variable(index)], int32, (int32,))
    each(builder.bind(body, narrow), body)
    following = builder.primitive("add", [builder.variable(index), builder.again(step)], wide)
    jump = builder.jump(label, [builder.bind(body, following)], unit)
    work = builder.finish(body, jump)
    test = Block()
    up = builder.primitive("le", [builder.variable(index), builder.again(finish)], boolean)
    down = builder.primitive("ge", [builder.variable(index), builder.again(finish)], boolean)
    more = builder.bind(test, builder.branch(is_up, up, down, boolean))
    step_code = builder.finish(test, builder.branch(more, work, builder.unit(), unit))
    entry = builder.jump(label, [start], unit)
    builder.effect(block, builder.join(label, [index], step_code, entry, unit, is_loop=True))


# Enumerators ------------------------------------------------------------------------------------


def _by_protocol(
    lowerer: Lowerer, source: Atom, protocol: t.Enumeration, each: Each, block: Block
) -> None:
    """The enumerator pattern that inference resolved."""
    lowerer.bind_local(protocol.source, source, block)
    enumerator = lowerer.expression(protocol.get_enumerator, block, False)
    lowerer.bind_local(protocol.enumerator, enumerator, block)

    def loop() -> Expression:
        return while_loop(
            lowerer,
            lambda inside: lowerer.value(protocol.move_next, inside),
            lambda inside: each(lowerer.value(protocol.current, inside), inside),
        )

    call = protocol.dispose
    if call is None:
        lowerer.builder.effect(block, loop())
        return

    def finish(inside: Block) -> None:
        dispose(lowerer, protocol.enumerator, call, inside)

    lowerer.builder.effect(block, protect(lowerer, loop, finish, block))


def element_of_seq(lowerer: Lowerer, type: MonoType) -> MonoType | None:
    """'T of the first `seq<'T>` that the type implements."""
    for candidate in [type, *lowerer.specialiser.shapes.of(type).ancestors]:
        if candidate.form == "named" and candidate.symbol == well_known.SEQ:
            return candidate.arguments[0]
    return None


def _by_interface(lowerer: Lowerer, source: Atom, each: Each, block: Block) -> None:
    """A sequence through IEnumerable and IEnumerator."""
    builder = lowerer.builder
    element = element_of_seq(lowerer, source.type)
    if element is None:
        span = builder.span
        if span is not None:
            lowerer.unsupported("iterating this collection", "convert it with `Seq.toList`", span)
        return
    enumerator = builder.bind(block, get_enumerator(lowerer, source, element, block))

    def loop() -> Expression:
        return while_loop(
            lowerer,
            lambda inside: builder.bind(inside, move_next(lowerer, enumerator, inside)),
            lambda inside: each(
                builder.bind(inside, current(lowerer, enumerator, element, inside)), inside
            ),
        )

    def finish(inside: Block) -> None:
        builder.effect(inside, dispose_enumerator(lowerer, enumerator, inside))

    builder.effect(block, protect(lowerer, loop, finish, block))


def get_enumerator(lowerer: Lowerer, source: Atom, element: MonoType, block: Block) -> Expression:
    table = lowerer.specialiser.table
    owner = table.named(well_known.SEQ, element)
    result = table.named(well_known.ENUMERATOR, element)
    slot = Slot(well_known.GET_ENUMERATOR, owner, ())
    return call_slot(lowerer, slot, lowerer.builder.again(source), [], result, block)


def _plain_slot(lowerer: Lowerer, owner: str, symbol: str) -> Slot:
    return Slot(symbol, lowerer.specialiser.mono.plain(owner), ())


def move_next(lowerer: Lowerer, enumerator: Atom, block: Block) -> Expression:
    slot = _plain_slot(lowerer, well_known.PLAIN_ENUMERATOR, well_known.MOVE_NEXT)
    receiver = lowerer.builder.again(enumerator)
    return call_slot(lowerer, slot, receiver, [], lowerer.builder.boolean_type, block)


def current(lowerer: Lowerer, enumerator: Atom, element: MonoType, block: Block) -> Expression:
    owner = lowerer.specialiser.table.named(well_known.ENUMERATOR, element)
    slot = Slot(well_known.CURRENT, owner, ())
    return call_slot(lowerer, slot, lowerer.builder.again(enumerator), [], element, block)


def dispose_enumerator(lowerer: Lowerer, enumerator: Atom, block: Block) -> Expression:
    slot = _plain_slot(lowerer, well_known.DISPOSABLE, well_known.DISPOSE)
    receiver = lowerer.builder.again(enumerator)
    return call_slot(lowerer, slot, receiver, [], lowerer.builder.unit_type, block)
