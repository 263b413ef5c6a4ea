"""The bases of the syntax tree, names and literal kinds.

Comes in: nothing. Goes out: the base classes that every node of the tree extends. Promises: every
node has `span` as its first field and compares by identity, so nodes can be keys of side tables.
"""

from __future__ import annotations

from decimal import Decimal
from enum import Enum

from clef.data_classes import dataclass
from clef.source import Span


@dataclass(slots=True, eq=False)
class Node:
    """Anything with a place in the source."""

    span: Span


@dataclass(slots=True, eq=False)
class Expression(Node):
    """Base of all expressions."""


@dataclass(slots=True, eq=False)
class Pattern(Node):
    """Base of all patterns."""


@dataclass(slots=True, eq=False)
class TypeExpression(Node):
    """Base of all types as written."""


@dataclass(slots=True, eq=False)
class Name(Node):
    """One identifier. `text` has no backticks; an operator has its compiled name
    (`op_Addition`), an active pattern its bars (`|Even|Odd|`, `|Positive|_|`). `written` is the
    identifier or operator as in the source (`+`)."""

    text: str
    written: str


@dataclass(slots=True, eq=False)
class LongName(Node):
    """A dotted name, at least one part; `global` may be the first part."""

    parts: list[Name]

    @property
    def text(self) -> str:
        """All parts with dots."""
        return ".".join(part.text for part in self.parts)


class LiteralKind(Enum):
    """The type of a literal, by suffix. `USER` is a NumericLiteralX suffix (Q R Z N G)."""

    BOOL = "bool"
    SBYTE = "sbyte"
    BYTE = "byte"
    INT16 = "int16"
    UINT16 = "uint16"
    INT32 = "int32"
    UINT32 = "uint32"
    INT64 = "int64"
    UINT64 = "uint64"
    NATIVEINT = "nativeint"
    UNATIVEINT = "unativeint"
    SINGLE = "float32"
    DOUBLE = "float"
    DECIMAL = "decimal"
    BIGINT = "bigint"
    USER = "user"
    CHAR = "char"
    STRING = "string"
    BYTES = "bytes"
    UNIT = "unit"


LiteralValue = bool | int | float | Decimal | str | bytes | None
