"""Which overload of a member a constraint means at concrete types.

Comes in: a type, a member's name and the types of the operands. Goes out: the instance to call, or
None. Promises: the order of F#: members of the kind that is asked for, then those that take the
operands as they are or as their nearest supertypes, then those that say most; an overload whose own
constraints cannot hold is none.
"""

from __future__ import annotations

from collections.abc import Sequence

from clef.data_classes import dataclass
from clef.inference import typed_tree as t
from clef.inference.types import (
    CONSTRUCTOR,
    Constraint,
    Measure,
    MemberSignature,
    NamedType,
    ParameterType,
    Type,
    TypeParameter,
)
from clef.typed_core.core import MonoType
from clef.typed_core.given_interfaces import provides
from clef.typed_core.hidden_arguments import complete, is_known
from clef.typed_core.lowerer import Lowerer
from clef.typed_core.monomorphic import TypeEnvironment, matches
from clef.typed_core.new_objects import plain_constructor
from clef.typed_core.representations import BINARY_OPERATORS, NUMBERS, UNARY_OPERATORS
from clef.typed_core.specialiser import Instance, Specialiser
from clef.typed_core.units import takes_units
from clef.typed_core.well_known import VALUE_TYPE


def find_member(
    lowerer: Lowerer,
    type: MonoType,
    name: str,
    operands: Sequence[MonoType],
    result: MonoType,
    is_static: bool,
    units: Sequence[str | None] = (),
) -> Instance | None:
    """The overload `T.name` that takes these operands; base classes are asked too.

    One of the kind that is asked for is preferred, then one that takes the operands as they are,
    then the one that says most about them."""
    specialiser = lowerer.specialiser
    current: MonoType | None = type
    while current is not None:
        if current.form == "named":
            fitting: list[_Fit] = []
            for definition in _overloads(specialiser, current.symbol, name):
                found = _fits(lowerer, definition, definition.parameters, operands, result, {})
                if found is not None:
                    found.is_other_kind = definition.is_static != is_static
                    fitting.append(found)
            if fitting:
                best = _best(lowerer, fitting, units)
                real = [p for p in best.definition.type_parameters if not p.is_measure]
                # What the operands do not say of the type, which stands first, the type says.
                for parameter, argument in zip(real, current.arguments, strict=False):
                    best.bound.setdefault(parameter, argument)
                complete(lowerer, best.definition, best.bound)
                arguments = [best.bound.get(p, specialiser.object) for p in real]
                return specialiser.instance(best.definition.symbol, arguments)
        current = specialiser.dispatch.base_of(current)
    return None


def _overloads(specialiser: Specialiser, type: str, name: str) -> list[t.Definition]:
    """The members that a constraint's name means: to convert, `op_Implicit` does as well."""
    found = list(specialiser.overloads(f"{type}.{name}"))
    if name == "op_Explicit":
        found += specialiser.overloads(f"{type}.op_Implicit")
    return found


def find_constructor(
    lowerer: Lowerer, type: MonoType, operands: Sequence[MonoType]
) -> Instance | None:
    """The constructor of a type that takes these arguments."""
    fitting = _constructors(lowerer, type, operands)
    if not fitting:
        return None
    best = _best(lowerer, fitting).definition.symbol
    return lowerer.specialiser.instance(best, type.arguments)


def _constructors(lowerer: Lowerer, type: MonoType, operands: Sequence[MonoType]) -> list[_Fit]:
    specialiser = lowerer.specialiser
    fitting: list[_Fit] = []
    if type.form == "named":
        for definition in specialiser.overloads(f"{type.symbol}.{CONSTRUCTOR}"):
            bound = specialiser.mono.bind(definition.type_parameters, type.arguments)
            found = _fits(lowerer, definition, definition.parameters[1:], operands, None, bound)
            if found is not None:
                fitting.append(found)
    return fitting


@dataclass(slots=True)
class _Fit:
    """A definition that takes the operands: its type arguments, and how many operands it takes as a
    supertype."""

    definition: t.Definition
    bound: TypeEnvironment
    upcasts: int
    is_other_kind: bool = False


def _best(lowerer: Lowerer, fitting: list[_Fit], units: Sequence[str | None] = ()) -> _Fit:
    if len(fitting) > 1:
        fitting = [one for one in fitting if takes_units(one.definition, units)] or fitting
        fitting = [one for one in fitting if may_hold(lowerer, one.bound)] or fitting
    best = min(fitting, key=_rank)
    equal = [one for one in fitting if _rank(one) == _rank(best)]
    if any(
        (one in equal or _differs_by_unit(one, best))
        and _taken(lowerer, one) == _taken(lowerer, best)
        for one in fitting
        if one is not best
    ):
        lowerer.specialiser.unsupported(
            "a member constraint that only units of measure decide",
            "give the overloads different types, or call the member by its type's name",
            lowerer.builder.span,
        )
    return best


def _rank(fit: _Fit) -> tuple[bool, int, int]:
    return fit.is_other_kind, fit.upcasts, len(fit.bound)


def _taken(lowerer: Lowerer, fit: _Fit) -> list[MonoType]:
    """The parameter types, without their units of measure."""
    mono = lowerer.specialiser.mono
    return [mono.of(pattern.type, fit.bound) for pattern in fit.definition.parameters]


def _differs_by_unit(left: _Fit, right: _Fit) -> bool:
    """Whether parameters of theirs are numbers of different units of measure."""
    return any(
        isinstance(a.type, NamedType)
        and isinstance(b.type, NamedType)
        and a.type.symbol == b.type.symbol
        and a.type.arguments != b.type.arguments
        and all(isinstance(one, Measure) for one in (*a.type.arguments, *b.type.arguments))
        for a, b in zip(left.definition.parameters, right.definition.parameters, strict=False)
    )


def may_hold(lowerer: Lowerer, bound: TypeEnvironment) -> bool:
    """Whether the type arguments can be what an overload's own constraints ask."""
    return all(_is_met(lowerer, parameter, type, bound) for parameter, type in bound.items())


def _is_met(
    lowerer: Lowerer, parameter: TypeParameter, type: MonoType, bound: TypeEnvironment
) -> bool:
    kinds = {constraint.kind for constraint in parameter.constraints}
    if {"null", "struct"} <= kinds:  # no type is both: an overload that only keeps others waiting
        return False
    if kinds & {"struct", "not_struct"}:
        shapes = lowerer.specialiser.shapes
        is_struct = provides(shapes, shapes.of(type), VALUE_TYPE)
        if is_struct != ("struct" in kinds):
            return False
    if "enum" in kinds and lowerer.specialiser.shapes.of(type).kind != "enum":
        return False
    if "default_constructor" in kinds and not _is_made_of_nothing(lowerer, type):
        return False
    if not all(
        _is_below(lowerer, type, one.type, bound)
        for one in parameter.constraints
        if one.kind == "subtype"
    ):
        return False
    return all(
        _is_provided(lowerer, constraint, bound)
        for constraint in parameter.constraints
        if constraint.member is not None
    )


def _is_below(
    lowerer: Lowerer, type: MonoType, supertype: Type | None, bound: TypeEnvironment
) -> bool:
    """Whether a type has the supertype that a parameter asks for."""
    if supertype is None:
        return True
    specialiser = lowerer.specialiser
    if is_known(supertype, bound):  # interfaces that nobody writes are granted when asked for
        specialiser.shapes.of(specialiser.mono.of(supertype, bound))
    above = (type, *specialiser.shapes.of(type).ancestors, specialiser.object)
    return any(matches(supertype, one, dict(bound), specialiser.mono) for one in above)


def _is_made_of_nothing(lowerer: Lowerer, type: MonoType) -> bool:
    """Whether `new 'T()` makes one of these: a value type, or a class with such a constructor."""
    shapes = lowerer.specialiser.shapes
    if type is lowerer.specialiser.object or provides(shapes, shapes.of(type), VALUE_TYPE):
        return True
    return type.form == "named" and plain_constructor(lowerer, type) is not None


def _is_provided(lowerer: Lowerer, constraint: Constraint, bound: TypeEnvironment) -> bool:
    """Whether one of the supports has a member that takes what is asked for; what is not known yet
    is taken to fit."""
    member = constraint.member
    assert member is not None
    types: list[MonoType] = []
    for support in constraint.supports:
        if isinstance(support, ParameterType) and support.parameter in bound:
            types.append(bound[support.parameter])
        elif isinstance(support, NamedType) and not support.arguments:
            types.append(lowerer.specialiser.mono.of(support, bound))
        else:
            return True
    if member.is_static and member.name.startswith("get_"):
        built_in = any(_is_constant(lowerer, type, member.name) for type in types)
    else:
        built_in = any(_is_built_in(lowerer, type, member) for type in types)
    return built_in or any(_has_member(lowerer, type, member, bound) for type in types)


def _is_constant(lowerer: Lowerer, type: MonoType, name: str) -> bool:
    """Whether a type has a static property without a definition: zero and one of numbers."""
    shapes = lowerer.specialiser.shapes
    if type.form != "named" or name not in ("get_Zero", "get_One"):
        return False
    return shapes.representation(type) in (*NUMBERS, "char", "string")


def _is_built_in(lowerer: Lowerer, type: MonoType, member: MemberSignature) -> bool:
    """What a type has without a definition by that name: operations of machine numbers, equality
    and order, conversions, properties of fields and cases, abstract members."""
    shapes, name = lowerer.specialiser.shapes, member.name
    if type.form != "named" or shapes.of(type).kind == "enum":
        # Functions, tuples and enums have operators, but nothing else that is static.
        return not member.is_static or name.startswith("op_")
    if _is_slot(lowerer, type, name):
        return True
    representation = shapes.representation(type)
    operation = BINARY_OPERATORS.get(name) or UNARY_OPERATORS.get(name)
    if operation is not None and representation in operation[1]:
        return True
    if name == "op_Addition" and representation == "string":
        return True
    if name in ("op_Modulus", "op_UnaryPlus", "DivideByInt"):
        return representation in NUMBERS
    return name in _EVERYWHERE or name.startswith(("get_", "set_"))


def _is_slot(lowerer: Lowerer, type: MonoType, name: str) -> bool:
    """Whether a type or an interface of it has an abstract member of a name."""
    shapes = lowerer.specialiser.shapes
    for owner in (type, *shapes.of(type).ancestors):
        definition = shapes.definition_of(owner)
        if definition is not None and f"{owner.symbol}.{name}" in definition.slots:
            return True
    return False


_EVERYWHERE = frozenset(
    (
        *("op_LessThan", "op_LessThanOrEqual", "op_GreaterThan", "op_GreaterThanOrEqual"),
        *("op_Equality", "op_Inequality", "op_Explicit", "op_Implicit", "ToString", "GetHashCode"),
    )
)
"""Members that may be there without a definition."""


def _has_member(
    lowerer: Lowerer, type: MonoType, member: MemberSignature, bound: TypeEnvironment
) -> bool:
    """Whether a type or a base class of it has an overload for the operands, as far as these are
    known."""
    specialiser = lowerer.specialiser
    current: MonoType | None = type
    wanted = len(member.parameters) + (not member.is_static)
    known = _operands(lowerer, type, member, bound)
    if member.name == CONSTRUCTOR and known is not None:
        return bool(_constructors(lowerer, type, known))
    while current is not None:
        for one in specialiser.overloads(f"{current.symbol}.{member.name}"):
            if known is not None:
                found = _fits(lowerer, one, one.parameters, known, None, {})
                if found is not None and _may_be_meant(lowerer, found):
                    return True
            elif len(one.parameters) in (wanted, wanted + 1):
                return True
        current = specialiser.dispatch.base_of(current)
    return False


def _may_be_meant(lowerer: Lowerer, fit: _Fit) -> bool:
    """Whether an overload's own constraints can hold; one that asks for itself is taken to."""
    answers = lowerer.specialiser.overloads_that_hold
    key = (fit.definition.symbol, tuple(fit.bound.items()))
    if key not in answers:
        answers[key] = True
        answers[key] = may_hold(lowerer, fit.bound)
    return answers[key]


def _operands(
    lowerer: Lowerer, type: MonoType, member: MemberSignature, bound: TypeEnvironment
) -> list[MonoType] | None:
    is_bare = member.is_static or member.name == CONSTRUCTOR
    found: list[MonoType] = [] if is_bare else [type]
    for parameter in member.parameters:
        if not is_known(parameter, bound):
            return None
        found.append(lowerer.specialiser.mono.of(parameter, bound))
    return found


def _fits(
    lowerer: Lowerer,
    definition: t.Definition,
    patterns: list[t.Pattern],
    operands: Sequence[MonoType],
    result: MonoType | None,
    known: TypeEnvironment,
) -> _Fit | None:
    """Whether a definition takes the operands by these parameters; `known` are the type arguments
    that are decided before."""
    specialiser = lowerer.specialiser
    if len(patterns) == len(operands) + 1:
        last = patterns[-1].type
        if not matches(last, specialiser.unit, {}, specialiser.mono):
            return None
        patterns = patterns[:-1]
    if len(patterns) != len(operands):
        return None
    bound: TypeEnvironment = dict(known)
    upcasts = 0
    for pattern, operand in zip(patterns, operands, strict=True):
        taken = accepted_as(lowerer, pattern, operand, bound)
        if taken is None:
            return None
        upcasts += distance(lowerer, operand, taken)
    if result is not None and not matches(definition.result_type, result, bound, specialiser.mono):
        return None
    return _Fit(definition, bound, upcasts)


def accepted_as(
    lowerer: Lowerer, pattern: t.Pattern, type: MonoType, bound: TypeEnvironment
) -> MonoType | None:
    """The operand's type or the supertype of it that a parameter takes."""
    specialiser = lowerer.specialiser
    for one in (type, *specialiser.shapes.of(type).ancestors, specialiser.object):
        trial = dict(bound)
        if matches(pattern.type, one, trial, specialiser.mono):
            bound.update(trial)
            return one
    return None


def distance(lowerer: Lowerer, type: MonoType, taken: MonoType) -> int:
    """How far up a supertype stands: nearer ones have more supertypes themselves."""
    if type is taken:
        return 0
    shapes = lowerer.specialiser.shapes
    return 1 + len(shapes.of(type).ancestors) - len(shapes.of(taken).ancestors)
