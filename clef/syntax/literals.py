"""Literals: token text to values.

Comes in: the text of a number, char or string token. Goes out: its value and kind. Promises: values
are those of F#: integers wrapped to their type where hexadecimal notation allows it, decimals
exact, strings as UTF-16 units joined to Python strings (surrogate pairs become one character, lone
surrogates stay).
"""

from __future__ import annotations

import re
from decimal import ROUND_HALF_EVEN, Context, Decimal, InvalidOperation
from typing import Final

from clef.data_classes import dataclass
from clef.syntax.node import LiteralKind, LiteralValue


@dataclass(frozen=True, slots=True)
class Number:
    """A decoded number."""

    value: LiteralValue
    kind: LiteralKind
    suffix: str = ""


@dataclass(frozen=True, slots=True)
class TooLarge:
    """An integer that does not fit its type."""

    type_name: str


# An underscore stands between two digits, never first, last or beside a prefix, point, e or suffix.
_DIGITS: Final = r"\d(?:[\d_]*\d)?"
_INTEGER: Final = re.compile(
    r"(?:(0[xX][\da-fA-F](?:[\da-fA-F_]*[\da-fA-F])?|0[oO][0-7](?:[0-7_]*[0-7])?"
    r"|0[bB][01](?:[01_]*[01])?)(LF|lf|u[yslnL]?|UL|[yslnL])?"
    rf"|({_DIGITS})(u[yslnL]?|UL|[yslnLIQRZNGfFmM])?)$"
)
_REAL: Final = re.compile(rf"({_DIGITS}(?:\.(?:{_DIGITS})?)?(?:[eE][+-]?{_DIGITS})?)([fFmM])?$")

_SUFFIXES: Final[dict[str, tuple[LiteralKind, int, bool]]] = {
    "": (LiteralKind.INT32, 32, True),
    "l": (LiteralKind.INT32, 32, True),
    "y": (LiteralKind.SBYTE, 8, True),
    "uy": (LiteralKind.BYTE, 8, False),
    "s": (LiteralKind.INT16, 16, True),
    "us": (LiteralKind.UINT16, 16, False),
    "u": (LiteralKind.UINT32, 32, False),
    "ul": (LiteralKind.UINT32, 32, False),
    "L": (LiteralKind.INT64, 64, True),
    "uL": (LiteralKind.UINT64, 64, False),
    "UL": (LiteralKind.UINT64, 64, False),
    "n": (LiteralKind.NATIVEINT, 64, True),
    "un": (LiteralKind.UNATIVEINT, 64, False),
}


def _real_from_bits(bits: int, size: int) -> float:
    import struct

    form = "<d" if size == 8 else "<f"
    mask = (1 << (8 * size)) - 1
    value: float = struct.unpack(form, (bits & mask).to_bytes(size, "little"))[0]
    return value


def _integer(digits: str, suffix: str, negative: bool) -> Number | TooLarge | None:
    digits = digits.replace("_", "")
    base = {"0x": 16, "0o": 8, "0b": 2}.get(digits[:2].lower(), 10)
    if base == 10 and len(digits) > 4000:
        return TooLarge("any integer literal")
    body = digits[2:] if base != 10 else digits
    if not body:
        return None
    value = int(body, base)
    if suffix in ("f", "F") and base == 10:
        return Number(_single(digits, negative), LiteralKind.SINGLE)
    if suffix in ("m", "M") and base == 10:
        return _decimal(digits, negative)
    if suffix in ("LF", "lf"):
        size = 8 if suffix == "LF" else 4
        kind = LiteralKind.DOUBLE if size == 8 else LiteralKind.SINGLE
        real = _real_from_bits(value, size)
        return Number(-real if negative else real, kind)
    if suffix == "I":
        return Number(-value if negative else value, LiteralKind.BIGINT)
    if suffix in ("Q", "R", "Z", "N", "G"):
        return Number(-value if negative else value, LiteralKind.USER, suffix)
    if suffix not in _SUFFIXES:
        return None
    return _sized(value, suffix, base, negative)


def _sized(value: int, suffix: str, base: int, negative: bool) -> Number | TooLarge:
    kind, bits, signed = _SUFFIXES[suffix]
    limit = 1 << (bits - 1 if signed and base == 10 else bits)
    if value > limit or (value == limit and not (negative and signed and base == 10)):
        return TooLarge(kind.value)
    if negative:
        value = -value
    if signed and value >= 1 << (bits - 1):
        value -= 1 << bits
    if not signed and value < 0:
        return TooLarge(kind.value)
    return Number(value, kind)


def _single(digits: str, negative: bool) -> float:
    import struct

    value = float(digits)
    try:
        rounded: float = struct.unpack("<f", struct.pack("<f", value))[0]
    except OverflowError:
        rounded = float("inf")
    return -rounded if negative else rounded


_LARGEST_DECIMAL: Final = 2**96 - 1


def _decimal(digits: str, negative: bool) -> Number | TooLarge:
    """A decimal has 96 bits and at most 28 digits behind the point: what is behind them is rounded,
    a half to the even digit."""
    try:
        exact = Decimal(digits)
    except InvalidOperation:  # the exponent has more than 18 digits
        mantissa, _, power = digits.lower().partition("e")
        if mantissa.strip("0.") and not power.startswith("-"):
            return TooLarge(LiteralKind.DECIMAL.value)
        return Number(Decimal((int(negative), (0,), -28)), LiteralKind.DECIMAL)
    exponent = exact.as_tuple().exponent
    assert isinstance(exponent, int)
    if exact and exact.adjusted() > 28:
        return TooLarge(LiteralKind.DECIMAL.value)
    context = Context(prec=len(digits) + 60, rounding=ROUND_HALF_EVEN)
    for places in range(min(28, max(0, -exponent)), -1, -1):
        rounded = context.quantize(exact, Decimal((0, (1,), -places)))
        if context.scaleb(rounded, places) <= _LARGEST_DECIMAL:
            value = rounded.copy_negate() if negative else rounded
            return Number(value, LiteralKind.DECIMAL)
    return TooLarge(LiteralKind.DECIMAL.value)


def decode_number(text: str, negative: bool) -> Number | TooLarge | None:
    """The value of a number token, negated when a minus touches it; None when it is no number."""
    found = _INTEGER.match(text)
    if found is not None:
        digits, suffix, plain, plain_suffix = found.groups()
        return _integer(digits or plain, suffix or plain_suffix or "", negative)
    found = _REAL.match(text)
    if found is None:
        return None
    digits, suffix = found.group(1).replace("_", ""), found.group(2)
    if suffix in ("m", "M"):
        return _decimal(digits, negative)
    if suffix in ("f", "F"):
        return Number(_single(digits, negative), LiteralKind.SINGLE)
    value = float(digits)
    return Number(-value if negative else value, LiteralKind.DOUBLE)


# ---------------------------------------------------------------- strings

_SIMPLE_ESCAPES: Final[dict[str, str]] = {
    "n": "\n",
    "t": "\t",
    "b": "\b",
    "r": "\r",
    "a": "\a",
    "f": "\f",
    "v": "\v",
    "\\": "\\",
    '"': '"',
    "'": "'",
}
_ESCAPE: Final = re.compile(
    r"\\(?:(u[\da-fA-F]{4})|(U[\da-fA-F]{8})|(x[\da-fA-F]{2})|(\d{3})"
    r"|(\r?\n[ \t]*)|(.))",
    re.DOTALL,
)
_SURROGATES: Final = re.compile(r"[\ud800-\udbff][\udc00-\udfff]")


class EscapeError(Exception):
    """An escape that names no character; caught by the parser."""


def _escape(found: re.Match[str]) -> str:
    text = found.group()
    if found.group(1) or found.group(2) or found.group(3):
        code = int(text[2:], 16)
        if code > 0x10FFFF:
            raise EscapeError(text)
        return chr(code)
    if found.group(4):
        if int(text[1:]) > 255:
            raise EscapeError(text)
        return chr(int(text[1:]))
    if found.group(5):
        return ""
    return _SIMPLE_ESCAPES.get(text[1], text)


def _join_surrogates(text: str) -> str:
    return _SURROGATES.sub(
        lambda pair: pair.group().encode("utf-16-le", "surrogatepass").decode("utf-16-le"), text
    )


def unescape(text: str) -> str:
    """The inside of an ordinary string; raises EscapeError."""
    if "\\" not in text:
        return text
    return _join_surrogates(_ESCAPE.sub(_escape, text))


def decode_string(text: str) -> tuple[str, bool]:
    """The value of a string token, and whether it has the suffix B; raises EscapeError."""
    is_bytes = len(text) > 1 and text.endswith("B") and text[-2] == '"'
    if is_bytes:
        text = text[:-1]
    if text.startswith('"""'):
        inside = text[3:-3] if len(text) >= 6 and text.endswith('"""') else text[3:]
        return inside, is_bytes
    if text.startswith('@"'):
        inside = text[2:-1] if len(text) > 2 and text.endswith('"') else text[2:]
        return inside.replace('""', '"'), is_bytes
    inside = text[1:-1] if len(text) > 1 and text.endswith('"') else text[1:]
    return unescape(inside), is_bytes


def decode_char(text: str) -> tuple[str, bool] | None:
    """The value of a char token, and whether it has the suffix B; None when it is not one UTF-16
    unit."""
    is_byte = text.endswith("B")
    inside = text[1:-2] if is_byte else text[1:-1]
    try:
        value = unescape(inside) if inside.startswith("\\") else inside
    except EscapeError:
        return None
    most = 0xFFFF if not is_byte else 255 if inside.startswith("\\") else 127
    if len(value) != 1 or ord(value) > most:
        return None
    return value, is_byte
