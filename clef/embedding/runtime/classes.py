"""Python's classes for Clef's records, unions and enumerations.

Comes in: the description's classes. Goes out: the classes. Promises: records and the cases of
unions are frozen dataclasses, which compare by value and can be matched; a case without fields has
a single value.
"""

from __future__ import annotations

import dataclasses
import enum
from collections.abc import Mapping, Sequence
from typing import Any


def make_classes(told: Mapping[str, Any], module: str) -> dict[str, Any]:
    """All classes by name."""
    made: dict[str, Any] = {}
    for name, one in told.items():
        if one["kind"] == "enum":
            made[name] = enum.IntEnum(name, one["values"], module=module)
        elif one["kind"] == "record":
            made[name] = _dataclass(name, one["fields"], module, ())
        else:
            made[name] = _union(name, one["cases"], module)
    return made


def _dataclass(name: str, fields: Sequence[str], module: str, bases: tuple[type, ...]) -> Any:
    listed = [(one, Any) for one in fields]
    space = {"__module__": module}
    return dataclasses.make_dataclass(
        name, listed, bases=bases, namespace=space, frozen=True, slots=True
    )


def _union(name: str, cases: Sequence[Any], module: str) -> Any:
    """A base class with a class for each case in it; a case without fields is its only value."""

    def refuse(self: object, *_: object) -> None:
        raise TypeError(f"{name} has cases; make one of them")

    space: dict[str, Any] = {"__module__": module, "__slots__": (), "__init__": refuse}
    base: Any = type(name, (), space)
    made: dict[str, Any] = {}
    base.__clef_cases__ = made
    for case, fields in cases:
        own = _dataclass(case, fields, module, (base,))
        own.__qualname__ = f"{name}.{case}"
        made[case] = own
        if fields:
            setattr(base, case, own)
        else:
            own.__repr__ = _shown_as(f"{name}.{case}")
            own.__reduce__ = _found_as(base, case)
            own.__clef_value__ = own()
            setattr(base, case, own.__clef_value__)
    return base


def _shown_as(text: str) -> Any:
    def show(_: object) -> str:
        return text

    return show


def _found_as(owner: object, name: str) -> Any:
    """Copies and pickles of the only value of a case are that value."""

    def reduce(_: object) -> tuple[Any, tuple[object, str]]:
        return getattr, (owner, name)

    return reduce
