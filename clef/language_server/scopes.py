"""Which names a place in a file can use.

Comes in: an analysed file and an offset. Goes out: `Visible` names, the nearest first. Promises:
locals come from the bindings around the place, values, types, cases and modules from the modules
that are open there; a name that hides another is listed once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from clef.data_classes import dataclass
from clef.language_server.file_analysis import FileAnalysis
from clef.names.entities import ModuleEntity
from clef.syntax import tree
from clef.syntax.traversal import children, walk


@dataclass(frozen=True, slots=True)
class Visible:
    """A name that can be written; `rank` orders: 0 locals, 1 this file, 2 opened, 3 always open."""

    name: str
    kind: str
    key: str
    rank: int


def path_to(root: tree.Node, offset: int) -> list[tree.Node]:
    """The nodes around an offset, the outermost first."""
    path = [root]
    while True:
        around = [n for n in children(path[-1]) if n.span.start <= offset <= n.span.end]
        if not around:
            return path
        path.append(min(around, key=lambda n: (n.span.end - n.span.start, -n.span.start)))


def locals_at(file: FileAnalysis, offset: int) -> Iterator[Visible]:
    """Variables and parameters, the innermost first."""
    defined = {o.span.start: o for o in file.occurrences if o.is_definition and o.kind == "local"}
    around = path_to(file.tree, offset)
    for node, inner in zip(reversed(around), [None, *reversed(around)], strict=False):
        for name in _bound_by(node, inner, offset):
            occurrence = defined.get(name)
            if occurrence is not None and occurrence.name != "_":
                yield Visible(occurrence.name, "local", occurrence.key, 0)


def _bound_by(node: tree.Node, inner: tree.Node | None, offset: int) -> list[int]:
    """Where the names stand that a node binds for its part `inner`."""
    match node:
        case tree.Lambda(patterns=patterns):
            return _names(patterns)
        case tree.Clause(pattern=pattern) | tree.ForIn(pattern=pattern) if inner is not pattern:
            return _names([pattern])
        case tree.ForTo(name=name):
            return [name.span.start]
        case tree.Let(bindings=bindings) | tree.LetMember(bindings=bindings):
            return [s for b in bindings if b is not inner for s in _head_names(b)]
        case tree.LetBang(bindings=bindings):
            return _names(b.pattern for b in bindings if b is not inner)
        case tree.Binding(head=tree.NameHead() as head):
            this = [head.this.span.start] if head.this is not None else []
            return [*this, *_names(head.arguments)]
        case tree.TypeDefinition(constructor=constructor, members=members):
            own = [s for m in members if isinstance(m, tree.LetMember) for s in _member_names(m)]
            if constructor is None:
                return own
            selves = [constructor.self_name.span.start] if constructor.self_name else []
            return [*own, *selves, *_names([constructor.pattern])]
        case tree.Sequential() | tree.Match() | tree.If():
            return []
        case _:
            return []


def _member_names(member: tree.LetMember) -> list[int]:
    return [start for binding in member.bindings for start in _head_names(binding)]


def _head_names(binding: tree.Binding) -> list[int]:
    head = binding.head
    if isinstance(head, tree.NameHead):
        return [head.name.span.start]
    return _names([head.pattern])


def _names(patterns: Iterable[tree.Node]) -> list[int]:
    return [
        node.name.span.start
        for pattern in patterns
        for node in walk(pattern)
        if isinstance(node, tree.NamedPattern | tree.OptionalPattern)
    ]


def globals_at(file: FileAnalysis, offset: int) -> Iterator[Visible]:
    """What modules offer: this file's own, the opened ones, those that are always open."""
    seen: set[str] = set()
    for module, rank in _modules_at(file, offset):
        for visible in contents(module, rank):
            if rank == 1 and not _is_before(file, visible.key, offset):
                continue
            if visible.name not in seen:
                seen.add(visible.name)
                yield visible
    for name in file.environment.root.modules:
        if name not in seen:
            yield Visible(name, "module", name, 3)


def _is_before(file: FileAnalysis, key: str, offset: int) -> bool:
    """Whether a name of this file is declared before an offset."""
    declared = [o.span.start for o in file.meaning(key) if o.is_definition]
    return not declared or min(declared) < offset


def _modules_at(file: FileAnalysis, offset: int) -> Iterator[tuple[ModuleEntity, int]]:
    if file.examined is None:
        return
    resolved = file.examined.resolved
    own = file.environment.find_module(resolved.module_symbol.split("."))
    around = [node for node in path_to(file.tree, offset) if node in resolved.modules]
    for node in reversed(around):
        found = file.environment.find_module(resolved.modules[node].symbol.split("."))
        if found is not None:
            yield found, 1
    if own is not None:
        yield own, 1
    declarations = [n for n in resolved.opened if n.span.start <= offset]
    nearest = max(declarations, key=lambda n: n.span.start, default=None)
    opened = resolved.opened[nearest] if nearest is not None else dict[str, tuple[int, int]]()
    always = file.environment.auto_opened
    for symbol in sorted(opened):
        if symbol not in always:
            yield from _opened(file.environment.find_module(symbol.split(".")), 2)
    for symbol in reversed(always):
        yield from _opened(file.environment.find_module(symbol.split(".")), 3)


def _opened(module: ModuleEntity | None, rank: int) -> Iterator[tuple[ModuleEntity, int]]:
    """A module and those in it that open by themselves."""
    if module is None:
        return
    for inner in module.modules.values():
        if inner.auto_open:
            yield from _opened(inner, rank)
    yield module, rank


def contents(module: ModuleEntity, rank: int) -> Iterator[Visible]:
    """What stands behind the dot of a module."""
    for name, value in module.values.items():
        if value.access == "public" or rank <= 1:
            yield Visible(name, "value", value.symbol, rank)
    for name, case in module.cases.items():
        symbol = getattr(case, "symbol", None)
        kind = "case" if symbol is not None else "activePattern"
        yield Visible(name, kind, symbol or f"{getattr(case, 'value', '')}|{name}", rank)
    for name, by_arity in module.types.items():
        for entity in by_arity.values():
            if entity.access == "public" or rank <= 1:
                yield Visible(name, "type", entity.symbol, rank)
                break
    for name, inner in module.modules.items():
        if inner.access == "public" or rank <= 1:
            yield Visible(name, "module", inner.symbol, rank)


def module_named(file: FileAnalysis, names: list[str], offset: int) -> ModuleEntity | None:
    """The module or namespace that a dotted path means at an offset."""
    found = file.environment.find_module(names)
    if found is not None:
        return found
    for module, _ in _modules_at(file, offset):
        here: ModuleEntity | None = module
        for name in names:
            here = here.modules.get(name) if here is not None else None
        if here is not None:
            return here
    return None


def type_named(file: FileAnalysis, names: list[str], offset: int) -> str | None:
    """The symbol of the type that a dotted path means at an offset."""
    *path, last = names
    if path:
        module = module_named(file, path, offset)
        candidates = [(module, 0)] if module is not None else []
    else:
        candidates = list(_modules_at(file, offset))
    for module, _ in candidates:
        by_arity = module.types.get(last)
        if by_arity:
            return next(iter(by_arity.values())).symbol
    return None
