"""The members that a member constraint may mean.

Comes in: the types that support a constraint, its name and its argument types. Goes out: the
members of that name that take such arguments, the most special one if one is. Promises: types above
those of the constraint count, extension members and operators of the library too.
"""

from __future__ import annotations

from collections.abc import Iterator

from clef.inference.constraints import require
from clef.inference.short_lived import parts_of
from clef.inference.signatures import MemberSignature, TypeSignature
from clef.inference.state import Checker
from clef.inference.subtyping import as_instance, feasible, mapping_of
from clef.inference.types import (
    CONSTRUCTOR,
    ERROR,
    Constraint,
    FunctionType,
    NamedType,
    ParameterType,
    PendingTrait,
    TupleType,
    Type,
    TypeParameter,
    TypeVariable,
)
from clef.inference.unification import (
    instantiate,
    prune,
    resolve,
    substitute,
    unify,
)
from clef.inference.well_known import SEQ


def candidates_for(
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
    is_bounded = isinstance(support, ParameterType | TypeVariable)
    here = supertype_of(support) if is_bounded else support
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


def supertype_of(type: Type) -> Type:
    """The bound of a type parameter or of an open type."""
    of = type.parameter if isinstance(type, ParameterType) else type
    for constraint in of.constraints if isinstance(of, TypeParameter | TypeVariable) else ():
        if constraint.kind == "subtype" and constraint.type is not None:
            return constraint.type
    return ERROR


def signature_at(
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


def argument_types(trait: PendingTrait, count: int) -> tuple[Type, ...]:
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


def takes_arguments(
    c: Checker,
    trait: PendingTrait,
    candidate: tuple[MemberSignature, TypeSignature, NamedType],
    by_result: bool = False,
) -> bool:
    """Whether a candidate takes the arguments, and, if asked or if it is a conversion, gives what
    is wanted."""
    from clef.inference.unification import begin_trial, end_trial

    if _is_far_from(c, trait, candidate[0]):
        return False
    before = begin_trial(c)
    parameters, result = signature_at(c, trait, candidate)
    arguments = argument_types(trait, len(parameters))
    fits = len(parameters) == len(arguments) and all(
        stays_open(c, trait, b, a) or unify(c, a, b) or _upcast(c, b, a)
        for a, b in zip(parameters, arguments, strict=True)
    )
    if fits and (by_result or trait.member.name in ("op_Explicit", "op_Implicit")):
        fits = unify(c, result, trait.member.result)
    failed = end_trial(c, before, keep=False)
    return fits and not failed


def _is_far_from(c: Checker, trait: PendingTrait, member: MemberSignature) -> bool:
    """Whether a member takes something of another type than an operand and those above that: what
    can be seen without looking at the type arguments."""
    declared = [one.type for group in member.groups for one in group]
    for wanted, given in zip(declared, argument_types(trait, len(declared)), strict=False):
        target, source = prune(wanted), prune(given)
        if (
            isinstance(target, NamedType)
            and isinstance(source, NamedType)
            and target.symbol != source.symbol
            and ERROR not in (source, target)
            and as_instance(c, source, target.symbol) is None
        ):
            return True
    return False


def stays_open(c: Checker, trait: PendingTrait, actual: Type, expected: Type) -> bool:
    """Whether an operand that is not known yet may still be of any type with the interface that a
    member takes; it gets that as its constraint."""
    variable, target = prune(actual), prune(expected)
    if not isinstance(variable, TypeVariable) or not isinstance(target, NamedType):
        return False
    signature = c.type_named(target.symbol)
    if target.symbol != SEQ and (signature is None or signature.kind != "interface"):
        return False
    declared = any(one.kind == "subtype" for one in variable.constraints)
    require(c, variable, Constraint("subtype", target), trait.span)
    if c.trail is None and not declared and prune(variable) is variable:
        c.enumerated.append((variable, target))
    return True


def _upcast(c: Checker, source: Type, target: Type) -> bool:
    from clef.inference.subtyping import supertype_instance

    target = prune(target)
    source = prune(source)
    if not isinstance(target, NamedType) or isinstance(source, TypeVariable):
        return False
    seen = supertype_instance(c, source, target.symbol)
    return seen is not None and unify(c, seen, target)


def seen_as(c: Checker, actual: Type, expected: Type) -> Type:
    """An operand as the supertype that a member takes."""
    from clef.inference.subtyping import supertype_instance

    target, source = prune(expected), prune(actual)
    if not isinstance(target, NamedType) or isinstance(source, TypeVariable):
        return actual
    return supertype_instance(c, source, target.symbol) or actual


def most_special(
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
    signatures = [signature_at(c, trait, one)[0] for one in fitting]
    exact: list[tuple[MemberSignature, TypeSignature, NamedType]] = []
    for one, parameters in zip(fitting, signatures, strict=True):
        arguments = argument_types(trait, len(parameters))
        if all(resolve(a) == resolve(b) for a, b in zip(parameters, arguments, strict=False)):
            exact.append(one)
    best = [] if exact else _unbeaten(c, signatures)
    end_trial(c, before, keep=False)
    if exact:
        return exact
    places = [i for i in best if not fitting[i][0].type_parameters] or best
    if not weak and has_variables(trait):
        return [fitting[i] for i in places]
    said = {i: sum(map(_known_parts, signatures[i])) for i in places}
    return [fitting[i] for i in places if said[i] == max(said.values())]


def has_variables(trait: PendingTrait) -> bool:
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
