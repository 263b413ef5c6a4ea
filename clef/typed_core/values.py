"""Equality, ordering and constants of values, by machine operations where there are any.

Comes in: operands of one closed type. Goes out: a primitive, or a call of a derived function.
Promises: `=` on floats is IEEE, `.Equals` takes NaN for equal to itself; an order operator is false
when a NaN takes part, at any depth.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from clef.data_classes import dataclass
from clef.inference import typed_tree as t
from clef.inference.types import NamedType
from clef.source import Span
from clef.typed_core import well_known
from clef.typed_core.builder import Block
from clef.typed_core.core import Atom, Expression, MonoType
from clef.typed_core.lowerer import Lowerer
from clef.typed_core.representations import FLOATS
from clef.typed_core.shapes import Shapes

UNORDERED = -(2**31)
"""What `compare_per` gives when a NaN takes part."""


@dataclass(slots=True)
class Given(t.Expression):
    """An operand that was computed already, in the place of an expression."""

    atom: Atom


@dataclass(slots=True)
class GivenTrait(t.Expression):
    """A member call on operands that were computed already, resolved like a `TraitCall`."""

    name: str
    atoms: list[Atom]
    result: MonoType


def given_trait(name: str, atoms: list[Atom], result: MonoType) -> GivenTrait:
    return GivenTrait(NamedType(well_known.OBJECT), Span("", 0, 0), name, atoms, result)


def given(atom: Atom) -> Given:
    return Given(NamedType(well_known.OBJECT), Span("", 0, 0), atom)


def lower_given(lowerer: Lowerer, node: t.Expression, block: Block, tail: bool) -> Expression:
    """See `Given`."""
    assert isinstance(node, Given)
    return lowerer.builder.again(node.atom)


def is_float(shapes: Shapes, type: MonoType) -> bool:
    return shapes.representation(type) in FLOATS


def kind_for(shapes: Shapes, kind: str, type: MonoType) -> str:
    """`.Equals` and `.GetHashCode` take arrays, also those inside of tuples, by reference; for what
    cannot hold such an array they are the same as those of structures."""
    if kind not in _OF_STRUCTURES or shapes.is_polymorphic(type):
        return kind
    shape = shapes.of(type)
    if shape.builtin == "array" or shape.kind == "tuple":
        return kind
    return _OF_STRUCTURES[kind]


def array_of(lowerer: Lowerer, items: list[Atom], element: MonoType, block: Block) -> Atom:
    """An array of operands."""
    builder = lowerer.builder
    type = lowerer.specialiser.table.named(well_known.ARRAY, element)
    made = builder.primitive("array_zero", [builder.int32(len(items))], type, (element,))
    array = builder.bind(block, made)
    for index, item in enumerate(items):
        operands = [builder.again(array), builder.int32(index), item]
        write = builder.primitive("array_set_unchecked", operands, builder.unit_type, (element,))
        builder.effect(block, write)
    return builder.again(array)


def texts(lowerer: Lowerer, written: Iterable[str], block: Block) -> Atom:
    """An array of literal texts."""
    string = lowerer.specialiser.string
    items: list[Atom] = [lowerer.builder.literal(one, string) for one in written]
    return array_of(lowerer, items, string, block)


def numbers(lowerer: Lowerer, written: Iterable[int], block: Block) -> Atom:
    """An array of literal `int`s."""
    items: list[Atom] = [lowerer.builder.int32(one) for one in written]
    return array_of(lowerer, items, lowerer.specialiser.int32, block)


_OF_STRUCTURES = {"equals_own": "equals_er", "hash_own": "hash"}


def equal(
    lowerer: Lowerer, kind: str, left: Atom, right: Atom, type: MonoType, block: Block
) -> Expression:
    """kind: "equals" (`=`), "equals_er" (`.Equals` of structures) or "equals_own" (`.Equals`)."""
    builder = lowerer.builder
    shapes = lowerer.specialiser.shapes
    kind = kind_for(shapes, kind, type)
    representation = shapes.representation(type)
    if representation == "unit":
        return builder.boolean(True)
    if representation == "string":
        return builder.primitive("string_equal", [left, right], builder.boolean_type)
    if shapes.is_scalar(type) and (kind == "equals" or representation not in FLOATS):
        return builder.primitive("eq", [left, right], builder.boolean_type)
    return lowerer.derived(kind, type, [left, right], builder.boolean_type)


def same(lowerer: Lowerer, atoms: list[Atom], result: MonoType, block: Block) -> Expression:
    """Whether two values are one object. Every `typeof` makes an object; in .NET there is one for
    each type, so that those for one type are the same."""
    if atoms[0].type.symbol == well_known.TYPE:
        return equal(lowerer, "equals", atoms[0], atoms[1], atoms[0].type, block)
    return lowerer.builder.primitive("reference_equal", atoms, result)


def contains_float(shapes: Shapes, type: MonoType) -> bool:
    """Whether comparing values of this type can meet a NaN."""
    seen: set[MonoType] = set()
    pending = [type]
    while pending:
        item = pending.pop()
        if item in seen:
            continue
        seen.add(item)
        shape = shapes.of(item)
        if shape.builtin in FLOATS:
            return True
        if shape.kind in ("record", "tuple"):
            pending += [field.type for field in shape.fields]
        elif shape.kind == "union":
            pending += [field.type for case in shape.cases for field in case.fields]
        elif shape.builtin == "array":
            pending += item.arguments
    return False


def compare_operator(
    lowerer: Lowerer, operator: str, left: Atom, right: Atom, type: MonoType, block: Block
) -> Expression:
    """operator: lt, le, gt, ge."""
    builder = lowerer.builder
    shapes = lowerer.specialiser.shapes
    boolean = builder.boolean_type
    if shapes.is_scalar(type):
        return builder.primitive(operator, [left, right], boolean)
    if not contains_float(shapes, type):
        order = builder.bind(block, compare(lowerer, left, right, type))
        return builder.primitive(operator, [order, builder.int32(0)], boolean)
    result = lowerer.derived("compare_per", type, [left, right], builder.int32_type)
    order = builder.bind(block, result)
    unordered = builder.bind(
        block, builder.primitive("eq", [order, builder.int32(UNORDERED)], boolean)
    )
    inside = Block()
    test = builder.primitive(operator, [builder.again(order), builder.int32(0)], boolean)
    otherwise = builder.finish(inside, test)
    return builder.branch(unordered, builder.boolean(False), otherwise, boolean)


def compare(lowerer: Lowerer, left: Atom, right: Atom, type: MonoType) -> Expression:
    """The total order of `compare`."""
    int32 = lowerer.specialiser.int32
    if lowerer.specialiser.shapes.representation(type) == "string":
        return lowerer.call_symbol(well_known.STRING_COMPARE, [left, right], int32)
    return lowerer.derived("compare", type, [left, right], int32)


def constant(lowerer: Lowerer, value: object, type: MonoType, block: Block) -> Atom:
    """A literal as an operand. A decimal without a representation of its own is made by the
    library."""
    builder = lowerer.builder
    if isinstance(value, Decimal) and lowerer.specialiser.shapes.representation(type) != "decimal":
        return builder.bind(block, _decimal(lowerer, value, type))
    if isinstance(value, bytes):  # an array: each evaluation makes one of its own
        literal = builder.literal(value, type)
        return builder.bind(
            block, builder.primitive("array_clone", [literal], type, type.arguments)
        )
    return builder.literal(value, type)


def _decimal(lowerer: Lowerer, value: Decimal, type: MonoType) -> Expression:
    builder = lowerer.builder
    sign, digits, exponent = value.as_tuple()
    assert isinstance(exponent, int)
    number = int("".join(map(str, digits)) or "0")
    if exponent > 0:
        number, exponent = number * 10**exponent, 0

    def word(index: int) -> int:
        bits = (number >> (32 * index)) & 0xFFFFFFFF
        return bits - 2**32 if bits >= 2**31 else bits

    byte = lowerer.specialiser.mono.plain(well_known.BYTE)
    arguments: list[Atom] = [builder.int32(word(index)) for index in range(3)]
    arguments += [builder.boolean(sign == 1), builder.literal(-exponent, byte)]
    return lowerer.call_symbol(well_known.MAKE_DECIMAL, arguments, type)
