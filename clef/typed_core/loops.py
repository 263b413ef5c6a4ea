"""Loops: `while`, `for … to`, `for … in`.

Comes in: loop expressions and things to iterate. Goes out: loop joins. Promises: ranges of machine
integers, arrays, lists and strings are walked without an enumerator; bounds and collections are
evaluated once; a range that ends at the largest number of its type ends there.
"""

from __future__ import annotations

from collections.abc import Callable

from clef.inference import typed_tree as t
from clef.typed_core import well_known
from clef.typed_core.builder import Block
from clef.typed_core.core import Atom, Expression
from clef.typed_core.decisions import Occurrence
from clef.typed_core.enumerators import (
    current,
    dispose_enumerator,
    element_of_seq,
    get_enumerator,
    move_next,
)
from clef.typed_core.failure import dispose, protect
from clef.typed_core.in_place import is_collection, is_flow, prepared
from clef.typed_core.local_bindings import Flow, Narrow, Test
from clef.typed_core.lowerer import Lowerer
from clef.typed_core.matching import Rule, bind_pattern, is_irrefutable, match_rules
from clef.typed_core.repetition import Each, both, counted, over_range, while_loop
from clef.typed_core.suspensions import suspends
from clef.typed_core.walks import bare, spine


def lower_while(lowerer: Lowerer, node: t.Expression, block: Block, tail: bool) -> Expression:
    """`while condition do body`."""
    assert isinstance(node, t.While)
    return while_loop(
        lowerer,
        lambda inside: lowerer.value(node.condition, inside),
        lambda inside: lowerer.effect(node.body, inside),
        _wanted(lowerer, node.body),
    )


def _wanted(lowerer: Lowerer, body: t.Expression) -> Test | None:
    """What is to be asked before more elements are computed by this code."""
    return lowerer.going if lowerer.going is not None and suspends(body) else None


def lower_for_to(lowerer: Lowerer, node: t.Expression, block: Block, tail: bool) -> Expression:
    """`for i = a to b do body`."""
    assert isinstance(node, t.ForTo)
    first = lowerer.value(node.start, block)
    last = lowerer.value(node.finish, block)

    def each(element: Atom, inside: Block) -> None:
        lowerer.bind_local(node.local, element, inside)
        lowerer.effect(node.body, inside)

    step = -1 if node.is_down else 1
    wanted = _wanted(lowerer, node.body)
    return counted(lowerer, first, last, step, node.local.name, each, wanted)


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

    wanted = _wanted(lowerer, node.body)
    iterate(lowerer, node.collection, node.enumeration, each, block, wanted)
    return lowerer.builder.unit()


# Collections ------------------------------------------------------------------------------------


def iterate(
    lowerer: Lowerer,
    collection: t.Expression,
    enumeration: t.Enumeration | None,
    each: Each,
    block: Block,
    going: Test | None = None,
) -> None:
    """Do something with every element of a collection, for as long as it is `going`."""
    head, arguments = spine(collection)
    if isinstance(head, t.GlobalReference) and head.symbol == well_known.DURING:
        condition, collection = arguments
        going = both(lowerer, going, lambda inside: lowerer.value(condition, inside))
        enumeration = None
    if enumeration is None:
        collection = bare(collection)
    if is_flow(lowerer, collection):
        flow = prepared(lowerer, collection, block)
        assert isinstance(flow, Flow)
        _along(lowerer, flow, each, block, going)
        return
    if isinstance(collection, t.Range):
        if over_range(lowerer, collection, each, block, going):
            return
    elif is_collection(lowerer, collection):
        narrow = prepared(lowerer, collection, block)
        assert isinstance(narrow, Narrow)
        _over(lowerer, narrow.atom, None, each, block, going)
        return
    _over(lowerer, lowerer.value(collection, block), enumeration, each, block, going)


def _over(
    lowerer: Lowerer,
    source: Atom,
    enumeration: t.Enumeration | None,
    each: Each,
    block: Block,
    going: Test | None,
) -> None:
    """Through a value, by what its type allows."""
    type = source.type
    shapes = lowerer.specialiser.shapes
    if type.form == "named" and type.symbol == well_known.LIST:
        lowerer.builder.effect(block, over_list(lowerer, source, each, going))
    elif type.form == "named" and type.symbol == well_known.ARRAY:
        length = lowerer.builder.primitive(
            "array_length", [source], lowerer.builder.int32_type, type.arguments
        )

        def read_array(index: Atom) -> Expression:
            operands = [lowerer.builder.again(source), index]
            element = type.arguments[0]
            return lowerer.builder.primitive("array_get_unchecked", operands, element, (element,))

        _indexed(lowerer, length, read_array, each, block, going)
    elif shapes.representation(type) == "string":
        int32 = lowerer.specialiser.int32
        count = lowerer.call_symbol(well_known.STRING_LENGTH, [source], int32)
        char = lowerer.specialiser.mono.plain(well_known.CHAR)

        def read_char(index: Atom) -> Expression:
            operands = [lowerer.builder.again(source), index]
            return lowerer.call_symbol(well_known.STRING_CHAR, operands, char)

        _indexed(lowerer, count, read_char, each, block, going)
    elif enumeration is not None:
        _by_protocol(lowerer, source, enumeration, each, block, going)
    else:
        _by_interface(lowerer, source, each, block, going)


def _along(lowerer: Lowerer, flow: Flow, each: Each, block: Block, going: Test | None) -> None:
    """A sequence that is not made: its code, with something to do for `yield`. What it would do
    after `yield` is left out when nobody wants more."""
    outside = lowerer.scope()

    def outwards(element: Atom, inside: Block) -> None:
        here = lowerer.scope()
        lowerer.enter_scope(outside)
        each(element, inside)
        lowerer.enter_scope(here)

    def wanted(inside: Block) -> Atom:
        here = lowerer.scope()
        lowerer.enter_scope(outside)
        assert going is not None
        found = going(inside)
        lowerer.enter_scope(here)
        return found

    def sink(item: t.Expression, inside: Block) -> None:
        if isinstance(item, t.Yield):
            outwards(lowerer.value(item.value, inside), inside)
        elif isinstance(item, t.YieldAll):
            iterate(lowerer, item.values, None, outwards, inside, lowerer.going)

    lowerer.enter_scope(flow.scope)
    lowerer.sinks = [sink]
    lowerer.going = None if going is None else wanted
    if lowerer.going is None:
        lowerer.effect(flow.body, block)
    else:
        code = lowerer.nested(flow.body, False)
        unit = lowerer.builder.unit
        test = lowerer.going(block)
        lowerer.builder.effect(
            block, lowerer.builder.branch(test, code, unit(), lowerer.builder.unit_type)
        )
    lowerer.enter_scope(outside)


def _indexed(
    lowerer: Lowerer,
    length: Expression,
    read: Callable[[Atom], Expression],
    each: Each,
    block: Block,
    going: Test | None,
) -> None:
    builder = lowerer.builder
    count = builder.bind(block, length)
    last = builder.bind(
        block, builder.primitive("sub", [count, builder.int32(1)], builder.int32_type)
    )

    def at(index: Atom, inside: Block) -> None:
        each(builder.bind(inside, read(index)), inside)

    builder.effect(block, counted(lowerer, builder.int32(0), last, 1, "", at, going))


def over_list(lowerer: Lowerer, source: Atom, each: Each, going: Test | None = None) -> Expression:
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
    step: Expression = builder.switch(builder.variable(rest), "case", branches, None, unit)
    if going is not None:
        wanted = Block()
        test = going(wanted)
        step = builder.finish(wanted, builder.branch(test, step, builder.unit(), unit))
    start = builder.jump(label, [builder.again(source)], unit)
    return builder.join(label, [rest], step, start, unit, is_loop=True)


# Enumerators ------------------------------------------------------------------------------------


def _by_protocol(
    lowerer: Lowerer,
    source: Atom,
    protocol: t.Enumeration,
    each: Each,
    block: Block,
    going: Test | None,
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
            going,
        )

    call = protocol.dispose
    if call is None:
        lowerer.builder.effect(block, loop())
        return

    def finish(inside: Block) -> None:
        dispose(lowerer, protocol.enumerator, call, inside)

    lowerer.builder.effect(block, protect(lowerer, loop, finish, block))


def _by_interface(
    lowerer: Lowerer, source: Atom, each: Each, block: Block, going: Test | None
) -> None:
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
            going,
        )

    def finish(inside: Block) -> None:
        builder.effect(inside, dispose_enumerator(lowerer, enumerator, inside))

    builder.effect(block, protect(lowerer, loop, finish, block))
