"""`typeof`, `sizeof` and default values.

Comes in: `TypeName` expressions. Goes out: constants and calls of the library's `Type`. Promises:
no type exists at run time except as text and a number.
"""

from __future__ import annotations

import os
from collections.abc import Sequence

from clef.inference import typed_tree as t
from clef.typed_core import well_known
from clef.typed_core.builder import Block
from clef.typed_core.conversions import check_tested
from clef.typed_core.core import Atom, Expression, MonoType
from clef.typed_core.lowerer import Lowerer
from clef.typed_core.names_of_types import (
    array_rank,
    case_type_names,
    full_name,
    plain_names,
    short_name,
    type_text,
)
from clef.typed_core.representations import BITS
from clef.typed_core.specialiser import Subject
from clef.typed_core.type_parts import case_class, form


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
        return definition_object(lowerer, subject, lowerer.mono(node.type))
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
_FORMS = {"union": 128, "record": 256, "tuple": 512, "function": 1024, "exception": 2048}
_HIDDEN, _PARAMETER, _CASE = 4096, 8192, 16384
_WHOLE = ("SByte", "Byte", "Int16", "UInt16", "Int32", "UInt32", "Int64", "UInt64")
_PRIMITIVES = frozenset(
    f"System.{name}"
    for name in ("Boolean", "Char", *_WHOLE, "IntPtr", "UIntPtr", "Single", "Double")
)


def _traits(lowerer: Lowerer, type: MonoType) -> int:
    """What kind of type .NET and F# take it for."""
    shapes = lowerer.specialiser.shapes
    shape = shapes.of(type)
    if array_rank(type, shapes):
        return _ARRAY
    traits = (_GENERIC if type.arguments else 0) | _FORMS.get(form(shapes, type), 0)
    definition = shapes.definition_of(type)
    if definition is not None and definition.is_hidden:
        traits |= _HIDDEN
    if shape.kind == "enum":
        return _ENUM | _VALUE
    if shape.kind == "interface":
        return traits | _INTERFACE
    if type.symbol in _PRIMITIVES:
        return traits | _VALUE | _PRIMITIVE
    is_value = shape.is_value or (shapes.is_scalar(type) and shape.builtin != "unit")
    return traits | (_VALUE if is_value else 0)


def _made(
    lowerer: Lowerer, names: Sequence[str], subject: Subject, traits: int, result: MonoType
) -> Expression:
    """A `Type` with its name, full name and text."""
    builder, specialiser = lowerer.builder, lowerer.specialiser
    arguments: list[Atom] = [builder.literal(name, specialiser.string) for name in names]
    arguments.append(builder.int32(specialiser.describe(subject)))
    arguments.append(builder.int32(traits))
    if specialiser.shapes.of(subject.type).kind == "enum":
        of_enum = well_known.ENUM_TYPE_OBJECT
        return lowerer.call_symbol(of_enum, arguments, result, [subject.type])
    return lowerer.call_symbol(well_known.TYPE_OBJECT, arguments, result)


def definition_object(lowerer: Lowerer, subject: MonoType, result: MonoType) -> Expression:
    """`typedefof<T<_>>`: the generic type itself, whatever its arguments."""
    specialiser = lowerer.specialiser
    name, full = plain_names(subject, specialiser.shapes)
    text = f"{full}[{','.join(_parameter_names(lowerer, subject))}]"
    identity = specialiser.table.make(subject.form, subject.symbol).id
    described = Subject(identity, subject, is_definition=True)
    traits = _traits(lowerer, subject) | _GENERIC_DEFINITION
    return _made(lowerer, (name, full, text), described, traits, result)


def _parameter_names(lowerer: Lowerer, subject: MonoType) -> list[str]:
    definition = lowerer.specialiser.shapes.definition_of(subject)
    if definition is None:
        return [f"T{index + 1}" for index in range(len(subject.arguments))]
    return [one.name for one in definition.type_parameters if not one.is_measure]


def parameter_objects(lowerer: Lowerer, subject: MonoType, block: Block) -> list[Atom]:
    """The type parameters of a generic type, as `Type`s."""
    specialiser = lowerer.specialiser
    result = specialiser.mono.plain(well_known.TYPE)
    made: list[Atom] = []
    for name in _parameter_names(lowerer, subject):
        identity = specialiser.table.make("parameter", f"{subject.symbol}.{name}").id
        described = Subject(identity, specialiser.object)
        made.append(
            lowerer.builder.bind(
                block, _made(lowerer, (name, name, name), described, _PARAMETER, result)
            )
        )
    return made


def case_object(lowerer: Lowerer, union: MonoType, index: int, result: MonoType) -> Expression:
    """`x.GetType()` of a union's value: .NET has classes for most cases."""
    specialiser = lowerer.specialiser
    name = case_class(specialiser.shapes, union, index)
    if not name:
        return type_object(lowerer, union, result)
    identity = specialiser.table.make("case", str(index), (union,)).id
    names = case_type_names(union, name, specialiser.shapes)
    described = Subject(identity, union, index)
    return _made(lowerer, names, described, _traits(lowerer, union) | _CASE, result)


def type_object(lowerer: Lowerer, subject: MonoType, result: MonoType) -> Expression:
    """The library's `Type` for a closed type."""
    shapes = lowerer.specialiser.shapes
    names = [name(subject, shapes) for name in (short_name, full_name, type_text)]
    described = Subject(subject.id, subject)
    return _made(lowerer, names, described, _traits(lowerer, subject), result)
