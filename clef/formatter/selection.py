"""A part of a file formatted, and the changes of a file as edits.

Comes in: a text, and a range of it. Goes out: edits: a range and what takes its place. Promises:
the declarations that the range touches are formatted and nothing else is; after the edits the file
has the same tree, or there are none.
"""

from __future__ import annotations

from collections.abc import Iterator

from clef.data_classes import dataclass
from clef.formatter.comparison import Container, different_declarations
from clef.formatter.formatting import format_text
from clef.formatter.settings import Settings
from clef.source import SourceFile
from clef.syntax import tree
from clef.syntax.parser import parse


@dataclass(frozen=True, slots=True)
class Edit:
    """`text` in the place of the characters from `start` to `end`."""

    start: int
    end: int
    text: str


def whole_file_edits(text: str, new: str) -> list[Edit]:
    """One edit of the lines between the first and the last that differ; none if nothing does."""
    if text == new:
        return []
    old_lines, new_lines = text.splitlines(True), new.splitlines(True)
    most = min(len(old_lines), len(new_lines))
    before = 0
    while before < most and old_lines[before] == new_lines[before]:
        before += 1
    after = 0
    while after < most - before and old_lines[-1 - after] == new_lines[-1 - after]:
        after += 1
    start = sum(map(len, old_lines[:before]))
    end = len(text) - sum(map(len, old_lines[len(old_lines) - after :]))
    return [Edit(start, end, "".join(new_lines[before : len(new_lines) - after]))]


def _column(text: str, node: tree.Node) -> int:
    return node.span.start - text.rfind("\n", 0, node.span.start) - 1


def _pairs(
    first: Container, second: Container, texts: tuple[str, str], start: int, end: int
) -> Iterator[tuple[tree.Node, tree.Node]]:
    """The declarations that a range touches, with their counterparts; those of a module one by
    one as long as none of them moves to another column."""
    for left, right in zip(first.declarations, second.declarations, strict=True):
        if left.span.start > end or left.span.end < start:
            continue
        if isinstance(left, Container) and isinstance(right, Container):
            inner = list(zip(left.declarations, right.declarations, strict=True))
            if inner and all(_column(texts[0], a) == _column(texts[1], b) for a, b in inner):
                yield from _pairs(left, right, texts, start, end)
                continue
        yield left, right


def format_range(
    text: str,
    start: int,
    end: int,
    settings: Settings,
    path: str = "",
    symbols: frozenset[str] = frozenset(),
) -> list[Edit]:
    """The edits that format the declarations between two places."""
    new = format_text(text, settings, path, symbols).text
    if new == text:
        return []
    old_file, _ = parse(SourceFile(path, text), symbols)
    new_file, _ = parse(SourceFile(path, new), symbols)
    if different_declarations(old_file, new_file, (text, new)) != []:
        return []
    edits = [
        Edit(left.span.start, left.span.end, new[right.span.start : right.span.end])
        for left, right in _pairs(old_file, new_file, (text, new), start, end)
    ]
    edits = [edit for edit in edits if text[edit.start : edit.end] != edit.text]
    result, found = parse(SourceFile(path, applied(text, edits)), symbols)
    is_same = not found or len(found) == len(parse(SourceFile(path, text), symbols)[1])
    if not is_same or different_declarations(old_file, result, (text, "")) != []:
        return []
    return edits


def applied(text: str, edits: list[Edit]) -> str:
    """The text after the edits, which do not overlap."""
    for edit in sorted(edits, key=lambda each: -each.start):
        text = text[: edit.start] + edit.text + text[edit.end :]
    return text
