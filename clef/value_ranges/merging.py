"""Where ways come together.

Comes in: states and values at the ends of several ways. Goes out: one state and one value.
Promises: what it knows holds whichever way was taken; of a condition it is remembered what held on
the ways where it is true.
"""

from __future__ import annotations

from collections.abc import Iterable

from clef.typed_core.core import Local, MonoType
from clef.value_ranges.conditions import Branches, Truth, assume, decide
from clef.value_ranges.facts import Edges, Facts, Value, joined
from clef.value_ranges.state import Abstract, Exit, State, TypeRanges

Key = tuple[object, ...]
_MOST_NEIGHBOURS = 12


class Merger:
    """Makes values; each belongs to a key, for the whole function."""

    def __init__(self, ranges: TypeRanges) -> None:
        self.ranges = ranges
        self.made: dict[object, Value] = {}
        self.parts: dict[Value, dict[Key, Abstract]] = {}

    # Values -------------------------------------------------------------------------------------

    def value(self, key: object, type: MonoType, name: str = "") -> Value:
        """The value of a key, with nothing known of it."""
        found = self.made.get(key)
        if found is None:
            low, high = self.ranges.of(type)
            found = self.made[key] = Value(low, high, len(self.made), name=name)
        found.operation, found.operands = "", ()
        self.parts.pop(found, None)
        return found

    def part(self, of: Value, key: Key, low: int, high: int) -> Abstract:
        """A part of a value that does not change: a length, a field."""
        parts = self.parts.setdefault(of, {})
        if key not in parts:
            whole = (of, *key)
            value = self.made.get(whole)
            if value is None:
                value = self.made[whole] = Value(low, high, of.birth)
            value.operation, value.operands = "", ()
            self.parts.pop(value, None)
            parts[key] = value
        return parts[key]

    # States -------------------------------------------------------------------------------------

    def merge(self, key: Key, exits: list[Exit], base: Facts, type: MonoType) -> Exit | None:
        """One exit for several; nothing when none is reached."""
        if len(exits) <= 1:
            return exits[0] if exits else None
        state = self.merge_states(key, [state for state, _ in exits], base)
        ways = [(way.facts, value) for way, value in exits]
        return state, self.phi((*key, "value"), state.facts, ways, type, base)

    def merge_states(self, key: Key, states: list[State], base: Facts) -> State:
        """What holds in all of them."""
        if len(states) == 1:
            return states[0]
        facts = joined(base, [state.facts for state in states])
        places: dict[Local, Abstract] = {}
        for local in states[0].places:
            ways = [(state.facts, state.places.get(local)) for state in states]
            places[local] = self.phi((*key, local), facts, ways, local.type, base)
        return State(facts, places)

    def phi(
        self,
        key: Key,
        facts: Facts,
        ways: list[tuple[Facts, Abstract]],
        type: MonoType,
        base: Facts,
    ) -> Abstract:
        """One value for those of several ways; what is known of it is added to `facts`."""
        first = ways[0][1]
        if all(is_same(value, first) for _, value in ways[1:]):
            return first
        if self.ranges.name(type) == "bool":
            return _condition(ways, base)
        result = self.value(key, type)
        if result.is_number:
            describe(facts, result, ways)
        else:
            self._reference(key, facts, result, ways, type)
        return result

    def _reference(
        self,
        key: Key,
        facts: Facts,
        result: Value,
        ways: list[tuple[Facts, Abstract]],
        type: MonoType,
    ) -> None:
        references = [value for _, value in ways if isinstance(value, Value)]
        if len(references) < len(ways):
            return
        if all(way.is_solid(value) for (way, _), value in zip(ways, references, strict=True)):
            facts.solid.add(result)
        lengths = [self.parts.get(value, {}).get(("array_length",)) for value in references]
        if any(length is None for length in lengths):
            return
        first = lengths[0]
        if all(is_same(length, first) for length in lengths):
            self.parts.setdefault(result, {})[("array_length",)] = first
            return
        length = self.part(result, ("array_length",), 0, (1 << 31) - 1)
        assert isinstance(length, Value)
        known = [(way, length) for (way, _), length in zip(ways, lengths, strict=True)]
        describe(facts, length, known)


def is_same(one: Abstract, other: Abstract) -> bool:
    """Whether both are the same value."""
    if isinstance(one, int) and isinstance(other, int):
        return one == other
    if isinstance(one, Truth) and isinstance(other, Truth):
        return one.value == other.value
    return one is other and one is not None


def describe(facts: Facts, result: Value, ways: list[tuple[Facts, Abstract]]) -> None:
    """What is known of a value that is one of these."""
    numbers = [(way, value) for way, value in ways if isinstance(value, Value | int)]
    if len(numbers) < len(ways):
        return
    intervals = [way.interval(value) for way, value in numbers]
    facts.refine(result, min(low for low, _ in intervals), max(high for _, high in intervals))
    for upward in (True, False):
        for near in neighbours(numbers, upward):
            steps = [
                way.bound(value, near) if upward else way.bound(near, value)
                for way, value in numbers
            ]
            if abs(max(steps)) < 1 << 24:
                one, other = (result, near) if upward else (near, result)
                facts.order(one, other, max(steps))


def neighbours(ways: Iterable[tuple[Facts, Value | int]], upward: bool) -> list[Value]:
    """The values that something is known about in relation to these, and these themselves."""
    found: Edges = {}
    for way, value in ways:
        if isinstance(value, Value):
            found.setdefault(value, 0)
            for near in way.reached(value, upward):
                found.setdefault(near, 0)
    return list(found)[:_MOST_NEIGHBOURS]


def _condition(ways: list[tuple[Facts, Abstract]], base: Facts) -> Branches | None:
    """What holds where a conditional expression gives true, and where it gives false."""
    sides: list[Facts | None] = []
    for truth in (True, False):
        held: list[Facts] = []
        for way, value in ways:
            condition = None if isinstance(value, Value | int) else value
            if decide(way, condition) is (not truth):
                continue
            facts = Facts(way)
            assume(facts, condition, truth)
            if not facts.is_contradictory:
                held.append(facts)
        sides.append(held[0] if len(held) == 1 else joined(base, held) if held else None)
    return Branches(base, sides[0], sides[1])
