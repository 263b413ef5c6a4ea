"""What is known about integers at a point of a function.

Comes in: comparisons that hold. Goes out: intervals, and upper bounds of differences. Promises:
everything that is said holds for the mathematical values, in every run that gets to the point.

A value is given once in each round, so what is known of it is never taken back: a point knows what
the point before it knew, and more. `Facts` are therefore a chain of tables. The bounds of
differences are those of Bodík, Gupta and Sarkar, "ABCD: Eliminating Array Bounds Checks on Demand"
(PLDI 2000): an edge from `x` to `y` with `c` says `x <= y + c`, and a bound is a path. That
intervals and such bounds support each other is the idea of Logozzo and Fähndrich, "Pentagons"
(SAC 2008).
"""

from __future__ import annotations

from collections.abc import Iterator

from clef.data_classes import dataclass

Interval = tuple[int, int]
_LONGEST_CHAIN = 12
_LONGEST_PATH = 6
_MOST_VISITS = 48
_DEEPEST_SPREAD = 4


@dataclass(slots=True, eq=False)
class Value:
    """A value of one round of a function; `low` and `high` are what its type allows, 0 and -1 for
    what is no integer. `birth`: in the order of the function. `operation` and `operands`: how it
    was computed, exactly; of `wrap`, the integer whose low bits it has.
    """

    low: int
    high: int
    birth: int
    operation: str = ""
    operands: tuple[Operand, ...] = ()
    name: str = ""

    @property
    def is_number(self) -> bool:
        return self.low <= self.high


Operand = Value | int
Edges = dict[Value, int]
Key = tuple[object, ...]
_NONE: Edges = {}


class Facts:
    """`above`: by `x`, each `y` with the least known `c` in `x <= y + c`; `below` is the same from
    the other side. A table holds all that is known of the values in it. `holes`: integers that a
    value is not. `solid`: references that are not null. `results`: of operations that were done,
    by operation, operands and type, with whether they are the mathematical ones.
    """

    __slots__ = (
        "above",
        "below",
        "holes",
        "intervals",
        "is_contradictory",
        "length",
        "parent",
        "results",
        "solid",
    )

    def __init__(self, parent: Facts | None = None) -> None:
        if parent is not None and parent.length >= _LONGEST_CHAIN:
            parent = _flat(parent)
        self.parent = parent
        self.length: int = 0 if parent is None else parent.length + 1
        self.intervals: dict[Value, Interval] = {}
        self.above: dict[Value, Edges] = {}
        self.below: dict[Value, Edges] = {}
        self.holes: set[tuple[Value, int]] = set()
        self.solid: set[Value] = set()
        self.results: dict[Key, tuple[Operand, bool]] = {}
        self.is_contradictory: bool = parent is not None and parent.is_contradictory

    # Questions ----------------------------------------------------------------------------------

    def interval(self, operand: Operand) -> Interval:
        """The least and the greatest that it can be."""
        if isinstance(operand, int):
            return operand, operand
        facts: Facts | None = self
        while facts is not None:
            found = facts.intervals.get(operand)
            if found is not None:
                return found
            facts = facts.parent
        return operand.low, operand.high

    def edges_above(self, value: Value) -> Edges:
        facts: Facts | None = self
        while facts is not None:
            found = facts.above.get(value)
            if found is not None:
                return found
            facts = facts.parent
        return _NONE

    def edges_below(self, value: Value) -> Edges:
        facts: Facts | None = self
        while facts is not None:
            found = facts.below.get(value)
            if found is not None:
                return found
            facts = facts.parent
        return _NONE

    def bound(self, one: Operand, other: Operand) -> int:
        """The least known `c` with `one <= other + c`."""
        if one is other:
            return 0
        best = self.interval(one)[1] - self.interval(other)[0]
        if isinstance(one, Value) and isinstance(other, Value):
            found = self.reached(one, True, other).get(other)
            if found is not None and found < best:
                best = found
        return best

    def reached(self, start: Value, upward: bool, wanted: Value | None = None) -> Edges:
        """By value, the least `c` with `start <= value + c`; downward, with `value <= start + c`.
        With `wanted`, only the paths that may lead there are of interest.
        """
        edges = self.edges_above if upward else self.edges_below
        if wanted is not None and not (self.edges_above(start) and self.edges_below(wanted)):
            return _NONE
        found: Edges = {start: 0}
        waiting = [start]
        for _ in range(_LONGEST_PATH):
            following: list[Value] = []
            for value in waiting:
                so_far = found[value]
                for near, step in edges(value).items():
                    distance = so_far + step
                    known = found.get(near)
                    if known is None or distance < known:
                        found[near] = distance
                        following.append(near)
            waiting = following
            if not waiting or len(found) > _MOST_VISITS:
                break
        del found[start]
        return found

    def is_solid(self, value: Value) -> bool:
        """Whether a reference is known not to be null."""
        facts: Facts | None = self
        while facts is not None:
            if value in facts.solid:
                return True
            facts = facts.parent
        return False

    def result(self, key: Key) -> tuple[Operand, bool] | None:
        """What an operation gave that was done before."""
        facts: Facts | None = self
        while facts is not None:
            found = facts.results.get(key)
            if found is not None:
                return found
            facts = facts.parent
        return None

    def is_never(self, operand: Operand, number: int) -> bool:
        """Whether an operand is known not to be this integer."""
        low, high = self.interval(operand)
        if not low <= number <= high:
            return True
        facts: Facts | None = self
        while facts is not None and isinstance(operand, Value):
            if (operand, number) in facts.holes:
                return True
            facts = facts.parent
        return False

    # Additions ----------------------------------------------------------------------------------

    def refine(self, operand: Operand, low: int, high: int, depth: int = 0) -> None:
        """`low <= operand <= high`."""
        old_low, old_high = self.interval(operand)
        low, high = max(low, old_low), min(high, old_high)
        if low > high:
            self.is_contradictory = True
            return
        if isinstance(operand, int) or (low == old_low and high == old_high):
            return
        self.intervals[operand] = low, high
        if depth >= _DEEPEST_SPREAD:
            return
        if operand.operation == "wrap":
            self._unwrap(operand, low, high)
        if high < old_high:
            for near, step in self.edges_below(operand).items():
                self.refine(near, near.low, high + step, depth + 1)
        if low > old_low:
            for near, step in self.edges_above(operand).items():
                self.refine(near, low - step, near.high, depth + 1)

    def _unwrap(self, value: Value, low: int, high: int) -> None:
        """An unsigned number below half of its range is the signed one that it was made of."""
        (source,) = value.operands
        assert isinstance(source, Value)
        if low >= 0 and high <= source.high and self.edges_above(value).get(source) != 0:
            self.order(value, source, 0)
            self.order(source, value, 0)

    def order(self, one: Operand, other: Operand, more: int) -> None:
        """`one <= other + more`."""
        if isinstance(one, int):
            self.refine(other, one - more, other if isinstance(other, int) else other.high)
            return
        if isinstance(other, int):
            self.refine(one, one.low, other + more)
            return
        if one is other:
            self.is_contradictory = self.is_contradictory or more < 0
            return
        known = self.edges_above(one).get(other)
        if known is not None and known <= more:
            return
        self.above[one] = {**self.edges_above(one), other: more}
        self.below[other] = {**self.edges_below(other), one: more}
        self.refine(one, one.low, self.interval(other)[1] + more)
        self.refine(other, self.interval(one)[0] - more, other.high)

    def differ(self, one: Operand, other: Operand) -> None:
        """`one <> other`."""
        if one is other:
            self.is_contradictory = True
            return
        for a, b in ((one, other), (other, one)):
            low, high = self.interval(b)
            if isinstance(a, int) and isinstance(b, Value):
                if a == low:
                    self.refine(b, low + 1, high)
                elif a == high:
                    self.refine(b, low, high - 1)
                else:
                    self.holes.add((b, a))
            if self.bound(a, b) <= 0:
                self.order(a, b, -1)

    def repeat(self, other: Facts, until: Facts | None) -> None:
        """All that `other` knows more than `until` knows."""
        for facts in _newest(other, until):
            for value, (low, high) in facts.intervals.items():
                self.refine(value, low, high)
            for value, edges in facts.above.items():
                for near, step in edges.items():
                    self.order(value, near, step)
            self.solid |= facts.solid
            self.holes |= facts.holes
            self.results.update(facts.results)


def _newest(facts: Facts, until: Facts | None) -> Iterator[Facts]:
    """The tables of a chain down to one of them; the whole chain when it is not there."""
    node: Facts | None = facts
    while node is not None and node is not until:
        yield node
        node = node.parent


def _flat(facts: Facts) -> Facts:
    """The same in one table."""
    result = Facts()
    for node in reversed(list(_newest(facts, None))):
        result.intervals.update(node.intervals)
        result.above.update(node.above)
        result.below.update(node.below)
        result.solid |= node.solid
        result.holes |= node.holes
        result.results.update(node.results)
    result.is_contradictory = facts.is_contradictory
    return result


def joined(base: Facts, ways: list[Facts]) -> Facts:
    """What holds after ways that part at `base`, whichever was taken."""
    result = Facts(base)
    news = [_touched(way, base) for way in ways]
    shared = set(news[0]).intersection(*news[1:])
    for value in sorted(shared, key=lambda one: one.birth):
        if value.is_number:
            intervals = [way.interval(value) for way in ways]
            low, high = min(i[0] for i in intervals), max(i[1] for i in intervals)
            result.refine(value, low, high)
            for near in ways[0].edges_above(value):
                steps = [way.bound(value, near) for way in ways]
                if max(steps) < result.bound(value, near):
                    result.order(value, near, max(steps))
    solid = set[Value].intersection(*[_solid(way, base) for way in ways])
    result.solid |= solid
    return result


def _touched(facts: Facts, base: Facts) -> dict[Value, None]:
    found: dict[Value, None] = {}
    for node in _newest(facts, base):
        found.update(dict.fromkeys(node.intervals))
        found.update(dict.fromkeys(node.above))
    return found


def _solid(facts: Facts, base: Facts) -> set[Value]:
    found: set[Value] = set()
    for node in _newest(facts, base):
        found |= node.solid
    return found
