"""Functions of the library that only compute, which nobody can see from their code.

Comes in: a function and what its code seems to do. Goes out: what it does. Promises: the functions
named here build texts in memory of their own and remember where they looked last; nothing of that
can be seen by who calls them.
"""

from __future__ import annotations

from clef.typed_core.core import Function
from clef.typed_core.fusion.flags import Effects

_RUNTIME = "Clef.Runtime."
_CORE = "Microsoft.FSharp.Core."


def _of(module: str, names: str) -> frozenset[str]:
    return frozenset(f"{module}.{name}" for name in names.split())


_UNSEEN = _of(f"{_RUNTIME}Utf16", "locate unitsBefore turnTo")
"""They note where they were in a long text, and go on from there the next time."""
_TOTAL = (
    _of(f"{_RUNTIME}IntegerText", "ofInt64 ofUInt64 decimal")
    | _of(f"{_RUNTIME}FloatText", "shortest shortestSingle")
    | _of(f"{_RUNTIME}Text", "concat2 concat3 lengthOrZero")
    | _of(f"{_RUNTIME}Utf16", "concat2 joinChars")
    | _of(f"{_CORE}Comparisons", "compareStrings")
    | _of(f"{_CORE}Formatting", "formatBool formatString formatChar formatSigned formatUnsigned")
    | _of(f"{_CORE}Formatting", "orEmpty boolText")
    | _of(f"{_CORE}Formatting", "formatFloat formatFloat32 formatDecimal formatElement")
)
"""They give a result for everything, null included."""
_FRESH = _of(f"{_RUNTIME}ArrayPieces", "fitted doubled slice") | _of(
    f"{_CORE}Comprehensions", "grown fitted"
)
"""They give an array that nobody else has if they are given such a one."""
_READING = (
    _FRESH
    | _of(f"{_RUNTIME}Utf16", "concatAll concatOnto ofBytes ofChars")
    | _of(f"{_RUNTIME}StringSearch", "join")
)
"""They only look at the arrays that they are given, and do not fail."""
_MODULES = tuple(
    f"{_RUNTIME}{name}."
    for name in (
        *("IntegerText", "FloatText", "InvariantText", "Utf16", "Utf8", "Text", "Padding"),
        *("StringSearch", "Characters", "CaseTables", "IntegerReader", "FloatReader"),
    )
)
"""Their functions do nothing else, where they are given texts and numbers only."""
_OF_A_CULTURE = ("System.String.", f"{_CORE}String.")
"""Some of these ask for the culture."""
_PLAIN = frozenset(
    f"System.{name}"
    for name in (
        *("Boolean", "Char", "String", "Byte", "SByte", "Int16", "UInt16", "Int32", "UInt32"),
        *("Int64", "UInt64", "Single", "Double"),
    )
)


def is_fresh(name: str) -> bool:
    """Whether a function makes an array of its own of such an array."""
    return name.split("<")[0] in _FRESH


def looks_only(name: str) -> bool:
    """Whether a function looks at the arrays that it is given, and does nothing else."""
    return name.split("<")[0] in _READING


def computed(function: Function, seems: Effects) -> Effects:
    """What a function does of what its code seems to do."""
    if not seems or not function.name.startswith(("Clef.", "System.", "Microsoft.")):
        return seems
    symbol = function.name.split("<")[0].split("|")[0]
    if symbol in _UNSEEN or symbol in _TOTAL:
        return Effects.NONE
    if symbol in _READING:
        return seems & Effects.READS
    if all(one.type.symbol in _PLAIN for one in function.parameters):
        if symbol.startswith(_MODULES):
            return seems & Effects.STOPS
        if symbol.startswith(_OF_A_CULTURE):
            return seems & ~Effects.WRITES
    return seems
