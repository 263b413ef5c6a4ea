"""Scopes as tables with an undo log: look-ups cost one dictionary access however deep the nesting.

Comes in: names becoming visible. Goes out: what a name means here. Promises: `leave(enter())`
restores every table exactly.
"""

from __future__ import annotations

from typing import Any

from clef.data_classes import dataclass, field
from clef.names.entities import (
    ActivePatternEntity,
    CaseEntity,
    ExceptionEntity,
    FieldEntity,
    LocalBinder,
    ModuleEntity,
    TypeEntity,
    ValueEntity,
)

Item = LocalBinder | ValueEntity | CaseEntity | ExceptionEntity | ActivePatternEntity
PatternItem = CaseEntity | ExceptionEntity | ActivePatternEntity | ValueEntity

_MISSING: Any = object()

Mark = tuple[int, int, int]


@dataclass(slots=True)
class Scope:
    """What unqualified names mean at one point of a file. Lists hold the latest first."""

    items: dict[str, Item] = field(default_factory=dict[str, Item])
    patterns: dict[str, PatternItem] = field(default_factory=dict[str, PatternItem])
    types: dict[str, dict[int, TypeEntity]] = field(
        default_factory=dict[str, dict[int, TypeEntity]]
    )
    shadowed: dict[str, tuple[TypeEntity, ...]] = field(
        default_factory=dict[str, tuple[TypeEntity, ...]]
    )  # types of the same name and arity that were visible before
    modules: dict[str, list[ModuleEntity]] = field(default_factory=dict[str, list[ModuleEntity]])
    fields: dict[str, list[FieldEntity]] = field(default_factory=dict[str, list[FieldEntity]])
    opened: list[ModuleEntity] = field(default_factory=list[ModuleEntity])
    opened_at: list[int] = field(default_factory=list[int])  # where each of these was opened
    place: int = -1  # where the declaration starts that is being resolved
    opened_types: list[TypeEntity] = field(default_factory=list[TypeEntity])
    log: list[tuple[dict[str, Any], str, Any]] = field(
        default_factory=list[tuple[dict[str, Any], str, Any]]
    )

    def enter(self) -> Mark:
        """A mark to `leave` to."""
        return len(self.log), len(self.opened), len(self.opened_types)

    def leave(self, mark: Mark) -> None:
        """Undo everything since the mark."""
        log = self.log
        while len(log) > mark[0]:
            table, name, previous = log.pop()
            if previous is _MISSING:
                del table[name]
            else:
                table[name] = previous
        del self.opened[mark[1] :]
        del self.opened_at[mark[1] :]
        del self.opened_types[mark[2] :]

    def _put(self, table: dict[str, Any], name: str, value: Any) -> None:
        self.log.append((table, name, table.get(name, _MISSING)))
        table[name] = value

    def add_item(self, name: str, item: Item) -> None:
        """A value, local or constructor becomes visible in expressions."""
        self._put(self.items, name, item)

    def add_pattern(self, name: str, item: PatternItem) -> None:
        """A case, active pattern or literal becomes visible in patterns."""
        self._put(self.patterns, name, item)

    def hide_pattern(self, name: str) -> None:
        """A new value of this name hides a literal of the same name."""
        if isinstance(self.patterns.get(name), ValueEntity):
            self.log.append((self.patterns, name, self.patterns[name]))
            del self.patterns[name]
            # leave() writes the previous value back whether or not the key is present

    def add_type(self, entity: TypeEntity) -> None:
        """A type becomes visible, beside those of the same name and other arity."""
        by_arity: dict[int, TypeEntity] = dict(self.types.get(entity.name, {}))
        earlier = by_arity.get(entity.arity)
        if earlier is not None and earlier.symbol != entity.symbol:
            others = self.shadowed.get(entity.name, ())
            self._put(self.shadowed, entity.name, (earlier, *others))
        by_arity[entity.arity] = entity
        self._put(self.types, entity.name, by_arity)
        if entity.kind in ("class", "struct") and entity.name in self.items:
            self.log.append((self.items, entity.name, self.items[entity.name]))
            del self.items[entity.name]  # the name means the constructor from here on

    def add_module(self, name: str, module: ModuleEntity) -> None:
        """A module becomes visible, in front of others of the same name."""
        self._put(self.modules, name, [module, *self.modules.get(name, ())])

    def add_fields(self, fields: dict[str, list[FieldEntity]]) -> None:
        """Record fields become visible; the latest record comes first."""
        for name, entries in fields.items():
            self._put(self.fields, name, [*reversed(entries), *self.fields.get(name, ())])

    def add_contents(self, entity: TypeEntity) -> None:
        """The cases and fields of a type become visible."""
        for case in entity.cases:
            self.add_item(case.name, case)
            self.add_pattern(case.name, case)
        for entry in entity.fields:
            others = [each for each in self.fields.get(entry.name, ()) if each is not entry]
            self._put(self.fields, entry.name, [entry, *others])

    def open(self, module: ModuleEntity, here: str) -> None:
        """Make what a module shows to `here` visible, and what its `AutoOpen` modules show."""
        self.opened.append(module)
        self.opened_at.append(self.place)
        hidden = _hidden_symbols(module, here)
        inner_modules = [
            inner for inner in module.modules.values() if is_accessible(inner.private_to, here)
        ]
        for inner in inner_modules:
            self.add_module(inner.name, inner)
        for by_arity in module.types.values():
            for entity in by_arity.values():
                if entity.symbol not in hidden:
                    self.add_type(entity)
                    if entity.auto_open:
                        self.opened_types.append(entity)
        self._open_values(module, hidden)
        for name, case in module.cases.items():
            if not hidden or _owner(case) not in hidden:
                self.add_pattern(name, case)
            constructor = module.named_case(name)
            if constructor is None or isinstance(constructor, ActivePatternEntity):
                continue
            if not hidden or _owner(constructor) not in hidden:
                self.add_item(name, constructor)
        self.add_fields(_shown_fields(module, hidden))
        for inner in inner_modules:
            if inner.auto_open and not inner.is_namespace:
                self.open(inner, here)

    def _open_values(self, module: ModuleEntity, hidden: set[str]) -> None:
        for name, value in module.values.items():
            if value.symbol in hidden or (module.shadows_nothing and name in self.items):
                continue
            self.add_item(name, value)
            if value.is_literal:
                self.add_pattern(name, value)
            else:
                self.hide_pattern(name)

    def private_to(self, name: str, here: str) -> str | None:
        """The module that keeps to itself what an open module defines under this name."""
        for module in reversed(self.opened):
            owners = [each.private_to for each in module.types.get(name, {}).values()]
            if name in module.values:
                owners.append(module.values[name].private_to)
            for owner in owners:
                if not is_accessible(owner, here):
                    return owner
        return None


def is_accessible(private_to: str, here: str) -> bool:
    """Whether something private to a module may be used in the module `here`."""
    return not private_to or here == private_to or here.startswith(private_to + ".")


def _hidden_symbols(module: ModuleEntity, here: str) -> set[str]:
    """The types and values of a module that may not be used in the module `here`."""
    hidden = {
        value.symbol
        for value in module.values.values()
        if value.private_to and not is_accessible(value.private_to, here)
    }
    for by_arity in module.types.values():
        for entity in by_arity.values():
            if entity.private_to and not is_accessible(entity.private_to, here):
                hidden.add(entity.symbol)
    return hidden


def _owner(case: CaseEntity | ExceptionEntity | ActivePatternEntity) -> str | None:
    """The symbol whose access decides who may use a case: a type's, or a recogniser's."""
    if isinstance(case, CaseEntity):
        return case.type_symbol
    return case.value if isinstance(case, ActivePatternEntity) else case.symbol


def _shown_fields(module: ModuleEntity, hidden: set[str]) -> dict[str, list[FieldEntity]]:
    if not hidden:
        return module.fields
    return {
        name: [entry for entry in entries if entry.type_symbol not in hidden]
        for name, entries in module.fields.items()
    }
