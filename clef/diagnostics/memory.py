"""Findings of the memory plan (E06xx): values that have no place where the program wants them.

Comes in: what planning met. Goes out: diagnostics with a way out. Promises: what is reported here
never reaches the machine.
"""

from __future__ import annotations

from typing import ClassVar

from clef.data_classes import dataclass
from clef.diagnostics.diagnostic import Diagnostic, Label


@dataclass(frozen=True, slots=True)
class ForeignValue(Diagnostic):
    """A C function takes or gives a value that is more than one machine word.

    Small records and unions are kept in several registers. C has no name for that; numbers,
    pointers, strings and arrays (as the address of their first element) can be passed, and the
    members of a tuple become arguments of their own.

    Example:
        [<FidelityExtern("", "swap")>]
        let swap (pair: int) : int * int = NativeDefault.zeroed ()
        printfn "%A" (swap 1)

    Instead:
        [<FidelityExtern("", "swap")>]
        let swap (first: int, second: int) : int = NativeDefault.zeroed ()
    """

    code: ClassVar[str] = "E0601"

    function: str
    type: str

    def title(self) -> str:
        """See `Diagnostic.title`."""
        return f"the C function `{self.function}` cannot take or give a `{self.type}`"

    def labels(self) -> list[Label]:
        """See `Diagnostic.labels`."""
        return [Label(self.span, f"`{self.type}` is more than one machine word")]

    def hint(self) -> str | None:
        """See `Diagnostic.hint`."""
        return "pass its parts one by one, or a pointer"
