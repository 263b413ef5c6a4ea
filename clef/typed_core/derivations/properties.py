"""The properties of one type: `GetProperties`, `GetValue` and `SetValue`.

Comes in: a `Subject`. Goes out: arrays of names, types and traits, and code that reads and writes
each property. Promises: types of the user, tuples and anonymous records answer as in .NET; others,
whose members differ from those of .NET, do not answer.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from clef.data_classes import dataclass
from clef.inference import typed_tree as t
from clef.inference.well_known import SPANS
from clef.typed_core import well_known
from clef.typed_core.builder import Block
from clef.typed_core.conversions import box, unbox
from clef.typed_core.core import Atom, Expression, Local, MonoType
from clef.typed_core.lowerer import Lowerer
from clef.typed_core.specialiser import Subject
from clef.typed_core.traits import call_trait
from clef.typed_core.type_information import type_object
from clef.typed_core.values import array_of, numbers, texts

_READABLE, _WRITABLE, _STATIC, _INDEXED, _SHORT_LIVED = 1, 2, 4, 8, 16
_KINDS = ("record", "class", "struct", "interface")


@dataclass(slots=True)
class _Property:
    name: str
    type: MonoType
    traits: int


def _properties(lowerer: Lowerer, subject: Subject) -> list[_Property] | None:
    """The declared ones; nothing for types that do not answer."""
    shapes = lowerer.specialiser.shapes
    if subject.is_definition or subject.case >= 0:
        return None
    if subject.type.form in ("tuple", "struct_tuple", "anonymous", "struct_anonymous"):
        # The items of struct tuples are fields to .NET.
        is_told = subject.type.form != "struct_tuple"
        fields = shapes.of(subject.type).fields if is_told else []
        return [_Property(field.name, field.type, _READABLE) for field in fields]
    definition = shapes.definition_of(subject.type)
    if definition is None or definition.span.in_library or definition.kind not in _KINDS:
        return None
    mono = lowerer.specialiser.mono
    environment = mono.bind(definition.type_parameters, subject.type.arguments)
    found: list[_Property] = []
    for one in definition.properties:
        type = mono.of(one.type, environment)
        is_short_lived = type.symbol in SPANS or type.symbol == well_known.POINTER
        lived = _SHORT_LIVED if is_short_lived else 0
        found.append(_Property(one.name, type, _traits(one) | lived))
    return found


def _traits(property: t.PropertyDefinition) -> int:
    flags = (
        (property.is_readable, _READABLE),
        (property.is_writable, _WRITABLE),
        (property.is_static, _STATIC),
        (property.is_indexed, _INDEXED),
    )
    return sum(flag for has, flag in flags if has)


def names(
    lowerer: Lowerer, subject: Subject, locals: Sequence[Local], block: Block
) -> Expression | None:
    """What they are called."""
    found = _properties(lowerer, subject)
    if found is None:
        return None
    return texts(lowerer, [one.name for one in found], block)


def types(
    lowerer: Lowerer, subject: Subject, locals: Sequence[Local], block: Block
) -> Expression | None:
    """What they hold."""
    found = _properties(lowerer, subject)
    if found is None:
        return None
    result = lowerer.specialiser.mono.plain(well_known.TYPE)
    builder = lowerer.builder
    items = [builder.bind(block, type_object(lowerer, one.type, result)) for one in found]
    return array_of(lowerer, items, result, block)


def traits(
    lowerer: Lowerer, subject: Subject, locals: Sequence[Local], block: Block
) -> Expression | None:
    """What can be done with them: 1 read, 2 written, 4 without an object, 8 only with an index; 16
    for what no object can hold."""
    found = _properties(lowerer, subject)
    if found is None:
        return None
    return numbers(lowerer, [one.traits for one in found], block)


def read(
    lowerer: Lowerer, subject: Subject, locals: Sequence[Local], block: Block
) -> Expression | None:
    """The value of one, given by its index, of an object of the type."""
    object = lowerer.specialiser.object

    def made(property: _Property, inside: Block) -> Expression | None:
        own = _owner(lowerer, subject, property, locals[1], inside)
        found = _call(lowerer, f"get_{property.name}", subject, property, own, inside)
        if found is None:
            return None
        value = lowerer.builder.bind(inside, found)
        return box(lowerer, value, property.type, object, inside)

    return _by_index(lowerer, subject, locals[0], _READABLE, made, object)


def write(
    lowerer: Lowerer, subject: Subject, locals: Sequence[Local], block: Block
) -> Expression | None:
    """Writes one of an object of the type; the value has the right type."""
    builder = lowerer.builder

    def made(property: _Property, inside: Block) -> Expression | None:
        own = _owner(lowerer, subject, property, locals[1], inside)
        given = unbox(lowerer, builder.variable(locals[2]), property.type, inside)
        value = builder.bind(inside, given)
        return _call(lowerer, f"set_{property.name}", subject, property, [*own, value], inside)

    if lowerer.specialiser.shapes.of(subject.type).is_value:
        return None
    return _by_index(lowerer, subject, locals[0], _WRITABLE, made, lowerer.specialiser.unit)


def _owner(
    lowerer: Lowerer, subject: Subject, property: _Property, object: Local, block: Block
) -> list[Atom]:
    if property.traits & _STATIC:
        return []
    builder = lowerer.builder
    opened = unbox(lowerer, builder.variable(object), subject.type, block)
    return [builder.bind(block, opened)]


def _call(
    lowerer: Lowerer,
    name: str,
    subject: Subject,
    property: _Property,
    atoms: list[Atom],
    block: Block,
) -> Expression | None:
    """The accessor, or the field that stands behind the name."""
    specialiser = lowerer.specialiser
    result = property.type if name.startswith("get_") else specialiser.unit
    is_static = bool(property.traits & _STATIC)
    supports = [subject.type]
    return call_trait(lowerer, name, supports, atoms, result, block, False, is_static)


def _by_index(
    lowerer: Lowerer,
    subject: Subject,
    index: Local,
    trait: int,
    make: Callable[[_Property, Block], Expression | None],
    result: MonoType,
) -> Expression | None:
    builder = lowerer.builder
    branches: list[tuple[int, Expression]] = []
    for place, property in enumerate(_properties(lowerer, subject) or []):
        if not property.traits & trait or property.traits & (_INDEXED | _SHORT_LIVED):
            continue
        inside = Block()
        made = make(property, inside)
        if made is not None:
            branches.append((place, builder.finish(inside, made)))
    if not branches:
        return None
    default = builder.primitive("zero", [], result, (result,))
    return builder.switch(builder.variable(index), "integer", branches, default, result)
