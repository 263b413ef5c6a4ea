"""What the locals of a function stand for while it is lowered.

Comes in: nothing; these are the shapes. Goes out: a `Binding` for each local: an operand, a cell, a
field of a machine, a known function, a sequence that is not made. Promises: what a local stands for
is decided where it is bound.
"""

from __future__ import annotations

from collections.abc import Callable

from clef.data_classes import dataclass, field
from clef.inference import typed_tree as t
from clef.source import Span
from clef.typed_core import core
from clef.typed_core.analysis import Analysis
from clef.typed_core.builder import Block
from clef.typed_core.core import Atom, Label, Local, MonoType
from clef.typed_core.monomorphic import TypeEnvironment


@dataclass(slots=True)
class CellBinding:
    """A mutable local that closures share: `local` holds the cell."""

    local: Local
    content: MonoType


@dataclass(slots=True)
class FieldBinding:
    """A local of a resumable function: it lives in a field of the machine `self`. `cell`: the field
    holds a cell."""

    self: Local
    index: int
    stored: MonoType
    content: MonoType
    is_cell: bool
    is_late: bool = False  # the cell is that of a LateBinding


@dataclass(slots=True, eq=False)
class LateBinding:
    """A value of a `let rec` that others speak of before it is computed: a cell with an option."""

    local: Local
    content: MonoType


@dataclass(slots=True, eq=False)
class LocalFunction:
    """A `let` function of an expression: known at its calls, lifted to a function of its own with
    its captures in front.

    `captures` are the locals it needs as operands; `scope` is what every other free name stands for
    inside it.
    """

    binding: t.LocalBinding
    parameters: list[t.Pattern]
    body: t.Expression
    environment: TypeEnvironment
    analysis: Analysis
    prefix: str
    captures: list[t.Local] = field(default_factory=list[t.Local])
    scope: dict[t.Local, Binding] = field(default_factory=dict[t.Local, "Binding"])
    instances: dict[tuple[MonoType, ...], LocalInstance] = field(
        default_factory=dict[tuple[MonoType, ...], "LocalInstance"]
    )


@dataclass(slots=True)
class LocalInstance:
    """A local function at concrete types."""

    name: str
    function: LocalFunction
    environment: TypeEnvironment
    parameters: list[MonoType]
    result: MonoType


Test = Callable[[Block], Atom]
"""Code that finds out whether something is so."""


@dataclass(frozen=True, slots=True)
class Scope:
    """All that decides what an expression means where it stands."""

    environment: dict[t.Local, Binding]
    types: TypeEnvironment
    analysis: Analysis
    inlining: list[str]
    sinks: list[Callable[[t.Expression, Block], None]]
    going: Test | None
    handled: list[Local]
    changing: t.Local | None
    span: Span | None


@dataclass(frozen=True, slots=True)
class Flow:
    """A sequence that is not made, because it is only walked through: the body of the sequence
    expression, whose `yield` will do what is done with an element."""

    body: t.Expression
    scope: Scope


@dataclass(frozen=True, slots=True)
class Narrow:
    """A list, array or text in the place of a sequence, because it is only walked through."""

    atom: Atom


Walked = Flow | Narrow


Binding = Local | core.Literal | CellBinding | LateBinding | FieldBinding | LocalFunction | Walked


@dataclass(slots=True)
class SelfCall:
    """What a tail call of the function to itself jumps to. `used` once it did."""

    name: str
    label: Label
    parameters: list[Local]
    skip: int = 0  # leading arguments (captures) that never change
    used: bool = False


@dataclass(slots=True)
class Captures:
    """What a closure takes along: operands by local, and what its other free names stand for."""

    locals: list[t.Local]
    scope: dict[t.Local, Binding]


def held_type(binding: Binding) -> MonoType:
    """The type of the operand that stands for a captured local."""
    match binding:
        case Local():
            return binding.type
        case CellBinding() | LateBinding():
            return binding.local.type
        case FieldBinding():
            return binding.stored
        case _:
            raise TypeError("no operand")


def received(outer: Binding, parameter: Local) -> Binding:
    """What a captured local is inside the closure that received its operand in `parameter`."""
    match outer:
        case CellBinding():
            return CellBinding(parameter, outer.content)
        case LateBinding():
            return LateBinding(parameter, outer.content)
        case FieldBinding() if outer.is_late:
            return LateBinding(parameter, outer.content)
        case FieldBinding() if outer.is_cell:
            return CellBinding(parameter, outer.content)
        case _:
            return parameter
