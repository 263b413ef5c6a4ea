"""LLVM IR text as LLVM 24 prints it, rewritten to what LLVM 22 reads.

Comes in: LLVM IR text from MLIR's translation. Goes out: the same module in the older spelling.
Promises: floating-point literals keep every bit. What differs between the two versions is the
spelling of floating-point literals that are not exact short decimals, and two attributes;
everything else the compiler emits is the same in both.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from fractions import Fraction
from functools import lru_cache

# A line without one of these cannot hold a literal in the new spelling.
_ANCHORS = ("e+", "e-", "f0x", "inf", "nan")

# A string (skipped), a floating-point type (remembered), or a literal in the new spelling
# (rewritten).
_TOKEN = re.compile(
    r'"[^"]*"'
    r"|\b(?P<type>half|bfloat|float|double|fp128|x86_fp80)\b"
    r"|(?<![\w.%@$#!-])(?P<literal>[+-]?\d+\.\d+e[+-]\d+|f0x[0-9A-Fa-f]+|[+-]inf\b|[+-]qnan\b"
    r"|[+-]s?nan\(0x[0-9A-Fa-f]+\))"
)

# Bits of exponent and mantissa.
_FORMATS = {
    "half": (5, 10),
    "bfloat": (8, 7),
    "float": (8, 23),
    "double": (11, 52),
    "fp128": (15, 112),
}


def _rounded(value: Fraction, exponent_bits: int, mantissa_bits: int) -> int:
    """The bits of the nearest float (ties to even) of a positive number, without the sign."""
    bias = (1 << (exponent_bits - 1)) - 1
    exponent = value.numerator.bit_length() - value.denominator.bit_length()
    if Fraction(2) ** exponent > value:
        exponent -= 1
    exponent = max(exponent, 1 - bias)
    mantissa = round(value / Fraction(2) ** (exponent - mantissa_bits))
    if mantissa >= 1 << (mantissa_bits + 1):
        mantissa >>= 1
        exponent += 1
    biased = exponent + bias if mantissa >= 1 << mantissa_bits else 0
    infinity = (1 << exponent_bits) - 1
    if biased >= infinity:
        return infinity << mantissa_bits
    return biased << mantissa_bits | (mantissa & ((1 << mantissa_bits) - 1))


def _special_mantissa(literal: str, mantissa_bits: int) -> int:
    """The mantissa of an infinity or a not-a-number."""
    quiet = 1 << (mantissa_bits - 1)
    if literal.endswith("inf"):
        return 0
    if literal.endswith("qnan"):
        return quiet
    payload = int(literal[literal.index("(") + 1 : -1], 16)
    return payload if "snan" in literal else payload | quiet


def _bits(kind: str, literal: str) -> int:
    """The bit pattern of a literal in its type."""
    if literal.startswith("f0x"):
        return int(literal[3:], 16)
    exponent_bits, mantissa_bits = _FORMATS[kind]
    sign = (1 << (exponent_bits + mantissa_bits)) if literal[0] == "-" else 0
    if literal.endswith("f") or "nan" in literal:
        infinity = ((1 << exponent_bits) - 1) << mantissa_bits
        return sign | infinity | _special_mantissa(literal, mantissa_bits)
    value = abs(Fraction(literal))
    return sign | (_rounded(value, exponent_bits, mantissa_bits) if value else 0)


def _widened(bits: int) -> int:
    """The bits of a double equal to a float; a not-a-number keeps its payload, which a conversion
    would not promise.
    """
    if bits >> 23 & 255 == 255:
        return (bits >> 31) << 63 | 0x7FF << 52 | (bits & 0x7FFFFF) << 29
    wide: int = struct.unpack(
        "<Q", struct.pack("<d", struct.unpack("<f", struct.pack("<I", bits))[0])
    )[0]
    return wide


@lru_cache(maxsize=4096)
def _old_literal(kind: str, literal: str) -> str:
    """The literal in the spelling of LLVM 22."""
    if kind == "double":
        plain = literal[0] != "f" and literal[-1].isdigit()
        return literal if plain else f"0x{_bits(kind, literal):016X}"
    if kind == "x86_fp80":
        return "0xK" + literal[3:].rjust(20, "0") if literal[0] == "f" else literal
    bits = _bits(kind, literal)
    if kind == "float":
        return f"0x{_widened(bits):016X}"
    if kind == "fp128":
        return f"0xL{bits & (2**64 - 1):016X}{bits >> 64:016X}"
    return f"0x{'H' if kind == 'half' else 'R'}{bits:04X}"


def _old_line(line: str) -> str:
    kind = ""

    def rewrite(match: re.Match[str]) -> str:
        nonlocal kind
        if match["type"]:
            kind = match["type"]
        elif match["literal"] and kind:
            return _old_literal(kind, match["literal"])
        return match[0]

    return _TOKEN.sub(rewrite, line)


def downgrade(text: str) -> str:
    """LLVM 24's text in the spelling of LLVM 22."""
    if "dead_on_return(" in text:
        text = re.sub(r"dead_on_return\(\d+\)", "dead_on_return", text)
    if "denormal_fpenv(" in text:
        old = '"denormal-fp-math"="preserve-sign,preserve-sign"'
        text = text.replace("denormal_fpenv(preservesign)", old)
    return "".join(_rewritten(text))


def _suspicious_lines(text: str) -> list[int]:
    """Where the lines start that may hold a literal in the new spelling."""
    starts: set[int] = set()
    for anchor in _ANCHORS:
        place = text.find(anchor)
        while place >= 0:
            starts.add(text.rfind("\n", 0, place) + 1)
            end = text.find("\n", place)
            place = text.find(anchor, end) if end >= 0 else -1
    return sorted(starts)


def _rewritten(text: str) -> Iterator[str]:
    """The text in pieces; only suspicious lines are looked at one by one."""
    done = 0
    for start in _suspicious_lines(text):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        yield text[done:start]
        line = text[start:end]
        yield line if line[:1] in "!;" else _old_line(line)
        done = end
    yield text[done:]
