"""Patterns of the syntax tree.

Comes in: what the parser read. Goes out: one slotted dataclass for each form of pattern. Promises:
a lone identifier is always a NamedPattern, whether it will bind a variable or name a case.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from clef.data_classes import dataclass
from clef.syntax.constants import Constant
from clef.syntax.node import LongName, Name, Node, Pattern, TypeExpression

if TYPE_CHECKING:
    from clef.syntax.declarations import Access, Attribute


@dataclass(slots=True, eq=False)
class WildcardPattern(Pattern):
    """`_`"""


@dataclass(slots=True, eq=False)
class NamedPattern(Pattern):
    """A lone identifier: a variable, or a case without fields, or a literal (names decides). The
    variables of a module's `let private a, internal b = ...` have an access each."""

    name: Name
    resolution: object | None = None
    access: Access | None = None


@dataclass(slots=True, eq=False)
class FieldPattern(Node):
    """`Name = pattern` in a record pattern or in a case with named fields."""

    name: LongName
    pattern: Pattern


@dataclass(slots=True, eq=False)
class ConstructorPattern(Pattern):
    """`Case p`, `A.B.Case (p, q)`, `Case (field = p; other = q)`, `(|DivisibleBy|_|) 3 p`, also
    a dotted name alone. The arguments are curried as written: a case takes one (perhaps a paren
    with a tuple), an active pattern may take more, and all but its last are parameters, to be
    read as expressions. `expansion` is the constant that `nameof x` stands for, set by names."""

    name: LongName
    arguments: list[Pattern]
    fields: list[FieldPattern]
    type_arguments: list[TypeExpression]
    resolution: object | None = None
    expansion: Pattern | None = None


@dataclass(slots=True, eq=False)
class AsPattern(Pattern):
    """`pattern as alias`"""

    pattern: Pattern
    alias: Pattern


@dataclass(slots=True, eq=False)
class OrPattern(Pattern):
    """`p | q | r`"""

    alternatives: list[Pattern]


@dataclass(slots=True, eq=False)
class AndPattern(Pattern):
    """`p & q & r`"""

    patterns: list[Pattern]


@dataclass(slots=True, eq=False)
class TuplePattern(Pattern):
    """`p, q` or `struct (p, q)`"""

    elements: list[Pattern]
    is_struct: bool = False


@dataclass(slots=True, eq=False)
class ParenPattern(Pattern):
    """`(p)`"""

    pattern: Pattern


@dataclass(slots=True, eq=False)
class RecordPattern(Pattern):
    """`{ A = p; B = q }`"""

    fields: list[FieldPattern]


@dataclass(slots=True, eq=False)
class ListPattern(Pattern):
    """`[p; q]`"""

    elements: list[Pattern]


@dataclass(slots=True, eq=False)
class ArrayPattern(Pattern):
    """`[|p; q|]`"""

    elements: list[Pattern]


@dataclass(slots=True, eq=False)
class ConstantPattern(Pattern):
    """A literal, also `()`."""

    constant: Constant


@dataclass(slots=True, eq=False)
class NullPattern(Pattern):
    """`null`"""


@dataclass(slots=True, eq=False)
class TypeTestPattern(Pattern):
    """`:? T`; `:? T as x` is an AsPattern around it."""

    type: TypeExpression


@dataclass(slots=True, eq=False)
class TypedPattern(Pattern):
    """`p : T`"""

    pattern: Pattern
    type: TypeExpression


@dataclass(slots=True, eq=False)
class ConsPattern(Pattern):
    """`p :: q`"""

    head: Pattern
    tail: Pattern


@dataclass(slots=True, eq=False)
class OptionalPattern(Pattern):
    """`?x`, an optional parameter of a member."""

    name: Name


@dataclass(slots=True, eq=False)
class AttributedPattern(Pattern):
    """`[<A>] p`"""

    attributes: list[Attribute]
    pattern: Pattern


@dataclass(slots=True, eq=False)
class ErrorPattern(Pattern):
    """What could not be parsed; a diagnostic has been given."""
