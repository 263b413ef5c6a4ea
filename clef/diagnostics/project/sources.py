"""Which project is meant, and which sources it lists.

Comes in: what reading and checking a project found. Goes out: one class for each finding, its code
an E08xx.
"""

from __future__ import annotations

from typing import ClassVar

from clef.data_classes import dataclass
from clef.diagnostics.diagnostic import Diagnostic, Label, Severity
from clef.diagnostics.project.wording import or_list
from clef.source import Span


@dataclass(frozen=True, slots=True)
class SourceMissing(Diagnostic):
    """A source that the project file lists does not exist.

    Example:
        --- example.fidproj
        [package]
        name = "hello"

        [build]
        sources = ["mian.clef"]
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

    code: ClassVar[str] = "E0810"

    path: str
    nearest: str | None

    def title(self) -> str:
        """See `Diagnostic.title`."""
        return f"the source file `{self.path}` does not exist"

    def labels(self) -> list[Label]:
        """See `Diagnostic.labels`."""
        return [Label(self.span, "listed here")]

    def hint(self) -> str | None:
        """See `Diagnostic.hint`."""
        if self.nearest:
            return f"did you mean `{self.nearest}`?"
        if "*" in self.path:
            return "list every file by name: their order is the order of the program"
        return "paths are relative to the folder of the project file"


@dataclass(frozen=True, slots=True)
class SourceListedTwice(Diagnostic):
    """One source file stands twice in the list of a project.

    Example:
        --- example.fidproj
        [package]
        name = "hello"

        [build]
        sources = ["main.clef", "./main.clef"]
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

    code: ClassVar[str] = "E0811"

    path: str
    first: Span

    def title(self) -> str:
        """See `Diagnostic.title`."""
        return f"`{self.path}` is listed twice"

    def labels(self) -> list[Label]:
        """See `Diagnostic.labels`."""
        return [Label(self.span, "here again"), Label(self.first, "listed first here", False)]

    def hint(self) -> str | None:
        """See `Diagnostic.hint`."""
        return "remove one of the two"


@dataclass(frozen=True, slots=True)
class NotASource(Diagnostic):
    """A file was given as a source whose name does not end in `.clef`, `.fs` or `.fsx`.

    Example:
        --- example.fidproj
        [package]
        name = "hello"

        [build]
        sources = ["main.txt"]
        --- main.txt
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

    code: ClassVar[str] = "E0812"

    path: str

    def title(self) -> str:
        """See `Diagnostic.title`."""
        return f"`{self.path}` is not a source file"

    def hint(self) -> str | None:
        """See `Diagnostic.hint`."""
        if self.path.endswith(".fsi"):
            return "name it in a project, in front of the file that it describes"
        return "sources end in `.clef`, `.fs` or `.fsx`; projects in `.fidproj`"


@dataclass(frozen=True, slots=True)
class NoProject(Diagnostic):
    """The command was given a folder (or nothing, which means the present one) in which there is no
    project file.

    Situation:
        cd /tmp && clef build

    Instead:
        clef new hello && cd hello && clef build
    """

    code: ClassVar[str] = "E0813"

    folder: str
    programs: tuple[str, ...] = ()

    def title(self) -> str:
        """See `Diagnostic.title`."""
        return f"there is no project file in `{self.folder}`"

    def hint(self) -> str | None:
        """See `Diagnostic.hint`."""
        if self.programs:
            return f"name a file ({or_list(self.programs)}), or make a project with `clef new`"
        return "make a project with `clef new NAME`, or name a file"


@dataclass(frozen=True, slots=True)
class SeveralProjects(Diagnostic):
    """A folder holds more than one project file, and the command does not say which is meant.

    Situation:
        touch a.fidproj b.fidproj && clef build

    Instead:
        clef build a.fidproj
    """

    code: ClassVar[str] = "E0814"

    folder: str
    projects: tuple[str, ...]

    def title(self) -> str:
        """See `Diagnostic.title`."""
        return f"there are {len(self.projects)} project files in `{self.folder}`"

    def hint(self) -> str | None:
        """See `Diagnostic.hint`."""
        return f"name one: {or_list(self.projects[:5])}"


@dataclass(frozen=True, slots=True)
class NotEvaluated(Diagnostic):
    """A project file of .NET (`.fsproj`) says what is compiled by something that Clef does not
    evaluate: a condition, a pattern, a property, a list in another file.

    Example:
        --- example.fsproj
        <Project Sdk="Microsoft.NET.Sdk">
          <ItemGroup>
            <Compile Include="*.fs" />
          </ItemGroup>
        </Project>
        --- main.fs
        printfn "hello"

    Instead:
        --- example.fsproj
        <Project Sdk="Microsoft.NET.Sdk">
          <ItemGroup>
            <Compile Include="main.fs" />
          </ItemGroup>
        </Project>
        --- main.fs
        printfn "hello"
    """

    code: ClassVar[str] = "E0825"

    what: str

    def title(self) -> str:
        """See `Diagnostic.title`."""
        return f"{self.what} in a project file of .NET is not evaluated"

    def labels(self) -> list[Label]:
        """See `Diagnostic.labels`."""
        return [Label(self.span, "this changes what is compiled")]

    def hint(self) -> str | None:
        """See `Diagnostic.hint`."""
        return "list the sources one by one, or write a project file `NAME.fidproj`"


@dataclass(frozen=True, slots=True)
class PackageElsewhere(Diagnostic):
    """A project file of .NET asks for a package. Clef does not fetch packages of .NET: names that
    the standard library does not have are missing.

    Example:
        --- example.fsproj
        <Project Sdk="Microsoft.NET.Sdk">
          <ItemGroup>
            <Compile Include="main.fs" />
            <PackageReference Include="Newtonsoft.Json" Version="13.0.3" />
          </ItemGroup>
        </Project>
        --- main.fs
        printfn "hello"

    Instead:
        --- example.fsproj
        <Project Sdk="Microsoft.NET.Sdk">
          <ItemGroup>
            <Compile Include="main.fs" />
          </ItemGroup>
        </Project>
        --- main.fs
        printfn "hello"
    """

    code: ClassVar[str] = "W0826"
    severity: ClassVar[Severity] = Severity.WARNING

    name: str

    def title(self) -> str:
        """See `Diagnostic.title`."""
        return f"the package `{self.name}` is not fetched"

    def labels(self) -> list[Label]:
        """See `Diagnostic.labels`."""
        return [Label(self.span, "asked for here")]

    def hint(self) -> str | None:
        """See `Diagnostic.hint`."""
        return "what it defines is missing, unless its sources are among those of the project"
