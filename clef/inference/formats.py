"""printf formats: text with `%` specifiers.

Comes in: the text of a format. Goes out: its parts with their argument types. Promises: what .NET's
F# accepts is accepted; a
mistake is reported with its place where the text is written plainly.
"""

from __future__ import annotations

from clef.diagnostics.typing import FormatError
from clef.inference.state import Checker
from clef.inference.typed_tree import FormatPart
from clef.inference.types import ERROR, Constraint, FunctionType, NamedType, Type
from clef.inference.well_known import (
    BOOL,
    CHAR,
    DECIMAL,
    FLOAT,
    INT,
    STRING,
)
from clef.source import Span

_INTEGERS = "diuxXoB"
_FLOATS = "eEfFgG"
_FLAGS = "-+ 0"
_WITHOUT_NUMBERS = "scbOat"
_WITHOUT_PRECISION = f"{_INTEGERS}{_WITHOUT_NUMBERS}"


def parse_format(
    c: Checker, text: str, span: Span, state: Type, residue: Type
) -> tuple[list[FormatPart], list[Type]]:
    """The parts of a format, and the types of the arguments in order."""
    parts: list[FormatPart] = []
    types: list[Type] = []
    literal: list[str] = []
    position = 0
    while position < len(text):
        at = text.find("%", position)
        if at < 0:
            literal.append(text[position:])
            break
        literal.append(text[position:at])
        if text[at : at + 2] == "%%":
            literal.append("%")
            position = at + 2
            continue
        if literal and any(literal):
            parts.append(FormatPart("".join(literal)))
        literal = []
        part, position = _specifier(c, text, at, span, state, residue, types)
        parts.append(part)
    if any(literal) or not parts:
        parts.append(FormatPart("".join(literal)))
    return parts, types


def _specifier(
    c: Checker, text: str, at: int, span: Span, state: Type, residue: Type, types: list[Type]
) -> tuple[FormatPart, int]:
    position = at + 1
    start = position
    while position < len(text) and text[position] in _FLAGS:
        position += 1
    flags = text[start:position]
    width, position = _number(text, position, types)
    precision: int | str | None = None
    if position < len(text) and text[position] == ".":
        precision, position = _number(text, position + 1, types)
        if precision is None:
            c.report(FormatError(span, "the precision is missing after `.`"))
            precision = 0
    if position >= len(text):
        c.report(FormatError(span, "the format ends in the middle of a `%` specifier"))
        return FormatPart("", "s", type=ERROR), position
    letter = text[position]
    mistake = _mistake(letter, flags, precision)
    if mistake is not None:
        c.report(FormatError(span, mistake))
    type = specifier_type(c, letter, span, state, residue)
    if type is None:
        c.report(FormatError(span, f"`%{letter}` is not a format specifier"))
        return FormatPart("", "O", type=ERROR), position + 1
    if letter == "a":
        value = c.fresh(span)
        types.append(FunctionType(state, FunctionType(value, residue)))
        types.append(value)
        return FormatPart("", "a", flags, width, precision, value), position + 1
    types.append(type)
    return FormatPart("", letter, flags, width, precision, type), position + 1


def _mistake(letter: str, flags: str, precision: int | str | None) -> str | None:
    """What is wrong with the flags and the precision of a specifier."""
    signs = flags.count("+") + flags.count(" ")
    if signs > 1:
        return "only one of the flags `+` and blank can stand in a specifier, and once"
    repeated = next((flag for flag in "-0" if flags.count(flag) > 1), None)
    if repeated is not None:
        return f"the flag `{repeated}` is written twice"
    if precision is not None and letter in _WITHOUT_PRECISION:
        return f"`%{letter}` takes no precision"
    if letter in _WITHOUT_NUMBERS:
        wrong = next((flag for flag in flags if flag != "-"), None)
        if wrong is not None:
            return f"`%{letter}` does not take the flag `{wrong}`"
    return None


def _number(text: str, position: int, types: list[Type]) -> tuple[int | str | None, int]:
    if position < len(text) and text[position] == "*":
        types.append(INT)
        return "*", position + 1
    start = position
    while position < len(text) and text[position].isdigit():
        position += 1
    return (int(text[start:position]) if position > start else None), position


def specifier_type(c: Checker, letter: str, span: Span, state: Type, residue: Type) -> Type | None:
    """The argument type of a specifier; None if there is none such."""
    if letter == "s":
        return STRING
    if letter == "b":
        return BOOL
    if letter == "c":
        return CHAR
    if letter == "M":
        return NamedType(DECIMAL.symbol, (c.fresh_measure(span),))
    if letter in _INTEGERS:
        return _open(c, span, "integer_format", INT)
    if letter in _FLOATS:
        return _open(c, span, "float_format", FLOAT)
    if letter == "O":
        return c.fresh(span)
    if letter == "A":
        return c.fresh(span)
    if letter == "a":
        return ERROR
    if letter == "t":
        return FunctionType(state, residue)
    return None


def _open(c: Checker, span: Span, kind: str, default: NamedType) -> Type:
    """Any integer (or float) type: a variable with that condition and a default."""
    variable = c.fresh(span)
    variable.constraints = [Constraint(kind), Constraint("default", default)]
    c.defaulted.append((variable, default))
    return variable


def format_name(letter: str) -> str:
    """What a specifier is for, in messages."""
    if letter in _INTEGERS:
        return "an integer"
    if letter in _FLOATS:
        return "a float or decimal"
    return {"s": "a string", "b": "a bool", "c": "a char", "M": "a decimal"}.get(letter, "a value")
