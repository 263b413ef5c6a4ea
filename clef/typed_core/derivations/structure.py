"""Walking two values of one structure side by side; shared by equality and comparison.

Comes in: a type with fields or cases. Goes out: nested tests over pairs of parts. Promises: the
last part of a value is handled in tail position, so that long lists are compared in a loop.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from clef.inference.types import ParameterType
from clef.typed_core import well_known
from clef.typed_core.builder import Block
from clef.typed_core.conversions import box, check_structural
from clef.typed_core.core import Atom, Expression, Field, Local, MonoType
from clef.typed_core.dispatch import Slot
from clef.typed_core.lowerer import Lowerer
from clef.typed_core.specialiser import Instance

Pair = tuple[Atom, Atom, MonoType]
Chain = Callable[[list[Callable[[Block], Pair]], Block], Expression]


def parts(
    lowerer: Lowerer,
    type: MonoType,
    case: int,
    fields: Sequence[Field],
    left: Local,
    right: Local,
) -> list[Callable[[Block], Pair]]:
    """Readers of the fields of both values."""
    builder = lowerer.builder
    declared = declared_types(lowerer, type, case)

    def reader(index: int, field: Field) -> Callable[[Block], Pair]:
        def read(block: Block) -> Pair:
            a = builder.project(builder.variable(left), type, case, index, field.type)
            b = builder.project(builder.variable(right), type, case, index, field.type)
            pair = [builder.bind(block, a), builder.bind(block, b)]
            if index < len(declared) and declared[index]:
                check_structural(lowerer, pair, block)
                pair = [builder.again(atom) for atom in pair]
            return pair[0], pair[1], field.type

        return read

    return [reader(index, field) for index, field in enumerate(fields)]


def declared_types(lowerer: Lowerer, type: MonoType, case: int) -> list[bool]:
    """For each field of a record or case, whether its definition names a type and no parameter."""
    definition = lowerer.specialiser.shapes.definition_of(type)
    if definition is None or definition.kind not in ("record", "union"):
        return []
    fields = definition.fields if case < 0 else definition.cases[case].fields
    return [not isinstance(field.type, ParameterType) for field in fields]


def by_case(
    lowerer: Lowerer,
    type: MonoType,
    locals: list[Local],
    chain: Chain,
    different: Callable[[int, Block], Expression],
    result: MonoType,
) -> Expression:
    """Both of one case: `chain` over its fields; else `different`."""
    builder = lowerer.builder
    left, right = locals
    cases = lowerer.specialiser.shapes.of(type).cases
    branches: list[tuple[int, Expression]] = []
    for index, case in enumerate(cases):
        inside = Block()
        same = chain(parts(lowerer, type, index, case.fields, left, right), inside)
        same = builder.finish(inside, same)
        if len(cases) > 1:
            other = Block()
            unequal = builder.finish(other, different(index, other))
            same = builder.switch(builder.variable(right), "case", [(index, same)], unequal, result)
        branches.append((index, same))
    return builder.switch(builder.variable(left), "case", branches, None, result)


def tail_call(
    lowerer: Lowerer, kind: str, type: MonoType, atoms: list[Atom], result: MonoType
) -> Expression:
    """A derived call in tail position: a jump when it is this very function."""
    name = lowerer.specialiser.derived(kind, type)
    target = lowerer.self_call
    if target is not None and target.name == name:
        target.used = True
        return lowerer.builder.jump(target.label, atoms, result)
    return lowerer.builder.call(name, atoms, result)


def override(lowerer: Lowerer, slot: str, owner: str, type: MonoType) -> str | None:
    """The type's own implementation of a slot of an ungeneric interface or of obj."""
    specialiser = lowerer.specialiser
    declared = Slot(slot, specialiser.mono.plain(owner), ())
    return specialiser.dispatch.implementation(declared, type)


def call_override(
    lowerer: Lowerer, name: str, atoms: list[Atom], result: MonoType, block: Block
) -> Expression:
    """Call a type's own member; an inherited one takes the object as the base class."""
    builder = lowerer.builder
    wanted = lowerer.specialiser.dispatch.receivers.get(name)
    first = atoms[0]
    if wanted is not None and wanted is not first.type:
        first = builder.bind(block, builder.primitive("cast", [first], wanted, (wanted,)))
    return builder.call(name, [first, *atoms[1:]], result)


def as_structural(
    lowerer: Lowerer, interface: str, type: MonoType, local: Local, block: Block
) -> Atom | None:
    """An object of a class as `interface`, if the class implements it."""
    specialiser = lowerer.specialiser
    wanted = specialiser.mono.plain(interface)
    if not specialiser.shapes.is_subtype(type, wanted):
        return None
    builder = lowerer.builder
    cast = builder.primitive("cast", [builder.variable(local)], wanted, (wanted,))
    return builder.bind(block, cast)


def implementing(
    lowerer: Lowerer, interface: str, type: MonoType, local: Local, block: Block
) -> Atom | None:
    """A value of a record or union as `interface`, if the type implements it itself."""
    specialiser = lowerer.specialiser
    wanted = specialiser.mono.plain(interface)
    definition = specialiser.shapes.definition_of(type)
    if definition is None or not specialiser.shapes.is_subtype(type, wanted):
        return None
    builder = lowerer.builder
    return builder.bind(block, box(lowerer, builder.variable(local), type, wanted, block))


def member_taking(
    lowerer: Lowerer, type: MonoType, name: str, parameters: list[MonoType]
) -> str | None:
    """A member `T.name` of a library type with exactly these parameters after the object; one of
    the program that is no override only hides that of `obj`."""
    for instance in _members_taking(lowerer, type, name, parameters):
        if instance.definition.span.in_library:
            return lowerer.specialiser.request(instance)
    return None


def hides(lowerer: Lowerer, type: MonoType, name: str) -> bool:
    """A member of the type stands before the one without parameters that `obj` has."""
    return any(_members_taking(lowerer, type, name, []))


def _members_taking(
    lowerer: Lowerer, type: MonoType, name: str, parameters: list[MonoType]
) -> Iterator[Instance]:
    specialiser = lowerer.specialiser
    if type.form != "named":
        return
    for definition in specialiser.overloads(f"{type.symbol}.{name}"):
        instance = specialiser.instance(definition.symbol, type.arguments)
        if instance is None or not instance.parameters or instance.parameters[0] is not type:
            continue
        rest = [item for item in instance.parameters[1:] if item is not specialiser.unit]
        if rest == parameters and len(instance.parameters) == len(parameters) + 1:
            yield instance


def invariant_text(lowerer: Lowerer, type: MonoType, value: Atom, block: Block) -> Expression:
    """`to_string`, with numbers as the invariant culture writes them, whatever the current one."""
    string = lowerer.specialiser.string
    if type is lowerer.specialiser.object:
        return lowerer.call_symbol(well_known.INVARIANT_TEXT, [value], string)
    found = member_taking(lowerer, type, "InvariantText", [])
    if found is None:
        return lowerer.derived("to_string", type, [value], string)
    return call_override(lowerer, found, [value], string, block)
