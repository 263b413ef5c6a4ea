"""What declarations cost: the reports on memory and checks of the saved program, for the editor.

Comes in: analysed files whose text is on disk. Goes out: notes about declarations. Promises: the
reports are made by processes of their own, so that answers do not wait for them; they are
remembered by the text of each declaration, so that notes stay right while other declarations are
edited and vanish when the declaration itself is.
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

_COUNTED = {"allocation": "allocations", "copy": "copies"}
_STATES = ("remaining", "versioned", "proven")
"""Of a check, the worst first: a function may be compiled for several types."""


@dataclass(frozen=True, slots=True)
class Note:
    """A remark about a stretch of text, counted from the start of its declaration. `kind`: what
    memory is used for, or the state of a check."""

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
    """The remarks about a program that is saved as it is here, on memory and then on checks."""
    if not _is_saved(source):
        return None
    memory = _explained(source.path, "--memory")
    checks = _explained(source.path, "--checks") if memory is not None else None
    if memory is None or checks is None:
        return None
    return [*_remarks_of_memory(source.path, memory), *_remarks_of_checks(source.path, checks)]


def _explained(path: str, option: str) -> list[dict[str, Any]] | None:
    command = [sys.executable, "-m", "clef", "explain", option, path]
    outcome = run([*command, "--message-format", "json"], time_limit=TIME_LIMIT)
    if not outcome.succeeded:
        return None
    return cast("list[dict[str, Any]]", json.loads(outcome.output))


def _remarks_of_memory(path: str, report: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """All but those on checks, which the other report knows more of."""
    for function in report:
        if function["file"] == path:
            yield from (one for one in function["remarks"] if one["kind"] != "check")


def _remarks_of_checks(path: str, report: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Each check once, in the worst state that it has for any type."""
    worst: dict[tuple[Any, ...], dict[str, Any]] = {}
    for function in (one for one in report if one["file"] == path):
        for check in function["checks"]:
            place = (check["line"], check["column"], check["end_line"], check["end_column"])
            known = worst.setdefault((*place, check["kind"]), check)
            if _STATES.index(check["state"]) < _STATES.index(known["state"]):
                worst[(*place, check["kind"])] = check
    for check in worst.values():
        yield {**check, "kind": check["state"], "text": _said_of(check)}


def _said_of(check: dict[str, Any]) -> str:
    match check["state"]:
        case "proven":
            return f"check of {check['kind']}: proven, a release leaves it out"
        case "versioned":
            return f"check of {check['kind']}: made once, in front of the loop"
        case _:
            reason = f": {check['reason']}" if check["reason"] else ""
            return f"check of {check['kind']}: remains{reason}"


def summary(notes: list[Note]) -> str:
    """How much a declaration allocates and copies."""
    counts = [(kind, sum(note.kind == kind for note in notes)) for kind in _COUNTED]
    parts = [
        f"{count} {kind if count == 1 else _COUNTED[kind]}"
        for kind, count in counts
        if count or kind == "allocation"
    ]
    return ", ".join(parts).replace("0 allocations", "no allocation")


def proofs(notes: list[Note]) -> str:
    """What remains to be proven of a declaration; nothing where it checks nothing."""
    remaining = sum(note.kind == "remaining" for note in notes)
    proven = sum(note.kind in ("proven", "versioned") for note in notes)
    if not remaining:
        return f"{_checks(proven)} proven" if proven else ""
    verb = "remains" if remaining == 1 else "remain"
    return f"{_checks(remaining)} {verb} to be proven" + (f", {proven} proven" if proven else "")


def _checks(count: int) -> str:
    return f"{count} check{'' if count == 1 else 's'}"


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


def _by_declaration(file: FileAnalysis, report: list[Any]) -> Iterator[tuple[str, list[Note]]]:
    """The notes of one file by the text of their declarations. What was found for several types is
    told of once."""
    remarks = {
        (_offset(file.source, r, ""), _offset(file.source, r, "end_"), r["kind"], r["text"])
        for r in cast("list[dict[str, Any]]", report)
    }
    for span in declarations(file):
        inside = [r for r in sorted(remarks) if span.start <= r[0] < span.end]
        notes = [Note(r[0] - span.start, r[1] - span.start, r[2], r[3]) for r in inside]
        yield file.source.text[span.start : span.end], notes


def _offset(source: SourceFile, remark: dict[str, Any], prefix: str) -> int:
    line, column = int(remark[f"{prefix}line"]), int(remark[f"{prefix}column"])
    return source.line_starts[line - 1] + column - 1
