"""What names can mean: the entities that declarations make, and the resolutions that the names
stage writes into the tree.

Entities hold symbols (fully qualified names), never trees or types, so that a library's environment
can be pickled.
A resolution says what the first parts of a dotted name mean and how many parts that took; the rest
are member
look-ups, which need types and belong to inference.
"""

from __future__ import annotations

from clef.data_classes import dataclass, field
from clef.source import Span
from clef.syntax.tree import Access

# Entities -----------------------------------------------------------------------------------------


@dataclass(slots=True)
class ValueEntity:
    """A module-level value or function. `is_literal`: `[<Literal>]`, so it is a constant in
    patterns. `parameters`: of a recogniser, see `ActivePatternEntity`.
    """

    symbol: str
    name: str
    span: Span
    is_literal: bool = False
    is_mutable: bool = False
    access: str = "public"  # public, internal, private
    private_to: str = ""  # the module symbol a private entity may be used in
    parameters: int = 0


@dataclass(slots=True)
class CaseEntity:
    """A union case (no enum value). `symbol` is "Type.Case"; `type_symbol` the union's."""

    symbol: str
    name: str
    type_symbol: str
    field_count: int
    field_names: tuple[str, ...]
    span: Span


@dataclass(slots=True)
class ExceptionEntity:
    """An F# exception definition: constructor and pattern."""

    symbol: str
    name: str
    field_count: int
    span: Span
    field_names: tuple[str, ...] = ()


@dataclass(slots=True)
class FieldEntity:
    """A record field, for `{ Name = … }` and record patterns."""

    name: str
    type_symbol: str
    index: int


@dataclass(slots=True)
class ActivePatternEntity:
    """One case name of an active pattern; `value` is the recogniser function's symbol (or None for
    a local one, see `binder`). `parameters`: how many arguments stand in front of the value that is
    looked at, as far as the definition shows them. `behind`: the case of the same module whose name
    it takes over; expressions and names behind the module's (`M.A`) still mean that one.
    """

    name: str
    value: str | None
    index: int
    count: int
    is_partial: bool
    span: Span
    binder: LocalBinder | None = None
    parameters: int = 0
    behind: CaseEntity | ExceptionEntity | None = None

    def leading(self, written: int) -> int:
        """How many of so many written arguments are parameters; the one behind is a pattern."""
        if self.is_partial and self.parameters > 0 and written <= self.parameters + 1:
            return min(self.parameters, written)
        return max(0, written - 1)


@dataclass(slots=True)
class TypeEntity:
    """A type of any kind. Abbreviations are expanded by inference."""

    symbol: str
    name: str
    arity: int
    # record, union, class, struct, interface, enum, exception, delegate, builtin, abbreviation,
    # measure
    kind: str
    span: Span
    cases: list[CaseEntity] = field(default_factory=list[CaseEntity])
    fields: list[FieldEntity] = field(default_factory=list[FieldEntity])
    requires_qualified: bool = False
    access: str = "public"
    private_to: str = ""
    abbreviated: str | None = (
        None  # symbol of the named type that an abbreviation stands for, when it is one
    )
    auto_open: bool = False  # its static members are visible where it is


@dataclass(slots=True)
class ModuleEntity:
    """A module or namespace (fragments of one namespace are merged)."""

    symbol: str
    name: str
    is_namespace: bool
    span: Span | None = None
    modules: dict[str, ModuleEntity] = field(default_factory=dict[str, "ModuleEntity"])
    types: dict[str, dict[int, TypeEntity]] = field(
        default_factory=dict[str, dict[int, TypeEntity]]
    )
    values: dict[str, ValueEntity] = field(default_factory=dict[str, ValueEntity])
    cases: dict[str, CaseEntity | ExceptionEntity | ActivePatternEntity] = field(
        default_factory=dict[str, CaseEntity | ExceptionEntity | ActivePatternEntity]
    )
    fields: dict[str, list[FieldEntity]] = field(default_factory=dict[str, list[FieldEntity]])
    has_extensions: bool = False
    auto_open: bool = False
    requires_qualified: bool = False
    shadows_nothing: bool = False  # opening it hides no name that is visible already
    access: str = "public"
    private_to: str = ""

    def named_case(self, name: str) -> CaseEntity | ExceptionEntity | ActivePatternEntity | None:
        """What `Module.Name` means in a pattern: a union's case before an active pattern's."""
        case = self.cases.get(name)
        return (case.behind or case) if isinstance(case, ActivePatternEntity) else case

    def add_case(self, name: str, case: CaseEntity | ExceptionEntity) -> None:
        """A case of a union or exception; an active pattern of this name stays in front of it."""
        earlier = self.cases.get(name)
        if isinstance(earlier, ActivePatternEntity):
            earlier.behind = case
        else:
            self.cases[name] = case


# Resolutions: written into the `resolution` slot of tree nodes ------------------------------------


@dataclass(slots=True, eq=False)
class LocalBinder:
    """Where a local name is bound; compared by identity. Both sides of an or-pattern share one
    binder.
    """

    id: int  # unique within the file
    name: str
    span: Span
    is_mutable: bool = False
    uses: int = 0
    access: Access | None = None  # of this name alone, in a module's pattern
    parameters: int = 0  # of a recogniser, see `ActivePatternEntity`


@dataclass(slots=True)
class LocalResolution:
    """`parts` = 1. In a pattern: this name binds `binder`."""

    binder: LocalBinder
    parts: int = 1


@dataclass(slots=True)
class ValueResolution:
    entity: ValueEntity
    parts: int


@dataclass(slots=True)
class CaseResolution:
    """A union case as constructor or pattern."""

    entity: CaseEntity
    parts: int


@dataclass(slots=True)
class ExceptionResolution:
    entity: ExceptionEntity
    parts: int


@dataclass(slots=True)
class ActivePatternResolution:
    """In patterns; in expressions only inside the recogniser, where the name makes its result (a
    case of Choice, or Some).
    """

    entity: ActivePatternEntity
    parts: int


@dataclass(slots=True)
class TypeResolution:
    """A type, as constructor (`T(args)`), for static members (`T.M`), or in a type expression.
    `candidates`: by generic arity.
    In a type expression names has already chosen by arity: exactly one candidate.
    `shadowed`: earlier types of the same name, the latest first, which may have what these lack."""

    candidates: dict[int, TypeEntity]
    parts: int
    shadowed: tuple[TypeEntity, ...] = ()


@dataclass(slots=True)
class FieldResolution:
    """A field name in a record expression or pattern: all records in scope that have it, latest
    first (or just the qualified one).
    """

    candidates: list[FieldEntity]
    parts: int


@dataclass(slots=True)
class OperatorResolution:
    """An operator that nothing in scope defines: a static member of an operand's type."""

    name: str
    operands: int
    parts: int = 1


@dataclass(slots=True)
class OpenedTypeResolution:
    """A name that nothing else has: a static member of an open type, perhaps; latest first."""

    types: list[TypeEntity]
    name: str
    parts: int = 1


@dataclass(slots=True)
class UnresolvedName:
    """Already reported; whoever meets it stays silent."""

    parts: int


Opened = dict[str, tuple[int, int]]
"""The modules and types that are open, by symbol: where each was opened last, and after how many
others."""

Resolution = (
    LocalResolution
    | ValueResolution
    | CaseResolution
    | ExceptionResolution
    | ActivePatternResolution
    | TypeResolution
    | FieldResolution
    | OperatorResolution
    | OpenedTypeResolution
    | UnresolvedName
)
