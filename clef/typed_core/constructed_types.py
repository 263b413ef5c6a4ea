"""Types that a program makes from others while it runs: they are found among those that it has.

Comes in: intrinsics `constructed_…`. Goes out: for each one function that gives the `Type`s to look
through. Promises: what the intrinsics are about is described once the program names it anywhere;
programs that make no types hold nothing of this.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from clef.typed_core import well_known
from clef.typed_core.analysis import Analysis
from clef.typed_core.builder import Block
from clef.typed_core.core import Atom, Expression, MonoType
from clef.typed_core.lowerer import Lowerer
from clef.typed_core.names_of_types import array_rank
from clef.typed_core.specialiser import Instance, Specialiser, Subject
from clef.typed_core.type_information import type_object
from clef.typed_core.values import array_of

PREFIX = "constructed_"


def constructed(lowerer: Lowerer, instance: Instance, atoms: Sequence[Atom]) -> Expression:
    """The call of an intrinsic that asks for the types that others are the parts of."""
    specialiser = lowerer.specialiser
    intrinsic = instance.definition.intrinsic or ""
    name = f"types {intrinsic}"
    if name not in specialiser.questions:
        specialiser.questions.add(name)
        specialiser.result.reasons.setdefault(name, specialiser.current)
        fits = _FITS[intrinsic.removeprefix(PREFIX)]
        specialiser.on_rest.append(lambda: _describe(specialiser, fits))
        specialiser.at_end.append(lambda: _finish(specialiser, name, instance, fits))
    return lowerer.builder.call(name, atoms, instance.result)


_Fits = Callable[[Specialiser, MonoType], bool]


def _is_instance(specialiser: Specialiser, type: MonoType) -> bool:
    return bool(type.arguments) and _definition(specialiser, type) in specialiser.described


def _definition(specialiser: Specialiser, type: MonoType) -> int:
    """The identity of a generic type without its arguments."""
    return specialiser.table.make(type.form, type.symbol).id


def _is_tuple(specialiser: Specialiser, type: MonoType) -> bool:
    return type.form in ("tuple", "struct_tuple")


def _is_function(specialiser: Specialiser, type: MonoType) -> bool:
    return type.form == "function"


def _is_array(specialiser: Specialiser, type: MonoType) -> bool:
    return array_rank(type, specialiser.shapes) == 1


_FITS: dict[str, _Fits] = {
    "instances": _is_instance,
    "tuples": _is_tuple,
    "functions": _is_function,
    "arrays": _is_array,
}
"""Which types are asked for, by the name of the intrinsic."""


def _describe(specialiser: Specialiser, fits: _Fits) -> None:
    for type in list(specialiser.seen):
        if fits(specialiser, type):
            specialiser.describe(Subject(type.id, type))


def _finish(specialiser: Specialiser, name: str, instance: Instance, fits: _Fits) -> None:
    """The function that gives the types: all, or the instances of the definition it is given."""
    subjects = [one for one in specialiser.described.values() if one.case < 0]
    types = [one.type for one in subjects if not one.is_definition and fits(specialiser, one.type)]
    lowerer = Lowerer(specialiser, {}, {}, Analysis(), name)
    builder = lowerer.builder
    parameters = [builder.local(type) for type in instance.parameters]
    if fits is _is_instance:
        branches: list[tuple[int, Expression]] = []
        for definition in sorted({_definition(specialiser, one) for one in types}):
            own = [one for one in types if _definition(specialiser, one) == definition]
            branches.append((definition, _objects(lowerer, own)))
        asked = builder.variable(parameters[0])
        none = _objects(lowerer, [])
        body = builder.switch(asked, "integer", branches, none, none.type) if branches else none
    else:
        body = _objects(lowerer, types)
    specialiser.add_function(name, parameters, body, builder, result=instance.result)


def _objects(lowerer: Lowerer, types: Sequence[MonoType]) -> Expression:
    result = lowerer.specialiser.mono.plain(well_known.TYPE)
    block = Block()
    items = [lowerer.builder.bind(block, type_object(lowerer, one, result)) for one in types]
    return lowerer.builder.finish(block, array_of(lowerer, items, result, block))
