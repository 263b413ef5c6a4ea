"""What a signature file says and its source file does otherwise: E02xx.

Comes in: declarations of both. Goes out: one class for each kind of difference. Promises: each
names what is declared and shows both places where there are two.
"""

from __future__ import annotations

from typing import ClassVar

from clef.data_classes import dataclass
from clef.diagnostics.diagnostic import Diagnostic, Label


@dataclass(frozen=True, slots=True)
class MissingDefinition(Diagnostic):
    """A signature file names something that its source file does not define.

    Example:

        --- main.fidproj
        [package]
        name = "main"
        [build]
        sources = ["Stack.fsi", "Stack.clef"]
        --- Stack.fsi
        module Stack
        val push: int -> int list -> int list
        val pop: int list -> int list
        --- Stack.clef
        module Stack
        let push (x: int) stack = x :: stack

    Instead:

        --- main.fidproj
        [package]
        name = "main"
        [build]
        sources = ["Stack.fsi", "Stack.clef"]
        --- Stack.fsi
        module Stack
        val push: int -> int list -> int list
        --- Stack.clef
        module Stack
        let push (x: int) stack = x :: stack
    """

    code: ClassVar[str] = "E0211"

    name: str

    def title(self) -> str:
        return f"the signature has `{self.name}`, but the source file does not define it"

    def labels(self) -> list[Label]:
        return [Label(self.span, "only here")]

    def hint(self) -> str | None:
        return "define it in the source file, or remove it from the signature"


@dataclass(frozen=True, slots=True)
class TypeDiffers(Diagnostic):
    """A signature file gives a value or member another type than its definition has; a type that is
    less generic is another type.

    Example:

        --- main.fidproj
        [package]
        name = "main"
        [build]
        sources = ["Area.fsi", "Area.clef"]
        --- Area.fsi
        module Area
        val square: int -> string
        --- Area.clef
        module Area
        let square (x: int) = x * x

    Instead:

        --- main.fidproj
        [package]
        name = "main"
        [build]
        sources = ["Area.fsi", "Area.clef"]
        --- Area.fsi
        module Area
        val square: int -> int
        --- Area.clef
        module Area
        let square (x: int) = x * x
    """

    code: ClassVar[str] = "E0217"
    fsharp: ClassVar[int] = 34

    name: str

    def title(self) -> str:
        return f"`{self.name}` is not defined with the type of its signature"

    def labels(self) -> list[Label]:
        return [Label(self.span, "the definition has another type")]

    def hint(self) -> str | None:
        return "write the type of the definition, or change the definition"


@dataclass(frozen=True, slots=True)
class SignatureDiffers(Diagnostic):
    """A signature file describes a type or value otherwise than its source file defines it: with
    other fields or cases, or in another order; mutable, literal, inline, abstract or a struct where
    it is not; with a base, interface or constructor that it does not have.

    Example:

        --- main.fidproj
        [package]
        name = "main"
        [build]
        sources = ["Point.fsi", "Point.clef"]
        --- Point.fsi
        module Point
        type Point = { X: int; Y: int }
        --- Point.clef
        module Point
        type Point = { X: int; Z: int }

    Instead:

        --- main.fidproj
        [package]
        name = "main"
        [build]
        sources = ["Point.fsi", "Point.clef"]
        --- Point.fsi
        module Point
        type Point = { X: int; Y: int }
        --- Point.clef
        module Point
        type Point = { X: int; Y: int }
    """

    code: ClassVar[str] = "E0215"
    fsharp: ClassVar[int] = 311

    name: str
    defined: str

    def title(self) -> str:
        return f"the signature of `{self.name}` is not what its source file defines"

    def labels(self) -> list[Label]:
        return [Label(self.span, f"defined with {self.defined}")]

    def hint(self) -> str | None:
        return "write in the signature what the source file defines, fields and cases in its order"
