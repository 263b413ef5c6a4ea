"""Exceptions that Clef code raised, as Python's.

Comes in: the name of a type of Clef. Goes out: a class of exceptions. Promises: each is a
`ClefException`, and one of Python's own classes where there is a counterpart.
"""

from __future__ import annotations


class ClefException(Exception):
    """An exception that ended a call. `type_name` is its type in Clef, `place` the line."""

    type_name = ""
    place = ""


_BUILTIN: dict[str, type[Exception]] = {
    "System.DivideByZeroException": ZeroDivisionError,
    "System.OverflowException": OverflowError,
    "System.IndexOutOfRangeException": IndexError,
    "System.Collections.Generic.KeyNotFoundException": KeyError,
    "System.ArgumentException": ValueError,
    "System.ArgumentNullException": ValueError,
    "System.ArgumentOutOfRangeException": ValueError,
    "System.FormatException": ValueError,
    "System.NotImplementedException": NotImplementedError,
    "System.InvalidOperationException": RuntimeError,
    "System.TimeoutException": TimeoutError,
    "System.OutOfMemoryException": MemoryError,
    "System.IO.FileNotFoundException": FileNotFoundError,
    "System.IO.IOException": OSError,
}
_classes: dict[str, type[ClefException]] = {}


def exception_class(type_name: str) -> type[ClefException]:
    """The class for a type of exception; it is also one of Python's own where there is one."""
    found = _classes.get(type_name)
    if found is None:
        name = type_name.rpartition(".")[2].rpartition("+")[2] or "ClefException"
        builtin = _BUILTIN.get(type_name)
        bases = (ClefException,) if builtin is None else (ClefException, builtin)
        found = type(name, bases, {"type_name": type_name, "__module__": "clef"})
        _classes[type_name] = found
    return found
