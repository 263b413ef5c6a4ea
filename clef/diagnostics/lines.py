"""Messages of one line each: `short` for editors and `github` for workflow annotations.

Comes in: one diagnostic and the files that were read. Goes out: one line of text. Promises: exactly
one line, whatever the texts contain.
"""

from __future__ import annotations

from clef.diagnostics.columns import printable
from clef.diagnostics.diagnostic import Diagnostic, Severity
from clef.diagnostics.sources import Sources, place_of

_GITHUB = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}


def short(diagnostic: Diagnostic, sources: Sources) -> str:
    """`file:line:column: code: title`."""
    place = place_of(diagnostic.span, sources)
    title = " ".join(printable(diagnostic.title()).split("\n"))
    return f"{place.path or 'clef'}:{place.line}:{place.column}: {diagnostic.code}: {title}\n"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def github(diagnostic: Diagnostic, sources: Sources) -> str:
    """A workflow command that GitHub shows at the line in question."""
    place = place_of(diagnostic.span, sources)
    properties = {
        "file": place.path,
        "line": str(place.line),
        "col": str(place.column),
        "endLine": str(place.end_line),
        "endColumn": str(place.end_column),
        "title": f"{diagnostic.code}: {diagnostic.title()}",
    }
    if not place.path:
        properties = {"title": properties["title"]}
    texts = [label.text for label in diagnostic.labels() if label.primary and label.text]
    texts += diagnostic.notes()
    hint = diagnostic.hint()
    texts += [f"hint: {hint}"] if hint else []
    listed = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    message = _data("\n".join(texts) or diagnostic.title())
    return f"::{_GITHUB[diagnostic.severity]} {listed}::{message}\n"
