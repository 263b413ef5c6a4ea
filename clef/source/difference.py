"""Where two texts differ.

Comes in: a text before and after an edit. Goes out: the one stretch that holds every difference.
Promises: what stands before and behind it is the same in both; it takes a handful of comparisons of
long pieces, and none of single characters.
"""

from __future__ import annotations

from collections.abc import Callable

from clef.data_classes import dataclass


@dataclass(frozen=True, slots=True)
class Difference:
    """`old[start:old_end]` became `new[start:new_end]`."""

    start: int
    old_end: int
    new_end: int

    @property
    def shift(self) -> int:
        """How far the text behind the difference moved."""
        return self.new_end - self.old_end

    def before(self, offset: int) -> int:
        """Where a place of the new text was in the old one."""
        return offset - self.shift if offset >= self.new_end else min(offset, self.old_end)

    def after(self, offset: int) -> int:
        """Where a place of the old text is in the new one."""
        return offset + self.shift if offset >= self.old_end else min(offset, self.new_end)


def difference(old: str, new: str) -> Difference:
    """The smallest stretch outside of which the texts are the same."""
    shorter = min(len(old), len(new))
    start = _longest(shorter, lambda count: old[:count] == new[:count])
    rest = shorter - start
    behind = _longest(rest, lambda count: old[len(old) - count :] == new[len(new) - count :])
    return Difference(start, len(old) - behind, len(new) - behind)


def _longest(limit: int, holds: Callable[[int], bool]) -> int:
    """The largest count for which something holds that holds for all smaller ones as well."""
    low, high = 0, limit
    while low < high:
        middle = (low + high + 1) // 2
        if holds(middle):
            low = middle
        else:
            high = middle - 1
    return low
