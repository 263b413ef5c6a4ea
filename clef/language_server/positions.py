"""Places in a document as the protocol counts them.

Comes in: a `SourceFile`. Goes out: protocol positions (lines from 0, UTF-16 code units from 0;
specification 3.17, "Position") and character offsets. Promises: a position behind the end of a line
means its end, one behind the last line the end of the document.
"""

from __future__ import annotations

from lsprotocol.types import Position, Range

from clef.source import SourceFile, Span


def to_position(source: SourceFile, offset: int) -> Position:
    """The position of a character offset."""
    line, column = source.position(min(offset, len(source.text)))
    start = source.line_starts[line - 1]
    return Position(line - 1, _units(source.text[start : start + column - 1]))


def to_range(source: SourceFile, span: Span) -> Range:
    """The range of a span."""
    return Range(to_position(source, span.start), to_position(source, span.end))


def to_offset(source: SourceFile, position: Position) -> int:
    """The character offset of a position."""
    if position.line >= len(source.line_starts):
        return len(source.text)
    start = source.line_starts[position.line]
    text = source.line_text(position.line + 1)
    if text.isascii():
        return start + min(position.character, len(text))
    units = 0
    for index, character in enumerate(text):
        if units >= position.character:
            return start + index
        units += _units(character)
    return start + len(text)


def whole_range(source: SourceFile) -> Range:
    """The whole document."""
    return Range(Position(0, 0), to_position(source, len(source.text)))


def _units(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2
