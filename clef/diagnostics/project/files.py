"""Files that cannot be read, and what stands in them.

Comes in: what reading and checking a project found. Goes out: one class for each finding, its code
an E08xx.
"""

from __future__ import annotations

from typing import ClassVar

from clef.data_classes import dataclass
from clef.diagnostics.diagnostic import Diagnostic, Label, Severity


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
