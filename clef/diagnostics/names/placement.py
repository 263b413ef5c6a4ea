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
