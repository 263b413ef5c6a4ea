"""Characters, comments, directives and the marks of a line.

Comes in: spans and pieces of the text. Goes out: one class for each mistake, its code an E01xx.
"""

from __future__ import annotations

from typing import ClassVar

from clef.data_classes import dataclass
from clef.diagnostics.diagnostic import Diagnostic, Label, Severity


@dataclass(frozen=True, slots=True)
class UnexpectedCharacter(Diagnostic):
    """A character that no token starts with. Only letters, digits, quotes, brackets and operator
    characters mean something outside comments and strings.

    Example:
        let price = 5 € 2
    Instead:
        let price = 5 * 2
    """

    code: ClassVar[str] = "E0101"
    character: str

    def title(self) -> str:
        return f"the character {self.character!r} cannot stand here"

    def labels(self) -> list[Label]:
        return [Label(self.span, "no token starts with this character")]

    def hint(self) -> str | None:
        return "remove it, or put it into a string or a comment"


@dataclass(frozen=True, slots=True)
class UnterminatedComment(Diagnostic):
    """A block comment whose end is missing. Block comments nest, and a string inside a comment is
    read as a string, so an odd quote inside one hides its end.

    Example:
        (* a note (* with another inside *)
        let x = 1
    Instead:
        (* a note (* with another inside *) *)
        let x = 1
    """

    code: ClassVar[str] = "E0103"

    def title(self) -> str:
        return "this comment is never closed"

    def labels(self) -> list[Label]:
        return [Label(self.span, "the comment starts here")]

    def hint(self) -> str | None:
        return "add *) where the comment should end; comments nest, so each (* needs its own *)"


@dataclass(frozen=True, slots=True)
class TabCharacter(Diagnostic):
    """A tab in the indentation or between tokens. Layout counts columns, and a tab has no width
    that everybody agrees on.

    Situation:
        A line is indented with a tab, or a tab stands between two words outside of strings and
        comments.
    """

    code: ClassVar[str] = "E0108"

    def title(self) -> str:
        return "tabs cannot be used for layout"

    def labels(self) -> list[Label]:
        return [Label(self.span, "a tab")]

    def hint(self) -> str | None:
        return "replace the tab by spaces (most editors do this for the whole file)"


@dataclass(frozen=True, slots=True)
class UnclosedConditional(Diagnostic):
    """An `#if` without its `#endif`.

    Example:
        #if DEBUG
        let level = 2
    Instead:
        #if DEBUG
        let level = 2
        #endif
    """

    code: ClassVar[str] = "E0109"

    def title(self) -> str:
        return "this #if has no #endif"

    def labels(self) -> list[Label]:
        return [Label(self.span, "the conditional part starts here")]

    def hint(self) -> str | None:
        return "add #endif on a line of its own"


@dataclass(frozen=True, slots=True)
class InvalidDirective(Diagnostic):
    """A line with `#` that is no directive, an `#else` or `#endif` without `#if`, or an `#if` whose
    condition is not made of names, `!`, `&&`, `||` and parentheses.

    Example:
        let x = 1
        #endif
    Instead:
        #if CLEF
        let x = 1
        #endif
    """

    code: ClassVar[str] = "E0110"
    problem: str

    def title(self) -> str:
        return self.problem

    def labels(self) -> list[Label]:
        return [Label(self.span, "this directive")]

    def hint(self) -> str | None:
        return "write #if NAME, #else and #endif, each on a line of its own"


@dataclass(frozen=True, slots=True)
class ReservedWord(Diagnostic):
    """A word that the language keeps for later use should not be a name.

    Example:
        let process = 1
    Instead:
        let currentProcess = 1
    """

    code: ClassVar[str] = "W0127"
    severity: ClassVar[Severity] = Severity.WARNING
    fsharp: ClassVar[int] = 46
    word: str

    def title(self) -> str:
        return f"{self.word} is a reserved word"

    def labels(self) -> list[Label]:
        return [Label(self.span, "kept for later use")]

    def hint(self) -> str | None:
        return f"choose another name, or write ``{self.word}``"
