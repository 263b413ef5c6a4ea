"""The keys of a project file and their values.

Comes in: what reading and checking a project found. Goes out: one class for each finding, its code
an E08xx.
"""

from __future__ import annotations

from typing import ClassVar

from clef.data_classes import dataclass
from clef.diagnostics.diagnostic import Diagnostic, Fix, Label, Severity
from clef.diagnostics.project.wording import or_list


@dataclass(frozen=True, slots=True)
class ProjectSyntax(Diagnostic):
    """A project file is not valid TOML; one of .NET (`.fsproj`) is not valid XML.

    Example:
        --- example.fidproj
        [package]
        name = hello

        [build]
        sources = ["main.clef"]
        --- main.clef
        printfn "hello"

    Instead:
        --- example.fidproj
        [package]
        name = "hello"

        [build]
        sources = ["main.clef"]
        --- main.clef
        printfn "hello"
    """

    code: ClassVar[str] = "E0806"

    reason: str

    def title(self) -> str:
        """See `Diagnostic.title`."""
        is_xml = self.span.path.endswith("proj") and not self.span.path.endswith(".fidproj")
        return f"the project file is not valid {'XML' if is_xml else 'TOML'}"

    def labels(self) -> list[Label]:
        """See `Diagnostic.labels`."""
        return [Label(self.span, self.reason)]

    def hint(self) -> str | None:
        """See `Diagnostic.hint`."""
        if "value" in self.reason and self.span.path.endswith(".fidproj"):
            return 'texts stand in quotes: `name = "hello"`'
        return None


@dataclass(frozen=True, slots=True)
class WrongType(Diagnostic):
    """A key of the project file has a value of the wrong kind.

    Example:
        --- example.fidproj
        [package]
        name = "hello"

        [build]
        sources = "main.clef"
        --- main.clef
        printfn "hello"

    Instead:
        --- example.fidproj
        [package]
        name = "hello"

        [build]
        sources = ["main.clef"]
        --- main.clef
        printfn "hello"
    """

    code: ClassVar[str] = "E0807"

    key: str
    expected: str
    found: str
    example: str = ""

    def title(self) -> str:
        """See `Diagnostic.title`."""
        return f"`{self.key}` must be {self.expected}"

    def labels(self) -> list[Label]:
        """See `Diagnostic.labels`."""
        return [Label(self.span, f"this is {self.found}")]

    def hint(self) -> str | None:
        """See `Diagnostic.hint`."""
        return f"write `{self.example}`" if self.example else None


@dataclass(frozen=True, slots=True)
class UnknownKey(Diagnostic):
    """The project file has a key or a section that the compiler does not know. It is ignored.

    Example:
        --- example.fidproj
        [package]
        name = "hello"
        versoin = "1.0.0"

        [build]
        sources = ["main.clef"]
        --- main.clef
        printfn "hello"

    Instead:
        --- example.fidproj
        [package]
        name = "hello"
        version = "1.0.0"

        [build]
        sources = ["main.clef"]
        --- main.clef
        printfn "hello"
    """

    code: ClassVar[str] = "W0808"
    severity: ClassVar[Severity] = Severity.WARNING

    key: str
    section: str
    nearest: str | None
    known: tuple[str, ...]

    def title(self) -> str:
        """See `Diagnostic.title`."""
        if self.section:
            return f"`{self.key}` is not a key of `[{self.section}]`"
        return f"`{self.key}` is not a section of a project file"

    def labels(self) -> list[Label]:
        """See `Diagnostic.labels`."""
        return [Label(self.span, "this is ignored")]

    def notes(self) -> list[str]:
        """See `Diagnostic.notes`."""
        return [] if self.nearest else ["known: " + ", ".join(self.known)]

    def hint(self) -> str | None:
        """See `Diagnostic.hint`."""
        return f"did you mean `{self.nearest}`?" if self.nearest else None

    def fixes(self) -> list[Fix]:
        """See `Diagnostic.fixes`."""
        if self.nearest is None:
            return []
        return [Fix(f"replace it with `{self.nearest}`", ((self.span, self.nearest),))]


@dataclass(frozen=True, slots=True)
class MissingKey(Diagnostic):
    """The project file lacks a key that every project needs.

    Example:
        --- example.fidproj
        [package]
        name = "hello"
        --- main.clef
        printfn "hello"

    Instead:
        --- example.fidproj
        [package]
        name = "hello"

        [build]
        sources = ["main.clef"]
        --- main.clef
        printfn "hello"
    """

    code: ClassVar[str] = "E0809"

    key: str
    example: str

    def title(self) -> str:
        """See `Diagnostic.title`."""
        return f"the project file has no `{self.key}`"

    def hint(self) -> str | None:
        """See `Diagnostic.hint`."""
        return f"add `{self.example}`"


@dataclass(frozen=True, slots=True)
class WrongValue(Diagnostic):
    """A key of the project file has a value that is not among the possible ones.

    Example:
        --- example.fidproj
        [package]
        name = "hello"

        [build]
        sources = ["main.clef"]
        output_kind = "consol"
        --- main.clef
        printfn "hello"

    Instead:
        --- example.fidproj
        [package]
        name = "hello"

        [build]
        sources = ["main.clef"]
        output_kind = "console"
        --- main.clef
        printfn "hello"
    """

    code: ClassVar[str] = "E0815"

    key: str
    value: str
    nearest: str | None
    possible: tuple[str, ...]

    def title(self) -> str:
        """See `Diagnostic.title`."""
        return f"`{self.value}` is not a value of `{self.key}`"

    def notes(self) -> list[str]:
        """See `Diagnostic.notes`."""
        return ["possible: " + ", ".join(self.possible)]

    def hint(self) -> str | None:
        """See `Diagnostic.hint`."""
        return f"did you mean `{self.nearest}`?" if self.nearest else None


@dataclass(frozen=True, slots=True)
class NotAvailableYet(Diagnostic):
    """The project asks for something that has its place in the project file but that this version
    of the compiler cannot do yet. It is refused rather than ignored, because the program would not
    be what was asked for.

    Example:
        --- example.fidproj
        [package]
        name = "blink"

        [build]
        sources = ["main.clef"]
        output_kind = "embedded"
        --- main.clef
        printfn "hello"

    Instead:
        --- example.fidproj
        [package]
        name = "blink"

        [build]
        sources = ["main.clef"]
        --- main.clef
        printfn "hello"
    """

    code: ClassVar[str] = "E0816"

    key: str
    value: str
    available: tuple[str, ...] = ()

    def title(self) -> str:
        """See `Diagnostic.title`."""
        return f"`{self.key} = {self.value}` is not available yet"

    def hint(self) -> str | None:
        """See `Diagnostic.hint`."""
        return f"use {or_list(self.available)}" if self.available else "leave it out"
