"""Members in the syntax tree: of types, object expressions and signatures.

Comes in: what the parser read. Goes out: one slotted dataclass for each form of member. Promises:
access is kept as it is written; what cannot be read is an `ErrorMember`.
"""

from __future__ import annotations

from enum import Enum

from clef.data_classes import dataclass, field
from clef.syntax.declarations import Access, Attribute, Binding, Member
from clef.syntax.expressions import Inherit, InterfaceImplementation
from clef.syntax.node import Expression, Name, Node, Pattern, TypeExpression
from clef.syntax.type_declarations import FieldDefinition
from clef.syntax.types import TypeParameters


class Dispatch(Enum):
    """How a member takes part in inheritance."""

    PLAIN = "plain"
    OVERRIDE = "override"
    DEFAULT = "default"


@dataclass(slots=True, eq=False)
class MethodMember(Member):
    """`member this.M p = e`, also a property without `with` (a head without arguments).
    Attributes, access and documentation are in the binding."""

    binding: Binding
    is_static: bool
    dispatch: Dispatch


@dataclass(slots=True, eq=False)
class PropertyMember(Member):
    """`member this.P with get p = e and set p v = e`; each accessor is a whole Binding called
    like the property, whose setter takes the new value as its last argument."""

    name: Name
    getter: Binding | None
    setter: Binding | None
    is_static: bool
    dispatch: Dispatch


@dataclass(slots=True, eq=False)
class AutoPropertyMember(Member):
    """`member val P : t = e with get, set`"""

    attributes: list[Attribute]
    documentation: str | None
    name: Name
    type: TypeExpression | None
    value: Expression
    has_getter: bool
    has_setter: bool
    is_static: bool
    dispatch: Dispatch
    getter_access: Access | None
    setter_access: Access | None


@dataclass(slots=True, eq=False)
class MemberSignature(Node):
    """`static member inline access name<'a> : type with get, set`, without a body. A `new : ...`
    is called `.ctor`."""

    attributes: list[Attribute]
    documentation: str | None
    access: Access | None
    is_static: bool
    is_inline: bool
    name: Name
    type_parameters: TypeParameters | None
    type: TypeExpression
    has_getter: bool = False
    has_setter: bool = False
    dispatch: Dispatch = Dispatch.PLAIN


@dataclass(slots=True, eq=False)
class AbstractMember(Member):
    """`abstract [member] M : t -> u`; `static abstract` has `signature.is_static`."""

    signature: MemberSignature


@dataclass(slots=True, eq=False)
class SignatureMember(Member):
    """A member without a body in a signature file, or in a type's `interface ... end` without
    `abstract`."""

    signature: MemberSignature


@dataclass(slots=True, eq=False)
class ConstructorMember(Member):
    """`new (p) as self = body`; the body may be a Record with `inherit` or a ConstructorThen."""

    attributes: list[Attribute]
    documentation: str | None
    access: Access | None
    pattern: Pattern
    self_name: Name | None
    body: Expression


@dataclass(slots=True, eq=False)
class InheritMember(Member):
    """`inherit T(argument) as name`"""

    inherit: Inherit
    alias: Name | None


@dataclass(slots=True, eq=False)
class InterfaceMember(Member):
    """`interface T with members`; without `with` the list is empty."""

    implementation: InterfaceImplementation


@dataclass(slots=True, eq=False)
class LetMember(Member):
    """`let` or `static let` in a class."""

    bindings: list[Binding]
    is_recursive: bool
    is_static: bool
    is_use: bool = False


@dataclass(slots=True, eq=False)
class DoMember(Member):
    """`do e` or `static do e` in a class."""

    expression: Expression
    is_static: bool
    attributes: list[Attribute] = field(default_factory=list["Attribute"])


@dataclass(slots=True, eq=False)
class FieldMember(Member):
    """`val mutable x: t`, `static val`; `[<DefaultValue>]` is among the attributes."""

    field: FieldDefinition


@dataclass(slots=True, eq=False)
class ErrorMember(Member):
    """What could not be parsed; a diagnostic has been given."""
