"""Assignments and byrefs.

Comes in: lvalues. Goes out: writes. Promises: structs are values: writing a field of one makes a
new struct and stores it back; a byref keeps what it points into alive, since it is an ordinary
value: a cell, an array and an index, or a pair of accessors.
"""

from __future__ import annotations

from collections.abc import Sequence

from clef.inference import typed_tree as t
from clef.inference.types import NamedType, Type
from clef.inference.well_known import INT
from clef.typed_core import well_known
from clef.typed_core.builder import Block
from clef.typed_core.core import Atom, Expression, Local, MonoType
from clef.typed_core.local_bindings import CellBinding, FieldBinding
from clef.typed_core.lowerer import Lowerer
from clef.typed_core.values import given

_READ = f"{well_known.ARRAY_INTRINSICS}.GetArray"
ELEMENT_READS = frozenset({_READ})
MATRIX_READS = {f"{_READ}{rank}D": rank for rank in (2, 3, 4)}


def lower_local_set(lowerer: Lowerer, node: t.Expression, block: Block, tail: bool) -> Expression:
    """`x <- value` for a local."""
    assert isinstance(node, t.LocalSet)
    value = lowerer.value(node.value, block)
    return write_local(lowerer, node.local, value, block)


def write_local(lowerer: Lowerer, local: t.Local, value: Atom, block: Block) -> Expression:
    binding = lowerer.environment.get(local)
    builder = lowerer.builder
    if isinstance(binding, CellBinding):
        cell = builder.variable(binding.local)
        return builder.set_field(cell, binding.local.type, 0, value)
    if isinstance(binding, FieldBinding):
        machine = builder.variable(binding.self)
        if binding.is_cell:
            stored = builder.bind(block, lowerer.read_field(binding))
            return builder.set_field(stored, binding.stored, 0, value)
        return builder.set_field(machine, machine.type, binding.index, value)
    if isinstance(binding, Local) and binding.is_mutable:
        return builder.assign(binding, value)
    if isinstance(binding, Local) and binding.type.symbol == well_known.POINTER:
        return byref_write(lowerer, builder.variable(binding), value)
    return lowerer.unsupported(f"assigning `{local.name}` here", "use a `ref` cell", local.span)


def lower_field_get(lowerer: Lowerer, node: t.Expression, block: Block, tail: bool) -> Expression:
    """`object.Field`."""
    assert isinstance(node, t.FieldGet)
    value = lowerer.value(node.object, block)
    if value.type.symbol == well_known.POINTER:
        value = lowerer.builder.bind(block, byref_read(lowerer, value))
    owner = lowerer.mono(node.owner)
    found = project_field(lowerer, value, owner, node.field, node.case, block)
    if not lowerer.grows:
        return found
    return lowerer.converted(lowerer.builder.bind(block, found), lowerer.mono(node.type), block)


def project_field(
    lowerer: Lowerer, value: Atom, owner: MonoType, name: str, case: str | None, block: Block
) -> Expression:
    """A field by name."""
    shapes = lowerer.specialiser.shapes
    shape = shapes.of(owner)
    index, at, fields = -1, -1, shape.fields
    if case is not None and shape.kind == "union":
        index = shapes.case_index(owner, case)
        fields = shape.cases[index].fields
        at = next(i for i, field in enumerate(fields) if field.name == name)
    else:
        at = shapes.field_index(owner, name)
    value = as_class(lowerer, value, owner, block)
    return lowerer.builder.project(value, owner, index, at, fields[at].type)


def as_class(lowerer: Lowerer, value: Atom, owner: MonoType, block: Block) -> Atom:
    """An object seen as one of its base classes (or the other way, where the tree says so)."""
    shapes = lowerer.specialiser.shapes
    if value.type is owner or not shapes.is_polymorphic(value.type):
        return value
    if not shapes.is_polymorphic(owner):
        return value
    cast = lowerer.builder.primitive("cast", [value], owner, (owner,))
    return lowerer.builder.bind(block, cast)


def lower_field_set(lowerer: Lowerer, node: t.Expression, block: Block, tail: bool) -> Expression:
    """`object.Field <- value`."""
    assert isinstance(node, t.FieldSet)
    owner = lowerer.mono(node.owner)
    shapes = lowerer.specialiser.shapes
    index = shapes.field_index(owner, node.field)
    if shapes.of(owner).is_value:
        value = lowerer.value(node.value, block)
        return _write_struct(lowerer, node.object, owner, index, value, block)
    object = as_class(lowerer, lowerer.value(node.object, block), owner, block)
    value = lowerer.value(node.value, block)
    value = lowerer.converted(value, shapes.of(owner).fields[index].type, block)
    return lowerer.builder.set_field(object, owner, index, value)


def lower_hole(lowerer: Lowerer, node: t.Expression, block: Block, tail: bool) -> Expression:
    """See `Hole`."""
    assert isinstance(node, t.Hole)
    type = lowerer.mono(node.type)
    return lowerer.builder.primitive("vacant", [], type, (type,))


def lower_field_fix(lowerer: Lowerer, node: t.Expression, block: Block, tail: bool) -> Expression:
    """See `FieldFix`. Only types that contain themselves are certain to have a place of their
    own."""
    assert isinstance(node, t.FieldFix)
    object = lowerer.value(node.object, block)
    owner = object.type
    if not _contains_itself(lowerer, owner):
        what = "a recursive value of a type that does not contain itself"
        return lowerer.unsupported(what, "make the recursion go through a function", node)
    case = -1 if node.case is None else lowerer.specialiser.shapes.case_index(owner, node.case)
    value = lowerer.value(node.value, block)
    return lowerer.builder.set_field(object, owner, node.index, value, case)


def _contains_itself(lowerer: Lowerer, owner: MonoType) -> bool:
    shapes = lowerer.specialiser.shapes
    pending: list[MonoType] = [owner]
    seen: set[MonoType] = set()
    while pending:
        shape = shapes.of(pending.pop())
        if shape.kind not in ("record", "union", "tuple"):
            continue
        fields = [*shape.fields, *(one for case in shape.cases for one in case.fields)]
        for one in fields:
            if one.type is owner:
                return True
            if one.type not in seen:
                seen.add(one.type)
                pending.append(one.type)
    return False


def _write_struct(
    lowerer: Lowerer, place: t.Expression, owner: MonoType, index: int, value: Atom, block: Block
) -> Expression:
    """Read the struct, replace one field, write it back to where it is."""
    builder = lowerer.builder
    place = settled(lowerer, place, block) or place
    old = lowerer.value(place, block)
    if old.type.symbol == well_known.POINTER:
        pointer = old
        old = builder.bind(block, byref_read(lowerer, builder.again(pointer)))
        new = _replaced(lowerer, old, owner, index, value, block)
        return byref_write(lowerer, builder.again(pointer), new)
    new = _replaced(lowerer, old, owner, index, value, block)
    return write_place(lowerer, place, new, block)


def _replaced(
    lowerer: Lowerer, old: Atom, owner: MonoType, index: int, value: Atom, block: Block
) -> Atom:
    builder = lowerer.builder
    items: list[Atom] = []
    for at, field in enumerate(lowerer.specialiser.shapes.of(owner).fields):
        if at == index:
            items.append(value)
        else:
            read = builder.project(builder.again(old), owner, -1, at, field.type)
            items.append(builder.bind(block, read))
    return builder.bind(block, builder.construct(owner, items))


def element_at(lowerer: Lowerer, place: t.Expression, block: Block) -> t.Expression:
    """An element of a matrix as an element of the array of its items; other places as they are."""
    if not isinstance(place, t.Application) or not isinstance(place.function, t.GlobalReference):
        return place
    read = place.function
    rank = MATRIX_READS.get(read.symbol)
    if rank is None:
        return place
    matrix, *indices = [given(atom) for atom in lowerer.values(place.arguments, block)]
    span = place.span

    def made(name: str, type: Type, arguments: Sequence[t.Expression]) -> t.Expression:
        symbol = f"{well_known.ARRAY_INTRINSICS}.{name}"
        function = t.GlobalReference(read.type, span, symbol, read.type_arguments)
        return t.Application(type, span, function, list(arguments))

    items = made(f"GetItems{rank}D", NamedType(well_known.ARRAY, (place.type,)), [matrix])
    index = made(f"GetPlace{rank}D", INT, [matrix, *indices])
    parts = [given(atom) for atom in lowerer.values([items, index], block)]
    return made("GetArray", place.type, parts)


def _is_inref(type: Type) -> bool:
    return isinstance(type, NamedType) and type.symbol == well_known.INREF


def settled(lowerer: Lowerer, place: t.Expression, block: Block) -> t.Expression | None:
    """A place whose parts are evaluated; None when nothing can be stored there."""
    place = element_at(lowerer, place, block)
    match place:
        case t.AddressOf():
            return settled(lowerer, place.place, block)
        case t.Application(function=t.GlobalReference(symbol=well_known.READ_BYREF)) if _is_inref(
            place.arguments[0].type
        ):
            return None
        case t.LocalReference() if _is_inref(place.type):
            return None
        case t.LocalReference():
            binding = lowerer.environment.get(place.local)
            is_pointer = isinstance(binding, Local) and binding.type.symbol == well_known.POINTER
            is_place = place.local.is_mutable or lowerer.changing is place.local or is_pointer
            return place if is_place else None
        case t.GlobalReference(symbol=symbol) | t.StaticFieldGet(symbol=symbol):
            definition = lowerer.specialiser.definition(symbol)
            return place if definition is not None and definition.is_mutable else None
        case t.FieldGet():
            return _settled_field(lowerer, place, block)
        case t.Application(function=t.GlobalReference(symbol=symbol)) if (
            symbol in ELEMENT_READS or symbol == well_known.READ_BYREF
        ):
            parts: list[t.Expression] = [
                given(atom) for atom in lowerer.values(place.arguments, block)
            ]
            return t.Application(place.type, place.span, place.function, parts)
        case _:
            return None


def _settled_field(lowerer: Lowerer, place: t.FieldGet, block: Block) -> t.Expression | None:
    shapes = lowerer.specialiser.shapes
    owner = lowerer.mono(place.owner)
    index = shapes.field_index(owner, place.field)
    if place.case is not None or not shapes.of(owner).fields[index].is_mutable:
        return None
    if shapes.of(owner).is_value:
        object = settled(lowerer, place.object, block)
        if object is None:
            return None
    else:
        object = given(lowerer.value(place.object, block))
    return t.FieldGet(place.type, place.span, object, place.owner, place.field, place.case)


def write_place(lowerer: Lowerer, place: t.Expression, value: Atom, block: Block) -> Expression:
    """Store into any lvalue."""
    match place:
        case t.LocalReference():
            return write_local(lowerer, place.local, value, block)
        case t.GlobalReference():
            stored = t.GlobalSet(place.type, place.span, place.symbol, given(value))
            return lowerer.expression(stored, block, False)
        case t.StaticFieldGet():
            static = t.StaticFieldSet(
                place.type, place.span, place.owner, place.symbol, given(value)
            )
            return lowerer.expression(static, block, False)
        case t.FieldGet():
            field = t.FieldSet(
                place.type, place.span, place.object, place.owner, place.field, given(value)
            )
            return lowerer.expression(field, block, False)
        case t.Application(function=t.GlobalReference(symbol=symbol)) if symbol in ELEMENT_READS:
            array, index = lowerer.values(place.arguments, block)
            return lowerer.builder.primitive(
                "array_set", [array, index, value], lowerer.builder.unit_type, (value.type,)
            )
        case t.Application(function=t.GlobalReference(symbol=well_known.READ_BYREF)):
            pointer = lowerer.value(place.arguments[0], block)
            return byref_write(lowerer, pointer, value)
        case _:
            return lowerer.unsupported("this assignment", "store into a local first", place)


# Byrefs -----------------------------------------------------------------------------------------


def byref_read(lowerer: Lowerer, pointer: Atom) -> Expression:
    content = pointer.type.arguments[0]
    return lowerer.derived("byref_read", pointer.type, [pointer], content)


def byref_write(lowerer: Lowerer, pointer: Atom, value: Atom) -> Expression:
    unit = lowerer.specialiser.unit
    return lowerer.derived("byref_write", pointer.type, [pointer, value], unit)
