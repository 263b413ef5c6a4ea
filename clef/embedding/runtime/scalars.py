"""Numbers, truth values, characters, texts and enumerations.

Comes in: Python values. Goes out: what ctypes takes. Promises: the type and the range are checked;
nothing is cut off.
"""

from __future__ import annotations

import ctypes
import operator
from collections.abc import Callable, Mapping, Sequence
from typing import Any

_INTEGERS = {
    (8, True): ctypes.c_int8,
    (8, False): ctypes.c_uint8,
    (16, True): ctypes.c_int16,
    (16, False): ctypes.c_uint16,
    (32, True): ctypes.c_int32,
    (32, False): ctypes.c_uint32,
    (64, True): ctypes.c_int64,
    (64, False): ctypes.c_uint64,
}


def c_type_of(told: Sequence[Any]) -> Any:
    """The ctypes type of a scalar."""
    match told[0]:
        case "int":
            return _INTEGERS[(told[1], told[2])]
        case "float":
            return ctypes.c_double if told[1] == 64 else ctypes.c_float
        case "bool":
            return ctypes.c_bool
        case "char":
            return ctypes.c_uint16
        case "enum":
            return c_type_of(told[2])
        case _:
            raise ValueError(told)


def wrong(expected: str, value: object) -> TypeError:
    """The error for a value of another type."""
    return TypeError(f"must be {expected}, not {type(value).__name__}")


def to_integer(bits: int, signed: bool) -> Callable[[Any], int]:
    """A check of the type and range of an integer."""
    low, high = (-(1 << (bits - 1)), (1 << (bits - 1)) - 1) if signed else (0, (1 << bits) - 1)

    def convert(value: Any) -> int:
        if type(value) is not int:
            if isinstance(value, (bool, float)):
                raise wrong("int", value)
            try:
                value = operator.index(value)
            except TypeError:
                raise wrong("int", value) from None
        if low <= value <= high:
            return value  # type: ignore[no-any-return]
        raise OverflowError(f"must be between {low} and {high}, and {value} is not")

    return convert


def to_float(value: Any) -> float:
    """Any real number that is no text and no truth value."""
    if type(value) is float:
        return value
    if isinstance(value, bool) or (
        not hasattr(value, "__float__") and not hasattr(value, "__index__")
    ):
        raise wrong("float", value)
    return float(value)


def to_bool(value: Any) -> bool:
    """A truth value; NumPy's counts."""
    if value is True or value is False:
        return value
    if type(value).__name__ in ("bool_", "bool"):
        return bool(value)
    raise wrong("bool", value)


def to_char(value: Any) -> int:
    """A text of one UTF-16 unit."""
    if not isinstance(value, str):
        raise wrong("str", value)
    if len(value) != 1 or ord(value) > 0xFFFF:
        raise ValueError("must be a single character up to U+FFFF")
    return ord(value)


def to_text(value: Any) -> bytes:
    """The bytes of a text."""
    if not isinstance(value, str):
        raise wrong("str", value)
    return value.encode()


def scalar_converter(told: Sequence[Any], classes: Mapping[str, Any]) -> Callable[[Any], Any]:
    """What turns a Python value into what ctypes takes."""
    match told[0]:
        case "int":
            return to_integer(told[1], told[2])
        case "float":
            return to_float
        case "bool":
            return to_bool
        case "char":
            return to_char
        case _:
            number = to_integer(told[2][1], told[2][2])
            return lambda value: number(
                int(value) if isinstance(value, classes[told[1]]) else value
            )


def scalar_result(told: Sequence[Any], classes: Mapping[str, Any]) -> Callable[[Any], Any] | None:
    """What turns what ctypes gives into a Python value; None where it is that already."""
    if told[0] == "char":
        return chr
    if told[0] == "enum":
        enumeration = classes[told[1]]
        return lambda value: enumeration_value(enumeration, value)
    return None


def enumeration_value(enumeration: Any, value: int) -> Any:
    """A member, or the bare number where the enumeration has no name for it."""
    try:
        return enumeration(value)
    except ValueError:
        return value
