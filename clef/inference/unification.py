"""Unification of types with levels, and instantiation of schemes.

Comes in: types with inference variables. Goes out: solved variables; `unify` says whether the types
agree and never
reports. Promises: variables are solved once, links are compressed, levels keep generalisation sound
(Rémy 1992); with a
trail every change can be taken back. Constraints of a solved variable are checked by `constraints`,
which hooks in here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from operator import is_

from clef.inference.measures import factors_of, from_factors, unify_measures
from clef.inference.state import Checker, Undo
from clef.inference.types import (
    ERROR,
    NO_MEASURE,
    AnonymousRecordType,
    Constraint,
    FunctionType,
    Measure,
    MemberSignature,
    NamedType,
    ParameterType,
    PendingTrait,
    Scheme,
    TupleType,
    Type,
    TypeParameter,
    TypeVariable,
)
from clef.inference.well_known import MEASURABLE
from clef.source import Span

# Set by `constraints` and `traits`, which depend on this module.
_require: list[Callable[[Checker, Type, Constraint, Span | None], bool]] = []
_solve_woken: list[Callable[[Checker], None]] = []


def install(
    require: Callable[[Checker, Type, Constraint, Span | None], bool],
    solve_woken: Callable[[Checker], None],
) -> None:
    """Connect the solvers of constraints."""
    _require[:] = [require]
    _solve_woken[:] = [solve_woken]


# During a trial links must stay as they are: a shortened chain could not be taken back.
_COMPRESS = [True]


def prune(type: Type) -> Type:
    """The type behind solved variables; the chain is shortened on the way."""
    if not isinstance(type, TypeVariable) or type.link is None:
        return type
    target = type.link
    while isinstance(target, TypeVariable) and target.link is not None:
        target = target.link
    if not _COMPRESS[0]:
        return target
    while type.link is not target:
        following = type.link
        assert following is not None
        type.link = target
        type = following
        if not isinstance(type, TypeVariable):
            break
    return target


class TypeTooLarge(RecursionError):
    """A type has more parts than any program means: `id id id …` doubles its type at each step."""


_LARGEST = 200_000
_parts_left = [0]
_open_met = [False]


def resolve(type: Type) -> Type:
    """The type with all solved variables replaced, however deep; raises `TypeTooLarge`."""
    if isinstance(type, NamedType) and not type.arguments:
        return type
    _parts_left[0] = _LARGEST
    return _resolved(type)


def resolve_all(type: Type) -> tuple[Type, bool]:
    """As `resolve`, and whether there may be unsolved variables in what is given."""
    _open_met[0] = False
    return resolve(type), _open_met[0]


def _resolved(type: Type) -> Type:
    if isinstance(type, NamedType):
        if not type.arguments:
            return type
        arguments = _all_resolved(type.arguments)
        if len(arguments) == 1 and type.symbol in MEASURABLE and _is_one(arguments[0]):
            return NamedType(type.symbol)
        return _rebuilt(type, arguments)
    if isinstance(type, TypeVariable):
        if type.link is not None:
            return _resolved(prune(type))
        _open_met[0] = True
        return type
    if isinstance(type, FunctionType):
        parameter, result = _all_resolved((type.parameter, type.result))
        if parameter is type.parameter and result is type.result:
            return type
        return FunctionType(parameter, result)
    if isinstance(type, TupleType):
        items = _all_resolved(type.items)
        return type if _are_same(items, type.items) else TupleType(items, type.is_struct)
    if isinstance(type, AnonymousRecordType):
        return AnonymousRecordType(type.names, _all_resolved(type.types), type.is_struct)
    if isinstance(type, Measure):
        _open_met[0] = True
        return from_factors(factors_of(type))
    return type


def _are_same(first: tuple[Type, ...], second: tuple[Type, ...]) -> bool:
    return all(map(is_, first, second))


def _all_resolved(types: tuple[Type, ...]) -> tuple[Type, ...]:
    _parts_left[0] -= 1
    if _parts_left[0] < 0:
        raise TypeTooLarge
    return tuple([_resolved(one) for one in types])


def _is_one(argument: Type) -> bool:
    return isinstance(argument, Measure) and not argument.factors


def _rebuilt(type: NamedType, arguments: tuple[Type, ...]) -> NamedType:
    if _are_same(type.arguments, arguments):
        return type
    return NamedType(type.symbol, arguments)


def unify(c: Checker, left: Type, right: Type) -> bool:
    """Make two types equal; false if they cannot be."""
    result = _unify(c, left, right)
    if c.woken:
        _solve_woken[0](c)
    return result


def _unify(c: Checker, left: Type, right: Type) -> bool:
    if isinstance(left, TypeVariable) and left.link is not None:
        left = prune(left)
    if isinstance(right, TypeVariable) and right.link is not None:
        right = prune(right)
    if left is right:
        return True
    if isinstance(left, TypeVariable):
        return _bind(c, left, right)
    if isinstance(right, TypeVariable):
        return _bind(c, right, left)
    if isinstance(left, NamedType) and isinstance(right, NamedType):
        if left.symbol == right.symbol:
            return _unify_arguments(c, left, right)
        return left.symbol == "?" or right.symbol == "?"
    if isinstance(left, FunctionType) and isinstance(right, FunctionType):
        first = _unify(c, left.parameter, right.parameter)
        return _unify(c, left.result, right.result) and first
    if isinstance(left, TupleType) and isinstance(right, TupleType):
        if left.is_struct != right.is_struct or len(left.items) != len(right.items):
            return False
        return _unify_all(c, left.items, right.items)
    if isinstance(left, ParameterType) and isinstance(right, ParameterType):
        return left.parameter == right.parameter
    if isinstance(left, AnonymousRecordType) and isinstance(right, AnonymousRecordType):
        if left.names != right.names or left.is_struct != right.is_struct:
            return False
        return _unify_all(c, left.types, right.types)
    if isinstance(left, Measure) or isinstance(right, Measure):
        return is_measure(left) and is_measure(right) and unify_measures(c, left, right)
    return left == ERROR or right == ERROR


def is_measure(type: Type) -> bool:
    """Whether a type argument is a unit of measure."""
    if isinstance(type, ParameterType):
        return type.parameter.is_measure
    return isinstance(type, Measure) or (isinstance(type, TypeVariable) and type.is_measure)


def _unify_all(c: Checker, left: tuple[Type, ...], right: tuple[Type, ...]) -> bool:
    result = True
    for a, b in zip(left, right, strict=True):
        result = _unify(c, a, b) and result
    return result


def _unify_arguments(c: Checker, left: NamedType, right: NamedType) -> bool:
    a = left.arguments
    b = right.arguments
    if a is b:
        return True
    if len(a) == len(b):
        if len(a) == 1:
            return _unify(c, a[0], b[0])
        return _unify_all(c, a, b)
    if not a and left.symbol in MEASURABLE:
        return unify_measures(c, NO_MEASURE, b[0])
    if not b and left.symbol in MEASURABLE:
        return unify_measures(c, a[0], NO_MEASURE)
    return False


def _bind(c: Checker, variable: TypeVariable, target: Type) -> bool:
    """Solve `variable`; measures go their own way."""
    if variable.is_measure or isinstance(target, Measure):
        if target == ERROR:
            return True
        return is_measure(target) and unify_measures(c, variable, target)
    if isinstance(target, TypeVariable):
        return _join(c, variable, target)
    if not _reaches(c, variable, target, variable.level):
        return False
    record(c, variable)
    variable.link = target
    if variable.waiting:
        c.woken.extend(variable.waiting)
    result = True
    for constraint in variable.constraints:
        result = _require[0](c, target, constraint, variable.span) and result
    return True if c.trail is None else result


def _join(c: Checker, variable: TypeVariable, target: TypeVariable) -> bool:
    """Make two variables one; the older one stays, and keeps the conditions of both."""
    if target.is_measure:
        return False
    if target.level > variable.level or (variable.name and not target.name):
        variable, target = target, variable
        if target.level > variable.level:
            record(c, target)
            target.level = variable.level
    record(c, variable)
    variable.link = target
    if variable.constraints or variable.waiting or variable.is_static:
        record(c, target)
        target.constraints = [
            *target.constraints,
            *[one for one in variable.constraints if one not in target.constraints],
        ]
        target.is_static = target.is_static or variable.is_static
        if variable.waiting:
            target.waiting = [*(target.waiting or ()), *variable.waiting]
            c.woken.extend(variable.waiting)
    return True


def _reaches(c: Checker, variable: TypeVariable, type: Type, level: int) -> bool:
    """Occurs check; lowers the levels of what becomes reachable from `variable`. False if it
    occurs."""
    if isinstance(type, TypeVariable):
        if type.link is not None:
            return _reaches(c, variable, prune(type), level)
        if type is variable:
            return False
        if type.level > level:
            record(c, type)
            type.level = level
        return True
    if isinstance(type, NamedType):
        return all(_reaches(c, variable, argument, level) for argument in type.arguments)
    if isinstance(type, FunctionType):
        return _reaches(c, variable, type.parameter, level) and _reaches(
            c, variable, type.result, level
        )
    if isinstance(type, TupleType):
        return all(_reaches(c, variable, item, level) for item in type.items)
    if isinstance(type, AnonymousRecordType):
        return all(_reaches(c, variable, item, level) for item in type.types)
    if isinstance(type, Measure):
        for atom, _ in type.factors:
            if isinstance(atom, TypeVariable):
                _reaches(c, variable, atom, level)
    elif c.trail is None and level < c.rigid.get(type.parameter.id, 0):
        c.escaped.add(type.parameter.id)
    return True


def record(c: Checker, variable: TypeVariable) -> None:
    """Remember a variable's state if a trial is being made."""
    if c.trail is not None:
        c.trail.append(
            Undo(
                variable,
                variable.link,
                variable.level,
                variable.constraints,
                variable.waiting,
                variable.is_static,
            )
        )


def lower_levels(c: Checker, type: Type, level: int) -> None:
    """Keep the variables of a type from being generalised above `level`."""
    _reaches(c, _NOBODY, type, level)


_NOBODY = TypeVariable(0, 0, None)


# Trials -------------------------------------------------------------------------------------------


def begin_trial(c: Checker) -> tuple[list[Undo] | None, int, int, int]:
    """Start recording changes; give the result to `end_trial`."""
    before = (c.trail, c.failures, len(c.woken), len(c.pending))
    c.trail = []
    c.failures = 0
    _COMPRESS[0] = False
    return before


def end_trial(c: Checker, before: tuple[list[Undo] | None, int, int, int], keep: bool) -> bool:
    """Stop recording; take the changes back unless `keep`. Says whether any constraint failed."""
    trail = c.trail or []
    outer, failures, woken, pending = before
    failed = c.failures > 0
    c.trail = outer
    c.failures = failures
    _COMPRESS[0] = outer is None
    if keep:
        if outer is not None:
            outer.extend(trail)
        return failed
    for undo in reversed(trail):
        variable = undo.variable
        variable.link = undo.link
        variable.level = undo.level
        variable.constraints = undo.constraints
        variable.waiting = undo.waiting
        variable.is_static = undo.is_static
    del c.woken[woken:]
    del c.pending[pending:]
    return failed


# Instantiation ------------------------------------------------------------------------------------


def substitute(type: Type, mapping: Mapping[int, Type]) -> Type:
    """The type with parameters replaced, by their ids."""
    if isinstance(type, NamedType):
        if not type.arguments:
            return type
        return _rebuilt(type, tuple([substitute(a, mapping) for a in type.arguments]))
    if isinstance(type, ParameterType):
        found = mapping.get(type.parameter.id)
        return type if found is None else found
    if isinstance(type, FunctionType):
        parameter = substitute(type.parameter, mapping)
        result = substitute(type.result, mapping)
        if parameter is type.parameter and result is type.result:
            return type
        return FunctionType(parameter, result)
    if isinstance(type, TupleType):
        return TupleType(tuple([substitute(a, mapping) for a in type.items]), type.is_struct)
    if isinstance(type, TypeVariable):
        return type if type.link is None else substitute(prune(type), mapping)
    if isinstance(type, AnonymousRecordType):
        return AnonymousRecordType(
            type.names, tuple([substitute(a, mapping) for a in type.types]), type.is_struct
        )
    return _substitute_measure(type, mapping)


def _substitute_measure(type: Type, mapping: Mapping[int, Type]) -> Type:
    assert isinstance(type, Measure)
    if any(isinstance(atom, TypeVariable) for atom, _ in type.factors):
        type = from_factors(factors_of(type))
        if not isinstance(type, Measure):
            return substitute(type, mapping)
    if not any(isinstance(atom, TypeParameter) for atom, _ in type.factors):
        return type
    from clef.inference.measures import product

    result: Type = NO_MEASURE
    for atom, exponent in type.factors:
        if isinstance(atom, TypeParameter):
            replaced = mapping.get(atom.id)
            result = product(
                result, ParameterType(atom) if replaced is None else replaced, exponent
            )
        else:
            result = product(result, Measure(((atom, exponent),)))
    return result


def instantiate(
    c: Checker,
    parameters: tuple[TypeParameter, ...],
    span: Span,
    outer: Mapping[int, Type] | None = None,
) -> tuple[dict[int, Type], tuple[Type, ...]]:
    """Fresh variables for the parameters, with their constraints; `outer` says what stands for
    other parameters that the constraints mention."""
    mapping: dict[int, Type] = dict(outer or {})
    variables: list[Type] = []
    constrained = False
    for parameter in parameters:
        c.next_id += 1
        variable = TypeVariable(c.next_id, c.level, span, parameter.is_measure, parameter.is_static)
        mapping[parameter.id] = variable
        variables.append(variable)
        constrained = constrained or bool(parameter.constraints)
    if constrained:
        constrain(c, parameters, mapping, span)
    return mapping, tuple(variables)


def constrain(
    c: Checker,
    parameters: tuple[TypeParameter, ...],
    mapping: Mapping[int, Type],
    span: Span,
) -> None:
    """Put the parameters' constraints on what stands for them."""
    for parameter in parameters:
        for constraint in parameter.constraints:
            if constraint.kind == "member":
                assert constraint.member is not None
                add_trait(
                    c,
                    substitute_member(constraint.member, mapping),
                    tuple([substitute(s, mapping) for s in constraint.supports]),
                    span,
                )
            else:
                target = mapping[parameter.id]
                of = constraint.type
                if of is not None:
                    constraint = Constraint(constraint.kind, substitute(of, mapping))
                _require[0](c, target, constraint, span)
    if c.woken:
        _solve_woken[0](c)


def substitute_member(member: MemberSignature, mapping: Mapping[int, Type]) -> MemberSignature:
    """A member signature with parameters replaced."""
    return MemberSignature(
        member.name,
        member.is_static,
        tuple([substitute(p, mapping) for p in member.parameters]),
        substitute(member.result, mapping),
    )


def add_trait(
    c: Checker, member: MemberSignature, supports: tuple[Type, ...], span: Span
) -> PendingTrait:
    """Ask for a member; it is solved now or when its supports are known."""
    trait = PendingTrait(member, supports, span, c.level, generation=c.trait_generation)
    c.pending.append(trait)
    c.woken.append(trait)
    return trait


def wait(c: Checker, trait: PendingTrait) -> None:
    """Have a trait tried again when one of its supports is solved."""
    for support in trait.supports:
        variable = prune(support)
        if isinstance(variable, TypeVariable) and (
            variable.waiting is None or trait not in variable.waiting
        ):
            record(c, variable)
            variable.waiting = [*(variable.waiting or ()), trait]


def instantiate_scheme(c: Checker, scheme: Scheme, span: Span) -> tuple[Type, tuple[Type, ...]]:
    """A use of a scheme: its type and the type arguments chosen."""
    if not scheme.parameters:
        return scheme.type, ()
    mapping, arguments = instantiate(c, scheme.parameters, span)
    return substitute(scheme.type, mapping), arguments
