"""What callers know of a function's result, and what a function knows of its parameters.

Comes in: the ends of a function, or all calls of it. Goes out: a `Summary`, or facts at its start.
Promises: both hold for every call.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from clef.data_classes import dataclass, field
from clef.typed_core import core
from clef.typed_core.core import Function
from clef.value_ranges.facts import Facts, Value
from clef.value_ranges.state import Abstract, CallSite, State

if TYPE_CHECKING:
    from clef.value_ranges.reader import Reader

LENGTH = ("array_length",)
LONGEST = (1 << 31) - 1
_MOST = 6
_SMALL = 1 << 40


@dataclass(frozen=True, slots=True)
class Number:
    """An integer, and by parameter how far it is at most above it and below it. `of_lengths`: the
    same for the lengths of parameters.
    """

    low: int
    high: int
    above: tuple[tuple[int, bool, int], ...] = ()
    below: tuple[tuple[int, bool, int], ...] = ()


@dataclass(slots=True)
class Summary:
    """Of a function: its result if that is an integer, the length of it if that is an array.
    `intervals` and `solid`: what is known of its parameters when it has returned.
    """

    never_returns: bool = False
    number: Number | None = None
    length: Number | None = None
    is_solid: bool = False
    intervals: dict[int, tuple[int, int]] = field(default_factory=dict[int, tuple[int, int]])
    solid: set[int] = field(default_factory=set[int])


@dataclass(slots=True)
class Start:
    """What holds of the parameters at the start. `intervals` and `lengths` by parameter; an order
    `(a, a is a length, b, b is a length, c)` says `a <= b + c`.
    """

    intervals: dict[int, tuple[int, int]] = field(default_factory=dict[int, tuple[int, int]])
    lengths: dict[int, tuple[int, int]] = field(default_factory=dict[int, tuple[int, int]])
    solid: set[int] = field(default_factory=set[int])
    orders: list[tuple[int, bool, int, bool, int]] = field(
        default_factory=list[tuple[int, bool, int, bool, int]]
    )


# Results ------------------------------------------------------------------------------------------


def summarise(reader: Reader, ends: list[tuple[State, Abstract]], root: Facts) -> Summary:
    """The summary of a function that was read to these ends."""
    function = reader.function
    merged = reader.merge(("result",), ends, root, function.result)
    if merged is None:
        return Summary(never_returns=True)
    state, result = merged
    summary = Summary()
    _note_parameters(reader, state.facts, summary)
    if isinstance(result, int) or (isinstance(result, Value) and result.is_number):
        summary.number = _number(reader, state.facts, result)
    elif isinstance(result, Value):
        length = reader.parts.get(result, {}).get(LENGTH)
        if isinstance(length, Value | int):
            summary.length = _number(reader, state.facts, length)
        summary.is_solid = state.facts.is_solid(result)
    return summary


def _note_parameters(reader: Reader, facts: Facts, summary: Summary) -> None:
    for index, local in enumerate(reader.function.parameters):
        value = reader.env.get(local)
        if not isinstance(value, Value):
            continue
        if not value.is_number:
            if facts.is_solid(value):
                summary.solid.add(index)
        elif facts.interval(value) != (value.low, value.high):
            summary.intervals[index] = facts.interval(value)


def _number(reader: Reader, facts: Facts, result: Value | int) -> Number:
    above: list[tuple[int, bool, int]] = []
    below: list[tuple[int, bool, int]] = []
    low, high = facts.interval(result)
    for index, is_length, value in _measures(reader):
        up, down = facts.bound(result, value), facts.bound(value, result)
        own_low, own_high = value.low, value.high
        if up < high - own_low and up < _SMALL:
            above.append((index, is_length, up))
        if down < own_high - low and down < _SMALL:
            below.append((index, is_length, down))
    return Number(low, high, tuple(above), tuple(below))


def _measures(reader: Reader) -> list[tuple[int, bool, Value]]:
    """The integers among the parameters, and the lengths of those among them that have one."""
    found: list[tuple[int, bool, Value]] = []
    for index, local in enumerate(reader.function.parameters):
        value = reader.env.get(local)
        if not isinstance(value, Value):
            continue
        if value.is_number:
            found.append((index, False, value))
        elif isinstance(length := reader.parts.get(value, {}).get(LENGTH), Value):
            found.append((index, True, length))
    return found[:_MOST]


def apply_summary(
    reader: Reader,
    summary: Summary,
    node: core.Call,
    state: State,
    arguments: list[Abstract],
    name: str,
) -> Abstract:
    """The result of a call."""
    for index, (low, high) in summary.intervals.items():
        given = _measured(reader, arguments[index], False)
        if given is not None:
            state.facts.refine(given, low, high)
    for index in summary.solid:
        reference = arguments[index]
        if isinstance(reference, Value):
            state.facts.solid.add(reference)
    if reader.ranges.name(node.type) == "bool":
        return None
    result = reader.value(node.id, node.type, name)
    if result.is_number:
        return _applied(reader, summary.number, result, state, arguments)
    if summary.is_solid:
        state.facts.solid.add(result)
    if summary.length is not None:
        length = reader.part(result, LENGTH, 0, LONGEST)
        assert isinstance(length, Value)
        found = _applied(reader, summary.length, length, state, arguments)
        reader.parts[result][LENGTH] = found
    return result


def _applied(
    reader: Reader,
    number: Number | None,
    result: Value,
    state: State,
    arguments: list[Abstract],
) -> Abstract:
    if number is None:
        return result
    if number.low == number.high:
        return number.low
    ups = {(index, is_length): step for index, is_length, step in number.above}
    for index, is_length, step in number.below:
        if step == 0 and ups.get((index, is_length)) == 0:
            same = _measured(reader, arguments[index], is_length)
            if same is not None:
                state.facts.refine(same, number.low, number.high)
                return same
    state.facts.refine(result, number.low, number.high)
    for index, is_length, step in number.above:
        other = _measured(reader, arguments[index], is_length)
        if other is not None:
            state.facts.order(result, other, step)
    for index, is_length, step in number.below:
        other = _measured(reader, arguments[index], is_length)
        if other is not None:
            state.facts.order(other, result, step)
    return result


def _measured(reader: Reader, value: Abstract, is_length: bool) -> Value | int | None:
    if is_length:
        if not isinstance(value, Value) or value.is_number:
            return None
        value = reader.part(value, LENGTH, 0, LONGEST)
    if isinstance(value, int):
        return value
    return value if isinstance(value, Value) and value.is_number else None


# Parameters ---------------------------------------------------------------------------------------


def start_of(function: Function, sites: list[CallSite]) -> Start:
    """What all calls of a function have in common."""
    start = Start()
    measures: list[tuple[int, bool]] = []
    for index in range(len(function.parameters)):
        values = [site.arguments[index] for site in sites]
        lengths = [site.parts[index] for site in sites]
        if all(_is_number(value) for value in values):
            start.intervals[index] = _hull(sites, values)
            measures.append((index, False))
        elif all(_is_number(length) for length in lengths):
            start.lengths[index] = _hull(sites, lengths)
            measures.append((index, True))
        ways = zip(sites, values, strict=True)
        if all(isinstance(v, Value) and site.facts.is_solid(v) for site, v in ways):
            start.solid.add(index)
    _find_orders(start, sites, measures[:_MOST])
    return start


def _is_number(value: Abstract) -> bool:
    return isinstance(value, int) or (isinstance(value, Value) and value.is_number)


def _hull(sites: list[CallSite], values: list[Abstract]) -> tuple[int, int]:
    intervals = [
        site.facts.interval(value)
        for site, value in zip(sites, values, strict=True)
        if isinstance(value, Value | int)
    ]
    return min(low for low, _ in intervals), max(high for _, high in intervals)


def _find_orders(start: Start, sites: list[CallSite], measures: list[tuple[int, bool]]) -> None:
    for one, one_length in measures:
        for other, other_length in measures:
            if (one, one_length) == (other, other_length):
                continue
            steps: list[int] = []
            for site in sites:
                a = site.parts[one] if one_length else site.arguments[one]
                b = site.parts[other] if other_length else site.arguments[other]
                assert isinstance(a, Value | int) and isinstance(b, Value | int)
                steps.append(site.facts.bound(a, b))
            high = (start.lengths if one_length else start.intervals)[one][1]
            low = (start.lengths if other_length else start.intervals)[other][0]
            if max(steps) < high - low:
                start.orders.append((one, one_length, other, other_length, max(steps)))


def enter(reader: Reader, state: State, start: Start | None) -> None:
    """Give the parameters their values, and the facts what is known of them."""
    facts = state.facts
    values: list[Abstract] = []
    for local in reader.function.parameters:
        value = reader.unknown(local, local.type)
        reader.give(local, value, state)
        values.append(value)
    if start is None:
        return
    for index, (low, high) in start.intervals.items():
        value = values[index]
        if isinstance(value, Value):
            facts.refine(value, low, high)
    for index, (low, high) in start.lengths.items():
        length = _measured(reader, values[index], True)
        if length is not None:
            facts.refine(length, low, high)
    for index in start.solid:
        value = values[index]
        if isinstance(value, Value):
            facts.solid.add(value)
    for one, one_length, other, other_length, step in start.orders:
        a = _measured(reader, values[one], one_length)
        b = _measured(reader, values[other], other_length)
        if a is not None and b is not None:
            facts.order(a, b, step)
