"""Declarations and files of the syntax tree.

Comes in: what the parser read. Goes out: one slotted dataclass for each form of declaration.
Promises: attributes and documentation comments are attached to what they stand before; declarations
are in source order.
"""

from __future__ import annotations

from enum import Enum

from clef.data_classes import dataclass
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
