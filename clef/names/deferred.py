"""Modules whose contents are read when somebody looks into them.

Comes in: where the contents of a checked module lie. Goes out: a `ModuleEntity` like any other.
Promises: what a module is (its name, whether it opens by itself, who may use it) is known at once;
what it holds is unpickled at the first look.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable
from dataclasses import fields

from clef.names.entities import ModuleEntity

CONTENTS = ("modules", "types", "values", "cases", "fields")
_FIELDS = tuple(field.name for field in fields(ModuleEntity))
_KNOWN = tuple(name for name in _FIELDS if name not in CONTENTS)


class DeferredModule(ModuleEntity):
    """`data` are the bytes of the unit, `place` where this module's contents begin and end;
    `type_symbols` names all types inside.
    """

    __slots__ = ("data", "place", "type_symbols")

    data: memoryview | None
    place: tuple[int, int]
    type_symbols: tuple[str, ...]

    def __getattr__(self, name: str) -> object:
        """A slot that is empty: the contents are not here yet."""
        if name not in CONTENTS:
            raise AttributeError(name)
        assert self.data is not None
        start, end = self.place
        for one, table in zip(CONTENTS, pickle.loads(self.data[start:end]), strict=True):
            setattr(self, one, table)
        return getattr(self, name)

    def __reduce__(self) -> tuple[object, ...]:
        """Inside of its unit, what is known; else an ordinary module."""
        if self.data is not None:
            return ModuleEntity, tuple(getattr(self, name) for name in _FIELDS)
        known = {name: getattr(self, name) for name in _KNOWN}
        return _deferred, (known, self.place, self.type_symbols)


def _deferred(
    known: dict[str, object], place: tuple[int, int], symbols: tuple[str, ...]
) -> DeferredModule:
    module = object.__new__(DeferredModule)
    for name, value in known.items():
        setattr(module, name, value)
    module.data, module.place, module.type_symbols = None, place, symbols
    return module


def defer_contents(
    module: ModuleEntity, put: Callable[[bytes], tuple[int, int]], deferred: list[DeferredModule]
) -> ModuleEntity:
    """A copy in which the modules that nothing opens by itself are deferred; `put` stores bytes."""
    copy = ModuleEntity(*(getattr(module, name) for name in _FIELDS))
    copy.modules = {}
    for name, inner in module.modules.items():
        if inner.is_namespace or inner.auto_open:
            copy.modules[name] = defer_contents(inner, put, deferred)
        else:
            contents = tuple(getattr(inner, table) for table in CONTENTS)
            place = put(pickle.dumps(contents, protocol=5))
            known = {one: getattr(inner, one) for one in _KNOWN}
            made = _deferred(known, place, tuple(_type_symbols(inner)))
            deferred.append(made)
            copy.modules[name] = made
    return copy


def _type_symbols(module: ModuleEntity) -> list[str]:
    own = [entity.symbol for types in module.types.values() for entity in types.values()]
    return own + [symbol for inner in module.modules.values() for symbol in _type_symbols(inner)]
