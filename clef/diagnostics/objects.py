"""Diagnostics about classes and their parts.

Comes in: what inference found. Goes out: titles, labels and hints. Promises: one class a code.
"""

from __future__ import annotations

from typing import ClassVar

from clef.data_classes import dataclass
from clef.diagnostics.diagnostic import Diagnostic, Fix, Label, Severity
from clef.source import Span


@dataclass(frozen=True, slots=True)
class UseInClass(Diagnostic):
    """`use` disposes at the end of the block that it stands in. The `let`s of a class are no block:
    they live as long as the object.

    Example:

        open System

        type Quiet() =
            interface IDisposable with
                member _.Dispose() = ()

        type Owner() =
            use inner = new Quiet()
            member _.Inner = inner

    Instead:

        open System

        type Quiet() =
            interface IDisposable with
                member _.Dispose() = ()

        type Owner() =
            let inner = new Quiet()
            member _.Inner = inner
            interface IDisposable with
                member _.Dispose() = (inner :> IDisposable).Dispose()
    """

    code: ClassVar[str] = "E0701"

    def title(self) -> str:
        return "`use` has no end to dispose at in a class"

    def labels(self) -> list[Label]:
        return [Label(self.span, "")]

    def hint(self) -> str | None:
        return "write `let`, and dispose in the class's own `Dispose`"


@dataclass(frozen=True, slots=True)
class UseInModule(Diagnostic):
    """`use` disposes at the end of the block that it stands in. A module has no end, so the value
    is never disposed: `use` means `let` there.

    Example:

        open System

        use quiet = { new IDisposable with member _.Dispose() = () }

    Instead:

        open System

        let quiet = { new IDisposable with member _.Dispose() = () }
    """

    code: ClassVar[str] = "W0702"
    severity: ClassVar[Severity] = Severity.WARNING

    def title(self) -> str:
        return "`use` in a module is `let`: nothing disposes it"

    def labels(self) -> list[Label]:
        return [Label(self.span, "")]

    def hint(self) -> str | None:
        return "write `let`, or move it into a function"


@dataclass(frozen=True, slots=True)
class WrongParameters(Diagnostic):
    """A member that overrides or implements another takes as many arguments as that one.

    Example:

        type Point() =
            override _.ToString(format) = format + "!"

    Instead:

        type Point() =
            override _.ToString() = "!"
            member _.ToString(format) = format + "!"
    """

    code: ClassVar[str] = "E0703"

    name: str
    expected: int
    written: int

    def title(self) -> str:
        return f"`{self.name}` is declared with {_arguments(self.expected)}"

    def labels(self) -> list[Label]:
        return [Label(self.span, f"{_arguments(self.written)} here")]

    def hint(self) -> str | None:
        return "write it as it is declared, or make it a `member` of its own"


def _arguments(count: int) -> str:
    """A count of arguments in words."""
    return "no arguments" if count == 0 else "1 argument" if count == 1 else f"{count} arguments"


@dataclass(frozen=True, slots=True)
class NeedsItself(Diagnostic):
    """A value of a `let rec` is used while it is being computed. Records and union cases may hold
    themselves directly; a function or `lazy` may use the value later.

    Example:

        type Ring = { Number: int; Next: Ring }
        let next (ring: Ring) = ring
        let rec ring = { Number = 1; Next = next ring }

    Instead:

        type Ring = { Number: int; Next: Ring }
        let rec ring = { Number = 1; Next = ring }
    """

    code: ClassVar[str] = "E0711"
    fsharp: ClassVar[int] = 31

    name: str
    circle: tuple[str, ...]

    def title(self) -> str:
        return f"the value `{self.name}` is needed to compute itself"

    def labels(self) -> list[Label]:
        others = [f"`{one}`" for one in self.circle if one != self.name]
        return [Label(self.span, f"through {' and '.join(others)}" if others else "")]

    def hint(self) -> str | None:
        return "make the value lazy, or a function"


@dataclass(frozen=True, slots=True)
class CheckedWhenUsed(Diagnostic):
    """A value of a `let rec` is mentioned in code that could run before the value is computed. Each
    use asks whether it is there; if it is not, InvalidOperationException is raised.

    Example:

        let rec total = lazy (if total.IsValueCreated then 1 else 2)

    Instead:

        let total = lazy 2
    """

    code: ClassVar[str] = "W0712"
    severity: ClassVar[Severity] = Severity.WARNING
    fsharp: ClassVar[int] = 40

    name: str

    def title(self) -> str:
        return f"whether `{self.name}` is computed by now is checked when the program runs"

    def labels(self) -> list[Label]:
        return [Label(self.span, "")]

    def hint(self) -> str | None:
        return None


@dataclass(frozen=True, slots=True)
class RecursivePart(Diagnostic):
    """A value of a `let rec` stands in a list, an option or a tuple before it is computed. Only
    records and unions of the program itself, and `ref`, can be completed afterwards.

    Example:

        type Ring = { Number: int; Next: Ring option }
        let rec ring = { Number = 1; Next = Some ring }

    Instead:

        type Ring = { Number: int; Next: Ring }
        let rec ring = { Number = 1; Next = ring }
    """

    code: ClassVar[str] = "E0713"
    fsharp: ClassVar[int] = 260

    name: str
    type: str

    def title(self) -> str:
        return f"`{self.name}` stands in a `{self.type}` before it is computed"

    def labels(self) -> list[Label]:
        return [Label(self.span, "")]

    def hint(self) -> str | None:
        return "let it stand in a record or union of the program, or make it lazy"


@dataclass(frozen=True, slots=True)
class NotAnExtension(Diagnostic):
    """Constructors, overrides and interfaces belong to the definition of a type. An extension adds
    functions that are called like members, and nothing else.

    Example:

        type System.Text.StringBuilder with
            new(first: int, second: int) = System.Text.StringBuilder(first + second)

    Instead:

        let builder (first: int) (second: int) = System.Text.StringBuilder(first + second)
    """

    code: ClassVar[str] = "E0714"

    what: str

    def title(self) -> str:
        return f"{self.what} cannot be added to a type that is defined elsewhere"

    def labels(self) -> list[Label]:
        return [Label(self.span, "")]

    def hint(self) -> str | None:
        return "write it in the definition of the type, or write a function"


@dataclass(frozen=True, slots=True)
class NoSubtypes(Diagnostic):
    """`:?` and `:?>` ask for the type that an object has when the program runs. Values of a sealed
    type, a struct, a record, a union or a type parameter have no other.

    Example:

        let isInt (values: obj[]) = values :? int[]

    Instead:

        let isInt (values: obj) = values :? int[]
    """

    code: ClassVar[str] = "E0715"
    fsharp: ClassVar[int] = 16

    type: str

    def title(self) -> str:
        return f"nothing inherits from `{self.type}`, so there is no other type to ask for"

    def labels(self) -> list[Label]:
        return [Label(self.span, f"this is `{self.type}`")]

    def hint(self) -> str | None:
        return "`box` the value first if its real type is only known when the program runs"


@dataclass(frozen=True, slots=True)
class TestAlwaysHolds(Diagnostic):
    """A `:?` or `:?>` whose answer is known: the value is of the type that is asked for.

    Example:

        let isObject (value: obj) = value :? obj

    Instead:

        let isText (value: obj) = value :? string
    """

    code: ClassVar[str] = "W0716"
    severity: ClassVar[Severity] = Severity.WARNING
    fsharp: ClassVar[int] = 67

    found: str
    target: str

    def title(self) -> str:
        return f"a `{self.found}` is always a `{self.target}`"

    def labels(self) -> list[Label]:
        return [Label(self.span, "this test always holds")]

    def hint(self) -> str | None:
        return None


@dataclass(frozen=True, slots=True)
class NeedlessUpcast(Diagnostic):
    """An upcast to the type that the value has.

    Example:

        let same (value: obj) = value :> obj

    Instead:

        let same (value: string) = value :> obj
    """

    code: ClassVar[str] = "W0717"
    severity: ClassVar[Severity] = Severity.WARNING
    fsharp: ClassVar[int] = 66

    type: str

    def title(self) -> str:
        return f"the value is a `{self.type}` without the upcast"

    def labels(self) -> list[Label]:
        return [Label(self.span, "")]

    def hint(self) -> str | None:
        return "leave the upcast out"


@dataclass(frozen=True, slots=True)
class DisposableWithoutNew(Diagnostic):
    """An object that must be disposed of is made without `new`, which would show the reader that
    someone has to.

    Example:

        let text = System.IO.StringReader "some text"

    Instead:

        let text = new System.IO.StringReader "some text"
    """

    code: ClassVar[str] = "W0718"
    severity: ClassVar[Severity] = Severity.WARNING
    fsharp: ClassVar[int] = 760

    type: str

    def title(self) -> str:
        return f"a `{self.type}` has to be disposed of, so it should be made with `new`"

    def labels(self) -> list[Label]:
        return [Label(self.span, "made without `new`")]

    def hint(self) -> str | None:
        return f"write `new {self.type}(…)`"

    def fixes(self) -> list[Fix]:
        before = Span(self.span.path, self.span.start, self.span.start)
        return [Fix("Insert `new`", ((before, "new "),), safe=True)]
