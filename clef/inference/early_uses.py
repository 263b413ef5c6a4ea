"""Uses of a generic type's members before the bodies that decide their types are checked.

Comes in: a member of a type that is defined together with its user, at other type arguments than
the type's own parameters. Goes out: an instance in which new variables stand for what is still
open. Promises: what the use decides is known to the body if it can be said in the type's own
parameters; once the member is generic, the use is one of its instances.
"""

from __future__ import annotations

from dataclasses import replace

from clef.inference import typed_tree as typed
from clef.inference.generalisation import free_variables
from clef.inference.members import Found
from clef.inference.reporting import report_mismatch
from clef.inference.signatures import MemberSignature, ParameterSignature, TypeSignature
from clef.inference.state import Checker, EarlyUse
from clef.inference.types import (
    AnonymousRecordType,
    FunctionType,
    NamedType,
    ParameterType,
    TupleType,
    Type,
    TypeParameter,
    TypeVariable,
)
from clef.inference.unification import instantiate, prune, substitute, unify
from clef.source import Span


def open_types(member: MemberSignature) -> list[Type]:
    """The types that a member's signature consists of."""
    return [*(p.type for group in member.groups for p in group), member.result]


def early_use(c: Checker, found: Found, span: Span) -> tuple[Found, EarlyUse | None]:
    """The member as this use sees it."""
    member = found.member
    if member.symbol not in c.member_uses or not _is_foreign(found):
        return found, None
    variables: list[TypeVariable] = []
    seen: set[int] = set()
    for type in open_types(member):
        free_variables(type, variables, seen)
    copies = [(one, _copy(c, one, span)) for one in variables if not one.is_measure]
    if not copies:
        return found, None
    by_id: dict[int, Type] = {one.id: copy for one, copy in copies}
    groups = tuple(tuple(_parameter(one, by_id) for one in group) for group in member.groups)
    seen_member = replace(member, groups=groups, result=_copied(member.result, by_id))
    use = EarlyUse(span, found.mapping, copies)
    return Found(seen_member, found.owner, found.mapping, found.receiver), use


def note_loose_constructors(c: Checker, signature: TypeSignature) -> None:
    """Before any body: whether no constructor says the types of all its parameters."""
    constructors = signature.members.get(".ctor", [])
    if constructors and all(_is_loose(one) for one in constructors):
        c.loose_constructors.add(signature.symbol)


def _is_loose(member: MemberSignature) -> bool:
    return any(_is_open(parameter.type) for group in member.groups for parameter in group)


def presume_own(c: Checker, owner: NamedType) -> None:
    """What `T` or `T<_>` makes inside of `T<'a>` is a `T<'a>` as long as the constructor is not
    generic, as in F#."""
    if c.cls is None or c.cls.signature.symbol != owner.symbol:
        return
    if owner.symbol not in c.loose_constructors:
        return
    for argument, parameter in zip(owner.arguments, c.cls.signature.parameters, strict=True):
        if isinstance(prune(argument), TypeVariable):
            unify(c, argument, ParameterType(parameter))


def _is_foreign(found: Found) -> bool:
    for parameter in found.member.owner_parameters:
        argument = found.mapping.get(parameter.id)
        if argument is not None and prune(argument) != ParameterType(parameter):
            return True
    return False


def _copy(c: Checker, variable: TypeVariable, span: Span) -> TypeVariable:
    """At the level of the member, over which functions in the body that uses it do not close. A
    function of a module that uses it may be generic in it."""
    copy = c.fresh(span)
    if c.cls is not None:
        copy.level = variable.level
    return copy


def _parameter(parameter: ParameterSignature, copies: dict[int, Type]) -> ParameterSignature:
    return replace(parameter, type=_copied(parameter.type, copies))


def _copied(type: Type, copies: dict[int, Type]) -> Type:
    type = prune(type)
    match type:
        case TypeVariable():
            return copies.get(type.id, type)
        case NamedType(symbol=symbol, arguments=arguments):
            return NamedType(symbol, tuple(_copied(one, copies) for one in arguments))
        case FunctionType(parameter=parameter, result=result):
            return FunctionType(_copied(parameter, copies), _copied(result, copies))
        case TupleType(items=items, is_struct=is_struct):
            return TupleType(tuple(_copied(one, copies) for one in items), is_struct)
        case AnonymousRecordType(names=names, types=types, is_struct=is_struct):
            inner = tuple(_copied(one, copies) for one in types)
            return AnonymousRecordType(names, inner, is_struct)
        case _:
            return type


def note_call(
    c: Checker, use: EarlyUse | None, symbol: str, call: typed.MethodCall | typed.VirtualCall
) -> None:
    """The candidate was chosen: its use waits for the member's body."""
    if use is not None:
        use.call = call
        c.early_uses.setdefault(symbol, []).append(use)


def tell_body(c: Checker, member: MemberSignature) -> None:
    """What earlier uses decided, in the type's own parameters."""
    for use in c.early_uses.get(member.symbol, ()):
        own = _inverse(member, use.mapping)
        arguments = [prune(use.mapping[p.id]) for p in member.owner_parameters]
        for variable, copy in use.copies:
            if prune(variable) is not variable:
                continue
            decided = substitute(copy, {})
            if not _is_open(decided) and _says(decided, own, arguments):
                unify(c, variable, substitute(decided, own))


def _is_open(type: Type) -> bool:
    variables: list[TypeVariable] = []
    free_variables(type, variables, set())
    return bool(variables)


def _inverse(member: MemberSignature, mapping: dict[int, Type]) -> dict[int, Type]:
    """Which own parameter another type's parameter stands for, where it stands for one only."""
    found: dict[int, Type] = {}
    for parameter in member.owner_parameters:
        argument = prune(mapping.get(parameter.id, ParameterType(parameter)))
        if isinstance(argument, ParameterType):
            if argument.parameter.id in found:
                return {}
            found[argument.parameter.id] = ParameterType(parameter)
    return found


def _says(type: Type, own: dict[int, Type], arguments: list[Type]) -> bool:
    """Whether the type means the same at all instances: each part is either no type argument of
    this use or the only parameter that it can be."""
    if isinstance(type, ParameterType):
        return type.parameter.id in own
    if type in arguments:
        return False
    match type:
        case NamedType(arguments=parts) | TupleType(items=parts) | AnonymousRecordType(types=parts):
            return all(_says(one, own, arguments) for one in parts)
        case FunctionType(parameter=parameter, result=result):
            return _says(parameter, own, arguments) and _says(result, own, arguments)
        case _:
            return True


def settle_early_uses(
    c: Checker, member: MemberSignature, added: tuple[TypeParameter, ...]
) -> dict[int, tuple[Type, ...]]:
    """The member is generic: each use becomes an instance. Gives the arguments for the `added`
    parameters, by the calls' identities."""
    chosen: dict[int, tuple[Type, ...]] = {}
    for use in c.early_uses.pop(member.symbol, ()):
        c.level += 1  # the member that has the use may be generic in what stands here
        mapping, own = instantiate(c, added, use.span, use.mapping)
        c.level -= 1
        _agree(c, use, mapping)
        chosen[id(use.call)] = own
    return chosen


def share_early_uses(c: Checker, members: list[MemberSignature]) -> None:
    """Members that use each other become generic together: their uses of each other are not
    instances of their own."""
    for member in members:
        for use in c.early_uses.pop(member.symbol, ()):
            _agree(c, use, use.mapping)


def _agree(c: Checker, use: EarlyUse, mapping: dict[int, Type]) -> None:
    for variable, copy in use.copies:
        wanted = substitute(variable, mapping)
        if not unify(c, copy, wanted):
            report_mismatch(c, use.span, wanted, copy, None)
