"""Findings about what a library offers to C and Python (E10xx).

Comes in: facts. Goes out: diagnostics. Promises: see `clef.diagnostics`.
"""

from __future__ import annotations

from typing import ClassVar

from clef.data_classes import dataclass
from clef.diagnostics.diagnostic import Diagnostic, Label


@dataclass(frozen=True, slots=True)
class CannotExport(Diagnostic):
    """A function is marked `[<Export>]`, but C has no counterpart of one of its types.

    Numbers, `bool`, `char`, enumerations, pointers, strings, records and tuples of those, arrays
    and spans of what C lays out in the same way, and parameters that are functions of numbers can
    be passed. Generic functions have no code of their own.

    Situation:
        [<Export("total")>]
        let total (xs: int list) : int = List.sum xs   // and `clef build --kind shared`

    Instead:
        [<Export("total")>]
        let total (xs: int[]) : int = Array.sum xs
    """

    code: ClassVar[str] = "E1001"

    function: str
    reason: str

    def title(self) -> str:
        """See `Diagnostic.title`."""
        return f"`{self.function}` cannot be exported"

    def labels(self) -> list[Label]:
        """See `Diagnostic.labels`."""
        return [Label(self.span, self.reason)]

    def hint(self) -> str | None:
        """See `Diagnostic.hint`."""
        return "write a function around it that takes numbers, strings, arrays or structs"


@dataclass(frozen=True, slots=True)
class ExportedTwice(Diagnostic):
    """Two functions of a library have the same name in C.

    Without `[<Export("name")>]` the name is made of the library's name, the names of the modules
    and the function's own. Every library also has functions of its own, such as
    `NAME_last_error` and `NAME_release`.

    Situation:
        [<Export("area")>]
        let circle (radius: float) = 3.14 * radius * radius
        [<Export("area")>]
        let square (side: float) = side * side

    Instead:
        [<Export("circle_area")>]
        let circle (radius: float) = 3.14 * radius * radius
        [<Export("square_area")>]
        let square (side: float) = side * side
    """

    code: ClassVar[str] = "E1002"

    name: str
    other: str

    def title(self) -> str:
        """See `Diagnostic.title`."""
        return f"the C name `{self.name}` is taken"

    def labels(self) -> list[Label]:
        """See `Diagnostic.labels`."""
        return [Label(self.span, f"{self.other} has it already")]

    def hint(self) -> str | None:
        """See `Diagnostic.hint`."""
        return 'give this one another name: `[<Export("name")>]`'


@dataclass(frozen=True, slots=True)
class NothingToExport(Diagnostic):
    """A library was asked for, but nothing of the program can be called from outside.

    Situation:
        clef build --kind shared main.clef   // where every function is private or generic

    Instead:
        mark functions with `[<Export("name")>]`, or give public ones types that C knows
    """

    code: ClassVar[str] = "E1003"

    reasons: tuple[tuple[str, str], ...]

    def title(self) -> str:
        """See `Diagnostic.title`."""
        return "the library would offer nothing"

    def hint(self) -> str | None:
        """See `Diagnostic.hint`."""
        if self.reasons:
            name, reason = self.reasons[0]
            return f"`{name}`: {reason}"
        return 'mark a function with `[<Export("name")>]`'


@dataclass(frozen=True, slots=True)
class NotAProgram(Diagnostic):
    """A library was to be run. It has functions for others to call, and no beginning of its own.

    Situation:
        clef run   // in a project with `output_kind = "library"`

    Instead:
        build it, or write a program that has the library among its dependencies
    """

    code: ClassVar[str] = "E1004"

    name: str

    def title(self) -> str:
        """See `Diagnostic.title`."""
        return f"`{self.name}` is a library"

    def hint(self) -> str | None:
        """See `Diagnostic.hint`."""
        return "`clef build` makes it; `clef test` runs its tests"


@dataclass(frozen=True, slots=True)
class LibraryTarget(Diagnostic):
    """Libraries can be made for the Linux targets. A WebAssembly module has no C program around it
    that could call it.

    Situation:
        clef build --kind shared --target wasm32-wasi geometry.clef

    Instead:
        clef build --kind shared --target aarch64-linux geometry.clef
    """

    code: ClassVar[str] = "E1005"

    target: str

    def title(self) -> str:
        """See `Diagnostic.title`."""
        return f"libraries cannot be made for `{self.target}` yet"

    def hint(self) -> str | None:
        """See `Diagnostic.hint`."""
        return "choose one of the Linux targets, or build a program"
