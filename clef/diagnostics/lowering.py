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
    """A generic member uses itself at ever larger types through a virtual call, so that
    specialising it would never end.

    Every use of a generic function at new types becomes a function of its own. Functions, types and
    members that use themselves at `'T list` where they were used at `'T` are specialised once for
    all of these types. Of an abstract member with type parameters of its own it is not known which
    members a call reaches.

    Example:
        [<AbstractClass>]
        type Visitor() =
            abstract Visit<'T> : int * 'T -> int
        type Counting() =
            inherit Visitor()
            override this.Visit<'T>(n: int, x: 'T) : int =
                if n = 0 then 0 else 1 + this.Visit<'T list>(n - 1, [ x ])
        printfn "%d" (Counting().Visit(3, 1))

    Instead:
        let rec visit<'T> (n: int) (x: 'T) : int =
            if n = 0 then 0 else 1 + visit<'T list> (n - 1) [ x ]
        printfn "%d" (visit 3 1)
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
        return "use a function or a member that is not abstract for the recursion"


@dataclass(frozen=True, slots=True)
class NotConvertible(Diagnostic):
    """A value is used where types grow without end, and it cannot have the one form that all of
    them have there.

    A function that uses itself at ever larger types, or a type whose fields do, is specialised
    once for all of them. Lists, tuples, records, unions, functions and sequences are converted
    where they go in and come out. Arrays and objects would have to be copied, which a program can
    notice, and the type of an object is not known there.

    Example:
        type Nested<'a> = Flat of 'a | Nest of Nested<'a[]>
        let rec depth<'a> (nested: Nested<'a>) : int =
            match nested with
            | Flat _ -> 0
            | Nest inner -> 1 + depth<'a[]> inner
        printfn "%d" (depth (Nest (Flat [| 1 |])))

    Instead:
        type Nested<'a> = Flat of 'a | Nest of Nested<'a list>
        let rec depth<'a> (nested: Nested<'a>) : int =
            match nested with
            | Flat _ -> 0
            | Nest inner -> 1 + depth<'a list> inner
        printfn "%d" (depth (Nest (Flat [ 1 ])))
    """

    code: ClassVar[str] = "E0504"

    type: str

    def title(self) -> str:
        """See `Diagnostic.title`."""
        return f"`{self.type}` cannot be used where types grow without end"

    def labels(self) -> list[Label]:
        """See `Diagnostic.labels`."""
        return [Label(self.span, "its values have one form for all types here")]

    def hint(self) -> str | None:
        """See `Diagnostic.hint`."""
        return "use lists, tuples, records or unions in the types that grow"


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
