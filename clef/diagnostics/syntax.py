"""Diagnostics of the syntax stage, E01xx: characters, literals, brackets, layout and grammar."""

from __future__ import annotations

from typing import ClassVar

from clef.data_classes import dataclass
from clef.diagnostics.diagnostic import Diagnostic, Label, Severity
from clef.source import Span


@dataclass(frozen=True, slots=True)
class UnexpectedCharacter(Diagnostic):
    """A character that no token starts with. Only letters, digits, quotes, brackets and operator
    characters mean something outside comments and strings.

    Example:
        let price = 5 € 2
    Instead:
        let price = 5 * 2
    """

    code: ClassVar[str] = "E0101"
    character: str

    def title(self) -> str:
        return f"the character {self.character!r} cannot stand here"

    def labels(self) -> list[Label]:
        return [Label(self.span, "no token starts with this character")]

    def hint(self) -> str | None:
        return "remove it, or put it into a string or a comment"


@dataclass(frozen=True, slots=True)
class UnterminatedString(Diagnostic):
    """A string literal that runs to the end of the file because its closing quote is missing.

    Example:
        let greeting = "hello
    Instead:
        let greeting = "hello"
    """

    code: ClassVar[str] = "E0102"
    closing: str

    def title(self) -> str:
        return "this string is never closed"

    def labels(self) -> list[Label]:
        return [Label(self.span, "the string starts here")]

    def hint(self) -> str | None:
        return f"add {self.closing} where the string should end"


@dataclass(frozen=True, slots=True)
class UnterminatedComment(Diagnostic):
    """A block comment whose end is missing. Block comments nest, and a string inside a comment is
    read as a string, so an odd quote inside one hides its end.

    Example:
        (* a note (* with another inside *)
        let x = 1
    Instead:
        (* a note (* with another inside *) *)
        let x = 1
    """

    code: ClassVar[str] = "E0103"

    def title(self) -> str:
        return "this comment is never closed"

    def labels(self) -> list[Label]:
        return [Label(self.span, "the comment starts here")]

    def hint(self) -> str | None:
        return "add *) where the comment should end; comments nest, so each (* needs its own *)"


@dataclass(frozen=True, slots=True)
class InvalidNumber(Diagnostic):
    """A number with letters after it that are no suffix, or with digits that its base does not
    have.

    Example:
        let size = 10kb
    Instead:
        let size = 10 * 1024
    """

    code: ClassVar[str] = "E0104"
    text: str

    def title(self) -> str:
        return f"{self.text} is not a number"

    def labels(self) -> list[Label]:
        return [Label(self.span, "this starts like a number but does not end like one")]

    def hint(self) -> str | None:
        return "suffixes are y uy s us l u L UL n un f m I; bases are 0x 0o 0b"


@dataclass(frozen=True, slots=True)
class NumberOutOfRange(Diagnostic):
    """An integer literal that does not fit its type.

    Example:
        let big = 300uy
    Instead:
        let big = 300
    """

    code: ClassVar[str] = "E0105"
    text: str
    type_name: str

    def title(self) -> str:
        return f"{self.text} does not fit into {self.type_name}"

    def labels(self) -> list[Label]:
        return [Label(self.span, f"too large for {self.type_name}")]

    def hint(self) -> str | None:
        return "use a wider type by suffix: L for int64, UL for uint64, I for bigint"


@dataclass(frozen=True, slots=True)
class InvalidCharacterLiteral(Diagnostic):
    """A character literal must hold exactly one UTF-16 unit. Characters beyond U+FFFF, such as most
    emoji, take two units and must be strings.

    Example:
        let face = '😀'
    Instead:
        let face = "😀"
    """

    code: ClassVar[str] = "E0106"
    text: str

    def title(self) -> str:
        return f"{self.text} is not one character"

    def labels(self) -> list[Label]:
        return [Label(self.span, "a char holds exactly one UTF-16 unit")]

    def hint(self) -> str | None:
        return "write a string with double quotes"


@dataclass(frozen=True, slots=True)
class InvalidEscape(Diagnostic):
    """An escape that names no character: a \\U escape above 10FFFF, or a decimal one above 255; or
    a character above 255 in a byte string.

    Example:
        let s = "\\UFFFFFFFF"
    Instead:
        let s = "\\U0001F600"
    """

    code: ClassVar[str] = "E0107"
    text: str

    def title(self) -> str:
        return f"{self.text} names no character"

    def labels(self) -> list[Label]:
        return [Label(self.span, "out of range")]

    def hint(self) -> str | None:
        return "use \\uXXXX, \\UXXXXXXXX up to 0010FFFF, \\xXX, or \\DDD up to 255"


@dataclass(frozen=True, slots=True)
class TabCharacter(Diagnostic):
    """A tab in the indentation or between tokens. Layout counts columns, and a tab has no width
    that everybody agrees on.

    Situation:
        A line is indented with a tab, or a tab stands between two words outside of strings and
        comments.
    """

    code: ClassVar[str] = "E0108"

    def title(self) -> str:
        return "tabs cannot be used for layout"

    def labels(self) -> list[Label]:
        return [Label(self.span, "a tab")]

    def hint(self) -> str | None:
        return "replace the tab by spaces (most editors do this for the whole file)"


@dataclass(frozen=True, slots=True)
class UnclosedConditional(Diagnostic):
    """An `#if` without its `#endif`.

    Example:
        #if DEBUG
        let level = 2
    Instead:
        #if DEBUG
        let level = 2
        #endif
    """

    code: ClassVar[str] = "E0109"

    def title(self) -> str:
        return "this #if has no #endif"

    def labels(self) -> list[Label]:
        return [Label(self.span, "the conditional part starts here")]

    def hint(self) -> str | None:
        return "add #endif on a line of its own"


@dataclass(frozen=True, slots=True)
class InvalidDirective(Diagnostic):
    """A line with `#` that is no directive, an `#else` or `#endif` without `#if`, or an `#if` whose
    condition is not made of names, `!`, `&&`, `||` and parentheses.

    Example:
        let x = 1
        #endif
    Instead:
        #if CLEF
        let x = 1
        #endif
    """

    code: ClassVar[str] = "E0110"
    problem: str

    def title(self) -> str:
        return self.problem

    def labels(self) -> list[Label]:
        return [Label(self.span, "this directive")]

    def hint(self) -> str | None:
        return "write #if NAME, #else and #endif, each on a line of its own"


@dataclass(frozen=True, slots=True)
class UnclosedBracket(Diagnostic):
    """A bracket that is still open where a new declaration starts, or at the end of the file.

    Example:
        let xs = [1; 2
        let ys = [3]
    Instead:
        let xs = [1; 2]
        let ys = [3]
    """

    code: ClassVar[str] = "E0111"
    opener: str
    closer: str
    noticed: Span

    def title(self) -> str:
        return f"this {self.opener} is never closed"

    def labels(self) -> list[Label]:
        return [
            Label(self.span, "opened here"),
            Label(self.noticed, f"{self.closer} should come before this", primary=False),
        ]

    def hint(self) -> str | None:
        return f"add {self.closer}"


@dataclass(frozen=True, slots=True)
class UnmatchedBracket(Diagnostic):
    """A closing bracket without an open one.

    Example:
        let x = 1)
    Instead:
        let x = (1)
    """

    code: ClassVar[str] = "E0112"
    closer: str

    def title(self) -> str:
        return f"this {self.closer} closes nothing"

    def labels(self) -> list[Label]:
        return [Label(self.span, "no bracket is open here")]

    def hint(self) -> str | None:
        return f"remove {self.closer}, or add what it should close"


@dataclass(frozen=True, slots=True)
class MismatchedBracket(Diagnostic):
    """A closing bracket of another kind than the open one.

    Example:
        let xs = [1; 2)
    Instead:
        let xs = [1; 2]
    """

    code: ClassVar[str] = "E0113"
    closer: str
    expected: str
    opened: Span

    def title(self) -> str:
        return f"found {self.closer} where {self.expected} should close the bracket"

    def labels(self) -> list[Label]:
        return [
            Label(self.span, f"expected {self.expected}"),
            Label(self.opened, "opened here", primary=False),
        ]

    def hint(self) -> str | None:
        return f"write {self.expected} instead of {self.closer}"


@dataclass(frozen=True, slots=True)
class NestingTooDeep(Diagnostic):
    """Code nested deeper than the compiler follows. Only generated code gets here; a list or a name
    for each part makes it flat.

    Situation:
        A generated file with several thousand brackets, or as many operators to the right, inside
        each other.
    """

    code: ClassVar[str] = "E0114"
    limit: int

    def title(self) -> str:
        return f"this is nested more than {self.limit} levels deep"

    def labels(self) -> list[Label]:
        return [Label(self.span, "the level that is too deep starts here")]

    def hint(self) -> str | None:
        return "give inner parts a name with let"


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
        return f"unexpected {self.found}, expected {self.expected}"

    def labels(self) -> list[Label]:
        return [Label(self.span, f"expected {self.expected}")]

    def hint(self) -> str | None:
        return self.advice


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

    def title(self) -> str:
        return f"the block ends with a {self.keyword}; its result is missing"

    def labels(self) -> list[Label]:
        return [Label(self.span, "nothing follows this in the block")]

    def hint(self) -> str | None:
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
        return "a word of the language can be a name when it stands between double backticks"


@dataclass(frozen=True, slots=True)
class InvalidInterpolation(Diagnostic):
    """An interpolated string whose braces do not match: a hole that is not closed or empty, or a
    single closing brace.

    Example:
        let s = $"total: {1 + 2"
    Instead:
        let s = $"total: {1 + 2}"
    """

    code: ClassVar[str] = "E0126"
    problem: str

    def title(self) -> str:
        return self.problem

    def labels(self) -> list[Label]:
        return [Label(self.span, "in this interpolated string")]

    def hint(self) -> str | None:
        return "close every { with }, and double a brace to write it as text"


@dataclass(frozen=True, slots=True)
class ReservedWord(Diagnostic):
    """A word that the language keeps for later use should not be a name.

    Example:
        let process = 1
    Instead:
        let currentProcess = 1
    """

    code: ClassVar[str] = "W0127"
    severity: ClassVar[Severity] = Severity.WARNING
    fsharp: ClassVar[int] = 46
    word: str

    def title(self) -> str:
        return f"{self.word} is a reserved word"

    def labels(self) -> list[Label]:
        return [Label(self.span, "kept for later use")]

    def hint(self) -> str | None:
        return f"choose another name, or write ``{self.word}``"


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
