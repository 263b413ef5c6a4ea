"""The properties and constructors of a file's types, for reflection.

Comes in: the finished signatures of a file's types. Goes out: `TypeDefinition.properties` and
`constructors`. Promises: what .NET's `GetProperties` says of a type that F# compiles: public ones,
the fields of records and what `val` declares before members, each name once.
"""

from __future__ import annotations

from clef.data_classes import dataclass
from clef.inference import typed_tree as typed
from clef.inference.signatures import MemberSignature, TypeSignature
from clef.inference.state import Checker
from clef.inference.types import CONSTRUCTOR, Type

_KINDS = ("record", "class", "struct", "interface")


def list_properties(c: Checker) -> None:
    """Fill in the properties of all types that have members of their own."""
    for symbol, definition in c.file.types.items():
        signature = c.own_types.get(symbol)
        if signature is not None and definition.kind in _KINDS:
            found = {one.name: one for one in _of_fields(definition, signature)}
            declared = [one for members in signature.members.values() for one in members]
            added = [
                one
                for one in c.own.extensions.get(symbol, [])
                if one.symbol.startswith(f"{symbol}.")  # next to the type: members of its own
            ]
            members = _accessors([*declared, *added]) + _overrides(c, definition)
            for accessor in sorted(members, key=lambda one: one.start):
                _add(accessor, found)
            definition.properties = list(found.values())
            definition.constructors = [
                one.symbol
                for one in signature.members.get(CONSTRUCTOR, [])
                if one.access == "public" and not signature.is_abstract
            ]


def _of_fields(
    definition: typed.TypeDefinition, signature: TypeSignature
) -> list[typed.PropertyDefinition]:
    """A record's fields; of `val` declarations those that nobody writes, as others are fields."""
    is_record = signature.kind == "record"
    found: list[typed.PropertyDefinition] = []
    for field in definition.fields:
        declared = signature.fields.get(field.name)
        if declared is None or declared.access != "public":
            continue
        if is_record or not field.is_mutable:
            property = typed.PropertyDefinition(
                field.name, field.type, False, True, field.is_mutable, False
            )
            found.append(property)
    return found


@dataclass(slots=True)
class _Accessor:
    property: str
    type: Type
    is_getter: bool
    is_static: bool
    is_indexed: bool
    start: int


def _accessors(members: list[MemberSignature]) -> list[_Accessor]:
    """Those that the type declares, for everybody."""
    return [
        _accessor(one)
        for one in members
        if one.kind in ("getter", "setter")
        and one.access == "public"
        and not one.type_parameters
        and (one.kind == "getter" or any(one.groups))  # a mistake has been reported otherwise
    ]


def _accessor(member: MemberSignature) -> _Accessor:
    is_getter = member.kind == "getter"
    parameters = [one for group in member.groups for one in group]
    type = member.result if is_getter else parameters[-1].type
    is_indexed = len(parameters) > (0 if is_getter else 1)
    start = member.span.start if member.span is not None else 0
    return _Accessor(member.property, type, is_getter, member.is_static, is_indexed, start)


def _overrides(c: Checker, definition: typed.TypeDefinition) -> list[_Accessor]:
    """Those that stand in the place of a base class's."""
    found: list[_Accessor] = []
    for one in definition.implementations:
        name = one.slot.rpartition(".")[2]
        method = c.file.definitions.get(one.method)
        owner = c.type_named(one.owner.symbol)
        if owner is None or owner.kind == "interface" or method is None or not method.parameters:
            continue
        if name[:4] not in ("get_", "set_"):
            continue
        is_getter = name.startswith("get_")
        type = method.result_type if is_getter else method.parameters[-1].type
        is_indexed = len(method.parameters) > (1 if is_getter else 2)
        start = method.span.start
        found.append(_Accessor(name[4:], type, is_getter, False, is_indexed, start))
    return found


def _add(accessor: _Accessor, found: dict[str, typed.PropertyDefinition]) -> None:
    known = found.get(accessor.property)
    if known is None:
        known = found[accessor.property] = typed.PropertyDefinition(
            accessor.property,
            accessor.type,
            accessor.is_static,
            False,
            False,
            accessor.is_indexed,
        )
    known.is_readable |= accessor.is_getter
    known.is_writable |= not accessor.is_getter
