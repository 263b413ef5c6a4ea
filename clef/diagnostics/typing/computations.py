"""Computation expressions, and what this version lacks.

Comes in: types already printed as the user writes them. Goes out: one class for each mistake, its
code an E03xx.
"""

from __future__ import annotations

from typing import ClassVar

from clef.data_classes import dataclass
from clef.diagnostics.diagnostic import Diagnostic, Label


@dataclass(frozen=True, slots=True)
class MissingBuilderMethod(Diagnostic):
    """A computation expression uses a construct that its builder does not define.

    Example:

        type Maybe() =
            member _.Return x = Some x
        let maybe = Maybe()
        let n = maybe { let! x = Some 1 in return x }

    Instead:

        type Maybe() =
            member _.Bind(value, next) = Option.bind next value
            member _.Return x = Some x
        let maybe = Maybe()
        let n = maybe { let! x = Some 1 in return x }
    """

    code: ClassVar[str] = "E0329"

    construct: str
    method: str
    builder: str

    def title(self) -> str:
        return f"this builder does not allow {self.construct}"

    def labels(self) -> list[Label]:
        return [Label(self.span, f"needs `{self.method}`, which `{self.builder}` does not define")]

    def hint(self) -> str | None:
        return f"add `member _.{self.method}(…)` to `{self.builder}`"


@dataclass(frozen=True, slots=True)
class OutsideComputation(Diagnostic):
    """`yield`, `return`, `let!` and their relatives belong inside a computation expression.

    Example:

        let n = return 1

    Instead:

        let n = async { return 1 }
    """

    code: ClassVar[str] = "E0330"

    construct: str
    is_behind: bool = False
    """Whether it stands behind a `do!` on the same line."""

    def title(self) -> str:
        return f"`{self.construct}` is only allowed inside a computation expression"

    def labels(self) -> list[Label]:
        return [Label(self.span, "")]

    def hint(self) -> str | None:
        if self.is_behind:
            return "begin a new line: what stands behind `do!` on its line belongs to it"
        if self.construct == "return":
            return "a function gives its last expression: leave `return` out"
        return "write `async { … }`, `seq { … }` or another builder around it"


@dataclass(frozen=True, slots=True)
class MissingLibrary(Diagnostic):
    """The compiler needs a definition of the standard library that is not there.

    Situation:
        The standard library is incomplete or is being built.
    """

    code: ClassVar[str] = "E0339"

    symbol: str

    def title(self) -> str:
        return f"the library does not define `{self.symbol}`"

    def labels(self) -> list[Label]:
        return [Label(self.span, "this construct needs it")]


@dataclass(frozen=True, slots=True)
class NotSupportedYet(Diagnostic):
    """A construct of the language that this version does not compile yet.

    Example:

        open System.Runtime.InteropServices

        [<StructLayout(LayoutKind.Explicit)>]
        type Word = { Low: int }

    Instead:

        type Word = { Low: int }
    """

    code: ClassVar[str] = "E0399"

    construct: str
    instead: str = ""

    def title(self) -> str:
        return f"{self.construct} is not supported yet"

    def labels(self) -> list[Label]:
        return [Label(self.span, "")]

    def hint(self) -> str | None:
        return self.instead or None
