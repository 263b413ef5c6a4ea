"""Messages about types that are too general, not general enough, or not allowed where they are.

Comes in: spans and types. Goes out: diagnostics. Promises: each says where the type comes from.
"""

from __future__ import annotations

from typing import ClassVar

from clef.data_classes import dataclass
from clef.diagnostics.diagnostic import Diagnostic, Fix, Label, Severity
from clef.diagnostics.typing.agreement import FOREIGN_OPERATORS, in_own_words


@dataclass(frozen=True, slots=True)
class UnsatisfiedConstraint(Diagnostic):
    """A type is used where only types with a certain ability are allowed: equality, comparison,
    null, or inheritance.

    Functions cannot be compared; a type has equality and comparison when all its parts have.

    Example:

        let same = (fun x -> x + 1) = (fun x -> x + 2)

    Instead:

        let same = (fun x -> x + 1) 3 = (fun x -> x + 2) 3
    """

    code: ClassVar[str] = "E0305"

    type: str
    needs: str
    why: str = ""

    def title(self) -> str:
        return f"the type `{self.type}` {self.needs}"

    def labels(self) -> list[Label]:
        return [Label(self.span, self.why)]

    def hint(self) -> str | None:
        if "->" in self.type and self.needs.endswith("as the format asks"):
            return "is an argument missing? This is a function that still waits for one"
        return None


@dataclass(frozen=True, slots=True)
class IndeterminateType(Diagnostic):
    """A member is asked of a value whose type is not known yet.

    Types are found from left to right; what stands before decides.

    Example:

        let lengths items = List.map (fun item -> item.Length) items

    Instead:

        let lengths (items: string list) = items |> List.map (fun item -> item.Length)
    """

    code: ClassVar[str] = "E0307"

    member: str

    def title(self) -> str:
        return f"the type of this is not known yet, so `{self.member}` cannot be looked up"

    def labels(self) -> list[Label]:
        return [Label(self.span, "its type is decided only later")]

    def hint(self) -> str | None:
        if self.member in FOREIGN_OPERATORS:
            return f"write `{FOREIGN_OPERATORS[self.member]}`"
        return "write a type annotation, such as `(item: string)`, or pipe the data in with `|>`"

    def fixes(self) -> list[Fix]:
        return in_own_words(self.span, self.member)


@dataclass(frozen=True, slots=True)
class ValueRestriction(Diagnostic):
    """A value would have to be generic, but it is computed by a call, so it can have one type only.

    Example:

        let cells = Array.create 3 []

    Instead:

        let cells: int list[] = Array.create 3 []
    """

    code: ClassVar[str] = "E0309"

    name: str
    type: str

    def title(self) -> str:
        return f"the type of `{self.name}` is not decided: `{self.type}`"

    def labels(self) -> list[Label]:
        return [Label(self.span, "nothing says what the rest of its type is")]

    def hint(self) -> str | None:
        return "write its type, or give it a parameter: `let name () = …`"


@dataclass(frozen=True, slots=True)
class CircularChoice(Diagnostic):
    """A generic function is used at a type that nothing decides, and all that is known of the type
    is a constraint which mentions it again, so no type can be chosen.

    Example:

        let check (value: 'a when 'a :> System.IComparable<'a>) = ()
        let stored = box check

    Instead:

        let check (value: 'a when 'a :> System.IComparable<'a>) = ()
        let stored = box (check: int -> unit)
    """

    code: ClassVar[str] = "E0371"

    type: str

    def title(self) -> str:
        return f"nothing decides which type is meant: it must be a `{self.type}`"

    def labels(self) -> list[Label]:
        return [Label(self.span, "one of its types is open")]

    def hint(self) -> str | None:
        return "write the type that is meant"


@dataclass(frozen=True, slots=True)
class EscapingParameter(Diagnostic):
    """A definition declares a type parameter and makes something outside of it have that type, so
    it works at one type only.

    Example:

        let last = ref None
        let keep<'a> (value: 'a) = last.Value <- Some value

    Instead:

        let last = ref None
        let keep (value: int) = last.Value <- Some value
    """

    code: ClassVar[str] = "E0375"
    fsharp: ClassVar[int] = 670

    name: str

    def title(self) -> str:
        return f"this is not generic in `'{self.name}`, as it says"

    def labels(self) -> list[Label]:
        return [Label(self.span, f"something outside of it gets the type `'{self.name}`")]

    def hint(self) -> str | None:
        return "take the type parameter away, or give what is outside a type of its own"


@dataclass(frozen=True, slots=True)
class EndlessConstraint(Diagnostic):
    """An operator asks for a member whose own constraints ask for the same again, without end.

    Situation: the constraint of an inline member asks for the member itself, at a type that is
    deeper each time.
    """

    code: ClassVar[str] = "E0374"
    fsharp: ClassVar[int] = 465

    member: str

    def title(self) -> str:
        return f"which `{self.member}` is meant cannot be decided: looking for it has no end"

    def labels(self) -> list[Label]:
        return [Label(self.span, "each candidate asks for it again")]

    def hint(self) -> str | None:
        return "let the constraints of its definitions say less, or write more types"


@dataclass(frozen=True, slots=True)
class LessGeneric(Diagnostic):
    """A type variable was written where the code allows only one type.

    Example:

        let increment (x: 'a) = x + 1

    Instead:

        let increment (x: int) = x + 1
    """

    code: ClassVar[str] = "W0351"
    severity: ClassVar[Severity] = Severity.WARNING
    fsharp: ClassVar[int] = 64

    name: str
    type: str

    def title(self) -> str:
        return f"the type variable `{self.name}` can only be `{self.type}` here"

    def labels(self) -> list[Label]:
        return [Label(self.span, "")]

    def hint(self) -> str | None:
        return f"write `{self.type}`"
