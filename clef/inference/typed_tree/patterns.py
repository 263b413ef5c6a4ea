"""Patterns of the typed tree.

Comes in: nothing. Goes out: nodes. Promises: fields are complete, with wildcards where nothing was
written.
"""

from __future__ import annotations

from clef.data_classes import dataclass
from clef.inference.typed_tree.base import Expression, Local, Pattern
from clef.inference.types import Type


@dataclass(slots=True)
class WildcardPattern(Pattern):
    pass


@dataclass(slots=True)
class VariablePattern(Pattern):
    local: Local


@dataclass(slots=True)
class AsPattern(Pattern):
    """Both sides match the value."""

    left: Pattern
    right: Pattern


@dataclass(slots=True)
class OrPattern(Pattern):
    """Both sides bind the same `Local`s (the same objects)."""

    left: Pattern
    right: Pattern


@dataclass(slots=True)
class AndPattern(Pattern):
    items: list[Pattern]


@dataclass(slots=True)
class LiteralPattern(Pattern):
    """Same values as `Literal`."""

    value: object


@dataclass(slots=True)
class TuplePattern(Pattern):
    items: list[Pattern]


@dataclass(slots=True)
class RecordPattern(Pattern):
    """Field index → pattern; also anonymous records."""

    fields: list[tuple[int, Pattern]]


@dataclass(slots=True)
class CasePattern(Pattern):
    """A union case with one pattern per field (wildcards filled in); lists use the cases of the
    list type.
    """

    case: str
    arguments: list[Pattern]


@dataclass(slots=True)
class ExceptionPattern(Pattern):
    """An F# exception with one pattern per field."""

    symbol: str
    arguments: list[Pattern]


@dataclass(slots=True)
class ArrayPattern(Pattern):
    items: list[Pattern]


@dataclass(slots=True)
class TypeTestPattern(Pattern):
    """`:? tested as inner`; `inner` sees the value at type `tested`."""

    tested: Type
    inner: Pattern | None


@dataclass(slots=True)
class NullPattern(Pattern):
    pass


@dataclass(slots=True)
class ActivePattern(Pattern):
    """`function` is the recogniser applied to its parameters (not to the scrutinee). Total: result
    is one of Choice's cases, `index` selects it
    (`count` = 1: the result itself). Partial: option, voption or bool (then `inner` is None)."""

    function: Expression
    identity: str  # equal for the same recogniser with no parameters: tested once a match
    index: int
    count: int
    is_partial: bool
    inner: Pattern | None
