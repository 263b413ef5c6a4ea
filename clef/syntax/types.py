"""Types of the syntax tree, with type parameters and constraints.

Comes in: what the parser read. Goes out: one slotted dataclass for each form of type. Promises: a
measure inside a literal (`1.0<m/s>`) is made of the Measure nodes; inside a type (`float<m s^2>`)
the parser cannot know whether `m * s` is a tuple or `m s` a postfix application, so the names and
inference stages read those through `clef.syntax.measures.as_measure` once they know the kind.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from clef.data_classes import dataclass
from clef.source import Span
from clef.syntax.node import Expression, LongName, Name, Node, TypeExpression

if TYPE_CHECKING:
    from clef.syntax.declarations import Attribute
    from clef.syntax.members import MemberSignature


@dataclass(slots=True, eq=False)
class NamedType(TypeExpression):
    """`A.B<t, u>`, `t list`, `(t, u) Map` (postfix)."""

    name: LongName
    arguments: list[TypeExpression]
    is_postfix: bool = False
    resolution: object | None = None


@dataclass(slots=True, eq=False)
class NestedType(TypeExpression):
    """`Outer<t>.Inner<u>`"""

    outer: TypeExpression
    name: LongName
    arguments: list[TypeExpression]
    resolution: object | None = None


@dataclass(slots=True, eq=False)
class FunctionType(TypeExpression):
    """`parameter -> result`"""

    parameter: TypeExpression
    result: TypeExpression


@dataclass(slots=True, eq=False)
class TupleType(TypeExpression):
    """`t * u` or `struct (t * u)`"""

    elements: list[TypeExpression]
    is_struct: bool = False


@dataclass(slots=True, eq=False)
class ArrayType(TypeExpression):
    """`t[]`, `t[,]`"""

    element: TypeExpression
    rank: int


@dataclass(slots=True, eq=False)
class VariableType(TypeExpression):
    """`'a`, or `^a` (head); the name has no quote."""

    name: Name
    is_head: bool = False
    resolution: object | None = None


@dataclass(slots=True, eq=False)
class AnonymousType(TypeExpression):
    """`_`"""


@dataclass(slots=True, eq=False)
class AnonymousRecordTypeField(Node):
    """`Name: t`"""

    name: Name
    type: TypeExpression


@dataclass(slots=True, eq=False)
class AnonymousRecordType(TypeExpression):
    """`{| A: t; B: u |}`"""

    fields: list[AnonymousRecordTypeField]
    is_struct: bool = False


@dataclass(slots=True, eq=False)
class FlexibleType(TypeExpression):
    """`#t`"""

    type: TypeExpression


@dataclass(slots=True, eq=False)
class ConstrainedType(TypeExpression):
    """`t when 'a : comparison and ...`; `'a :> t` as a type is written as one constraint on
    `'a`."""

    type: TypeExpression
    constraints: list[Constraint]


@dataclass(slots=True, eq=False)
class ConstantType(TypeExpression):
    """A static argument: a literal or `const e`."""

    value: Expression


@dataclass(slots=True, eq=False)
class NamedStaticArgument(TypeExpression):
    """`Name = t` among type arguments."""

    name: Name
    type: TypeExpression


@dataclass(slots=True, eq=False)
class NullableType(TypeExpression):
    """`t | null`"""

    type: TypeExpression


@dataclass(slots=True, eq=False)
class IntersectionType(TypeExpression):
    """`'a & #I & #J`"""

    types: list[TypeExpression]


@dataclass(slots=True, eq=False)
class ParenType(TypeExpression):
    """`(t)`"""

    type: TypeExpression


@dataclass(slots=True, eq=False)
class ParameterType(TypeExpression):
    """`[<A>] ?name: t` inside a member or delegate signature; only made when there is a name or
    an attribute."""

    attributes: list[Attribute]
    name: Name | None
    is_optional: bool
    type: TypeExpression


@dataclass(slots=True, eq=False)
class MeasureProduct(TypeExpression):
    """`m s` or `m * s`, only where a measure is certain."""

    factors: list[TypeExpression]


@dataclass(slots=True, eq=False)
class MeasureQuotient(TypeExpression):
    """`m / s`; `/ s` has no numerator."""

    numerator: TypeExpression | None
    denominator: TypeExpression


@dataclass(slots=True, eq=False)
class MeasurePower(TypeExpression):
    """`m^2`, `m^-1`, `m^(1/2)`"""

    base: TypeExpression
    numerator: int
    denominator: int = 1


@dataclass(slots=True, eq=False)
class MeasureOne(TypeExpression):
    """`1`"""


@dataclass(slots=True, eq=False)
class ErrorType(TypeExpression):
    """What could not be parsed; a diagnostic has been given."""


class ConstraintKind(Enum):
    """What a constraint demands."""

    SUBTYPE = ":>"
    NULL = "null"
    NOT_NULL = "not null"
    STRUCT = "struct"
    NOT_STRUCT = "not struct"
    COMPARISON = "comparison"
    EQUALITY = "equality"
    UNMANAGED = "unmanaged"
    ENUM = "enum"
    DELEGATE = "delegate"
    MEMBER = "member"
    DEFAULT = "default"
    SELF = "self"


@dataclass(slots=True, eq=False)
class Constraint(Node):
    """`subject : kind`. SUBTYPE and DEFAULT have one argument, ENUM one, DELEGATE two; MEMBER
    has `member` (also for `new`), and then several subjects may be written `(^a or ^b)`; SELF is
    `when I<'T>` with the type as subject."""

    kind: ConstraintKind
    subjects: list[TypeExpression]
    arguments: list[TypeExpression]
    member: MemberSignature | None = None


@dataclass(slots=True, eq=False)
class TypeParameter(Node):
    """`'a` or `^a` with its attributes, such as `[<Measure>]`; the name has no quote."""

    attributes: list[Attribute]
    name: Name
    is_head: bool = False


@dataclass(slots=True, eq=False)
class TypeParameters:
    """`<'a, 'b when 'a : equality>`, also written in front, `'a list` style. `is_open` is a
    trailing `, ..`."""

    span: Span
    parameters: list[TypeParameter]
    constraints: list[Constraint]
    is_open: bool = False
