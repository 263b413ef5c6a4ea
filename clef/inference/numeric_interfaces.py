"""Which interfaces of generic numbers a type of numbers has (`INumber<int>`).

Comes in: a type and the symbol of an interface of `System.Numerics`, or `IParsable`. Goes out: the
instance of it that the type has, or None. Promises: the types need not say so themselves, so that
programs which do not ask pay nothing; what the interfaces ask of a type is answered by its static
members and by machine operations.
"""

from __future__ import annotations

from clef.inference.types import Measure, NamedType, Type, TypeVariable
from clef.inference.unification import prune
from clef.inference.well_known import BIGINT, BOOL, DECIMAL, FLOATS, INT, INTEGERS, SIGNED

_PREFIX = "System.Numerics.I"
_PARSABLE = "System.IParsable`1"
_PARSED = frozenset(
    f"System.{name}"
    for name in ("Guid", "DateTime", "DateTimeOffset", "DateOnly", "TimeOnly", "TimeSpan")
)
_BASIC = (
    *("AdditionOperators", "SubtractionOperators", "MultiplyOperators", "DivisionOperators"),
    *("UnaryNegationOperators", "UnaryPlusOperators", "EqualityOperators", "IncrementOperators"),
    *("DecrementOperators", "AdditiveIdentity", "MultiplicativeIdentity", "NumberBase"),
    *("ComparisonOperators", "ModulusOperators", "Number"),
)
_INTEGER = ("BitwiseOperators", "BinaryNumber", "ShiftOperators", "BinaryInteger")
_DECIMAL = ("FloatingPointConstants", "FloatingPoint", "SignedNumber", "MinMaxValue")
_FLOAT = (
    *(*_DECIMAL, "RootFunctions", "ExponentialFunctions", "LogarithmicFunctions"),
    *("PowerFunctions", "TrigonometricFunctions", "HyperbolicFunctions", "FloatingPointIeee754"),
)
_COUNTS = {
    **dict.fromkeys((*_BASIC[:4], "ModulusOperators", "BitwiseOperators"), 3),
    **dict.fromkeys(("UnaryNegationOperators", "UnaryPlusOperators"), 2),
    **dict.fromkeys(("AdditiveIdentity", "MultiplicativeIdentity"), 2),
}


def numeric_interface(type: NamedType, symbol: str) -> NamedType | None:
    """The instance of an interface of numbers, or of what is read from texts, that a type has."""
    if symbol == _PARSABLE:
        has_it = type.symbol in _PARSED or _names(type.symbol)
        return NamedType(symbol, (type,)) if has_it and not type.arguments else None
    if not symbol.startswith(_PREFIX) or not all(map(_is_plain, type.arguments)):
        return None
    name = symbol[len(_PREFIX) :].partition("`")[0]
    if name not in _names(type.symbol):
        return None
    if name in ("EqualityOperators", "ComparisonOperators"):
        return NamedType(symbol, (type, type, BOOL))
    if name == "ShiftOperators":
        return NamedType(symbol, (type, INT, type))
    return NamedType(symbol, (type,) * _COUNTS.get(name, 1))


def _is_plain(unit: Type) -> bool:
    """Whether a unit of measure is none, or not known yet."""
    unit = prune(unit)
    return isinstance(unit, TypeVariable) or (isinstance(unit, Measure) and not unit.factors)


def _names(symbol: str) -> tuple[str, ...]:
    if symbol in FLOATS:
        return (*_BASIC, *_FLOAT)
    if symbol == DECIMAL.symbol:
        return (*_BASIC, *_DECIMAL)
    if symbol == BIGINT.symbol:
        return (*_BASIC, *_INTEGER, "SignedNumber")
    if symbol in INTEGERS:
        sign = "SignedNumber" if symbol in SIGNED else "UnsignedNumber"
        return (*_BASIC, *_INTEGER, "MinMaxValue", sign)
    return ()
