"""Source text with its line table.

Comes in: the text of one file, already decoded. Goes out: `SourceFile`, and `Span`s that name a
half-open
range of character offsets in one file. Promises: offsets count Python characters; lines and columns
count from 1.
"""

from __future__ import annotations

from bisect import bisect_right

from clef.data_classes import dataclass, field

# What paths of the standard library begin with; no file of a user's has such a path.
LIBRARY = "<library>/"


def in_library(path: str) -> bool:
    """Whether this is the path of a file of the standard library."""
    return path.startswith(LIBRARY)


@dataclass(frozen=True, slots=True)
class Span:
    """Characters `start` (inclusive) to `end` (exclusive) of the file at `path`."""

    path: str
    start: int
    end: int

    def to(self, other: Span) -> Span:
        """The span from the start of this one to the end of `other`."""
        return Span(self.path, min(self.start, other.start), max(self.end, other.end))

    @property
    def in_library(self) -> bool:
        """Whether this place is in the standard library."""
        return in_library(self.path)


def _line_starts(text: str) -> list[int]:
    starts = [0]
    position = text.find("\n")
    while position >= 0:
        starts.append(position + 1)
        position = text.find("\n", position + 1)
    return starts


@dataclass(slots=True)
class SourceFile:
    """One file: the path as the user wrote it, its text, and where its lines start."""

    path: str
    text: str
    line_starts: list[int] = field(init=False)

    def __post_init__(self) -> None:
        self.line_starts = _line_starts(self.text)

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column (both from 1) of a character offset."""
        line = bisect_right(self.line_starts, offset)
        return line, offset - self.line_starts[line - 1] + 1

    def line_text(self, line: int) -> str:
        """The text of a line (from 1) without its line end."""
        start = self.line_starts[line - 1]
        end = self.line_starts[line] if line < len(self.line_starts) else len(self.text)
        return self.text[start:end].rstrip("\r\n")

    def span(self, start: int, end: int) -> Span:
        """A span in this file."""
        return Span(self.path, start, end)
