"""Expressions of the typed tree about data: construction, fields, members, types, addresses.

Comes in: nothing. Goes out: nodes. Promises: members and overloads are resolved to symbols.
"""

from __future__ import annotations

from clef.data_classes import dataclass
from clef.inference.typed_tree.base import Expression, Pattern
from clef.inference.types import MemberSignature, NamedType, Type, TypeParameter


@dataclass(slots=True)
class RecordConstruction(Expression):
    """All fields of a record in the order of evaluation (as written), by field index of the
    definition.
    """

    fields: list[tuple[int, Expression]]


@dataclass(slots=True)
class Hole(Expression):
    """The part of a construction that a `FieldFix` puts there."""


@dataclass(slots=True)
class FieldFix(Expression):
    """Put `value` where a construction of a recursive value left a hole. `case`: of a union."""

    object: Expression
    case: str | None
    index: int
    value: Expression


@dataclass(slots=True)
class RecordCopy(Expression):
    """`{ source with … }`."""

    source: Expression
    fields: list[tuple[int, Expression]]


@dataclass(slots=True)
class AnonymousRecordConstruction(Expression):
    """Fields by index into the (sorted) names of the type, in evaluation order; `source` for
    copy-and-update (its type may have other fields).
    """

    source: Expression | None
    fields: list[tuple[int, Expression]]


@dataclass(slots=True)
class UnionConstruction(Expression):
    """A fully applied union case; type is the union's NamedType (lists and options are unions of
    the library).
    """

    case: str
    arguments: list[Expression]


@dataclass(slots=True)
class ExceptionConstruction(Expression):
    """A value of an F# `exception` definition; `symbol` is the exception type's."""

    symbol: str
    arguments: list[Expression]


@dataclass(slots=True)
class FieldGet(Expression):
    """A field of a record, class, struct, exception or union case (`case` set: a checked access is
    not needed) by name; `type` is the field's at this instantiation.
    """

    object: Expression
    owner: NamedType
    field: str
    case: str | None = None


@dataclass(slots=True)
class AnonymousFieldGet(Expression):
    """`r.Name` on an anonymous record, or an item of a tuple by index."""

    object: Expression
    index: int


@dataclass(slots=True)
class FieldSet(Expression):
    """`object.field <- value`. When the owner is a struct, `object` is an lvalue (see
    AddressOf)."""

    object: Expression
    owner: NamedType
    field: str
    value: Expression


@dataclass(slots=True)
class StaticFieldGet(Expression):
    """A `static let`/`static val` field; the symbol names a global of the (instantiated) type."""

    owner: NamedType
    symbol: str


@dataclass(slots=True)
class StaticFieldSet(Expression):
    owner: NamedType
    symbol: str
    value: Expression


@dataclass(slots=True)
class MethodCall(Expression):
    """A call of a known member (non-virtual, extension, static, property accessor).
    `type_arguments`: the type's, then the method's own.
    Arguments are flattened: tupled parameters one by one, optional ones filled in, ParamArray
    packed. A curried member's argument groups follow each other; with `waits` its result is applied
    to more of them, which are computed before the call."""

    symbol: str
    type_arguments: tuple[Type, ...]
    object: Expression | None
    arguments: list[Expression]
    waits: bool = False


@dataclass(slots=True)
class VirtualCall(Expression):
    """A call through an abstract slot of an interface or class; `owner` is the instantiated type
    that declares the slot. `waits`: as in `MethodCall`.
    """

    slot: str
    owner: NamedType
    method_type_arguments: tuple[Type, ...]
    object: Expression
    arguments: list[Expression]
    waits: bool = False


@dataclass(slots=True)
class TraitCall(Expression):
    """A member constraint call, resolved at specialisation when `supports` are concrete. Operators
    on type parameters are these.
    """

    supports: tuple[Type, ...]
    member: MemberSignature
    arguments: list[Expression]  # with the object first for instance members


@dataclass(slots=True)
class New(Expression):
    """Allocate an object with zeroed fields, then call `constructor` with it and the arguments.

    `new 'T()`: the type is a type parameter and `constructor` is empty: the one without arguments.
    """

    constructor: str
    arguments: list[Expression]


@dataclass(slots=True)
class ObjectMember:
    """An implementation inside an object expression; `parameters[0]` is the object itself."""

    slot: str
    owner: NamedType
    type_parameters: tuple[TypeParameter, ...]
    parameters: list[Pattern]
    body: Expression


@dataclass(slots=True)
class ObjectExpression(Expression):
    """`{ new T(args) with … interface I with … }`; `constructor` is None when T is an interface."""

    constructor: str | None
    arguments: list[Expression]
    interfaces: list[NamedType]
    members: list[ObjectMember]


@dataclass(slots=True)
class Coerce(Expression):
    """Upcast of `value` to `type` (boxing value types where `type` is a reference type). Never
    fails.
    """

    value: Expression


@dataclass(slots=True)
class Downcast(Expression):
    """`value :?> type` (unboxing where needed); failure raises InvalidCastException."""

    value: Expression


@dataclass(slots=True)
class TypeTest(Expression):
    """`value :? tested`; type is bool."""

    value: Expression
    tested: Type


@dataclass(slots=True)
class AddressOf(Expression):
    """`&lvalue`: object is a local, global, field or array element; type is byref<T>."""

    place: Expression


@dataclass(slots=True)
class TypeName(Expression):
    """`typeof<T>` and relatives: the name of a type as text is asked at specialisation; kind is
    "type", "definition" (of a generic type), "sizeof", "default"; "static" is the type on which a
    static abstract member is called.
    """

    kind: str
    subject: Type


@dataclass(slots=True)
class SourcePlace(Expression):
    """Where a call stands: its line or the path of its file, told at specialisation."""

    kind: str  # line, file
