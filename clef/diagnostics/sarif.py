"""Messages as one SARIF 2.1.0 log, for code scanning services and editors.

Comes in: the diagnostics of a run. Goes out: the text of the log. Promises: the properties that the
OASIS standard requires, columns in Unicode code points, file names as relative URI references where
they are relative.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from urllib.parse import quote

from clef.diagnostics.diagnostic import Diagnostic, Label, Severity
from clef.diagnostics.sources import Sources, place_of
from clef.source import Span

_LEVEL = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "note"}
_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json"


def _uri(path: str) -> str:
    forward = path.replace("\\", "/")
    return "file://" + quote(forward) if forward.startswith("/") else quote(forward)


def _region(span: Span, sources: Sources) -> dict[str, object]:
    place = place_of(span, sources)
    return {
        "startLine": place.line,
        "startColumn": place.column,
        "endLine": place.end_line,
        "endColumn": place.end_column,
    }


def _location(span: Span, sources: Sources, text: str = "") -> dict[str, object]:
    physical: dict[str, object] = {"artifactLocation": {"uri": _uri(span.path)}}
    if span.path in sources:
        physical["region"] = _region(span, sources)
    location: dict[str, object] = {"physicalLocation": physical}
    if text:
        location["message"] = {"text": text}
    return location


def _message(diagnostic: Diagnostic, labels: list[Label]) -> str:
    lines = [diagnostic.title()]
    lines += [label.text for label in labels if label.primary and label.text]
    lines += diagnostic.notes()
    hint = diagnostic.hint()
    return "\n".join([*lines, f"hint: {hint}"] if hint else lines)


def _result(diagnostic: Diagnostic, rule: int, sources: Sources) -> dict[str, object]:
    labels = diagnostic.labels()
    result: dict[str, object] = {
        "ruleId": diagnostic.code,
        "ruleIndex": rule,
        "level": _LEVEL[diagnostic.severity],
        "message": {"text": _message(diagnostic, labels)},
    }
    if diagnostic.span.path:
        result["locations"] = [_location(diagnostic.span, sources)]
    related = [
        {"id": index, **_location(label.span, sources, label.text)}
        for index, label in enumerate((lb for lb in labels if not lb.primary), 1)
    ]
    if related:
        result["relatedLocations"] = related
    fixes = [_fix(f.title, f.edits, sources) for f in diagnostic.fixes()]
    if fixes:
        result["fixes"] = fixes
    return result


def _fix(title: str, edits: tuple[tuple[Span, str], ...], sources: Sources) -> dict[str, object]:
    by_file: dict[str, list[dict[str, object]]] = {}
    for span, text in edits:
        replacement: dict[str, object] = {
            "deletedRegion": _region(span, sources),
            "insertedContent": {"text": text},
        }
        by_file.setdefault(span.path, []).append(replacement)
    changes = [
        {"artifactLocation": {"uri": _uri(path)}, "replacements": replacements}
        for path, replacements in by_file.items()
    ]
    return {"description": {"text": title}, "artifactChanges": changes}


def sarif_log(diagnostics: Sequence[Diagnostic], sources: Sources, version: str) -> str:
    """The whole log."""
    codes = sorted({diagnostic.code for diagnostic in diagnostics})
    index = {code: position for position, code in enumerate(codes)}
    names = {diagnostic.code: type(diagnostic).__name__ for diagnostic in diagnostics}
    rules = [
        {"id": code, "name": names[code], "help": {"text": f"clef explain {code}"}}
        for code in codes
    ]
    driver: dict[str, object] = {"name": "clef", "version": version, "rules": rules}
    run: dict[str, object] = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(d, index[d.code], sources) for d in diagnostics],
    }
    log = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, indent=2, ensure_ascii=True) + "\n"
