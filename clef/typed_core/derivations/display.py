"""`[<StructuredFormatDisplay("{Name}: {Value}")>]`: layouts that a type's author has written.

Comes in: a type and a value of it. Goes out: the layout of the text with the named properties in
its places, or nothing when the type has no such attribute. Promises: a property that is a string
is shown without quotes; the attribute counts for derived classes.
"""

from __future__ import annotations

import re

from clef.typed_core import well_known
from clef.typed_core.builder import Block
from clef.typed_core.conversions import type_test, unbox
from clef.typed_core.core import Atom, Expression, MonoType
from clef.typed_core.derivations.structure import call_override
from clef.typed_core.lowerer import Lowerer
from clef.typed_core.names_of_types import type_text
from clef.typed_core.places import project_field

_PLACE = re.compile(r"(?<!\\)\{(.*?)(?<!\\)\}")
_STRAY = re.compile(r"(?<!\\)[{}]")  # a brace of no place: the text is not used
_MISSING = "<StructuredFormatDisplay exception: Method '{}' not found.>"
_ATTRIBUTES = ("StructuredFormatDisplay", "StructuredFormatDisplayAttribute")


def display(lowerer: Lowerer, type: MonoType, value: Atom, block: Block) -> list[Atom] | None:
    """The layouts of the pieces of the type's display text, in order."""
    text = _display_text(lowerer, type)
    if text is None:
        return None
    pieces: list[Atom] = []
    for index, part in enumerate(_PLACE.split(text)):
        shown = part.replace("\\{", "{").replace("\\}", "}")
        if index % 2:
            read = _property(lowerer, type, shown, value, block)
            if read is None:
                method = f"{type_text(type, lowerer.specialiser.shapes)}.{shown}"
                return [_literal(lowerer, _MISSING.format(method), block)]
            pieces.append(_piece(lowerer, lowerer.builder.bind(block, read), block))
        elif _STRAY.search(part) and (index or part == text):
            return None
        elif part:
            pieces.append(_literal(lowerer, shown, block))
    return pieces


def _literal(lowerer: Lowerer, text: str, block: Block) -> Atom:
    return _word(lowerer, lowerer.builder.literal(text, lowerer.specialiser.string), block)


def _display_text(lowerer: Lowerer, type: MonoType) -> str | None:
    current: MonoType | None = type
    while current is not None:
        definition = lowerer.specialiser.shapes.definition_of(current)
        for attribute in definition.attributes if definition is not None else ():
            written = attribute.arguments[0] if attribute.arguments else None
            if attribute.name.rsplit(".", 1)[-1] in _ATTRIBUTES and isinstance(written, str):
                return written
        current = lowerer.specialiser.dispatch.base_of(current)
    return None


def _property(
    lowerer: Lowerer, type: MonoType, name: str, value: Atom, block: Block
) -> Expression | None:
    """The value of a property or field of this type or of a base class."""
    specialiser = lowerer.specialiser
    shape = specialiser.shapes.of(type)
    if shape.kind == "record" and any(field.name == name for field in shape.fields):
        return project_field(lowerer, lowerer.builder.again(value), type, name, None, block)
    current: MonoType | None = type
    while current is not None:
        for definition in specialiser.overloads(f"{current.symbol}.get_{name}"):
            instance = specialiser.instance(definition.symbol, current.arguments)
            if instance is None or not instance.parameters:
                continue
            getter = specialiser.request(instance)
            atoms = [lowerer.builder.again(value)]
            if len(instance.parameters) > 1:
                atoms.append(lowerer.builder.unit())
            return call_override(lowerer, getter, atoms, instance.result, block)
        current = specialiser.dispatch.base_of(current)
    return None


def _piece(lowerer: Lowerer, value: Atom, block: Block) -> Atom:
    specialiser = lowerer.specialiser
    if value.type is specialiser.string:
        return _word(lowerer, value, block)
    layout = lowerer.derived("layout", value.type, [value], specialiser.layout)
    if value.type is not specialiser.object:
        return lowerer.builder.bind(block, layout)
    return _object(lowerer, value, layout, block)


def _object(lowerer: Lowerer, value: Atom, layout: Expression, block: Block) -> Atom:
    """An object that is a text stands without quotes as well."""
    builder, string = lowerer.builder, lowerer.specialiser.string
    test = builder.bind(block, type_test(lowerer, builder.again(value), string))
    inside = Block()
    text = builder.bind(inside, unbox(lowerer, builder.again(value), string, inside))
    bare = builder.finish(inside, _word(lowerer, text, inside))
    return builder.bind(block, builder.branch(test, bare, layout, lowerer.specialiser.layout))


def _word(lowerer: Lowerer, text: Atom, block: Block) -> Atom:
    made = lowerer.call_symbol(well_known.LAYOUT_TEXT, [text], lowerer.specialiser.layout)
    return lowerer.builder.bind(block, made)
