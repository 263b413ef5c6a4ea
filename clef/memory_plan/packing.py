"""Where the parts of a value or a cell lie in memory.

Comes in: the sizes and alignments of parts, in the order in which they are declared. Goes out: an
offset for each. Promises: every part is at its alignment; parts that would leave a gap change
places with later ones that fit, unless the order is kept for somebody who reads the memory.
"""

from __future__ import annotations

from collections.abc import Sequence

from clef.memory_plan.plan import MemoryShape

Part = tuple[int, int]
"""Size and alignment in bytes."""


def in_order(parts: Sequence[Part], start: int = 0) -> MemoryShape:
    """One behind the other from `start` on, as C does; the size is rounded up to the alignment."""
    offsets: list[int] = []
    position, alignment = start, 1
    for size, own in parts:
        position = _aligned(position, own)
        offsets.append(position)
        position += size
        alignment = max(alignment, own)
    return MemoryShape(tuple(offsets), _aligned(position, alignment), alignment)


def packed(parts: Sequence[Part], start: int = 0) -> MemoryShape:
    """Each time the part of the largest alignment that needs no gap, the first of its kind."""
    waiting: dict[int, list[int]] = {}
    for index in reversed(range(len(parts))):
        waiting.setdefault(parts[index][1], []).append(index)
    alignment = max(waiting, default=1)
    offsets = [0] * len(parts)
    position = start
    while waiting:
        own = max((one for one in waiting if position % one == 0), default=min(waiting))
        index = waiting[own].pop()
        if not waiting[own]:
            del waiting[own]
        offsets[index] = _aligned(position, own)
        position = offsets[index] + parts[index][0]
    return MemoryShape(tuple(offsets), _aligned(position, alignment), alignment)


def end_of(parts: Sequence[Part], offsets: Sequence[int], start: int) -> int:
    """The first byte behind all parts."""
    return max((at + part[0] for at, part in zip(offsets, parts, strict=True)), default=start)


def _aligned(position: int, alignment: int) -> int:
    return -(-position // alignment) * alignment
