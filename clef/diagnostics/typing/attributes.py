"""Attributes that stand where they say nothing.

Comes in: where an attribute stands, and what it is. Goes out: a message. Promises: it says what to
do instead.
"""

from __future__ import annotations

from typing import ClassVar

from clef.data_classes import dataclass
from clef.diagnostics.diagnostic import Diagnostic, Label


@dataclass(frozen=True, slots=True)
class MisplacedAttribute(Diagnostic):
    """An attribute stands on something that cannot have it: `[<Struct>]` on a value,
    `[<Literal>]` on a type, `[<AllowNullLiteral>]` on a record.

    Example:

        [<CLIMutable>]
        type Counter() =
            member _.Value = 1

    Instead:

        [<CLIMutable>]
        type Counter = { Value: int }
    """

    code: ClassVar[str] = "E0372"
    fsharp: ClassVar[int] = 842

    name: str
    owner: str
    way_out: str

    def title(self) -> str:
        return f"`[<{self.name}>]` does not belong on {self.owner}"

    def labels(self) -> list[Label]:
        return [Label(self.span, "it would say nothing here")]

    def hint(self) -> str | None:
        return self.way_out
