"""Attributes that are not defined: W02xx.

Comes in: names as written. Goes out: one class. Promises: a program is compiled as it would be
without such an attribute.
"""

from __future__ import annotations

from typing import ClassVar

from clef.data_classes import dataclass
from clef.diagnostics.diagnostic import Diagnostic, Label, Severity


@dataclass(frozen=True, slots=True)
class UnknownAttribute(Diagnostic):
    """An attribute is named that is not defined. It is taken for one of a tool that Clef does not
    know, and says nothing.

    Example:

        [<Strukt>]
        type Point = { X: int; Y: int }

    Instead:

        [<Struct>]
        type Point = { X: int; Y: int }
    """

    code: ClassVar[str] = "W0218"
    severity: ClassVar[Severity] = Severity.WARNING

    name: str
    suggestion: str | None = None

    def title(self) -> str:
        return f"the attribute `{self.name}` is not defined"

    def labels(self) -> list[Label]:
        return [Label(self.span, "it means nothing here")]

    def hint(self) -> str | None:
        if self.suggestion is not None:
            return f"did you mean `{self.suggestion}`?"
        return "open the namespace that it is in, or take it away"
