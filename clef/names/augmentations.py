"""Members of `type T with …` that belong to the type itself.

Comes in: the resolved declarations of one module or namespace. Goes out: the same with constructors
and overrides moved to the definition of their type, where it stands in the same module. Promises:
what the members mean is not changed by the move: it is refused where they speak of values that are
defined after the type.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from clef.diagnostics.names.placement import ExtensionBesideType, ExtensionInNamespace
from clef.diagnostics.typing import NotSupportedYet
from clef.names.declare import is_extension, type_kind
from clef.names.entities import TypeResolution, ValueResolution
from clef.names.resolver import Resolver
from clef.source import Span, in_library
from clef.syntax import tree
from clef.syntax.traversal import walk


def join_augmentations(
    resolver: Resolver,
    declarations: Sequence[tree.Declaration],
    symbols: Mapping[tree.Node, str],
) -> None:
    """Move the members of all augmentations among these declarations."""
    own: dict[str, tree.TypeDefinition] = {}
    around = resolver.current
    is_namespace = around is not None and around.is_namespace and not in_library(resolver.path)
    for declaration in declarations:
        if not isinstance(declaration, tree.TypesDeclaration):
            continue
        for node in declaration.types:
            if not is_extension(node):
                own[symbols.get(node, "")] = node
                continue
            original = own.get(_extended(node))
            if original is not None:
                _demand_objects(resolver, original, node)
                _move(resolver, original, node)
            elif is_namespace:
                resolver.report(ExtensionInNamespace(node.name.span, node.name.parts[-1].text))


def _demand_objects(
    resolver: Resolver, original: tree.TypeDefinition, node: tree.TypeDefinition
) -> None:
    """Interfaces, delegates and enums have no members of their own, not even beside them."""
    kind = type_kind(original)
    if kind in ("interface", "delegate", "enum") and not in_library(resolver.path):
        resolver.report(ExtensionBesideType(node.name.span, node.name.parts[-1].text, kind))


def _extended(node: tree.TypeDefinition) -> str:
    if not isinstance(node.resolution, TypeResolution):
        return ""
    return next((entity.symbol for entity in node.resolution.candidates.values()), "")


def _move(resolver: Resolver, original: tree.TypeDefinition, node: tree.TypeDefinition) -> None:
    _implement(original, node)
    moved = [member for member in node.members if _belongs(member)]
    if not moved:
        return
    is_renamed = _parameter_names(original) != _parameter_names(node)
    for member in moved:
        if is_renamed or _speaks_of_later(member, original.span):
            what = "a constructor or an override outside the definition of its type"
            resolver.report(NotSupportedYet(member.span, what, "write it in the definition"))
    node.members = [member for member in node.members if not _belongs(member)]
    original.members += moved


def _implement(original: tree.TypeDefinition, node: tree.TypeDefinition) -> None:
    """`interface I with …` behind a definition that says `interface I` alone fills it in."""
    for member in [one for one in node.members if isinstance(one, tree.InterfaceMember)]:
        declared = _declared(original, member)
        if declared is not None:
            node.members.remove(member)
            original.members[original.members.index(declared)] = member


def _declared(
    original: tree.TypeDefinition, member: tree.InterfaceMember
) -> tree.InterfaceMember | None:
    interfaces = [one for one in original.members if isinstance(one, tree.InterfaceMember)]
    for one in interfaces:
        if one.implementation.members:
            continue
        if _same_type(one.implementation.type, member.implementation.type):
            return one
    return None


def _same_type(one: tree.TypeExpression, other: tree.TypeExpression) -> bool:
    """Whether two types are written alike, under whatever qualification."""
    if isinstance(one, tree.NamedType) and isinstance(other, tree.NamedType):
        return _named(one) == _named(other) and all(map(_same_type, one.arguments, other.arguments))
    if isinstance(one, tree.VariableType) and isinstance(other, tree.VariableType):
        return one.name.text == other.name.text
    return False


def _named(type: tree.NamedType) -> str:
    found = type.resolution
    if not isinstance(found, TypeResolution):
        return ""
    return next((entity.symbol for entity in found.candidates.values()), "")


def _belongs(member: tree.Member) -> bool:
    """Whether a member is no extension: it makes objects, or fills a slot."""
    if isinstance(member, tree.MethodMember | tree.PropertyMember):
        return member.dispatch is not tree.Dispatch.PLAIN
    return isinstance(member, tree.ConstructorMember)


def _parameter_names(node: tree.TypeDefinition) -> list[str]:
    written = node.type_parameters
    return [one.name.text for one in written.parameters] if written is not None else []


def _speaks_of_later(member: tree.Member, definition: Span) -> bool:
    """Whether a member mentions a value that is defined behind the type's definition."""
    for node in walk(member):
        resolution = getattr(node, "resolution", None)
        if isinstance(resolution, ValueResolution):
            span = resolution.entity.span
            if span.path == definition.path and span.start > definition.end:
                return True
    return False
