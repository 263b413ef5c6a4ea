"""The base of every diagnostic.

Comes in: what a stage found. Goes out: title, labels, notes and a hint, ready for any renderer.
Promises: a code never changes its meaning; the title stands alone, in lower case, without a full
stop; the primary label says what is there, secondary labels say why something else was expected;
the hint is an action. A concrete diagnostic is a frozen slotted dataclass in its family's file; its
docstring is the text of `clef explain` (a paragraph, then `Example:` with a program that yields
exactly this code, then `Instead:` with a mended one).
"""

from __future__ import annotations

from enum import Enum
from typing import ClassVar

from clef.data_classes import dataclass
from clef.source import Span


class Severity(Enum):
    """How bad it is; only errors stop a build."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Label:
    """A remark under a piece of source."""

    span: Span
    text: str
    primary: bool = True


@dataclass(frozen=True, slots=True)
class Fix:
    """Edits that mend the program; a `safe` one keeps the meaning that the user certainly had in
    mind.
    """

    title: str
    edits: tuple[tuple[Span, str], ...]
    safe: bool = False


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding. `span` is where the user should look first; `fsharp` is F#'s number for it, or 0
    where `#nowarn` cannot name it so."""

    code: ClassVar[str]
    severity: ClassVar[Severity] = Severity.ERROR
    fsharp: ClassVar[int] = 0

    span: Span

    @property
    def own_number(self) -> int:
        """The number by which `#nowarn` names this finding too; 0 for none."""
        return self.fsharp

    def title(self) -> str:
        """One line, lower case, no full stop."""
        raise NotImplementedError

    def labels(self) -> list[Label]:
        """The primary label first; secondary labels explain the expectation."""
        return [Label(self.span, "")]

    def notes(self) -> list[str]:
        """Further facts, such as `found` and `expected` types, one a line."""
        return []

    def hint(self) -> str | None:
        """What to do, as an action."""
        return None

    def fixes(self) -> list[Fix]:
        """Edits that a tool may offer or apply."""
        return []
