"""What a definition of a type or a program promises, and lacks.

Comes in: types already printed as the user writes them. Goes out: one class for each mistake, its
code an E03xx.
"""

from __future__ import annotations

from typing import ClassVar

from clef.data_classes import dataclass
from clef.diagnostics.diagnostic import Diagnostic, Fix, Label
from clef.diagnostics.typing.wording import did_you_mean, listed
from clef.source import Span


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
        return did_you_mean(self.suggestion)


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
        return f"{listed(self.members)} of `{self.type}` is not implemented"

    def labels(self) -> list[Label]:
        return [Label(self.span, "incomplete")]

    def hint(self) -> str | None:
        return "add " + ", ".join(f"`member _.{name} … = …`" for name in self.members)


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
class ClashingMember(Diagnostic):
    """A record has a member named as one of its fields, or a union one named as one of its cases.

    Example:

        type Shape =
            | Circle of float
            | Square of float
            member _.Circle = 1

    Instead:

        type Shape =
            | Circle of float
            | Square of float
            member _.Corners = 1
    """

    code: ClassVar[str] = "E0368"
    fsharp: ClassVar[int] = 23

    member: str
    type: str
    what: str

    def title(self) -> str:
        return f"`{self.member}` of `{self.type}` is a {self.what} already"

    def labels(self) -> list[Label]:
        return [Label(self.span, f"named as the {self.what}")]

    def hint(self) -> str | None:
        return "give the member another name"


@dataclass(frozen=True, slots=True)
class BoundAndMember(Diagnostic):
    """A class has a `let` and a member of one name.

    Example:

        type Counter() =
            let count = 1
            member _.count = count

    Instead:

        type Counter() =
            let count = 1
            member _.Count = count
    """

    code: ClassVar[str] = "E0369"
    fsharp: ClassVar[int] = 905

    name: str
    type: str

    def title(self) -> str:
        return f"`{self.name}` is bound in `{self.type}` and a member of it"

    def labels(self) -> list[Label]:
        return [Label(self.span, "a member has this name, too")]

    def hint(self) -> str | None:
        return "give one of the two another name"


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
class MisplacedPart(Diagnostic):
    """A definition has a part that types of its kind cannot have: values of the object without a
    primary constructor, a field that nothing sets, members of an abbreviation.

    Example:

        type Counter =
            let step = 1
            member _.Step = step

    Instead:

        type Counter() =
            let step = 1
            member _.Step = step
    """

    code: ClassVar[str] = "E0356"
    fsharp: ClassVar[int] = 0

    part: str
    owner: str
    way_out: str

    def title(self) -> str:
        return f"{self.part} cannot stand in {self.owner}"

    def labels(self) -> list[Label]:
        return [Label(self.span, "")]

    def hint(self) -> str | None:
        return self.way_out


@dataclass(frozen=True, slots=True)
class MemberWithoutObject(Diagnostic):
    """A member that is not static names the object that it belongs to in front of the dot.

    Example:

        type Counter() =
            member Step() = 1

    Instead:

        type Counter() =
            member this.Step() = 1
    """

    code: ClassVar[str] = "E0364"
    fsharp: ClassVar[int] = 673

    name: str

    def title(self) -> str:
        return f"the member `{self.name}` has no name for its object"

    def labels(self) -> list[Label]:
        return [Label(self.span, "")]

    def hint(self) -> str | None:
        return f"write `this.{self.name}`, or make it a `static member`"

    def fixes(self) -> list[Fix]:
        place = Span(self.span.path, self.span.start, self.span.start)
        return [Fix("Insert `this.`", ((place, "this."),))]


@dataclass(frozen=True, slots=True)
class NeedsObject(Diagnostic):
    """A static member or a static value uses something that each object has for itself.

    Example:

        type Account(start: int) =
            let mutable money = start
            static member Money = money

    Instead:

        type Account(start: int) =
            let mutable money = start
            member _.Money = money
    """

    code: ClassVar[str] = "E0357"
    fsharp: ClassVar[int] = 39

    name: str

    def title(self) -> str:
        return f"`{self.name}` belongs to an object, and there is none here"

    def labels(self) -> list[Label]:
        return [Label(self.span, "every object has its own")]

    def hint(self) -> str | None:
        return "use it in a member of the object, or write `static let`"


@dataclass(frozen=True, slots=True)
class EntryPointNotLast(Diagnostic):
    """The function with `[<EntryPoint>]` is the last definition of the last file: what stands
    behind it would not be computed before it runs.

    Example:

        [<EntryPoint>]
        let main arguments = 0
        let limit = 10

    Instead:

        let limit = 10
        [<EntryPoint>]
        let main arguments = 0
    """

    code: ClassVar[str] = "E0358"
    fsharp: ClassVar[int] = 433

    name: str

    def title(self) -> str:
        return f"the entry point `{self.name}` is not the last definition of the program"

    def labels(self) -> list[Label]:
        return [Label(self.span, "more is defined behind it")]

    def hint(self) -> str | None:
        return "move it to the end of the last file"
