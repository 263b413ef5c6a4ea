"""What operations on integers give.

Comes in: an operation, its operands, the range of the result's type and what is known so far. Goes
out: the result as a constant, as one of the operands, or as a value about which the facts then
say more. Promises: wrap-around is modelled exactly: only when the mathematical result is certain to
fit the type is the value taken for it, and `operation` says how it was computed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from clef.data_classes import dataclass
from clef.value_ranges.facts import Facts, Interval, Operand, Value


@dataclass(slots=True)
class Made:
    """The place of a result. `value`: stands for it if it is neither constant nor an operand.
    A value that can only be one number stays a value: what it is compared with is known of it.
    """

    facts: Facts
    value: Value
    is_exact: bool = True
    is_constant: bool = False

    @property
    def range(self) -> Interval:
        return self.value.low, self.value.high

    def fits(self, low: int, high: int) -> bool:
        return self.value.low <= low and high <= self.value.high

    def known(self, low: int, high: int) -> Operand:
        """The result lies between these."""
        if low == high and self.is_constant:
            return low
        self.facts.refine(self.value, low, high)
        return self.value

    def unknown(self) -> Operand:
        self.is_exact = False
        return self.value

    def exact(self, operation: str, operands: tuple[Operand, ...]) -> None:
        self.value.operation, self.value.operands = operation, operands


Operation = Callable[[Made, Operand, Operand], Operand]


def binary(made: Made, operation: str, one: Operand, other: Operand) -> Operand:
    """The result of an operation on two integers; those that may fail have not failed."""
    made.value.operation, made.value.operands = "", ()
    made.is_constant = isinstance(one, int) and isinstance(other, int)
    known = _OPERATIONS.get(operation)
    return made.unknown() if known is None else known(made, one, other)


# Sums and differences -----------------------------------------------------------------------------


def _add(made: Made, one: Operand, other: Operand) -> Operand:
    if one == 0:
        return other
    if other == 0:
        return one
    facts = made.facts
    (low, high), (low2, high2) = facts.interval(one), facts.interval(other)
    least, most = low + low2, high + high2
    above = [*_ends(facts, one, other, True), *_ends(facts, other, one, True)]
    below = [*_ends(facts, one, other, False), *_ends(facts, other, one, False)]
    most = min([most, *(facts.interval(end)[1] + step for end, step in above)])
    least = max([least, *(facts.interval(end)[0] - step for end, step in below)])
    if not made.fits(least, most):
        return made.unknown()
    made.exact("add", (one, other))
    result = made.known(least, most)
    _between(facts, result, one, low2, high2)
    _between(facts, result, other, low, high)
    for end, step in above:
        facts.order(result, end, step)
    for end, step in below:
        facts.order(end, result, step)
    return result


def _ends(facts: Facts, start: Operand, added: Operand, upward: bool) -> list[tuple[Operand, int]]:
    """`start + d` is at most `end + c` where `d` is at most `end - start + c`; the like from
    below."""
    if not isinstance(added, Value):
        return []
    nearest = {added: 0, **facts.reached(added, upward)}
    return [
        (near.operands[0], step)
        for near, step in nearest.items()
        if near.operation == "sub" and near.operands[1] is start
    ]


def _between(facts: Facts, result: Operand, start: Operand, low: int, high: int) -> None:
    """`start + low <= result <= start + high`."""
    if isinstance(result, Value) and isinstance(start, Value):
        facts.order(result, start, high)
        facts.order(start, result, -low)


def _sub(made: Made, one: Operand, other: Operand) -> Operand:
    if other == 0:
        return one
    if one is other:
        return 0
    facts = made.facts
    (low, high), (low2, high2) = facts.interval(one), facts.interval(other)
    least, most = low - high2, high - low2
    if isinstance(one, Value) and isinstance(other, Value):
        most = min(most, facts.bound(one, other))
        least = max(least, -facts.bound(other, one))
    if not made.fits(least, most):
        return made.unknown()
    made.exact("sub", (one, other))
    result = made.known(least, most)
    _between(facts, result, one, -high2, -low2)
    return result


def _mul(made: Made, one: Operand, other: Operand) -> Operand:
    if one == 1:
        return other
    if other == 1:
        return one
    facts = made.facts
    (low, high), (low2, high2) = facts.interval(one), facts.interval(other)
    corners = [low * low2, low * high2, high * low2, high * high2]
    if not made.fits(min(corners), max(corners)):
        return made.unknown()
    made.exact("mul", (one, other))
    result = made.known(min(corners), max(corners))
    for a, a_low, b_low in ((one, low, low2), (other, low2, low)):
        if a_low >= 0 and b_low >= 1:
            facts.order(a, result, 0)
    return result


# Quotients ----------------------------------------------------------------------------------------


def _halves(interval: Interval) -> Iterable[int]:
    """The ends of an interval's parts below and above zero."""
    low, high = interval
    if low < 0:
        yield from {low, min(high, -1)}
    if high > 0:
        yield from {max(low, 1), high}


def _quotient(one: int, other: int) -> int:
    """Towards zero."""
    size = abs(one) // abs(other)
    return size if (one < 0) == (other < 0) else -size


def _div(made: Made, one: Operand, other: Operand) -> Operand:
    facts = made.facts
    (low, high), divisor = facts.interval(one), facts.interval(other)
    corners = [_quotient(end, by) for end in (low, high) for by in _halves(divisor)]
    if not corners:
        return made.unknown()  # the divisor is zero
    if low < 0 < high:
        corners.append(0)
    if not made.fits(min(corners), max(corners)):
        return made.unknown()
    result = made.known(min(corners), max(corners))
    if low >= 0 and divisor[0] >= 1:
        facts.order(result, one, -1 if divisor[0] >= 2 and low >= 1 else 0)
    if other == 2:
        _average(facts, result, one)
    return result


def _average(facts: Facts, result: Operand, sum: Operand) -> None:
    """Half of an exact sum lies between its parts."""
    if not isinstance(sum, Value) or sum.operation != "add":
        return
    one, other = sum.operands
    for small, large in ((one, other), (other, one)):
        step = facts.bound(small, large)
        if step <= 0:
            facts.order(small, result, 0)
            facts.order(result, large, -1 if step < 0 else 0)


def _rem(made: Made, one: Operand, other: Operand) -> Operand:
    facts = made.facts
    (low, high), (low2, high2) = facts.interval(one), facts.interval(other)
    most = max(abs(low2), abs(high2)) - 1
    if most < 0:
        return made.unknown()
    least = max(low, -most) if low < 0 else 0
    result = made.known(least, min(high, most) if high > 0 else 0)
    if low >= 0:
        facts.order(result, one, 0)
    if low2 >= 1:
        facts.order(result, other, -1)
    return result


# Bits ---------------------------------------------------------------------------------------------


def _and(made: Made, one: Operand, other: Operand) -> Operand:
    facts = made.facts
    positive = [(facts.interval(o)[1], o) for o in (one, other) if facts.interval(o)[0] >= 0]
    if not positive:
        return made.unknown()
    result = made.known(0, min(high for high, _ in positive))
    for _, operand in positive:
        facts.order(result, operand, 0)
    return result


def _or(made: Made, one: Operand, other: Operand) -> Operand:
    facts = made.facts
    (low, high), (low2, high2) = facts.interval(one), facts.interval(other)
    if low < 0 or low2 < 0:
        return made.unknown()
    result = made.known(max(low, low2), (1 << max(high, high2).bit_length()) - 1)
    facts.order(one, result, 0)
    facts.order(other, result, 0)
    return result


def _xor(made: Made, one: Operand, other: Operand) -> Operand:
    (low, high), (low2, high2) = made.facts.interval(one), made.facts.interval(other)
    if low < 0 or low2 < 0:
        return made.unknown()
    return made.known(0, (1 << max(high, high2).bit_length()) - 1)


def _bits(made: Made) -> int:
    return (made.value.high - made.value.low).bit_length()


def _shl(made: Made, one: Operand, other: Operand) -> Operand:
    if not isinstance(other, int):
        return made.unknown()
    factor = 1 << (other & (_bits(made) - 1))
    low, high = made.facts.interval(one)
    if not made.fits(low * factor, high * factor):
        return made.unknown()
    return made.known(low * factor, high * factor)


def _shr(made: Made, one: Operand, other: Operand) -> Operand:
    low, high = made.facts.interval(one)
    if isinstance(other, int):
        count = other & (_bits(made) - 1)
        result = made.known(low >> count, high >> count)
        if count == 1:
            _average(made.facts, result, one)
    elif low >= 0:
        result = made.known(0, high)
    else:
        result = made.known(low, max(high, -1))
    if low >= 0:
        made.facts.order(result, one, 0)
    return result


_OPERATIONS: dict[str, Operation] = {
    "add": _add,
    "sub": _sub,
    "mul": _mul,
    "add_checked": _add,
    "sub_checked": _sub,
    "mul_checked": _mul,
    "div": _div,
    "rem": _rem,
    "and": _and,
    "or": _or,
    "xor": _xor,
    "shl": _shl,
    "shr": _shr,
}


def unary(made: Made, operation: str, one: Operand) -> Operand:
    """The result of an operation on an integer."""
    made.value.operation, made.value.operands = "", ()
    made.is_constant = isinstance(one, int)
    low, high = made.facts.interval(one)
    if operation == "neg" and made.fits(-high, -low):
        return made.known(-high, -low)
    if operation == "not_bits":
        base = made.value.low + made.value.high
        return made.known(base - high, base - low)
    if operation in ("popcount", "clz", "ctz"):
        return made.known(0, 64)
    return made.unknown()


def converted(made: Made, one: Operand) -> Operand:
    """An integer as another integer type: the same number if it fits."""
    low, high = made.facts.interval(one)
    made.value.operation, made.value.operands = "", ()
    if made.fits(low, high):
        return one
    if made.value.low == 0 and isinstance(one, Value) and one.high - one.low == made.value.high:
        made.exact("wrap", (one,))
    return made.unknown()


def is_below(facts: Facts, index: Operand, length: Operand) -> bool:
    """Whether an index is certain to be less than a length: by the bounds, or because it is the
    place of a row and a column in a table of `rows * columns`.
    """
    if facts.bound(index, length) < 0:
        return True
    if not isinstance(index, Value) or not isinstance(length, Value):
        return False
    if index.operation != "add" or length.operation != "mul":
        return False
    for start, column in (index.operands, index.operands[::-1]):
        if not isinstance(start, Value) or start.operation != "mul":
            continue
        for row, columns in (start.operands, start.operands[::-1]):
            for rows, width in (length.operands, length.operands[::-1]):
                if (
                    _is_same(columns, width)
                    and facts.bound(row, rows) < 0
                    and facts.bound(column, width) < 0
                ):
                    return True
    return False


def _is_same(one: Operand, other: Operand) -> bool:
    return one is other or (isinstance(one, int) and one == other)
