"""Which messages a run shows, and in which order.

Comes in: the findings of all stages, in the order of the stages. Goes out: an ordered list without
repetitions. Promises: one cause gives one message (the same finding twice, or a later stage's
complaint about exactly the piece of source that an earlier stage has already refused, is dropped);
the order depends only on the places.
"""

from __future__ import annotations

from collections.abc import Iterable

from clef.data_classes import dataclass
from clef.diagnostics.diagnostic import Diagnostic, Severity
from clef.diagnostics.sources import Sources

_RANK = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTE: 2}


@dataclass(frozen=True, slots=True)
class Counts:
    """How many errors and warnings a run found."""

    errors: int
    warnings: int


def count(diagnostics: Iterable[Diagnostic]) -> Counts:
    """Errors and warnings among the findings."""
    severities = [diagnostic.severity for diagnostic in diagnostics]
    return Counts(severities.count(Severity.ERROR), severities.count(Severity.WARNING))


def has_errors(diagnostics: Iterable[Diagnostic]) -> bool:
    """Whether the build must stop."""
    return any(diagnostic.severity is Severity.ERROR for diagnostic in diagnostics)


def _without_repetitions(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    seen: set[tuple[str, str, int, int]] = set()
    refused: set[tuple[str, int, int]] = set()
    kept: list[Diagnostic] = []
    for diagnostic in diagnostics:
        span = diagnostic.span
        place = (span.path, span.start, span.end)
        key = (diagnostic.code, *place)
        if span.end > span.start:
            if key in seen or (diagnostic.severity is Severity.ERROR and place in refused):
                continue
            if diagnostic.severity is Severity.ERROR:
                refused.add(place)
        elif (key := (f"{diagnostic.code} {diagnostic.title()}", *place)) in seen:
            continue
        seen.add(key)
        kept.append(diagnostic)
    return kept


def arrange(diagnostics: Iterable[Diagnostic], sources: Sources) -> list[Diagnostic]:
    """Without repetitions; by file in the order in which the files were read, then by place."""
    order = {path: index for index, path in enumerate(sources)}
    after = len(order)
    return sorted(
        _without_repetitions(diagnostics),
        key=lambda d: (
            order.get(d.span.path, after),
            d.span.path,
            d.span.start,
            _RANK[d.severity],
            d.code,
        ),
    )


def limited(diagnostics: list[Diagnostic], limit: int) -> list[Diagnostic]:
    """The first `limit` of an arranged list (0: all), errors before warnings if not all of them
    fit.
    """
    if limit <= 0 or len(diagnostics) <= limit:
        return diagnostics
    errors = [index for index, d in enumerate(diagnostics) if d.severity is Severity.ERROR]
    others = [index for index, d in enumerate(diagnostics) if d.severity is not Severity.ERROR]
    return [diagnostics[index] for index in sorted((errors + others)[:limit])]
