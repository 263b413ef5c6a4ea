"""Source text as it appears on a terminal: widths of characters, tabs, control characters, windows
on long lines.

Comes in: one line of source. Goes out: the text to print and, for each character, the column where
it starts. Promises: nothing in a source file can steer the terminal (control characters and
bidirectional overrides are shown by name); a line of any length costs time proportional to the
window that is shown.
"""

from __future__ import annotations

import unicodedata

from clef.data_classes import dataclass
from clef.diagnostics.look import can_encode

TAB = 4

# Characters that reorder or hide text, used to make source look like something else.
_DECEPTIVE = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def character_width(character: str) -> int:
    """Columns that one character takes: 0 for combining ones, 2 for wide ones, else 1."""
    if " " <= character <= "~":
        return 1
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1


def text_width(text: str) -> int:
    """Columns that a text takes."""
    return sum(map(character_width, text))


def _shown(character: str, column: int, encoding: str) -> str:
    """What to print for one character that stands at a column."""
    if " " <= character <= "~":
        return character
    if character == "\t":
        return " " * (TAB - column % TAB)
    if character in _DECEPTIVE or unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp"):
        return f"<U+{ord(character):04X}>"
    if not can_encode(encoding, character):
        return f"<U+{ord(character):04X}>"
    return character


@dataclass(slots=True)
class ShownLine:
    """A line ready to print. `first` is the source offset (in the line) of the first character
    shown.
    """

    text: str
    first: int
    columns: list[int]
    width: int

    def column(self, offset: int) -> int:
        """The column of a character of the line; what lies outside sticks to the edge."""
        index = offset - self.first
        if index < 0:
            return 0
        return self.columns[index] if index < len(self.columns) else self.width


def _expand(text: str, start: int, encoding: str) -> tuple[list[str], list[int]]:
    column = start
    pieces: list[str] = []
    columns: list[int] = []
    for character in text:
        piece = _shown(character, column, encoding)
        columns.append(column)
        pieces.append(piece)
        column += character_width(character) if piece == character else len(piece)
    columns.append(column)
    return pieces, columns


def show_line(text: str, available: int, focus: int, ellipsis: str, encoding: str) -> ShownLine:
    """The line, or the window of it around the character `focus` that fits into `available`
    columns.
    """
    available = max(available, 20)
    if len(text) <= 4 * available:
        pieces, columns = _expand(text, 0, encoding)
        if columns[-1] <= available:
            return ShownLine("".join(pieces), 0, columns, columns[-1])
    # A third of the window before the place of interest keeps its context in sight.
    first = max(0, min(focus - available // 3, len(text) - available + 2))
    lead = ellipsis if first > 0 else ""
    pieces, columns = _expand(text[first : first + available], len(lead), encoding)
    room = available - 1
    count = len(pieces)
    while count > 1 and columns[count] > room:
        count -= 1
    trail = ellipsis if first + count < len(text) else ""
    shown = lead + "".join(pieces[:count]) + trail
    return ShownLine(shown, first, columns[: count + 1], columns[count] + len(trail))


def printable(text: str, encoding: str = "utf-8") -> str:
    """Message text made safe for the terminal: line breaks stay, everything else that steers is
    shown by name.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(c if c == "\n" else _shown(c, 0, encoding) for c in text)
