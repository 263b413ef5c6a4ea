"""Types and units of measure as the user writes them.

Comes in: types already printed as the user writes them. Goes out: one class for each mistake, its
code an E03xx.
"""

from __future__ import annotations

from typing import ClassVar

from clef.data_classes import dataclass
from clef.diagnostics.diagnostic import Diagnostic, Label
from clef.diagnostics.typing.wording import count, given, with_reason
from clef.source import Span


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
        return with_reason(self.span, f"this is in `{self.found}`", self.reason, self.reason_span)


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
        takes = f"`{self.name}` takes {count(self.expected, 'type argument')}"
        return f"{takes}, but {given(self.given)}"

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
