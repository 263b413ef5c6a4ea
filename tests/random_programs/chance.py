"""Where random programs take their decisions from.

In: a seed, or decisions written down before. Out: numbers below a bound. Promises: the decisions
taken can be read back, and the same decisions give the same program; where they run out, the
answer is 0, which always means the simplest choice.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import TypeVar

Item = TypeVar("Item")


class Chance:
    """A source of decisions; `taken` lists those handed out so far."""

    def __init__(self, seed: int, written: Sequence[int] | None = None) -> None:
        self._random = random.Random(seed)
        self._written = written
        self.taken: list[int] = []

    def below(self, bound: int) -> int:
        """A number from 0 to `bound` - 1."""
        if self._written is None:
            decision = self._random.randrange(bound)
        elif len(self.taken) < len(self._written):
            decision = self._written[len(self.taken)] % bound
        else:
            decision = 0
        self.taken.append(decision)
        return decision

    def one_of(self, choices: Sequence[Item]) -> Item:
        """One of the choices; the first is the simplest."""
        return choices[self.below(len(choices))]

    def likely(self, percent: int) -> bool:
        """True so many times in a hundred."""
        return self.below(100) >= 100 - percent
