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

from collections.abc import Iterator

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
from clef.inference.short_lived import parts_of
from clef.inference.signatures import MemberSignature, TypeSignature
from clef.inference.state import Checker
from clef.inference.subtyping import feasible, mapping_of, would_unify
from clef.inference.type_text import written_operator
from clef.inference.types import (
    CONSTRUCTOR,
    ERROR,
    AnonymousRecordType,
    FunctionType,
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
    instantiate,
    lower_levels,
    prune,
    resolve,
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
    if handler is not None:
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
    known = [s for s in supports if not is_open_type(s)]
    if not known:
        return False
    if _is_left_to_callers(c, supports):
        _assume(c, trait, supports)
        return True
    if not trait.member.is_static and (
        _by_field(c, trait, known[0]) or _by_case(c, trait, known[0])
    ):
        return True
    candidates = _candidates(c, trait, known)
    fitting = [one for one in candidates if _fits(c, trait, one)]
    if len(fitting) > 1:
        fitting = _most_special(c, trait, fitting, weak)
    is_open = any(map(is_open_type, (*supports, *map(prune, trait.member.parameters))))
    if len(fitting) > 1 and not weak and (is_open or _has_variables(trait)):
        return False
    if len(fitting) > 1 and is_open:
        fitting = [one for one in fitting if _fits(c, trait, one, by_result=True)]
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


def _candidates(
    c: Checker, trait: PendingTrait, known: list[Type]
) -> list[tuple[MemberSignature, TypeSignature, NamedType]]:
    found: list[tuple[MemberSignature, TypeSignature, NamedType]] = []
    seen: set[str] = set()
    for support in known:
        for owner in _lineage(c, support):
            signature = c.type_named(owner.symbol)
            if signature is None:
                break
            for one in _members_named(signature, trait.member.name):
                if one.access == "private":  # a constraint is met by what everybody can call
                    continue
                is_kind = one.is_static == trait.member.is_static or one.name == CONSTRUCTOR
                if is_kind and one.symbol not in seen:
                    seen.add(one.symbol)
                    found.append((one, signature, owner))
            if trait.member.name == CONSTRUCTOR:  # nobody inherits these
                break
            for one in c.extensions_of(owner.symbol):
                if (
                    one.name == trait.member.name
                    and one.is_static == trait.member.is_static
                    and one.symbol not in seen
                    and _belongs_to_type(one)
                ):
                    seen.add(one.symbol)
                    found.append((one, signature, owner))
    return found


def _members_named(signature: TypeSignature, name: str) -> list[MemberSignature]:
    """The members that a constraint's name means: to convert, `op_Implicit` does as well."""
    found = list(signature.members.get(name, ()))
    if name == "op_Explicit":
        found += signature.members.get("op_Implicit", ())
    return found


def _belongs_to_type(extension: MemberSignature) -> bool:
    """Whether an extension stands with its type, in one module; the library gives its own types
    members in several files."""
    home = extension.owner.rpartition(".")[0]
    return extension.module == home or extension.module.startswith(("System", "Microsoft"))


def _lineage(c: Checker, support: Type) -> Iterator[NamedType]:
    """A type and its base classes; an interface and those it inherits from."""
    here = _supertype_of(support) if isinstance(support, ParameterType) else support
    pending = [here] if isinstance(here, NamedType) else []
    seen: set[str] = set()
    while pending:
        owner = pending.pop(0)
        if owner.symbol in seen:
            continue
        seen.add(owner.symbol)
        yield owner
        signature = c.type_named(owner.symbol)
        if signature is None:
            return
        is_interface = signature.kind == "interface"
        parents = signature.interfaces if is_interface else [signature.base]
        for parent in parents:
            if parent is not None:
                above = substitute(parent, mapping_of(signature, owner))
                if isinstance(above, NamedType) and above != ERROR:
                    pending.append(above)


def _supertype_of(type: ParameterType) -> Type:
    for constraint in type.parameter.constraints:
        if constraint.kind == "subtype" and constraint.type is not None:
            return constraint.type
    return ERROR


def _signature_at(
    c: Checker, trait: PendingTrait, candidate: tuple[MemberSignature, TypeSignature, NamedType]
) -> tuple[tuple[Type, ...], Type]:
    member, signature, owner = candidate
    mapping = dict(mapping_of(signature, owner))
    mapping.update(zip((p.id for p in member.owner_parameters), owner.arguments, strict=False))
    mapping, _ = instantiate(c, member.type_parameters, trait.span, mapping)
    groups = member.groups
    parameters = tuple(substitute(p.type, mapping) for group in groups for p in group)
    result = owner if member.name == CONSTRUCTOR else substitute(member.result, mapping)
    return parameters, result


def _argument_types(trait: PendingTrait, count: int) -> tuple[Type, ...]:
    from clef.inference.types import TupleType
    from clef.inference.well_known import UNIT

    parameters = trait.member.parameters
    if len(parameters) == 1 and count != 1:
        only = prune(parameters[0])
        if count == 0 and only == UNIT:
            return ()
        if isinstance(only, TupleType) and len(only.items) == count:
            return only.items
    return parameters


def _fits(
    c: Checker,
    trait: PendingTrait,
    candidate: tuple[MemberSignature, TypeSignature, NamedType],
    by_result: bool = False,
) -> bool:
    """Whether a candidate takes the arguments, and, if asked or if it is a conversion, gives what
    is wanted."""
    from clef.inference.unification import begin_trial, end_trial

    before = begin_trial(c)
    parameters, result = _signature_at(c, trait, candidate)
    arguments = _argument_types(trait, len(parameters))
    fits = len(parameters) == len(arguments) and all(
        unify(c, a, b) or _upcast(c, b, a) for a, b in zip(parameters, arguments, strict=True)
    )
    if fits and (by_result or trait.member.name in ("op_Explicit", "op_Implicit")):
        fits = unify(c, result, trait.member.result)
    failed = end_trial(c, before, keep=False)
    return fits and not failed


def _upcast(c: Checker, source: Type, target: Type) -> bool:
    from clef.inference.subtyping import supertype_instance

    target = prune(target)
    source = prune(source)
    if not isinstance(target, NamedType) or isinstance(source, TypeVariable):
        return False
    seen = supertype_instance(c, source, target.symbol)
    return seen is not None and unify(c, seen, target)


def _seen_as(c: Checker, actual: Type, expected: Type) -> Type:
    """An operand as the supertype that a member takes."""
    from clef.inference.subtyping import supertype_instance

    target, source = prune(expected), prune(actual)
    if not isinstance(target, NamedType) or isinstance(source, TypeVariable):
        return actual
    return supertype_instance(c, source, target.symbol) or actual


def _most_special(
    c: Checker,
    trait: PendingTrait,
    fitting: list[tuple[MemberSignature, TypeSignature, NamedType]],
    weak: bool,
) -> list[tuple[MemberSignature, TypeSignature, NamedType]]:
    """Exact matches without new variables win, then those that no other beats (F# specification
    §14.4): their parameters are feasibly those of the other. Then come members that are not
    generic, and, once nothing more will be known about the arguments, those that say most about
    their parameters."""
    from clef.inference.unification import begin_trial, end_trial

    before = begin_trial(c)
    signatures = [_signature_at(c, trait, one)[0] for one in fitting]
    exact: list[tuple[MemberSignature, TypeSignature, NamedType]] = []
    for one, parameters in zip(fitting, signatures, strict=True):
        arguments = _argument_types(trait, len(parameters))
        if all(resolve(a) == resolve(b) for a, b in zip(parameters, arguments, strict=False)):
            exact.append(one)
    best = [] if exact else _unbeaten(c, signatures)
    end_trial(c, before, keep=False)
    if exact:
        return exact
    places = [i for i in best if not fitting[i][0].type_parameters] or best
    if not weak and _has_variables(trait):
        return [fitting[i] for i in places]
    said = {i: sum(map(_known_parts, signatures[i])) for i in places}
    return [fitting[i] for i in places if said[i] == max(said.values())]


def _has_variables(trait: PendingTrait) -> bool:
    """Whether something about the arguments may still become known."""
    parts = (part for type in trait.member.parameters for part in parts_of(type))
    return any(isinstance(part, TypeVariable) for part in parts)


def _unbeaten(c: Checker, signatures: list[tuple[Type, ...]]) -> list[int]:
    """The places of the signatures that no other one beats."""

    def beats(one: int, other: int) -> bool:
        pairs = list(zip(signatures[one], signatures[other], strict=True))
        return all(feasible(c, mine, theirs) for mine, theirs in pairs) and not all(
            feasible(c, theirs, mine) for mine, theirs in pairs
        )

    count = range(len(signatures))
    unbeaten = [i for i in count if not any(beats(other, i) for other in count if other != i)]
    return unbeaten or list(count)


def _known_parts(type: Type) -> int:
    """How many parts of a type are no variables."""
    type = prune(type)
    if isinstance(type, NamedType):
        return 1 + sum(map(_known_parts, type.arguments))
    if isinstance(type, FunctionType):
        return 1 + _known_parts(type.parameter) + _known_parts(type.result)
    if isinstance(type, TupleType):
        return 1 + sum(map(_known_parts, type.items))
    return 0 if isinstance(type, TypeVariable) else 1


def _use(
    c: Checker, trait: PendingTrait, candidate: tuple[MemberSignature, TypeSignature, NamedType]
) -> bool:
    parameters, result = _signature_at(c, trait, candidate)
    arguments = _argument_types(trait, len(parameters))
    for expected, actual in zip(parameters, arguments, strict=True):
        if not unify(c, _seen_as(c, actual, expected), expected):
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
