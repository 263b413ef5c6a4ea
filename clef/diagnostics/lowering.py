"""Findings of the core (E05xx): what is valid but not supported yet, and what specialisation cannot
finish.

Comes in: what lowering met. Goes out: diagnostics with a way out. Promises: nothing reported here
is ever compiled to something else.
"""

from __future__ import annotations

from typing import ClassVar

from clef.data_classes import dataclass
from clef.diagnostics.diagnostic import Diagnostic, Label


@dataclass(frozen=True, slots=True)
class NotSupported(Diagnostic):
    """The construct is valid, but the compiler cannot translate it yet.

    The program is rejected rather than compiled to something else. The hint says what to write
    instead.

    Situation:
        A program that F# accepts and that needs what the compiler cannot do so far, such as a
        recursion between values, or operators that only units of measure tell apart.
    """

    code: ClassVar[str] = "E0501"

    what: str
    instead: str

    def title(self) -> str:
        """See `Diagnostic.title`."""
        return f"{self.what} is not supported yet"

    def labels(self) -> list[Label]:
        """See `Diagnostic.labels`."""
        return [Label(self.span, "cannot be translated yet")]

    def hint(self) -> str | None:
        """See `Diagnostic.hint`."""
        return self.instead or None


@dataclass(frozen=True, slots=True)
class EndlessInstantiation(Diagnostic):
    """A generic function uses itself at ever larger types, so that specialising it would never end.

    Every use of a generic function at new types becomes a function of its own. A function that
    calls itself with `'T list` where it
    was called with `'T` needs infinitely many.

    Example:
        let rec nest<'T> (n: int) (x: 'T) : int =
            if n = 0 then 0 else 1 + nest<'T list> (n - 1) [ x ]
        printfn "%d" (nest 3 1)

    Instead:
        type Nested = Leaf of int | Nested of Nested list
        let rec nest (n: int) (x: Nested) : int =
            if n = 0 then 0 else 1 + nest (n - 1) (Nested [ x ])
        printfn "%d" (nest 3 (Leaf 1))
    """

    code: ClassVar[str] = "E0502"

    symbol: str
    chain: tuple[str, ...]

    def title(self) -> str:
        """See `Diagnostic.title`."""
        return f"`{self.symbol}` uses itself at ever larger types"

    def labels(self) -> list[Label]:
        """See `Diagnostic.labels`."""
        return [Label(self.span, "specialising this would never end")]

    def notes(self) -> list[str]:
        """See `Diagnostic.notes`."""
        return [f"instantiated   {step}" for step in self.chain]

    def hint(self) -> str | None:
        """See `Diagnostic.hint`."""
        return "use one type that contains itself (a recursive union) instead of growing types"


@dataclass(frozen=True, slots=True)
class NoSuchMember(Diagnostic):
    """An operator or member that a generic inline function needs does not exist for the type it is
    used at.

    Situation: a definition whose constraint was settled by a type that is known only when generic
    code is specialised. Type inference finds most of these and reports them as E0317.

    Instead:
        type Point =
            { X: int }
            static member (+) (a: Point, b: Point) = { X = a.X + b.X }
        let inline double x = x + x
        let p = double { X = 1 }
    """

    code: ClassVar[str] = "E0503"

    member: str
    type: str

    def title(self) -> str:
        """See `Diagnostic.title`."""
        return f"`{self.type}` has no member `{self.member}`"

    def labels(self) -> list[Label]:
        """See `Diagnostic.labels`."""
        return [Label(self.span, f"needs `{self.member}`")]

    def hint(self) -> str | None:
        """See `Diagnostic.hint`."""
        return f"give `{self.type}` this member, or use another type here"


@dataclass(frozen=True, slots=True)
class LibraryLacks(Diagnostic):
    """The standard library of this version does not provide something that the construct needs.

    Situation: a construct whose library part is not written yet.
    """

    code: ClassVar[str] = "E0520"

    symbol: str

    def title(self) -> str:
        """See `Diagnostic.title`."""
        return f"`{self.symbol}` is not provided by the standard library yet"

    def labels(self) -> list[Label]:
        """See `Diagnostic.labels`."""
        return [Label(self.span, "needs it")]

    def hint(self) -> str | None:
        """See `Diagnostic.hint`."""
        return "write this part of the program with other functions for now"
