"""Brackets and nesting.

Comes in: spans and pieces of the text. Goes out: one class for each mistake, its code an E01xx.
"""

from __future__ import annotations

from typing import ClassVar

from clef.data_classes import dataclass
from clef.diagnostics.diagnostic import Diagnostic, Label
from clef.source import Span


@dataclass(frozen=True, slots=True)
class UnclosedBracket(Diagnostic):
    """A bracket that is still open where a new declaration starts, or at the end of the file.

    Example:
        let xs = [1; 2
        let ys = [3]
    Instead:
        let xs = [1; 2]
        let ys = [3]
    """

    code: ClassVar[str] = "E0111"
    opener: str
    closer: str
    noticed: Span

    def title(self) -> str:
        return f"this {self.opener} is never closed"

    def labels(self) -> list[Label]:
        return [
            Label(self.span, "opened here"),
            Label(self.noticed, f"{self.closer} should come before this", primary=False),
        ]

    def hint(self) -> str | None:
        return f"add {self.closer}"


@dataclass(frozen=True, slots=True)
class UnmatchedBracket(Diagnostic):
    """A closing bracket without an open one.

    Example:
        let x = 1)
    Instead:
        let x = (1)
    """

    code: ClassVar[str] = "E0112"
    closer: str

    def title(self) -> str:
        return f"this {self.closer} closes nothing"

    def labels(self) -> list[Label]:
        return [Label(self.span, "no bracket is open here")]

    def hint(self) -> str | None:
        return f"remove {self.closer}, or add what it should close"


@dataclass(frozen=True, slots=True)
class MismatchedBracket(Diagnostic):
    """A closing bracket of another kind than the open one.

    Example:
        let xs = [1; 2)
    Instead:
        let xs = [1; 2]
    """

    code: ClassVar[str] = "E0113"
    closer: str
    expected: str
    opened: Span

    def title(self) -> str:
        return f"found {self.closer} where {self.expected} should close the bracket"

    def labels(self) -> list[Label]:
        return [
            Label(self.span, f"expected {self.expected}"),
            Label(self.opened, "opened here", primary=False),
        ]

    def hint(self) -> str | None:
        return f"write {self.expected} instead of {self.closer}"


@dataclass(frozen=True, slots=True)
class NestingTooDeep(Diagnostic):
    """Code nested deeper than the compiler follows. Only generated code gets here; a list or a name
    for each part makes it flat.

    Situation:
        A generated file with several thousand brackets, or as many operators to the right, inside
        each other.
    """

    code: ClassVar[str] = "E0114"
    limit: int

    def title(self) -> str:
        return f"this is nested more than {self.limit} levels deep"

    def labels(self) -> list[Label]:
        return [Label(self.span, "the level that is too deep starts here")]

    def hint(self) -> str | None:
        return "give inner parts a name with let"
