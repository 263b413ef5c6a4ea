"""Compiled names of operators.

Comes in: an operator as written. Goes out: the name it has as a function, such as `op_Addition` for
`+`. Promises: two different operators never get the same name.
"""

from __future__ import annotations

import re
from typing import Final

_NAMED: Final[dict[str, str]] = {
    "[]": "op_Nil",
    "::": "op_ColonColon",
    "+": "op_Addition",
    "-": "op_Subtraction",
    "*": "op_Multiply",
    "/": "op_Division",
    "**": "op_Exponentiation",
    "@": "op_Append",
    "^": "op_Concatenate",
    "%": "op_Modulus",
    "&&&": "op_BitwiseAnd",
    "|||": "op_BitwiseOr",
    "^^^": "op_ExclusiveOr",
    "<<<": "op_LeftShift",
    "~~~": "op_LogicalNot",
    ">>>": "op_RightShift",
    "~+": "op_UnaryPlus",
    "~-": "op_UnaryNegation",
    "~&": "op_AddressOf",
    "~&&": "op_IntegerAddressOf",
    "&&": "op_BooleanAnd",
    "||": "op_BooleanOr",
    "<=": "op_LessThanOrEqual",
    "=": "op_Equality",
    "<>": "op_Inequality",
    ">=": "op_GreaterThanOrEqual",
    "<": "op_LessThan",
    ">": "op_GreaterThan",
    "|>": "op_PipeRight",
    "||>": "op_PipeRight2",
    "|||>": "op_PipeRight3",
    "<|": "op_PipeLeft",
    "<||": "op_PipeLeft2",
    "<|||": "op_PipeLeft3",
    "!": "op_Dereference",
    ">>": "op_ComposeRight",
    "<<": "op_ComposeLeft",
    "<@ @>": "op_Quotation",
    "<@@ @@>": "op_QuotationUntyped",
    "+=": "op_AdditionAssignment",
    "-=": "op_SubtractionAssignment",
    "*=": "op_MultiplyAssignment",
    "/=": "op_DivisionAssignment",
    "..": "op_Range",
    ".. ..": "op_RangeStep",
    ":=": "op_ColonEquals",
    "?": "op_Dynamic",
    "?<-": "op_DynamicAssignment",
    ".[]": "op_IndexGet",
    ".[]<-": "op_IndexSet",
    "~%": "op_Splice",
    "~%%": "op_SpliceUntyped",
}

_CHARACTERS: Final[dict[str, str]] = {
    ">": "Greater",
    "<": "Less",
    "+": "Plus",
    "-": "Minus",
    "*": "Multiply",
    "=": "Equals",
    "~": "Twiddle",
    "%": "Percent",
    ".": "Dot",
    "&": "Amp",
    "|": "Bar",
    "@": "At",
    "#": "Hash",
    "^": "Hat",
    "!": "Bang",
    "?": "Qmark",
    "/": "Divide",
    ":": "Colon",
    "(": "LParen",
    ",": "Comma",
    ")": "RParen",
    " ": "Space",
    "[": "LBrack",
    "]": "RBrack",
    "$": "Dollar",
}


def compiled_name(operator: str) -> str:
    """`op_Addition` for `+`; letters (`mod`) stay as they are."""
    named = _NAMED.get(operator)
    if named is not None:
        return named
    if operator[:1].isalpha():
        return operator
    return "op_" + "".join(_CHARACTERS.get(character, character) for character in operator)


def prefix_name(operator: str) -> str:
    """The name of an operator in front of its operand: `-` is `op_UnaryNegation`."""
    if operator in ("+", "-", "+.", "-.", "&", "&&", "%", "%%"):
        return compiled_name("~" + operator)
    return compiled_name(operator)


_SIGNS: Final = {word: sign for sign, word in _CHARACTERS.items()}
_PIECES: Final = re.compile("|".join(sorted(_SIGNS, key=len, reverse=True)))


def sign_of(name: str) -> str:
    """The operator that a compiled name belongs to, as far as its signs have names of their own;
    other names stay."""
    pieces = _PIECES.findall(name.removeprefix("op_"))
    if name.startswith("op_") and "op_" + "".join(pieces) == name:
        return "".join(_SIGNS[piece] for piece in pieces)
    return name
