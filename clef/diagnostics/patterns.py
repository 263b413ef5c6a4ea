"""Diagnostics of pattern matching: E04xx and W04xx.

Comes in: what the checks of patterns found, as text. Goes out: one class for each finding.
"""

from __future__ import annotations

from typing import ClassVar

from clef.data_classes import dataclass
from clef.diagnostics.diagnostic import Diagnostic, Label, Severity
from clef.source import Span


def _pattern_labels(span: Span, text: str, reason: str, reason_span: Span | None) -> list[Label]:
    labels = [Label(span, text)]
    if reason and reason_span is not None and reason_span != span:
        labels.append(Label(reason_span, reason, primary=False))
    return labels


@dataclass(frozen=True, slots=True)
class IncompleteMatch(Diagnostic):
    """A match does not cover every value. When such a value comes, the program fails there.

    Example:

        let describe option =
            match option with
            | Some x -> x + 1

    Instead:

        let describe option =
            match option with
            | Some x -> x + 1
            | None -> 0
    """

    code: ClassVar[str] = "W0401"
    severity: ClassVar[Severity] = Severity.WARNING
    fsharp: ClassVar[int] = 25

    example: str
    guarded: bool = False

    def title(self) -> str:
        return "this match does not cover every value"

    def labels(self) -> list[Label]:
        return [Label(self.span, f"nothing matches `{self.example}`")]

    def notes(self) -> list[str]:
        return (
            ["a rule with `when` does not count, because its condition may be false"]
            if self.guarded
            else []
        )

    def hint(self) -> str | None:
        return (
            "add a last rule `| _ -> …`"
            if self.example == "_"
            else f"add a rule for `{self.example}`, or a last rule `| _ -> …`"
        )


@dataclass(frozen=True, slots=True)
class UnreachableRule(Diagnostic):
    """A rule of a match is never used, because the rules before it take all its values.

    Example:

        let describe n =
            match n with
            | _ -> "any"
            | 0 -> "zero"

    Instead:

        let describe n =
            match n with
            | 0 -> "zero"
            | _ -> "any"
    """

    code: ClassVar[str] = "W0402"
    severity: ClassVar[Severity] = Severity.WARNING
    fsharp: ClassVar[int] = 26

    def title(self) -> str:
        return "this rule is never reached"

    def labels(self) -> list[Label]:
        return [Label(self.span, "the rules before it match everything that it matches")]

    def hint(self) -> str | None:
        return "remove it, or move it up"


@dataclass(frozen=True, slots=True)
class PatternArguments(Diagnostic):
    """A pattern for a union case, exception or active pattern has the wrong number of parts.

    Example:

        type Shape = Rectangle of float * float
        let width shape = match shape with Rectangle(w, h, d) -> w

    Instead:

        type Shape = Rectangle of float * float
        let width shape = match shape with Rectangle(w, h) -> w
    """

    code: ClassVar[str] = "E0403"

    name: str
    expected: int
    given: int

    def title(self) -> str:
        noun = "part" if self.expected == 1 else "parts"
        has = f"`{self.name}` has {self.expected or 'no'} {noun}"
        if self.given == self.expected:
            return f"{has}, which stand in one pair of brackets"
        return f"{has}, but the pattern has {self.given}"

    def labels(self) -> list[Label]:
        return [Label(self.span, "")]

    def hint(self) -> str | None:
        return f"write `{self.name}(a, b)`" if self.given == self.expected else None


@dataclass(frozen=True, slots=True)
class UnknownPatternField(Diagnostic):
    """A pattern names a field that the case or record does not have.

    Example:

        type Point = { X: int; Y: int }
        let first p = match p with { X = x; Z = z } -> x

    Instead:

        type Point = { X: int; Y: int }
        let first p = match p with { X = x; Y = y } -> x
    """

    code: ClassVar[str] = "E0404"

    name: str
    type: str
    suggestion: str | None = None

    def title(self) -> str:
        return f"`{self.type}` has no field `{self.name}`"

    def labels(self) -> list[Label]:
        return [Label(self.span, "unknown field")]

    def hint(self) -> str | None:
        return f"did you mean `{self.suggestion}`?" if self.suggestion else None


@dataclass(frozen=True, slots=True)
class PatternMismatch(Diagnostic):
    """A pattern can never match, because the value has another type.

    Example:

        let f (x: int) =
            match x with
            | "one" -> 1
            | _ -> 2

    Instead:

        let f (x: int) =
            match x with
            | 1 -> 1
            | _ -> 2
    """

    code: ClassVar[str] = "E0405"

    found: str
    expected: str
    reason: str = ""
    reason_span: Span | None = None

    def title(self) -> str:
        return f"this pattern is for `{self.found}`, but the value is `{self.expected}`"

    def labels(self) -> list[Label]:
        return _pattern_labels(self.span, f"matches `{self.found}`", self.reason, self.reason_span)

    def hint(self) -> str | None:
        if self.expected.startswith("KeyValuePair<") and " * " in self.found:
            return "write `KeyValue(key, value)`"
        return None


@dataclass(frozen=True, slots=True)
class IncompletePattern(Diagnostic):
    """The pattern of a `let`, `fun` or parameter does not cover every value. When another comes,
    the program fails there.

    Example:

        let first (x :: rest) = x + 1

    Instead:

        let first items =
            match items with
            | x :: rest -> x + 1
            | [] -> 0
    """

    code: ClassVar[str] = "W0406"
    severity: ClassVar[Severity] = Severity.WARNING
    fsharp: ClassVar[int] = 25

    example: str

    def title(self) -> str:
        return "this pattern does not cover every value"

    def labels(self) -> list[Label]:
        return [Label(self.span, f"it does not match `{self.example}`")]

    def hint(self) -> str | None:
        return "use `match` and say what to do with the other values"


@dataclass(frozen=True, slots=True)
class UppercaseVariable(Diagnostic):
    """A capitalised name in a pattern that is no case or literal is a variable and matches
    everything. This is often a slip.

    Example:

        type Colour = Red | Green
        let name colour =
            match colour with
            | Red -> "red"
            | Gren -> "green"

    Instead:

        type Colour = Red | Green
        let name colour =
            match colour with
            | Red -> "red"
            | Green -> "green"
    """

    code: ClassVar[str] = "W0407"
    severity: ClassVar[Severity] = Severity.WARNING
    fsharp: ClassVar[int] = 49

    name: str
    suggestion: str | None = None

    def title(self) -> str:
        return f"`{self.name}` is a new variable here, and matches everything"

    def labels(self) -> list[Label]:
        return [Label(self.span, "no case or literal has this name")]

    def hint(self) -> str | None:
        return (
            f"did you mean `{self.suggestion}`?"
            if self.suggestion
            else "write it with a small letter, or `_`"
        )
