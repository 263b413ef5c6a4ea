"""Conditional compilation: `#if` conditions and the text they skip.

Comes in: the text of a file, the place of a directive and the defined symbols. Goes out: whether a
condition holds, and where active text goes on. Promises: skipped text is only searched for
directives at line starts, never tokenised.
"""

from __future__ import annotations

import re
from typing import Final

_CONDITION_TOKEN: Final = re.compile(r"\s*(?:([^\W\d][\w']*)|(&&|\|\||!|\(|\)))")
_DIRECTIVE_LINE: Final = re.compile(r"^[ \t]*#(if|else|endif)\b[^\r\n]*", re.MULTILINE)


class ConditionError(Exception):
    """The condition does not follow the grammar; caught by the tokenizer."""


def _condition_tokens(text: str) -> list[str]:
    tokens: list[str] = []
    position = 0
    end = len(text.rstrip())
    while position < end:
        found = _CONDITION_TOKEN.match(text, position)
        if found is None:
            raise ConditionError
        tokens.append(found.group().strip())
        position = found.end()
    return tokens


def _primary(tokens: list[str], symbols: frozenset[str]) -> bool:
    if not tokens:
        raise ConditionError
    token = tokens.pop(0)
    if token == "!":
        return not _primary(tokens, symbols)
    if token == "(":
        value = _alternatives(tokens, symbols)
        if not tokens or tokens.pop(0) != ")":
            raise ConditionError
        return value
    if token in ("&&", "||", ")"):
        raise ConditionError
    return token in symbols


def _conjunction(tokens: list[str], symbols: frozenset[str]) -> bool:
    value = _primary(tokens, symbols)
    while tokens and tokens[0] == "&&":
        tokens.pop(0)
        value = _primary(tokens, symbols) and value
    return value


def _alternatives(tokens: list[str], symbols: frozenset[str]) -> bool:
    value = _conjunction(tokens, symbols)
    while tokens and tokens[0] == "||":
        tokens.pop(0)
        value = _conjunction(tokens, symbols) or value
    return value


def condition_holds(text: str, symbols: frozenset[str]) -> bool:
    """Whether the condition of an `#if` holds; raises ConditionError when it is none."""
    if len(text) > 10_000:
        raise ConditionError
    tokens = _condition_tokens(text.split("//")[0])
    value = _alternatives(tokens, symbols)
    if tokens:
        raise ConditionError
    return value


def skip_inactive(text: str, position: int) -> tuple[int, int, str]:
    """From `position` (a line start in skipped text) find the `#else` or `#endif` that belongs to
    the open `#if`.

    Gives where its line starts, where it ends, and its name; the name is empty at the end of the
    text.
    """
    depth = 0
    for found in _DIRECTIVE_LINE.finditer(text, position):
        name = found.group(1)
        if name == "if":
            depth += 1
        elif depth == 0:
            return found.start(), found.end(), name
        elif name == "endif":
            depth -= 1
    return len(text), len(text), ""
