"""Literals and interpolated strings of the syntax tree.

Comes in: what the parser decoded. Goes out: nodes with values. Promises: a literal that was not
valid has a value of its kind all the same, and a diagnostic has been given.
"""

from __future__ import annotations

from clef.data_classes import dataclass
from clef.syntax.node import Expression, LiteralKind, LiteralValue, Node, TypeExpression


@dataclass(slots=True, eq=False)
class Constant(Expression):
    """A literal. Integers are already wrapped to their sign (`0xFF...`), chars are strings of
    one UTF-16 unit, unit is None. `suffix` is the letter of a USER literal. `-1` written without
    a blank is one constant."""

    value: LiteralValue
    kind: LiteralKind
    measure: TypeExpression | None = None
    suffix: str = ""


@dataclass(slots=True, eq=False)
class InterpolatedText(Node):
    """A stretch of an interpolated string, escapes replaced, braces undoubled, percent signs as
    written."""

    text: str


@dataclass(slots=True, eq=False)
class InterpolatedHole(Node):
    """`{e,alignment:format}`; `percent` is the printf specifier in front of it (`%5.2f`), `%P`
    excluded."""

    expression: Expression
    percent: str | None = None
    alignment: int | None = None
    format: str | None = None


@dataclass(slots=True, eq=False)
class InterpolatedString(Expression):
    """`$"..."`, `$@"..."`, `$\"\"\"...\"\"\"`, `$$\"\"\"...\"\"\"`"""

    parts: list[InterpolatedText | InterpolatedHole]
