"""What code may do besides giving a result, as a set of flags.

Comes in: nothing. Goes out: `Effects`, and when two parts of a program may change places.
Promises: see `effects.py`.
"""

from __future__ import annotations

from enum import Flag


class Effects(Flag):
    """`STOPS`: it may raise an exception, or not end. `READS`, `WRITES`: what others can change or
    see, or the world outside."""

    NONE = 0
    READS = 1
    STOPS = 2
    WRITES = 4


ALL = Effects.READS | Effects.STOPS | Effects.WRITES


def can_swap(first: Effects, second: Effects) -> bool:
    """Whether the second may as well come before the first, or among its parts."""
    if not first or not second:
        return True
    if Effects.WRITES in first or Effects.WRITES in second:
        return False
    return not (Effects.STOPS in first and Effects.STOPS in second)
