"""Findings about external programs, libraries and machine code (E09xx), and the error that means
"our fault".

Comes in: what a tool said. Goes out: diagnostics for what a user can mend, `InternalError` for what
only we can. Promises: an `InternalError` carries everything a report needs: the stage, a sentence,
and named pieces of evidence.
"""

from __future__ import annotations

from typing import ClassVar

from clef.data_classes import dataclass, field
from clef.diagnostics.diagnostic import Diagnostic, Label
from clef.diagnostics.spelling import closest
from clef.source import Span

NOWHERE = Span("", 0, 0)
"""The span of a finding that no piece of source is to blame for."""


class InternalError(Exception):
    """A defect of the compiler: `stage` found it, `evidence` maps names of files for a report to
    their text.
    """

    def __init__(self, stage: str, message: str, evidence: dict[str, str] | None = None) -> None:
        super().__init__(f"{stage}: {message}")
        self.stage = stage
        self.message = message
        self.evidence: dict[str, str] = evidence or {}


@dataclass(frozen=True, slots=True)
class ToolMissing(Diagnostic):
    """A program that this step needs is not installed, or it does not start.

    Everything that ordinary builds need comes with the `clef-lang` package; programs for running
    other machines' executables, for debugging and for special targets do not. `clef doctor` lists
    them all.

    Situation:
        clef run --target riscv64-linux hello.clef   // on a machine without qemu

    Instead:
        install the program with the command that the hint names, or choose another target
    """

    code: ClassVar[str] = "E0901"

    tool: str
    purpose: str
    remedy: str

    def title(self) -> str:
        """See `Diagnostic.title`."""
        return f"`{self.tool}` is needed to {self.purpose}, but it was not found"

    def hint(self) -> str | None:
        """See `Diagnostic.hint`."""
        return self.remedy


@dataclass(frozen=True, slots=True)
class UnknownTarget(Diagnostic):
    """The name after `--target`, or `target` in the project file, is not a machine that the
    compiler knows.

    Example:
        --- example.fidproj
        [package]
        name = "hello"

        [compilation]
        target = "x86-linux"

        [build]
        sources = ["main.clef"]
        --- main.clef
        printfn "hello"

    Instead:
        --- example.fidproj
        [package]
        name = "hello"

        [compilation]
        target = "x86_64-linux"

        [build]
        sources = ["main.clef"]
        --- main.clef
        printfn "hello"
    """

    code: ClassVar[str] = "E0902"

    name: str
    known: tuple[str, ...]

    def title(self) -> str:
        """See `Diagnostic.title`."""
        return f"there is no target named `{self.name}`"

    def notes(self) -> list[str]:
        """See `Diagnostic.notes`."""
        return ["known targets: " + ", ".join(self.known)]

    def hint(self) -> str | None:
        """See `Diagnostic.hint`."""
        near = closest(self.name, self.known)
        return f"did you mean `{near}`?" if near else "`clef targets` lists them"


@dataclass(frozen=True, slots=True)
class LibraryNotFound(Diagnostic):
    """A C library that the program asks for could not be found by the linker.

    Situation:
        [link]
        libraries = ["sqlit3"]

    Instead:
        [link]
        libraries = ["sqlite3"]
        library_paths = ["/opt/sqlite/lib"]
    """

    code: ClassVar[str] = "E0903"

    library: str

    def title(self) -> str:
        """See `Diagnostic.title`."""
        return f"the library `{self.library}` was not found"

    def hint(self) -> str | None:
        """See `Diagnostic.hint`."""
        return (
            "install it for this target, or add its folder to `library_paths` in the project file"
        )


@dataclass(frozen=True, slots=True)
class ForeignSymbolMissing(Diagnostic):
    """A foreign function is declared and used, but no library of the build defines it.

    Situation:
        [<DllImport("m")>]
        extern double cosinus(double x)

    Instead:
        [<DllImport("m")>]
        extern double cos(double x)
    """

    code: ClassVar[str] = "E0904"

    symbols: tuple[str, ...]

    def title(self) -> str:
        """See `Diagnostic.title`."""
        names = ", ".join(f"`{name}`" for name in self.symbols)
        return f"no linked library defines {names}"

    def hint(self) -> str | None:
        """See `Diagnostic.hint`."""
        return (
            "add the library that defines it to `libraries` in the project file, or mend the name"
        )


@dataclass(frozen=True, slots=True)
class LinkFailed(Diagnostic):
    """The linker refused the libraries or options that the project asks for; its own words follow.

    Situation:
        [link]
        libraries = ["a-library-for-another-machine"]

    Instead:
        [link]
        libraries = ["the-same-library-for-this-machine"]
    """

    code: ClassVar[str] = "E0905"

    report: tuple[str, ...] = field(default=())

    def title(self) -> str:
        """See `Diagnostic.title`."""
        return "the linker refused the program"

    def labels(self) -> list[Label]:
        """See `Diagnostic.labels`."""
        return [Label(self.span, "linked for this project")]

    def notes(self) -> list[str]:
        """See `Diagnostic.notes`."""
        return list(self.report[:20])


@dataclass(frozen=True, slots=True)
class LibrariesNotSupported(Diagnostic):
    """The target has no C library that a program could be linked with.

    Situation:
        clef build --target wasm32-wasi app.clef   // with libraries = ["sqlite3"]

    Instead:
        clef build --target x86_64-linux app.clef
    """

    code: ClassVar[str] = "E0906"

    target: str
    libraries: tuple[str, ...]

    def title(self) -> str:
        """See `Diagnostic.title`."""
        return f"programs for `{self.target}` cannot be linked with C libraries"

    def notes(self) -> list[str]:
        """See `Diagnostic.notes`."""
        return ["asked for: " + ", ".join(self.libraries)]

    def hint(self) -> str | None:
        """See `Diagnostic.hint`."""
        return "leave the libraries out, or build for a target with an operating system"


@dataclass(frozen=True, slots=True)
class SessionCannotGoOn(Diagnostic):
    """Values of earlier inputs are alive, and this input would change how they lie in memory.
    Nothing of it has been run. The compiler could not keep what it promises to keep between
    inputs; please report it.

    Situation:
        an input after which `name` has another layout than before

    Instead:
        #reset
    """

    code: ClassVar[str] = "E0907"

    name: str

    def title(self) -> str:
        """See `Diagnostic.title`."""
        return "this input does not go together with values that are alive"

    def notes(self) -> list[str]:
        """See `Diagnostic.notes`."""
        return [f"what would change: {self.name}"]

    def hint(self) -> str | None:
        """See `Diagnostic.hint`."""
        return "begin anew with `#reset`, and give this input first"


@dataclass(frozen=True, slots=True)
class DefinedByEarlierInput(Diagnostic):
    """A namespace or a module with a name of its own holds this already, and values made with the
    earlier definition may be alive. What inputs define outside of such modules can be defined
    again.

    Situation:
        #load "shapes.fs"   // a second time, with `module Shapes` in it

    Instead:
        #reset
        #load "shapes.fs"
    """

    code: ClassVar[str] = "E0908"

    name: str

    def title(self) -> str:
        """See `Diagnostic.title`."""
        return f"`{self.name}` is defined by an earlier input"

    def hint(self) -> str | None:
        """See `Diagnostic.hint`."""
        return "`#reset` forgets all inputs"
