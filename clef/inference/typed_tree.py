"""The typed tree: what inference hands to the core.

Everything implicit is explicit here: instantiations of generics, coercions, resolved members and
overloads, desugared computation
expressions, expanded operators. Global things are named by symbols, so every `Definition` can be
pickled and loaded by itself.
Types contain no inference variables. Evaluation order is the order of the fields, left to right.
"""

from __future__ import annotations

from clef.data_classes import by_fields, dataclass, field
from clef.inference.types import MemberSignature, NamedType, Type, TypeParameter
from clef.source import Span


@dataclass(slots=True, eq=False)
class Local:
    """A local variable; compared by identity, `id` is unique within its definition."""

    id: int
    name: str
    type: Type
    span: Span
    is_mutable: bool = False


# Expressions --------------------------------------------------------------------------------------


@dataclass(slots=True)
class Expression:
    """Base: every expression has a type and a span."""

    __reduce__ = by_fields  # pyright: ignore[reportAssignmentType]

    type: Type
    span: Span


@dataclass(slots=True)
class Literal(Expression):
    """A constant. Python value by type: int (all integer types and enums), float (float and
    float32, already rounded), bool, str (string;
    lone surrogates kept), int (char: UTF-16 code unit), bytes (byte[]), Decimal, None (unit or
    null)."""

    value: object


@dataclass(slots=True)
class LocalReference(Expression):
    """A use of a local; `type_arguments` instantiate a generalised local function."""

    local: Local
    type_arguments: tuple[Type, ...] = ()


@dataclass(slots=True)
class GlobalReference(Expression):
    """A use of a module-level value or function as a value."""

    symbol: str
    type_arguments: tuple[Type, ...] = ()


@dataclass(slots=True)
class Lambda(Expression):
    """`fun p1 p2 -> body`; one pattern a curried argument."""

    parameters: list[Pattern]
    body: Expression


@dataclass(slots=True)
class Application(Expression):
    """A function applied to curried arguments (at least one). Effects: function first, then
    arguments, then the call.
    """

    function: Expression
    arguments: list[Expression]


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
class Let(Expression):
    """`let`/`let rec … and …` in an expression. For a value whose pattern can fail, failure raises
    MatchFailureException. Without `rec` a binding sees those before it, which only the parts of a
    generic pattern make use of.
    """

    bindings: list[LocalBinding]
    is_recursive: bool
    body: Expression


@dataclass(slots=True)
class Use(Expression):
    """`use x = value in body`: Dispose (if not null) when leaving, in every way. `dispose` is
    `x.Dispose()` resolved.
    """

    local: Local
    value: Expression
    dispose: Expression
    body: Expression


@dataclass(slots=True)
class Sequential(Expression):
    """Items in order; the last one's value is the result."""

    items: list[Expression]


@dataclass(slots=True)
class If(Expression):
    """`&&` and `||` are expressed with it; a missing `else` is a unit literal."""

    condition: Expression
    then: Expression
    otherwise: Expression


@dataclass(slots=True)
class MatchRule:
    """One rule; `guard` may be absent."""

    pattern: Pattern
    guard: Expression | None
    body: Expression
    span: Span


@dataclass(slots=True)
class Match(Expression):
    """Rules tried in order; no match raises MatchFailureException with the file, line and column of
    `span`.
    """

    scrutinee: Expression
    rules: list[MatchRule]


@dataclass(slots=True)
class Tuple(Expression):
    """Type is a TupleType, also for struct tuples."""

    items: list[Expression]


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
class ArrayLiteral(Expression):
    """`[| a; b |]`; also ParamArray arguments."""

    items: list[Expression]


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
class LocalSet(Expression):
    """`x <- value` for a mutable local."""

    local: Local
    value: Expression


@dataclass(slots=True)
class GlobalSet(Expression):
    """`x <- value` for a module-level mutable."""

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
class While(Expression):
    condition: Expression
    body: Expression


@dataclass(slots=True)
class ForTo(Expression):
    """`for local = start to|downto finish do body` over int32 (bounds evaluated once)."""

    local: Local
    start: Expression
    finish: Expression
    is_down: bool
    body: Expression


@dataclass(slots=True)
class ForIn(Expression):
    """`for pattern in collection do body`. The core specialises ranges, arrays, lists and strings;
    else it uses
    `enumerate` (GetEnumerator/MoveNext/Current/Dispose resolved). A value that does not match the
    pattern is skipped."""

    pattern: Pattern
    collection: Expression
    enumeration: Enumeration | None
    body: Expression


@dataclass(slots=True)
class Enumeration:
    """The enumerator protocol over `ForIn.collection`: expressions over the locals `source` and
    `enumerator`.
    """

    source: Local
    enumerator: Local
    get_enumerator: Expression
    move_next: Expression
    current: Expression
    dispose: Expression | None


@dataclass(slots=True)
class Range(Expression):
    """`start .. step .. finish` as a sequence (type seq<'T>), inside list, array or seq brackets or
    a `for`.
    """

    start: Expression
    step: Expression | None
    finish: Expression


@dataclass(slots=True)
class TryWith(Expression):
    """Rules over the exception; none matching re-raises."""

    body: Expression
    rules: list[MatchRule]


@dataclass(slots=True)
class TryFinally(Expression):
    body: Expression
    finalizer: Expression


@dataclass(slots=True)
class Comprehension(Expression):
    """`seq { }`, `[ … ]`, `[| … |]`: kind is "seq", "list" or "array"; the body is of type unit and
    contains Yield/YieldAll.
    """

    kind: str
    element: Type
    body: Expression


@dataclass(slots=True)
class Yield(Expression):
    """Give one element to the enclosing comprehension; type unit."""

    value: Expression


@dataclass(slots=True)
class YieldAll(Expression):
    """`yield! values`: all elements of a sequence, list or array (its own static type); `as_seq`
    coerces it to seq.
    """

    values: Expression


@dataclass(slots=True)
class FormatPart:
    """A piece of a printf format or of an interpolated string.

    Literal text when `specifier` is empty. Else specifier is the letter (d i u x X o B b c s f F e
    E g G M O A a t P) with flags
    ("-", "+", " ", "0" in any order), width and precision (None, a number, or "*"); `type` is the
    argument's type, `argument` the
    hole's expression in interpolated strings; `alignment` and `format` belong to `{x,10:N2}` holes
    (specifier "P")."""

    text: str = ""
    specifier: str = ""
    flags: str = ""
    width: int | str | None = None
    precision: int | str | None = None
    type: Type | None = None
    argument: Expression | None = None
    alignment: int | None = None
    format: str | None = None


@dataclass(slots=True)
class FormatLiteral(Expression):
    """A printf format string; type is PrintfFormat<'Printer,'State,'Residue,'Result,…>."""

    parts: list[FormatPart]


@dataclass(slots=True)
class InterpolatedString(Expression):
    """`$"…"` used as a string: every part has its argument."""

    parts: list[FormatPart]


@dataclass(slots=True)
class AddressOf(Expression):
    """`&lvalue`: object is a local, global, field or array element; type is byref<T>."""

    place: Expression


@dataclass(slots=True)
class TypeName(Expression):
    """`typeof<T>` and relatives: the name of a type as text is asked at specialisation; kind is
    "type", "definition" (of a generic type), "sizeof", "default".
    """

    kind: str
    subject: Type


# Patterns -----------------------------------------------------------------------------------------


@dataclass(slots=True)
class Pattern:
    __reduce__ = by_fields  # pyright: ignore[reportAssignmentType]

    type: Type
    span: Span


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


# Definitions --------------------------------------------------------------------------------------


@dataclass(slots=True)
class Definition:
    """A module-level value or function, member, constructor, accessor: everything that has code.

    Instance members have the object as `parameters[0]`; tupled member parameters are separate.
    Constructors (`T..ctor`) take the allocated
    object first and give unit. A value (`parameters` empty) is computed at start-up in file order,
    unless generic (then on each use).
    `intrinsic`: the body is ignored and a call is the primitive of that name. `external`: (library,
    symbol) of a foreign function."""

    symbol: str
    type_parameters: tuple[TypeParameter, ...]
    parameters: list[Pattern]
    result_type: Type
    body: Expression
    span: Span
    is_inline: bool = False
    is_static: bool = True
    is_mutable: bool = False
    is_entry_point: bool = False
    intrinsic: str | None = None
    external: tuple[str, str] | None = None
    attributes: list[Attribute] = field(default_factory=list["Attribute"])


@dataclass(slots=True)
class Attribute:
    """An attribute with constant arguments."""

    name: str
    arguments: list[object]
    named: dict[str, object]


@dataclass(slots=True)
class FieldDefinition:
    """`is_zeroed`: nothing sets it before it can be read (`[<DefaultValue>]`)."""

    name: str
    type: Type
    is_mutable: bool = False
    is_zeroed: bool = False


@dataclass(slots=True)
class CaseDefinition:
    """A union case; `symbol` is "Type.Case"."""

    name: str
    symbol: str
    fields: list[FieldDefinition]


@dataclass(slots=True)
class Implementation:
    """`method` (a Definition's symbol) implements `slot` of `owner`, in terms of the type's own
    parameters.
    """

    slot: str
    owner: NamedType
    method: str


@dataclass(slots=True)
class TypeDefinition:
    """What later stages need of a type. kind: record, union, class, struct, interface, enum,
    exception, delegate, builtin, abbreviation, measure.

    `builtin`: the representation's name for `[<Builtin("…")>]` types. `fields`: a record's, class's
    (own, not inherited) or exception's.
    `cases`: a union's; an enum's are (name, value). `implementations`: interface slots and
    overrides, own ones only."""

    symbol: str
    kind: str
    type_parameters: tuple[TypeParameter, ...]
    span: Span
    fields: list[FieldDefinition] = field(default_factory=list[FieldDefinition])
    cases: list[CaseDefinition] = field(default_factory=list[CaseDefinition])
    enum_values: list[tuple[str, int]] = field(default_factory=list[tuple[str, int]])
    full_name: str = ""  # as .NET writes it: a type in a module is nested, `Module+Type`
    underlying: Type | None = None  # enums; of delegates Invoke, its parameters one by one
    base: NamedType | None = None
    interfaces: list[NamedType] = field(default_factory=list[NamedType])
    implementations: list[Implementation] = field(default_factory=list[Implementation])
    slots: list[str] = field(
        default_factory=list[str]
    )  # abstract and virtual members declared here
    is_struct: bool = False
    builtin: str | None = None
    equality: str = "structural"  # structural, reference, custom, none
    comparison: str = "structural"  # structural, custom, none
    attributes: list[Attribute] = field(default_factory=list[Attribute])


@dataclass(slots=True)
class Initialisation:
    """One start-up action of a file, in order: compute the value `symbol`, or run a `do` expression
    (symbol is then a function of no parameters).
    """

    symbol: str
    is_do: bool = False


@dataclass(slots=True)
class TypedFile:
    """All that a file defines. `entry_point` is the `[<EntryPoint>]` function, if any."""

    path: str
    definitions: dict[str, Definition]
    types: dict[str, TypeDefinition]
    initialisations: list[Initialisation]
    entry_point: str | None = None
    # Interfaces that `type T with interface …` adds to types of other files: only symbol,
    # type_parameters, interfaces and
    # implementations of these definitions mean anything.
    extended: list[TypeDefinition] = field(default_factory=list[TypeDefinition])
    # Values and functions whose types what stands behind them can settle (`let r = ref []`).
    settled_late: set[str] = field(default_factory=set[str])
