"""The places of diagnostics in their files.

Comes in: spans and the files that were read. Goes out: line and column numbers. Promises: a span
whose file was not read, or that lies behind the end of the text, still has a place.
"""

from __future__ import annotations

from collections.abc import Mapping

from clef.data_classes import dataclass
from clef.source import SourceFile, Span

Sources = Mapping[str, SourceFile]


@dataclass(frozen=True, slots=True)
class Place:
    """A span in lines and columns, both from 1; the end is exclusive."""

    path: str
    line: int
    column: int
    end_line: int
    end_column: int


def clamp(span: Span, source: SourceFile) -> Span:
    """The span inside the text; one at the very end moves back to the last line that has text."""
    size = len(source.text)
    start = min(max(span.start, 0), size)
    end = min(max(span.end, start), size)
    if start == end == size and size > 0 and source.text[-1] in "\r\n":
        start = end = len(source.text.rstrip())
    return Span(span.path, start, end)


def place_of(span: Span, sources: Sources) -> Place:
    """Where a span lies; the first character of the file if the file's text is not at hand."""
    source = sources.get(span.path)
    if source is None:
        return Place(span.path, 1, 1, 1, 1)
    inside = clamp(span, source)
    line, column = source.position(inside.start)
    end_line, end_column = source.position(inside.end)
    return Place(span.path, line, column, end_line, end_column)
