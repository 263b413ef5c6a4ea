"""Looking up members of types: fields, properties, methods, constructors, extensions.

Comes in: a type and a name. Goes out: the candidates with the instantiation of the type that
declares them. Promises: a
nearer class hides what it overrides; extension members come last; nothing is reported here.
"""

from __future__ import annotations

from clef.data_classes import dataclass
from clef.inference.extension_lookup import (
    extended_types,
    extension_method,
    is_open,
    latest_first,
)
from clef.inference.signatures import FieldSignature, MemberSignature, TypeSignature
from clef.inference.state import Checker
from clef.inference.subtyping import direct_supertypes, mapping_of
from clef.inference.types import (
    AnonymousRecordType,
    NamedType,
    ParameterType,
    Type,
    TypeVariable,
)
from clef.inference.unification import prune, substitute
from clef.inference.well_known import LIST, OBJECT, SEQ


@dataclass(slots=True)
class Found:
    """A member at an instantiation of its owner."""

    member: MemberSignature
    owner: NamedType
    mapping: dict[int, Type]
    receiver: Type | None = None  # of a method marked `[<Extension>]`


def owner_mapping(member: MemberSignature, owner: NamedType) -> dict[int, Type]:
    """The owner's parameters, as the member names them, at this instantiation."""
    return {
        parameter.id: argument
        for parameter, argument in zip(member.owner_parameters, owner.arguments, strict=False)
    }


def starting_types(type: Type) -> list[NamedType]:
    """Where to look for members of a type."""
    type = prune(type)
    if isinstance(type, NamedType):
        return [type]
    constraints = (
        type.parameter.constraints
        if isinstance(type, ParameterType)
        else type.constraints
        if isinstance(type, TypeVariable)
        else []
    )
    found: list[NamedType] = []
    for constraint in constraints:
        if constraint.kind == "subtype" and constraint.type is not None:
            found.extend(starting_types(constraint.type))
    return found


def classes_of(c: Checker, type: Type) -> list[NamedType]:
    """Where members of a type are looked up: a class shows its base classes, but not its
    interfaces."""
    starts = starting_types(type)
    result: list[NamedType] = []
    for start in starts:
        here: NamedType | None = start
        while here is not None and here not in result:
            signature = c.type_named(here.symbol)
            if signature is not None and (
                signature.kind == "interface" or isinstance(prune(type), TypeVariable)
            ):
                return hierarchy(c, type)
            result.append(here)
            if signature is None or signature.base is None:
                break
            base = substitute(signature.base, mapping_of(signature, here))
            here = base if isinstance(base, NamedType) else None
    extra = direct_extras(c, result[0]) if result else []
    result.extend(one for one in extra if one not in result)
    if OBJECT not in result and not isinstance(prune(type), TypeVariable):
        result.append(OBJECT)
    return result


def direct_extras(c: Checker, type: NamedType) -> list[NamedType]:
    """`System.Enum`, `System.MulticastDelegate` and `System.ValueType` have members too."""
    return [
        parent
        for parent in direct_supertypes(c, type)
        if parent.symbol in ("System.Enum", "System.MulticastDelegate", "System.ValueType")
    ]


def hierarchy(c: Checker, type: Type) -> list[NamedType]:
    """The type and all that it inherits from, nearest first; `obj` is last."""
    result: list[NamedType] = []
    seen: set[str] = set()
    queue = starting_types(type)
    index = 0
    while index < len(queue):
        here = queue[index]
        index += 1
        if here.symbol in seen:
            continue
        seen.add(here.symbol)
        result.append(here)
        queue.extend(direct_supertypes(c, here))
        if here.symbol == LIST and SEQ not in seen:
            queue.append(NamedType(SEQ, here.arguments))
    if OBJECT.symbol not in seen and not isinstance(prune(type), TypeVariable):
        result.append(OBJECT)
    return result


def find_members(c: Checker, type: Type, name: str) -> list[Found]:
    """All members of this name, own ones before inherited ones before extensions."""
    found: list[Found] = []
    shapes: set[tuple[object, ...]] = set()
    kinds = classes_of(c, type)
    for owner in kinds:
        signature = c.type_named(owner.symbol)
        if signature is None:
            continue
        for member in signature.members.get(name, ()):
            if member.is_override:
                continue
            candidate = Found(member, owner, owner_mapping(member, owner))
            shape = _shape(candidate)
            if shape not in shapes:
                shapes.add(shape)
                found.append(candidate)
        if found and any(f.member.kind in ("getter", "setter") for f in found):
            break
    if found and found[0].member.kind != "method" and not _is_indexed(found[0].member):
        return found
    more = _extensions(c, type, name)
    if found and isinstance(prune(type), TypeVariable):
        more = [one for one in more if not _asks_more(one)]
    return found + more


def with_those_of_objects(c: Checker, type: Type, name: str) -> list[Found]:
    """The members of this name of an open type: those of its bounds, and those of every object that
    these do not hide."""
    found = find_members(c, type, name) if starting_types(type) else []
    bounds = [one for one in found if not _asks_more(one)]
    hidden = {_shape(one) for one in bounds}
    return bounds + [one for one in find_members(c, OBJECT, name) if _shape(one) not in hidden]


def _is_indexed(member: MemberSignature) -> bool:
    """Whether a property takes an index: then extensions may take another one."""
    indices = sum(map(len, member.groups)) - (member.kind == "setter")
    return member.kind in ("getter", "setter") and indices > 0


def _asks_more(extension: Found) -> bool:
    """Whether an extension of anything that meets conditions would lay these on the receiver."""
    own = extension.member.self_type
    return isinstance(own, ParameterType) and bool(own.parameter.constraints)


def extension_methods(c: Checker, type: Type, name: str) -> list[Found]:
    """The methods of this name that extensions add, also where the type has a property of it."""
    return [one for one in _all_extensions(c, type, name) if one.member.kind == "method"]


def _extensions(c: Checker, type: Type, name: str) -> list[Found]:
    found = _all_extensions(c, type, name)
    return [one for one in found if one.member.kind != "method"] or found  # properties come first


def _all_extensions(c: Checker, type: Type, name: str) -> list[Found]:
    found: list[Found] = []
    owners = hierarchy(c, type)
    for symbol in extended_types(c, type, owners):
        visible = [
            member
            for member in c.extensions_of(symbol)
            if name in (member.name, member.property) and is_open(c, member)
        ]
        for member in latest_first(c, visible):
            if member.is_static_extension:
                method = extension_method(c, member, type)
                if method is not None:
                    found.append(Found(method, NamedType(member.owner), {}, type))
                continue
            owner = next(one for one in owners if one.symbol == symbol)
            found.append(Found(member, owner, owner_mapping(member, owner)))
    return found


def module_of_extension(c: Checker, type: Type, name: str) -> str | None:
    """The module that is not open here and extends the type with a member of this name."""
    for symbol in extended_types(c, type, hierarchy(c, type)):
        for member in c.extensions_of(symbol):
            if name in (member.name, member.property) and not is_open(c, member):
                takes = not member.is_static_extension or extension_method(c, member, type)
                if takes and member.module:
                    return member.module
    return None


def _shape(candidate: Found) -> tuple[object, ...]:
    """What distinguishes overloads: an inherited member with the same parameters is hidden."""
    member = candidate.member
    parameters = tuple(
        substitute(p.type, candidate.mapping) for group in member.groups for p in group
    )
    if member.type_parameters:
        return (member.kind, member.is_static, len(parameters), member.symbol)
    if member.name in ("op_Explicit", "op_Implicit"):  # which are chosen by what they give
        parameters += (substitute(member.result, candidate.mapping),)
    return (member.kind, member.is_static, len(parameters), parameters)


def find_field(c: Checker, type: Type, name: str) -> tuple[FieldSignature, NamedType, Type] | None:
    """A field of a record, class or exception, with its type here; inherited ones too."""
    start = prune(type)
    if isinstance(start, NamedType):
        signature = c.type_named(start.symbol)
        if signature is None:
            return None
        own = signature.fields.get(name)
        if own is not None:
            return own, start, substitute(own.type, mapping_of(signature, start))
        if signature.base is not None:
            base = substitute(signature.base, mapping_of(signature, start))
            return find_field(c, base, name)
    elif isinstance(start, ParameterType):
        for one in starting_types(start):
            found = find_field(c, one, name)
            if found is not None:
                return found
    return None


def member_names(c: Checker, type: Type) -> list[str]:
    """All names that can follow the dot, for suggestions."""
    names: list[str] = []
    start = prune(type)
    if isinstance(start, AnonymousRecordType):
        return list(start.names)
    for owner in hierarchy(c, type):
        signature = c.type_named(owner.symbol)
        if signature is not None:
            names.extend(n for n in signature.members if not n.startswith((".", "get_", "set_")))
            names.extend(signature.fields)
        names.extend(m.property or m.name for m in c.extensions_of(owner.symbol))
    return names


def constructors(
    c: Checker, signature: TypeSignature, owner: NamedType, *, is_base: bool = False
) -> list[Found]:
    """The constructors of a type; protected ones only for what inherits from it."""
    return [
        Found(member, owner, owner_mapping(member, owner))
        for member in signature.members.get(".ctor", ())
        if is_base or member.access != "protected"
    ]


def slots_of(c: Checker, type: Type) -> list[Found]:
    """Every abstract or virtual member that a type declares or inherits."""
    found: list[Found] = []
    seen: set[str] = set()
    for owner in hierarchy(c, type):
        signature = c.type_named(owner.symbol)
        if signature is None:
            continue
        for group in signature.members.values():
            for member in group:
                if member.is_slot and member.symbol not in seen:
                    seen.add(member.symbol)
                    found.append(Found(member, owner, owner_mapping(member, owner)))
    return found
