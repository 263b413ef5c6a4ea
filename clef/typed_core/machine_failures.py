"""The exceptions that machine operations raise by themselves: index out of range, division by zero,
overflow, null.

Comes in: the program so far. Goes out: requests for the library functions that make these
exceptions. Promises: only what some operation of the program can raise is asked for; emission finds
the functions under the symbols of `FAILURES`.
"""

from __future__ import annotations

from clef.typed_core import well_known
from clef.typed_core.specialiser import Specialiser
from clef.typed_core.well_known import DIVIDE_BY_ZERO, INDEX_OUT_OF_RANGE, OVERFLOW

FAILURES: dict[str, tuple[str, ...]] = {
    "array_get": (INDEX_OUT_OF_RANGE,),
    "array_set": (INDEX_OUT_OF_RANGE,),
    "array_address": (INDEX_OUT_OF_RANGE,),
    "array_zero": (OVERFLOW,),
    "div": (DIVIDE_BY_ZERO, OVERFLOW),
    "rem": (DIVIDE_BY_ZERO, OVERFLOW),
    "add_checked": (OVERFLOW,),
    "sub_checked": (OVERFLOW,),
    "mul_checked": (OVERFLOW,),
    "convert_checked": (OVERFLOW,),
    "check_null": (well_known.NULL_REFERENCE,),
}


def needed_failures(specialiser: Specialiser) -> list[str]:
    """The failures that the program's operations can raise."""
    found: dict[str, None] = {}
    for operation in sorted(specialiser.operations):
        found.update(dict.fromkeys(FAILURES.get(operation, ())))
    if specialiser.result.dispatchers:
        found[well_known.NULL_REFERENCE] = None
    return list(found)


def request_failures(specialiser: Specialiser) -> None:
    """Ask for their functions, and for what these need in turn."""
    requested: set[str] = set()
    while missing := [symbol for symbol in needed_failures(specialiser) if symbol not in requested]:
        requested.update(missing)
        for symbol in missing:
            instance = specialiser.instance(symbol, ())
            if instance is not None:
                specialiser.request(instance)
        specialiser.drain()
