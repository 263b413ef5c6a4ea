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

    def open(self, module: ModuleEntity) -> None:
        """Make the contents of a module visible, and of its `AutoOpen` modules."""
        self.opened.append(module)
        self.opened_at.append(self.place)
        for inner in module.modules.values():
            self.add_module(inner.name, inner)
        for by_arity in module.types.values():
            for entity in by_arity.values():
                self.add_type(entity)
        for name, value in module.values.items():
            if module.shadows_nothing and name in self.items:
                continue
            self.add_item(name, value)
            if value.is_literal:
                self.add_pattern(name, value)
            else:
                self.hide_pattern(name)
        for name, case in module.cases.items():
            self.add_pattern(name, case)
            if not isinstance(case, ActivePatternEntity):
                self.add_item(name, case)
        self.add_fields(module.fields)
        for inner in module.modules.values():
            if inner.auto_open and not inner.is_namespace:
                self.open(inner)
