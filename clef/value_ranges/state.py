"""The state of reading a function: what its locals stand for, and what was found.

Comes in: nothing; these are the shapes. Promises: a value has one object however often its place in
the function is read; what is found in a round that is not the last is not kept.
"""

from __future__ import annotations

from clef.data_classes import dataclass, field
from clef.typed_core import core
from clef.typed_core.core import Label, Local, MonoType, Program
from clef.typed_core.representations import BITS, INTEGERS, SIGNED
from clef.value_ranges.conditions import Branches, Comparison, IsNull, Negation, Truth
from clef.value_ranges.facts import Facts, Interval, Value

Abstract = Value | int | Comparison | Truth | Negation | IsNull | Branches | None
"""What a local stands for: an integer, a reference or anything else (a `Value`), or a condition."""
NO_NUMBER: Interval = (0, -1)


@dataclass(slots=True)
class State:
    """At a point: what is known, and what the mutable locals hold."""

    facts: Facts
    places: dict[Local, Abstract]

    def fork(self) -> State:
        return State(Facts(self.facts), dict(self.places))


Exit = tuple[State, Abstract]
Way = tuple[State, list[Abstract]]


@dataclass(frozen=True, slots=True)
class Verdict:
    """Of the checks of one node: those that cannot fail, and why others may."""

    proven: tuple[str, ...]
    remaining: tuple[tuple[str, str], ...] = ()


@dataclass(slots=True)
class CallSite:
    """What is known of the arguments of a call."""

    function: str
    facts: Facts
    arguments: list[Abstract]
    parts: list[Abstract]


@dataclass(slots=True)
class Found:
    """By node: verdicts, which branches of conditions can be taken, calls; the jumps to labels."""

    verdicts: dict[int, Verdict] = field(default_factory=dict[int, Verdict])
    branches: dict[int, tuple[bool, bool]] = field(default_factory=dict[int, tuple[bool, bool]])
    calls: dict[int, CallSite] = field(default_factory=dict[int, CallSite])
    jumps: dict[Label, list[Way]] = field(default_factory=dict[Label, list[Way]])

    def add(self, inner: Found) -> None:
        """What an inner round found, that was the last."""
        self.verdicts.update(inner.verdicts)
        for node, (then, otherwise) in inner.branches.items():
            self.note_branches(node, then, otherwise)
        self.calls.update(inner.calls)
        for label, ways in inner.jumps.items():
            self.jumps.setdefault(label, []).extend(ways)

    def note_branches(self, node: int, then: bool, otherwise: bool) -> None:
        self.branches[node] = then, otherwise


class TypeRanges:
    """The integers that types allow."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._known: dict[MonoType, Interval] = {}

    def of(self, type: MonoType) -> Interval:
        """The least and greatest of an integer type whose width is known; else nothing."""
        found = self._known.get(type)
        if found is None:
            found = self._known[type] = self._read(type)
        return found

    def name(self, type: MonoType) -> str:
        """How values of a type are represented."""
        shape = self._program.shapes.get(type)
        if shape is not None and shape.kind == "enum" and shape.element is not None:
            shape = self._program.shapes.get(shape.element)
        return shape.builtin if shape is not None and shape.kind == "builtin" else ""

    def _read(self, type: MonoType) -> Interval:
        name = self.name(type)
        if name == "char":
            return 0, 0xFFFF
        if name not in INTEGERS or name in ("nativeint", "unativeint"):
            return NO_NUMBER
        bits = BITS[name]
        return (
            (-(1 << (bits - 1)), (1 << (bits - 1)) - 1) if name in SIGNED else (0, (1 << bits) - 1)
        )


def written_places(node: core.Expression) -> set[Local]:
    """The mutable locals that are assigned somewhere inside."""
    found: set[Local] = set()
    stack: list[core.Expression] = [node]
    while stack:
        one = stack.pop()
        if one.__class__ in (core.Variable, core.Literal):
            continue
        if isinstance(one, core.Assign):
            found.add(one.local)
        stack.extend(core.children(one))
    return found
