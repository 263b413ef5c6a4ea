"""Numbers, characters and strings.

Comes in: spans and pieces of the text. Goes out: one class for each mistake, its code an E01xx.
"""

from __future__ import annotations

from typing import ClassVar

from clef.data_classes import dataclass
from clef.diagnostics.diagnostic import Diagnostic, Label


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
class InvalidNumber(Diagnostic):
    """A number with letters after it that are no suffix, or with digits that its base does not
    have, or with an underscore that does not stand between two digits.

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
        if "_" in self.text:
            return "an underscore stands between two digits, as in 1_000"
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
