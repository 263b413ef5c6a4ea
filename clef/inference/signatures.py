"""Interfaces of checked files: what later files need to know of earlier ones.

Comes in: what inference learned about a file. Goes out: picklable tables of values, types, members
and extensions,
keyed by symbol. Promises: holds no trees and no inference variables once its file is checked;
`Signatures` only looks up.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Generic, TypeVar

from clef.data_classes import dataclass, field
from clef.inference.types import Measure, NamedType, Scheme, Type, TypeParameter
from clef.source import Span


@dataclass(slots=True)
class ParameterSignature:
    """One parameter of a member."""

    name: str
    type: Type
    is_optional: bool = False  # ?x: the type is then already option<T>
    is_param_array: bool = False
    is_out: bool = False
    default: object | None = None  # [<Optional; DefaultParameterValue>]
    has_default: bool = False
    caller: str = ""  # what is filled in where nothing is given: line, file, member


@dataclass(slots=True)
class MemberSignature:
    """One method, constructor, property accessor or field-like member.

    `groups` are the curried argument groups, each flattened; a property's getter has its index
    parameters as one group or
    none; a setter's last parameter is the value. `type_parameters` are the member's own; the
    owner's come first in calls. Those of the owner that the member writes again are in
    `written_again`, with their places among the written ones."""

    name: str  # Length, Add, op_Addition, .ctor, get_Length
    symbol: str
    kind: str  # method, constructor, getter, setter
    owner: str
    is_static: bool
    type_parameters: tuple[TypeParameter, ...]
    groups: tuple[tuple[ParameterSignature, ...], ...]
    result: Type
    owner_parameters: tuple[TypeParameter, ...] = ()
    written_again: tuple[tuple[int, TypeParameter], ...] = ()  # `member M<'T>` in a `C<'T>`
    is_slot: bool = False  # abstract or virtual: called through dispatch
    is_abstract: bool = False
    is_override: bool = False
    is_inline: bool = False
    is_extension: bool = False
    access: str = "public"
    span: Span | None = None
    property: str = ""  # the property that an accessor belongs to
    custom_operation: str = ""  # [<CustomOperation("name")>]
    operation_flags: tuple[
        str, ...
    ] = ()  # maintains_variables, projection parameters are in `projections`
    projections: tuple[bool, ...] = ()
    module: str = ""  # of an extension: the module that declares it
    condition: str | None = None  # [<Conditional("symbol")>]: called only if it is defined
    scheme: Scheme | None = None  # while it is being inferred: the type of its function
    self_type: Type | None = None  # what a method marked `[<Extension>]` is called on
    is_static_extension: bool = False  # a static method marked `[<Extension>]`
    is_event: bool = False
    literal: object | None = None  # of a library's `[<Literal>]` property, such as Int32.MaxValue


@dataclass(slots=True)
class FieldSignature:
    """A record's, class's or union case's field. `has_default`: a record may be made without it;
    `is_per_thread`: each thread has a value of its own (`thread_statics.py`)."""

    name: str
    type: Type
    is_mutable: bool = False
    is_static: bool = False
    access: str = "public"
    index: int = 0
    has_default: bool = False
    is_per_thread: bool = False


@dataclass(slots=True)
class CaseSignature:
    """A union case."""

    name: str
    symbol: str
    fields: list[FieldSignature]
    index: int = 0


@dataclass(slots=True)
class TypeSignature:
    """A type definition as seen from outside."""

    symbol: str
    name: str
    # record, union, class, struct, interface, enum, exception, delegate, builtin, abbreviation
    # or measure
    kind: str
    parameters: tuple[TypeParameter, ...]
    span: Span
    fields: dict[str, FieldSignature] = field(default_factory=dict[str, FieldSignature])
    cases: dict[str, CaseSignature] = field(default_factory=dict[str, CaseSignature])
    enum_values: dict[str, int] = field(default_factory=dict[str, int])
    underlying: Type | None = None  # enums; delegates: the function type of Invoke
    abbreviated: Type | None = None
    measure: Measure | None = None  # measure abbreviations
    base: NamedType | None = None
    interfaces: list[NamedType] = field(default_factory=list[NamedType])
    members: dict[str, list[MemberSignature]] = field(
        default_factory=dict[str, list[MemberSignature]]
    )
    is_struct: bool = False
    is_byref_like: bool = False  # a struct that may hold references, so that nothing keeps it
    is_sealed: bool = True
    is_abstract: bool = False
    allows_null: bool = False
    builtin: str | None = None
    equality: str = "structural"
    comparison: str = "structural"
    access: str = "public"
    representation_access: str = "public"
    hidden_in: str = ""  # the module that sees a private representation
    implemented: list[str] = field(default_factory=list[str])  # slots that it fills
    default_member: str = "Item"
    has_case_tests: bool = True  # a union has `value.IsCase`, unless it asks for none
    shows_itself: bool = False  # a constructor mentions its object
    shows_early: bool = False  # … before it is complete

    def self_type(self) -> NamedType:
        """The type applied to its own parameters."""
        from clef.inference.types import ParameterType

        return NamedType(self.symbol, tuple(ParameterType(p) for p in self.parameters))


@dataclass(slots=True)
class ValueSignature:
    """A module-level value or function. `literal` is the constant of a `[<Literal>]`."""

    symbol: str
    name: str
    scheme: Scheme
    arity: int
    span: Span
    is_mutable: bool = False
    is_inline: bool = False
    is_literal: bool = False
    literal: object | None = None
    access: str = "public"
    requires_explicit: bool = False
    is_type_function: bool = False  # `let name<'T> = …`: computed anew for each type
    parameter_names: tuple[str, ...] = ()  # of a tuple with commas between them


AddedInterface = tuple[tuple[TypeParameter, ...], NamedType]


@dataclass(frozen=True, slots=True)
class Notice:
    """What an attribute says to users: `kind` is obsolete, message or experimental; `number` is
    F#'s, or the author's."""

    kind: str
    text: str
    number: int
    is_error: bool = False


@dataclass(slots=True)
class FileSignatures:
    """The interface of one checked file. The mappings may load their entries lazily."""

    path: str
    values: Mapping[str, ValueSignature] = field(default_factory=dict[str, ValueSignature])
    types: Mapping[str, TypeSignature] = field(default_factory=dict[str, TypeSignature])
    extensions: dict[str, list[MemberSignature]] = field(
        default_factory=dict[str, list[MemberSignature]]
    )
    has_nullable: bool = False  # whether it writes `t | null`
    notices: dict[str, Notice] = field(default_factory=dict[str, Notice])  # by symbol


Entry = TypeVar("Entry")


class Layers(Mapping[str, Entry], Generic[Entry]):
    """Several mappings as one; a later one wins. Entries are not touched until they are asked
    for."""

    __slots__ = ("_base", "_owners")

    def __init__(self, base: Mapping[str, Entry], owners: dict[str, Mapping[str, Entry]]) -> None:
        self._base = base
        self._owners = owners

    def __getitem__(self, symbol: str) -> Entry:
        return self._owners.get(symbol, self._base)[symbol]

    def __contains__(self, symbol: object) -> bool:
        return symbol in self._owners or symbol in self._base

    def __iter__(self) -> Iterator[str]:
        yield from self._owners
        yield from (symbol for symbol in self._base if symbol not in self._owners)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def with_layer(self, layer: Mapping[str, Entry]) -> Layers[Entry]:
        """These entries, and those of `layer` before them."""
        return Layers(self._base, {**self._owners, **dict.fromkeys(layer, layer)})


def layered(table: Mapping[str, Entry], layer: Mapping[str, Entry]) -> Layers[Entry]:
    """`table` with `layer` before it."""
    base = table if isinstance(table, Layers) else Layers(table, {})
    return base.with_layer(layer)


@dataclass(slots=True)
class Signatures:
    """Everything that the files before this one declare."""

    values: Mapping[str, ValueSignature] = field(default_factory=dict[str, ValueSignature])
    types: Mapping[str, TypeSignature] = field(default_factory=dict[str, TypeSignature])
    extensions: Mapping[str, list[MemberSignature]] = field(
        default_factory=dict[str, list[MemberSignature]]
    )
    has_nullable: bool = False  # whether one of the files writes `t | null`
    notices: Mapping[str, Notice] = field(default_factory=dict[str, Notice])

    def with_file(self, file: FileSignatures) -> Signatures:
        """These signatures and one more file's."""
        extensions = dict(self.extensions)
        for owner, members in file.extensions.items():
            extensions[owner] = [*members, *extensions.get(owner, [])]
        values, types = layered(self.values, file.values), layered(self.types, file.types)
        has_nullable = self.has_nullable or file.has_nullable
        notices = {**self.notices, **file.notices} if file.notices else self.notices
        return Signatures(values, types, extensions, has_nullable, notices)
