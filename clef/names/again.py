"""Names in one declaration, after an edit inside it.

Comes in: a file that was resolved before, a `let` at module level in it with its new tree, and the
environment of the files before it. Goes out: what the names of that declaration mean.
Promises: it sees what it would see if the whole file were resolved, because the declarations before
it are declared again in their order, only without a look at what is inside them; nothing of the
earlier result is changed.
"""

from __future__ import annotations

from clef.data_classes import dataclass, field
from clef.diagnostics import Diagnostic
from clef.names.declarations import (
    FileState,
    collect_custom_operations,
    declare_module,
    resolve_declaration,
    resolve_declarations,
)
from clef.names.declare import is_extension, show_exception, show_type, show_value
from clef.names.entities import (
    ExceptionEntity,
    ModuleEntity,
    TypeEntity,
    ValueEntity,
    ValueResolution,
)
from clef.names.environment import Environment
from clef.names.files import ResolvedFile, resolve_file
from clef.names.resolver import Resolver
from clef.names.scope import Scope
from clef.syntax import tree


class Repetition:
    """Declares what stands before a declaration, as it is known from before."""

    def __init__(
        self, known: ResolvedFile, before: tree.LetDeclaration, after: tree.LetDeclaration
    ) -> None:
        self.known = known
        self.before = before
        self.after = after
        self.is_done = False
        self.index = _Index()
        self.index.add(known.fragment)

    def declaration(
        self, state: FileState, node: tree.Declaration, siblings: list[tree.Declaration]
    ) -> None:
        """Declare one declaration again, or resolve the one that is new."""
        if self.is_done:
            return
        state.resolver.scope.place = node.span.start
        match node:
            case tree.LetDeclaration() if node is self.before:
                self.is_done = True
                self.in_full(state, self.after, siblings)
            case tree.LetDeclaration():
                for entity in self.values(node):
                    show_value(state.resolver, entity)
            case tree.TypesDeclaration():
                self.types(state, node)
            case tree.ExceptionDeclaration():
                self.exception(state.resolver, node)
            case tree.ExternDeclaration():
                self.foreign(state.resolver, node)
            case tree.ModuleDeclaration():
                self.module(state, node, siblings)
            case tree.DoDeclaration():
                pass
            case _:  # `open` and its like cost little
                self.in_full(state, node, siblings)

    def in_full(
        self, state: FileState, node: tree.Declaration, siblings: list[tree.Declaration]
    ) -> None:
        state.repetition = None
        resolve_declaration(state, node, siblings)
        state.repetition = self

    def values(self, node: tree.LetDeclaration) -> list[ValueEntity]:
        """What a `let` defines."""
        found: list[ValueEntity] = []
        for binding in node.bindings:
            if isinstance(binding.head, tree.NameHead):
                resolution = self.known.table.get(binding.head.name)
                if isinstance(resolution, ValueResolution):
                    found.append(resolution.entity)
            else:
                span = binding.head.span
                found += [
                    entity
                    for entity in self.known.promoted.values()
                    if span.start <= entity.span.start and entity.span.end <= span.end
                ]
        return found

    def types(self, state: FileState, node: tree.TypesDeclaration) -> None:
        resolver = state.resolver
        for definition in node.types:
            if is_extension(definition):
                assert resolver.current is not None
                resolver.current.has_extensions = True
                collect_custom_operations(resolver, definition)
                continue
            show_type(resolver, self.index.types[self.known.types[definition]])
            collect_custom_operations(resolver, definition)

    def exception(self, resolver: Resolver, node: tree.ExceptionDeclaration) -> None:
        home = self.index.modules[resolver.module_path]
        name = node.case.name.text
        entity = home.named_case(name)
        if isinstance(entity, ExceptionEntity) and 0 in home.types.get(name, {}):
            show_exception(resolver, name, entity, home.types[name][0])

    def foreign(self, resolver: Resolver, node: tree.ExternDeclaration) -> None:
        resolution = self.known.table.get(node.name)
        if isinstance(resolution, ValueResolution):
            show_value(resolver, resolution.entity)

    def module(
        self, state: FileState, node: tree.ModuleDeclaration, siblings: list[tree.Declaration]
    ) -> None:
        """One that holds the new declaration is filled again; another is known as a whole."""
        if node.span.start <= self.before.span.start < node.span.end:
            contents = node.declarations
            declare_module(
                state, node, siblings, lambda: resolve_declarations(state, contents, False), False
            )
            return
        resolver = state.resolver
        entity = self.known.modules[node]
        assert resolver.current is not None
        resolver.current.modules[entity.name] = entity
        resolver.scope.add_module(entity.name, entity)
        if entity.auto_open:
            resolver.scope.open(entity, resolver.module_path)


@dataclass(slots=True)
class _Index:
    """The modules and types that a file declares, by symbol."""

    modules: dict[str, ModuleEntity] = field(default_factory=dict[str, ModuleEntity])
    types: dict[str, TypeEntity] = field(default_factory=dict[str, TypeEntity])

    def add(self, module: ModuleEntity) -> None:
        self.modules[module.symbol] = module
        for group in module.types.values():
            self.types.update({entity.symbol: entity for entity in group.values()})
        for inner in module.modules.values():
            self.add(inner)


def resolve_again(
    known: ResolvedFile,
    before: tree.LetDeclaration,
    after: tree.LetDeclaration,
    environment: Environment,
    is_last: bool,
    first_binder: int,
) -> tuple[ResolvedFile, list[Diagnostic]]:
    """Resolve the declaration `after`, which takes the place of `before`.

    Only what is said about `after` in the result counts. Local variables are numbered from
    `first_binder`. The environment is used up.
    """
    fragment = ModuleEntity("", "", is_namespace=True)
    resolver = Resolver(known.path, environment, Scope(), fragment)
    resolver.next_binder = first_binder
    state = FileState(resolver, {}, {}, {}, {})
    state.repetition = Repetition(known, before, after)
    return resolve_file(state, known.tree, is_last), resolver.diagnostics
