"""What the nodes of the typed tree are made of: locals, bindings, and the bases of all others.

Comes in: nothing. Goes out: classes. Promises: every expression and pattern has a type and a span.
"""

from __future__ import annotations

from clef.data_classes import by_fields, dataclass
from clef.inference.types import Type, TypeParameter
from clef.source import Span


@dataclass(slots=True, eq=False)
class Local:
    """A local variable; compared by identity, `id` is unique within its definition."""

    id: int
    name: str
    type: Type
    span: Span
    is_mutable: bool = False


@dataclass(slots=True)
class Expression:
    """Base: every expression has a type and a span."""

    __reduce__ = by_fields  # pyright: ignore[reportAssignmentType]

    type: Type
    span: Span


@dataclass(slots=True)
class LocalBinding:
    """One binding of a `Let`. A function with `type_parameters` is generic. `parameters` empty: a
    value bound to `pattern`; else `pattern` is a `VariablePattern`.
    """

    pattern: Pattern
    type_parameters: tuple[TypeParameter, ...]
    parameters: list[Pattern]
    body: Expression
    span: Span


@dataclass(slots=True)
class Pattern:
    __reduce__ = by_fields  # pyright: ignore[reportAssignmentType]

    type: Type
    span: Span
