"""The core language: monomorphic, in A-normal form, about twenty kinds of nodes.

Comes in: nothing; these are the shapes. What holds for every core program (checked by
`typed_core/checker.py`):
operands are atoms (`Variable` or `Literal`), so evaluation order is the order of `Let`s; every
local is bound once in its
function; functions have no free locals (closures carry captures); every `Variable` node is one use,
with an id of its own, so that
side tables (coeffects, memory plan) can speak about single uses. All types are interned
`MonoType`s, compared by identity.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from clef.data_classes import dataclass, field
from clef.source import Span

# Types --------------------------------------------------------------------------------------------


_LONGEST_TEXT = 1000


@dataclass(slots=True, eq=False)
class MonoType:
    """A closed type without measures. Interned: equal types are the same object.

    form: "named" (symbol + arguments), "function" (arguments = (parameter, result)), "tuple",
    "struct_tuple",
    "anonymous" / "struct_anonymous" (symbol = comma-joined field names), "byref" (one argument).
    """

    id: int
    form: str
    symbol: str
    arguments: tuple[MonoType, ...]
    size: int = 1  # how many types its text has

    def field_names(self) -> list[str]:
        """The fields of an anonymous record, which may have none."""
        return self.symbol.split(",") if self.symbol else []

    def __str__(self) -> str:
        if self.size > _LONGEST_TEXT:  # shared parts make texts of exponential length
            return f"{self.symbol or self.form}#{self.id}"
        inner = ", ".join(map(str, self.arguments))
        if self.form == "named":
            return f"{self.symbol}<{inner}>" if inner else self.symbol
        return f"{self.form}({self.symbol + ': ' if self.symbol else ''}{inner})"


@dataclass(slots=True)
class TypeTable:
    """The interner of one compilation."""

    types: dict[tuple[object, ...], MonoType] = field(
        default_factory=dict[tuple[object, ...], MonoType]
    )

    def make(self, form: str, symbol: str = "", arguments: tuple[MonoType, ...] = ()) -> MonoType:
        """The one `MonoType` with these parts."""
        key = (form, symbol, *[argument.id for argument in arguments])
        found = self.types.get(key)
        if found is None:
            size = 1 + sum(argument.size for argument in arguments)
            found = self.types[key] = MonoType(len(self.types), form, symbol, arguments, size)
        return found

    def named(self, symbol: str, *arguments: MonoType) -> MonoType:
        return self.make("named", symbol, arguments)


@dataclass(slots=True)
class Field:
    """A field of a record, case, class, exception or closure. `is_zeroed`: it can be read before
    anything sets it."""

    name: str
    type: MonoType
    is_mutable: bool = False
    is_zeroed: bool = False


@dataclass(slots=True)
class Case:
    """A union case."""

    name: str
    fields: list[Field]


@dataclass(frozen=True, slots=True)
class Placement:
    """What `[<Memory>]`, `[<Align>]` and `[<CacheLineAligned>]` ask for. `place` as written, or
    nothing; `alignment` in bytes, 0 where none is asked for.
    """

    place: str
    alignment: int
    span: Span


@dataclass(slots=True)
class TypeShape:
    """What a type is made of; one for each `MonoType` that the program reaches.

    kind: "builtin" (`builtin` names the representation: int8 … uint64, nativeint, unativeint,
    float32, float64, bool, char, unit, string, decimal,
    bigint, object, array (element = arguments[0]; rank in `rank`), pointer, void…), "record",
    "union", "class" (fields include inherited ones first;
    `ancestors` lists base classes and all interfaces), "interface", "enum" (underlying in
    `element`), "exception" (a class), "tuple", "function", "byref".
    Byrefs are the named type "$ByRef", a union (Cell, Element, Accessors) like any other; "$Cell"
    records hold captured mutable locals.
    `is_value`: struct semantics demanded by the program (not a placement decision).
    `may_be_null`: a null of this reference type can come to be.
    """

    type: MonoType
    kind: str
    builtin: str = ""
    fields: list[Field] = field(default_factory=list[Field])
    cases: list[Case] = field(default_factory=list[Case])
    element: MonoType | None = None
    rank: int = 1
    is_value: bool = False
    ancestors: list[MonoType] = field(default_factory=list[MonoType])
    display_name: str = ""
    may_be_null: bool = False
    placement: Placement | None = None


# Locals and atoms ---------------------------------------------------------------------------------


@dataclass(slots=True, eq=False)
class Local:
    """A local; compared by identity. `is_mutable`: a stack slot that `Assign` writes (never
    captured by closures).
    """

    id: int  # unique within its function
    name: str  # as the user wrote it; "" for temporaries
    type: MonoType
    is_mutable: bool = False


@dataclass(slots=True, eq=False)
class Node:
    """Base: `id` is unique within the function; side tables use it. `span` is None for derived
    code.
    """

    id: int
    type: MonoType
    span: Span | None


@dataclass(slots=True, eq=False)
class Variable(Node):
    """One use of a local (for a mutable local: reading it)."""

    local: Local


@dataclass(slots=True, eq=False)
class Literal(Node):
    """int (all integers, chars, enums), float, bool, str, bytes (array of byte), Decimal, None
    (unit; or null of a nullable type), Constant (in the last steps).
    """

    value: object


@dataclass(frozen=True, slots=True)
class Constant:
    """A record, union case (`case` ≥ 0) or tuple that never changes: the type of each field, and
    the value of the literal in it."""

    case: int
    fields: tuple[tuple[MonoType, object], ...]


Atom = Variable | Literal


# Expressions --------------------------------------------------------------------------------------


@dataclass(slots=True, eq=False)
class Let(Node):
    """`local = value; body`. A unit or unused local orders effects. `type` is the body's."""

    local: Local
    value: Expression
    body: Expression


@dataclass(slots=True, eq=False)
class Assign(Node):
    """Write a mutable local; unit."""

    local: Local
    value: Atom


@dataclass(slots=True, eq=False)
class GlobalRead(Node):
    """Read a global (static lifetime, initialised before use or zero)."""

    symbol: str


@dataclass(slots=True, eq=False)
class GlobalWrite(Node):
    symbol: str
    value: Atom


@dataclass(slots=True, eq=False)
class Call(Node):
    """A known function with all its arguments. `function` is a key of `Program.functions`,
    `.dispatchers` or `.externals`.
    """

    function: str
    arguments: list[Atom]


@dataclass(slots=True, eq=False)
class CallClosure(Node):
    """An unknown function value with one or more arguments. The cell's arity may differ from the
    count (eval/apply).
    """

    function: Atom
    arguments: list[Atom]


@dataclass(slots=True, eq=False)
class MakeClosure(Node):
    """A function value: `function`'s first parameters are the captures, the others its arity."""

    function: str
    captures: list[Atom]


@dataclass(slots=True, eq=False)
class Primitive(Node):
    """A machine operation, see primitives.py: typing, effects (may raise, reads, writes), and which
    operands it borrows or consumes. `proven`: its checks that cannot fail, by name; "exact" says
    that a sum, difference or product does not wrap.
    """

    operation: str
    type_arguments: tuple[MonoType, ...]
    arguments: list[Atom]
    proven: tuple[str, ...] = ()


@dataclass(slots=True, eq=False)
class Construct(Node):
    """A record, union case (`case` ≥ 0), tuple or exception with all its fields (an exception's
    inherited ones first), or an object of class `type`: zeroed when there are no arguments, else
    with all its fields (classes made by the compiler: object expressions, sequences).
    """

    case: int
    arguments: list[Atom]


@dataclass(slots=True, eq=False)
class Project(Node):
    """Field `index` of `value` seen as case `case` (-1: not a union). `owner` is the type that has
    the field. Borrows `value`.
    """

    value: Atom
    owner: MonoType
    case: int
    index: int


@dataclass(slots=True, eq=False)
class SetField(Node):
    """Mutable field of a record or object, or a hole in a case of a union; unit. Borrows `object`,
    consumes `value`, drops the old value. For struct owners `object` is a byref.
    """

    object: Atom
    owner: MonoType
    index: int
    value: Atom
    case: int = -1


@dataclass(slots=True, eq=False)
class If(Node):
    condition: Atom
    then: Expression
    otherwise: Expression


@dataclass(slots=True, eq=False)
class Switch(Node):
    """Branch on an atom. `on`: "case" (union case index), "integer" (any integral, char or enum
    type), "kind" (keys are indices into `types`: dynamic type of an object; a class key covers its
    subclasses, an interface key its implementers, any other key what was boxed at exactly that
    type; a null scrutinee takes `default`). `default` may be None only when the keys are
    exhaustive."""

    scrutinee: Atom
    on: str
    branches: list[tuple[int, Expression]]
    default: Expression | None
    types: list[MonoType] = field(default_factory=list[MonoType])


@dataclass(slots=True, eq=False)
class Label:
    """A join point's name. `is_rare`: of a loop that is not worth being made faster."""

    id: int
    name: str
    is_rare: bool = False


@dataclass(slots=True, eq=False)
class Join(Node):
    """`label(parameters) = continuation` usable in `body` by `Jump`; recursive ones (loops, self
    tail calls) also in `continuation`.
    Every path of `body` ends in its value (the value of the Join) or a Jump, and so does
    `continuation`."""

    label: Label
    parameters: list[Local]
    continuation: Expression
    body: Expression
    is_loop: bool = False


@dataclass(slots=True, eq=False)
class Jump(Node):
    """Go to an enclosing join point; only in tail position of it (not across TryWith bodies or
    functions). `type` is that of the Join.
    """

    label: Label
    arguments: list[Atom]


@dataclass(slots=True, eq=False)
class Raise(Node):
    """Set the pending exception and leave; consumes the exception. Has any type."""

    exception: Atom


@dataclass(slots=True, eq=False)
class TryWith(Node):
    """Value of `body`, or of `handler` with the exception in `local` when one is pending after a
    node of `body`.
    """

    body: Expression
    local: Local
    handler: Expression


Expression = (
    Variable
    | Literal
    | Let
    | Assign
    | GlobalRead
    | GlobalWrite
    | Call
    | CallClosure
    | MakeClosure
    | Primitive
    | Construct
    | Project
    | SetField
    | If
    | Switch
    | Join
    | Jump
    | Raise
    | TryWith
)


# Program ------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Function:
    """A specialised function. `capture_count` leading parameters are captures when it is used by
    MakeClosure.
    """

    name: str  # unique: the symbol plus an instantiation suffix
    display_name: str  # what debuggers and messages show, e.g. Orders.total<int>
    parameters: list[Local]
    result: MonoType
    body: Expression
    span: Span | None
    capture_count: int = 0
    is_inline: bool = False
    node_count: int = 0  # node ids are 0 .. node_count - 1
    local_count: int = 0


@dataclass(slots=True)
class Dispatcher:
    """A virtual call's function: `parameters[0]` is the object; `targets` maps each reachable
    concrete type to the function to call with the same
    arguments (the object downcast). An object of no listed type cannot occur. Null raises
    NullReferenceException. Targets of classes take the object as that class or a base of it (the
    same reference); targets of boxed values take it as `parameters[0]` and unbox it themselves."""

    name: str
    parameters: list[MonoType]
    result: MonoType
    targets: list[tuple[MonoType, str]]


@dataclass(slots=True)
class External:
    """A C function."""

    name: str
    library: str
    symbol: str
    parameters: list[MonoType]
    result: MonoType


@dataclass(slots=True)
class Global:
    """A module-level value; zero until the initialiser function has run."""

    symbol: str
    type: MonoType
    display_name: str
    is_mutable: bool = False


@dataclass(slots=True)
class Program:
    """The whole program: only what is reached from the entry."""

    types: TypeTable
    shapes: dict[MonoType, TypeShape]
    functions: dict[str, Function]
    dispatchers: dict[str, Dispatcher]
    externals: dict[str, External]
    globals: dict[str, Global]
    # a function: runs the initialisations in order, then main; gives the exit code (int32)
    entry: str
    reasons: dict[str, str] = field(default_factory=dict[str, str])  # reached because of …
    # Where functions and globals come from: the definition and its type arguments.
    instances: dict[str, tuple[str, tuple[MonoType, ...]]] = field(
        default_factory=dict[str, tuple[str, tuple["MonoType", ...]]]
    )
    live: dict[MonoType, None] = field(
        default_factory=dict["MonoType", None]
    )  # dynamic types that objects can have
    # Functions that promise to put nothing on the heap, and where they say so.
    without_heap: dict[str, Span] = field(default_factory=dict[str, "Span"])
    # Functions that stay functions: they are not made a part of their callers.
    apart: set[str] = field(default_factory=set[str])
    # Functions that hardly ever run: what is derived for values whose type is not known.
    seldom: set[str] = field(default_factory=set[str])
    # What is asked for functions and globals.
    placements: dict[str, Placement] = field(default_factory=dict[str, Placement])
    # The functions that the entry calls one after the other before it calls main.
    start_up: list[str] = field(default_factory=list[str])


def children(node: Node) -> Sequence[Expression]:
    """The nested expressions of a node in evaluation order, atoms included."""
    listed = _CHILDREN.get(node.__class__)
    return listed(node) if listed is not None else ()


def _switch_children(node: Switch) -> list[Expression]:
    found: list[Expression] = [node.scrutinee, *(branch for _, branch in node.branches)]
    if node.default is not None:
        found.append(node.default)
    return found


# By class, because half of the time of some passes is spent on asking for children.
_CHILDREN: dict[type, Callable[[Any], Sequence[Expression]]] = {
    Let: lambda node: (node.value, node.body),
    Assign: lambda node: (node.value,),
    GlobalWrite: lambda node: (node.value,),
    Call: lambda node: node.arguments,
    Primitive: lambda node: node.arguments,
    Construct: lambda node: node.arguments,
    CallClosure: lambda node: (node.function, *node.arguments),
    MakeClosure: lambda node: node.captures,
    Project: lambda node: (node.value,),
    SetField: lambda node: (node.object, node.value),
    If: lambda node: (node.condition, node.then, node.otherwise),
    Switch: _switch_children,
    Join: lambda node: (node.continuation, node.body),
    Jump: lambda node: node.arguments,
    Raise: lambda node: (node.exception,),
    TryWith: lambda node: (node.body, node.handler),
}
