"""Names inside type definitions: constructors, fields, members.

Comes in: a type definition whose entity is declared. Goes out: resolutions in its body. Promises:
`let` bindings and constructor
parameters of a class are local variables that all its members see.
"""

from __future__ import annotations

from clef.names.applications import resolve_arguments
from clef.names.attributes import resolve_attributes
from clef.names.bindings import resolve_binding_body, resolve_bindings
from clef.names.entities import TypeEntity
from clef.names.patterns import resolve_type, resolve_type_parameters
from clef.names.repetitions import check_type, demand_inferred
from clef.names.resolver import Resolver
from clef.names.type_lookup import look_up_type
from clef.names.walk import bind, bind_name, resolve_expression
from clef.syntax import tree


def resolve_type_definition(
    resolver: Resolver, node: tree.TypeDefinition, entity: TypeEntity | None
) -> None:
    """Everything inside one type definition; its members see its own cases and fields first, also
    those that have to be qualified elsewhere."""
    resolve_attributes(resolver, node.attributes)
    check_type(resolver, node)
    resolve_type_parameters(resolver, node.type_parameters)
    _representation(resolver, node.representation)
    mark = resolver.scope.enter()
    if entity is not None and node.members:
        resolver.scope.add_contents(entity)
    if node.constructor is not None:
        bind(resolver, node.constructor.pattern)
        if node.constructor.self_name is not None:
            bind_name(resolver, node.constructor.self_name)
    resolver.types_around.append(node)
    resolve_members(resolver, node.members)
    resolver.types_around.pop()
    resolver.scope.leave(mark)


def resolve_extended_type(resolver: Resolver, node: tree.TypeDefinition) -> None:
    """`type T with …`: which type is extended."""
    arity = len(node.type_parameters.parameters) if node.type_parameters is not None else 0
    node.resolution = look_up_type(resolver, node.name, arity)


def _representation(resolver: Resolver, node: tree.Representation) -> None:
    match node:
        case tree.AbbreviationRepresentation():
            resolve_type(resolver, node.type)
        case tree.RecordRepresentation():
            for entry in node.fields:
                resolve_attributes(resolver, entry.attributes)
                resolve_type(resolver, entry.type)
        case tree.UnionRepresentation():
            for case in node.cases:
                resolve_case(resolver, case)
        case tree.EnumRepresentation():
            for value in node.cases:
                resolve_attributes(resolver, value.attributes)
                resolve_expression(resolver, value.value)
        case tree.DelegateRepresentation():
            resolve_type(resolver, node.signature)
        case _:
            pass


def resolve_case(resolver: Resolver, case: tree.UnionCase) -> None:
    """The field types of a union case or exception."""
    resolve_attributes(resolver, case.attributes)
    for entry in case.fields:
        resolve_type(resolver, entry.type)
    resolve_type(resolver, case.signature)


def resolve_members(resolver: Resolver, members: list[tree.Member]) -> None:
    """First what runs at construction, in order; then the members, which see all of it."""
    later: list[tree.Member] = []
    for member in members:
        match member:
            case tree.LetMember():
                demand_inferred(resolver, member.bindings)
                resolve_bindings(resolver, member.bindings, member.is_recursive)
            case tree.DoMember():
                resolve_expression(resolver, member.expression)
            case tree.InheritMember():
                resolve_type(resolver, member.inherit.type)
                resolve_arguments(resolver, member.inherit.argument)
                if member.alias is not None:
                    bind_name(resolver, member.alias)
            case _:
                later.append(member)
    for member in later:
        _member(resolver, member)


def _member(resolver: Resolver, member: tree.Member) -> None:
    match member:
        case tree.MethodMember():
            resolve_binding_body(resolver, member.binding)
        case tree.PropertyMember():
            for accessor in (member.getter, member.setter):
                if accessor is not None:
                    resolve_binding_body(resolver, accessor)
        case tree.AutoPropertyMember():
            resolve_attributes(resolver, member.attributes)
            resolve_type(resolver, member.type)
            resolve_expression(resolver, member.value)
        case tree.AbstractMember() | tree.SignatureMember():
            resolve_type_parameters(resolver, member.signature.type_parameters)
            resolve_type(resolver, member.signature.type)
        case tree.ConstructorMember():
            _constructor(resolver, member)
        case tree.InterfaceMember():
            resolve_type(resolver, member.implementation.type)
            mark = resolver.scope.enter()
            resolve_members(resolver, member.implementation.members)
            resolver.scope.leave(mark)
        case tree.FieldMember():
            resolve_attributes(resolver, member.field.attributes)
            resolve_type(resolver, member.field.type)
        case _:
            pass


def _constructor(resolver: Resolver, member: tree.ConstructorMember) -> None:
    mark = resolver.scope.enter()
    bind(resolver, member.pattern)
    if member.self_name is not None:
        bind_name(resolver, member.self_name)
    resolve_expression(resolver, member.body)
    resolver.scope.leave(mark)
