"""What declarations cost: the memory report of the saved program, kept for the editor.

Comes in: analysed files whose text is on disk. Goes out: notes about declarations. Promises: the
report is made by a process of its own, so that answers do not wait for it; it is remembered by the
text of each declaration, so that notes stay right while other declarations are edited and vanish
when the declaration itself is.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

from clef.data_classes import dataclass
from clef.language_server.file_analysis import FileAnalysis
from clef.source import SourceFile, Span
from clef.syntax import tree
from clef.syntax.traversal import walk
from clef.toolchain.process import run

TIME_LIMIT = 60.0
"""Seconds that a report may take."""

_COUNTED = {"allocation": "allocations", "copy": "copies", "check": "checks"}


@dataclass(frozen=True, slots=True)
class Note:
    """A remark about a stretch of text, counted from the start of its declaration."""

    start: int
    end: int
    kind: str
    text: str


class Placement:
    """The notes of every file that has been looked at."""

    def __init__(self) -> None:
        self._notes: dict[str, dict[str, list[Note]]] = {}

    def take(self, file: FileAnalysis, text: str, report: list[Any]) -> bool:
        """Keep a report about this text of a file; whether it still is its text."""
        if file.source.text != text:
            return False
        self._notes[file.source.path] = dict(_by_declaration(file, report))
        return True

    def about(self, file: FileAnalysis, declaration: Span) -> list[Note] | None:
        """The notes about a declaration; None where nothing is known about its present text."""
        text = file.source.text[declaration.start : declaration.end]
        return self._notes.get(file.source.path, {}).get(text)

    def at(self, file: FileAnalysis, offset: int) -> list[str]:
        """The remarks about the smallest stretch of text around an offset."""
        for span in declarations(file):
            if span.start <= offset < span.end:
                place = offset - span.start
                around = [n for n in self.about(file, span) or () if n.start <= place < n.end]
                smallest = min((n.end - n.start for n in around), default=0)
                return [n.text for n in around if n.end - n.start == smallest]
        return []


def report_of(source: SourceFile) -> list[Any] | None:
    """The report about a program that is saved as it is here."""
    if not _is_saved(source):
        return None
    command = [sys.executable, "-m", "clef", "explain", "--memory", source.path]
    outcome = run([*command, "--message-format", "json"], time_limit=TIME_LIMIT)
    return cast("list[Any]", json.loads(outcome.output)) if outcome.succeeded else None


def summary(notes: list[Note]) -> str:
    """How much a declaration allocates, copies and checks."""
    counts = [(kind, sum(note.kind == kind for note in notes)) for kind in _COUNTED]
    parts = [
        f"{count} {kind if count == 1 else _COUNTED[kind]}"
        for kind, count in counts
        if count or kind == "allocation"
    ]
    return ", ".join(parts).replace("0 allocations", "no allocation")


def declarations(file: FileAnalysis) -> Iterator[Span]:
    """The bindings of modules and the members of types."""
    for node in walk(file.tree):
        if isinstance(node, tree.LetDeclaration):
            for binding in node.bindings:
                yield binding.span
        elif isinstance(node, tree.MethodMember | tree.PropertyMember):
            yield node.span


def _is_saved(source: SourceFile) -> bool:
    try:
        return Path(source.path).read_text(encoding="utf-8-sig") == source.text
    except (OSError, UnicodeDecodeError):
        return False


def _by_declaration(file: FileAnalysis, report: Any) -> Iterator[tuple[str, list[Note]]]:
    """The notes of one file by the text of their declarations. A function that was compiled for
    several types is told of once."""
    remarks = {
        (_offset(file.source, r, ""), _offset(file.source, r, "end_"), r["kind"], r["text"])
        for function in cast("list[dict[str, Any]]", report)
        if function["file"] == file.source.path
        for r in function["remarks"]
    }
    for span in declarations(file):
        inside = [r for r in sorted(remarks) if span.start <= r[0] < span.end]
        notes = [Note(r[0] - span.start, r[1] - span.start, r[2], r[3]) for r in inside]
        yield file.source.text[span.start : span.end], notes


def _offset(source: SourceFile, remark: dict[str, Any], prefix: str) -> int:
    line, column = int(remark[f"{prefix}line"]), int(remark[f"{prefix}column"])
    return source.line_starts[line - 1] + column - 1
