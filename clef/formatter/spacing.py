"""Blanks between two tokens on a line.

Comes in: the tokens of a file and settings. Goes out: what stands between a token and the one
before it. Promises: where a blank changes the meaning (a sign, type arguments, an index, a call) it
stays as it was written; several blanks become one.
"""

from __future__ import annotations

from typing import Final

from clef.formatter.settings import Settings
from clef.syntax.tokens import (
    ADD,
    CLOSERS,
    COMPARE,
    CONCATENATE,
    END_OF_FILE,
    INTERPOLATED,
    KEYWORDS,
    MULTIPLY,
    NAME,
    POWER,
    PREFIX,
    STRING,
    TYPE_VARIABLE,
    Tokens,
    words,
)

_LIST_OPENERS: Final = frozenset(("[", "[|", "{", "{|"))
_LIST_CLOSERS: Final = frozenset(("]", "|]", "}", "|}"))
# Operators whose blanks decide whether they stand before, after or between.
_AS_WRITTEN: Final = words("< > - + & && % %% ? ! ~ ^ # $ .. ...") | {
    MULTIPLY,
    ADD,
    CONCATENATE,
    COMPARE,
    PREFIX,
    POWER,
}
# Keywords that are values, or are called like functions.
_LIKE_NAMES: Final = words("_ base global null true false new")
_INDEXED: Final = words(") ] . > |] }") | {NAME, TYPE_VARIABLE, COMPARE, STRING, INTERPOLATED}


def _partners(kinds: list[str]) -> dict[int, int]:
    """Opening and closing brackets by place, each with the other."""
    found: dict[int, int] = {}
    opened: list[int] = []
    closing = frozenset(CLOSERS.values())
    for place, kind in enumerate(kinds):
        if kind in CLOSERS and not kind.isalpha():
            opened.append(place)
        elif kind in closing and kind != "end" and opened:
            start = opened.pop()
            found[start] = place
            found[place] = start
    return found


class Spacing:
    """What the blanks between tokens depend on."""

    def __init__(self, tokens: Tokens, settings: Settings) -> None:
        self.kinds = tokens.kinds
        self.starts = tokens.starts
        self.ends = tokens.ends
        self.partners = _partners(tokens.kinds)
        self.settings = settings
        self.delimiter = " " if settings.space_around_delimiter else ""
        self.before_colon = " " if settings.space_before_colon else ""
        self.after_comma = " " if settings.space_after_comma else ""
        self.before_semicolon = " " if settings.space_before_semicolon else ""
        self.after_semicolon = " " if settings.space_after_semicolon else ""

    def is_index(self, place: int) -> bool:
        """Whether the square bracket that opens here touches what it belongs to."""
        if self.kinds[place] != "[" or place == 0:
            return False
        before = self.kinds[place - 1]
        touches = self.ends[place - 1] == self.starts[place]
        return before == "." or (touches and before in _INDEXED)

    def inside(self, opener: int) -> str:
        """The blank between a bracket of a list or record and what is in it."""
        return "" if self.is_index(opener) else self.delimiter

    def gap(self, place: int) -> str:
        """The blank before a token that is not the first of its line."""
        kinds = self.kinds
        before, kind = kinds[place - 1], kinds[place]
        as_written = "" if self.ends[place - 1] == self.starts[place] else " "
        if before in ("(", "[<") or kind in (")", ">]", ",", "."):
            return ""
        if before == "." or kind == END_OF_FILE:
            return ""
        if kind in _LIST_CLOSERS:
            opener = self.partners.get(place, place)
            return "" if opener == place - 1 else self.inside(opener)
        if before in _LIST_OPENERS:
            return self.inside(place - 1)
        if before == ",":
            return self.after_comma
        if kind == ";":
            return self.before_semicolon
        if before == ";":
            return self.after_semicolon
        if kind == ":":
            return " " if before in _AS_WRITTEN else self.before_colon
        if before in _AS_WRITTEN or kind in _AS_WRITTEN:
            return as_written
        return self.between(before, kind, as_written)

    def between(self, before: str, kind: str, as_written: str) -> str:
        if kind == "(":
            if before in KEYWORDS and before not in _LIKE_NAMES:
                return " "
            return as_written
        if kind == "[" or kind in (STRING, INTERPOLATED):
            return as_written if before in _INDEXED or before not in KEYWORDS else " "
        return " "
