"""Findings about files and project files (E08xx).

Comes in: what reading and checking a project found. Goes out: diagnostics. Promises: whatever
stands in a project file is pointed at in that file.
"""

from __future__ import annotations

from typing import ClassVar

from clef.data_classes import dataclass
from clef.diagnostics.diagnostic import Diagnostic, Fix, Label, Severity
from clef.source import Span


def _or_list(names: tuple[str, ...]) -> str:
    quoted = [f"`{name}`" for name in names]
    return quoted[0] if len(quoted) == 1 else ", ".join(quoted[:-1]) + " or " + quoted[-1]


@dataclass(frozen=True, slots=True)
class FileNotFound(Diagnostic):
    """A file or folder that was named on the command line does not exist.

    Situation:
        clef run helo.clef     // the file is called hello.clef

    Instead:
        clef run hello.clef
    """

    code: ClassVar[str] = "E0801"

    nearest: str | None = None

    def title(self) -> str:
        """See `Diagnostic.title`."""
        return f"there is no file or folder `{self.span.path}`"

    def hint(self) -> str | None:
        """See `Diagnostic.hint`."""
        return f"did you mean `{self.nearest}`?" if self.nearest else "check the path"


@dataclass(frozen=True, slots=True)
class FileUnreadable(Diagnostic):
    """A file is there, but the operating system does not let the compiler read it: for lack of
    permission, because it is a folder, or because the disk reports an error.

    Situation:
        chmod -r secret.clef && clef run secret.clef

    Instead:
        chmod +r secret.clef && clef run secret.clef
    """

    code: ClassVar[str] = "E0802"

    path: str
    reason: str

    def title(self) -> str:
        """See `Diagnostic.title`."""
        return f"the file `{self.path}` cannot be read"

    def labels(self) -> list[Label]:
        """See `Diagnostic.labels`."""
        return [Label(self.span, "named here" if self.span.path != self.path else "")]

    def notes(self) -> list[str]:
        """See `Diagnostic.notes`."""
        return [f"the system says: {self.reason}"]

    def hint(self) -> str | None:
        """See `Diagnostic.hint`."""
        return "check that it is an ordinary file and that you may read it"


@dataclass(frozen=True, slots=True)
class NotUnicode(Diagnostic):
    """A source file is not text in UTF-8.

    Sources are UTF-8, with or without a byte order mark; UTF-16 is accepted if it begins with its
    byte order mark. Anything else is refused, because guessing an encoding would change the strings
    of the program.

    Situation:
        printf 'printfn "caf\\351"\\n' > cafe.clef && clef run cafe.clef     // Latin-1

    Instead:
        iconv -f latin1 -t utf-8 cafe.clef > cafe-utf8.clef && clef run cafe-utf8.clef
    """

    code: ClassVar[str] = "E0803"

    path: str
    byte: int
    line: int
    value: int

    def title(self) -> str:
        """See `Diagnostic.title`."""
        return f"the file `{self.path}` is not UTF-8 text"

    def labels(self) -> list[Label]:
        """See `Diagnostic.labels`."""
        return [Label(self.span, "named here" if self.span.path != self.path else "")]

    def notes(self) -> list[str]:
        """See `Diagnostic.notes`."""
        return [
            f"the first wrong byte is 0x{self.value:02X} at byte {self.byte}, on line {self.line}"
        ]

    def hint(self) -> str | None:
        """See `Diagnostic.hint`."""
        return "save the file as UTF-8"


@dataclass(frozen=True, slots=True)
class FileTooLarge(Diagnostic):
    """A source file is larger than the compiler accepts.

    Such files are data in disguise; a program reads data when it runs.

    Situation:
        head -c 100M /dev/zero > zeros.clef && clef check zeros.clef

    Instead:
        let data = System.IO.File.ReadAllText "data.txt"
    """

    code: ClassVar[str] = "E0804"

    path: str
    size: int
    limit: int

    def title(self) -> str:
        """See `Diagnostic.title`."""
        return f"the file `{self.path}` is too large to be a source file"

    def labels(self) -> list[Label]:
        """See `Diagnostic.labels`."""
        return [Label(self.span, "named here" if self.span.path != self.path else "")]

    def notes(self) -> list[str]:
        """See `Diagnostic.notes`."""
        return [f"it has {self.size:,} bytes; the limit is {self.limit:,}"]

    def hint(self) -> str | None:
        """See `Diagnostic.hint`."""
        return "move the data into a file that the program reads when it runs"


@dataclass(frozen=True, slots=True)
class EmptyFile(Diagnostic):
    """A source file holds nothing. It is accepted: an empty program does nothing and ends with exit
    code 0.

    Situation:
        touch empty.clef && clef run empty.clef

    Instead:
        printfn "hello"
    """

    code: ClassVar[str] = "W0805"
    severity: ClassVar[Severity] = Severity.WARNING

    def title(self) -> str:
        """See `Diagnostic.title`."""
        return f"the file `{self.span.path}` is empty"

    def hint(self) -> str | None:
        """See `Diagnostic.hint`."""
        return 'write a first line, such as `printfn "hello"`'


@dataclass(frozen=True, slots=True)
class ProjectSyntax(Diagnostic):
    """A project file is not valid TOML.

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
        return "the project file is not valid TOML"

    def labels(self) -> list[Label]:
        """See `Diagnostic.labels`."""
        return [Label(self.span, self.reason)]

    def hint(self) -> str | None:
        """See `Diagnostic.hint`."""
        if "value" in self.reason:
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
        if self.path.endswith(".fsproj"):
            return "write a project file `NAME.fidproj`; `clef new` makes one to start from"
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
            return f"name a file ({_or_list(self.programs)}), or make a project with `clef new`"
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
        return f"name one: {_or_list(self.projects[:5])}"


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

        [compilation]
        memory_model = "static_pools"

        [build]
        sources = ["main.clef"]
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
        return f"use {_or_list(self.available)}" if self.available else "leave it out"


@dataclass(frozen=True, slots=True)
class DependencyMissing(Diagnostic):
    """The path of a dependency leads to no project.

    Example:
        --- example.fidproj
        [package]
        name = "hello"

        [build]
        sources = ["main.clef"]

        [dependencies]
        geometry = { path = "../nowhere" }
        --- main.clef
        printfn "hello"

    Instead:
        --- example.fidproj
        [package]
        name = "hello"

        [build]
        sources = ["main.clef"]

        [dependencies]
        geometry = { path = "geometry" }
        --- main.clef
        printfn "hello"
        --- geometry/geometry.fidproj
        [package]
        name = "geometry"

        [build]
        sources = ["shapes.clef"]
        --- geometry/shapes.clef
        module Shapes
        let area width height = width * height
    """

    code: ClassVar[str] = "E0817"

    name: str
    path: str
    reason: str

    def title(self) -> str:
        """See `Diagnostic.title`."""
        return f"the dependency `{self.name}` was not found"

    def labels(self) -> list[Label]:
        """See `Diagnostic.labels`."""
        return [Label(self.span, self.reason)]

    def hint(self) -> str | None:
        """See `Diagnostic.hint`."""
        return "give the folder of a project, relative to this project file"


@dataclass(frozen=True, slots=True)
class DependencyCycle(Diagnostic):
    """Projects depend on each other in a circle, so that none of them can be compiled first.

    Example:
        --- example.fidproj
        [package]
        name = "hello"

        [build]
        sources = ["main.clef"]

        [dependencies]
        other = { path = "other" }
        --- main.clef
        printfn "hello"
        --- other/other.fidproj
        [package]
        name = "other"

        [build]
        sources = ["other.clef"]

        [dependencies]
        hello = { path = ".." }
        --- other/other.clef
        module Other

    Instead:
        --- example.fidproj
        [package]
        name = "hello"

        [build]
        sources = ["main.clef"]

        [dependencies]
        other = { path = "other" }
        --- main.clef
        printfn "hello"
        --- other/other.fidproj
        [package]
        name = "other"

        [build]
        sources = ["other.clef"]
        --- other/other.clef
        module Other
        let number = 1
    """

    code: ClassVar[str] = "E0818"

    names: tuple[str, ...]
    others: tuple[Span, ...]

    def title(self) -> str:
        """See `Diagnostic.title`."""
        circle = " → ".join(f"`{name}`" for name in (*self.names, self.names[0]))
        return f"these projects depend on each other in a circle: {circle}"

    def labels(self) -> list[Label]:
        """See `Diagnostic.labels`."""
        closes = Label(self.span, f"this leads back to `{self.names[0]}`")
        return [closes, *(Label(span, "by way of this", False) for span in self.others)]

    def hint(self) -> str | None:
        """See `Diagnostic.hint`."""
        return "move what both need into a third project"


@dataclass(frozen=True, slots=True)
class DependencyByVersion(Diagnostic):
    """A dependency is given by its version only. There is no package index yet; a dependency is a
    folder.

    The parts of the standard library need no entry at all; naming one of them does no harm.

    Example:
        --- example.fidproj
        [package]
        name = "hello"

        [build]
        sources = ["main.clef"]

        [dependencies]
        geometry = "1.2"
        --- main.clef
        printfn "hello"

    Instead:
        --- example.fidproj
        [package]
        name = "hello"

        [build]
        sources = ["main.clef"]

        [dependencies]
        platform = "1.0"
        --- main.clef
        printfn "hello"
    """

    code: ClassVar[str] = "E0819"

    name: str

    def title(self) -> str:
        """See `Diagnostic.title`."""
        return f"the dependency `{self.name}` has no path"

    def labels(self) -> list[Label]:
        """See `Diagnostic.labels`."""
        return [Label(self.span, "packages cannot be fetched by version yet")]

    def hint(self) -> str | None:
        """See `Diagnostic.hint`."""
        return f'put its sources beside the project and write `{self.name} = {{ path = "…" }}`'


@dataclass(frozen=True, slots=True)
class NestedTooDeeply(Diagnostic):
    """A program is nested so deeply that the compiler would run out of stack.

    The limit lies in the hundreds of thousands of levels; only generated programs come near it.

    Situation:
        an expression inside a million pairs of parentheses

    Instead:
        let parts = [ 1; 2; 3 ]
        printfn "%d" (List.sum parts)
    """

    code: ClassVar[str] = "E0820"

    def title(self) -> str:
        """See `Diagnostic.title`."""
        return "the program is nested too deeply"

    def labels(self) -> list[Label]:
        """See `Diagnostic.labels`."""
        return [Label(self.span, "somewhere in this file")]

    def hint(self) -> str | None:
        """See `Diagnostic.hint`."""
        return "give names to inner expressions, or keep the data in a list or a file"


@dataclass(frozen=True, slots=True)
class LoadedFileMissing(Diagnostic):
    """A script loads a source file that does not exist. The path is relative to the script.

    Example:
        --- script.fsx
        #load "utl.fsx"
        printfn "%d" Util.one
        --- util.fsx
        let one = 1

    Instead:
        --- script.fsx
        #load "util.fsx"
        printfn "%d" Util.one
        --- util.fsx
        let one = 1
    """

    code: ClassVar[str] = "E0821"

    path: str
    nearest: str | None = None

    def title(self) -> str:
        """See `Diagnostic.title`."""
        return f"there is no file `{self.path}` to load"

    def labels(self) -> list[Label]:
        """See `Diagnostic.labels`."""
        return [Label(self.span, "loaded here")]

    def hint(self) -> str | None:
        """See `Diagnostic.hint`."""
        return f"did you mean `{self.nearest}`?" if self.nearest else "check the path"


@dataclass(frozen=True, slots=True)
class ForeignAssembly(Diagnostic):
    """A script refers to an assembly or a package of .NET. There is no .NET here: a program is made
    of its sources and of the standard library.

    Example:
        #r "nuget: Newtonsoft.Json"
        printfn "hello"

    Instead:
        printfn "hello"
    """

    code: ClassVar[str] = "E0822"

    name: str

    def title(self) -> str:
        """See `Diagnostic.title`."""
        return f"`{self.name}` is an assembly of .NET, which cannot be used"

    def labels(self) -> list[Label]:
        """See `Diagnostic.labels`."""
        return [Label(self.span, "referred to here")]

    def hint(self) -> str | None:
        """See `Diagnostic.hint`."""
        return "add the sources of the library with `#load`, or use what the standard library has"
