"""Diagnostics as the protocol wants them.

Comes in: the findings about a file. Goes out: protocol diagnostics with related places, and tags on
what is not needed.
"""

from __future__ import annotations

from lsprotocol import types as lsp

from clef.diagnostics.diagnostic import Diagnostic, Severity
from clef.language_server.analysis import ProjectAnalysis
from clef.language_server.file_analysis import FileAnalysis
from clef.language_server.navigation import location
from clef.language_server.positions import to_range
from clef.language_server.unused import unused_locals, unused_opens
from clef.source import Span

_SEVERITIES = {
    Severity.ERROR: lsp.DiagnosticSeverity.Error,
    Severity.WARNING: lsp.DiagnosticSeverity.Warning,
    Severity.NOTE: lsp.DiagnosticSeverity.Information,
}


def messages(project: ProjectAnalysis, file: FileAnalysis) -> list[lsp.Diagnostic]:
    """Everything that there is to say about a file."""
    found = [_message(project, file, one) for one in file.diagnostics]
    found += [_faded(file, node.span, "this `open` is not needed") for node in unused_opens(file)]
    found += [
        _faded(file, occurrence.span, f"`{occurrence.name}` is not used")
        for occurrence in unused_locals(file)
    ]
    return found


def _message(
    project: ProjectAnalysis, file: FileAnalysis, diagnostic: Diagnostic
) -> lsp.Diagnostic:
    labels = diagnostic.labels()
    hint = diagnostic.hint()
    first = labels[0].text if labels else ""
    lines = [diagnostic.title(), first, *diagnostic.notes(), f"hint: {hint}" if hint else ""]
    related: list[lsp.DiagnosticRelatedInformation] = []
    for label in labels[1:]:
        place = location(project, label.span)
        if place is not None:
            related.append(lsp.DiagnosticRelatedInformation(place, label.text))
    span = diagnostic.span if diagnostic.span.path == file.source.path else Span("", 0, 0)
    return lsp.Diagnostic(
        to_range(file.source, span),
        "\n".join(line for line in lines if line),
        severity=_SEVERITIES[diagnostic.severity],
        code=diagnostic.code,
        source="clef",
        related_information=related or None,
    )


def _faded(file: FileAnalysis, span: Span, text: str) -> lsp.Diagnostic:
    return lsp.Diagnostic(
        to_range(file.source, span),
        text,
        severity=lsp.DiagnosticSeverity.Hint,
        source="clef",
        tags=[lsp.DiagnosticTag.Unnecessary],
    )
