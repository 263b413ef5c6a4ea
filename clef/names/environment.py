"""The environment of a compilation: all entities by path, shared by the files in their order.

Comes in: the entities that each resolved file made. Goes out: look-ups by path and by symbol.
Promises: a later file sees
the merged namespaces of all earlier files; nothing here knows scopes.
"""

from __future__ import annotations

from clef.data_classes import dataclass, field
from clef.names.deferred import DeferredModule
from clef.names.entities import ModuleEntity, TypeEntity

FSHARP_ALIAS = ("FSharp", "Microsoft")
"""`FSharp.Core` is another way to write `Microsoft.FSharp.Core`."""


def _new_root() -> ModuleEntity:
    return ModuleEntity("", "", is_namespace=True)


@dataclass(slots=True)
class Environment:
    """Everything that has been declared so far. `auto_opened`: modules that every file opens, in
    order (the library's).
    """

    root: ModuleEntity = field(default_factory=_new_root)
    types_by_symbol: dict[str, TypeEntity] = field(default_factory=dict[str, TypeEntity])
    # Types inside modules that have not been looked into.
    deferred_types: dict[str, DeferredModule] = field(default_factory=dict[str, DeferredModule])
    auto_opened: list[str] = field(default_factory=list[str])
    custom_operations: set[str] = field(default_factory=set[str])

    def namespace(self, path: list[str]) -> ModuleEntity:
        """The namespace at `path`, made when it is not there."""
        here = self.root
        for name in path:
            symbol = f"{here.symbol}.{name}" if here.symbol else name
            here = here.modules.setdefault(name, ModuleEntity(symbol, name, is_namespace=True))
        return here

    def find_module(self, path: list[str]) -> ModuleEntity | None:
        """The module or namespace with this full path."""
        if path and path[0] == "global":
            path = path[1:]
        if path and path[0] == FSHARP_ALIAS[0] and FSHARP_ALIAS[1] in self.root.modules:
            found = _descend(self.root, [FSHARP_ALIAS[1], *path])
            if found is not None:
                return found
        return _descend(self.root, path)

    def type_entity(self, symbol: str) -> TypeEntity | None:
        """The type with this symbol."""
        found = self.types_by_symbol.get(symbol)
        if found is None and symbol in self.deferred_types:
            self._index(self.deferred_types[symbol])
            found = self.types_by_symbol.get(symbol)
        return found

    def add_file(self, fragment: ModuleEntity) -> None:
        """Merge the entities of one resolved file (from a cache) into the whole."""
        merge_modules(self.root, fragment)
        self._index(fragment)

    def _index(self, module: ModuleEntity) -> None:
        for by_arity in module.types.values():
            for entity in by_arity.values():
                self.types_by_symbol[entity.symbol] = entity
        for inner in module.modules.values():
            if isinstance(inner, DeferredModule):
                self.deferred_types.update(dict.fromkeys(inner.type_symbols, inner))
            else:
                self._index(inner)


def _descend(module: ModuleEntity, path: list[str]) -> ModuleEntity | None:
    here: ModuleEntity | None = module
    for name in path:
        if here is None:
            return None
        here = here.modules.get(name)
    return here


def merge_modules(target: ModuleEntity, source: ModuleEntity) -> None:
    """Add what `source` declares to `target`; namespaces merge, other names of a later file win."""
    for name, module in source.modules.items():
        mine = target.modules.get(name)
        if mine is None:
            mine = target.modules[name] = copy_shell(module) if module.is_namespace else module
        elif not module.is_namespace and mine is not module:
            for inner_name, inner in mine.modules.items():
                module.modules.setdefault(inner_name, inner)
            mine = target.modules[name] = module
        if module.is_namespace:
            merge_modules(mine, module)
    for name, by_arity in source.types.items():
        target.types.setdefault(name, {}).update(by_arity)
    target.values.update(source.values)
    target.cases.update(source.cases)
    for name, fields in source.fields.items():
        target.fields.setdefault(name, []).extend(fields)
    target.has_extensions = target.has_extensions or source.has_extensions


def copy_shell(module: ModuleEntity) -> ModuleEntity:
    """A namespace with the same name and nothing in it."""
    return ModuleEntity(module.symbol, module.name, is_namespace=True)
