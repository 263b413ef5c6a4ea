"""Equality of concrete types: `=` and `.Equals`.

Comes in: a type. Goes out: the body of a function on two values. Promises: an override of `Equals`
decides; unions by case, then fields in order; arrays by length, then elements; classes without an
override by reference.
"""

from __future__ import annotations

from collections.abc import Callable

from clef.typed_core import well_known
from clef.typed_core.builder import Block
from clef.typed_core.conversions import box, held_type
from clef.typed_core.core import Atom, Expression, Local, MonoType
from clef.typed_core.derivations.arrays import all_elements
from clef.typed_core.derivations.dynamic import ask, opened
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
from clef.typed_core.lowerer import Lowerer
from clef.typed_core.representations import FLOATS, SCALARS
from clef.typed_core.values import equal


def body(kind: str) -> Callable[[Lowerer, MonoType, list[Local], Block], Expression]:
    """kind: "equals", "equals_er", or "equals_own", for which an array equals only itself."""

    def make(lowerer: Lowerer, type: MonoType, locals: list[Local], block: Block) -> Expression:
        if lowerer.specialiser.shapes.is_polymorphic(type):
            return _polymorphic(lowerer, kind, locals, block)
        return structural(lowerer, kind, type, locals, block)

    return make


def _atoms(lowerer: Lowerer, locals: list[Local]) -> list[Atom]:
    return [lowerer.builder.variable(local) for local in locals]


def _polymorphic(lowerer: Lowerer, kind: str, locals: list[Local], block: Block) -> Expression:
    """Null equals null; else the left object decides."""
    builder = lowerer.builder
    right_null = builder.primitive("is_null", [builder.variable(locals[1])], builder.boolean_type)
    return ask(lowerer, kind, locals, right_null, builder.boolean_type, block)


def structural(
    lowerer: Lowerer, kind: str, type: MonoType, locals: list[Local], block: Block
) -> Expression:
    """Values of exactly this type."""
    specialiser = lowerer.specialiser
    builder = lowerer.builder
    boolean = builder.boolean_type
    shape = specialiser.shapes.of(type)
    own = _custom(lowerer, type, locals, block)
    if own is not None:
        return own
    if shape.kind == "builtin":
        return _builtin(lowerer, kind, type, locals, block)
    if shape.kind == "enum":
        return builder.primitive("eq", _atoms(lowerer, locals), boolean)
    definition = specialiser.shapes.definition_of(type)
    if shape.kind == "function" or (definition and definition.equality == "reference"):
        return builder.primitive("reference_equal", _atoms(lowerer, locals), boolean)

    def chain(readers: list[Callable[[Block], Pair]], inside: Block) -> Expression:
        return all_equal(lowerer, kind, readers, inside)

    if shape.kind == "union":

        def different(_: int, __: Block) -> Expression:
            return builder.boolean(False)

        return by_case(lowerer, type, locals, chain, different, boolean)
    return chain(parts(lowerer, type, -1, shape.fields, locals[0], locals[1]), block)


def all_equal(
    lowerer: Lowerer, kind: str, readers: list[Callable[[Block], Pair]], block: Block
) -> Expression:
    """Pairs in order, the first difference ends it."""
    builder = lowerer.builder
    if not readers:
        return builder.boolean(True)
    left, right, type = readers[0](block)
    if len(readers) == 1:
        return _last(lowerer, kind, left, right, type, block)
    test = builder.bind(block, equal(lowerer, kind, left, right, type, block))
    inside = Block()
    rest = builder.finish(inside, all_equal(lowerer, kind, readers[1:], inside))
    return builder.branch(test, rest, builder.boolean(False), builder.boolean_type)


def _last(
    lowerer: Lowerer, kind: str, left: Atom, right: Atom, type: MonoType, block: Block
) -> Expression:
    target = lowerer.self_call
    if target is not None and target.name == lowerer.specialiser.derived(kind, type):
        return tail_call(lowerer, kind, type, [left, right], lowerer.builder.boolean_type)
    return equal(lowerer, kind, left, right, type, block)


def _custom(
    lowerer: Lowerer, type: MonoType, locals: list[Local], block: Block
) -> Expression | None:
    specialiser = lowerer.specialiser
    shape = specialiser.shapes.of(type)
    if shape.builtin in SCALARS or shape.builtin in ("string", "unit", "array", "object"):
        return None
    definition = specialiser.shapes.definition_of(type)
    if definition is None or (definition.equality != "custom" and shape.kind != "builtin"):
        return None
    builder = lowerer.builder
    chosen = _by_structure(lowerer, type, locals, block)
    if chosen is not None:
        return chosen
    own = member_taking(lowerer, type, "Equals", [type])
    if own is not None:
        return builder.call(own, _atoms(lowerer, locals), builder.boolean_type)
    found = override(lowerer, well_known.EQUALS, well_known.OBJECT, type)
    if found is None:
        found = member_taking(lowerer, type, "Equals", [specialiser.object])
    if found is None:
        return None
    left, right = _atoms(lowerer, locals)
    boxed = builder.bind(block, box(lowerer, right, type, specialiser.object, block))
    return call_override(lowerer, found, [left, boxed], builder.boolean_type, block)


def _by_structure(
    lowerer: Lowerer, type: MonoType, locals: list[Local], block: Block
) -> Expression | None:
    """The type's own `IStructuralEquatable.Equals`, which F# asks before `Equals`."""
    interface = well_known.STRUCTURAL_EQUATABLE
    left = implementing(lowerer, interface, type, locals[0], block)
    if left is None:
        return None
    builder = lowerer.builder
    right = builder.variable(locals[1])
    boxed = builder.bind(block, box(lowerer, right, type, lowerer.specialiser.object, block))
    return lowerer.call_symbol(well_known.STRUCTURAL_EQUAL, [left, boxed], builder.boolean_type)


def _builtin(
    lowerer: Lowerer, kind: str, type: MonoType, locals: list[Local], block: Block
) -> Expression:
    builder = lowerer.builder
    boolean = builder.boolean_type
    name = lowerer.specialiser.shapes.of(type).builtin
    left, right = locals
    if name in FLOATS and kind == "equals_er":
        same = builder.primitive("eq", _atoms(lowerer, locals), boolean)
        inside = Block()
        odd = [builder.variable(left), builder.variable(left)]
        left_nan = builder.bind(inside, builder.primitive("ne", odd, boolean))
        other = [builder.variable(right), builder.variable(right)]
        both = builder.branch(
            left_nan, builder.primitive("ne", other, boolean), builder.boolean(False), boolean
        )
        otherwise = builder.finish(inside, both)
        return builder.branch(builder.bind(block, same), builder.boolean(True), otherwise, boolean)
    if name == "unit":
        return builder.boolean(True)
    if name == "string":
        return builder.primitive("string_equal", _atoms(lowerer, locals), boolean)
    if name == "array" and kind == "equals_own":
        return builder.primitive("reference_equal", _atoms(lowerer, locals), boolean)
    if name == "array":

        def test(a: Atom, b: Atom, inside: Block) -> Expression:
            return equal(lowerer, kind, a, b, type.arguments[0], inside)

        return all_elements(lowerer, type, locals, test, block)
    if name in SCALARS or name == "pointer":
        return builder.primitive("eq", _atoms(lowerer, locals), boolean)
    return builder.primitive("reference_equal", _atoms(lowerer, locals), boolean)


# Objects ----------------------------------------------------------------------------------------


def exact(kind: str) -> Callable[[Lowerer, MonoType, list[Local], Block], Expression]:
    """An object of exactly this class and any other object; kind: as for `body`."""

    def make(lowerer: Lowerer, type: MonoType, locals: list[Local], block: Block) -> Expression:
        return _exact(lowerer, kind, type, locals, block)

    return make


def _exact(
    lowerer: Lowerer, kind: str, type: MonoType, locals: list[Local], block: Block
) -> Expression:
    builder = lowerer.builder
    if kind == "equals":
        interface = well_known.STRUCTURAL_EQUATABLE
        structural = as_structural(lowerer, interface, type, locals[0], block)
        if structural is not None:
            operands = [structural, builder.variable(locals[1])]
            boolean = builder.boolean_type
            return lowerer.call_symbol(well_known.STRUCTURAL_EQUAL, operands, boolean)
    found = override(lowerer, well_known.EQUALS, well_known.OBJECT, type)
    if found is not None:
        return call_override(lowerer, found, _atoms(lowerer, locals), builder.boolean_type, block)
    shape = lowerer.specialiser.shapes.of(type)
    if shape.kind == "exception":
        return _exceptions(lowerer, kind, type, locals)
    if well_known.TYPE in (type.symbol, *(one.symbol for one in shape.ancestors)):
        return _types(lowerer, type, locals)
    return builder.primitive("reference_equal", _atoms(lowerer, locals), builder.boolean_type)


def _types(lowerer: Lowerer, type: MonoType, locals: list[Local]) -> Expression:
    """Two `System.Type`s are equal when they stand for the same type; those of enums have a class
    of their own."""
    builder = lowerer.builder
    shapes = lowerer.specialiser.shapes
    index = shapes.field_index(type, "identity")
    int32 = builder.int32_type
    inside = Block()
    cast = builder.primitive("cast", [builder.variable(locals[1])], type, (type,))
    right = builder.project(builder.bind(inside, cast), type, -1, index, int32)
    left = builder.project(builder.variable(locals[0]), type, -1, index, int32)
    operands = [builder.bind(inside, left), builder.bind(inside, right)]
    same = builder.finish(inside, builder.primitive("eq", operands, builder.boolean_type))
    other, no = builder.variable(locals[1]), builder.boolean(False)
    return builder.switch(other, "kind", [(0, same)], no, builder.boolean_type, [type])


def _exceptions(lowerer: Lowerer, kind: str, type: MonoType, locals: list[Local]) -> Expression:
    """F# exceptions are equal when their own fields are."""
    builder = lowerer.builder
    shape = lowerer.specialiser.shapes.of(type)
    definition = lowerer.specialiser.shapes.definition_of(type)
    count = len(definition.fields) if definition else 0
    inside = Block()
    local = builder.local(type)
    other = builder.primitive("cast", [builder.variable(locals[1])], type, (type,))
    builder.bind_local(inside, local, other)
    readers = parts(lowerer, type, -1, shape.fields, locals[0], local)
    same = all_equal(lowerer, kind, readers[len(readers) - count :], inside)
    return builder.switch(
        builder.variable(locals[1]),
        "kind",
        [(0, builder.finish(inside, same))],
        builder.boolean(False),
        builder.boolean_type,
        [type],
    )


def exact_object(lowerer: Lowerer, type: MonoType, locals: list[Local], block: Block) -> Expression:
    """`Equals(obj)` of exactly this type."""
    if lowerer.specialiser.shapes.is_polymorphic(type):
        return _exact(lowerer, "equals_er", type, locals, block)
    return equals_object(lowerer, type, locals, block)


def _held_equals(lowerer: Lowerer, type: MonoType, locals: list[Local], block: Block) -> Expression:
    """`x.Equals(y: obj)` of a `Nullable`: what it holds decides; where that is nothing, null is
    equal."""
    builder = lowerer.builder
    boolean, item = builder.boolean_type, held_type(type)
    value, other = builder.variable(locals[0]), builder.variable(locals[1])
    null = builder.primitive("is_null", [other], boolean)
    is_there = builder.project(value, type, -1, 0, boolean)
    inside = Block()
    held = builder.bind(inside, builder.project(builder.again(value), type, -1, 1, item))
    operands = [held, builder.again(other)]
    test = builder.finish(inside, lowerer.derived("equals_object", item, operands, boolean))
    return builder.branch(builder.bind(block, is_there), test, null, boolean)


def equals_object(
    lowerer: Lowerer, type: MonoType, locals: list[Local], block: Block
) -> Expression:
    """`x.Equals(y: obj)`."""
    builder = lowerer.builder
    if lowerer.specialiser.shapes.is_polymorphic(type):
        return _polymorphic(lowerer, "equals_own", locals, block)
    if lowerer.specialiser.shapes.of(type).builtin == "array":
        return builder.primitive("reference_equal", _atoms(lowerer, locals), builder.boolean_type)
    found = override(lowerer, well_known.EQUALS, well_known.OBJECT, type)
    if found is not None:
        return call_override(lowerer, found, _atoms(lowerer, locals), builder.boolean_type, block)
    if held_type(type) is not type:
        return _held_equals(lowerer, type, locals, block)
    inside = Block()
    right = opened(lowerer, locals[1], type, inside)
    test = equal(lowerer, "equals_own", builder.variable(locals[0]), right, type, inside)
    yes = builder.finish(inside, test)
    no = builder.boolean(False)
    return builder.switch(
        builder.variable(locals[1]), "kind", [(0, yes)], no, builder.boolean_type, [type]
    )
