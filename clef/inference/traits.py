"""Member constraints: the solutions that are built in for primitive types, and members of other
types.

Comes in: a pending constraint such as `(^a or int): static member op_Addition`. Goes out: solved or
still waiting; what
can never be solved is reported once. Promises: a constraint is decided when its supports are known;
`weak` decides it from
what is known so far, as F# does before generalisation and before a look-up; `default` falls back to
int.
"""

from __future__ import annotations

from clef.diagnostics.typing import EndlessConstraint
from clef.inference.constraints import require
from clef.inference.primitive_traits import (
    ARITHMETIC,
    BUILTIN,
    PRODUCTS,
    SHIFTS,
    UNARY,
    fail,
    finish_trait,
    give_up,
    is_open_type,
)
from clef.inference.reporting import contains_error, report_mismatch
from clef.inference.signatures import MemberSignature, TypeSignature
from clef.inference.state import Checker
from clef.inference.subtyping import mapping_of, would_unify
from clef.inference.trait_candidates import (
    argument_types,
    candidates_for,
    has_variables,
    most_special,
    seen_as,
    signature_at,
    stays_open,
    takes_arguments,
)
from clef.inference.type_text import written_operator
from clef.inference.types import (
    AnonymousRecordType,
    NamedType,
    ParameterType,
    PendingTrait,
    TupleType,
    Type,
    TypeVariable,
    tuple_position,
)
from clef.inference.unification import (
    install,
    lower_levels,
    prune,
    substitute,
    substitute_member,
    unify,
    wait,
)
from clef.inference.well_known import (
    BOOL,
    INT,
    NUMBERS,
    STRING,
    UNIT,
)

# How many constraints solving one may bring, one within the other, in all, and one after the other,
# before it has no end.
_DEEPEST, _MOST, _LONGEST = 100, 20_000, 200
_MEMBER_LEVEL = 1  # at which the bodies of members are checked


def solve_woken(c: Checker) -> None:
    """Try the constraints whose variables were just solved."""
    while c.woken:
        trait = c.woken.pop()
        if not trait.is_solved:
            attempt(c, trait, weak=False)


def attempt(c: Checker, trait: PendingTrait, weak: bool) -> bool:
    """Solve a constraint if what is known is enough."""
    if trait.is_solved:
        return True
    if c.trait_depth == 0:
        c.trait_work = 0
    c.trait_work += 1
    if c.trait_depth > _DEEPEST or c.trait_work > _MOST:
        c.trait_work = _MOST  # so that all that wait for this one give up, too
        return False
    outside, c.level = c.level, max(c.level, trait.level)  # what it brings belongs to its place
    before, c.trait_generation = c.trait_generation, trait.generation + 1
    c.trait_depth += 1
    solved = _solve(c, trait, weak)
    c.trait_depth -= 1
    c.trait_generation = before
    c.level = outside
    has_no_end = c.trait_depth == 0 and c.trait_work >= _MOST
    if has_no_end or trait.generation > _LONGEST:
        c.report(EndlessConstraint(trait.span, written_operator(trait.member.name)))
        solved = give_up(c, trait)
    if solved:
        if c.trail is None:
            trait.is_solved = True
    else:
        wait(c, trait)
    return solved


def _solve(c: Checker, trait: PendingTrait, weak: bool) -> bool:
    member = trait.member
    supports = [prune(s) for s in trait.supports]
    if any(contains_error(s) for s in supports):
        return give_up(c, trait)
    handler = BUILTIN.get(member.name)
    if handler is not None and not (weak and _bounds(c, trait, supports)):
        answer = handler(c, trait, weak)
        if answer is not None:
            return answer
    return _by_member(c, trait, supports, weak)


# Primitive types ----------------------------------------------------------------------------------


# Members of other types -------------------------------------------------------------------------


def _by_member(c: Checker, trait: PendingTrait, supports: list[Type], weak: bool) -> bool:
    for support in supports:
        if isinstance(support, ParameterType) and _assumed(c, trait, support):
            return True
    if any(is_open_type(s) for s in supports) and not weak:
        return False
    known = [s for s in supports if not is_open_type(s)] or _bounds(c, trait, supports)
    if not known:
        return False
    if _is_left_to_callers(c, supports):
        _assume(c, trait, supports)
        return True
    if not trait.member.is_static and (
        _by_field(c, trait, known[0]) or _by_case(c, trait, known[0])
    ):
        return True
    candidates = candidates_for(c, trait, known)
    fitting = [one for one in candidates if takes_arguments(c, trait, one)]
    if len(fitting) > 1:
        fitting = most_special(c, trait, fitting, weak)
    is_open = any(map(is_open_type, (*supports, *map(prune, trait.member.parameters))))
    if len(fitting) > 1 and not weak and (is_open or has_variables(trait)):
        return False
    if len(fitting) > 1 and is_open:
        fitting = [one for one in fitting if takes_arguments(c, trait, one, by_result=True)]
        if len(fitting) != 1:
            return False
    if fitting:
        return _use(c, trait, fitting[0])
    if any(is_open_type(s) for s in supports):
        return False
    if any(isinstance(s, ParameterType) and s.parameter.is_open for s in supports):
        _assume(c, trait, supports)
        return True
    return fail(c, trait)


def _bounds(c: Checker, trait: PendingTrait, supports: list[Type]) -> list[Type]:
    """The interfaces that open supports have for sure and that ask for such a static member."""
    bounds: list[Type] = [
        constraint.type
        for support in supports
        if isinstance(support, TypeVariable)
        for constraint in support.constraints
        if constraint.kind == "subtype" and isinstance(constraint.type, NamedType)
    ]
    is_static = trait.member.is_static
    return [one for one in bounds if is_static and candidates_for(c, trait, [one])]


def _assumed(c: Checker, trait: PendingTrait, support: ParameterType) -> bool:
    """A constraint that a type parameter in scope promises."""
    member = trait.member
    for constraint in support.parameter.constraints:
        promised = constraint.member
        if (
            promised is not None
            and promised.name == member.name
            and promised.is_static == member.is_static
            and len(promised.parameters) == len(member.parameters)
        ):
            pairs = zip(
                (*promised.parameters, promised.result),
                (*member.parameters, member.result),
                strict=True,
            )
            if all(would_unify(c, a, b) for a, b in pairs):
                for a, b in zip(
                    (*promised.parameters, promised.result),
                    (*member.parameters, member.result),
                    strict=True,
                ):
                    unify(c, a, b)
                return True
    return False


def _is_left_to_callers(c: Checker, supports: list[Type]) -> bool:
    """A parameter of an inline member next to a witness: its callers know which type may provide
    the member."""
    of_member = [isinstance(s, ParameterType) and s.parameter.is_open for s in supports]
    return c.in_inline and any(of_member) and not all(of_member)


def _assume(c: Checker, trait: PendingTrait, supports: list[Type]) -> None:
    """Promise it of a parameter of the member around; what is open in it belongs to the member."""
    from clef.inference.types import Constraint

    for type in (*trait.member.parameters, trait.member.result):
        lower_levels(c, type, _MEMBER_LEVEL)
    for support in supports:
        if isinstance(support, ParameterType):
            support.parameter.constraints.append(
                Constraint("member", None, trait.member, trait.supports)
            )
            return


def _by_field(c: Checker, trait: PendingTrait, support: Type) -> bool:
    """`get_Name` and `set_Name` on a field."""
    prefix, name = trait.member.name[:4], trait.member.name[4:]
    given = trait.member.parameters
    if len(given) != {"get_": 0, "set_": 1}.get(prefix, -1):
        return False
    if isinstance(support, AnonymousRecordType) and name in support.names and not given:
        return finish_trait(c, trait, support.types[support.names.index(name)])
    if isinstance(support, TupleType) and not given:
        place = tuple_position(support, name)
        return place is not None and finish_trait(c, trait, support.items[place])
    signature = c.type_named(support.symbol) if isinstance(support, NamedType) else None
    found = signature.fields.get(name) if signature is not None else None
    if signature is None or found is None or found.is_static or found.access != "public":
        return False
    assert isinstance(support, NamedType)
    type = substitute(found.type, mapping_of(signature, support))
    if not given:
        return finish_trait(c, trait, type)
    if not found.is_mutable or signature.is_struct:
        return False
    if not unify(c, given[0], type):
        report_mismatch(c, trait.span, given[0], type, None)
    return finish_trait(c, trait, UNIT)


def _by_case(c: Checker, trait: PendingTrait, support: Type) -> bool:
    """`get_IsCase` on a union."""
    prefix, case = trait.member.name[:6], trait.member.name[6:]
    signature = c.type_named(support.symbol) if isinstance(support, NamedType) else None
    if prefix != "get_Is" or trait.member.parameters or signature is None:
        return False
    return case in signature.cases and finish_trait(c, trait, BOOL)


def _use(
    c: Checker, trait: PendingTrait, candidate: tuple[MemberSignature, TypeSignature, NamedType]
) -> bool:
    if candidate[0].symbol in c.member_uses:
        c.constraint_uses.append(candidate[0].symbol)
    parameters, result = signature_at(c, trait, candidate)
    arguments = argument_types(trait, len(parameters))
    for expected, actual in zip(parameters, arguments, strict=True):
        if stays_open(c, trait, actual, expected):
            continue
        if not unify(c, seen_as(c, actual, expected), expected):
            report_mismatch(c, trait.span, actual, expected, None)
    return finish_trait(c, trait, result)


# Defaults -----------------------------------------------------------------------------------------


def apply_default(c: Checker, trait: PendingTrait) -> None:
    """What F# assumes when nothing says more: the result's type or the other operand's, else
    int."""
    if trait.is_solved or attempt(c, trait, weak=True):
        return
    member = trait.member
    if member.name in ARITHMETIC or member.name in UNARY or member.name in SHIFTS:
        guess = _guess(trait)
        parameters = member.parameters[:1] if member.name in SHIFTS else member.parameters
        for one in parameters:
            if is_open_type(prune(one)):
                unify(c, one, guess)
    elif member.name == "op_Explicit":
        if is_open_type(prune(member.parameters[0])):
            unify(c, member.parameters[0], INT)
    elif member.name in ("get_Zero", "get_One", "Sign", "get_Sign"):
        unify(c, trait.supports[0], INT)
    elif member.name == "Sqrt":
        from clef.inference.well_known import FLOAT

        unify(c, member.parameters[0], FLOAT)
    attempt(c, trait, weak=True)


def _guess(trait: PendingTrait) -> Type:
    """The type of the operands of an operator that are still open."""
    member = trait.member
    result = prune(member.result)
    if isinstance(result, NamedType) and result.symbol in NUMBERS | {STRING.symbol}:
        return NamedType(result.symbol) if member.name in PRODUCTS else result
    if member.name in ARITHMETIC:
        for one in (result, *map(prune, member.parameters)):
            if isinstance(one, NamedType):
                return one
    return INT


def weak_resolution(c: Checker, type: Type | None = None) -> None:
    """Decide pending constraints from what is known, as before a look-up on `type`."""
    tried: set[int] = set()  # solving one may bring new ones: those of the inline member it is
    while True:
        variable = prune(type) if type is not None else None
        if variable is not None and not isinstance(variable, TypeVariable):
            return
        relevant = list(c.pending) if variable is None else _about(c, variable)
        relevant = [one for one in relevant if not one.is_solved and id(one) not in tried]
        if not relevant:
            return
        solved = False
        for trait in relevant:
            tried.add(id(trait))
            solved |= attempt(c, trait, weak=True)
        if solved:  # which may say enough about those that were tried before
            tried.clear()
    # What is solved stays in its place: definitions on their way count where theirs begin.


def _about(c: Checker, variable: TypeVariable) -> list[PendingTrait]:
    """The pending constraints that may say what a variable is, in order: those on it, and those
    whose result it is, with the constraints that their operands result from."""
    wanted = {variable.id}
    found: set[int] = set()
    while True:
        before = len(found)
        for place, trait in enumerate(c.pending):
            if place in found or trait.is_solved:
                continue
            result = prune(trait.member.result)
            operands = [prune(one) for one in (*trait.member.parameters, *trait.supports)]
            if variable in operands:
                found.add(place)
            elif isinstance(result, TypeVariable) and result.id in wanted:
                found.add(place)
                wanted |= {one.id for one in operands if isinstance(one, TypeVariable)}
        if len(found) == before:
            return [c.pending[place] for place in sorted(found)]


def trait_at(trait: PendingTrait, mapping: dict[int, Type]) -> PendingTrait:
    """A constraint with parameters replaced."""
    return PendingTrait(
        substitute_member(trait.member, mapping),
        tuple(substitute(s, mapping) for s in trait.supports),
        trait.span,
        trait.level,
    )


install(require, solve_woken)
