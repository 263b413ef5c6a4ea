"""The checks of a program for people and for tools: text, JSON, and a page.

Comes in: function reports and the sources. Goes out: text. Promises: checks that remain come with
their place and with what is not known there.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from clef.command_line.source_page import Said, source_page
from clef.diagnostics.report import counted
from clef.source import SourceFile
from clef.value_ranges.report import STATES, Check, FunctionChecks, totals

Sources = Mapping[str, SourceFile]
_IN_WORDS = {
    "proven": "{} proven and removed",
    "versioned": "{} asked once before a loop",
    "remaining": "{} remaining",
}


def as_text(
    reports: Sequence[FunctionChecks], sources: Sources, library: Sequence[FunctionChecks] = ()
) -> str:
    """A paragraph for each function, a line for each check that remains; of the library's
    functions the figures."""
    parts = [_function_text(report, sources) for report in reports]
    lines = [in_all(reports)]
    if library:
        functions = counted(len(library), "function")
        lines.append(f"beside them, in {functions} of the library: {in_all(library)}")
    return "\n".join([*parts, *lines]) + "\n"


def in_all(reports: Sequence[FunctionChecks]) -> str:
    """The figures in one line."""
    counts = totals(reports)
    if not reports:
        return "no checks"
    return f"{counted(sum(counts.values()), 'check')}: {_counts(counts)}"


def _counts(counts: Mapping[str, int]) -> str:
    return ", ".join(_IN_WORDS[state].format(counts[state]) for state in STATES if counts[state])


def _function_text(report: FunctionChecks, sources: Sources) -> str:
    source = sources[report.span.path]
    line = source.position(report.span.start)[0]
    counts = {state: report.count(state) for state in STATES}
    lines = [f"{report.name}  {report.span.path}:{line}", f"  {_counts(counts)}"]
    for check in report.checks:
        if check.state == "remaining":
            row, column = source.position(check.span.start)
            place = f"{row}:{column}"
            lines.append(f"  {place:>8}  {check.kind:<17} {check.reason}")
    return "\n".join(lines) + "\n"


def as_json(reports: Sequence[FunctionChecks], sources: Sources) -> str:
    """The same as data."""
    return json.dumps([_function_data(report, sources) for report in reports], indent=2) + "\n"


def _function_data(report: FunctionChecks, sources: Sources) -> dict[str, object]:
    source = sources[report.span.path]
    return {
        "name": report.name,
        "file": report.span.path,
        "line": source.position(report.span.start)[0],
        "counts": {state: report.count(state) for state in STATES},
        "checks": [_check_data(check, source) for check in report.checks],
    }


def _check_data(check: Check, source: SourceFile) -> dict[str, object]:
    line, column = source.position(check.span.start)
    end_line, end_column = source.position(check.span.end)
    return {
        "kind": check.kind,
        "state": check.state,
        "reason": check.reason or None,
        "line": line,
        "column": column,
        "end_line": end_line,
        "end_column": end_column,
    }


def as_page(reports: Sequence[FunctionChecks], sources: Sources) -> str:
    """The sources with the checks of every line beside it."""
    said: Said = {}
    for report in reports:
        lines = said.setdefault(report.span.path, {})
        for check in report.checks:
            line = sources[report.span.path].position(check.span.start)[0]
            text = f"{check.kind}: {check.reason}" if check.reason else check.kind
            lines.setdefault(line, {})[check.state, text] = None
    title = "Which checks remain"
    return source_page("Checks", title, in_all(reports), STATES, said, sources)
