"""What is applied, indexed or gone through, and its arguments.

Comes in: types already printed as the user writes them. Goes out: one class for each mistake, its
code an E03xx.
"""

from __future__ import annotations

from typing import ClassVar

from clef.data_classes import dataclass
from clef.diagnostics.diagnostic import Diagnostic, Fix, Label
from clef.diagnostics.typing.wording import called, count, did_you_mean, given
from clef.source import Span


@dataclass(frozen=True, slots=True)
class NotAFunction(Diagnostic):
    """Something is applied to an argument, but it is no function.

    A missing operator, semicolon or comma between two values looks like an application.

    Example:

        let two = 2
        let six = two 3

    Instead:

        let two = 2
        let six = two * 3
    """

    code: ClassVar[str] = "E0303"

    type: str
    name: str = ""
    negative: Span | None = None
    """The argument, where it is a number with a minus before it."""
    is_property: bool = False
    """Whether it stands before `()` and is no function by itself."""
    is_indexed: bool = False
    """Whether the argument may be meant as an index: a list of one item."""

    def title(self) -> str:
        return f"{called(self.name)} is not a function"

    def labels(self) -> list[Label]:
        return [Label(self.span, f"this is `{self.type}` and takes no argument")]

    def hint(self) -> str | None:
        if self.negative is not None:
            return "to subtract, put a blank behind the minus as well: `a - 1`"
        if self.is_indexed:
            return "an index touches what it belongs to: `items[0]`"
        if self.is_property:
            return "it is a value: leave `()` out"
        return "remove the argument, or put an operator or `;` between the two"

    def fixes(self) -> list[Fix]:
        if self.negative is None:
            return []
        behind = Span(self.negative.path, self.negative.start + 1, self.negative.start + 1)
        return [Fix("Subtract", ((behind, " "),))]


@dataclass(frozen=True, slots=True)
class TooManyArguments(Diagnostic):
    """A function is given more arguments than it takes.

    Example:

        let double x: int = x * 2
        let four = double 1 2

    Instead:

        let double x: int = x * 2
        let four = double 2
    """

    code: ClassVar[str] = "E0304"

    name: str
    expected: int
    given: int
    type: str

    def title(self) -> str:
        takes = f"{called(self.name)} takes {count(self.expected, 'argument')}"
        return f"{takes}, but {given(self.given)}"

    def labels(self) -> list[Label]:
        return [Label(self.span, f"this is `{self.type}`")]

    def hint(self) -> str | None:
        return "remove the last arguments, or put parentheses around an inner call"


@dataclass(frozen=True, slots=True)
class NoOverload(Diagnostic):
    """No overload of a method takes these arguments.

    Example:

        type Printer() =
            member _.Show(x: int) = 1
            member _.Show(x: string) = 2
        let n = Printer().Show(true)

    Instead:

        type Printer() =
            member _.Show(x: int) = 1
            member _.Show(x: string) = 2
        let n = Printer().Show("true")
    """

    code: ClassVar[str] = "E0310"

    member: str
    given: str
    candidates: tuple[str, ...] = ()

    def title(self) -> str:
        return f"no overload of `{self.member}` takes `{self.given}`"

    def labels(self) -> list[Label]:
        return [Label(self.span, "these arguments fit none of them")]

    def notes(self) -> list[str]:
        return [f"there is  {one}" for one in self.candidates]


@dataclass(frozen=True, slots=True)
class AmbiguousOverload(Diagnostic):
    """More than one overload of a method fits, and none fits better.

    Example:

        type Printer() =
            member _.Print(x: obj, y: string) = 1
            member _.Print(x: string, y: obj) = 2
        let n = Printer().Print("a", "b")

    Instead:

        type Printer() =
            member _.Print(x: obj, y: string) = 1
            member _.Print(x: string, y: obj) = 2
        let n = Printer().Print(box "a", "b")
    """

    code: ClassVar[str] = "E0311"

    member: str
    candidates: tuple[str, ...] = ()

    def title(self) -> str:
        return f"the call of `{self.member}` fits several overloads"

    def labels(self) -> list[Label]:
        return [Label(self.span, "which one is meant?")]

    def notes(self) -> list[str]:
        return [f"there is  {one}" for one in self.candidates]

    def hint(self) -> str | None:
        return "write the type of an argument"


@dataclass(frozen=True, slots=True)
class WrongArgumentCount(Diagnostic):
    """A method, constructor or union case is given the wrong number of arguments.

    Example:

        type Shape = Rectangle of float * float
        let s = Rectangle 2.0

    Instead:

        type Shape = Rectangle of float * float
        let s = Rectangle(2.0, 3.0)
    """

    code: ClassVar[str] = "E0312"

    name: str
    expected: int
    given: int
    signature: str = ""

    def title(self) -> str:
        return f"`{self.name}` takes {count(self.expected, 'argument')}, but {given(self.given)}"

    def labels(self) -> list[Label]:
        return [Label(self.span, self.signature)]


@dataclass(frozen=True, slots=True)
class FormatError(Diagnostic):
    """A printf format or interpolated string is wrong.

    Example:

        let text = sprintf "%y" 1

    Instead:

        let text = sprintf "%d" 1
    """

    code: ClassVar[str] = "E0322"

    problem: str

    def title(self) -> str:
        return self.problem

    def labels(self) -> list[Label]:
        return [Label(self.span, "")]

    def hint(self) -> str | None:
        return "write `%%` for a percent sign"


@dataclass(frozen=True, slots=True)
class UnknownArgument(Diagnostic):
    """A named argument is neither a parameter of the method nor a settable property of its result.

    Example:

        type Greeter() =
            member _.Greet(name: string) = name
        let g = Greeter().Greet(nam = "Ada")

    Instead:

        type Greeter() =
            member _.Greet(name: string) = name
        let g = Greeter().Greet(name = "Ada")
    """

    code: ClassVar[str] = "E0336"

    name: str
    member: str
    suggestion: str | None = None

    def title(self) -> str:
        return f"`{self.member}` has no parameter `{self.name}`"

    def labels(self) -> list[Label]:
        return [Label(self.span, "")]

    def hint(self) -> str | None:
        return did_you_mean(self.suggestion)


@dataclass(frozen=True, slots=True)
class NotIndexable(Diagnostic):
    """A value is indexed, but its type has no `Item` property.

    Example:

        let n = 5
        let first = n.[0]

    Instead:

        let n = [5]
        let first = n.[0]
    """

    code: ClassVar[str] = "E0343"

    type: str
    is_written: bool = False

    def title(self) -> str:
        if self.is_written:
            return f"elements of the type `{self.type}` cannot be assigned"
        return f"the type `{self.type}` cannot be indexed"

    def labels(self) -> list[Label]:
        return [Label(self.span, "")]

    def hint(self) -> str | None:
        if self.type.startswith("seq<"):
            return "`Seq.item index values` looks for an element of a sequence"
        if self.is_written and self.type.endswith(" list"):
            return "lists do not change: use an array, or make a new list"
        if self.is_written and self.type.startswith("Map<"):
            return "maps do not change: `Map.add key value table` makes another one"
        return None


@dataclass(frozen=True, slots=True)
class NotEnumerable(Diagnostic):
    """`for … in` and `yield!` need a sequence: a list, array, string, or another type with
    `GetEnumerator`.

    Example:

        for i in 10 do ignore i

    Instead:

        for i in 1 .. 10 do ignore i
    """

    code: ClassVar[str] = "E0344"

    type: str

    def title(self) -> str:
        return f"the type `{self.type}` is not a sequence"

    def labels(self) -> list[Label]:
        return [Label(self.span, f"this is `{self.type}`")]
