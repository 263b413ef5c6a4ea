"""Definitions of types in the syntax tree.

Comes in: what the parser read. Goes out: one slotted dataclass for each form of definition.
Promises: members stand in the order in which they are written.
"""

from __future__ import annotations

from enum import Enum

from clef.data_classes import dataclass
from clef.syntax.declarations import Access, Attribute, Declaration, Member
from clef.syntax.node import Expression, LongName, Name, Node, Pattern, TypeExpression
from clef.syntax.types import TypeParameters


@dataclass(slots=True, eq=False)
class FieldDefinition(Node):
    """A field of a record, union case, exception, struct or class (`val mutable x: t`)."""

    attributes: list[Attribute]
    documentation: str | None
    access: Access | None
    is_mutable: bool
    is_static: bool
    name: Name | None
    type: TypeExpression


@dataclass(slots=True, eq=False)
class UnionCase(Node):
    """`Case of name: t * u`, or `Case : t -> u -> R` (signature)."""

    attributes: list[Attribute]
    documentation: str | None
    access: Access | None
    name: Name
    fields: list[FieldDefinition]
    signature: TypeExpression | None = None


@dataclass(slots=True, eq=False)
class EnumCase(Node):
    """`Name = constant expression`"""

    attributes: list[Attribute]
    documentation: str | None
    name: Name
    value: Expression


@dataclass(slots=True, eq=False)
class Representation(Node):
    """Base of what stands on the right of `type T =`."""


@dataclass(slots=True, eq=False)
class AbbreviationRepresentation(Representation):
    """`type T = u`. `type T = A` with one bare name is this too; names decides nothing else."""

    type: TypeExpression


@dataclass(slots=True, eq=False)
class RecordRepresentation(Representation):
    """`{ A: t; mutable B: u }`"""

    access: Access | None
    fields: list[FieldDefinition]


@dataclass(slots=True, eq=False)
class UnionRepresentation(Representation):
    """`| A | B of t`"""

    access: Access | None
    cases: list[UnionCase]


@dataclass(slots=True, eq=False)
class EnumRepresentation(Representation):
    """`| A = 1 | B = 2`"""

    cases: list[EnumCase]


class ClassKind(Enum):
    """What the definition says it is; `UNSTATED` lets attributes and members decide."""

    UNSTATED = "unstated"
    CLASS = "class"
    STRUCT = "struct"
    INTERFACE = "interface"


@dataclass(slots=True, eq=False)
class ClassRepresentation(Representation):
    """A class, struct or interface; its members are in the TypeDefinition."""

    kind: ClassKind


@dataclass(slots=True, eq=False)
class DelegateRepresentation(Representation):
    """`delegate of t * u -> v`"""

    signature: TypeExpression


@dataclass(slots=True, eq=False)
class ExtensionRepresentation(Representation):
    """`type T with members`"""


@dataclass(slots=True, eq=False)
class OpaqueRepresentation(Representation):
    """`type T` without `=`: a measure, or a signature."""


@dataclass(slots=True, eq=False)
class PrimaryConstructor(Node):
    """`access (p) as self` after the name of a type; the pattern is unit, a Paren, as a member's
    argument."""

    attributes: list[Attribute]
    documentation: str | None
    access: Access | None
    pattern: Pattern
    self_name: Name | None


@dataclass(slots=True, eq=False)
class TypeDefinition(Node):
    """One type of a TypesDeclaration."""

    attributes: list[Attribute]
    documentation: str | None
    access: Access | None
    name: LongName
    type_parameters: TypeParameters | None
    constructor: PrimaryConstructor | None
    representation: Representation
    members: list[Member]
    resolution: object | None = None


@dataclass(slots=True, eq=False)
class TypesDeclaration(Declaration):
    """`type A = ... and B = ...`"""

    types: list[TypeDefinition]


@dataclass(slots=True, eq=False)
class ExceptionDeclaration(Declaration):
    """`exception E of t * u with members`, or `exception E = A.B`; the access is the case's."""

    case: UnionCase
    abbreviation: LongName | None
    members: list[Member]
