"""`typeof`, `sizeof` and default values.

Comes in: `TypeName` expressions. Goes out: constants and calls of the library's `Type`. Promises:
no type exists at run time except as text and a number.
"""

from __future__ import annotations

from clef.inference import typed_tree as t
from clef.typed_core import well_known
from clef.typed_core.builder import Block
from clef.typed_core.core import Atom, Expression, MonoType
from clef.typed_core.lowerer import Lowerer
from clef.typed_core.names_of_types import full_name, plain_names, short_name, type_text
from clef.typed_core.representations import BITS


def lower_type_name(lowerer: Lowerer, node: t.Expression, block: Block, tail: bool) -> Expression:
    """See `TypeName`."""
    assert isinstance(node, t.TypeName)
    builder = lowerer.builder
    specialiser = lowerer.specialiser
    subject = lowerer.mono(node.subject)
    shapes = specialiser.shapes
    if node.kind == "default":
        return builder.primitive("zero", [], subject, (subject,))
    if node.kind == "sizeof":
        type = (shapes.of(subject).kind == "enum" and shapes.of(subject).element) or subject
        name = shapes.representation(type)
        return builder.int32(BITS.get(name, 128 if type.symbol == well_known.DECIMAL else 64) // 8)
    if node.kind == "definition" and subject.arguments:
        return _definition_object(lowerer, subject, lowerer.mono(node.type))
    return type_object(lowerer, subject, lowerer.mono(node.type))


def _definition_object(lowerer: Lowerer, subject: MonoType, result: MonoType) -> Expression:
    """`typedefof<T<_>>`: the generic type itself, whatever its arguments."""
    builder, specialiser = lowerer.builder, lowerer.specialiser
    name, full = plain_names(subject, specialiser.shapes)
    definition = specialiser.shapes.definition_of(subject)
    parameters = definition.type_parameters if definition is not None else ()
    text = f"{full}[{','.join(parameter.name for parameter in parameters)}]"
    arguments: list[Atom] = [builder.literal(one, specialiser.string) for one in (name, full, text)]
    arguments.append(builder.int32(specialiser.table.make(subject.form, subject.symbol).id))
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
    if specialiser.shapes.of(subject).kind == "enum":
        return lowerer.call_symbol(well_known.ENUM_TYPE_OBJECT, arguments, result, [subject])
    return lowerer.call_symbol(well_known.TYPE_OBJECT, arguments, result)
