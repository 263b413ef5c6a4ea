"""The state of resolving one file, and what all look-ups of names share.

Comes in: names as written and the scope at that point. Goes out: modules, and what they hold.
Promises: a name is looked up as the F# specification (§14.1) orders it; what is private is told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from clef.data_classes import dataclass, field
from clef.diagnostics import Diagnostic
from clef.diagnostics.names import (
    PrivateName,
)
from clef.diagnostics.provision import NotProvided
from clef.names.dotnet_names import type_elsewhere
from clef.names.entities import (
    CaseEntity,
    CaseResolution,
    LocalBinder,
    ModuleEntity,
    Resolution,
    TypeEntity,
    TypeResolution,
)
from clef.names.environment import FSHARP_ALIAS, Environment
from clef.names.scope import Scope, is_accessible
from clef.source import Span
from clef.syntax import tree
from clef.syntax.node import Node


@dataclass(slots=True)
class Resolver:
    """Everything that resolving one file needs. `table` holds resolutions of nodes without a slot
    (binder names, field patterns).
    """

    path: str
    environment: Environment
    scope: Scope
    fragment: ModuleEntity
    table: dict[Node, Resolution] = field(default_factory=dict[tree.Node, Resolution])
    diagnostics: list[Diagnostic] = field(default_factory=list[Diagnostic])
    module_path: str = ""
    current: ModuleEntity | None = None
    next_binder: int = 0
    being_defined: list[str] = field(default_factory=list[str])  # for the `let rec` hint
    opened_elsewhere: list[str] = field(default_factory=list[str])  # of .NET, and not provided
    computation_depth: int = 0
    types_around: list[tree.TypeDefinition] = field(default_factory=list[tree.TypeDefinition])
    around: list[list[tree.Declaration]] = field(default_factory=list[list[tree.Declaration]])

    def binder(self, name: str, span: Span, is_mutable: bool = False) -> LocalBinder:
        """A new local variable."""
        self.next_binder += 1
        return LocalBinder(self.next_binder, name, span, is_mutable)

    def report(self, diagnostic: Diagnostic) -> None:
        self.diagnostics.append(diagnostic)


def check_access(resolver: Resolver, name: tree.Name, private_to: str) -> None:
    if not is_accessible(private_to, resolver.module_path):
        resolver.report(PrivateName(name.span, name.written, private_to))


def modules_named(resolver: Resolver, name: str) -> list[ModuleEntity]:
    """Modules and namespaces that an unqualified first name can mean, the nearest first."""
    found = list(resolver.scope.modules.get(name, ()))
    root = resolver.environment.root
    if name == "global":
        return [root]
    if name in root.modules:
        found.append(root.modules[name])
    if name == FSHARP_ALIAS[0] and FSHARP_ALIAS[1] in root.modules:
        alias = root.modules[FSHARP_ALIAS[1]].modules.get(name)
        if alias is not None:
            found.append(alias)
    return found


def search_modules(
    resolver: Resolver,
    modules: Iterable[ModuleEntity],
    parts: list[tree.Name],
    index: int,
    accept: Callable[[ModuleEntity, int], Resolution | None],
) -> Resolution | None:
    """Depth first through module paths; `accept` looks inside a module for the part at `index`."""
    for module in modules:
        found = accept(module, index)
        if found is not None:
            return found
        if index + 1 < len(parts):
            inner = module.modules.get(parts[index].text)
            if inner is not None:
                found = search_modules(resolver, [inner], parts, index + 1, accept)
                if found is not None:
                    check_access(resolver, parts[index], inner.private_to)
                    return found
    return None


def case_of_type(resolver: Resolver, types: dict[int, TypeEntity], name: str) -> CaseEntity | None:
    """The union case `name` of one of these types (abbreviations are followed)."""
    for entity in types.values():
        target: TypeEntity | None = entity
        for _ in range(20):
            if target is None or target.abbreviated is None:
                break
            target = resolver.environment.type_entity(target.abbreviated)
        for case in target.cases if target is not None else ():
            if case.name == name:
                return case
    return None


def type_or_case(
    resolver: Resolver,
    types: dict[int, TypeEntity],
    parts: list[tree.Name],
    used: int,
    shadowed: tuple[TypeEntity, ...] = (),
) -> Resolution:
    """`Type.Case`, or the type with members to follow."""
    if used < len(parts):
        case = case_of_type(resolver, types, parts[used].text)
        if case is not None:
            return CaseResolution(case, used + 1)
    for entity in types.values():
        check_access(resolver, parts[used - 1], entity.private_to)
        break
    return TypeResolution(types, used, shadowed)


def report_elsewhere(resolver: Resolver, name: tree.LongName, known: int = 0) -> bool:
    """Say so if .NET or FSharp.Core has what was not found here; the first `known` parts are."""
    found = _elsewhere(resolver, [part.text for part in name.parts], known)
    if found is not None:
        resolver.report(NotProvided(name.span, found))
    return found is not None


def report_private(resolver: Resolver, name: tree.Name) -> bool:
    """Say so if an open module of the program has this name for itself alone."""
    owner = resolver.scope.private_to(name.text, resolver.module_path)
    if owner is None or owner in resolver.environment.auto_opened:
        return False
    resolver.report(PrivateName(name.span, name.written, owner))
    return True


def is_type_elsewhere(resolver: Resolver, parts: list[str]) -> bool:
    """Whether .NET or FSharp.Core has a type of exactly this name where it would be found."""
    return _elsewhere(resolver, parts, len(parts) - 1) is not None


def _elsewhere(resolver: Resolver, parts: list[str], known: int) -> str | None:
    opened = [module.symbol for module in reversed(resolver.scope.opened)]
    return type_elsewhere(parts, known, [*resolver.opened_elsewhere, *opened])
