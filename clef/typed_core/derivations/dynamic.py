"""What is asked of objects whose type is only known at run time.

Comes in: derivations of polymorphic static types (obj, interfaces, classes). Goes out: a null test
and a call of the dispatcher over all live types, and the dispatcher's targets. Promises: null is
handled before the dispatch.
"""

from __future__ import annotations

from clef.typed_core import well_known
from clef.typed_core.builder import Block
from clef.typed_core.core import Atom, Expression, Local, MonoType
from clef.typed_core.derivations.delegates import delegate_code
from clef.typed_core.lowerer import Lowerer
from clef.typed_core.names_of_types import full_name, type_text
from clef.typed_core.shapes import HELD
from clef.typed_core.type_information import case_object, type_object
from clef.typed_core.type_parts import case_class
from clef.typed_core.values import kind_for

_EQUALITIES = frozenset(("equals", "equals_er", "equals_own"))
"""`=`, for which NaN is unequal to itself at any depth, and `.Equals`, for which it is not."""


def as_object(lowerer: Lowerer, local: Local, block: Block) -> Atom:
    """A reference as `obj`."""
    object = lowerer.specialiser.object
    atom = lowerer.builder.variable(local)
    if local.type is object:
        return atom
    cast = lowerer.builder.primitive("cast", [atom], object, (object,))
    return lowerer.builder.bind(block, cast)


def is_null(lowerer: Lowerer, local: Local, block: Block) -> Atom:
    builder = lowerer.builder
    test = builder.primitive("is_null", [builder.variable(local)], builder.boolean_type)
    return builder.bind(block, test)


def ask(
    lowerer: Lowerer,
    kind: str,
    locals: list[Local],
    when_null: Expression,
    result: MonoType,
    block: Block,
) -> Expression:
    """`when_null` if the first operand is null, else what its dynamic type says."""
    specialiser = lowerer.specialiser
    builder = lowerer.builder
    inside = Block()
    atoms = [as_object(lowerer, local, inside) for local in locals]
    name = specialiser.dispatch.over_objects(kind, [specialiser.object] * len(locals), result)
    call = builder.finish(inside, builder.call(name, atoms, result))
    return builder.branch(is_null(lowerer, locals[0], block), when_null, call, result)


def opened(lowerer: Lowerer, local: Local, type: MonoType, block: Block) -> Atom:
    """The value inside an object of exactly this type."""
    builder = lowerer.builder
    if local.type is type:
        return builder.variable(local)
    name = "cast" if lowerer.specialiser.shapes.is_polymorphic(type) else "unbox"
    opened = builder.primitive(name, [builder.variable(local)], type, (type,))
    return builder.bind(block, opened)


def boxed(
    lowerer: Lowerer, kind: str, type: MonoType, locals: list[Local], block: Block
) -> Expression:
    """A dispatcher's target: the first operand is an object of exactly `type`."""
    builder = lowerer.builder
    specialiser = lowerer.specialiser
    if kind == "delegate_code":
        return delegate_code(lowerer, type)
    if type.symbol == HELD and kind in ("type_object", "type_name", "plain_to_string"):
        return boxed(lowerer, kind, type.arguments[0], locals, block)
    if kind == "type_object":
        return _type_of(lowerer, type, locals[0], block)
    if kind == "type_name":
        return builder.literal(full_name(type, specialiser.shapes), specialiser.string)
    if kind == "plain_to_string":
        return builder.literal(type_text(type, specialiser.shapes), specialiser.string)
    value = opened(lowerer, locals[0], type, block)
    polymorphic = specialiser.shapes.is_polymorphic(type)
    if len(locals) == 1:
        result = {
            "hash": specialiser.int32,
            "hash_own": specialiser.int32,
            "layout": specialiser.layout,
        }.get(kind, specialiser.string)
        kind = "hash" if kind == "hash_own" and polymorphic else kind
        made = f"exact_{kind}" if polymorphic else kind_for(specialiser.shapes, kind, type)
        return builder.call(specialiser.derived(made, type), [value], result)
    if kind == "equals_own" and specialiser.shapes.of(type).builtin == "array":
        atoms: list[Atom] = [builder.variable(local) for local in locals]
        return builder.primitive("reference_equal", atoms, specialiser.boolean)
    kind = "equals_er" if kind == "equals_own" and polymorphic else kind
    kind = kind_for(specialiser.shapes, kind, type)
    result = specialiser.boolean if kind in _EQUALITIES else specialiser.int32
    if polymorphic:
        # The other object may be of any class: the type's own member decides.
        other: Atom = builder.variable(locals[1])
        made = f"exact_{kind}" if kind in _EQUALITIES else "exact_compare"
        return builder.call(specialiser.derived(made, type), [value, other], result)
    return _both(lowerer, kind, type, value, locals[1], result)


def _type_of(lowerer: Lowerer, type: MonoType, object: Local, block: Block) -> Expression:
    """The type of an object of exactly `type`; the cases of a union have their own."""
    result = lowerer.specialiser.mono.plain(well_known.TYPE)
    if type.symbol == well_known.PLAIN_OBJECT:
        type = lowerer.specialiser.mono.plain(well_known.OBJECT)
    shapes = lowerer.specialiser.shapes
    cases = range(len(shapes.of(type).cases))
    if not any(case_class(shapes, type, index) for index in cases):
        return type_object(lowerer, type, result)
    made = [(index, case_object(lowerer, type, index, result)) for index in cases]
    value = opened(lowerer, object, type, block)
    return lowerer.builder.switch(value, "case", made, None, result)


def of_content(
    lowerer: Lowerer,
    kind: str,
    type: MonoType,
    locals: list[Local],
    result: MonoType,
    block: Block,
) -> Expression:
    """What uniforms hold answers for them."""
    builder = lowerer.builder
    content = type.arguments[0]
    atoms = [builder.variable(local) for local in locals]
    parts = [
        builder.bind(block, builder.project(atom, type, -1, 0, content))
        if atom.type is type
        else atom
        for atom in atoms
    ]
    return builder.call(lowerer.specialiser.derived(kind, content), parts, result)


def _both(
    lowerer: Lowerer, kind: str, type: MonoType, value: Atom, other: Local, result: MonoType
) -> Expression:
    """Two objects of one type are compared as values; others differ, and null is before all."""
    builder = lowerer.builder
    specialiser = lowerer.specialiser
    inside = Block()
    right = opened(lowerer, other, type, inside)
    call = builder.call(specialiser.derived(kind, type), [value, right], result)
    same = builder.finish(inside, call)
    if kind in _EQUALITIES:
        different: Expression = builder.boolean(False)
    else:
        order: list[Atom] = [builder.again(value), builder.variable(other)]
        different = builder.call(specialiser.derived("compare_object", type), order, result)
    return builder.switch(builder.variable(other), "kind", [(0, same)], different, result, [type])
