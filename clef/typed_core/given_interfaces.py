"""Supertypes that nobody writes: `IComparable`, `IStructuralEquatable` and relatives of structural
types, `ValueType`, `IFormattable` of enums.

Comes in: a shape that was just made. Goes out: ancestors of it, or of the type that it speaks of.
Promises: an interface that the program does not mention costs nothing; a type that says itself how
it is compared keeps what it says.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from clef.typed_core import well_known
from clef.typed_core.core import MonoType, TypeShape
from clef.typed_core.representations import SCALARS

if TYPE_CHECKING:
    from clef.typed_core.shapes import Shapes

GIVEN_MEMBERS = {  # the derived function that answers the slot
    well_known.COMPARE_TO: "compare_object",
    f"{well_known.GENERIC_COMPARABLE}.CompareTo": "compare",
    f"{well_known.EQUATABLE}.Equals": "equals_er",
    f"{well_known.STRUCTURAL_EQUATABLE}.Equals": "equal_parts",
    f"{well_known.STRUCTURAL_EQUATABLE}.GetHashCode": "hash_parts",
    f"{well_known.STRUCTURAL_COMPARABLE}.CompareTo": "order_parts",
}
_BY_PARTS = (well_known.STRUCTURAL_EQUATABLE, well_known.STRUCTURAL_COMPARABLE)
_PLAIN = (
    *_BY_PARTS,
    well_known.COMPARABLE,
    well_known.VALUE_TYPE,
    well_known.ENUM,
    well_known.FORMATTABLE,
)


def grant(shapes: Shapes, shape: TypeShape) -> None:
    """Give a new shape what others wait for, or what it has been asked for already."""
    type = shape.type
    if type.form in ("function", "byref"):
        return
    if type.symbol in (well_known.GENERIC_COMPARABLE, well_known.EQUATABLE):
        subject = shapes.of(type.arguments[0])
        if provides(shapes, subject, type.symbol):
            _add(subject, type)
    elif type.symbol == well_known.ENUM_OVER:
        for other in list(shapes.shapes.values()):
            if other.kind == "enum" and other.element is type.arguments[0]:
                _add(other, type)
    elif type.symbol in _PLAIN:
        for other in list(shapes.shapes.values()):
            if provides(shapes, other, type.symbol):
                _add(other, type)
    else:
        if shape.kind == "enum" and shape.element is not None:
            over = shapes.mono.table.named(well_known.ENUM_OVER, shape.element)
            if over in shapes.shapes:
                _add(shape, over)
        for symbol in _PLAIN:
            plain = shapes.mono.plain(symbol)
            if plain in shapes.shapes and provides(shapes, shape, symbol):
                _add(shape, plain)


def _add(shape: TypeShape, interface: MonoType) -> None:
    if interface not in shape.ancestors:
        shape.ancestors.append(interface)


def provides(shapes: Shapes, shape: TypeShape, interface: str) -> bool:
    """Whether the type is compared, or tested for equality, by its structure."""
    if shape.type.form != "named":
        return _unnamed_has(shapes, shape, interface)
    if interface in (well_known.ENUM, well_known.FORMATTABLE):
        return shape.kind == "enum"
    if interface == well_known.VALUE_TYPE:
        return shape.is_value or shape.kind == "enum" or shape.builtin in SCALARS
    if shape.builtin in SCALARS or shape.builtin == "string":
        return interface not in _BY_PARTS
    if shape.kind == "enum":
        return interface == well_known.COMPARABLE
    definition = shapes.definition_of(shape.type)
    if definition is None or definition.kind not in ("record", "union", "struct"):
        return False
    if interface in (well_known.EQUATABLE, well_known.STRUCTURAL_EQUATABLE):
        return definition.equality == "structural"
    return definition.comparison == "structural" and _is_comparable(shapes, shape.type, set())


def _unnamed_has(shapes: Shapes, shape: TypeShape, interface: str) -> bool:
    """The same for tuples, which always say that they are compared, and anonymous records."""
    form = shape.type.form
    if form in ("function", "byref") or interface in (well_known.ENUM, well_known.FORMATTABLE):
        return False
    if interface == well_known.VALUE_TYPE:
        return form.startswith("struct")
    if form in ("tuple", "struct_tuple"):
        return interface in (well_known.COMPARABLE, *_BY_PARTS) or form == "struct_tuple"
    if interface in (well_known.EQUATABLE, well_known.STRUCTURAL_EQUATABLE):
        return True
    return _is_comparable(shapes, shape.type, set())


def _is_comparable(shapes: Shapes, type: MonoType, seen: set[str]) -> bool:
    """Whether all parts of a value can be compared. A type that contains itself, perhaps at larger
    and larger arguments, is looked into once."""
    if type.form == "named":
        if type.symbol in seen:
            return all(_is_comparable(shapes, item, seen) for item in type.arguments)
        seen.add(type.symbol)
    shape = shapes.of(type)
    if shape.kind in ("record", "union", "tuple"):
        definition = shapes.definition_of(type)
        if definition is not None and definition.comparison != "structural":
            return definition.comparison == "custom"
        fields = [*shape.fields, *(item for case in shape.cases for item in case.fields)]
        return all(_is_comparable(shapes, item.type, seen) for item in fields)
    if shape.kind in ("class", "interface", "exception"):
        known = (well_known.COMPARABLE, well_known.STRUCTURAL_COMPARABLE)
        plain = [shapes.mono.plain(symbol) for symbol in known]
        return any(one is type or one in shape.ancestors for one in plain)
    if shape.builtin == "array" and shape.element is not None:
        return _is_comparable(shapes, shape.element, seen)
    return shape.kind != "function"
