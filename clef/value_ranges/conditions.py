"""Conditions, and what is known where they hold.

Comes in: a condition and a truth. Goes out: facts with what follows from it. Promises: a condition
that cannot have the truth makes the facts contradictory; `decide` answers only what is certain.
"""

from __future__ import annotations

from clef.data_classes import dataclass
from clef.value_ranges.facts import Facts, Operand, Value

NEGATED = {"eq": "ne", "ne": "eq", "lt": "ge", "ge": "lt", "gt": "le", "le": "gt"}


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """Of two integers."""

    operation: str
    one: Operand
    other: Operand


@dataclass(frozen=True, slots=True)
class Truth:
    """A boolean that is known."""

    value: bool


@dataclass(frozen=True, slots=True, eq=False)
class Negation:
    """True when the other is false."""

    condition: Condition


@dataclass(frozen=True, slots=True, eq=False)
class IsNull:
    """Whether a reference is null."""

    reference: Value


@dataclass(frozen=True, slots=True, eq=False)
class Branches:
    """What holds after a conditional expression that gives true, and after one that gives false;
    nothing where it cannot. Both go on from `base`.
    """

    base: Facts
    yes: Facts | None
    no: Facts | None


Condition = Comparison | Truth | Negation | IsNull | Branches | None
"""`None`: nothing is known."""


def decide(facts: Facts, condition: Condition) -> bool | None:
    """Whether a condition holds, if that is certain."""
    match condition:
        case Truth():
            return condition.value
        case Negation():
            inner = decide(facts, condition.condition)
            return None if inner is None else not inner
        case IsNull():
            return False if facts.is_solid(condition.reference) else None
        case Comparison():
            return _compare(facts, condition.operation, condition.one, condition.other)
        case Branches(yes=None, no=None):
            return None
        case Branches(yes=None):
            return False
        case Branches(no=None):
            return True
        case _:
            return None


def _compare(facts: Facts, operation: str, one: Operand, other: Operand) -> bool | None:
    if operation in ("gt", "ge"):
        one, other, operation = other, one, "lt" if operation == "gt" else "le"
    up, down = facts.bound(one, other), facts.bound(other, one)
    match operation:
        case "lt":
            return True if up < 0 else False if down <= 0 else None
        case "le":
            return True if up <= 0 else False if down < 0 else None
        case _:
            is_equal = True if up == 0 == down else False if up < 0 or down < 0 else None
            return is_equal if operation == "eq" or is_equal is None else not is_equal


def assume(facts: Facts, condition: Condition, truth: bool) -> None:
    """Add what follows from a condition that holds, or does not."""
    match condition:
        case Truth() if condition.value != truth:
            facts.is_contradictory = True
        case Negation():
            assume(facts, condition.condition, not truth)
        case IsNull():
            if not truth:
                facts.solid.add(condition.reference)
            elif facts.is_solid(condition.reference):
                facts.is_contradictory = True
        case Comparison():
            operation = condition.operation if truth else NEGATED[condition.operation]
            _assume_order(facts, operation, condition.one, condition.other)
        case Branches():
            way = condition.yes if truth else condition.no
            if way is None:
                facts.is_contradictory = True
            else:
                facts.repeat(way, condition.base)
        case _:
            pass


def _assume_order(facts: Facts, operation: str, one: Operand, other: Operand) -> None:
    if _compare(facts, operation, one, other) is False:
        facts.is_contradictory = True
        return
    match operation:
        case "lt":
            facts.order(one, other, -1)
        case "le":
            facts.order(one, other, 0)
        case "gt":
            facts.order(other, one, -1)
        case "ge":
            facts.order(other, one, 0)
        case "eq":
            facts.order(one, other, 0)
            facts.order(other, one, 0)
        case _:
            facts.differ(one, other)
