"""Where programs leave marks of what they have run.

Comes in: a file and the sources of a project. Goes out: `Marks`. Promises: plain immutable data,
which options can hold.
"""

from __future__ import annotations

from clef.data_classes import dataclass


@dataclass(frozen=True, slots=True)
class Marks:
    """`file` has `size` bytes, one for each character of the sources; `bases`: where those of each
    source begin.
    """

    file: str
    size: int
    bases: tuple[tuple[str, int], ...]

    def base(self, path: str) -> int | None:
        """Where the bytes of a source begin."""
        return next((start for name, start in self.bases if name == path), None)
