"""Structural types as `IStructuralEquatable` and `IStructuralComparable`: a comparer of the caller
looks at the parts.

Comes in: a tuple, record or union, an object, a comparer. Goes out: what the slots of the two
interfaces answer. Promises: parts are the fields in order, of a union behind the number of its
case; an object of another type is never looked into.
"""

from __future__ import annotations

from collections.abc import Callable

from clef.typed_core import well_known
from clef.typed_core.builder import Block
from clef.typed_core.conversions import box, type_test, unbox
from clef.typed_core.core import Atom, Expression, Field, Local, MonoType
from clef.typed_core.derivations.structure import declared_types
from clef.typed_core.lowerer import Lowerer
from clef.typed_core.values import array_of


def equal(lowerer: Lowerer, type: MonoType, locals: list[Local], block: Block) -> Expression:
    """`Equals(other, comparer)`."""
    builder = lowerer.builder
    operands = _both(lowerer, type, locals, block)
    operands.append(builder.variable(locals[2]))
    return lowerer.call_symbol(well_known.EQUAL_PARTS, operands, builder.boolean_type)


def order(lowerer: Lowerer, type: MonoType, locals: list[Local], block: Block) -> Expression:
    """`CompareTo(other, comparer)`."""
    builder = lowerer.builder
    operands = _both(lowerer, type, locals, block)
    operands += [builder.variable(local) for local in locals[1:]]
    return lowerer.call_symbol(well_known.ORDER_PARTS, operands, builder.int32_type)


def hash(lowerer: Lowerer, type: MonoType, locals: list[Local], block: Block) -> Expression:
    """`GetHashCode(comparer)`."""
    builder = lowerer.builder
    parts = _parts(lowerer, type, locals[0], block)
    is_tuple = builder.boolean(_is_tuple(type))
    operands = [parts, _first(lowerer, type), is_tuple, builder.variable(locals[1])]
    return lowerer.call_symbol(well_known.HASH_PARTS, operands, builder.int32_type)


def _first(lowerer: Lowerer, type: MonoType) -> Atom:
    """The place of the first field among the parts."""
    return lowerer.builder.int32(int(lowerer.specialiser.shapes.of(type).kind == "union"))


def _is_tuple(type: MonoType) -> bool:
    return type.form in ("tuple", "struct_tuple")


def _both(lowerer: Lowerer, type: MonoType, locals: list[Local], block: Block) -> list[Atom]:
    """The parts of the value, those of the other one if it is of the same type, and where the
    fields begin."""
    builder = lowerer.builder
    own = _parts(lowerer, type, locals[0], block)
    is_same = builder.bind(block, type_test(lowerer, builder.variable(locals[1]), type))
    inside = Block()
    other = builder.local(type)
    opened = unbox(lowerer, builder.variable(locals[1]), type, inside)
    builder.bind_local(inside, other, opened)
    theirs = builder.finish(inside, _parts(lowerer, type, other, inside))
    missing = builder.primitive("null", [], own.type, (own.type,))
    chosen = builder.bind(block, builder.branch(is_same, theirs, missing, own.type))
    return [own, chosen, _first(lowerer, type), builder.boolean(_is_tuple(type))]


def _parts(lowerer: Lowerer, type: MonoType, local: Local, block: Block) -> Atom:
    """The parts of a value as objects."""
    specialiser, builder = lowerer.specialiser, lowerer.builder
    shape = specialiser.shapes.of(type)
    array = specialiser.table.named(well_known.ARRAY, specialiser.object)

    def listed(case: int, fields: list[Field]) -> Callable[[Block], Expression]:
        return lambda inside: array_of(
            lowerer, _boxed(lowerer, type, local, case, fields, inside), specialiser.object, inside
        )

    if shape.kind != "union":
        return builder.bind(block, listed(-1, shape.fields)(block))
    branches: list[tuple[int, Expression]] = []
    for index, case in enumerate(shape.cases):
        inside = Block()
        branches.append((index, builder.finish(inside, listed(index, case.fields)(inside))))
    value = builder.variable(local)
    return builder.bind(block, builder.switch(value, "case", branches, None, array))


def _boxed(
    lowerer: Lowerer, type: MonoType, local: Local, case: int, fields: list[Field], block: Block
) -> list[Atom]:
    builder, object = lowerer.builder, lowerer.specialiser.object
    declared = declared_types(lowerer, type, case)
    items: list[Atom] = []
    if case >= 0:
        number = box(lowerer, builder.int32(case), builder.int32_type, object, block)
        items.append(builder.bind(block, number))
    for index, field in enumerate(fields):
        read = builder.project(builder.variable(local), type, case, index, field.type)
        value = builder.bind(block, read)
        part = builder.bind(block, box(lowerer, value, field.type, object, block))
        if index < len(declared) and declared[index] and _is_plain(lowerer, field.type):
            part = builder.bind(block, lowerer.call_symbol(well_known.PLAIN_PART, [part], object))
        items.append(part)
    return items


def _is_plain(lowerer: Lowerer, type: MonoType) -> bool:
    shapes = lowerer.specialiser.shapes
    return shapes.is_scalar(type) or shapes.of(type).builtin == "string"
