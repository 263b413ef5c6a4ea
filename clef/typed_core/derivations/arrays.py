"""Loops over the elements of arrays, for derived functions.

Comes in: one or two arrays and what to do with elements. Goes out: loop joins. Promises: stops at
the first element that decides.
"""

from __future__ import annotations

from collections.abc import Callable

from clef.typed_core.builder import Block
from clef.typed_core.core import Atom, Expression, Local, MonoType
from clef.typed_core.lowerer import Lowerer


def length(lowerer: Lowerer, array: Local, block: Block) -> Atom:
    """How long an array is; null has no elements."""
    builder = lowerer.builder
    read = builder.primitive(
        "array_length", [builder.variable(array)], builder.int32_type, array.type.arguments
    )
    return builder.bind(block, read)


def element(lowerer: Lowerer, array: Local, index: Local, block: Block) -> Atom:
    builder = lowerer.builder
    type = array.type.arguments[0]
    operands = [builder.variable(array), builder.variable(index)]
    return builder.bind(block, builder.primitive("array_get_unchecked", operands, type, (type,)))


def scan(
    lowerer: Lowerer,
    count: Atom,
    step: Callable[[Local, Expression, Block], Expression],
    done: Expression,
    result: MonoType,
) -> Expression:
    """For every index: `step index continue_ block`; `done` at the end."""
    builder = lowerer.builder
    label = builder.label("elements")
    index = builder.local(builder.int32_type)
    test = Block()
    operands: list[Atom] = [builder.variable(index), builder.again(count)]
    more = builder.bind(test, builder.primitive("lt", operands, builder.boolean_type))
    onward = Block()
    one: list[Atom] = [builder.variable(index), builder.int32(1)]
    following = builder.bind(onward, builder.primitive("add", one, builder.int32_type))
    continuing = builder.finish(onward, builder.jump(label, [following], result))
    inside = Block()
    work = builder.finish(inside, step(index, continuing, inside))
    body = builder.finish(test, builder.branch(more, work, done, result))
    start = builder.jump(label, [builder.int32(0)], result)
    return builder.join(label, [index], body, start, result, is_loop=True)


def all_elements(
    lowerer: Lowerer,
    type: MonoType,
    locals: list[Local],
    test: Callable[[Atom, Atom, Block], Expression],
    block: Block,
) -> Expression:
    """Same length, and all elements pass."""
    builder = lowerer.builder
    boolean = builder.boolean_type
    left, right = (length(lowerer, local, block) for local in locals)
    operands = [left, right]
    same = builder.bind(block, builder.primitive("eq", operands, boolean))

    def step(index: Local, continuing: Expression, inside: Block) -> Expression:
        a = element(lowerer, locals[0], index, inside)
        b = element(lowerer, locals[1], index, inside)
        passed = builder.bind(inside, test(a, b, inside))
        return builder.branch(passed, continuing, builder.boolean(False), boolean)

    loop = scan(lowerer, left, step, builder.boolean(True), boolean)
    return builder.branch(same, loop, builder.boolean(False), boolean)
