"""What samples of running times say.

Comes in: the time of one call in each sample, in nanoseconds. Goes out: `Summary`. Promises: the
median with an interval that holds the true one in 95 of 100 cases, without any assumption about how
the times are spread (order statistics); outliers are counted and not left out.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from clef.data_classes import dataclass

_WIDTH_95 = 1.96


@dataclass(frozen=True, slots=True)
class Summary:
    """All times in nanoseconds. Outliers lie more than 1.5 quartile distances away from the
    quartiles (Tukey).
    """

    median: float
    low: float
    high: float
    mean: float
    deviation: float
    least: float
    samples: int
    low_outliers: int
    high_outliers: int


def summary_of(times: Sequence[float]) -> Summary:
    """The figures of at least one sample."""
    ordered = sorted(times)
    count = len(ordered)
    mean = sum(ordered) / count
    spread = sum((time - mean) ** 2 for time in ordered) / max(count - 1, 1)
    low, high = _interval(ordered)
    first, third = _quantile(ordered, 0.25), _quantile(ordered, 0.75)
    reach = 1.5 * (third - first)
    return Summary(
        _quantile(ordered, 0.5),
        low,
        high,
        mean,
        math.sqrt(spread),
        ordered[0],
        count,
        sum(time < first - reach for time in ordered),
        sum(time > third + reach for time in ordered),
    )


def _quantile(ordered: Sequence[float], part: float) -> float:
    place = part * (len(ordered) - 1)
    below = math.floor(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


def _interval(ordered: Sequence[float]) -> tuple[float, float]:
    """The samples between which the median lies (the binomial distribution's normal form)."""
    count = len(ordered)
    half = _WIDTH_95 * math.sqrt(count) / 2
    first = max(math.floor(count / 2 - half), 0)
    last = min(math.ceil(count / 2 + half), count - 1)
    return ordered[first], ordered[last]


def shown_time(nanoseconds: float) -> str:
    """With three digits and a unit that fits."""
    for unit, size in (("s", 1e9), ("ms", 1e6), ("µs", 1e3)):
        if nanoseconds >= size:
            return f"{_digits(nanoseconds / size)} {unit}"
    return f"{_digits(nanoseconds)} ns"


def _digits(number: float) -> str:
    if number >= 100:
        return f"{number:.0f}"
    return f"{number:.1f}" if number >= 10 else f"{number:.2f}"
