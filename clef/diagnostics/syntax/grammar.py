"""What is missing, or stands where the grammar has no place for it.

Comes in: spans and pieces of the text. Goes out: one class for each mistake, its code an E01xx.
"""

from __future__ import annotations

from typing import ClassVar

from clef.data_classes import dataclass
from clef.diagnostics.diagnostic import Diagnostic, Label
from clef.source import Span


@dataclass(frozen=True, slots=True)
class UnexpectedToken(Diagnostic):
    """Something stands where the grammar wants something else. Often the mistake is just before the
    place shown: a missing operator, bracket or keyword, or a line that is indented too little or
    too much.

    Example:
        let double x = x * 2 else
    Instead:
        let double x = x * 2
    """

    code: ClassVar[str] = "E0120"
    found: str
    expected: str
    advice: str | None = None

    def title(self) -> str:
        found = self.found.removeprefix("the ").removeprefix("an ")
        return f"unexpected {found}, expected {self.expected}"

    def labels(self) -> list[Label]:
        return [Label(self.span, f"expected {self.expected}")]

    def hint(self) -> str | None:
        if self.advice is None:
            return _OTHERWISE.get(self.found) or self._of_field()
        return self.advice

    def _of_field(self) -> str | None:
        if not self.expected.startswith("; or "):
            return None
        if self.found == ",":
            return "fields end with `;` or with the line"
        return "a field gets its value with `=`" if self.found == ":" else None


_OTHERWISE = {
    "->": "a function value begins with `fun`: `fun x -> x + 1`",
    "=>": "write `->`",
    "?": "a choice is written `if … then … else …`",
    "keyword fun": "put the function in parentheses: `(fun x -> x + 1)`",
}
"""What is meant by words that stand where they cannot."""


@dataclass(frozen=True, slots=True)
class MissingExpression(Diagnostic):
    """An expression should come here: after `=`, `->`, `then`, an operator, inside a bracket.

    Example:
        let total =
        let count = 1
    Instead:
        let total = 0
        let count = 1
    """

    code: ClassVar[str] = "E0121"
    found: str
    after: str

    def title(self) -> str:
        return f"an expression is missing after {self.after}"

    def labels(self) -> list[Label]:
        return [Label(self.span, f"expected an expression, found {self.found}")]

    def hint(self) -> str | None:
        return "write an expression here; on a line of its own it must be indented"


@dataclass(frozen=True, slots=True)
class LetWithoutBody(Diagnostic):
    """A `let` inside an expression is followed by the expression that uses it. A block cannot end
    with a `let`.

    Example:
        let f x =
            let y = x + 1
    Instead:
        let f x =
            let y = x + 1
            y
    """

    code: ClassVar[str] = "E0122"
    keyword: str
    deeper: Span | None = None  # where a line follows that is indented further

    def title(self) -> str:
        return f"the block ends with a {self.keyword}; its result is missing"

    def labels(self) -> list[Label]:
        first = Label(self.span, "nothing follows this in the block")
        if self.deeper is None:
            return [first]
        return [first, Label(self.deeper, "this line is indented further", primary=False)]

    def hint(self) -> str | None:
        if self.deeper is not None:
            return f"let the next line begin in the same column as {self.keyword}"
        return f"add an expression below, in the same column as {self.keyword}"


@dataclass(frozen=True, slots=True)
class MissingPattern(Diagnostic):
    """A pattern should come here: after `|`, `fun`, `let`, `for`, `as`, or as an argument.

    Example:
        let f x =
            match x with
            | -> 1
    Instead:
        let f x =
            match x with
            | _ -> 1
    """

    code: ClassVar[str] = "E0123"
    found: str

    def title(self) -> str:
        return f"expected a pattern, found {self.found}"

    def labels(self) -> list[Label]:
        return [Label(self.span, "a pattern should stand here")]

    def hint(self) -> str | None:
        return "write a name, a case, a literal, or _ for anything"


@dataclass(frozen=True, slots=True)
class MissingType(Diagnostic):
    """A type should come here: after `:`, `of`, `->`, `:>`, or between `<` and `>`.

    Example:
        let f (x: ) = x
    Instead:
        let f (x: int) = x
    """

    code: ClassVar[str] = "E0124"
    found: str

    def title(self) -> str:
        return f"expected a type, found {self.found}"

    def labels(self) -> list[Label]:
        return [Label(self.span, "a type should stand here")]

    def hint(self) -> str | None:
        return "write a type, or _ to let it be inferred"


@dataclass(frozen=True, slots=True)
class MissingName(Diagnostic):
    """A name should come here: after `type`, `module`, `open`, a dot and the like.

    Example:
        module =
            let x = 1
    Instead:
        module Settings =
            let x = 1
    """

    code: ClassVar[str] = "E0125"
    found: str
    what: str

    def title(self) -> str:
        return f"expected {self.what}, found {self.found}"

    def labels(self) -> list[Label]:
        return [Label(self.span, f"{self.what} should stand here")]

    def hint(self) -> str | None:
        if self.found == "(":
            return "an index stands in brackets: `values[0]`"
        return "a word of the language can be a name when it stands between double backticks"


@dataclass(frozen=True, slots=True)
class MisplacedDeclaration(Diagnostic):
    """A declaration that cannot stand at this place, such as a second top-level module, a type
    inside a function, or a namespace inside a module.

    Example:
        let f x =
            type T = int
            x
    Instead:
        type T = int
        let f x = x
    """

    code: ClassVar[str] = "E0128"
    what: str
    where: str

    def title(self) -> str:
        return f"{self.what} cannot stand {self.where}"

    def labels(self) -> list[Label]:
        return [Label(self.span, "not allowed here")]

    def hint(self) -> str | None:
        return "move it to the level of the module"


@dataclass(frozen=True, slots=True)
class MisplacedModifier(Diagnostic):
    """An access modifier, a `rec` or an attribute where it has no meaning: in front of a member
    rather than of its name, on a `do` of a class, or on a second name for a module, which is seen
    in its own file only.

    Example:
        module private L = List
    Instead:
        module L = List
    """

    code: ClassVar[str] = "E0129"
    modifier: str
    what: str
    advice: str

    def title(self) -> str:
        return f"{self.modifier} cannot stand {self.what}"

    def labels(self) -> list[Label]:
        return [Label(self.span, "no modifier can stand here")]

    def hint(self) -> str | None:
        return self.advice


FOREIGN_BEGINNINGS = frozenset({"def", "var", "fn", "func", "auto", "final"})
"""What definitions begin with in other languages."""


@dataclass(frozen=True, slots=True)
class CallAsArgument(Diagnostic):
    """A call with parentheses that touch is an argument of another function. It could also be read
    as two arguments, so it needs parentheses around it.

    Example:
        let report (name: string) = printfn "%s" name.Trim()
    Instead:
        let report (name: string) = printfn "%s" (name.Trim())
    """

    code: ClassVar[str] = "E0131"
    fsharp: ClassVar[int] = 597
    function: str = ""  # the name of what is applied, if that is a name

    def title(self) -> str:
        return "a call that is an argument needs parentheses"

    def labels(self) -> list[Label]:
        return [Label(self.span, "this call")]

    def hint(self) -> str | None:
        if self.function in FOREIGN_BEGINNINGS:
            return "definitions begin with `let`"
        return "write parentheses around it: `f (x.M(y))`"


@dataclass(frozen=True, slots=True)
class ReservedOperatorCharacter(Diagnostic):
    """The name of an operator has a `$` or a `:` in it. `$` alone is an operator; the marks with a
    colon (`::`, `:=`, `:>`) have their own meaning.

    Example:
        let (+$) left right = left + right
    Instead:
        let (+.) left right = left + right
    """

    code: ClassVar[str] = "E0130"
    operator: str
    character: str

    def title(self) -> str:
        return f"`{self.operator}` cannot be the name of an operator"

    def labels(self) -> list[Label]:
        return [Label(self.span, f"`{self.character}` is reserved")]

    def hint(self) -> str | None:
        return "make operators of `! % & * + - . / < = > ? @ ^ | ~`"


@dataclass(frozen=True, slots=True)
class InvalidPrefixOperator(Diagnostic):
    """A prefix operator has another name than those that stand before a value: names that begin
    with `!`, the signs `+ - +. -. % %% & &&`, which are defined with a `~` in front, and `~`, `~~`
    and so on.

    Example:
        let (~<<) value = value * 2
    Instead:
        let (!<<) value = value * 2
    """

    code: ClassVar[str] = "E0136"
    fsharp: ClassVar[int] = 1208
    operator: str

    def title(self) -> str:
        return f"`{self.operator}` cannot be a prefix operator"

    def labels(self) -> list[Label]:
        return [Label(self.span, "no operator before a value has such a name")]

    def hint(self) -> str | None:
        return "let its name begin with `!`"
