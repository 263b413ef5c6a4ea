"""Members as they are used: by name, through an object or a type.

Comes in: types already printed as the user writes them. Goes out: one class for each mistake, its
code an E03xx.
"""

from __future__ import annotations

from typing import ClassVar

from clef.data_classes import dataclass
from clef.diagnostics.diagnostic import Diagnostic, Label
from clef.diagnostics.typing.wording import did_you_mean


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
    opening: str | None = None  # the module that would extend the type with it
    function: str | None = None  # of a module, with this name

    def title(self) -> str:
        return f"the type `{self.type}` has no member `{self.member}`"

    def labels(self) -> list[Label]:
        return [Label(self.span, "no such field, property or method")]

    def hint(self) -> str | None:
        if self.interface is not None:
            return f"it is a member of an interface: `(value :> {self.interface}).{self.member}`"
        if self.opening is not None:
            return f"write `open {self.opening}`"
        if self.function is not None:
            return f"it is a function: `value |> {self.function} …`"
        return did_you_mean(self.suggestion)


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

    def hint(self) -> str | None:
        if self.type.endswith(" list"):
            return "a list that grows is a `ResizeArray<…>()`"
        return None


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
        if self.member == self.type:
            return f"what `{self.type}` consists of is private to its module"
        return f"`{self.member}` is private to `{self.type}`"

    def labels(self) -> list[Label]:
        return [Label(self.span, "")]


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
class BaseInFunction(Diagnostic):
    """`base` calls the base class's own member, which only the members of the object may do. A
    function inside of one is an object of its own, and so are `lazy`, sequences and computation
    expressions.

    Example:

        type Shape() =
            abstract Name: unit -> string
            default _.Name() = "shape"
        type Square() =
            inherit Shape()
            override _.Name() = [ 1; 2 ] |> List.map (fun _ -> base.Name()) |> String.concat ","

    Instead:

        type Shape() =
            abstract Name: unit -> string
            default _.Name() = "shape"
        type Square() =
            inherit Shape()
            override _.Name() =
                let name = base.Name()
                [ 1; 2 ] |> List.map (fun _ -> name) |> String.concat ","
    """

    code: ClassVar[str] = "E0383"
    fsharp: ClassVar[int] = 405

    def title(self) -> str:
        return "`base` cannot be used in a function inside of the member"

    def labels(self) -> list[Label]:
        return [Label(self.span, "")]

    def hint(self) -> str | None:
        return (
            "call it before, or write a member that calls it: `member private _.Base() = base.M()`"
        )


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
