"""What a signature file says besides types: mutability, literals, kinds, bases, interfaces,
constructors, setters, numbers of enums.

Comes in: the tree of a declaration in a `.fsi` file, and what its implementation defines. Goes
out: in words, how the definition differs, or None. Promises: only what the signature states is
compared.
"""

from __future__ import annotations

from collections.abc import Iterator

from clef.inference.attributes import has_attribute
from clef.inference.signatures import MemberSignature, TypeSignature, ValueSignature
from clef.inference.well_known import OBJECT
from clef.syntax import tree


def value_difference(declared: tree.ValueSignature, defined: ValueSignature) -> str | None:
    """How a value is defined, where that is not as its signature says."""
    if defined.access == "private":
        return "a private value"
    if declared.is_mutable != defined.is_mutable:
        return "a mutable value" if defined.is_mutable else "a value that is not mutable"
    if declared.is_inline and not defined.is_inline:
        return "a function that is not inline"
    if has_attribute(declared.attributes, "Literal") != defined.is_literal:
        return "a literal" if defined.is_literal else "a value that is no literal"
    known = _constant(declared.value)
    is_alike = known is not None and type(known) is type(defined.literal)
    if is_alike and known != defined.literal:
        return "another constant"
    return None


def type_difference(definition: tree.TypeDefinition, defined: TypeSignature) -> str | None:
    """The same for a type."""
    return next(_differences(definition, defined), None)


def exception_difference(declared: tree.ExceptionDeclaration, kind: str, count: int) -> str | None:
    """The same for an exception, which has `count` fields."""
    if kind != "exception":
        return "a type that is no exception"
    return None if count == len(declared.case.fields) else "other fields"


def _differences(definition: tree.TypeDefinition, defined: TypeSignature) -> Iterator[str]:
    match definition.representation:
        case tree.RecordRepresentation(fields=fields):
            yield from _struct(definition, defined)
            for one in fields:
                known = defined.fields.get(one.name.text) if one.name is not None else None
                if known is not None and known.is_mutable != one.is_mutable:
                    yield f"another mutability of `{known.name}`"
        case tree.UnionRepresentation(cases=cases):
            yield from _struct(definition, defined)
            for case in cases:
                yield from _case_names(case, defined)
        case tree.EnumRepresentation(cases=cases):
            numbers = {one.name.text: _constant(one.value) for one in cases}
            if defined.kind != "enum" or list(numbers) != list(defined.enum_values):
                yield "other names"
            for name, number in numbers.items():
                if isinstance(number, int) and defined.enum_values.get(name, number) != number:
                    yield f"another number of `{name}`"
        case tree.OpaqueRepresentation() if defined.kind == "abbreviation":
            yield "an abbreviation, which cannot be hidden"
        case _:
            pass
    if defined.kind == "interface":
        yield from _interface(definition, defined)
    for member in definition.members:
        yield from _member(member, defined)


def _struct(definition: tree.TypeDefinition, defined: TypeSignature) -> Iterator[str]:
    if has_attribute(definition.attributes, "Struct") != defined.is_struct:
        yield "a struct" if defined.is_struct else "a type that is no struct"


def _case_names(case: tree.UnionCase, defined: TypeSignature) -> Iterator[str]:
    known = defined.cases.get(case.name.text)
    for one, field in zip(case.fields, known.fields if known is not None else (), strict=False):
        if one.name is not None and one.name.text != field.name:
            yield f"`{field.name}` as a field of `{case.name.written}`"


def _interface(definition: tree.TypeDefinition, defined: TypeSignature) -> Iterator[str]:
    named = {
        one.signature.name.text
        for one in definition.members
        if isinstance(one, tree.AbstractMember | tree.SignatureMember)
    }
    for group in defined.members.values():
        for member in group:
            if member.is_abstract and not {member.name, member.property} & named:
                yield f"the member `{member.property or member.name}` as well"


def _member(member: tree.Member, defined: TypeSignature) -> Iterator[str]:
    match member:
        case tree.InterfaceMember() if not defined.interfaces:
            yield "no interfaces"
        case tree.InheritMember() if defined.kind == "class" and defined.base in (None, OBJECT):
            yield "no base"
        case tree.AbstractMember(signature=signature):
            found = _group(defined, signature.name.text)
            if not any(one.is_abstract or one.is_slot for one in found):
                yield f"no abstract `{signature.name.written}`"
        case tree.SignatureMember(signature=signature) if signature.has_setter:
            found = _group(defined, signature.name.text)
            if found and not any(one.kind == "setter" for one in found) and _is_property(found):
                yield f"no setter of `{signature.name.written}`"
        case tree.SignatureMember(signature=signature) if signature.name.text in ("new", ".ctor"):
            count = _parameter_count(signature.type)
            made = defined.members.get(".ctor", [])
            if made and count not in [sum(map(len, one.groups)) for one in made]:
                yield "other constructors"
        case _:
            pass


def _group(defined: TypeSignature, name: str) -> list[MemberSignature]:
    return [
        one
        for group in defined.members.values()
        for one in group
        if name in (one.name, one.property)
    ]


def _is_property(found: list[MemberSignature]) -> bool:
    return any(one.kind == "getter" for one in found)


def _parameter_count(type: tree.TypeExpression) -> int:
    if not isinstance(type, tree.FunctionType):
        return 0
    taken = type.parameter
    if isinstance(taken, tree.TupleType):
        return len(taken.elements)
    is_unit = isinstance(taken, tree.NamedType) and taken.name.text == "unit"
    return 0 if is_unit else 1


def _constant(value: tree.Expression | None) -> object | None:
    return value.value if isinstance(value, tree.Constant) else None
