"""What may only stand in certain places: references, `reraise`, quotations.

Comes in: names and types already printed as the user writes them. Goes out: one class for each
restriction, its code an E03xx. Promises: each says where the construct may stand instead.
"""

from __future__ import annotations

from typing import ClassVar

from clef.data_classes import dataclass
from clef.diagnostics.diagnostic import Diagnostic, Label, Severity


@dataclass(frozen=True, slots=True)
class CapturedReference(Diagnostic):
    """A `byref` is used in a function inside of the one that it belongs to.

    The inner function may be called when what the reference refers to is gone. Sequences, `lazy`,
    object expressions and computation expressions are such functions, too.

    Example:

        let total (sum: byref<int>) (items: int list) =
            items |> List.iter (fun item -> sum <- sum + item)

    Instead:

        let total (sum: byref<int>) (items: int list) =
            for item in items do
                sum <- sum + item
    """

    code: ClassVar[str] = "E0360"

    name: str

    def title(self) -> str:
        return f"the reference `{self.name}` is used in a function of its own"

    def labels(self) -> list[Label]:
        return [Label(self.span, "which may outlive what it refers to")]

    def hint(self) -> str | None:
        return "use a loop, copy the value before, or use a `ref` cell"


@dataclass(frozen=True, slots=True)
class StoredReference(Diagnostic):
    """A `byref` is kept: in a field, a variable of a module, a list or tuple, a function that waits
    for more arguments, or as the type argument of a generic function.

    References are parameters, results and local names; nothing holds them longer.

    Example:

        type Place = { At: byref<int> }

    Instead:

        type Place = { At: int ref }
    """

    code: ClassVar[str] = "E0361"

    type: str

    def title(self) -> str:
        return f"`{self.type}` cannot be kept"

    def labels(self) -> list[Label]:
        return [Label(self.span, "a reference is a parameter, a result or a local name")]

    def hint(self) -> str | None:
        return "keep a `ref` cell, or an array and an index"


@dataclass(frozen=True, slots=True)
class RangeWithoutBrackets(Diagnostic):
    """A range stands by itself. It is part of a list, array or sequence, of an index, or of a loop.

    Example:

        let numbers = 1 .. 3

    Instead:

        let numbers = [ 1 .. 3 ]
    """

    code: ClassVar[str] = "E0384"
    fsharp: ClassVar[int] = 751

    def title(self) -> str:
        return "a range cannot stand by itself"

    def labels(self) -> list[Label]:
        return [Label(self.span, "")]

    def hint(self) -> str | None:
        return "write brackets around it: `[ a .. b ]`, or `seq { a .. b }`"


@dataclass(frozen=True, slots=True)
class ReraiseOutsideHandler(Diagnostic):
    """`reraise` stands outside of a `with`, or in a function inside of one.

    Example:

        let attempt work =
            try work () with _ -> List.iter (fun _ -> reraise ()) [ 1 ]

    Instead:

        let attempt work =
            try work () with _ -> reraise ()
    """

    code: ClassVar[str] = "E0362"

    def title(self) -> str:
        return "`reraise` is not directly in the `with` of a `try`"

    def labels(self) -> list[Label]:
        return [Label(self.span, "no exception is being handled here")]

    def hint(self) -> str | None:
        return "name the exception, `with error -> …`, and write `raise error`"


@dataclass(frozen=True, slots=True)
class NotProvided(Diagnostic):
    """A part of F# that looks at programs while they run, which Clef does not provide.

    Programs become machine code without a description of themselves, so there are no quotations.

    Example:

        let code = <@ 1 + 2 @>

    Instead:

        let code = fun () -> 1 + 2
    """

    code: ClassVar[str] = "E0363"

    construct: str
    instead: str = ""

    def title(self) -> str:
        return f"{self.construct} is not provided"

    def labels(self) -> list[Label]:
        return [Label(self.span, "there is no description of code in a running program")]

    def hint(self) -> str | None:
        return self.instead or None


@dataclass(frozen=True, slots=True)
class NotATailCall(Diagnostic):
    """A function marked `[<TailCall>]` calls itself, and something is left to do afterwards.

    Such a call needs room on the stack until it is done.

    Example:

        [<TailCall>]
        let rec sum items =
            match items with
            | [] -> 0
            | head :: tail -> head + sum tail

    Instead:

        [<TailCall>]
        let rec sum total items =
            match items with
            | [] -> total
            | head :: tail -> sum (total + head) tail
    """

    code: ClassVar[str] = "W0385"
    severity: ClassVar[Severity] = Severity.WARNING
    fsharp: ClassVar[int] = 3569

    name: str

    def title(self) -> str:
        return f"`{self.name}` is marked `[<TailCall>]`, but this is no tail call"

    def labels(self) -> list[Label]:
        return [Label(self.span, "something is left to do after it")]

    def hint(self) -> str | None:
        return "give what is known so far to the call, as an argument"


@dataclass(frozen=True, slots=True)
class LessAccessible(Diagnostic):
    """Something mentions a type that is less accessible, which others could not name.

    Example:

        type private Point = { X: int; Y: int }
        let origin: Point = { X = 0; Y = 0 }

    Instead:

        type private Point = { X: int; Y: int }
        let private origin: Point = { X = 0; Y = 0 }
    """

    code: ClassVar[str] = "E0365"
    fsharp: ClassVar[int] = 410

    type: str
    name: str
    access: str = "private"
    shown_as: str = "public"

    def title(self) -> str:
        return f"the type `{self.type}` is less accessible than `{self.name}`"

    def labels(self) -> list[Label]:
        return [Label(self.span, f"this is {self.shown_as}, and `{self.type}` is {self.access}")]

    def hint(self) -> str | None:
        return f"make `{self.name}` {self.access}, or `{self.type}` {self.shown_as}"


@dataclass(frozen=True, slots=True)
class ReturnedAddress(Diagnostic):
    """A function gives back the address of a local value, which is gone when the function ends.

    Example:

        let counter () =
            let mutable count = 1
            &count

    Instead:

        let first (numbers: int[]) =
            &numbers.[0]
    """

    code: ClassVar[str] = "E0367"
    fsharp: ClassVar[int] = 3209

    name: str

    def title(self) -> str:
        return f"the address of {self._what()} cannot be given back"

    def labels(self) -> list[Label]:
        return [Label(self.span, f"{self._what()} ends with the call")]

    def _what(self) -> str:
        return f"`{self.name}`" if self.name else "a value that is made here"

    def hint(self) -> str | None:
        return "give back the value, or the address of an element or of a field of an object"


@dataclass(frozen=True, slots=True)
class MisplacedCallerInformation(Diagnostic):
    """Where a call stands can be filled in only for a parameter that calls may leave out, of the
    type that the information has: `int` for the line, `string` for the file and the member.

    Example:

        open System.Runtime.CompilerServices

        type Log =
            static member Write(text: string, [<CallerLineNumber>] line: int) =
                printfn "%d: %s" line text

    Instead:

        open System.Runtime.CompilerServices

        type Log =
            static member Write(text: string, [<CallerLineNumber>] ?line: int) =
                printfn "%d: %s" (defaultArg line 0) text
    """

    code: ClassVar[str] = "E0366"
    fsharp: ClassVar[int] = 1247

    attribute: str
    type: str

    def title(self) -> str:
        return f"`{self.attribute}` is for optional parameters of type `{self.type}`"

    def labels(self) -> list[Label]:
        return [Label(self.span, "this parameter is no such one")]

    def hint(self) -> str | None:
        return f"declare it as `?name: {self.type}`"


@dataclass(frozen=True, slots=True)
class AbstractBaseMember(Diagnostic):
    """`base.M` calls what the class above says of `M`. There is nothing to call when it is only
    declared there.

    Example:

        [<AbstractClass>]
        type Animal() =
            abstract Sound: unit -> string

        type Cat() =
            inherit Animal()
            override _.Sound() = base.Sound() + "!"

    Instead:

        type Animal() =
            abstract Sound: unit -> string
            default _.Sound() = "…"

        type Cat() =
            inherit Animal()
            override _.Sound() = base.Sound() + "!"
    """

    code: ClassVar[str] = "E0370"
    fsharp: ClassVar[int] = 1201

    member: str
    type: str

    def title(self) -> str:
        return f"`{self.member}` of `{self.type}` is only declared there"

    def labels(self) -> list[Label]:
        return [Label(self.span, "there is nothing to call")]

    def hint(self) -> str | None:
        return f"give it code by `default`, or do not call `base.{self.member}`"


@dataclass(frozen=True, slots=True)
class OptionalOutsideMember(Diagnostic):
    """Only members and constructors have optional arguments; functions take all of theirs.

    Example:

        let greet (name: string, ?mark: string) = name + defaultArg mark "!"

    Instead:

        type Greeter =
            static member Greet(name: string, ?mark: string) = name + defaultArg mark "!"
    """

    code: ClassVar[str] = "E0373"
    fsharp: ClassVar[int] = 718

    name: str

    def title(self) -> str:
        return "only members have optional arguments"

    def labels(self) -> list[Label]:
        return [Label(self.span, "a function takes all of its arguments")]

    def hint(self) -> str | None:
        return f"make the function a member, or let `{self.name}` be an option"


@dataclass(frozen=True, slots=True)
class InlineUse(Diagnostic):
    """A public `inline` function uses something that is less visible: its code stands where it is
    called, and nobody can name that there.

    Example:

        module Prices =
            let private rate amount = amount / 100
            let inline total amount = amount + rate amount

    Instead:

        module Prices =
            let rate amount = amount / 100
            let inline total amount = amount + rate amount
    """

    code: ClassVar[str] = "E0376"
    fsharp: ClassVar[int] = 1113

    name: str
    used: str

    def title(self) -> str:
        return f"`{self.name}` is inline and public, but `{self.used}` is not public"

    def labels(self) -> list[Label]:
        return [Label(self.span, f"code that uses `{self.used}` would stand where this is called")]

    def hint(self) -> str | None:
        return f"make `{self.used}` public or inline, or take `inline` away"
