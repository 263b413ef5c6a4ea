"""Type arguments of a member that neither its operands nor its result say.

Comes in: a generic member that a constraint was resolved to, with the type arguments that its
operands gave. Goes out: the others, as far as the member's own constraints decide them, such as
the type of `x * k` inside of it. Promises: nothing that is known changes; what no constraint
decides stays open.
"""

from __future__ import annotations

from collections.abc import Iterator

from clef.data_classes import dataclass
from clef.inference import typed_tree as t
from clef.inference.types import (
    Constraint,
    FunctionType,
    MemberSignature,
    NamedType,
    ParameterType,
    TupleType,
    Type,
)
from clef.typed_core.core import MonoType
from clef.typed_core.lowerer import Lowerer
from clef.typed_core.monomorphic import TypeEnvironment, is_measure, matches
from clef.typed_core.representations import BINARY_OPERATORS, UNARY_OPERATORS

_DEEPEST = 4  # members whose constraints ask members whose constraints ask …


def complete(
    lowerer: Lowerer, definition: t.Definition, bound: TypeEnvironment, depth: int = 0
) -> None:
    """Add to `bound` the type arguments that the constraints of `definition` decide."""
    key = (definition.symbol, depth, frozenset(bound.items()))
    known = lowerer.specialiser.completions.get(key)
    if known is None:
        _decide(lowerer, definition, bound, depth)
        lowerer.specialiser.completions[key] = dict(bound)
    else:
        bound.update(known)


def _decide(lowerer: Lowerer, definition: t.Definition, bound: TypeEnvironment, depth: int) -> None:
    real = [p for p in definition.type_parameters if not p.is_measure]
    constraints = [c for p in real for c in p.constraints if c.member is not None]
    is_wide = False
    while not all(p in bound for p in real):
        before = len(bound)
        for constraint in constraints:
            _learn(lowerer, constraint, bound, depth, is_wide)
        if len(bound) == before and is_wide:
            return
        is_wide = len(bound) == before


def _learn(
    lowerer: Lowerer, constraint: Constraint, bound: TypeEnvironment, depth: int, is_wide: bool
) -> None:
    """What the member that answers a constraint says about the types in it. An operand may be of
    any subtype of an interface; `is_wide` if nothing else says of which."""
    member = constraint.member
    assert member is not None
    types = [*constraint.supports, *member.parameters, member.result]
    if all(is_known(type, bound) for type in types):
        return
    machine = _machine_result(lowerer, member, bound)
    if machine is not None:
        matches(member.result, machine, bound, lowerer.specialiser.mono)
        return
    found = [
        answer
        for definition in _overloads(lowerer, constraint, bound)
        if (answer := _answer(lowerer, constraint, definition, bound, depth, is_wide)) is not None
    ]
    least = min((one.upcasts for one in found), default=0)
    nearest = [one.outer for one in found if one.upcasts == least]
    if nearest and all(one == nearest[0] for one in nearest):  # else another constraint decides
        bound.update(nearest[0])


def is_known(type: Type, bound: TypeEnvironment) -> bool:
    match type:
        case ParameterType():
            return type.parameter in bound
        case NamedType():
            return all(is_known(one, bound) for one in type.arguments if not is_measure(one))
        case FunctionType():
            return is_known(type.parameter, bound) and is_known(type.result, bound)
        case TupleType():
            return all(is_known(one, bound) for one in type.items)
        case _:
            return True


def _machine_result(
    lowerer: Lowerer, member: MemberSignature, bound: TypeEnvironment
) -> MonoType | None:
    """An operation of machine numbers gives what it takes."""
    operation = BINARY_OPERATORS.get(member.name) or UNARY_OPERATORS.get(member.name)
    if operation is None and member.name not in ("op_Modulus", "op_UnaryPlus"):
        return None
    if not all(is_known(one, bound) for one in member.parameters):
        return None
    mono, shapes = lowerer.specialiser.mono, lowerer.specialiser.shapes
    operands = {mono.of(one, bound) for one in member.parameters}
    if len(operands) != 1:
        return None
    (only,) = operands
    representation = shapes.representation(only)
    if member.name == "op_Addition" and representation == "string":
        return only
    numbers = BINARY_OPERATORS["op_Addition"][1] if operation is None else operation[1]
    return only if representation in numbers else None


def _overloads(
    lowerer: Lowerer, constraint: Constraint, bound: TypeEnvironment
) -> Iterator[t.Definition]:
    """The members of the supports that are known, and of their base classes."""
    specialiser = lowerer.specialiser
    member = constraint.member
    assert member is not None
    seen: set[str] = set()
    for support in constraint.supports:
        known = specialiser.mono.of(support, bound) if is_known(support, bound) else None
        while known is not None and known.form == "named":
            for definition in specialiser.overloads(f"{known.symbol}.{member.name}"):
                if definition.symbol not in seen:
                    seen.add(definition.symbol)
                    yield definition
            known = specialiser.dispatch.base_of(known)


@dataclass(slots=True)
class _Answer:
    """What an overload says about the types of a constraint, and how far its operands are from
    what it takes."""

    outer: TypeEnvironment
    upcasts: int


def _answer(
    lowerer: Lowerer,
    constraint: Constraint,
    definition: t.Definition,
    bound: TypeEnvironment,
    depth: int,
    is_wide: bool,
) -> _Answer | None:
    """Match the constraint with one overload; None if it cannot be meant."""
    from clef.typed_core.trait_overloads import accepted_as, distance, may_hold

    member = constraint.member
    assert member is not None
    taken = [*member.parameters] if member.is_static else [constraint.supports[0]]
    if not member.is_static:
        taken += member.parameters
    if len(taken) != len(definition.parameters):
        return None
    agreement = _Agreement(lowerer, dict(bound), {})
    upcasts = 0
    said = [
        (given, pattern)
        for given, pattern in zip(taken, definition.parameters, strict=True)
        if is_wide or not _may_be_below(lowerer, given, pattern.type, bound)
    ]
    for given, pattern in said:
        if is_known(given, agreement.outer):
            operand = lowerer.specialiser.mono.of(given, agreement.outer)
            accepted = accepted_as(lowerer, pattern, operand, agreement.inner)
            if accepted is None:
                return None
            upcasts += distance(lowerer, operand, accepted)
        elif not agreement.holds(given, pattern.type):
            return None
    if not agreement.holds(member.result, definition.result_type):
        return None
    if not _learns_operands(agreement, said, bound):
        return None
    declared = [definition.result_type, *(pattern.type for _, pattern in said)]
    if (
        depth < _DEEPEST
        and agreement.inner
        and not all(is_known(one, agreement.inner) for one in declared)
    ):
        complete(lowerer, definition, agreement.inner, depth + 1)
        if not agreement.holds(member.result, definition.result_type):
            return None
        if not _learns_operands(agreement, said, bound):
            return None
    if not may_hold(lowerer, agreement.inner):
        return None
    return _Answer(agreement.outer, upcasts)


def _may_be_below(lowerer: Lowerer, given: Type, declared: Type, bound: TypeEnvironment) -> bool:
    """Whether an operand that is not known may be of a subtype of what an overload takes."""
    if not isinstance(given, ParameterType) or given.parameter in bound:
        return False
    if not isinstance(declared, NamedType):
        return False
    definition = lowerer.specialiser.shapes.definition(declared.symbol)
    return definition is not None and definition.kind == "interface"


def _learns_operands(
    agreement: _Agreement, said: list[tuple[Type, t.Pattern]], bound: TypeEnvironment
) -> bool:
    """What an overload takes says what operands are; false if they cannot be that."""
    return all(
        is_known(given, bound) or agreement.holds(given, pattern.type) for given, pattern in said
    )


@dataclass(slots=True)
class _Agreement:
    """Types of a constraint beside those of an overload, each with parameters of its own."""

    lowerer: Lowerer
    outer: TypeEnvironment
    inner: TypeEnvironment

    def holds(self, given: Type, declared: Type) -> bool:
        """Whether two types can be the same; what one side knows, the other side learns."""
        mono = self.lowerer.specialiser.mono
        if is_known(given, self.outer):
            return matches(declared, mono.of(given, self.outer), self.inner, mono)
        if is_known(declared, self.inner):
            return matches(given, mono.of(declared, self.inner), self.outer, mono)
        match given, declared:
            case (ParameterType(), _) | (_, ParameterType()):
                return True  # neither is known yet
            case NamedType(), NamedType():
                pairs = zip(given.arguments, declared.arguments, strict=False)
                return given.symbol == declared.symbol and all(
                    self.holds(a, b) for a, b in pairs if not is_measure(a)
                )
            case FunctionType(), FunctionType():
                return self.holds(given.parameter, declared.parameter) and self.holds(
                    given.result, declared.result
                )
            case TupleType(), TupleType():
                return len(given.items) == len(declared.items) and all(
                    self.holds(a, b) for a, b in zip(given.items, declared.items, strict=True)
                )
            case _:
                return False
