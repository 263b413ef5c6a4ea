"""Arguments that attributes give to tests, as text of the language.

Comes in: constants as attributes hold them, and the types of parameters. Goes out: expressions.
Promises: an integer becomes what the parameter's type wants, as .NET's test runners convert it;
what cannot be passed raises `CannotPass` with the reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from math import isfinite, isinf, isnan
from typing import cast

from clef.command_line.drawing import quoted
from clef.inference.signatures import TypeSignature
from clef.inference.type_text import show
from clef.inference.types import NamedType, Type
from clef.inference.well_known import ARRAY, OBJECT

_SUFFIXES = {
    "System.SByte": "y",
    "System.Byte": "uy",
    "System.Int16": "s",
    "System.UInt16": "us",
    "System.Int32": "",
    "System.UInt32": "u",
    "System.Int64": "L",
    "System.UInt64": "UL",
    "System.Decimal": "M",
}
_NULLABLE = "System.Nullable`1"
_FLOATS = {"System.Double": "", "System.Single": "f"}


class CannotPass(Exception):
    """A constant that a parameter cannot be given; the text says why."""


def expression(value: object, type_: Type, types: Mapping[str, TypeSignature]) -> str:
    """A constant where a parameter of this type is filled; raises `CannotPass`."""
    symbol = type_.symbol if isinstance(type_, NamedType) else ""
    signature = types.get(symbol)
    if symbol == _NULLABLE and isinstance(type_, NamedType):
        given = "" if value is None else expression(value, type_.arguments[0], types)
        return f"(System.Nullable<{show(type_.arguments[0])}>({given}))"
    if symbol == ARRAY and isinstance(type_, NamedType) and _is_array(value):
        items = cast("tuple[object, ...]", value)
        return f"[| {'; '.join(expression(one, type_.arguments[0], types) for one in items)} |]"
    if value is None:
        return "null" if symbol != "Microsoft.FSharp.Core.Option`1" else "None"
    if symbol == "System.Char" and isinstance(value, int):
        return f"(char {value})"
    if signature is not None and signature.kind == "enum" and isinstance(value, int):
        module, _, name = symbol.rpartition(".")
        return f"(enum<{quoted(module, name)}> ({value}))"
    if signature is None and isinstance(value, int) and _may_be_enum(type_):
        return f"(enum<{symbol}> ({value}))"
    if isinstance(value, bool) and symbol == "System.Boolean":
        return "true" if value else "false"
    if isinstance(value, str) and symbol == "System.String":
        return _text(value)
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        written = _number(value, symbol)
        if written:
            return written
    if isinstance(type_, NamedType) and type_ != OBJECT:
        raise CannotPass(f"its data does not fit a parameter of type `{show(type_)}`")
    return f"(box {_of_itself(value)})"


def _is_array(value: object) -> bool:
    return isinstance(value, tuple)


def _may_be_enum(type_: Type) -> bool:
    """Whether a type of the library with no other constants stands there."""
    symbol = type_.symbol if isinstance(type_, NamedType) and not type_.arguments else ""
    known = {*_SUFFIXES, *_FLOATS, "System.Boolean", "System.Char", "System.String", OBJECT.symbol}
    return symbol.startswith("System.") and symbol not in known


def _number(value: float | Decimal, symbol: str) -> str:
    if symbol in _FLOATS:
        return _float(float(value), _FLOATS[symbol])
    if not isfinite(value):
        return ""
    if symbol == "System.Decimal" or (symbol in _SUFFIXES and value == int(value)):
        return f"({value}{_SUFFIXES[symbol]})"
    return ""


def _float(value: float, suffix: str) -> str:
    if isnan(value):
        return "nan" + suffix
    if isinf(value):
        return f"infinity{suffix}" if value > 0 else f"(-infinity{suffix})"
    return f"({value!r}{suffix})"


def _of_itself(value: object) -> str:
    """A constant whose own type counts."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, Decimal):
        return f"({value}M)"
    if isinstance(value, float):
        return _float(value, "")
    if isinstance(value, int):
        return f"({value})"
    raise CannotPass("its data is not a constant")


def _text(value: str) -> str:
    return '"' + "".join(_escaped(one) for one in value) + '"'


def _escaped(one: str) -> str:
    if one in '"\\':
        return f"\\{one}"
    return one if one.isprintable() and ord(one) < 0xD800 else f"\\U{ord(one):08x}"
