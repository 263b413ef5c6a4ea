"""Comparison of concrete types: `compare`, and the partial order of `<`.

Comes in: a type. Goes out: the body of a function that gives a negative number, zero or a positive
one. Promises: F#'s order: unions by case then fields, tuples and records by fields, arrays by
length then elements, strings by UTF-16 code; NaN is below everything for `compare` and unordered
for `compare_per`.
"""

from __future__ import annotations

from collections.abc import Callable

from clef.typed_core import well_known
from clef.typed_core.builder import Block
from clef.typed_core.conversions import box, unbox
from clef.typed_core.core import Atom, Expression, Local, MonoType
from clef.typed_core.derivations.arrays import element, length, scan
from clef.typed_core.derivations.dynamic import ask
from clef.typed_core.derivations.structure import (
    Pair,
    as_structural,
    by_case,
    call_override,
    implementing,
    member_taking,
    override,
    parts,
    tail_call,
)
from clef.typed_core.dispatch import Slot
from clef.typed_core.lowerer import Lowerer
from clef.typed_core.names_of_types import short_name, type_text
from clef.typed_core.representations import FLOATS, SCALARS
from clef.typed_core.values import UNORDERED, compare


def body(kind: str) -> Callable[[Lowerer, MonoType, list[Local], Block], Expression]:
    """kind: "compare" or "compare_per"."""

    def make(lowerer: Lowerer, type: MonoType, locals: list[Local], block: Block) -> Expression:
        if lowerer.specialiser.shapes.is_polymorphic(type):
            return _polymorphic(lowerer, locals, block)
        return structural(lowerer, kind, type, locals, block)

    return make


def _atoms(lowerer: Lowerer, locals: list[Local]) -> list[Atom]:
    return [lowerer.builder.variable(local) for local in locals]


def _polymorphic(lowerer: Lowerer, locals: list[Local], block: Block) -> Expression:
    """Null is below everything but null; else the left object decides."""
    builder = lowerer.builder
    int32, boolean = builder.int32_type, builder.boolean_type
    inside = Block()
    test = builder.primitive("is_null", [builder.variable(locals[1])], boolean)
    right_null = builder.bind(inside, test)
    zero, below = builder.int32(0), builder.int32(-1)
    when_null = builder.finish(inside, builder.branch(right_null, zero, below, int32))
    return ask(lowerer, "compare", locals, when_null, int32, block)


def structural(
    lowerer: Lowerer, kind: str, type: MonoType, locals: list[Local], block: Block
) -> Expression:
    """Values of exactly this type."""
    specialiser = lowerer.specialiser
    builder = lowerer.builder
    int32 = builder.int32_type
    shape = specialiser.shapes.of(type)
    own = _custom(lowerer, type, locals, block)
    if own is not None:
        return own
    if shape.kind == "enum" or shape.builtin in SCALARS:
        return _numbers(lowerer, kind, shape.builtin in FLOATS, locals, block)
    if shape.kind == "builtin":
        return _builtin(lowerer, kind, type, locals, block)
    if shape.kind == "function" or _has_no_order(lowerer, type):
        return _not_comparable(lowerer, type, block)

    def chain(readers: list[Callable[[Block], Pair]], inside: Block) -> Expression:
        return in_order(lowerer, kind, readers, inside)

    if shape.kind == "union":

        def different(index: int, inside: Block) -> Expression:
            right: list[Atom] = [builder.variable(locals[1])]
            other = builder.bind(inside, lowerer.derived("tag", type, right, int32))
            return builder.primitive("sub", [builder.int32(index), other], int32)

        return by_case(lowerer, type, locals, chain, different, int32)
    return chain(parts(lowerer, type, -1, shape.fields, locals[0], locals[1]), block)


def with_object(lowerer: Lowerer, type: MonoType, locals: list[Local], block: Block) -> Expression:
    """`IComparable.CompareTo`: null comes first; objects of other types are refused."""
    builder = lowerer.builder
    int32 = builder.int32_type
    if lowerer.specialiser.shapes.of(type).kind == "function":
        return _not_comparable(lowerer, type, block)
    left, right = _atoms(lowerer, locals)
    null = builder.primitive("is_null", [builder.again(right)], builder.boolean_type)
    test = builder.bind(block, null)
    inside = Block()
    shapes = lowerer.specialiser.shapes
    is_string = shapes.representation(type) == "string"
    if shapes.is_scalar(type) or shapes.of(type).kind == "tuple" or is_string:
        opened_right = Block()
        opened = builder.primitive("unbox", [builder.again(right)], type, (type,))
        other = builder.bind(opened_right, opened)
        same = builder.finish(opened_right, compare(lowerer, left, other, type))
        failing = Block()
        failure = _wrong_operand(lowerer, type, failing)
        wrong = builder.finish(failing, failure)
        order: Expression = builder.switch(right, "kind", [(0, same)], wrong, int32, [type])
    else:
        other = builder.bind(inside, unbox(lowerer, right, type, inside))
        order = compare(lowerer, left, other, type)
    return builder.branch(test, builder.int32(1), builder.finish(inside, order), int32)


def _wrong_operand(lowerer: Lowerer, type: MonoType, block: Block) -> Expression:
    """An object of another type is compared with a value of this one."""
    builder, shapes = lowerer.builder, lowerer.specialiser.shapes
    is_tuple = shapes.of(type).kind == "tuple"
    symbol = well_known.WRONG_TUPLE if is_tuple else well_known.WRONG_OPERAND
    text = type_text(type, shapes) if is_tuple else short_name(type, shapes)
    name: list[Atom] = [builder.literal(text, lowerer.specialiser.string)]
    return lowerer.raise_symbol(symbol, name, builder.int32_type, block)


def in_order(
    lowerer: Lowerer, kind: str, readers: list[Callable[[Block], Pair]], block: Block
) -> Expression:
    """Pairs in order; the first that differ decide."""
    builder = lowerer.builder
    int32 = builder.int32_type
    if not readers:
        return builder.int32(0)
    left, right, type = readers[0](block)
    if len(readers) == 1:
        if lowerer.specialiser.shapes.representation(type) == "string":
            return compare(lowerer, left, right, type)
        return tail_call(lowerer, kind, type, [left, right], int32)
    order = builder.bind(block, _part(lowerer, kind, left, right, type))
    operands = [order, builder.int32(0)]
    same = builder.bind(block, builder.primitive("eq", operands, builder.boolean_type))
    inside = Block()
    rest = builder.finish(inside, in_order(lowerer, kind, readers[1:], inside))
    return builder.branch(same, rest, builder.again(order), int32)


def _part(lowerer: Lowerer, kind: str, left: Atom, right: Atom, type: MonoType) -> Expression:
    if kind == "compare" or lowerer.specialiser.shapes.representation(type) == "string":
        return compare(lowerer, left, right, type)
    return lowerer.derived(kind, type, [left, right], lowerer.builder.int32_type)


def _custom(
    lowerer: Lowerer, type: MonoType, locals: list[Local], block: Block
) -> Expression | None:
    specialiser = lowerer.specialiser
    shape = specialiser.shapes.of(type)
    if shape.builtin in SCALARS or shape.builtin in ("string", "unit", "array", "object"):
        return None
    definition = specialiser.shapes.definition_of(type)
    if definition is None or (definition.comparison != "custom" and shape.kind != "builtin"):
        return None
    builder = lowerer.builder
    interface = well_known.STRUCTURAL_COMPARABLE
    chosen = implementing(lowerer, interface, type, locals[0], block)
    if chosen is not None:
        other = builder.variable(locals[1])
        boxed = builder.bind(block, box(lowerer, other, type, specialiser.object, block))
        return lowerer.call_symbol(well_known.STRUCTURAL_ORDER, [chosen, boxed], builder.int32_type)
    own = member_taking(lowerer, type, "CompareTo", [type])
    if own is not None:
        return builder.call(own, _atoms(lowerer, locals), builder.int32_type)
    found = override(lowerer, well_known.COMPARE_TO, well_known.COMPARABLE, type)
    if found is None:
        found = member_taking(lowerer, type, "CompareTo", [specialiser.object])
    if found is None:
        return None
    left, right = _atoms(lowerer, locals)
    boxed = builder.bind(block, box(lowerer, right, type, specialiser.object, block))
    return call_override(lowerer, found, [left, boxed], builder.int32_type, block)


def _numbers(
    lowerer: Lowerer, kind: str, is_float: bool, locals: list[Local], block: Block
) -> Expression:
    """-1, 0 or 1."""
    builder = lowerer.builder
    int32, boolean = builder.int32_type, builder.boolean_type

    def test(operation: str, inside: Block, operands: list[Local]) -> Atom:
        atoms = _atoms(lowerer, operands)
        return builder.bind(inside, builder.primitive(operation, atoms, boolean))

    def choose(condition: Atom, inside: Block, value: int, rest: Expression) -> Expression:
        branch = builder.branch(condition, builder.int32(value), rest, int32)
        return builder.finish(inside, branch)

    last: Expression = builder.int32(0)
    if is_float:
        last = _with_nan(lowerer, kind, locals)
    above = Block()
    rest = choose(test("gt", above, locals), above, 1, last)
    return builder.branch(test("lt", block, locals), builder.int32(-1), rest, int32)


def _with_nan(lowerer: Lowerer, kind: str, locals: list[Local]) -> Expression:
    """Neither below nor above: equal, or a NaN is there."""
    builder = lowerer.builder
    int32, boolean = builder.int32_type, builder.boolean_type
    left, right = locals
    block = Block()
    same = builder.bind(block, builder.primitive("eq", _atoms(lowerer, locals), boolean))
    if kind == "compare_per":
        other: Expression = builder.int32(UNORDERED)
    else:
        inside = Block()
        right_number = builder.bind(
            inside, builder.primitive("eq", _atoms(lowerer, [right, right]), boolean)
        )
        deep = Block()
        left_number = builder.bind(
            deep, builder.primitive("eq", _atoms(lowerer, [left, left]), boolean)
        )
        one, zero = builder.int32(1), builder.int32(0)
        both = builder.finish(deep, builder.branch(left_number, one, zero, int32))
        branch = builder.branch(right_number, builder.int32(-1), both, int32)
        other = builder.finish(inside, branch)
    return builder.finish(block, builder.branch(same, builder.int32(0), other, int32))


def _builtin(
    lowerer: Lowerer, kind: str, type: MonoType, locals: list[Local], block: Block
) -> Expression:
    builder = lowerer.builder
    name = lowerer.specialiser.shapes.of(type).builtin
    if name == "unit":
        return builder.int32(0)
    if name == "string":
        left, right = _atoms(lowerer, locals)
        return compare(lowerer, left, right, type)
    if name == "array":
        return _arrays(lowerer, kind, type, locals, block)
    return _not_comparable(lowerer, type, block)


def _arrays(
    lowerer: Lowerer, kind: str, type: MonoType, locals: list[Local], block: Block
) -> Expression:
    builder = lowerer.builder
    int32, boolean = builder.int32_type, builder.boolean_type
    left, right = (length(lowerer, local, block) for local in locals)

    def step(index: Local, continuing: Expression, inside: Block) -> Expression:
        a = element(lowerer, locals[0], index, inside)
        b = element(lowerer, locals[1], index, inside)
        order = builder.bind(inside, _part(lowerer, kind, a, b, type.arguments[0]))
        operands = [order, builder.int32(0)]
        same = builder.bind(inside, builder.primitive("eq", operands, boolean))
        return builder.branch(same, continuing, builder.again(order), int32)

    loop = scan(lowerer, left, step, builder.int32(0), int32)
    longer = Block()
    operands = [builder.again(left), builder.again(right)]
    above = builder.bind(longer, builder.primitive("gt", operands, boolean))
    rest = builder.finish(longer, builder.branch(above, builder.int32(1), loop, int32))
    shorter = builder.bind(block, builder.primitive("lt", [builder.again(left), right], boolean))
    return builder.branch(shorter, builder.int32(-1), rest, int32)


def _has_no_order(lowerer: Lowerer, type: MonoType) -> bool:
    """A record or union with `[<NoComparison>]` or `[<ReferenceEquality>]`."""
    shapes = lowerer.specialiser.shapes
    definition = shapes.definition_of(type)
    is_data = shapes.of(type).kind in ("record", "union")
    return is_data and definition is not None and definition.comparison == "none"


def _not_comparable(lowerer: Lowerer, type: MonoType, block: Block) -> Expression:
    specialiser = lowerer.specialiser
    text = type_text(type, specialiser.shapes)
    name: list[Atom] = [lowerer.builder.literal(text, specialiser.string)]
    int32 = specialiser.int32
    return lowerer.raise_symbol(well_known.NOT_COMPARABLE, name, int32, block)


def exact(lowerer: Lowerer, type: MonoType, locals: list[Local], block: Block) -> Expression:
    """An object of exactly this class and any other object."""
    interface = well_known.STRUCTURAL_COMPARABLE
    structural = as_structural(lowerer, interface, type, locals[0], block)
    if structural is not None:
        operands = [structural, lowerer.builder.variable(locals[1])]
        result = lowerer.builder.int32_type
        return lowerer.call_symbol(well_known.STRUCTURAL_ORDER, operands, result)
    found = override(lowerer, well_known.COMPARE_TO, well_known.COMPARABLE, type)
    if found is None:
        own = _with_its_like(lowerer, type, locals, block)
        return _not_comparable(lowerer, type, block) if own is None else own
    return call_override(lowerer, found, _atoms(lowerer, locals), lowerer.builder.int32_type, block)


def _with_its_like(
    lowerer: Lowerer, type: MonoType, locals: list[Local], block: Block
) -> Expression | None:
    """What a class with `IComparable<T>` alone says, which the collections of .NET ask."""
    specialiser, builder = lowerer.specialiser, lowerer.builder
    for interface in specialiser.shapes.of(type).ancestors:
        if interface.symbol != well_known.GENERIC_COMPARABLE:
            continue
        slot = Slot(f"{well_known.GENERIC_COMPARABLE}.CompareTo", interface, ())
        found = specialiser.dispatch.implementation(slot, type)
        if found is None or not specialiser.shapes.is_subtype(type, interface.arguments[0]):
            continue
        other = unbox(lowerer, builder.variable(locals[1]), interface.arguments[0], block)
        operands: list[Atom] = [builder.variable(locals[0]), builder.bind(block, other)]
        return call_override(lowerer, found, operands, builder.int32_type, block)
    return None


def tag(lowerer: Lowerer, type: MonoType, locals: list[Local], block: Block) -> Expression:
    """The number of a union's case."""
    builder = lowerer.builder
    cases = lowerer.specialiser.shapes.of(type).cases
    branches: list[tuple[int, Expression]] = [
        (index, builder.int32(index)) for index in range(len(cases))
    ]
    return builder.switch(builder.variable(locals[0]), "case", branches, None, builder.int32_type)
