"""The memory plan: one layout for every type, one number for every kind of cell, and the ownership
operations of every function.

Comes in: nothing; these are the shapes. Goes out: `Plan`. Promises: emission needs nothing else to
manage memory. A value is a list of *words*, each of one machine type; a word is *counted* when it
is a reference (or null) that its owner must give up once.
"""

from __future__ import annotations

from clef.data_classes import dataclass, field
from clef.typed_core.core import Label, Local, MonoType

POINTER = "!llvm.ptr"
HEADER_SIZE = 8
"""Bytes before the fields of every cell: reference count and kind, 32 bits each."""
ARRAY_START = 16
"""Offset of an array's elements and of a string's bytes. Array: length (32 bits) at 8. String:
bytes at 8, UTF-16 units at 12.
"""
CODE_OFFSET = 8
"""Offset of a closure's code pointer; its captures follow."""
ENVIRONMENT = -1
"""The id that stands for the closure's own cell in the ownership tables of its code."""


@dataclass(frozen=True, slots=True)
class TargetFacts:
    """What the plan must know about a machine. Register numbers are for guaranteed tail calls.

    `is_uniform`: only calls between functions of one signature can be guaranteed (WebAssembly); all
    functions that take part then have that of `UNIFORM_PARAMETERS` and give an i64.
    `pairs`: an i64 takes two registers for whole numbers, the first with an even number.
    """

    pointer_bytes: int = 8
    integer_registers: int = 5
    float_registers: int = 8
    result_registers: int = 2
    is_uniform: bool = False
    pairs: bool = False


@dataclass(frozen=True, slots=True)
class Word:
    """One machine word of a value: `type` is i1, i8, i16, i32, i64, f32, f64 or a pointer. `leaf`:
    the reference can only be null or to a cell of so many bytes that holds no references.
    `traced`: it may lead to a cell that can be part of a circle.
    """

    type: str
    counted: bool = False
    leaf: int = 0
    traced: bool = False


UNIFORM_PARAMETERS = ("i32", "i32", "i32", "i32", "i64", "i64", "f64", "f64")
UNIFORM_RESULT = "i64"


def uniform_type(word: Word) -> str:
    """The type as which a word travels in a uniform signature."""
    return word.type if word.type in ("i64", "f64") else "i32"


@dataclass(frozen=True, slots=True)
class MemoryShape:
    """Where words lie in memory, relative to the start of the value."""

    offsets: tuple[int, ...]
    size: int
    alignment: int


@dataclass(frozen=True, slots=True)
class Cell:
    """A heap cell with a fixed shape: offsets of all fields' words (one tuple a field), from the
    start of the cell.
    """

    kind: int
    size: int
    fields: tuple[tuple[int, ...], ...]


@dataclass(slots=True, eq=False)
class Layout:
    """How values of a type look.

    form: "unit" (no words), "scalar" (one word), "pointer" (one uncounted address), "counted" (one
    reference to a cell), "aggregate" (the fields' words side by side), "variant" (an unboxed union:
    after the tag words that the cases share where they can; those that a case lacks are zero),
    "enumeration" (a union without fields: its case index), "nullable" (a union of one empty case,
    which is null, and one case whose only word is a reference that is never null). `fields`: for
    each case (one for what is no union) for each field the first word and the number of words. Of
    boxed types: `cells` by case; `null_case` is the case that is the null reference, or -1; a
    missing cell of a case without fields is a static cell.
    """

    type: MonoType
    form: str
    words: tuple[Word, ...]
    memory: MemoryShape
    fields: tuple[tuple[tuple[int, int], ...], ...] = ()
    field_types: tuple[tuple[MonoType, ...], ...] = ()
    is_signed: bool = False
    has_tag: bool = False
    null_case: int = -1
    cells: dict[int, Cell] = field(default_factory=dict[int, Cell])
    kind: int = 0  # of arrays and strings
    box: Cell | None = None
    element: MonoType | None = None
    is_counted: bool = False  # whether a value holds any reference

    def __post_init__(self) -> None:
        self.is_counted = any(word.counted for word in self.words)


@dataclass(frozen=True, slots=True)
class Kind:
    """What `release` must know about a cell of this kind. form: "cell", "string", "array".
    `leading`: those of `counted` that may lead to cells which can be in circles. `traced`: the same
    for kinds whose own cells can be in one, nothing for others.
    """

    number: int
    name: str
    form: str
    size: int  # of the cell, or of an array's element
    counted: tuple[int, ...]  # offsets of references in the cell, or in an array's element
    arity: int = 0  # of a function value
    leading: tuple[int, ...] = ()
    traced: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Partial:
    """The cell of a function value of `type` and arity `arity` that has got its first `count`
    arguments.
    """

    type: MonoType
    count: int
    arity: int
    cell: Cell


@dataclass(frozen=True, slots=True)
class Closure:
    """A function used as a value: the cell is static when `captures` is 0 words."""

    function: str
    arity: int
    cell: Cell
    is_static: bool
    in_environment: bool  # the code takes its captures out of the cell, and there is no other code


@dataclass(frozen=True, slots=True)
class Signature:
    """How a function is called: words in registers, words through the argument area; the same for
    results. `is_bound`: nothing travels on the stack, so that tail calls can be guaranteed.
    """

    parameters: tuple[Word, ...]
    spilled: tuple[Word, ...]
    results: tuple[Word, ...]
    spilled_results: tuple[Word, ...]
    is_uniform: bool = False
    is_bound: bool = False


@dataclass(frozen=True, slots=True)
class Take:
    """The end of a value whose fields live on: its fields `moved` (index, local) now belong to
    those locals. `holder`: what owned the value, the local itself or a value around it that holds
    nothing else.
    """

    local: Local
    holder: Local
    owner: MonoType
    case: int
    moved: tuple[tuple[int, Local], ...]


@dataclass(slots=True)
class FunctionPlan:
    """Ownership in one function. Tables are keyed by node id.

    `duplicate`: uses of variables that count up. `before`: dropped before an expression (starts of
    branches). `between`: dropped after a node's operands are ready and before its operation.
    `after`: dropped after the operation has succeeded. `exceptional`: dropped when it has raised.
    `unused`: Lets whose local is dropped at once. `keep`: projections and the like whose result is
    counted up. `takes`: after these projections, a value comes apart. `borrowed`: ids of locals
    that own nothing. `tail_calls`: nodes that must not grow the stack. `entry`: dropped first of
    all. `tokens`: what holds the block of a cell, or nothing, until it is used again, and of what
    size it is; they are dropped like locals. `gives`: takes that leave their block in a token.
    `reuses`: nodes that make their cell of what a token holds, if it holds any. `fills`: stores
    into places of arrays that hold nothing yet.
    """

    function: str
    signature: Signature
    entry: list[int] = field(default_factory=list[int])
    duplicate: set[int] = field(default_factory=set[int])
    before: dict[int, list[int]] = field(default_factory=dict[int, list[int]])
    between: dict[int, list[int]] = field(default_factory=dict[int, list[int]])
    after: dict[int, list[int]] = field(default_factory=dict[int, list[int]])
    exceptional: dict[int, list[int]] = field(default_factory=dict[int, list[int]])
    raising: set[int] = field(default_factory=set[int])
    unused: set[int] = field(default_factory=set[int])
    keep: set[int] = field(default_factory=set[int])
    takes: dict[int, Take] = field(default_factory=dict[int, Take])
    borrowed: set[int] = field(default_factory=set[int])
    roots: dict[int, tuple[int, ...]] = field(default_factory=dict[int, tuple[int, ...]])
    tail_calls: set[int] = field(default_factory=set[int])
    tokens: dict[int, int] = field(default_factory=dict[int, int])
    gives: dict[int, int] = field(default_factory=dict[int, int])
    reuses: dict[int, int] = field(default_factory=dict[int, int])
    fills: set[int] = field(default_factory=set[int])
    locals: dict[int, Local] = field(default_factory=dict[int, Local])
    borrowed_parameters: frozenset[int] = frozenset()
    in_environment: bool = False


@dataclass(slots=True)
class Plan:
    """The whole program's plan; its only writer is this stage. `has_heaps`: parts of the program
    have heaps of their own. `pool_bytes`: all memory that there is for heaps, if it is fixed.
    `borrowed_by`: the parameters of join points that are borrowed; `dispatchers_borrow`: those of
    dispatchers.
    """

    facts: TargetFacts
    has_heaps: bool = False
    pool_bytes: int | None = None
    layouts: dict[MonoType, Layout] = field(default_factory=dict[MonoType, Layout])
    kinds: dict[int, Kind] = field(default_factory=dict[int, Kind])
    functions: dict[str, FunctionPlan] = field(default_factory=dict[str, FunctionPlan])
    closures: dict[str, Closure] = field(default_factory=dict[str, Closure])
    partials: dict[tuple[MonoType, int, int], Partial] = field(
        default_factory=dict[tuple[MonoType, int, int], Partial]
    )
    arities: dict[MonoType, set[int]] = field(default_factory=dict[MonoType, set[int]])
    arity_ranges: dict[int, tuple[int, int]] = field(default_factory=dict[int, tuple[int, int]])
    raising_closure_calls: set[tuple[MonoType, int]] = field(
        default_factory=set[tuple[MonoType, int]]
    )
    dispatcher_signatures: dict[str, Signature] = field(default_factory=dict[str, Signature])
    kinds_of: dict[MonoType, tuple[int, ...]] = field(
        default_factory=dict[MonoType, tuple[int, ...]]
    )
    subtypes: dict[MonoType, tuple[MonoType, ...]] = field(
        default_factory=dict[MonoType, tuple[MonoType, ...]]
    )
    argument_area: tuple[int, int] = (0, 0)  # integer and float words
    result_area: tuple[int, int] = (0, 0)
    dispatchers_borrow: dict[str, frozenset[int]] = field(default_factory=dict[str, frozenset[int]])
    borrowed_by: dict[Label, frozenset[int]] = field(default_factory=dict[Label, frozenset[int]])
    circular: list[MonoType] = field(default_factory=list[MonoType])  # whose cells can form circles
    is_open: bool = False  # further programs will run on the cells of this one
