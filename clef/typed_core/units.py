"""Units of measure of type arguments, which only member constraints can tell apart.

Comes in: types of the source and what the type parameters stand for. Goes out: type arguments that
remember the unit of a number, for definitions with member constraints, and the unit of an operand.
Promises: a unit that is not known for sure is none; types that reach the core have no units.
"""

from __future__ import annotations

from collections.abc import Sequence

from clef.inference import typed_tree as t
from clef.inference.types import Measure, NamedType, ParameterType, Type
from clef.typed_core.core import MonoType
from clef.typed_core.monomorphic import (
    MEASURED,
    MonoTypes,
    TypeEnvironment,
    is_measure,
    unit_key,
)


def measured_arguments(
    mono: MonoTypes, definition: t.Definition, types: Sequence[Type], environment: TypeEnvironment
) -> tuple[MonoType, ...]:
    """The closed type arguments of a definition: with units where its constraints may ask."""
    found = mono.all_of(types, environment)
    if definition.intrinsic is not None or not _has_member_constraints(definition):
        return found
    real = [type for type in types if not is_measure(type)]
    units = [unit_of(type, environment) for type in real]
    return tuple(
        [
            mono.table.make(MEASURED, unit, (one,)) if unit else one
            for one, unit in zip(found, units, strict=True)
        ]
    )


def _has_member_constraints(definition: t.Definition) -> bool:
    return any(
        constraint.member is not None
        for parameter in definition.type_parameters
        for constraint in parameter.constraints
    )


def unit_of(type: Type, environment: TypeEnvironment) -> str | None:
    """The unit of a number's type as text, "" for a type without one; None if it is not known."""
    if isinstance(type, ParameterType):
        known = environment.get(unit_key(type.parameter))
        return None if known is None else known.symbol
    if not isinstance(type, NamedType):
        return None
    if not type.arguments:
        return ""
    if len(type.arguments) == 1 and isinstance(type.arguments[0], Measure):
        return _text(type.arguments[0])
    return None


def _text(measure: Measure) -> str | None:
    """A product of base units in one order; None if some of it is open."""
    factors: list[str] = []
    for unit, power in measure.factors:
        if not isinstance(unit, str):
            return None
        factors.append(unit if power == 1 else f"{unit}^{power}")
    return " ".join(sorted(factors))


def takes_units(definition: t.Definition, units: Sequence[str | None]) -> bool:
    """Whether the numbers that a definition takes have the units of the operands, as far as both
    are known."""
    for pattern, unit in zip(definition.parameters, units, strict=False):
        wanted = unit_of(pattern.type, {})
        if unit is not None and wanted is not None and unit != wanted:
            return False
    return True
