"""Reads one function as the machine would run it, with intervals and bounds in place of numbers.

Comes in: a function in core, summaries of those that it calls, and what is known of its parameters.
Goes out: `Found` and the ends of the function. Promises: what is found holds in every run; a
function that costs too much to read has nothing found.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from clef.typed_core import core
from clef.typed_core.core import Atom, Expression, Function, Local, MonoType, Program
from clef.value_ranges.conditions import Comparison, Truth, assume
from clef.value_ranges.facts import Facts, Value
from clef.value_ranges.merging import Merger
from clef.value_ranges.primitives import PrimitiveReader
from clef.value_ranges.state import (
    Abstract,
    CallSite,
    Exit,
    Found,
    State,
    TypeRanges,
    Way,
    written_places,
)
from clef.value_ranges.summaries import Summary, apply_summary

if TYPE_CHECKING:
    from clef.value_ranges.loops import Invariant

_EFFORT, _MOST_EFFORT = 15, 40_000
"""How often each node of a function may be read, on average, and how many in all."""


class TooMuch(Exception):
    """The function costs too much to read."""


class Reader(Merger):
    """Reads one function. `env`: what its immutable locals stand for."""

    def __init__(
        self,
        program: Program,
        function: Function,
        ranges: TypeRanges,
        summaries: dict[str, Summary],
    ) -> None:
        super().__init__(ranges)
        self.program = program
        self.function = function
        self.summaries = summaries
        self.env: dict[Local, Abstract] = {}
        self.found = Found()
        self.marks = {0, -1}  # what something is compared with
        self.invariants: dict[int, Invariant] = {}  # of loops, when they were last read
        self.written: dict[int, set[Local]] = {}
        self.changing = changing_fields(function)
        self.effort = 4000 + min(_EFFORT * function.node_count, _MOST_EFFORT)
        self.primitives = PrimitiveReader(self)

    # Atoms ----------------------------------------------------------------------------------------

    def atom(self, node: Atom, state: State) -> Abstract:
        """What an operand stands for."""
        if isinstance(node, core.Variable):
            local = node.local
            return state.places[local] if local in state.places else self.env.get(local)
        value = node.value
        if isinstance(value, bool):
            return Truth(value)
        if isinstance(value, int) and self.ranges.of(node.type)[0] <= value:
            low, high = self.ranges.of(node.type)
            return value if low <= value <= high else None
        if isinstance(value, str | bytes):
            found = self.value(("literal", node.id), node.type)
            state.facts.solid.add(found)
            return found
        return None

    def reference(self, node: Atom, state: State) -> Value | None:
        """The value of an operand that is a reference."""
        found = self.atom(node, state)
        return found if isinstance(found, Value) and not found.is_number else None

    def number(self, node: Atom, state: State) -> Value | int | None:
        """The value of an operand that is an integer."""
        found = self.atom(node, state)
        if isinstance(found, int):
            return found
        return found if isinstance(found, Value) and found.is_number else None

    # Expressions ----------------------------------------------------------------------------------

    def run(self, node: Expression, state: State) -> list[Exit]:
        """The ends of an expression, those of jumps left out. The state is used up."""
        while isinstance(node, core.Let):
            base = state.facts
            exits = self.step(node.value, state, node.local)
            merged = self.merge((node.id,), exits, base, node.local.type)
            if merged is None:
                return []
            state, value = merged
            self.give(node.local, value, state)
            node = node.body
        return self.step(node, state, None)

    def give(self, local: Local, value: Abstract, state: State) -> None:
        """Bind a local."""
        if local.is_mutable:
            state.places[local] = value
            return
        self.env[local] = value
        if isinstance(value, Value) and local.name and not value.name:
            value.name = local.name

    def step(self, node: Expression, state: State, local: Local | None) -> list[Exit]:
        """The ends of one node; `local` will be its name."""
        self.effort -= 1
        if self.effort < 0:
            raise TooMuch
        match node:
            case core.Let():
                return self.run(node, state)
            case core.If():
                return self._if(node, state)
            case core.Switch():
                return self._switch(node, state)
            case core.Join():
                if node.is_loop:
                    from clef.value_ranges.loops import read_loop

                    return read_loop(self, node, state)
                return self._join(node, state)
            case core.Jump():
                arguments = [self.atom(atom, state) for atom in node.arguments]
                self.found.jumps.setdefault(node.label, []).append((state, arguments))
                return []
            case core.Raise():
                return []
            case core.TryWith():
                return self._try(node, state)
            case _:
                value = self._simple(node, state, local)
                if state.facts.is_contradictory or value is NEVER:
                    return []
                assert not isinstance(value, _Never)
                return [(state, value)]

    def _if(self, node: core.If, state: State) -> list[Exit]:
        condition = self.atom(node.condition, state)
        exits: list[Exit] = []
        taken: list[bool] = []
        for truth, branch in ((True, node.then), (False, node.otherwise)):
            way = state.fork()
            if not isinstance(condition, Value | int):
                assume(way.facts, condition, truth)
            taken.append(not way.facts.is_contradictory)
            if taken[-1]:
                exits += self.run(branch, way)
        self.found.note_branches(node.id, taken[0], taken[1])
        return exits

    def _switch(self, node: core.Switch, state: State) -> list[Exit]:
        scrutinee = self.number(node.scrutinee, state) if node.on == "integer" else None
        exits: list[Exit] = []
        for key, branch in node.branches:
            way = state.fork()
            if scrutinee is not None:
                assume(way.facts, Comparison("eq", scrutinee, key), True)
            if not way.facts.is_contradictory:
                exits += self.run(branch, way)
        if node.default is not None:
            way = state.fork()
            for key, _ in node.branches if scrutinee is not None else ():
                assert scrutinee is not None
                way.facts.differ(scrutinee, key)
            if not way.facts.is_contradictory:
                exits += self.run(node.default, way)
        return exits

    def _join(self, node: core.Join, state: State) -> list[Exit]:
        base = state.facts
        exits = self.run(node.body, state.fork())
        ways = self.found.jumps.pop(node.label, [])
        if ways:
            merged, values = self.incoming((node.id,), ways, base, node.parameters)
            for local, value in zip(node.parameters, values, strict=True):
                self.give(local, value, merged)
            exits += self.run(node.continuation, merged)
        return exits

    def incoming(
        self, key: tuple[object, ...], ways: list[Way], base: Facts, parameters: list[Local]
    ) -> tuple[State, list[Abstract]]:
        """The state after jumps to one label, and the values of its parameters."""
        state = self.merge_states(key, [way for way, _ in ways], base)
        values: list[Abstract] = []
        for index, local in enumerate(parameters):
            given = [(way.facts, arguments[index]) for way, arguments in ways]
            values.append(self.phi((*key, index), state.facts, given, local.type, base))
        return state, values

    def _try(self, node: core.TryWith, state: State) -> list[Exit]:
        exits = self.run(node.body, state.fork())
        handler = state.fork()
        for local in handler.places.keys() & self.places_written(node.body):
            handler.places[local] = self.unknown((node.id, local), local.type)
        self.give(node.local, self.value(node.local, node.local.type), handler)
        return exits + self.run(node.handler, handler)

    def places_written(self, node: Expression) -> set[Local]:
        found = self.written.get(node.id)
        if found is None:
            found = self.written[node.id] = written_places(node)
        return found

    def unknown(self, key: object, type: MonoType) -> Abstract:
        """Anything of a type."""
        return None if self.ranges.name(type) == "bool" else self.value(key, type)

    # Single nodes ---------------------------------------------------------------------------------

    def _simple(self, node: Expression, state: State, local: Local | None) -> Abstract | _Never:
        name = local.name if local is not None else ""
        match node:
            case core.Variable() | core.Literal():
                return self.atom(node, state)
            case core.Assign():
                state.places[node.local] = self.atom(node.value, state)
                return None
            case core.Primitive():
                return self.primitives.read(node, state, name)
            case core.Call():
                return self._call(node, state, name)
            case core.Project():
                return self._project(node, state, name)
            case core.GlobalRead():
                return self._global(node, name)
            case core.Construct():
                return self._construct(node, state)
            case core.MakeClosure():
                found = self.value(node.id, node.type)
                state.facts.solid.add(found)
                return found
            case core.SetField():
                self._looked_into(node.object, state)
                return None
            case _:
                return self.unknown(node.id, node.type)

    def _looked_into(self, node: Atom, state: State) -> None:
        """After a reference was looked into, it is known not to be null."""
        reference = self.reference(node, state)
        if reference is not None:
            state.facts.solid.add(reference)

    def _call(self, node: core.Call, state: State, name: str) -> Abstract | _Never:
        arguments = [self.atom(atom, state) for atom in node.arguments]
        lengths = [self._length(value) for value in arguments]
        before, state.facts = state.facts, Facts(state.facts)
        self.found.calls[node.id] = CallSite(node.function, before, arguments, lengths)
        summary = self.summaries.get(node.function)
        if summary is None:
            return self.unknown(node.id, node.type)
        if summary.never_returns:
            return NEVER
        return apply_summary(self, summary, node, state, arguments, name)

    def _length(self, value: Abstract) -> Abstract:
        if isinstance(value, Value) and not value.is_number:
            return self.parts.get(value, {}).get(("array_length",))
        return None

    def _project(self, node: core.Project, state: State, name: str) -> Abstract:
        owner = self.reference(node.value, state)
        if owner is None or self.ranges.name(node.type) == "bool":
            return self.unknown(node.id, node.type)
        shape = self.program.shapes.get(node.owner)
        fields = []
        if shape is not None:
            fields = shape.cases[node.case].fields if node.case >= 0 else shape.fields
        is_fixed = node.index < len(fields) and not fields[node.index].is_mutable
        is_set = (node.owner, node.index) in self.changing
        # While an object is made, constructors of its bases set fields too.
        is_made = shape is not None and shape.kind == "class" and bool(self.changing)
        if not is_fixed or is_set or is_made:
            return self.value(node.id, node.type, name)
        low, high = self.ranges.of(node.type)
        return self.part(owner, ("field", node.owner, node.case, node.index), low, high)

    def _global(self, node: core.GlobalRead, name: str) -> Abstract:
        known = self.program.globals.get(node.symbol)
        is_fixed = known is not None and not known.is_mutable
        if not is_fixed or node.symbol in self.changing or self.ranges.name(node.type) == "bool":
            return self.unknown(node.id, node.type)
        key = ("global", node.symbol)
        if key not in self.made:
            low, high = self.ranges.of(node.type)
            self.made[key] = Value(low, high, 0, name=name)
        return self.made[key]

    def _construct(self, node: core.Construct, state: State) -> Abstract:
        found = self.value(node.id, node.type)
        shape = self.program.shapes.get(node.type)
        if shape is None:
            return found
        if not (shape.kind == "union" and not node.arguments):
            state.facts.solid.add(found)  # an empty case may be the null reference
        case = node.case if shape.kind == "union" else -1
        fields = shape.cases[case].fields if case >= 0 else shape.fields
        for index, (atom, one) in enumerate(zip(node.arguments, fields, strict=False)):
            value = self.atom(atom, state)
            is_fixed = not one.is_mutable and HOLES not in self.changing
            if is_fixed and isinstance(value, int | Value):
                key = ("field", node.type, case, index)
                self.parts.setdefault(found, {})[key] = value
        return found


HOLES = "holes"


class _Never:
    """In place of a value that is never there."""


NEVER = _Never()


def changing_fields(function: Function) -> set[object]:
    """The fields and globals that a function itself sets: they are not the same all the time.
    `HOLES`: it fills fields of cells that were made without them.
    """
    found: set[object] = set()
    stack: list[Expression] = [function.body]
    while stack:
        node = stack.pop()
        if isinstance(node, core.SetField):
            found.add((node.owner, node.index))
        elif isinstance(node, core.GlobalWrite):
            found.add(node.symbol)
        elif isinstance(node, core.Primitive) and node.operation in ("hole", "fill"):
            found.add(HOLES)
        stack.extend(core.children(node))
    return found
