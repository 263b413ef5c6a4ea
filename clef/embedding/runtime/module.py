"""A Python module with the contents of a Clef module.

Comes in: an empty module, a description, the path of the library. Goes out: the module, filled.
Promises: functions, classes and inner modules are ordinary attributes; values are asked for when
they are used.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Mapping
from typing import Any

from .classes import make_classes
from .exceptions import ClefException
from .functions import Functions, Library
from .packing import Packing
from .results import chosen_kind

FORMAT = 1


class ClefModule(types.ModuleType):
    """A module some of whose attributes are values of Clef code."""

    _clef_values: dict[str, Callable[[], Any]]

    def __getattr__(self, name: str) -> Any:
        value = self.__dict__.get("_clef_values", {}).get(name)
        if value is None:
            raise AttributeError(
                f"module {self.__name__!r} has no attribute {name!r}", name=name, obj=self
            )
        return value()

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *self.__dict__.get("_clef_values", {})})


def fill_module(
    module: types.ModuleType, description: Mapping[str, Any], path: str, arrays: str = ""
) -> None:
    """Fill a module with the contents of a library."""
    if description["format"] != FORMAT:
        raise ImportError(f"{path} was made for another version of Clef's Python side")
    if not isinstance(module, ClefModule):
        module.__class__ = ClefModule
    library = Library(path, description)
    classes = make_classes(description["classes"], module.__name__)
    packing = Packing(description, classes)
    functions = Functions(library, packing, classes, chosen_kind(arrays))
    root = description["root"]
    module.__dict__["_clef_values"] = {}
    module.__dict__["__clef__"] = library
    for name, one in classes.items():
        setattr(module, name, one)
    for told in description["functions"]:
        owner = _owner(module, root, told["symbol"])
        setattr(owner, told["name"], functions.make(told, owner.__name__))
    for told in description["values"]:
        owner = _owner(module, root, told["symbol"])
        owner.__dict__["_clef_values"][told["name"]] = functions.make(told, owner.__name__)
    module.__dict__.setdefault("ClefException", ClefException)


def _owner(module: types.ModuleType, root: str, symbol: str) -> types.ModuleType:
    """The module in which a name stands; inner ones are made when they are first needed."""
    path = symbol.rpartition(".")[0]
    if path == root:
        return module
    inside = path.removeprefix(f"{root}.") if root and path.startswith(f"{root}.") else path
    here = module
    for part in inside.split("."):
        inner = here.__dict__.get(part)
        if not isinstance(inner, types.ModuleType):
            inner = ClefModule(f"{here.__name__}.{part}")
            inner.__dict__["_clef_values"] = {}
            setattr(here, part, inner)
        here = inner
    return here
