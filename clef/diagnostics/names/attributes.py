"""Attributes that are not defined: E02xx.

Comes in: names as written. Goes out: one class. Promises: attributes of .NET and FSharp.Core that
mean nothing here are not among them.
"""

from __future__ import annotations

from typing import ClassVar

from clef.data_classes import dataclass
from clef.diagnostics.diagnostic import Diagnostic, Label


@dataclass(frozen=True, slots=True)
class UnknownAttribute(Diagnostic):
    """An attribute is named that neither the program nor the library nor .NET defines.

    Example:

        [<Strukt>]
        type Point = { X: int; Y: int }

    Instead:

        [<Struct>]
        type Point = { X: int; Y: int }
    """

    code: ClassVar[str] = "E0218"
    fsharp: ClassVar[int] = 39

    name: str
    suggestion: str | None = None
    opening: str | None = None  # the namespace that has it

    def title(self) -> str:
        return f"the attribute `{self.name}` is not defined"

    def labels(self) -> list[Label]:
        return [Label(self.span, "no type has this name, with or without `Attribute`")]

    def hint(self) -> str | None:
        if self.opening is not None:
            return f"write `open {self.opening}`"
        if self.suggestion is not None:
            return f"did you mean `{self.suggestion}`?"
        return "open the namespace that it is in, or take it away"
