"""Diagnostics of type inference: E03xx.

Comes in: types already printed as the user writes them. Goes out: one class for each way in which
a program can fail to have a type. Promises: no types or trees are kept, only text and spans.
"""

from __future__ import annotations

from typing import ClassVar

from clef.data_classes import dataclass
from clef.diagnostics.diagnostic import Diagnostic, Label, Severity
from clef.source import Span


def _did_you_mean(suggestion: str | None) -> str | None:
    return f"did you mean `{suggestion}`?" if suggestion else None


def _with_reason(span: Span, text: str, reason: str, reason_span: Span | None) -> list[Label]:
    labels = [Label(span, text)]
    if reason and reason_span is not None and reason_span != span:
        labels.append(Label(reason_span, reason, primary=False))
    return labels


def _count(number: int, noun: str) -> str:
    return f"{number or 'no'} {noun}{'' if number == 1 else 's'}"


def _given(number: int) -> str:
    return (
        "none is given" if number == 0 else "1 is given" if number == 1 else f"{number} are given"
    )


def _called(name: str) -> str:
    return f"`{name}`" if name else "this expression"


def _listed(names: tuple[str, ...]) -> str:
    quoted = [f"`{name}`" for name in names]
    if len(quoted) < 2:
        return "".join(quoted)
    return ", ".join(quoted[:-1]) + " and " + quoted[-1]


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
        return _with_reason(self.span, f"this is `{self.found}`", self.reason, self.reason_span)

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

    def title(self) -> str:
        return f"{_called(self.name)} is not a function"

    def labels(self) -> list[Label]:
        return [Label(self.span, f"this is `{self.type}` and takes no argument")]

    def hint(self) -> str | None:
        return "remove the argument, or put an operator or `;` between the two"


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
        takes = f"{_called(self.name)} takes {_count(self.expected, 'argument')}"
        return f"{takes}, but {_given(self.given)}"

    def labels(self) -> list[Label]:
        return [Label(self.span, f"this is `{self.type}`")]

    def hint(self) -> str | None:
        return "remove the last arguments, or put parentheses around an inner call"


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


@dataclass(frozen=True, slots=True)
class UnknownMember(Diagnostic):
    """A type has no member of this name.

    Example:

        let text = "abc"
        let count = text.Lenght

    Instead:

        let text = "abc"
        let count = text.Length
    """

    code: ClassVar[str] = "E0306"

    type: str
    member: str
    suggestion: str | None = None
    interface: str | None = None  # that the type implements and that has the member

    def title(self) -> str:
        return f"the type `{self.type}` has no member `{self.member}`"

    def labels(self) -> list[Label]:
        return [Label(self.span, "no such field, property or method")]

    def hint(self) -> str | None:
        if self.interface is not None:
            return f"it is a member of an interface: `(value :> {self.interface}).{self.member}`"
        return _did_you_mean(self.suggestion)


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
        return "write a type annotation, such as `(item: string)`, or pipe the data in with `|>`"


@dataclass(frozen=True, slots=True)
class ImmutableAssignment(Diagnostic):
    """A value that is not mutable is assigned to.

    Example:

        let count = 0
        count <- 1

    Instead:

        let mutable count = 0
        count <- 1
    """

    code: ClassVar[str] = "E0308"

    name: str
    definition: Span | None = None
    kind: str = "value"

    def title(self) -> str:
        return f"the {self.kind} `{self.name}` is not mutable"

    def labels(self) -> list[Label]:
        return _with_reason(
            self.span,
            "assigned here",
            "it is defined without `mutable` here" if self.definition else "",
            self.definition,
        )

    def hint(self) -> str | None:
        return (
            f"write `let mutable {self.name} = …`"
            if self.kind == "value"
            else f"write `mutable {self.name}` in its definition"
        )


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
        return f"`{self.name}` takes {_count(self.expected, 'argument')}, but {_given(self.given)}"

    def labels(self) -> list[Label]:
        return [Label(self.span, self.signature)]


@dataclass(frozen=True, slots=True)
class MissingFields(Diagnostic):
    """A record is made without all of its fields.

    Example:

        type Point = { X: int; Y: int }
        let p = { X = 1 }

    Instead:

        type Point = { X: int; Y: int }
        let p = { X = 1; Y = 2 }
    """

    code: ClassVar[str] = "E0313"

    type: str
    fields: tuple[str, ...]

    def title(self) -> str:
        return f"the record `{self.type}` also needs {_listed(self.fields)}"

    def labels(self) -> list[Label]:
        return [Label(self.span, "not all fields are here")]

    def hint(self) -> str | None:
        return "add " + ", ".join(f"`{name} = …`" for name in self.fields)


@dataclass(frozen=True, slots=True)
class UnknownField(Diagnostic):
    """A record has no field of this name, or no record has.

    Example:

        type Point = { X: int; Y: int }
        let p = { X = 1; Z = 2 }

    Instead:

        type Point = { X: int; Y: int }
        let p = { X = 1; Y = 2 }
    """

    code: ClassVar[str] = "E0314"

    name: str
    type: str = ""
    suggestion: str | None = None

    def title(self) -> str:
        return (
            f"the record `{self.type}` has no field `{self.name}`"
            if self.type
            else f"no record in scope has a field `{self.name}`"
        )

    def labels(self) -> list[Label]:
        return [Label(self.span, "unknown field")]

    def hint(self) -> str | None:
        return _did_you_mean(self.suggestion)


@dataclass(frozen=True, slots=True)
class DuplicateField(Diagnostic):
    """A field is given twice.

    Example:

        type Point = { X: int; Y: int }
        let p = { X = 1; Y = 2; X = 3 }

    Instead:

        type Point = { X: int; Y: int }
        let p = { X = 1; Y = 2 }
    """

    code: ClassVar[str] = "E0315"

    name: str

    def title(self) -> str:
        return f"the field `{self.name}` is given twice"

    def labels(self) -> list[Label]:
        return [Label(self.span, "the second time")]


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
        return f"`{name}` is not defined for {_listed(self.types)}"

    def labels(self) -> list[Label]:
        return [Label(self.span, "")]

    def hint(self) -> str | None:
        return self.advice


@dataclass(frozen=True, slots=True)
class MeasureMismatch(Diagnostic):
    """Two units of measure differ.

    Example:

        [<Measure>] type m
        [<Measure>] type s
        let wrong = 3.0<m> + 2.0<s>

    Instead:

        [<Measure>] type m
        [<Measure>] type s
        let right = 3.0<m> / 2.0<s>
    """

    code: ClassVar[str] = "E0318"

    found: str
    expected: str
    reason: str = ""
    reason_span: Span | None = None

    def title(self) -> str:
        return f"the unit of measure is `{self.found}`, but `{self.expected}` is expected"

    def labels(self) -> list[Label]:
        return _with_reason(self.span, f"this is in `{self.found}`", self.reason, self.reason_span)


@dataclass(frozen=True, slots=True)
class UnknownOverride(Diagnostic):
    """An override or interface implementation names a member that the type does not declare.

    Example:

        type Cat() =
            override this.ToStrin() = "cat"

    Instead:

        type Cat() =
            override this.ToString() = "cat"
    """

    code: ClassVar[str] = "E0319"

    member: str
    type: str
    suggestion: str | None = None

    def title(self) -> str:
        return f"`{self.type}` has no abstract or virtual member `{self.member}`"

    def labels(self) -> list[Label]:
        return [Label(self.span, "nothing to implement")]

    def hint(self) -> str | None:
        return _did_you_mean(self.suggestion)


@dataclass(frozen=True, slots=True)
class MissingImplementation(Diagnostic):
    """A class or object expression leaves abstract members without an implementation.

    Example:

        type IShape =
            abstract Area: float
            abstract Name: string
        let square = { new IShape with member _.Area = 1.0 }

    Instead:

        type IShape =
            abstract Area: float
            abstract Name: string
        let square =
            { new IShape with
                member _.Area = 1.0
                member _.Name = "square" }
    """

    code: ClassVar[str] = "E0320"

    type: str
    members: tuple[str, ...]

    def title(self) -> str:
        return f"{_listed(self.members)} of `{self.type}` is not implemented"

    def labels(self) -> list[Label]:
        return [Label(self.span, "incomplete")]

    def hint(self) -> str | None:
        return "add " + ", ".join(f"`member _.{name} … = …`" for name in self.members)


@dataclass(frozen=True, slots=True)
class AbstractInstance(Diagnostic):
    """An object of an abstract class or interface is made.

    Example:

        [<AbstractClass>]
        type Shape() =
            abstract Area: float
        let s = Shape()

    Instead:

        [<AbstractClass>]
        type Shape() =
            abstract Area: float
        let s = { new Shape() with member _.Area = 1.0 }
    """

    code: ClassVar[str] = "E0321"

    type: str

    def title(self) -> str:
        return f"`{self.type}` is abstract, so no object of it can be made"

    def labels(self) -> list[Label]:
        return [Label(self.span, "")]

    def hint(self) -> str | None:
        return "use a class that inherits from it, or an object expression `{ new T() with … }`"


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
class NotAConstant(Diagnostic):
    """A `[<Literal>]` value, an enum value or an attribute argument must be a constant.

    Example:

        let start () = 1
        [<Literal>]
        let First = start ()

    Instead:

        [<Literal>]
        let First = 1
    """

    code: ClassVar[str] = "E0323"

    what: str

    def title(self) -> str:
        return f"{self.what} must be a constant"

    def labels(self) -> list[Label]:
        return [Label(self.span, "this is computed when the program runs")]


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

        let n = "abc" :?> int

    Instead:

        let n = box "abc" :?> int
    """

    code: ClassVar[str] = "E0325"

    found: str
    target: str

    def title(self) -> str:
        return f"a `{self.found}` is never a `{self.target}`"

    def labels(self) -> list[Label]:
        return [Label(self.span, f"this is `{self.found}`")]

    def hint(self) -> str | None:
        return "`box` the value first if its real type is only known when the program runs"


@dataclass(frozen=True, slots=True)
class NoConstructor(Diagnostic):
    """A type is used like a constructor, but it has none.

    Example:

        type Shape = Circle | Square
        let s = Shape()

    Instead:

        type Shape = Circle | Square
        let s = Circle
    """

    code: ClassVar[str] = "E0326"

    type: str

    def title(self) -> str:
        return f"the type `{self.type}` has no constructor"

    def labels(self) -> list[Label]:
        return [Label(self.span, "")]


@dataclass(frozen=True, slots=True)
class WrongTypeArguments(Diagnostic):
    """A generic function, method or type is given the wrong number of type arguments.

    Example:

        let first<'a> (x: 'a) = x
        let n = first<int, string> 1

    Instead:

        let first<'a> (x: 'a) = x
        let n = first<int> 1
    """

    code: ClassVar[str] = "E0327"

    name: str
    expected: int
    given: int

    def title(self) -> str:
        takes = f"`{self.name}` takes {_count(self.expected, 'type argument')}"
        return f"{takes}, but {_given(self.given)}"

    def labels(self) -> list[Label]:
        return [Label(self.span, "")]


@dataclass(frozen=True, slots=True)
class NotAPlace(Diagnostic):
    """Only a mutable name, field, property or element can be assigned to.

    Example:

        let double x = x * 2
        double 1 <- 3

    Instead:

        let mutable result = 2
        result <- 3
    """

    code: ClassVar[str] = "E0328"

    def title(self) -> str:
        return "this cannot be assigned to"

    def labels(self) -> list[Label]:
        return [Label(self.span, "not a mutable name, field, property or element")]


@dataclass(frozen=True, slots=True)
class MissingBuilderMethod(Diagnostic):
    """A computation expression uses a construct that its builder does not define.

    Example:

        type Maybe() =
            member _.Return x = Some x
        let maybe = Maybe()
        let n = maybe { let! x = Some 1 in return x }

    Instead:

        type Maybe() =
            member _.Bind(value, next) = Option.bind next value
            member _.Return x = Some x
        let maybe = Maybe()
        let n = maybe { let! x = Some 1 in return x }
    """

    code: ClassVar[str] = "E0329"

    construct: str
    method: str
    builder: str

    def title(self) -> str:
        return f"this builder does not allow {self.construct}"

    def labels(self) -> list[Label]:
        return [Label(self.span, f"needs `{self.method}`, which `{self.builder}` does not define")]

    def hint(self) -> str | None:
        return f"add `member _.{self.method}(…)` to `{self.builder}`"


@dataclass(frozen=True, slots=True)
class OutsideComputation(Diagnostic):
    """`yield`, `return`, `let!` and their relatives belong inside a computation expression.

    Example:

        let n = return 1

    Instead:

        let n = async { return 1 }
    """

    code: ClassVar[str] = "E0330"

    construct: str

    def title(self) -> str:
        return f"`{self.construct}` is only allowed inside a computation expression"

    def labels(self) -> list[Label]:
        return [Label(self.span, "")]

    def hint(self) -> str | None:
        return "write `async { … }`, `seq { … }` or another builder around it"


@dataclass(frozen=True, slots=True)
class RecursiveAbbreviation(Diagnostic):
    """A type abbreviation or a struct contains itself.

    Example:

        type Loop = Loop list

    Instead:

        type Loop = Loop of Loop list
    """

    code: ClassVar[str] = "E0332"

    name: str

    def title(self) -> str:
        return f"the type `{self.name}` stands for itself without end"

    def labels(self) -> list[Label]:
        return [Label(self.span, "")]

    def hint(self) -> str | None:
        return "define a record or union instead"


@dataclass(frozen=True, slots=True)
class DuplicateMember(Diagnostic):
    """A type defines the same member twice.

    Example:

        type Cat() =
            member _.Name = "Tom"
            member _.Name = "Kit"

    Instead:

        type Cat() =
            member _.Name = "Tom"
            member _.Nickname = "Kit"
    """

    code: ClassVar[str] = "E0333"

    member: str
    type: str

    def title(self) -> str:
        return f"`{self.type}` defines `{self.member}` twice"

    def labels(self) -> list[Label]:
        return [Label(self.span, "the second time")]


@dataclass(frozen=True, slots=True)
class PrivateMember(Diagnostic):
    """A private member, field or constructor is used from outside its type.

    Example:

        type Safe() =
            member private _.Code = 1234
        let code = Safe().Code

    Instead:

        type Safe() =
            member _.Code = 1234
        let code = Safe().Code
    """

    code: ClassVar[str] = "E0334"

    member: str
    type: str

    def title(self) -> str:
        return f"`{self.member}` is private to `{self.type}`"

    def labels(self) -> list[Label]:
        return [Label(self.span, "")]


@dataclass(frozen=True, slots=True)
class InvalidEntryPoint(Diagnostic):
    """The `[<EntryPoint>]` function takes the arguments of the program and gives its exit code.

    Example:

        [<EntryPoint>]
        let main () = 0

    Instead:

        [<EntryPoint>]
        let main arguments = 0
    """

    code: ClassVar[str] = "E0335"

    type: str

    def title(self) -> str:
        return f"the entry point is `{self.type}`, but must be `string[] -> int`"

    def labels(self) -> list[Label]:
        return [Label(self.span, "")]


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
        return _did_you_mean(self.suggestion)


@dataclass(frozen=True, slots=True)
class StaticOrInstance(Diagnostic):
    """A static member is used on a value, or an instance member on a type.

    Example:

        type Cat() =
            member _.Name = "Tom"
        let name = Cat.Name

    Instead:

        type Cat() =
            member _.Name = "Tom"
        let name = Cat().Name
    """

    code: ClassVar[str] = "E0338"

    member: str
    is_static: bool

    def title(self) -> str:
        return f"`{self.member}` is {'a static' if self.is_static else 'an instance'} member"

    def labels(self) -> list[Label]:
        return [Label(self.span, "used on a value" if self.is_static else "used on a type")]

    def hint(self) -> str | None:
        return (
            "write the type's name in front"
            if self.is_static
            else "write a value of the type in front"
        )


@dataclass(frozen=True, slots=True)
class MissingLibrary(Diagnostic):
    """The compiler needs a definition of the standard library that is not there.

    Situation:
        The standard library is incomplete or is being built.
    """

    code: ClassVar[str] = "E0339"

    symbol: str

    def title(self) -> str:
        return f"the library does not define `{self.symbol}`"

    def labels(self) -> list[Label]:
        return [Label(self.span, "this construct needs it")]


@dataclass(frozen=True, slots=True)
class PropertyAccess(Diagnostic):
    """A property without a getter is read, or one without a setter is set.

    Example:

        type Cat() =
            member _.Name = "Tom"
        let cat = Cat()
        cat.Name <- "Kit"

    Instead:

        type Cat() =
            member val Name = "Tom" with get, set
        let cat = Cat()
        cat.Name <- "Kit"
    """

    code: ClassVar[str] = "E0342"

    name: str
    action: str

    def title(self) -> str:
        return f"the property `{self.name}` cannot be {self.action}"

    def labels(self) -> list[Label]:
        return [Label(self.span, "")]

    def hint(self) -> str | None:
        return (
            "its definition says `with get, set` if it is meant to be assigned"
            if (self.action == "set")
            else None
        )


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

    def title(self) -> str:
        return f"the type `{self.type}` cannot be indexed"

    def labels(self) -> list[Label]:
        return [Label(self.span, "")]


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


@dataclass(frozen=True, slots=True)
class InvalidInheritance(Diagnostic):
    """A type inherits from or implements something that cannot be inherited.

    Example:

        type Point = { X: int }
        type Point3() =
            inherit Point()

    Instead:

        type Point() = class end
        type Point3() =
            inherit Point()
    """

    code: ClassVar[str] = "E0345"

    type: str
    problem: str

    def title(self) -> str:
        return f"`{self.type}` {self.problem}"

    def labels(self) -> list[Label]:
        return [Label(self.span, "")]


@dataclass(frozen=True, slots=True)
class UndeclaredTypeVariable(Diagnostic):
    """A type variable is used in a type definition that does not declare it.

    Example:

        type Box = { Value: 'a }

    Instead:

        type Box<'a> = { Value: 'a }
    """

    code: ClassVar[str] = "E0346"

    name: str

    def title(self) -> str:
        return f"the type variable `{self.name}` is not declared"

    def labels(self) -> list[Label]:
        return [Label(self.span, "")]

    def hint(self) -> str | None:
        return f"write `<{self.name}>` after the name of the type"


@dataclass(frozen=True, slots=True)
class NotAMeasure(Diagnostic):
    """A type stands where a unit of measure is needed, or the other way round.

    Example:

        let speed: float<string> = 1.0

    Instead:

        [<Measure>] type m
        let distance: float<m> = 1.0<m>
    """

    code: ClassVar[str] = "E0347"

    found: str
    expected: str

    def title(self) -> str:
        return f"`{self.found}` is not {self.expected}"

    def labels(self) -> list[Label]:
        return [Label(self.span, "")]


@dataclass(frozen=True, slots=True)
class BaseCall(Diagnostic):
    """`base` is only known in the members of a class that inherits from another.

    Example:

        let text = base.ToString()

    Instead:

        type Cat() =
            override _.ToString() = "cat"
            member _.Text = base.ToString()
    """

    code: ClassVar[str] = "E0348"

    def title(self) -> str:
        return "`base` is not known here"

    def labels(self) -> list[Label]:
        return [Label(self.span, "")]


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
        return _with_reason(self.span, f"this is {self.found}", self.reason, self.reason_span)


@dataclass(frozen=True, slots=True)
class NotSupportedYet(Diagnostic):
    """A construct of the language that this version does not compile yet.

    Example:

        let code = <@ 1 + 2 @>

    Instead:

        let code = fun () -> 1 + 2
    """

    code: ClassVar[str] = "E0399"

    construct: str
    instead: str = ""

    def title(self) -> str:
        return f"{self.construct} is not supported yet"

    def labels(self) -> list[Label]:
        return [Label(self.span, "")]

    def hint(self) -> str | None:
        return self.instead or None


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
