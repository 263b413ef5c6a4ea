"""Where a name that was looked for in vain is defined: further down, or in what is not open.

Comes in: the parts of the name and what is in scope. Goes out: a place or a path for the hint.
Promises: nothing is found that the program could not use.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from clef.diagnostics.spelling import closest
from clef.names.deferred import DeferredModule
from clef.names.dotnet_names import members_by_path
from clef.names.entities import ModuleEntity, TypeEntity, ValueEntity
from clef.names.scope import is_accessible
from clef.source import Span
from clef.syntax import tree
from clef.syntax.member_names import name_of_member

if TYPE_CHECKING:
    from clef.names.resolver import Resolver

_OWN_NAMESPACE = "Clef"
"""What Clef adds is not meant by a name of .NET."""


def defined_below(resolver: Resolver, name: tree.Name) -> Span | None:
    """Where a later declaration of the modules around defines this name."""
    for siblings in reversed(resolver.around):
        for declaration in siblings:
            if declaration.span.start > name.span.start:
                for defined in _names_of(declaration):
                    if defined.text == name.text:
                        return defined.span
    return None


def _names_of(declaration: tree.Declaration) -> Iterator[tree.Name]:
    match declaration:
        case tree.LetDeclaration():
            for binding in declaration.bindings:
                if isinstance(binding.head, tree.NameHead):
                    yield binding.head.name
        case tree.TypesDeclaration():
            for definition in declaration.types:
                yield definition.name.parts[-1]
                if isinstance(definition.representation, tree.UnionRepresentation):
                    yield from (case.name for case in definition.representation.cases)
        case tree.ExceptionDeclaration():
            yield declaration.case.name
        case tree.ModuleDeclaration():
            yield declaration.name.parts[-1]
        case _:
            pass


def member_of_type_around(resolver: Resolver, name: tree.Name) -> str | None:
    """How the member of this name is written inside of its type."""
    for definition in reversed(resolver.types_around):
        for member in definition.members:
            written = name_of_member(member)
            if written is not None and written.text == name.text:
                is_static = getattr(member, "is_static", False)
                owner = definition.name.parts[-1].written if is_static else _this_of(member)
                return f"{owner}.{name.written}"
    return None


def _this_of(member: tree.Member) -> str:
    head = member.binding.head if isinstance(member, tree.MethodMember) else None
    this = head.this if isinstance(head, tree.NameHead) else None
    return "this" if this is None or this.written.startswith("_") else this.written


def path_to_open(resolver: Resolver, parts: list[str]) -> str | None:
    """The namespace or module that gives the name a meaning when it is opened: one of .NET that has
    the second part as well goes before others, a short path before a long one.
    """
    opened = {module.symbol for module in resolver.scope.opened}
    found: list[tuple[bool, bool, int, str]] = []
    for module in _usable(resolver, resolver.environment.root):
        entity = _member(resolver, module, parts[0])
        if entity is None or module.symbol in opened:
            continue
        known = members_by_path().get(f"{module.symbol}.{parts[0]}")
        has_second = len(parts) > 1 and _has(entity, parts[1], known)
        if len(parts) == 1 or has_second or known is not None:
            depth = module.symbol.count(".")
            found.append((not has_second, known is None, depth, module.symbol))
    return min(found)[3] if found else None


def path_with_member(resolver: Resolver, owners: list[tree.Name], member: str) -> str | None:
    """The namespace that has a type of this name with this member."""
    if len(owners) != 1:
        return None
    owner = owners[0].text
    found = path_to_open(resolver, [owner, member])
    nothing: frozenset[str] = frozenset()
    known = members_by_path().get(f"{found}.{owner}", nothing)
    return found if member in known else None


def _usable(resolver: Resolver, module: ModuleEntity) -> Iterator[ModuleEntity]:
    """Namespaces, and modules of the program, that are named by their path."""
    for inner in module.modules.values():
        if isinstance(inner, DeferredModule) or inner.symbol == _OWN_NAMESPACE:
            continue
        if is_accessible(inner.private_to, resolver.module_path):
            if not inner.requires_qualified:
                yield inner
            yield from _usable(resolver, inner)


def _member(
    resolver: Resolver, module: ModuleEntity, name: str
) -> ModuleEntity | TypeEntity | ValueEntity | None:
    types = module.types.get(name, {})
    inner = module.modules.get(name)
    as_module = None if inner is None or inner.is_namespace else inner
    for one in (*types.values(), module.values.get(name), as_module):
        if one is not None and is_accessible(one.private_to, resolver.module_path):
            return one
    return None


def _has(
    entity: ModuleEntity | TypeEntity | ValueEntity, member: str, known: frozenset[str] | None
) -> bool:
    if known is not None and member in known:
        return True
    return isinstance(entity, ModuleEntity) and member in entity.values


def mended_path(root: ModuleEntity, parts: list[str]) -> str | None:
    """The path of a namespace or module that is spelt almost like this."""
    here, path = root, list[str]()
    for part in parts:
        found = part if part in here.modules else closest(part, here.modules)
        if found is None:
            return None
        path.append(found)
        here = here.modules[found]
    return ".".join(path)
