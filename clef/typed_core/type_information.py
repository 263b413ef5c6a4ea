"""`typeof`, `sizeof` and default values.

Comes in: `TypeName` expressions. Goes out: constants and calls of the library's `Type`. Promises:
no type exists at run time except as text and a number.
"""

from __future__ import annotations

import os

from clef.inference import typed_tree as t
from clef.typed_core import well_known
from clef.typed_core.builder import Block
from clef.typed_core.conversions import check_tested
from clef.typed_core.core import Atom, Expression, MonoType
from clef.typed_core.lowerer import Lowerer
from clef.typed_core.names_of_types import full_name, plain_names, short_name, type_text
from clef.typed_core.representations import BITS


def lower_type_name(lowerer: Lowerer, node: t.Expression, block: Block, tail: bool) -> Expression:
    """See `TypeName`."""
    assert isinstance(node, t.TypeName)
    builder = lowerer.builder
    subject = lowerer.mono(node.subject)
    if node.kind in ("default", "static"):
        return builder.primitive("zero", [], subject, (subject,))
    check_tested(lowerer, subject)
    if node.kind == "sizeof":
        return type_size(lowerer, subject)
    if node.kind == "definition" and subject.arguments:
        return _definition_object(lowerer, subject, lowerer.mono(node.type))
    return type_object(lowerer, subject, lowerer.mono(node.type))


def lower_source_place(
    lowerer: Lowerer, node: t.Expression, block: Block, tail: bool
) -> Expression:
    """The line of a call, or the whole path of its file."""
    assert isinstance(node, t.SourcePlace)
    builder = lowerer.builder
    span = node.span
    if node.kind == "line":
        return builder.int32(lowerer.specialiser.program.position(span.path, span.start)[0])
    return builder.literal(os.path.abspath(span.path), lowerer.specialiser.string)


_AS_WIDE_AS_POINTERS = ("System.IntPtr", "System.UIntPtr")


def type_size(lowerer: Lowerer, type: MonoType) -> Expression:
    """What `sizeof` says: F#'s number where that differs from ours."""
    if type.symbol == well_known.DECIMAL:
        return lowerer.builder.int32(16)
    if type.symbol == well_known.UNIT:  # a class in F#, of which there is only null
        type = lowerer.specialiser.object
    return size_of(lowerer, type)


def size_of(lowerer: Lowerer, type: MonoType) -> Expression:
    """Bytes that a value takes in memory; that of structs and pointers is known to the plan."""
    shapes = lowerer.specialiser.shapes
    plain = (shapes.of(type).kind == "enum" and shapes.of(type).element) or type
    bits = BITS.get(shapes.representation(plain), 0)
    if bits == 0 or plain.symbol in _AS_WIDE_AS_POINTERS:
        return lowerer.builder.primitive("size_of", [], lowerer.specialiser.int32, (plain,))
    return lowerer.builder.int32(bits // 8)


# The bits of `Type.Traits` (`clef/library/prim/comparisons.clef`).
_VALUE, _ARRAY, _ENUM, _INTERFACE, _PRIMITIVE, _GENERIC, _GENERIC_DEFINITION = (
    1 << bit for bit in range(7)
)
_WHOLE = ("SByte", "Byte", "Int16", "UInt16", "Int32", "UInt32", "Int64", "UInt64")
_PRIMITIVES = frozenset(
    f"System.{name}"
    for name in ("Boolean", "Char", *_WHOLE, "IntPtr", "UIntPtr", "Single", "Double")
)


def _traits(lowerer: Lowerer, type: MonoType) -> int:
    """What kind of type .NET takes it for."""
    shapes = lowerer.specialiser.shapes
    shape = shapes.of(type)
    if shapes.representation(type) == "array":
        return _ARRAY
    traits = _GENERIC if type.arguments else 0
    if shape.kind == "enum":
        return _ENUM | _VALUE
    if shape.kind == "interface":
        return traits | _INTERFACE
    if type.symbol in _PRIMITIVES:
        return traits | _VALUE | _PRIMITIVE
    is_value = shape.is_value or (shapes.is_scalar(type) and shape.builtin != "unit")
    return traits | (_VALUE if is_value else 0)


def _definition_object(lowerer: Lowerer, subject: MonoType, result: MonoType) -> Expression:
    """`typedefof<T<_>>`: the generic type itself, whatever its arguments."""
    builder, specialiser = lowerer.builder, lowerer.specialiser
    name, full = plain_names(subject, specialiser.shapes)
    definition = specialiser.shapes.definition_of(subject)
    parameters = definition.type_parameters if definition is not None else ()
    text = f"{full}[{','.join(parameter.name for parameter in parameters)}]"
    arguments: list[Atom] = [builder.literal(one, specialiser.string) for one in (name, full, text)]
    arguments.append(builder.int32(specialiser.table.make(subject.form, subject.symbol).id))
    arguments.append(builder.int32(_traits(lowerer, subject) | _GENERIC_DEFINITION))
    return lowerer.call_symbol(well_known.TYPE_OBJECT, arguments, result)


def type_object(lowerer: Lowerer, subject: MonoType, result: MonoType) -> Expression:
    """The library's `Type` for a closed type."""
    builder = lowerer.builder
    specialiser = lowerer.specialiser
    arguments: list[Atom] = [
        builder.literal(name(subject, specialiser.shapes), specialiser.string)
        for name in (short_name, full_name, type_text)
    ]
    arguments.append(builder.int32(subject.id))
    arguments.append(builder.int32(_traits(lowerer, subject)))
    if specialiser.shapes.of(subject).kind == "enum":
        return lowerer.call_symbol(well_known.ENUM_TYPE_OBJECT, arguments, result, [subject])
    return lowerer.call_symbol(well_known.TYPE_OBJECT, arguments, result)
