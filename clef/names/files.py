"""Files: which modules and namespaces a file is made of, and what it adds to the environment.

Comes in: a parsed file and the environment of the files before it. Goes out: a `ResolvedFile`.
Promises: a file sees earlier files only; what it adds is in its fragment as well, so that it can be
kept and added again.
"""

from __future__ import annotations

from pathlib import PurePath

from clef.data_classes import dataclass
from clef.diagnostics import Diagnostic
from clef.diagnostics.names import ValueInNamespace
from clef.names.declarations import FileState, resolve_declarations, resolve_module
from clef.names.declare import report_invalid_name
from clef.names.entities import (
    ActivePatternEntity,
    CaseEntity,
    ExceptionEntity,
    ModuleEntity,
    Opened,
    Resolution,
    TypeEntity,
    ValueEntity,
)
from clef.names.environment import Environment
from clef.names.resolver import Resolver
from clef.names.scope import Scope
from clef.syntax import tree
from clef.syntax.node import Node


@dataclass(slots=True)
class ResolvedFile:
    """A file with all names resolved.

    `table`: resolutions of nodes that have no slot: the Name of a binding head, loop variable,
    `this` or optional parameter, and
    FieldPatterns. `promoted`: variables of module-level pattern bindings (`let a, b = …`) are
    module values: by binder id.
    `fragment`: what this file adds to the environment, from the root. `module_symbol`: of the
    file's own module, when it is not
    made of namespaces. `modules`: the entity of each ModuleDeclaration. `types`: the symbol of each
    TypeDefinition and exception. `opened`: the modules that are open at each declaration.
    """

    path: str
    tree: tree.File
    module_symbol: str
    fragment: ModuleEntity
    table: dict[Node, Resolution]
    promoted: dict[int, ValueEntity]
    modules: dict[Node, ModuleEntity]
    types: dict[Node, str]
    opened: dict[Node, Opened]


def file_module_name(path: str) -> str:
    """The module that a file without a module declaration makes: its name with a capital."""
    stem = PurePath(path).name.split(".")[0] or "Program"
    cleaned = "".join(char if char.isalnum() or char == "_" else "_" for char in stem)
    return cleaned[:1].upper() + cleaned[1:]


def resolve(
    file: tree.File, environment: Environment, is_last: bool = False
) -> tuple[ResolvedFile, list[Diagnostic]]:
    """Resolve one file; its entities are added to the environment.

    Nothing can refer to the last file of a program: if it has no module declaration, its module
    gets a name that is free.
    """
    path = file.span.path
    fragment = ModuleEntity("", "", is_namespace=True)
    resolver = Resolver(path, environment, Scope(), fragment)
    state = FileState(resolver, {}, {}, {}, {})
    return resolve_file(state, file, is_last), resolver.diagnostics


def resolve_file(state: FileState, file: tree.File, is_last: bool) -> ResolvedFile:
    """What `resolve` does once there is a state."""
    resolver, environment = state.resolver, state.resolver.environment
    for symbol in environment.auto_opened:
        module = environment.find_module(symbol.split("."))
        if module is not None:
            resolver.scope.open(module, resolver.module_path)
    name = file_module_name(resolver.path)
    while is_last and environment.find_module([name]) is not None:
        name += "_"
    module_symbol = _file_body(state, file, name)
    return ResolvedFile(
        resolver.path,
        file,
        module_symbol,
        resolver.fragment,
        resolver.table,
        state.promoted,
        state.modules,
        state.types,
        state.opened,
    )


def _file_body(state: FileState, file: tree.File, implicit_name: str) -> str:
    declarations = file.declarations
    loose = [d for d in declarations if not isinstance(d, tree.NamespaceDeclaration)]
    top = next((d for d in loose if isinstance(d, tree.ModuleDeclaration) and d.is_top_level), None)
    if top is not None:
        names = top.name.parts
        _in_namespace(state, names[:-1], [top], is_recursive=False)
        return state.modules[top].symbol
    for declaration in declarations:
        if isinstance(declaration, tree.NamespaceDeclaration):
            parts = declaration.name.parts if declaration.name is not None else []
            _refuse_values(state, declaration)
            _in_namespace(state, parts, declaration.declarations, declaration.is_recursive)
    if len(loose) < len(declarations) or not loose:
        meaningful = [d for d in loose if not isinstance(d, tree.HashDirective)]
        if not meaningful:
            return ""
    span = file.span
    name = tree.Name(span, implicit_name, implicit_name)
    implicit = tree.ModuleDeclaration(
        span, [], None, None, tree.LongName(span, [name]), False, loose
    )
    _in_namespace(state, [], [implicit], is_recursive=False, implicit=True)
    return state.modules[implicit].symbol


def _refuse_values(state: FileState, namespace: tree.NamespaceDeclaration) -> None:
    """Namespaces hold types and modules (F# specification §12.1)."""
    for one in namespace.declarations:
        if isinstance(one, tree.LetDeclaration | tree.DoDeclaration) and not _does_nothing(one):
            state.resolver.report(ValueInNamespace(one.span))
            return


def _does_nothing(declaration: tree.LetDeclaration | tree.DoDeclaration) -> bool:
    """`do ()`, what attributes of the assembly stand on."""
    return (
        isinstance(declaration, tree.DoDeclaration)
        and not declaration.is_bare
        and isinstance(declaration.expression, tree.Constant)
        and declaration.expression.kind is tree.LiteralKind.UNIT
    )


def _in_namespace(
    state: FileState,
    parts: list[tree.Name],
    declarations: list[tree.Declaration],
    is_recursive: bool,
    implicit: bool = False,
) -> None:
    resolver = state.resolver
    path = [part.text for part in parts if part.text != "global"]
    for part in parts:
        report_invalid_name(resolver, part)
    shared = resolver.environment.namespace(path)
    own = _fragment_namespace(resolver.fragment, path)
    mark = resolver.scope.enter()
    resolver.module_path = ".".join(path)
    _open_global(resolver)
    if path:  # not what is around it: `namespace A.B` does not see the types of A
        resolver.scope.open(shared, resolver.module_path)
    before = _snapshot(shared)
    resolver.current = shared
    if implicit:
        _declare_implicit(state, declarations)
    else:
        resolve_declarations(state, declarations, is_recursive)
    _copy_new(before, shared, own)
    resolver.scope.leave(mark)
    resolver.module_path, resolver.current = "", None
    _open_again(resolver, ".".join(path))


def _open_global(resolver: Resolver) -> None:
    """What stands in `namespace global` is seen everywhere."""
    root = resolver.environment.root
    shows_modules = any(one.auto_open and not one.is_namespace for one in root.modules.values())
    if root.types or shows_modules:
        resolver.scope.open(root, "")


def _open_again(resolver: Resolver, path: str) -> None:
    """What a file adds to the namespaces that are open everywhere, the rest of the file sees."""
    for symbol in resolver.environment.auto_opened:
        if symbol == path or symbol.startswith(path + "."):
            module = resolver.environment.find_module(symbol.split("."))
            if module is not None:
                resolver.scope.open(module, resolver.module_path)


def _declare_implicit(state: FileState, declarations: list[tree.Declaration]) -> None:
    """The anonymous module of a file; a second one of the same name is reported."""
    for declaration in declarations:
        assert isinstance(declaration, tree.ModuleDeclaration)
        resolve_module(state, declaration, [])


def _fragment_namespace(root: ModuleEntity, path: list[str]) -> ModuleEntity:
    here = root
    for name in path:
        symbol = f"{here.symbol}.{name}" if here.symbol else name
        here = here.modules.setdefault(name, ModuleEntity(symbol, name, is_namespace=True))
    return here


@dataclass(slots=True)
class _Snapshot:
    """What a namespace held before a file added to it."""

    modules: dict[str, ModuleEntity]
    types: dict[str, dict[int, TypeEntity]]
    values: dict[str, ValueEntity]
    cases: dict[str, CaseEntity | ExceptionEntity | ActivePatternEntity]
    fields: dict[str, int]


def _snapshot(module: ModuleEntity) -> _Snapshot:
    types = {name: dict(group) for name, group in module.types.items()}
    fields = {name: len(group) for name, group in module.fields.items()}
    return _Snapshot(dict(module.modules), types, dict(module.values), dict(module.cases), fields)


def _copy_new(before: _Snapshot, shared: ModuleEntity, own: ModuleEntity) -> None:
    """Copy to the file's fragment what a namespace gained since the snapshot."""
    for name, module in shared.modules.items():
        if before.modules.get(name) is not module:
            own.modules[name] = module
    for name, group in shared.types.items():
        old = before.types.get(name, {})
        for arity, entity in group.items():
            if old.get(arity) is not entity:
                own.types.setdefault(name, {})[arity] = entity
    own.values.update({n: v for n, v in shared.values.items() if before.values.get(n) is not v})
    own.cases.update({n: c for n, c in shared.cases.items() if before.cases.get(n) is not c})
    for name, entries in shared.fields.items():
        known = before.fields.get(name, 0)
        if len(entries) > known:
            own.fields.setdefault(name, []).extend(entries[known:])
