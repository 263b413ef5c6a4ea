"""A diagnostic made to order, for tests of the renderers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from clef.diagnostics import Diagnostic, Fix, Label, Severity
from clef.source import SourceFile, Span


@dataclass(frozen=True, slots=True)
class Finding(Diagnostic):
    """Says whatever the test wants it to say."""

    code: ClassVar[str] = "E0312"

    what: str = "these two branches have different types"
    marks: tuple[Label, ...] = ()
    facts: tuple[str, ...] = ()
    advice: str | None = None
    mends: tuple[Fix, ...] = field(default=())

    def title(self) -> str:
        return self.what

    def labels(self) -> list[Label]:
        return list(self.marks) or [Label(self.span, "")]

    def notes(self) -> list[str]:
        return list(self.facts)

    def hint(self) -> str | None:
        return self.advice

    def fixes(self) -> list[Fix]:
        return list(self.mends)


@dataclass(frozen=True, slots=True)
class Remark(Finding):
    """The same as a warning."""

    code: ClassVar[str] = "W0401"
    severity: ClassVar[Severity] = Severity.WARNING


def span_of(source: SourceFile, text: str, number: int = 1) -> Span:
    """The span of the n-th occurrence of a text."""
    start = -1
    for _ in range(number):
        start = source.text.index(text, start + 1)
    return source.span(start, start + len(text))
