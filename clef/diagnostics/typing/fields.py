"""Fields of records, and places that something is assigned to.

Comes in: types already printed as the user writes them. Goes out: one class for each mistake, its
code an E03xx.
"""

from __future__ import annotations

from typing import ClassVar

from clef.data_classes import dataclass
from clef.diagnostics.diagnostic import Diagnostic, Label
from clef.diagnostics.typing.wording import did_you_mean, listed, with_reason
from clef.source import Span


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
    use: str = "assigned here"
    is_cell: bool = False  # of a type `… ref`

    def title(self) -> str:
        return f"the {self.kind} `{self.name}` is not mutable"

    def labels(self) -> list[Label]:
        return with_reason(
            self.span,
            self.use,
            "it is defined without `mutable` here" if self.definition else "",
            self.definition,
        )

    def hint(self) -> str | None:
        if self.is_cell:
            return f"write `{self.name}.Value <- …`"
        return (
            f"write `let mutable {self.name} = …`"
            if self.kind == "value"
            else f"write `mutable {self.name}` in its definition"
        )


@dataclass(frozen=True, slots=True)
class ReadOnlyReference(Diagnostic):
    """A reference of type `inref` is only read: nothing is written through it.

    `&x` is an `inref` where `x` is not mutable, and a parameter may ask for one to promise that it
    leaves what it refers to as it is.

    Example:

        let reset (x: inref<int>) = x <- 0

    Instead:

        let reset (x: byref<int>) = x <- 0
    """

    code: ClassVar[str] = "E0359"

    type: str

    def title(self) -> str:
        return "this reference is only read"

    def labels(self) -> list[Label]:
        return [Label(self.span, f"this is `{self.type}`")]

    def hint(self) -> str | None:
        return f"write `{self.type.replace('inref', 'byref', 1)}` where it is declared"


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
        return f"`{self.type}` also needs {listed(self.fields)}"

    def labels(self) -> list[Label]:
        return [Label(self.span, "not all fields are here")]

    def hint(self) -> str | None:
        return "add " + ", ".join(f"`{name} = …`" for name in self.fields)


@dataclass(frozen=True, slots=True)
class EmptyRecord(Diagnostic):
    """Braces with nothing between them stand where no record is expected.

    Example:

        let nothing = { }

    Instead:

        let nothing: seq<int> = seq { }
    """

    code: ClassVar[str] = "E0377"

    def title(self) -> str:
        """See `Diagnostic.title`."""
        return "these braces have nothing between them"

    def labels(self) -> list[Label]:
        """See `Diagnostic.labels`."""
        return [Label(self.span, "neither fields of a record nor a computation")]

    def hint(self) -> str | None:
        """See `Diagnostic.hint`."""
        return "write the fields, or the builder before the braces, as in `seq { }`"


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
        return did_you_mean(self.suggestion)


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
class FixedOutsideUse(Diagnostic):
    """`fixed e` gives the address of something that must stay where it is for as long as the
    address is used: the name that `use` gives it says how long.

    Example:

        open FSharp.NativeInterop

        let first (items: int[]) =
            let p = fixed items
            NativePtr.read p

    Instead:

        open FSharp.NativeInterop

        let first (items: int[]) =
            use p = fixed items
            NativePtr.read p
    """

    code: ClassVar[str] = "E0353"

    def title(self) -> str:
        return "`fixed` stands only to the right of `use name =`"

    def labels(self) -> list[Label]:
        return [Label(self.span, "nothing says how long the address is used")]

    def hint(self) -> str:
        return "write `use name = fixed …` inside of a function"


@dataclass(frozen=True, slots=True)
class NotPinnable(Diagnostic):
    """`fixed` takes an array, a string, or the address of an element or field.

    Example:

        open FSharp.NativeInterop

        let first (items: int list) =
            use p = fixed items
            NativePtr.read p

    Instead:

        open FSharp.NativeInterop

        let first (items: int list) =
            let copy = List.toArray items
            use p = fixed copy
            NativePtr.read p
    """

    code: ClassVar[str] = "E0354"
    type: str

    def title(self) -> str:
        return f"a `{self.type}` has no place in memory that could be fixed"

    def labels(self) -> list[Label]:
        return [Label(self.span, f"this is `{self.type}`")]

    def hint(self) -> str:
        return "pin an array, a string, `&array.[i]` or `&object.Field`"


@dataclass(frozen=True, slots=True)
class ChangedCopy(Diagnostic):
    """A field of a struct is assigned that a call gave, or that lies in a field that never changes.
    It is a copy, so nobody would see the change.

    Example:

        [<Struct>]
        type Point = { mutable X: int }
        let origin () = { X = 0 }
        (origin ()).X <- 1

    Instead:

        [<Struct>]
        type Point = { mutable X: int }
        let origin () = { X = 0 }
        let mutable point = origin ()
        point.X <- 1
    """

    code: ClassVar[str] = "E0382"
    fsharp: ClassVar[int] = 257

    type: str

    def title(self) -> str:
        return f"this `{self.type}` is a copy, which cannot be changed"

    def labels(self) -> list[Label]:
        return [Label(self.span, "not a mutable name, field or element")]

    def hint(self) -> str | None:
        return "put it into a `let mutable`, change that, and store it where it came from"


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
