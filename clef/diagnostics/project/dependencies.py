"""Projects that a project needs.

Comes in: what reading and checking a project found. Goes out: one class for each finding, its code
an E08xx.
"""

from __future__ import annotations

from typing import ClassVar

from clef.data_classes import dataclass
from clef.diagnostics.diagnostic import Diagnostic, Label
from clef.source import Span


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
        return f"say where it is: `clef add {self.name}` with `--path`, `--git` or `--archive`"


@dataclass(frozen=True, slots=True)
class PackageNotLocked(Diagnostic):
    """The project file asks for a package that its lock file does not have, or has from elsewhere.
    Compiling fetches nothing: `clef update` fetches what is asked for and writes the lock file.

    Example:
        --- example.fidproj
        [package]
        name = "hello"

        [build]
        sources = ["main.clef"]

        [dependencies]
        geometry = { git = "https://example.org/geometry.git" }
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

    code: ClassVar[str] = "E0823"

    name: str
    reason: str

    def title(self) -> str:
        """See `Diagnostic.title`."""
        return f"the package `{self.name}` is not locked"

    def labels(self) -> list[Label]:
        """See `Diagnostic.labels`."""
        return [Label(self.span, self.reason)]

    def hint(self) -> str | None:
        """See `Diagnostic.hint`."""
        return "run `clef update`"


@dataclass(frozen=True, slots=True)
class PackageNotFetched(Diagnostic):
    """A package is in the lock file but not in this machine's store, as after cloning a project.
    Compiling fetches nothing; `clef update --locked` fetches what the lock file says.

    Situation:
        The lock file lists `geometry`, and the store of packages has been deleted.
    """

    code: ClassVar[str] = "E0824"

    name: str

    def title(self) -> str:
        """See `Diagnostic.title`."""
        return f"the package `{self.name}` has not been fetched yet"

    def labels(self) -> list[Label]:
        """See `Diagnostic.labels`."""
        return [Label(self.span, "this is in the lock file, but not on this machine")]

    def hint(self) -> str | None:
        """See `Diagnostic.hint`."""
        return "run `clef update --locked`"
