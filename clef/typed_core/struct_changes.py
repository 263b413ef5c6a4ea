"""Which members change the struct they are called on.

Comes in: a member's definition. Goes out: yes or no. Promises: assignments to the object, byrefs
into it and calls of other such members on it count, as long as the way there stays inside structs.
"""

from __future__ import annotations

from dataclasses import replace

from clef.inference import typed_tree as t
from clef.inference.types import NamedType, Type
from clef.typed_core.builder import Block, Builder
from clef.typed_core.core import Atom, Expression
from clef.typed_core.specialiser import Instance, Specialiser


def is_struct(specialiser: Specialiser, type: Type) -> bool:
    """Whether a type of the typed tree is a struct, as far as its definition tells."""
    if not isinstance(type, NamedType):
        return False
    definition = specialiser.shapes.definition(type.symbol)
    return definition is not None and definition.is_struct


def changes_object(specialiser: Specialiser, definition: t.Definition) -> bool:
    """Whether a member of a struct writes to its object, itself or through other members."""
    seen: set[str] = set()
    pending = [definition]
    while pending:
        here = pending.pop()
        if here.symbol in seen or not here.parameters:
            continue
        seen.add(here.symbol)
        first = here.parameters[0]
        if not isinstance(first, t.VariablePattern) or not is_struct(specialiser, first.type):
            continue
        analysis = specialiser.analysis(here)
        for place in analysis.changed.get(first.local, ()):
            if _is_inside(specialiser, place):
                return True
        for call in analysis.called.get(first.local, ()):
            callee = specialiser.definition(call.symbol)
            object = call.object
            if callee is not None and object is not None and _is_inside(specialiser, object):
                pending.append(callee)
    return False


def _is_inside(specialiser: Specialiser, place: t.Expression) -> bool:
    """Whether a chain of fields stays inside one struct."""
    while isinstance(place, t.FieldGet):
        if not is_struct(specialiser, place.owner):
            return False
        place = place.object
    return True


# Their functions ------------------------------------------------------------------------------


CHANGING_SUFFIX = "$changing"


def changing(specialiser: Specialiser, instance: Instance) -> Instance:
    """The instance as a function that gives the struct back: alone, or after the result."""
    object = instance.parameters[0]
    result = object
    if instance.result is not specialiser.unit:
        result = specialiser.table.make("struct_tuple", "", (instance.result, object))
    return replace(instance, name=f"{instance.name}{CHANGING_SUFFIX}", result=result)


def split(
    builder: Builder, instance: Instance, atoms: list[Atom], block: Block
) -> tuple[Expression, Atom]:
    """A call of such a function: the member's own result, and the changed struct."""
    made = builder.bind(block, builder.call(instance.name, atoms, instance.result))
    if instance.result is instance.parameters[0]:
        return builder.unit(), made
    first, second = instance.result.arguments
    result = builder.bind(block, builder.project(made, instance.result, -1, 0, first))
    again = builder.again(made)
    return result, builder.bind(block, builder.project(again, instance.result, -1, 1, second))
