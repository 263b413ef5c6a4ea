"""Names that are written where they may not be: E02xx.

Comes in: names as written. Goes out: one class for each mistake. Promises: each says where the name
may stand instead.
"""

from __future__ import annotations

from typing import ClassVar

from clef.data_classes import dataclass
from clef.diagnostics.diagnostic import Diagnostic, Label


@dataclass(frozen=True, slots=True)
class OpenedQualifiedModule(Diagnostic):
    """A module that asks for its name, by `[<RequireQualifiedAccess>]`, is opened.

    Example:

        [<RequireQualifiedAccess>]
        module Colors =
            let red = 1
        open Colors

    Instead:

        [<RequireQualifiedAccess>]
        module Colors =
            let red = 1
        let red = Colors.red
    """

    code: ClassVar[str] = "E0219"
    fsharp: ClassVar[int] = 892

    name: str

    def title(self) -> str:
        return f"the module `{self.name}` cannot be opened"

    def labels(self) -> list[Label]:
        return [Label(self.span, "it is marked with `[<RequireQualifiedAccess>]`")]

    def hint(self) -> str | None:
        return f"write `{self.name}.` in front of what is used from it"


@dataclass(frozen=True, slots=True)
class LocalTypeParameters(Diagnostic):
    """Type parameters are written at a function inside of another one or of a class. Such functions
    are generic by inference.

    Example:

        let pairs x y =
            let pair<'a> (z: 'a) = z, z
            pair x, pair y

    Instead:

        let pairs x y =
            let pair z = z, z
            pair x, pair y
    """

    code: ClassVar[str] = "E0222"
    fsharp: ClassVar[int] = 665

    name: str

    def title(self) -> str:
        return f"`{self.name}` cannot have written type parameters"

    def labels(self) -> list[Label]:
        return [Label(self.span, "only functions of modules and members have them")]

    def hint(self) -> str | None:
        return "leave them out: the function is generic by itself; or move it into the module"


@dataclass(frozen=True, slots=True)
class PartialPath(Diagnostic):
    """A namespace is opened by a part of its path, which is only found because another one is open.

    Example:

        open System
        open IO
        let exists = File.Exists "a.txt"

    Instead:

        open System.IO
        let exists = File.Exists "a.txt"
    """

    code: ClassVar[str] = "E0223"
    fsharp: ClassVar[int] = 893

    path: str

    def title(self) -> str:
        return f"`{self.path}` is opened by a part of its path"

    def labels(self) -> list[Label]:
        return [Label(self.span, "")]

    def hint(self) -> str | None:
        return f"write `open {self.path}`"


@dataclass(frozen=True, slots=True)
class AbbreviatedNamespace(Diagnostic):
    """A second name can be given to a module, but not to a namespace.

    Example:

        module Files = System.IO

    Instead:

        open System.IO
    """

    code: ClassVar[str] = "E0224"
    fsharp: ClassVar[int] = 965

    path: str

    def title(self) -> str:
        return f"`{self.path}` is a namespace, which has no second name"

    def labels(self) -> list[Label]:
        return [Label(self.span, "")]

    def hint(self) -> str | None:
        return f"write `open {self.path}`, or the whole path where it is used"


@dataclass(frozen=True, slots=True)
class ExtensionInNamespace(Diagnostic):
    """A namespace holds members for types of its own only, beside their definition. Members for
    other types stand in a module, which says by being opened where they are seen.

    Example:

        namespace Texts
        type System.String with
            member text.Twice = text + text

    Instead:

        namespace Texts
        [<AutoOpen>]
        module Extensions =
            type System.String with
                member text.Twice = text + text
    """

    code: ClassVar[str] = "E0225"
    fsharp: ClassVar[int] = 644

    name: str

    def title(self) -> str:
        return f"`{self.name}` cannot be extended in a namespace"

    def labels(self) -> list[Label]:
        return [Label(self.span, "the type is defined elsewhere")]

    def hint(self) -> str | None:
        return "put it into a module"


@dataclass(frozen=True, slots=True)
class ExtensionBesideType(Diagnostic):
    """Members beside the definition of a type belong to the type itself, and an interface, a
    delegate or an enum has none of its own. They are added in another module.

    Example:

        type Named =
            abstract Name: string
        type Named with
            member this.Length = this.Name.Length

    Instead:

        type Named =
            abstract Name: string
        [<AutoOpen>]
        module Extensions =
            type Named with
                member this.Length = this.Name.Length
    """

    code: ClassVar[str] = "E0226"
    fsharp: ClassVar[int] = 956

    name: str
    kind: str

    def title(self) -> str:
        kind = "a delegate" if self.kind == "delegate" else f"an {self.kind}"
        return f"`{self.name}` is {kind}, so it is not extended beside its definition"

    def labels(self) -> list[Label]:
        return [Label(self.span, "")]

    def hint(self) -> str | None:
        return "put the members into a module of their own"


@dataclass(frozen=True, slots=True)
class InvalidTypeName(Diagnostic):
    """The name of a namespace, module, type or union case has a character in it that separates
    names or has another meaning in a path: a dot, a bracket, a quotation mark or one of
    `+ $ & / *`. Names of values may have them.

    Example:

        type ``a.b`` = { Value: int }

    Instead:

        type ``a b`` = { Value: int }
    """

    code: ClassVar[str] = "E0228"
    fsharp: ClassVar[int] = 883

    name: str

    def title(self) -> str:
        return f"`{self.name}` cannot be the name of a namespace, module, type or case"

    def labels(self) -> list[Label]:
        return [Label(self.span, "")]

    def hint(self) -> str | None:
        return "leave dots, brackets, quotation marks and `+ $ & / *` out"


@dataclass(frozen=True, slots=True)
class LateOpen(Diagnostic):
    """In a recursive module or namespace everything sees everything, so what is opened is opened at
    its beginning.

    Example:

        module rec Shapes =
            let side = 2.0
            open System
            let area = Math.Pow(side, 2.0)

    Instead:

        module rec Shapes =
            open System
            let side = 2.0
            let area = Math.Pow(side, 2.0)
    """

    code: ClassVar[str] = "E0229"
    fsharp: ClassVar[int] = 3200

    def title(self) -> str:
        return "`open` cannot stand behind other declarations of a recursive module"

    def labels(self) -> list[Label]:
        return [Label(self.span, "")]

    def hint(self) -> str | None:
        return "move it to the beginning of the module"
