"""What .NET and FSharp.Core have and Clef does not: E022x."""

from __future__ import annotations

from typing import ClassVar

from clef.data_classes import dataclass
from clef.diagnostics.diagnostic import Diagnostic, Label, Severity


@dataclass(frozen=True, slots=True)
class NotProvided(Diagnostic):
    """The program uses a part of .NET or FSharp.Core that Clef does not have yet.

    The name is right: with F# on .NET it means a type, a function or a member. Clef's library has
    the parts that programs without a runtime need; the table of what is covered stands in the
    documentation. What is missing can often be written in a few lines of Clef, or be a C function
    (`[<DllImport>]`). With `#if CLEF` a source can serve both.

    Example:

        let client = new System.Net.Http.HttpClient()

    Instead:

        let fetch (url: string) : string = failwith ("no network here: " + url)
    """

    code: ClassVar[str] = "E0220"

    path: str
    instead: str = ""

    def title(self) -> str:
        return f"not provided yet: {self.path}"

    def labels(self) -> list[Label]:
        return [Label(self.span, "F# on .NET has this, Clef does not")]

    def hint(self) -> str | None:
        return (
            self.instead
            or "write it in Clef, call a C function, or leave this part out with `#if CLEF`"
        )


@dataclass(frozen=True, slots=True)
class NamespaceNotProvided(Diagnostic):
    """A namespace of .NET is opened of which Clef has nothing yet.

    The program goes on without it. Each use of what the namespace would hold is an error of its own
    (E0220).

    Example:

        open System.Net.Http
        printfn "offline"

    Instead:

        printfn "offline"
    """

    code: ClassVar[str] = "W0221"
    severity: ClassVar[Severity] = Severity.WARNING

    path: str

    def title(self) -> str:
        return f"not provided yet: the namespace {self.path}"

    def labels(self) -> list[Label]:
        return [Label(self.span, "nothing of it is here")]

    def hint(self) -> str | None:
        return "take the line away if nothing of it is used"
