"""Messages for programs: one JSON object a line, with a version.

Comes in: diagnostics, or the counts of a run. Goes out: lines of JSON. Promises, for `"version":
1`: every object has `version` and `kind`; `kind` is `diagnostic` or `summary`; fields may be added,
none change their meaning.

`diagnostic`: `code`, `severity` (`error`, `warning`, `note`), `title`, `place` (or null when there
is no file), `labels` (each `text`, `primary`, `place`), `notes`, `hint` (or null), `fixes` (each
`title`, `safe`, `edits` with `place` and `replacement`), `explain` (the command that tells more). A
`place` has `path`, `start` and `end`, the end exclusive, each with `offset` (characters from 0),
`line` and `column` (from 1, in characters, not bytes).

`summary`: `errors`, `warnings`, `files`, `seconds`. It is the last line of a run.
"""

from __future__ import annotations

import json

from clef.diagnostics.arrangement import Counts
from clef.diagnostics.diagnostic import Diagnostic
from clef.diagnostics.sources import Sources, place_of
from clef.source import Span

VERSION = 1


def _place(span: Span, sources: Sources) -> dict[str, object] | None:
    if not span.path:
        return None
    place = place_of(span, sources)
    return {
        "path": span.path,
        "start": {"offset": span.start, "line": place.line, "column": place.column},
        "end": {"offset": span.end, "line": place.end_line, "column": place.end_column},
    }


def _line(fields: dict[str, object]) -> str:
    return json.dumps(fields, ensure_ascii=True, separators=(",", ":")) + "\n"


def diagnostic_line(diagnostic: Diagnostic, sources: Sources) -> str:
    """One diagnostic as a line of JSON."""
    labels = [
        {"text": label.text, "primary": label.primary, "place": _place(label.span, sources)}
        for label in diagnostic.labels()
    ]
    fixes = [
        {
            "title": fix.title,
            "safe": fix.safe,
            "edits": [
                {"place": _place(span, sources), "replacement": text} for span, text in fix.edits
            ],
        }
        for fix in diagnostic.fixes()
    ]
    return _line(
        {
            "version": VERSION,
            "kind": "diagnostic",
            "code": diagnostic.code,
            "severity": diagnostic.severity.value,
            "title": diagnostic.title(),
            "place": _place(diagnostic.span, sources),
            "labels": labels,
            "notes": diagnostic.notes(),
            "hint": diagnostic.hint(),
            "fixes": fixes,
            "explain": f"clef explain {diagnostic.code}",
        }
    )


def summary_line(counts: Counts, files: int, seconds: float) -> str:
    """The last line of a run."""
    return _line(
        {
            "version": VERSION,
            "kind": "summary",
            "errors": counts.errors,
            "warnings": counts.warnings,
            "files": files,
            "seconds": round(seconds, 3),
        }
    )
