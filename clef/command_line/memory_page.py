"""The memory report for people and for tools: text, JSON, and a page.

Comes in: function reports and the sources. Goes out: text. Promises: the same program gives the
same text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence

from clef.command_line.source_page import Said, source_page
from clef.diagnostics.report import counted
from clef.memory_plan.escape_paths import Reason
from clef.memory_plan.report import FunctionReport, Remark
from clef.source import SourceFile

Sources = Mapping[str, SourceFile]
KINDS = ("allocation", "reuse", "circle", "copy", "release", "check", "tail call", "value")


def as_text(reports: Sequence[FunctionReport], sources: Sources) -> str:
    """A paragraph for each function, a line for each remark."""
    parts = [_function_text(report, sources) for report in reports]
    return "\n".join([*parts, totals(reports)]) + "\n"


def totals(reports: Sequence[FunctionReport]) -> str:
    """How many remarks of each kind there are in all."""
    counts = [(kind, sum(report.count(kind) for report in reports)) for kind in KINDS]
    shown = ", ".join(f"{count} {_plural(kind, count)}" for kind, count in counts if count)
    return f"{counted(len(reports), 'function')}: {shown or 'nothing to say'}"


def _plural(kind: str, count: int) -> str:
    if kind == "copy":
        return "copy" if count == 1 else "copies"
    return kind if count == 1 else f"{kind}s"


def _function_text(report: FunctionReport, sources: Sources) -> str:
    source = sources[report.span.path]
    line = source.position(report.span.start)[0]
    lines = [f"{_heading(report)}  {report.span.path}:{line}"]
    for remark in report.remarks:
        row, column = source.position(remark.span.start)
        place = f"{row}:{column}"
        lines.append(f"  {place:>8}  {remark.kind:<10} {remark.text}")
        if remark.reasons:
            shown = (f"{reason.text}{_at(reason, sources)}" for reason in remark.reasons)
            lines.append(f"{'':23}because {'; '.join(shown)}")
    if report.remarks:
        lines.append(f"  in all: {_counts(report)}")
    return "\n".join(lines) + "\n"


def _heading(report: FunctionReport) -> str:
    """A function with its parameters; statements of a module have no name of their own."""
    statement = re.fullmatch(r"(.*)\.do@\d+", report.name)
    if statement is not None:
        return f"{statement[1]}, a statement"
    parameters = ", ".join(
        f"{p.name}: {p.type}{' (borrowed)' if p.is_borrowed else ''}" for p in report.parameters
    )
    name = re.sub(r"/fun\b", ", a function inside ", report.name).rstrip()
    return f"{name}({parameters})"


def _at(reason: Reason, sources: Sources) -> str:
    """The place of a reason, with the file where it is another one."""
    source = sources.get(reason.span.path) if reason.span is not None else None
    if source is None or reason.span is None:
        return ""
    line, column = source.position(reason.span.start)
    return f" ({line}:{column})"


def _counts(report: FunctionReport) -> str:
    counts = [(kind, report.count(kind)) for kind in KINDS]
    return ", ".join(f"{count} {_plural(kind, count)}" for kind, count in counts if count)


def as_json(reports: Sequence[FunctionReport], sources: Sources) -> str:
    """The same as data."""
    return json.dumps([_function_data(report, sources) for report in reports], indent=2) + "\n"


def _function_data(report: FunctionReport, sources: Sources) -> dict[str, object]:
    source = sources[report.span.path]
    return {
        "name": report.name,
        "file": report.span.path,
        "line": source.position(report.span.start)[0],
        "parameters": [
            {"name": p.name, "type": p.type, "borrowed": p.is_borrowed} for p in report.parameters
        ],
        "counts": {kind: report.count(kind) for kind in KINDS},
        "remarks": [_remark_data(remark, source, sources) for remark in report.remarks],
    }


def _reason_data(reason: Reason, sources: Sources) -> dict[str, object]:
    source = sources.get(reason.span.path) if reason.span is not None else None
    if source is None or reason.span is None:
        return {"text": reason.text, "file": None, "line": None, "column": None}
    line, column = source.position(reason.span.start)
    return {"text": reason.text, "file": reason.span.path, "line": line, "column": column}


def _remark_data(remark: Remark, source: SourceFile, sources: Sources) -> dict[str, object]:
    line, column = source.position(remark.span.start)
    end_line, end_column = source.position(remark.span.end)
    return {
        "kind": remark.kind,
        "text": remark.text,
        "bytes": remark.size or None,
        "reasons": [_reason_data(reason, sources) for reason in remark.reasons],
        "line": line,
        "column": column,
        "end_line": end_line,
        "end_column": end_column,
    }


# The page -----------------------------------------------------------------------------------------


def as_page(reports: Sequence[FunctionReport], sources: Sources) -> str:
    """The sources with every remark beside its line."""
    said: Said = {}
    for report in reports:
        lines = said.setdefault(report.span.path, {})
        for remark in report.remarks:
            line = sources[report.span.path].position(remark.span.start)[0]
            lines.setdefault(line, {})[remark.kind, remark.text] = None
    title = "What the program does with memory"
    return source_page("Memory", title, totals(reports), KINDS, said, sources)
