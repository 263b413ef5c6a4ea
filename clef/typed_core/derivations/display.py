"""`[<StructuredFormatDisplay("{Name}: {Value}")>]`: layouts that a type's author has written.

Comes in: a type and a value of it. Goes out: the layout of the text with the named properties in
its places, or nothing when the type has no such attribute. Promises: a property that is a string
is shown without quotes; the attribute counts for derived classes; a property that raises is told.
"""

from __future__ import annotations

import re
from collections.abc import Callable

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
_FAILED = (
    "<StructuredFormatDisplay exception: Exception has been thrown by the target of an invocation.>"
)
_ATTRIBUTES = ("StructuredFormatDisplay", "StructuredFormatDisplayAttribute")


def display(
    lowerer: Lowerer,
    type: MonoType,
    value: Atom,
    joined: Callable[[Lowerer, list[Atom], Block], Expression],
    plain: Callable[[], Expression],
) -> Expression | None:
    """What the type's display text shows, its pieces `joined`; the `plain` layout where a property
    is null."""
    builder, result = lowerer.builder, lowerer.specialiser.layout
    block = Block()
    parts = _parts(lowerer, type, value, block)
    if parts is None:
        return None
    missing = _any_null(lowerer, [part for part in parts if not isinstance(part, str)], block)
    inside = Block()
    pieces = [
        _literal(lowerer, part, inside) if isinstance(part, str) else _piece(lowerer, part, inside)
        for part in parts
    ]
    shown = builder.finish(inside, joined(lowerer, pieces, inside))
    if missing is not None:
        shown = builder.branch(missing, plain(), shown, result)
    caught = builder.local(lowerer.specialiser.exception, "error")
    failed = Block()
    handler = builder.finish(failed, _literal(lowerer, _FAILED, failed))
    return builder.try_with(builder.finish(block, shown), caught, handler, result)


def _parts(lowerer: Lowerer, type: MonoType, value: Atom, block: Block) -> list[str | Atom] | None:
    """The texts between the places, and the properties in these."""
    text = _display_text(lowerer, type)
    if text is None:
        return None
    parts: list[str | Atom] = []
    for index, part in enumerate(_PLACE.split(text)):
        shown = part.replace("\\{", "{").replace("\\}", "}")
        if index % 2:
            read = _property(lowerer, type, shown, value, block)
            if read is None:
                method = f"{type_text(type, lowerer.specialiser.shapes)}.{shown}"
                return [_MISSING.format(method)]
            parts.append(lowerer.builder.bind(block, read))
        elif _STRAY.search(part) and (index or part == text):
            return None
        elif part:
            parts.append(shown)
    return parts


def _any_null(lowerer: Lowerer, values: list[Atom], block: Block) -> Atom | None:
    """Whether one of the values is null as an object, as None and unit are; nothing if none can."""
    builder, shapes = lowerer.builder, lowerer.specialiser.shapes
    boolean = builder.boolean_type
    result: Atom | None = None
    for value in values:
        yes, case = builder.boolean(True), shapes.null_case(value.type)
        again = builder.again(value)
        if case is not None:
            test: Expression = builder.switch(
                again, "case", [(case, yes)], builder.boolean(False), boolean
            )
        elif shapes.of(value.type).builtin == "unit":
            test = yes
        elif shapes.is_nullable(value.type):
            test = builder.primitive("is_null", [again], boolean)
        else:
            continue
        if result is not None:
            test = builder.branch(result, builder.boolean(True), test, boolean)
        result = builder.bind(block, test)
    return result


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
