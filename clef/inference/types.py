"""Types as inference and all later front-end stages see them.

Every type constructor is named by its symbol (`System.Int32`,
"Microsoft.FSharp.Collections.List`1"), so that types can be pickled
and compared across files. Inference variables exist only while a definition is being checked: a
finished typed tree contains none.
A numeric type without arguments is dimensionless: `float` is `NamedType("System.Double", ())`,
`float<m>` has one `Measure` argument;
`float<1>` is always written without arguments.
"""

from __future__ import annotations

from fractions import Fraction

from clef.data_classes import dataclass, field
from clef.source import Span


@dataclass(slots=True, eq=False)
class TypeParameter:
    """A quantified variable of a definition. `id` is unique within one source file; comparison is
    by `(path, id)`.
    """

    id: int
    name: str  # as written, without quote; inferred ones get 'a, 'b … at generalisation
    path: str
    is_measure: bool = False
    is_static: bool = False  # ^T: statically resolved
    constraints: list[Constraint] = field(default_factory=list["Constraint"])
    is_open: bool = (
        False  # inferred or implicit: uses may still add constraints while it is checked
    )
    # `equality`, `comparison`: the type has it only if this argument has it
    conditions: frozenset[str] = frozenset()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, TypeParameter) and self.id == other.id and self.path == other.path

    def __hash__(self) -> int:
        return hash((self.id, self.path))


@dataclass(slots=True, frozen=True)
class NamedType:
    """A type constructor with all its arguments; arrays are "System.Array`1" (rank 1),
    "System.Array2`1" (`[,]`), …
    """

    symbol: str
    arguments: tuple[Type, ...] = ()


@dataclass(slots=True, frozen=True)
class FunctionType:
    """`parameter -> result`."""

    parameter: Type
    result: Type


@dataclass(slots=True, frozen=True)
class TupleType:
    """`a * b` or `struct (a * b)`; two items or more."""

    items: tuple[Type, ...]
    is_struct: bool = False


@dataclass(slots=True, frozen=True)
class AnonymousRecordType:
    """`{| A: int; B: string |}`; names are sorted, as in F#."""

    names: tuple[str, ...]
    types: tuple[Type, ...]
    is_struct: bool = False


@dataclass(slots=True, frozen=True)
class ParameterType:
    """A reference to a quantified type parameter that is in scope."""

    parameter: TypeParameter


@dataclass(slots=True, frozen=True)
class Measure:
    """A product of powers: a normalised unit of measure. Atoms are base-unit symbols, parameters or
    inference variables.

    `factors` holds no zero exponent and each atom once; `Measure(())` is dimensionless. The group
    is Abelian (Kennedy 1996).
    """

    factors: tuple[tuple[str | TypeParameter | TypeVariable, Fraction], ...] = ()


@dataclass(slots=True, eq=False)
class TypeVariable:
    """An inference variable; compared by identity. `link` is set once when it is solved."""

    id: int
    level: int
    span: Span | None
    is_measure: bool = False
    is_static: bool = False
    name: str | None = None
    link: Type | None = None
    constraints: list[Constraint] = field(default_factory=list["Constraint"])
    waiting: list[PendingTrait] | None = None  # member constraints to try again once it is solved


Type = (
    NamedType
    | FunctionType
    | TupleType
    | AnonymousRecordType
    | ParameterType
    | Measure
    | TypeVariable
)


@dataclass(slots=True, frozen=True)
class MemberSignature:
    """What a member constraint asks for: `(static member (+) : ^T * ^U -> ^V)`."""

    name: str  # compiled name: op_Addition, get_Length, Parse
    is_static: bool
    parameters: tuple[Type, ...]  # without the object
    result: Type


@dataclass(slots=True, frozen=True)
class Constraint:
    """A condition on a type parameter or variable.

    kind: equality, comparison, struct, not_struct, null, default_constructor, enum, delegate,
    unmanaged, subtype, member, default.
    `type`: the supertype (subtype), the underlying type (enum) or the default (default). `member`
    and `supports`: for member constraints.
    """

    kind: str
    type: Type | None = None
    member: MemberSignature | None = None
    supports: tuple[Type, ...] = ()


@dataclass(slots=True, eq=False)
class PendingTrait:
    """A member constraint over inference variables that is not solved yet."""

    member: MemberSignature
    supports: tuple[Type, ...]
    span: Span
    level: int
    is_solved: bool = False
    generation: int = 0  # how many constraints brought each other before this one


@dataclass(slots=True)
class Scheme:
    """A type quantified over parameters."""

    parameters: tuple[TypeParameter, ...]
    type: Type


CONSTRUCTOR = ".ctor"
"""The compiled name of constructors, also of those that a constraint asks for."""

# A type that was reported already: it agrees with everything, so that one cause gives one message.
ERROR = NamedType("?")
NO_MEASURE = Measure(())


def tuple_position(type: TupleType, name: str) -> int | None:
    """`Item1` is the first part of a tuple."""
    number = name.removeprefix("Item")
    if name.startswith("Item") and number.isdecimal() and 1 <= int(number) <= len(type.items):
        return int(number) - 1
    return None
