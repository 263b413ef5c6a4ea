"""The values of macros and of C's constant expressions.

Comes in: the text of a macro, and the constants that are known. Goes out: a number or a text.
Promises: integers only, with C's operators; what is anything else has no value; nothing is guessed.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Mapping

Constant = int | float | str

_INTEGER = re.compile(r"\b(0[xX][0-9a-fA-F]+|0[bB][01]+|0[0-7]*|[1-9][0-9]*)[uUlL]*\b")
_FLOAT = re.compile(r"[-+]?(?:\d+\.\d*|\.\d+|\d+(?=[eE]))(?:[eE][-+]?\d+)?[fF]?\Z")
_TEXT = re.compile(r'(?:\s*"(?:[^"\\]|\\.)*")+\s*\Z')
_CHARACTER = re.compile(r"'(\\?.)'")
_OPERATORS: dict[type[ast.AST], Callable[[int, int], int]] = {
    ast.Add: int.__add__,
    ast.Sub: int.__sub__,
    ast.Mult: int.__mul__,
    ast.LShift: int.__lshift__,
    ast.RShift: int.__rshift__,
    ast.BitOr: int.__or__,
    ast.BitAnd: int.__and__,
    ast.BitXor: int.__xor__,
}
_ESCAPES = {"n": 10, "t": 9, "r": 13, "0": 0, "\\": 92, "'": 39, '"': 34}


def constant_value(text: str, known: Mapping[str, Constant]) -> Constant | None:
    """The value of an expression, `None` if it has none."""
    text = text.strip()
    while text.startswith("(") and text.endswith(")") and _is_one(text):
        text = text[1:-1].strip()
    if _TEXT.match(text):
        return _text_value(text)
    if _FLOAT.match(text):
        return float(text.rstrip("fF"))
    python = _INTEGER.sub(_octal, _CHARACTER.sub(_character, text))
    try:
        tree = ast.parse(python, mode="eval")
        return _value(tree.body, known)
    except (SyntaxError, ValueError, KeyError, TypeError, OverflowError, RecursionError):
        return None


def _is_one(text: str) -> bool:
    """Whether the first bracket belongs to the last."""
    depth = 0
    for index, char in enumerate(text):
        depth += (char == "(") - (char == ")")
        if depth == 0:
            return index == len(text) - 1
    return False


def _octal(match: re.Match[str]) -> str:
    digits = match[1]
    if len(digits) > 1 and digits[0] == "0" and digits[1].isdigit():
        return f"0o{digits[1:]}"
    return digits


def _character(match: re.Match[str]) -> str:
    char = match[1]
    return str(_ESCAPES.get(char[1], ord(char[1])) if len(char) == 2 else ord(char))


def _text_value(text: str) -> str | None:
    try:
        value = ast.literal_eval("(" + text + ")")
    except (SyntaxError, ValueError):
        return None
    return value if isinstance(value, str) else None


def _value(node: ast.expr, known: Mapping[str, Constant]) -> int:
    match node:
        case ast.Constant(value=int() as value) if not isinstance(value, bool):
            return value
        case ast.Name(id=name):
            found = known[name]
            if isinstance(found, int):
                return found
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_value(operand, known)
        case ast.UnaryOp(op=ast.UAdd(), operand=operand):
            return _value(operand, known)
        case ast.UnaryOp(op=ast.Invert(), operand=operand):
            return ~_value(operand, known)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATORS:
            first, second = _value(left, known), _value(right, known)
            if isinstance(op, ast.LShift | ast.RShift) and not 0 <= second < 64:
                raise ValueError
            return _OPERATORS[type(op)](first, second)
        case _:
            pass
    raise ValueError
