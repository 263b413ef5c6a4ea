"""Two types that should agree, and do not.

Comes in: types already printed as the user writes them. Goes out: one class for each mistake, its
code an E03xx.
"""

from __future__ import annotations

from typing import ClassVar

from clef.data_classes import dataclass
from clef.diagnostics.diagnostic import Diagnostic, Fix, Label, Severity
from clef.diagnostics.typing.wording import listed, with_reason
from clef.source import Span

FOREIGN_OPERATORS = {"!=": "<>", "==": "="}
"""How other languages write what Clef writes otherwise."""


def in_own_words(span: Span, operator: str) -> list[Fix]:
    """The operator that was meant in place of another language's."""
    own = FOREIGN_OPERATORS.get(operator)
    return [Fix(f"Write `{own}`", ((span, own),))] if own is not None else []


@dataclass(frozen=True, slots=True)
class TypeMismatch(Diagnostic):
    """An expression has one type and its place asks for another.

    F# converts nothing by itself but `int` to wider numbers and a value to a type it inherits from.

    Example:

        let length: int = "four"

    Instead:

        let length: int = String.length "four"
    """

    code: ClassVar[str] = "E0301"

    found: str
    expected: str
    reason: str = ""
    reason_span: Span | None = None
    advice: str | None = None

    def title(self) -> str:
        return f"the type is `{self.found}`, but `{self.expected}` is expected"

    def labels(self) -> list[Label]:
        return with_reason(self.span, f"this is `{self.found}`", self.reason, self.reason_span)

    def notes(self) -> list[str]:
        return [f"found     {self.found}", f"expected  {self.expected}"]

    def hint(self) -> str | None:
        return self.advice


@dataclass(frozen=True, slots=True)
class InfiniteType(Diagnostic):
    """A value would have to contain itself in its own type, such as a function that takes itself.

    Example:

        let apply f = f f

    Instead:

        let apply f x = f x
    """

    code: ClassVar[str] = "E0302"

    found: str
    expected: str

    def title(self) -> str:
        return "this type would contain itself without end"

    def labels(self) -> list[Label]:
        return [Label(self.span, f"this is `{self.found}`, used as `{self.expected}`")]

    def hint(self) -> str | None:
        return "a type annotation shows where the two should differ"


@dataclass(frozen=True, slots=True)
class MissingElse(Diagnostic):
    """An `if` without `else` gives unit, so its branch must be unit too.

    Example:

        let sign x = if x < 0 then -1

    Instead:

        let sign x = if x < 0 then -1 else 1
    """

    code: ClassVar[str] = "E0316"

    found: str

    def title(self) -> str:
        return f"this `if` has no `else`, but its branch gives `{self.found}`"

    def labels(self) -> list[Label]:
        return [Label(self.span, f"this is `{self.found}`")]

    def hint(self) -> str | None:
        return "add an `else` branch with a value of the same type"


@dataclass(frozen=True, slots=True)
class OperatorNotSupported(Diagnostic):
    """An operator or conversion is not defined for these types. Numbers of different types do not
    mix.

    Example:

        let total = 1 + 2.5

    Instead:

        let total = 1.0 + 2.5
    """

    code: ClassVar[str] = "E0317"

    operator: str
    types: tuple[str, ...]
    advice: str | None = None

    def title(self) -> str:
        name = self.operator.removeprefix("get_")
        return f"`{name}` is not defined for {listed(self.types)}"

    def labels(self) -> list[Label]:
        return [Label(self.span, "")]

    def hint(self) -> str | None:
        own = FOREIGN_OPERATORS.get(self.operator)
        return f"write `{own}`" if own is not None and self.advice is None else self.advice

    def fixes(self) -> list[Fix]:
        return in_own_words(self.span, self.operator)


@dataclass(frozen=True, slots=True)
class ImpossibleUpcast(Diagnostic):
    """`:>` goes from a type to one that it inherits from or implements.

    Example:

        let text = 1 :> string

    Instead:

        let text = string 1
    """

    code: ClassVar[str] = "E0324"

    found: str
    target: str

    def title(self) -> str:
        return f"`{self.found}` does not inherit from `{self.target}`"

    def labels(self) -> list[Label]:
        return [Label(self.span, f"this is `{self.found}`")]


@dataclass(frozen=True, slots=True)
class ImpossibleDowncast(Diagnostic):
    """`:?>` and `:?` ask whether a value is of a more special type; here it never can be.

    Example:

        type Animal() = class end
        type Stone() = class end
        let toStone (animal: Animal) = animal :?> Stone

    Instead:

        type Animal() = class end
        type Stone() = class end
        let toStone (thing: obj) = thing :?> Stone
    """

    code: ClassVar[str] = "E0325"

    found: str
    target: str
    is_upcast: bool = False

    def title(self) -> str:
        if self.is_upcast:
            return f"every `{self.found}` is a `{self.target}`: this is no downcast"
        return f"a `{self.found}` is never a `{self.target}`"

    def labels(self) -> list[Label]:
        return [Label(self.span, f"this is `{self.found}`")]

    def hint(self) -> str | None:
        if self.is_upcast:
            return "write `:>`"
        return "`box` the value first if its real type is only known when the program runs"


@dataclass(frozen=True, slots=True)
class NeedsMatchingType(Diagnostic):
    """A lambda, tuple or collection is written where the expected type has another shape.

    Example:

        let add: int -> int = fun x y -> x + y

    Instead:

        let add: int -> int -> int = fun x y -> x + y
    """

    code: ClassVar[str] = "E0349"

    found: str
    expected: str
    reason: str = ""
    reason_span: Span | None = None

    def title(self) -> str:
        return f"this is {self.found}, but `{self.expected}` is expected"

    def labels(self) -> list[Label]:
        return with_reason(self.span, f"this is {self.found}", self.reason, self.reason_span)


@dataclass(frozen=True, slots=True)
class UnusedResult(Diagnostic):
    """The value of an expression that stands as a statement is dropped. Only unit is dropped
    silently.

    Example:

        let report () =
            1 + 2
            printfn "done"

    Instead:

        let report () =
            printfn "%d" (1 + 2)
            printfn "done"
    """

    code: ClassVar[str] = "W0350"
    severity: ClassVar[Severity] = Severity.WARNING
    fsharp: ClassVar[int] = 20

    type: str
    advice: str = ""

    def title(self) -> str:
        return f"the result of type `{self.type}` is not used"

    def labels(self) -> list[Label]:
        return [Label(self.span, "its value is dropped")]

    def hint(self) -> str | None:
        return self.advice or "write `|> ignore` after it if that is meant"


@dataclass(frozen=True, slots=True)
class EqualsAsStatement(Diagnostic):
    """`a = b` compares; as a statement its result is dropped.

    Example:

        let mutable count = 0
        let step () =
            count = 1
            printfn "%d" count

    Instead:

        let mutable count = 0
        let step () =
            count <- 1
            printfn "%d" count
    """

    code: ClassVar[str] = "W0352"
    severity: ClassVar[Severity] = Severity.WARNING
    fsharp: ClassVar[int] = 20

    def title(self) -> str:
        return "this compares two values and drops the answer"

    def labels(self) -> list[Label]:
        return [Label(self.span, "")]

    def hint(self) -> str | None:
        return "write `<-` to assign"
