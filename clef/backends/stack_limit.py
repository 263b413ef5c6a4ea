"""Whether a program keeps to the stack that its project allows.

Comes in: a planned program, the sizes of its frames, and `max_stack_size`. Goes out: a diagnostic
for each entry point that may need more, or has no bound. Promises: see `stack_depth`.
"""

from __future__ import annotations

from collections.abc import Mapping

from clef.backends.stack_depth import Depth, Step, stack_depths
from clef.diagnostics.diagnostic import Diagnostic
from clef.diagnostics.memory import StackTooDeep, StackUnbounded
from clef.mlir.planned import Planned
from clef.source import Span


def check_stack(
    planned: Planned, frames: Mapping[str, int], limit: int, path: str
) -> list[Diagnostic]:
    """All findings. `path`: the project file, for what no place of the user leads to."""
    found: list[Diagnostic] = []
    for depth in stack_depths(planned, frames):
        place = _place(depth, path)
        names = tuple(step.name for step in depth.steps)
        if depth.size is None:
            found.append(StackUnbounded(place, depth.entry, depth.reason, names))
        elif depth.size > limit:
            found.append(StackTooDeep(place, depth.entry, depth.size, limit, names))
    return found


def _place(depth: Depth, path: str) -> Span:
    """The deepest place of the user on the way."""
    steps: list[Step] = list(reversed(depth.steps))
    for step in steps:
        if step.span is not None and step.span.path and not step.span.in_library:
            return step.span
    return Span(path, 0, 0)
