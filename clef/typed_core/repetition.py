"""The shapes of loops: while something holds, and along integers.

Comes in: conditions, bounds and what writes the body. Goes out: loop joins. Promises: bounds are
evaluated once; a range that ends at the largest number of its type ends there; where somebody may
want no more (`going`), that is asked before each round.
"""

from __future__ import annotations

from collections.abc import Callable

from clef.inference import typed_tree as t
from clef.typed_core import core, well_known
from clef.typed_core.builder import Block
from clef.typed_core.core import Atom, Expression
from clef.typed_core.local_bindings import Test
from clef.typed_core.lowerer import Lowerer
from clef.typed_core.representations import INTEGERS

Each = Callable[[Atom, Block], None]
"""What to do with one element."""


def both(lowerer: Lowerer, first: Test | None, second: Test) -> Test:
    """The second is asked only where the first is true."""
    if first is None:
        return second
    known = first

    def test(block: Block) -> Atom:
        inside = Block()
        then = lowerer.builder.finish(inside, second(inside))
        boolean = lowerer.builder.boolean_type
        no = lowerer.builder.boolean(False)
        return lowerer.builder.bind(block, lowerer.builder.branch(known(block), then, no, boolean))

    return test


def while_loop(
    lowerer: Lowerer, condition: Test, body: Callable[[Block], None], going: Test | None = None
) -> Expression:
    """A loop without variables of its own."""
    condition = both(lowerer, going, condition)
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
    lowerer: Lowerer,
    first: Atom,
    last: Atom,
    step: int,
    name: str,
    each: Each,
    going: Test | None = None,
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
    further = builder.finish(more, jump)
    if going is not None:
        wanted = Block()
        test = going(wanted)
        further = builder.finish(wanted, builder.branch(test, further, builder.unit(), unit))
    body = builder.finish(inside, builder.branch(done, builder.unit(), further, unit))
    start = builder.jump(label, [builder.again(first)], unit)
    loop = builder.join(label, [index], body, start, unit, is_loop=True)
    outer = Block()
    order = "le" if step > 0 else "ge"
    operands = [builder.again(first), builder.again(last)]

    def is_any(block: Block) -> Atom:
        return builder.bind(block, builder.primitive(order, operands, boolean))

    any = both(lowerer, going, is_any)(outer)
    return builder.finish(outer, builder.branch(any, loop, builder.unit(), unit))


def over_range(
    lowerer: Lowerer, node: t.Range, each: Each, block: Block, going: Test | None
) -> bool:
    """A range of machine integers as a loop; False when it is of another type."""
    type = lowerer.mono(node.start.type)
    representation = lowerer.specialiser.shapes.representation(type)
    step = _constant_step(node.step)
    if step in (1, -1) and (representation in INTEGERS or (representation == "char" and step == 1)):
        first = lowerer.value(node.start, block)
        last = lowerer.value(node.finish, block)
        if representation == "char":
            lowerer.builder.effect(block, _characters(lowerer, first, last, each, block, going))
        else:
            lowerer.builder.effect(block, counted(lowerer, first, last, step, "", each, going))
        return True
    if representation != "int32":
        return False
    first = lowerer.value(node.start, block)
    assert node.step is not None
    by = lowerer.value(node.step, block)
    last = lowerer.value(node.finish, block)
    _stepped(lowerer, first, by, last, each, block, going)
    return True


def _characters(
    lowerer: Lowerer, first: Atom, last: Atom, each: Each, block: Block, going: Test | None
) -> Expression:
    builder = lowerer.builder
    int32, char = builder.int32_type, first.type
    low = builder.bind(block, builder.primitive("convert", [first], int32, (int32,)))
    high = builder.bind(block, builder.primitive("convert", [last], int32, (int32,)))

    def at(index: Atom, inside: Block) -> None:
        each(builder.bind(inside, builder.primitive("convert", [index], char, (char,))), inside)

    return counted(lowerer, low, high, 1, "", at, going)


def _constant_step(step: t.Expression | None) -> int:
    """1 when absent; 0 for anything but a literal."""
    if step is None:
        return 1
    if isinstance(step, t.Literal) and isinstance(step.value, int):
        return step.value
    return 0


def _stepped(
    lowerer: Lowerer,
    first: Atom,
    by: Atom,
    last: Atom,
    each: Each,
    block: Block,
    going: Test | None,
) -> None:
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

    def is_more(block: Block) -> Atom:
        return builder.bind(block, builder.branch(is_up, up, down, boolean))

    more = both(lowerer, going, is_more)(test)
    step_code = builder.finish(test, builder.branch(more, work, builder.unit(), unit))
    entry = builder.jump(label, [start], unit)
    builder.effect(block, builder.join(label, [index], step_code, entry, unit, is_loop=True))
