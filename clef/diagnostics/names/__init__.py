"""Diagnostics of the names stage: E02xx."""

from __future__ import annotations

from typing import ClassVar

from clef.data_classes import dataclass
from clef.diagnostics.diagnostic import Diagnostic, Label
from clef.diagnostics.syntax.grammar import FOREIGN_BEGINNINGS
from clef.source import Span


def _did_you_mean(suggestion: str | None) -> str | None:
    return f"did you mean `{suggestion}`?" if suggestion else None


def _unseen(span: Span, text: str, below: Span | None) -> list[Label]:
    """Nothing has this name here, but something further down does."""
    first = Label(span, text)
    return [first] if below is None else [first, Label(below, "defined only here", primary=False)]


_MOVE = "move the definition in front of its first use, or join the two with `and`"


@dataclass(frozen=True, slots=True)
class UnknownName(Diagnostic):
    """A name is used that nothing in scope defines.

    Names are visible after their definition, in the same module or after an `open` of theirs.
    A function that calls itself needs `let rec`.

    Example:

        let area radius = 3.0 * radus * radius

    Instead:

        let area radius = 3.0 * radius * radius
    """

    code: ClassVar[str] = "E0201"

    name: str
    suggestion: str | None = None
    needs_rec: bool = False
    below: Span | None = None  # where a later definition has the name
    opening: str | None = None  # the namespace that has the name
    member: str | None = None  # the member of the type around, with what stands before it

    def title(self) -> str:
        return f"the name `{self.name}` is not defined"

    def labels(self) -> list[Label]:
        return _unseen(self.span, "nothing in scope has this name", self.below)

    def hint(self) -> str | None:
        if self.needs_rec:
            return f"write `let rec {self.name} …` to let `{self.name}` call itself"
        if self.member is not None:
            return f"write `{self.member}`"
        if self.below is not None:
            return _MOVE
        if self.name in FOREIGN_BEGINNINGS:
            return "definitions begin with `let`"
        if self.opening is not None:
            return f"write `open {self.opening}`"
        return _did_you_mean(self.suggestion)


@dataclass(frozen=True, slots=True)
class UnknownType(Diagnostic):
    """A type is named that is not defined, or not with this number of type arguments.

    Example:

        let name: strin = "Ada"

    Instead:

        let name: string = "Ada"
    """

    code: ClassVar[str] = "E0202"

    name: str
    suggestion: str | None = None
    below: Span | None = None  # where a later definition has the name
    opening: str | None = None  # the namespace that has the name

    def title(self) -> str:
        return f"the type `{self.name}` is not defined"

    def labels(self) -> list[Label]:
        return _unseen(self.span, "no type in scope has this name", self.below)

    def hint(self) -> str | None:
        if self.below is not None:
            return _MOVE
        if self.opening is not None:
            return f"write `open {self.opening}`"
        return _did_you_mean(self.suggestion)


@dataclass(frozen=True, slots=True)
class UnknownModule(Diagnostic):
    """An `open` names a module or namespace that does not exist.

    Files see only the files before them in the project's `sources`.

    Example:

        open Sytem

    Instead:

        open System
    """

    code: ClassVar[str] = "E0203"

    name: str
    suggestion: str | None = None

    def title(self) -> str:
        return f"there is no module or namespace `{self.name}`"

    def labels(self) -> list[Label]:
        return [Label(self.span, "not found")]

    def hint(self) -> str | None:
        if self.suggestion is None:
            return (
                "its file comes earlier in the project's sources; a package is added by `clef add`"
            )
        return _did_you_mean(self.suggestion)


@dataclass(frozen=True, slots=True)
class UnknownMember(Diagnostic):
    """A module exists, but has nothing of this name.

    Example:

        let size = String.lenght "word"

    Instead:

        let size = String.length "word"
    """

    code: ClassVar[str] = "E0204"

    owner: str
    name: str
    suggestion: str | None = None
    opening: str | None = None  # the namespace with a type of this name that has the member

    def title(self) -> str:
        return f"`{self.owner}` has no `{self.name}`"

    def labels(self) -> list[Label]:
        return [Label(self.span, f"not defined in `{self.owner}`")]

    def hint(self) -> str | None:
        if self.opening is not None:
            return f"`{self.opening}.{self.owner}` has it: write `open {self.opening}`"
        return _did_you_mean(self.suggestion)


@dataclass(frozen=True, slots=True)
class UnknownPattern(Diagnostic):
    """A pattern with arguments names a union case, exception or active pattern that does not exist.

    Example:

        let width shape =
            match shape with
            | Sqare side -> side

    Instead:

        type Shape = Square of float

        let width shape =
            match shape with
            | Square side -> side
    """

    code: ClassVar[str] = "E0205"

    name: str
    suggestion: str | None = None

    def title(self) -> str:
        return f"the pattern `{self.name}` is not defined"

    def labels(self) -> list[Label]:
        return [Label(self.span, "no union case, exception or active pattern has this name")]

    def hint(self) -> str | None:
        return _did_you_mean(self.suggestion)


@dataclass(frozen=True, slots=True)
class DuplicateDefinition(Diagnostic):
    """Two definitions of one kind in one place have the same name.

    Inside functions a later `let` may shadow an earlier one; in a module it may not.

    Example:

        let limit = 1
        let limit = 2

    Instead:

        let limit = 1
        let upperLimit = 2
    """

    code: ClassVar[str] = "E0206"

    kind: str
    name: str
    first: Span

    def title(self) -> str:
        return f"the {self.kind} `{self.name}` is defined twice"

    def labels(self) -> list[Label]:
        return [
            Label(self.span, "defined again here"),
            Label(self.first, "first defined here", primary=False),
        ]

    def hint(self) -> str | None:
        return "rename one of them"


@dataclass(frozen=True, slots=True)
class WrongTypeArity(Diagnostic):
    """A type exists, but takes another number of type arguments.

    Example:

        let table: Map<string> = Map.empty

    Instead:

        let table: Map<string, int> = Map.empty
    """

    code: ClassVar[str] = "E0207"

    name: str
    given: int
    possible: tuple[int, ...]

    def title(self) -> str:
        wanted = " or ".join(str(count) for count in self.possible)
        plural = "" if self.possible == (1,) else "s"
        return f"the type `{self.name}` takes {wanted} type argument{plural}, not {self.given}"

    def labels(self) -> list[Label]:
        return [Label(self.span, f"{self.given} given")]

    def hint(self) -> str | None:
        return "give the missing type arguments, or `_` to have them inferred"


@dataclass(frozen=True, slots=True)
class PrivateName(Diagnostic):
    """A private definition is used outside the module that it belongs to.

    Example:

        module Counter =
            let private start = 5

        let first = Counter.start

    Instead:

        module Counter =
            let private start = 5
            let initial = start

        let first = Counter.initial
    """

    code: ClassVar[str] = "E0208"

    name: str
    module: str

    def title(self) -> str:
        return f"`{self.name}` is private to `{self.module}`"

    def labels(self) -> list[Label]:
        return [Label(self.span, "not accessible from here")]

    def hint(self) -> str | None:
        return "make it public, or offer a public function in its module"


@dataclass(frozen=True, slots=True)
class DuplicateVariable(Diagnostic):
    """A pattern binds one variable twice.

    Example:

        let same (x, x) = x

    Instead:

        let same (x, y) = x = y
    """

    code: ClassVar[str] = "E0209"

    name: str
    first: Span

    def title(self) -> str:
        return f"the variable `{self.name}` is bound twice in this pattern"

    def labels(self) -> list[Label]:
        return [
            Label(self.span, "bound again here"),
            Label(self.first, "first bound here", primary=False),
        ]

    def hint(self) -> str | None:
        return "rename one of them and compare them with `=`"


@dataclass(frozen=True, slots=True)
class OrPatternVariables(Diagnostic):
    """The alternatives of an or-pattern bind different variables.

    Example:

        let first pair =
            match pair with
            | (x, 0) | (0, y) -> x
            | _ -> 0

    Instead:

        let first pair =
            match pair with
            | (x, 0) | (0, x) -> x
            | _ -> 0
    """

    code: ClassVar[str] = "E0210"

    names: tuple[str, ...]

    def title(self) -> str:
        listed = ", ".join(f"`{name}`" for name in self.names)
        return f"both sides of this `|` pattern must bind the same variables: {listed}"

    def labels(self) -> list[Label]:
        return [Label(self.span, "bound on one side only")]

    def hint(self) -> str | None:
        return "bind the same names on both sides, or write `_`"


@dataclass(frozen=True, slots=True)
class ValueInNamespace(Diagnostic):
    """A namespace holds types and modules; values and actions stand in modules.

    Example:

        namespace Shop

        let price = 5

    Instead:

        namespace Shop

        module Prices =
            let price = 5
    """

    code: ClassVar[str] = "E0212"

    def title(self) -> str:
        return "a namespace cannot contain values"

    def labels(self) -> list[Label]:
        return [Label(self.span, "this has no module around it")]

    def hint(self) -> str | None:
        return "put it into a module, or make the namespace one: `module A.B`"


@dataclass(frozen=True, slots=True)
class InvalidActivePattern(Diagnostic):
    """An active pattern has one to seven cases; a partial one, `(|A|_|)`, has one.

    Example:

        let (|Small|Large|_|) n = if n < 10 then Some n else None

    Instead:

        let (|Small|_|) n = if n < 10 then Some n else None
    """

    code: ClassVar[str] = "E0216"
    fsharp: ClassVar[int] = 827

    cases: int
    is_partial: bool

    def title(self) -> str:
        kind = "a partial active pattern" if self.is_partial else "an active pattern"
        return f"{kind} cannot have {self.cases} cases"

    def labels(self) -> list[Label]:
        return [Label(self.span, "one case" if self.is_partial else "at most seven")]

    def hint(self) -> str | None:
        return "write several active patterns"
