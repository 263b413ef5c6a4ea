"""Loops: what holds at the start of every round.

Comes in: a loop and the state before it. Goes out: its ends. Promises: what is kept was read with
an invariant that holds before the first round and, as that very reading showed, after each. The
invariant is sought as in Cousot and Cousot, "Abstract Interpretation" (POPL 1977): from the first
round upward, with widening, then once downward.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from clef.data_classes import dataclass, field
from clef.typed_core import core
from clef.typed_core.core import Local
from clef.value_ranges.facts import Facts, Interval, Value
from clef.value_ranges.merging import is_same, neighbours
from clef.value_ranges.state import Abstract, Exit, Found, State, Way

if TYPE_CHECKING:
    from clef.value_ranges.reader import Reader

_MOST_ROUNDS = 7
_PATIENCE = 4
"""The rounds after which what does not hold is given up."""
_MARKS = (-1, 0)
"""How far above another value one is likely to be at most."""
Order = tuple[Value, Value]


@dataclass(slots=True)
class Slot:
    """What may change from round to round: a parameter of the loop, or a mutable local."""

    key: object
    local: Local
    value: Value | None  # of an integer or a reference
    entry: Abstract


@dataclass(slots=True)
class Invariant:
    """By slot: intervals of integers, what stays as it was before the loop, which references are
    not null. An order says how far one value is at most above another.
    """

    intervals: dict[int, Interval] = field(default_factory=dict[int, Interval])
    steady: set[int] = field(default_factory=set[int])
    solid: set[int] = field(default_factory=set[int])
    orders: dict[Order, int] = field(default_factory=dict[Order, int])


@dataclass(slots=True)
class Reading:
    """One reading of the body. `heads`: the intervals at the start of the round, by slot."""

    heads: dict[int, Interval]
    exits: list[Exit]
    backs: list[Way]
    found: Found


def read_loop(reader: Reader, node: core.Join, state: State) -> list[Exit]:
    """The ends of a loop, and those of what comes before its first round."""
    base = state.facts
    exits = reader.run(node.body, state)
    entries = reader.found.jumps.pop(node.label, [])
    if not entries:
        return exits
    entry, arguments = reader.incoming((node.id, "entry"), entries, base, node.parameters)
    return exits + _Loop(reader, node, entry, arguments).run()


class _Loop:
    def __init__(
        self, reader: Reader, node: core.Join, entry: State, arguments: list[Abstract]
    ) -> None:
        self.reader = reader
        self.node = node
        self.entry = entry
        self.parameters = len(node.parameters)
        self.first_birth = len(reader.made)
        self.slots: list[Slot] = []
        for local, given in zip(node.parameters, arguments, strict=True):
            self.slots.append(self.slot(local, given))
        written = reader.places_written(node.continuation)
        for local, given in entry.places.items():
            if local in written:
                self.slots.append(self.slot(local, given))
        self.birth = min(
            (s.value.birth for s in self.slots if s.value is not None), default=self.first_birth
        )
        self.own = {s.value for s in self.slots if s.value is not None}

    def slot(self, local: Local, given: Abstract) -> Slot:
        key = (self.node.id, "round", local)
        is_condition = self.reader.ranges.name(local.type) == "bool"
        value = None if is_condition else self.reader.value(key, local.type, local.name)
        return Slot(key, local, value, given)

    # The search ---------------------------------------------------------------------------------

    def run(self) -> list[Exit]:
        invariant = self.known()
        if invariant is not None:
            reading = self.read(invariant)
            next = self.after(invariant, reading.backs)
            if self.holds(invariant, next):
                return self.accept(self.better(invariant, next, reading))
        invariant = self.first()
        for round in range(_MOST_ROUNDS):
            reading = self.read(invariant)
            next = self.after(invariant, reading.backs, is_first=round == 0)
            if self.holds(invariant, next):
                return self.accept(self.better(invariant, next, reading))
            invariant = self.wider(invariant, next, round)
        return self.accept(self.read(Invariant()))

    def known(self) -> Invariant | None:
        """What held when the loop was last read, if it holds before the first round now."""
        last = self.reader.invariants.get(self.node.id)
        if last is None:
            return None
        given = self.after(last, [])
        given.steady = set(last.steady)
        return last if self.holds(last, given) else None

    def better(self, invariant: Invariant, next: Invariant, reading: Reading) -> Reading:
        """The reading with what the first one showed, if that holds by itself."""
        self.reader.invariants[self.node.id] = invariant
        if all(next.intervals.get(key) == head for key, head in reading.heads.items()):
            return reading
        again = self.read(next)
        if self.holds(next, self.after(next, again.backs)):
            self.reader.invariants[self.node.id] = next
            return again
        return self.read(invariant)

    def accept(self, reading: Reading) -> list[Exit]:
        self.reader.found.add(reading.found)
        return reading.exits

    def first(self) -> Invariant:
        """What holds before the first round."""
        result = Invariant(steady=set(range(len(self.slots))))
        facts = self.entry.facts
        for index, slot in enumerate(self.slots):
            if isinstance(slot.entry, Value | int) and slot.value is not None:
                if slot.value.is_number:
                    result.intervals[index] = facts.interval(slot.entry)
                    result.steady.discard(index)
                elif isinstance(slot.entry, Value) and facts.is_solid(slot.entry):
                    result.solid.add(index)
        numbers = {
            index: self.numbers([(facts, self.slots[index].entry)]) for index in result.intervals
        }
        for pair in self.candidates(numbers):
            step = self.step(pair, numbers)
            if step is not None:
                result.orders[pair] = step
        return result

    def numbers(self, ways: list[tuple[Facts, Abstract]]) -> list[tuple[Facts, Value | int]]:
        return [(way, value) for way, value in ways if isinstance(value, Value | int)]

    def read(self, invariant: Invariant) -> Reading:
        """Read the body once."""
        reader = self.reader
        facts = Facts(self.entry.facts)
        state = State(facts, dict(self.entry.places))
        for index, slot in enumerate(self.slots):
            value = self.start(invariant, facts, index, slot)
            if index < self.parameters:
                reader.give(slot.local, value, state)
            else:
                state.places[slot.local] = value
        for (one, other), step in invariant.orders.items():
            facts.order(one, other, step)
        heads: dict[int, Interval] = {}
        for index in invariant.intervals:
            value = self.slots[index].value
            assert value is not None
            heads[index] = facts.interval(value)
        outer, reader.found = reader.found, Found()
        exits = reader.run(self.node.continuation, state)
        found, reader.found = reader.found, outer
        return Reading(heads, exits, found.jumps.pop(self.node.label, []), found)

    def start(self, invariant: Invariant, facts: Facts, index: int, slot: Slot) -> Abstract:
        if index in invariant.steady:
            return slot.entry
        if slot.value is None:
            return None
        self.reader.parts.pop(slot.value, None)
        if index in invariant.intervals:
            facts.refine(slot.value, *invariant.intervals[index])
        if index in invariant.solid:
            facts.solid.add(slot.value)
        return slot.value

    # One step -----------------------------------------------------------------------------------

    def given(self, back: Way, index: int) -> Abstract:
        """The value of a slot for the next round."""
        state, arguments = back
        return (
            arguments[index]
            if index < self.parameters
            else state.places.get(self.slots[index].local)
        )

    def ways(self, backs: list[Way], index: int) -> list[tuple[Facts, Abstract]]:
        first = (self.entry.facts, self.slots[index].entry)
        return [first, *((back[0].facts, self.given(back, index)) for back in backs)]

    def after(self, old: Invariant, backs: list[Way], is_first: bool = False) -> Invariant:
        """What holds at the start of a round, if the old invariant held before."""
        result = Invariant()
        numbers: dict[int, list[tuple[Facts, Value | int]]] = {}
        for index, slot in enumerate(self.slots):
            ways = self.ways(backs, index)
            if index in old.steady and all(is_same(v, slot.entry) for _, v in ways[1:]):
                result.steady.add(index)
                if index in old.solid:
                    result.solid.add(index)
                continue
            known = self.numbers(ways)
            if slot.value is None or len(known) < len(ways):
                continue
            if slot.value.is_number:
                numbers[index] = known
                intervals = [way.interval(value) for way, value in known]
                low, high = min(i[0] for i in intervals), max(i[1] for i in intervals)
                result.intervals[index] = low, high
            elif all(isinstance(v, Value) and way.is_solid(v) for way, v in known):
                result.solid.add(index)
        pairs = self.candidates(numbers) if is_first else list(old.orders)
        for pair in pairs:
            step = self.step(pair, numbers)
            if step is not None:
                result.orders[pair] = step
        return result

    def candidates(self, numbers: dict[int, list[tuple[Facts, Value | int]]]) -> list[Order]:
        """The pairs that something may be known about."""
        found: dict[Order, None] = {}
        for index, ways in numbers.items():
            value = self.slots[index].value
            assert value is not None
            for upward in (True, False):
                for near in neighbours(ways, upward):
                    if near.birth < self.birth and near not in self.own:
                        found[(value, near) if upward else (near, value)] = None
            for other in numbers:
                near_value = self.slots[other].value
                if other != index and near_value is not None and len(numbers) <= 6:
                    found[value, near_value] = None
        return list(found)

    def step(self, pair: Order, numbers: dict[int, list[tuple[Facts, Value | int]]]) -> int | None:
        """How far the first of two values can be above the second at the start of a round."""
        sides: list[list[tuple[Facts, Value | int]] | None] = []
        for value in pair:
            index = next((i for i, s in enumerate(self.slots) if s.value is value), None)
            if index is not None and index not in numbers:
                return None
            sides.append(None if index is None else numbers[index])
        one, other = sides
        ways = one if one is not None else other
        assert ways is not None
        steps: list[int] = []
        for place, (facts, _) in enumerate(ways):
            a = pair[0] if one is None else one[place][1]
            b = pair[1] if other is None else other[place][1]
            steps.append(facts.bound(a, b))
        return max(steps) if max(steps) < 1 << 24 else None

    def holds(self, old: Invariant, next: Invariant) -> bool:
        """Whether what was counted on holds after a round too."""
        for index, (low, high) in old.intervals.items():
            new = next.intervals.get(index)
            if new is None or new[0] < low or new[1] > high:
                return False
        if not old.steady <= next.steady or not old.solid <= next.solid:
            return False
        return all(next.orders.get(pair, step + 1) <= step for pair, step in old.orders.items())

    def wider(self, old: Invariant, next: Invariant, round: int) -> Invariant:
        """What may hold, with ends that moved moved on."""
        result = Invariant(steady=next.steady & old.steady, solid=set(next.solid))
        for index, (low, high) in next.intervals.items():
            value = self.slots[index].value
            assert value is not None
            if index in old.intervals:
                old_low, old_high = old.intervals[index]
                low = old_low if low >= old_low else self.lower(value, low, round)
                high = old_high if high <= old_high else self.upper(value, high, round)
            elif round:
                low, high = value.low, value.high
            result.intervals[index] = low, high
        for pair, step in next.orders.items():
            if round == 0:
                result.orders[pair] = step
            elif step <= old.orders[pair]:
                result.orders[pair] = old.orders[pair]
            elif round < _PATIENCE and step <= _MARKS[-1]:
                result.orders[pair] = min(mark for mark in _MARKS if mark >= step)
        return result

    def lower(self, value: Value, low: int, round: int) -> int:
        marks = (m for m in self.reader.marks if value.low <= m <= low)
        return max(marks, default=value.low) if round < _PATIENCE else value.low

    def upper(self, value: Value, high: int, round: int) -> int:
        marks = (m for m in self.reader.marks if high <= m <= value.high)
        return min(marks, default=value.high) if round < _PATIENCE else value.high
