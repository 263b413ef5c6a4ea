"""What the authors of code say to those who use it: `[<Obsolete>]` and its relatives; and what they
may have meant otherwise."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from clef.diagnostics.diagnostic import Diagnostic, Label, Severity


@dataclass(frozen=True, slots=True)
class ObsoleteUse(Diagnostic):
    """Something is used whose author says with `[<Obsolete>]` that it should not be any more.

    Example:

        [<System.Obsolete("use area")>]
        let size width height = width * height
        let room = size 3 4

    Instead:

        let area width height = width * height
        let room = area 3 4
    """

    code: ClassVar[str] = "W0379"
    severity: ClassVar[Severity] = Severity.WARNING
    fsharp: ClassVar[int] = 44

    name: str
    text: str

    def title(self) -> str:
        """See `Diagnostic.title`."""
        return f"`{self.name}` is obsolete" + (f": {self.text}" if self.text else "")

    def labels(self) -> list[Label]:
        """See `Diagnostic.labels`."""
        return [Label(self.span, "its author says so")]


@dataclass(frozen=True, slots=True)
class ExperimentalUse(Diagnostic):
    """Something is used that its author calls experimental: it may change or go.

    Example:

        [<Experimental("the order may change")>]
        let parts (text: string) = text.Split ' '
        let words = parts "a b"

    Instead:

        #nowarn "57"
        [<Experimental("the order may change")>]
        let parts (text: string) = text.Split ' '
        let words = parts "a b"
    """

    code: ClassVar[str] = "W0380"
    severity: ClassVar[Severity] = Severity.WARNING
    fsharp: ClassVar[int] = 57

    name: str
    text: str

    def title(self) -> str:
        """See `Diagnostic.title`."""
        return f"`{self.name}` is experimental" + (f": {self.text}" if self.text else "")

    def labels(self) -> list[Label]:
        """See `Diagnostic.labels`."""
        return [Label(self.span, "it may change or go")]

    def hint(self) -> str | None:
        """See `Diagnostic.hint`."""
        return 'write `#nowarn "57"` if you know'


@dataclass(frozen=True, slots=True)
class MessageOfUse(Diagnostic):
    """The author of something that is used has a message for its users: `[<CompilerMessage>]`.

    Example:

        [<CompilerMessage("this reads the whole file", 9001)>]
        let text path = System.IO.File.ReadAllText path
        let all () = text "a.txt"

    Instead:

        #nowarn "9001"
        [<CompilerMessage("this reads the whole file", 9001)>]
        let text path = System.IO.File.ReadAllText path
        let all () = text "a.txt"
    """

    code: ClassVar[str] = "W0381"
    severity: ClassVar[Severity] = Severity.WARNING

    name: str
    text: str
    number: int

    @property
    def own_number(self) -> int:
        """See `Diagnostic.own_number`."""
        return self.number

    def title(self) -> str:
        """See `Diagnostic.title`."""
        return f"`{self.name}`: {self.text}"

    def labels(self) -> list[Label]:
        """See `Diagnostic.labels`."""
        return [Label(self.span, "its author has a message")]

    def hint(self) -> str | None:
        """See `Diagnostic.hint`."""
        return f'write `#nowarn "{self.number}"` if you know'


@dataclass(frozen=True, slots=True)
class RefusedUse(Diagnostic):
    """Something is used whose author says that nobody may: `[<Obsolete("…", true)>]`, or a
    `[<CompilerMessage>]` that is an error.

    Example:

        [<System.Obsolete("use area", true)>]
        let size width height = width * height
        let room = size 3 4

    Instead:

        let area width height = width * height
        let room = area 3 4
    """

    code: ClassVar[str] = "E0378"

    name: str
    text: str
    number: int

    def title(self) -> str:
        """See `Diagnostic.title`."""
        return f"`{self.name}` may not be used" + (f": {self.text}" if self.text else "")

    def labels(self) -> list[Label]:
        """See `Diagnostic.labels`."""
        return [Label(self.span, "its author says so")]


@dataclass(frozen=True, slots=True)
class HidingMember(Diagnostic):
    """A member has the name and the parameters of one that could be overridden, but does not
    override it: those who know the object by its base type, `string` and `%O` among them, do not
    see it.

    Example:

        type Point(x: int, y: int) =
            member _.ToString() = sprintf "(%d, %d)" x y

    Instead:

        type Point(x: int, y: int) =
            override _.ToString() = sprintf "(%d, %d)" x y
    """

    code: ClassVar[str] = "W0386"
    severity: ClassVar[Severity] = Severity.WARNING
    fsharp: ClassVar[int] = 864

    name: str
    owner: str

    def title(self) -> str:
        """See `Diagnostic.title`."""
        return f"`{self.name}` hides the member of `{self.owner}` and does not override it"

    def labels(self) -> list[Label]:
        """See `Diagnostic.labels`."""
        return [Label(self.span, "seen only where the type is known")]

    def hint(self) -> str | None:
        """See `Diagnostic.hint`."""
        return "write `override` for `member`, or give it another name"
