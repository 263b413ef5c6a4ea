"""The state of checking one file.

Comes in: the signatures of earlier files. Goes out: a `Checker` that every function of inference
takes as its first
argument. Promises: nothing here outlives the file; look-ups see the file's own declarations before
earlier files'.
"""

from __future__ import annotations

from collections.abc import Callable

from clef.data_classes import dataclass, field
from clef.diagnostics.diagnostic import Diagnostic
from clef.inference import typed_tree as typed
from clef.inference.signatures import (
    FileSignatures,
    MemberSignature,
    Signatures,
    TypeSignature,
    ValueSignature,
)
from clef.inference.types import (
    Constraint,
    NamedType,
    PendingTrait,
    Scheme,
    Type,
    TypeParameter,
    TypeVariable,
)
from clef.names.entities import Opened, Resolution, ValueEntity
from clef.source import Span
from clef.syntax.node import Node


@dataclass(slots=True, frozen=True)
class Reason:
    """Why a type was expected: a sentence and the place it speaks of."""

    text: str
    span: Span | None = None


@dataclass(slots=True)
class EarlyUse:
    """A use of a generic type's member before its body is checked (`early_uses.py`).

    `mapping` says what stands for the owner's parameters and for those that the member wrote;
    `copies` are the member's open variables, each with what stands for it in the use."""

    span: Span
    mapping: dict[int, Type]
    copies: list[tuple[TypeVariable, TypeVariable]]
    call: typed.MethodCall | typed.VirtualCall | None = None


@dataclass(slots=True)
class LocalEntry:
    """What a local name is: its typed local and, if it was generalised, its scheme."""

    local: typed.Local
    scheme: Scheme | None = None
    arity: int = 0
    # A class-level name that lives in the object, or in a static field or method of the class.
    member: ClassLocal | None = None
    argument_count: int = 0
    recursive: RecursiveUse | None = None
    literal: object | None = None
    is_byref: bool = False
    exists: typed.Local | None = None  # `this` of a constructor: whether there is an object yet


@dataclass(slots=True)
class ClassLocal:
    """A `let` or constructor parameter of a class that became a field or a method."""

    owner: NamedType
    name: str
    kind: str  # field, static_field, method, static_method
    symbol: str
    initial: typed.Local | None = None  # what the constructor knows an immutable field by


@dataclass(slots=True)
class RecursiveUse:
    """Notes uses of a binding before it is generalised, to instantiate them afterwards."""

    uses: list[typed.Expression] = field(default_factory=list[typed.Expression])
    is_generalised: bool = False


@dataclass(slots=True)
class BlockContext:
    """The enclosing comprehension: where `yield` goes."""

    kind: str  # seq, list, array
    element: Type
    is_implicit: bool


@dataclass(slots=True)
class ClassContext:
    """The type whose members are being checked."""

    signature: TypeSignature
    self_local: typed.Local | None = None
    in_constructor: bool = False  # the constructor's own variables can be used


@dataclass(slots=True)
class Undo:
    """What to put back when a trial unification is abandoned."""

    variable: TypeVariable
    link: Type | None
    level: int
    constraints: list[Constraint]
    waiting: list[PendingTrait] | None
    is_static: bool


@dataclass(slots=True)
class Checker:
    """All mutable state of checking one file."""

    path: str
    signatures: Signatures
    own: FileSignatures
    own_values: dict[str, ValueSignature]
    own_types: dict[str, TypeSignature]
    file: typed.TypedFile
    diagnostics: list[Diagnostic] = field(default_factory=list[Diagnostic])
    reported: set[tuple[str, Span]] = field(default_factory=set[tuple[str, Span]])
    level: int = 0
    next_id: int = 0
    locals: dict[object, LocalEntry] = field(default_factory=dict[object, LocalEntry])
    type_scope: dict[str, Type] = field(default_factory=dict[str, Type])
    implicit_types: dict[str, Type] | None = None  # 'a that a binding may introduce by itself
    trail: list[Undo] | None = None
    woken: list[PendingTrait] = field(default_factory=list[PendingTrait])
    pending: list[PendingTrait] = field(default_factory=list[PendingTrait])
    failures: int = 0  # constraint failures seen while a trail is kept
    block: BlockContext | None = None
    cls: ClassContext | None = None
    # Types defined here whose constructors do not say the types of their parameters.
    loose_constructors: set[str] = field(default_factory=set[str])
    # The unfinished bindings that were used, in order; see `use_recursively`.
    recursive_uses: list[RecursiveUse] = field(default_factory=list["RecursiveUse"])
    recursive_values: dict[str, RecursiveUse] = field(default_factory=dict[str, RecursiveUse])
    module: str = ""
    hidden_modules: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    symbols: frozenset[str] = frozenset()  # what `#if` knows
    namespace: str = ""  # the part of `module` that is no module
    promises_no_heap: bool = False  # the module is marked `[<NoHeap>]`, so all in it is
    opened: Opened | None = None
    has_references: bool = False  # `&place` in the file, or a type that may hold references
    functions: int = 0  # how many functions are around what is being checked
    base_depth: int = 0  # the same, of the member in which `base` is known
    handlers: list[int] = field(default_factory=list[int])  # the same, of each `with` around it
    depths: dict[int, int] = field(default_factory=dict[int, int])  # the same, of each local
    deferred: list[Callable[[], None]] = field(default_factory=list[Callable[[], None]])
    equality_cache: dict[str, bool] = field(default_factory=dict[str, bool])
    conditions: dict[str, frozenset[TypeParameter]] = field(
        default_factory=dict[str, frozenset[TypeParameter]]
    )
    measure_checks: list[Span] = field(default_factory=list[Span])
    accessor_parameter: typed.Local | None = None
    in_inline: bool = False
    pinned: Node | None = None  # what the `use` that is being checked may pin
    held: list[typed.LocalBinding] = field(default_factory=list[typed.LocalBinding])  # by that
    table: dict[Node, Resolution] = field(default_factory=dict[Node, Resolution])
    promoted: dict[int, ValueEntity] = field(default_factory=dict[int, ValueEntity])
    in_rule: bool = False
    object_base: tuple[typed.Local, NamedType] | None = None  # `this`, and what `base` is of it
    caller: str | None = None  # the binding or member around, for `[<CallerMemberName>]`
    constructing: NamedType | None = None  # inside `new(…) = { … }` of this type
    defaulted: list[tuple[TypeVariable, Type]] = field(
        default_factory=list[tuple[TypeVariable, Type]]
    )
    missing: set[str] = field(default_factory=set[str])
    builder_depth: int = 0
    generated: int = 0
    defer_constraints: bool = False
    named_variables: list[tuple[TypeVariable, Span]] = field(
        default_factory=list[tuple[TypeVariable, Span]]
    )
    # Types that were written as abbreviations, by identity, with what these were given.
    expanded: dict[int, tuple[Type, tuple[Type, ...]]] = field(
        default_factory=dict[int, tuple[Type, tuple[Type, ...]]]
    )
    type_symbols: dict[Node, str] = field(default_factory=dict[Node, str])
    open_abbreviations: dict[str, Callable[[], None]] = field(
        default_factory=dict[str, Callable[[], None]]
    )
    expanding: set[str] = field(default_factory=set[str])
    member_uses: dict[str, list[typed.MethodCall | typed.VirtualCall]] = field(
        default_factory=dict[str, list[typed.MethodCall | typed.VirtualCall]]
    )
    # Members that met constraints, such as operators, before they were generic, in order.
    constraint_uses: list[str] = field(default_factory=list[str])
    early_uses: dict[str, list[EarlyUse]] = field(default_factory=dict[str, list[EarlyUse]])
    # Values whose types must be decided: name, its place, type, place of the whole definition.
    restricted: list[tuple[str, Span, Type, Span]] = field(
        default_factory=list[tuple[str, Span, Type, Span]]
    )
    # Values that share variables with what is checked later, with their places.
    kept_open: list[tuple[Scheme, Span]] = field(default_factory=list[tuple[Scheme, Span]])
    enumerated: list[tuple[TypeVariable, NamedType]] = field(
        default_factory=list[tuple[TypeVariable, NamedType]]
    )
    trait_generation: int = 0  # of the constraints that the one being solved brings
    trait_depth: int = 0  # member constraints that are being solved, one for the other
    trait_work: int = 0  # how many there were for the outermost one
    # Types and what none of them inherits from, neither of this file (`as_instance`).
    unrelated: set[tuple[str, str]] = field(default_factory=set[tuple[str, str]])
    used_symbols: dict[str, int] = field(default_factory=dict[str, int])
    rigid: dict[int, int] = field(default_factory=dict[int, int])  # see `rigid_parameters`
    escaped: set[int] = field(default_factory=set[int])
    implementing: dict[str, MemberSignature] = field(default_factory=dict[str, MemberSignature])

    def report(self, diagnostic: Diagnostic) -> None:
        """Keep a finding, unless a trial is being made."""
        if self.trail is None:
            key = (diagnostic.code, diagnostic.span)
            if key not in self.reported:
                self.reported.add(key)
                self.diagnostics.append(diagnostic)
        else:
            self.failures += 1

    def fresh(self, span: Span | None = None) -> TypeVariable:
        """A new inference variable at the current level."""
        self.next_id += 1
        return TypeVariable(self.next_id, self.level, span)

    def fresh_measure(self, span: Span | None = None) -> TypeVariable:
        """A new inference variable for a unit of measure."""
        self.next_id += 1
        return TypeVariable(self.next_id, self.level, span, is_measure=True)

    def parameter(self, name: str, is_measure: bool = False) -> TypeParameter:
        """A new type parameter."""
        self.next_id += 1
        return TypeParameter(self.next_id, name, self.path, is_measure)

    def use_recursively(self, use: RecursiveUse, reference: typed.Expression) -> None:
        """Note a use of a binding whose type is not settled yet."""
        use.uses.append(reference)
        self.recursive_uses.append(use)

    def local(self, name: str, type: Type, span: Span, is_mutable: bool = False) -> typed.Local:
        """A new local variable."""
        self.next_id += 1
        self.depths[self.next_id] = self.functions
        return typed.Local(self.next_id, name, type, span, is_mutable)

    def type_named(self, symbol: str) -> TypeSignature | None:
        """The signature of a type, if it is known."""
        found = self.own_types.get(symbol)
        return found if found is not None else self.signatures.types.get(symbol)

    def value_named(self, symbol: str) -> ValueSignature | None:
        """The signature of a module-level value, if it is known."""
        found = self.own_values.get(symbol)
        return found if found is not None else self.signatures.values.get(symbol)

    def extensions_of(self, symbol: str) -> list[MemberSignature]:
        """All extension members of a type, the latest first."""
        own = self.own.extensions.get(symbol)
        earlier = self.signatures.extensions.get(symbol)
        if own is None:
            return earlier or []
        return [*reversed(own), *(earlier or [])]
