"""The constructors of one type: `Activator.CreateInstance` with a `Type`.

Comes in: a `Subject`. Goes out: how many arguments the constructors take, of which types and names;
code that makes an object; the zero of a value type. Promises: classes and structs of the user tell
their public constructors, other types none; records are made of their parts (`described_make`).
"""

from __future__ import annotations

from collections.abc import Sequence

from clef.inference import typed_tree as t
from clef.typed_core import well_known
from clef.typed_core.builder import Block
from clef.typed_core.conversions import box, unbox
from clef.typed_core.core import Atom, Expression, Local, MonoType
from clef.typed_core.lowerer import Lowerer
from clef.typed_core.names_of_types import array_rank
from clef.typed_core.new_objects import construct
from clef.typed_core.specialiser import Instance, Subject
from clef.typed_core.type_information import type_object
from clef.typed_core.values import array_of, numbers, texts


def _constructors(lowerer: Lowerer, subject: Subject) -> list[Instance] | None:
    specialiser = lowerer.specialiser
    definition = specialiser.shapes.definition_of(subject.type)
    is_told = not subject.is_definition and subject.case < 0
    if definition is None or not is_told or definition.span.in_library:
        return None
    if definition.kind not in ("class", "struct"):
        return None
    found = [specialiser.instance(one, subject.type.arguments) for one in definition.constructors]
    return [one for one in found if one is not None]


def _parameters(lowerer: Lowerer, instance: Instance) -> list[MonoType]:
    """What is given: neither the object itself nor a unit that stands for nothing."""
    given = list(instance.parameters[1:])
    return [] if given == [lowerer.specialiser.unit] else given


def counts(
    lowerer: Lowerer, subject: Subject, locals: Sequence[Local], block: Block
) -> Expression | None:
    """How many arguments each takes."""
    found = _constructors(lowerer, subject)
    if found is None:
        return None
    return numbers(lowerer, [len(_parameters(lowerer, one)) for one in found], block)


def types(
    lowerer: Lowerer, subject: Subject, locals: Sequence[Local], block: Block
) -> Expression | None:
    """The types of the arguments of one, given by its index."""
    builder = lowerer.builder
    result = lowerer.specialiser.mono.plain(well_known.TYPE)
    branches: list[tuple[int, Expression]] = []
    for index, one in enumerate(_constructors(lowerer, subject) or []):
        inside = Block()
        parameters = _parameters(lowerer, one)
        items = [builder.bind(inside, type_object(lowerer, each, result)) for each in parameters]
        made = array_of(lowerer, items, result, inside)
        branches.append((index, builder.finish(inside, made)))
    return _by_index(lowerer, branches, locals[0])


def names(
    lowerer: Lowerer, subject: Subject, locals: Sequence[Local], block: Block
) -> Expression | None:
    """What the arguments of one are called; a parameter that is taken apart has no name."""
    branches: list[tuple[int, Expression]] = []
    for index, one in enumerate(_constructors(lowerer, subject) or []):
        inside = Block()
        given = one.definition.parameters[1:][: len(_parameters(lowerer, one))]
        called = [p.local.name if isinstance(p, t.VariablePattern) else "" for p in given]
        named = texts(lowerer, called, inside)
        branches.append((index, lowerer.builder.finish(inside, named)))
    return _by_index(lowerer, branches, locals[0])


def construct_one(
    lowerer: Lowerer, subject: Subject, locals: Sequence[Local], block: Block
) -> Expression | None:
    """An object, from the index of a constructor and arguments of the right types."""
    builder = lowerer.builder
    object = lowerer.specialiser.object
    branches: list[tuple[int, Expression]] = []
    for index, one in enumerate(_constructors(lowerer, subject) or []):
        inside = Block()
        atoms: list[Atom] = [
            argument(lowerer, type, locals[1], place, inside)
            for place, type in enumerate(_parameters(lowerer, one))
        ]
        atoms = atoms or [builder.unit() for _ in one.parameters[1:]]
        made = builder.bind(inside, construct(lowerer, one, subject.type, atoms, inside))
        boxed = box(lowerer, made, subject.type, object, inside)
        branches.append((index, builder.finish(inside, boxed)))
    return _by_index(lowerer, branches, locals[0])


def argument(lowerer: Lowerer, type: MonoType, given: Local, index: int, block: Block) -> Atom:
    """One of the objects that are given; null is the zero of a type that has no null."""
    builder, shapes = lowerer.builder, lowerer.specialiser.shapes
    object = lowerer.specialiser.object
    operands: list[Atom] = [builder.variable(given), builder.int32(index)]
    item = builder.bind(block, builder.primitive("array_get", operands, object, (object,)))
    if shapes.is_nullable(type) or shapes.null_case(type) is not None:
        return builder.bind(block, unbox(lowerer, item, type, block))
    test = builder.primitive("is_null", [builder.again(item)], builder.boolean_type)
    is_null = builder.bind(block, test)
    nothing = builder.primitive("zero", [], type, (type,))
    inside = Block()
    there = builder.finish(inside, unbox(lowerer, item, type, inside))
    return builder.bind(block, builder.branch(is_null, nothing, there, type))


def _by_index(
    lowerer: Lowerer, branches: list[tuple[int, Expression]], index: Local
) -> Expression | None:
    if not branches:
        return None
    builder, result = lowerer.builder, branches[0][1].type
    default = builder.primitive("zero", [], result, (result,))
    return builder.switch(builder.variable(index), "integer", branches, default, result)


def zero(
    lowerer: Lowerer, subject: Subject, locals: Sequence[Local], block: Block
) -> Expression | None:
    """The zero of a value type, as an object."""
    shapes = lowerer.specialiser.shapes
    is_value = shapes.of(subject.type).is_value or shapes.is_scalar(subject.type)
    if subject.is_definition or not is_value or shapes.of(subject.type).builtin == "unit":
        return None
    builder = lowerer.builder
    nothing = builder.bind(block, builder.primitive("zero", [], subject.type, (subject.type,)))
    return box(lowerer, nothing, subject.type, lowerer.specialiser.object, block)


def array(
    lowerer: Lowerer, subject: Subject, locals: Sequence[Local], block: Block
) -> Expression | None:
    """An array of the type, of as many zeros as the first argument says."""
    type = subject.type
    if subject.is_definition or array_rank(type, lowerer.specialiser.shapes) != 1:
        return None
    length: list[Atom] = [lowerer.builder.variable(locals[0])]
    object = lowerer.specialiser.object
    return lowerer.call_symbol(well_known.MAKE_ARRAY, length, object, type.arguments)
