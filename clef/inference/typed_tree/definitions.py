"""What a typed file defines: functions, values, types, start-up actions.

Comes in: nothing. Goes out: nodes. Promises: everything global is named by its symbol, so that each
definition can be stored by itself.
"""

from __future__ import annotations

from clef.data_classes import dataclass, field
from clef.inference.typed_tree.base import Expression, Pattern
from clef.inference.types import NamedType, Type, TypeParameter
from clef.source import Span


@dataclass(slots=True)
class Definition:
    """A module-level value or function, member, constructor, accessor: everything that has code.

    Instance members have the object as `parameters[0]`; tupled member parameters are separate.
    Constructors (`T..ctor`) take the allocated
    object first and give unit. A value (`parameters` empty) is computed at start-up in file order,
    unless generic (then on each use).
    `intrinsic`: the body is ignored and a call is the primitive of that name. `external`: (library,
    symbol) of a foreign function. `starts_at`: a static field that the start of its type
    writes: the field that says how far the start has come, and from where on this one is there."""

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
    starts_at: tuple[str, int] | None = None
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
class PropertyDefinition:
    """A property that everybody sees, as reflection tells of it."""

    name: str
    type: Type
    is_static: bool
    is_readable: bool
    is_writable: bool
    is_indexed: bool


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
    overrides, own ones only. `properties`: declared ones, fields first, of the user's types."""

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
    is_hidden: bool = False  # a union or record whose cases or fields not everyone sees
    builtin: str | None = None
    equality: str = "structural"  # structural, reference, custom, none
    comparison: str = "structural"  # structural, custom, none
    attributes: list[Attribute] = field(default_factory=list[Attribute])
    properties: list[PropertyDefinition] = field(default_factory=list[PropertyDefinition])
    constructors: list[str] = field(default_factory=list[str])  # public ones of the user's types
    # Functions that make the attributes of the type (""), its members, cases and enum values.
    attribute_makers: dict[str, str] = field(default_factory=dict[str, str])


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
