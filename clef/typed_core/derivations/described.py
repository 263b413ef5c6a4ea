"""The answers of one type to what reflection asks about it (see `typed_core/descriptions.py`).

Comes in: a `Subject`. Goes out: arrays of names and types, and code that makes values from their
parts and takes them apart. Promises: what F# and .NET say about their types holds for ours,
whatever represents them here; values are only looked into as what they are.
"""

from __future__ import annotations

from collections.abc import Sequence

from clef.typed_core import well_known
from clef.typed_core.builder import Block
from clef.typed_core.conversions import box, type_test, unbox
from clef.typed_core.core import Atom, Expression, Field, Local, MonoType
from clef.typed_core.derivations import attributes, codecs, constructors, properties
from clef.typed_core.lowerer import Lowerer
from clef.typed_core.specialiser import Subject
from clef.typed_core.type_information import definition_object, parameter_objects, type_object
from clef.typed_core.type_parts import base_of, case_names, form, parts_of
from clef.typed_core.values import array_of, texts


def _type(lowerer: Lowerer) -> MonoType:
    return lowerer.specialiser.mono.plain(well_known.TYPE)


def _types(lowerer: Lowerer, types: Sequence[MonoType], block: Block) -> Expression:
    result = _type(lowerer)
    items = [lowerer.builder.bind(block, type_object(lowerer, one, result)) for one in types]
    return array_of(lowerer, items, result, block)


def arguments(
    lowerer: Lowerer, subject: Subject, locals: Sequence[Local], block: Block
) -> Expression | None:
    """Type arguments, the type of an array's items, type parameters of a definition."""
    if subject.is_definition:
        items = parameter_objects(lowerer, subject.type, block)
        return array_of(lowerer, items, _type(lowerer), block)
    return _types(lowerer, subject.type.arguments, block)


def definition(
    lowerer: Lowerer, subject: Subject, locals: Sequence[Local], block: Block
) -> Expression | None:
    """The generic type behind a type with arguments."""
    if not subject.type.arguments:
        return None
    return definition_object(lowerer, subject.type, _type(lowerer))


def base(
    lowerer: Lowerer, subject: Subject, locals: Sequence[Local], block: Block
) -> Expression | None:
    """The base class."""
    found = base_of(lowerer.specialiser.shapes, subject.type)
    if subject.case >= 0:
        found = subject.type
    elif not found:
        return None
    if isinstance(found, str):
        found = lowerer.specialiser.mono.plain(found)
    return type_object(lowerer, found, _type(lowerer))


def ancestors(
    lowerer: Lowerer, subject: Subject, locals: Sequence[Local], block: Block
) -> Expression | None:
    """The interfaces."""
    shapes = lowerer.specialiser.shapes
    ancestors = shapes.of(subject.type).ancestors
    return _types(lowerer, [one for one in ancestors if shapes.of(one).kind == "interface"], block)


def cases(
    lowerer: Lowerer, subject: Subject, locals: Sequence[Local], block: Block
) -> Expression | None:
    """Names of union cases."""
    shapes = lowerer.specialiser.shapes
    if form(shapes, subject.type) != "union":
        return None
    return texts(lowerer, [name for name, _ in case_names(shapes, subject.type)], block)


def field_names(
    lowerer: Lowerer, subject: Subject, locals: Sequence[Local], block: Block
) -> Expression | None:
    """Names of the fields of a case, given by its index, or of a record."""
    named = [names for _, names in case_names(lowerer.specialiser.shapes, subject.type)]
    made: list[Expression] = []
    for names in named:
        inside = Block()
        made.append(lowerer.builder.finish(inside, texts(lowerer, names, inside)))
    return _by_case(lowerer, made, locals[0])


def field_types(
    lowerer: Lowerer, subject: Subject, locals: Sequence[Local], block: Block
) -> Expression | None:
    """Types of the fields of a case or record."""
    made: list[Expression] = []
    for _, fields in parts_of(lowerer.specialiser.shapes, subject.type):
        inside = Block()
        types = _types(lowerer, [one.type for one in fields], inside)
        made.append(lowerer.builder.finish(inside, types))
    return _by_case(lowerer, made, locals[0])


def _by_case(lowerer: Lowerer, made: list[Expression], index: Local) -> Expression | None:
    if len(made) < 2:
        return made[0] if made else None
    builder = lowerer.builder
    branches = list(enumerate(made[:-1]))
    return builder.switch(builder.variable(index), "integer", branches, made[-1], made[0].type)


def holds(
    lowerer: Lowerer, subject: Subject, locals: Sequence[Local], block: Block
) -> Expression | None:
    """Whether an object, which is not null, is of the type."""
    builder = lowerer.builder
    if subject.is_definition:
        return None
    test = type_test(lowerer, builder.variable(locals[0]), subject.type)
    if subject.case < 0:
        return test
    inside = Block()
    value = _opened(lowerer, subject.type, locals[0], inside)
    yes, no = builder.boolean(True), builder.boolean(False)
    of_case = builder.switch(value, "case", [(subject.case, yes)], no, builder.boolean_type)
    is_union = builder.bind(block, test)
    found = builder.finish(inside, of_case)
    return builder.branch(is_union, found, builder.boolean(False), builder.boolean_type)


def tag(
    lowerer: Lowerer, subject: Subject, locals: Sequence[Local], block: Block
) -> Expression | None:
    """The index of the case of a union's value."""
    if subject.is_definition or form(lowerer.specialiser.shapes, subject.type) != "union":
        return None
    value = _opened(lowerer, subject.type, locals[0], block)
    return lowerer.derived("tag", subject.type, [value], lowerer.specialiser.int32)


def _opened(lowerer: Lowerer, type: MonoType, object: Local, block: Block) -> Atom:
    builder = lowerer.builder
    return builder.bind(block, unbox(lowerer, builder.variable(object), type, block))


def read(
    lowerer: Lowerer, subject: Subject, locals: Sequence[Local], block: Block
) -> Expression | None:
    """The fields of a value, as objects."""
    builder = lowerer.builder
    parts = [] if subject.is_definition else parts_of(lowerer.specialiser.shapes, subject.type)
    if not parts:
        return None
    value = _opened(lowerer, subject.type, locals[0], block)
    if parts[0][0] < 0:
        return _fields(lowerer, subject.type, -1, parts[0][1], value, block)
    branches: list[tuple[int, Expression]] = []
    for case, fields in parts:
        inside = Block()
        made = _fields(lowerer, subject.type, case, fields, builder.again(value), inside)
        branches.append((case, builder.finish(inside, made)))
    return builder.switch(value, "case", branches, None, branches[0][1].type)


def _fields(
    lowerer: Lowerer, type: MonoType, case: int, fields: list[Field], value: Atom, block: Block
) -> Expression:
    builder = lowerer.builder
    object = lowerer.specialiser.object
    start = _first_own(lowerer, type, case, fields)
    items: list[Atom] = []
    for index, field in enumerate(fields):
        read = builder.project(builder.again(value), type, case, start + index, field.type)
        held = builder.bind(block, read)
        items.append(builder.bind(block, box(lowerer, held, field.type, object, block)))
    return array_of(lowerer, items, object, block)


def _first_own(lowerer: Lowerer, type: MonoType, case: int, fields: list[Field]) -> int:
    """Exceptions have inherited fields in front."""
    return len(lowerer.specialiser.shapes.of(type).fields) - len(fields) if case < 0 else 0


def make(
    lowerer: Lowerer, subject: Subject, locals: Sequence[Local], block: Block
) -> Expression | None:
    """A value from the index of its case and its fields, which have the right types; null where a
    struct is expected is its zero."""
    builder = lowerer.builder
    shapes = lowerer.specialiser.shapes
    is_made = not subject.is_definition and shapes.of(subject.type).kind != "exception"
    parts = parts_of(shapes, subject.type) if is_made else []
    made: list[Expression] = []
    for case, fields in parts:
        inside = Block()
        atoms = [
            constructors.argument(lowerer, field.type, locals[1], i, inside)
            for i, field in enumerate(fields)
        ]
        value = builder.bind(inside, builder.construct(subject.type, atoms, case))
        object = box(lowerer, value, subject.type, lowerer.specialiser.object, inside)
        made.append(builder.finish(inside, object))
    return _by_case(lowerer, made, locals[0])


QUESTIONS = {
    "described_arguments": arguments,
    "described_definition": definition,
    "described_base": base,
    "described_interfaces": ancestors,
    "described_cases": cases,
    "described_field_names": field_names,
    "described_field_types": field_types,
    "described_holds": holds,
    "described_tag": tag,
    "described_read": read,
    "described_make": make,
    "described_property_names": properties.names,
    "described_property_types": properties.types,
    "described_property_traits": properties.traits,
    "described_get_property": properties.read,
    "described_set_property": properties.write,
    "described_constructors": constructors.counts,
    "described_constructor_types": constructors.types,
    "described_constructor_names": constructors.names,
    "described_construct": constructors.construct_one,
    "described_zero": constructors.zero,
    "described_array": constructors.array,
    "described_with_attributes": attributes.places,
    "described_attributes": attributes.objects,
    "described_codec": codecs.codec,
}
"""The answers by the name of the intrinsic that asks."""
