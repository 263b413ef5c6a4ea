"""Declarations, types' definitions, members and files of the syntax tree.

Comes in: what the parser read. Goes out: one slotted dataclass for each form of declaration.
Promises: attributes and documentation comments are attached to what they stand before; declarations
are in source order.
"""

from __future__ import annotations

from enum import Enum

from clef.data_classes import dataclass, field
from clef.syntax.expressions import Inherit, InterfaceImplementation
from clef.syntax.node import Expression, LongName, Name, Node, Pattern, TypeExpression
from clef.syntax.types import TypeParameters


@dataclass(slots=True, eq=False)
class Declaration(Node):
    """Base of what a file, namespace or module contains."""


@dataclass(slots=True, eq=False)
class Member(Node):
    """Base of what a type definition or object expression contains."""


class Access(Enum):
    """`public`, `internal`, `private`; None where nothing is written."""

    PUBLIC = "public"
    INTERNAL = "internal"
    PRIVATE = "private"


@dataclass(slots=True, eq=False)
class Attribute(Node):
    """`target: Name(argument)`; the type is a NamedType; the argument is the expression after
    the name, a Paren or unit."""

    target: str | None
    type: TypeExpression
    argument: Expression | None
    resolution: object | None = None


# ---------------------------------------------------------------- bindings


@dataclass(slots=True, eq=False)
class NameHead(Node):
    """`name<'a> p1 p2`, and in members `this.name p1 p2`. No arguments: a plain value (or a
    property). `this` may be `_` or `__`."""

    name: Name
    type_parameters: TypeParameters | None
    arguments: list[Pattern]
    this: Name | None = None


@dataclass(slots=True, eq=False)
class PatternHead(Node):
    """A pattern on the left of `=`."""

    pattern: Pattern


@dataclass(slots=True, eq=False)
class Binding(Node):
    """`[<A>] access inline mutable head : return_type = value`, of let, use and members."""

    attributes: list[Attribute]
    documentation: str | None
    access: Access | None
    is_inline: bool
    is_mutable: bool
    head: NameHead | PatternHead
    return_attributes: list[Attribute]
    return_type: TypeExpression | None
    value: Expression


# ---------------------------------------------------------------- modules and files


@dataclass(slots=True, eq=False)
class ModuleDeclaration(Declaration):
    """`module Name = ...`, or with `is_top_level` the `module A.B.Name` that opens a file and
    owns all of it."""

    attributes: list[Attribute]
    documentation: str | None
    access: Access | None
    name: LongName
    is_recursive: bool
    declarations: list[Declaration]
    is_top_level: bool = False
    resolution: object | None = None


@dataclass(slots=True, eq=False)
class ModuleAbbreviation(Declaration):
    """`module Name = A.B.C` (as in F#, at least one name and nothing else on the right)."""

    name: Name
    target: LongName
    resolution: object | None = None


@dataclass(slots=True, eq=False)
class NamespaceDeclaration(Declaration):
    """`namespace A.B` with all up to the next namespace; `namespace global` has no name."""

    name: LongName | None
    is_recursive: bool
    declarations: list[Declaration]


@dataclass(slots=True, eq=False)
class OpenDeclaration(Declaration):
    """`open A.B`"""

    name: LongName
    resolution: object | None = None


@dataclass(slots=True, eq=False)
class OpenTypeDeclaration(Declaration):
    """`open type T<int>`"""

    type: TypeExpression


@dataclass(slots=True, eq=False)
class LetDeclaration(Declaration):
    """`let` or `let rec ... and ...`; `use` at module level has `is_use`."""

    bindings: list[Binding]
    is_recursive: bool
    is_use: bool = False


@dataclass(slots=True, eq=False)
class DoDeclaration(Declaration):
    """`do e`, or a bare expression (`is_bare`)."""

    attributes: list[Attribute]
    expression: Expression
    is_bare: bool


@dataclass(slots=True, eq=False)
class AttributesDeclaration(Declaration):
    """`[<assembly: A>]` before `do ()`, or attributes that nothing follows."""

    attributes: list[Attribute]


@dataclass(slots=True, eq=False)
class HashDirective(Declaration):
    """`#r "x"`, `#load`, `#time`, `#nowarn "40"` ... with its arguments as written."""

    name: str
    arguments: list[str]


@dataclass(slots=True, eq=False)
class ExternParameter(Node):
    """`int* name` or `string name` in an extern; `stars` pointers, `is_byref` for `&`."""

    attributes: list[Attribute]
    type: TypeExpression
    name: Name | None


@dataclass(slots=True, eq=False)
class ExternDeclaration(Declaration):
    """`[<DllImport("lib")>] extern int name(int x, string y)`; C's `T*` is `nativeptr<T>`, `T&`
    is `byref<T>`, `void` is `unit`, `void*` is `nativeint`."""

    attributes: list[Attribute]
    documentation: str | None
    access: Access | None
    name: Name
    parameters: list[ExternParameter]
    return_type: TypeExpression


@dataclass(slots=True, eq=False)
class ValueSignature(Declaration):
    """`val name : type`, in signature files; a literal has its value."""

    attributes: list[Attribute]
    documentation: str | None
    access: Access | None
    is_inline: bool
    is_mutable: bool
    name: Name
    type_parameters: TypeParameters | None
    type: TypeExpression
    value: Expression | None = None


@dataclass(slots=True, eq=False)
class ErrorDeclaration(Declaration):
    """What could not be parsed; a diagnostic has been given."""


class TriviaKind(Enum):
    """What lies between tokens and does not matter to the parser."""

    LINE_COMMENT = "line comment"
    BLOCK_COMMENT = "block comment"
    DOCUMENTATION = "documentation comment"
    BLANK_LINES = "blank lines"
    DIRECTIVE = "directive"
    INACTIVE = "inactive code"


@dataclass(slots=True, eq=False)
class Trivia:
    """One comment, run of blank lines, `#if` line or skipped code: characters start to end."""

    kind: TriviaKind
    start: int
    end: int


@dataclass(slots=True, eq=False)
class File(Node):
    """One source file. Its declarations are namespaces, or one top-level module, or plain
    declarations of the anonymous module that is called after the file."""

    declarations: list[Declaration]
    trivia: list[Trivia]


# ---------------------------------------------------------------- type definitions


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


# ---------------------------------------------------------------- members


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
    access: Access | None
    name: Name
    type: TypeExpression | None
    value: Expression
    has_getter: bool
    has_setter: bool
    is_static: bool
    dispatch: Dispatch


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
