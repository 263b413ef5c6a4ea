"""What the compiler is doing, on one line of a terminal, and how long it took.

Comes in: the stages as they start and end. Goes out: a status line, and at the end a table or a
line of JSON. Promises: nothing is drawn unless standard error is a terminal, in the first moments
only what is known to take long, and the line is gone before anything else is written.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Generator
from contextlib import AbstractContextManager, contextmanager

from clef.data_classes import dataclass, field
from clef.toolchain.telemetry import Recording, StageTiming

PATIENCE = 0.25

_DOING = {
    "read": "Reading",
    "tree": "Parsing",
    "names": "Resolving",
    "types": "Checking",
    "changes": "Comparing",
    "core": "Specialising",
    "direct": "Specialising",
    "ranges": "Proving",
    "graph": "Connecting",
    "plan": "Planning",
    "mlir": "Emitting",
    "code": "Generating",
    "link": "Linking",
}
# Stages that take seconds, and are not about the user's program.
_LONG = {"standard library (once)": ("Preparing", "the standard library, once")}


@dataclass(slots=True)
class Progress:
    """A listener for the pipeline. `shown` draws the status line; `log` writes a line per stage."""

    what: str
    shown: bool = False
    log: bool = False
    recording: Recording = field(default_factory=Recording)
    drawn: bool = False

    def stage(self, name: str) -> AbstractContextManager[None]:
        """See `Telemetry.stage`."""
        return self._stage(name)

    @contextmanager
    def _stage(self, name: str) -> Generator[None]:
        if name in _LONG:
            self._draw(*_LONG[name])
        elif self.recording.depth == 0 and self._is_late():
            self._draw(_DOING.get(name, name.capitalize()), self.what)
        start = time.perf_counter()
        try:
            with self.recording.stage(name):
                yield
        finally:
            if self.log:
                self.clear()
                indent = "  " * self.recording.depth
                seconds = time.perf_counter() - start
                sys.stderr.write(f"{seconds * 1000:9.1f} ms  {indent}{name}\n")

    def _is_late(self) -> bool:
        return time.perf_counter() - self.recording.origin > PATIENCE

    def _draw(self, verb: str, what: str) -> None:
        if self.shown:
            sys.stderr.write(f"\r\x1b[K{verb:>11} {what}")
            sys.stderr.flush()
            self.drawn = True

    def clear(self) -> None:
        """Takes the status line away."""
        if self.drawn:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
            self.drawn = False


def timings_text(timings: list[StageTiming]) -> str:
    """A table of stages, milliseconds and shares."""
    total = sum(timing.seconds for timing in timings if timing.depth == 0) or 1e-9
    width = max([5, *(2 * timing.depth + len(timing.name) for timing in timings)])
    lines = [f"{'stage':<{width}} {'ms':>10}  share"]
    for timing in timings:
        name = "  " * timing.depth + timing.name
        share = f"{timing.seconds / total:5.0%}" if timing.depth == 0 else ""
        lines.append(f"{name:<{width}} {timing.seconds * 1000:>10.1f}  {share}".rstrip())
    lines.append(f"{'total':<{width}} {total * 1000:>10.1f}  100%")
    return "\n".join(lines) + "\n"


def timings_json(timings: list[StageTiming]) -> str:
    """One line: `version` 1, `kind` `timings`, and `stages` with name, depth, start and seconds."""
    import json

    stages = [
        {
            "name": timing.name,
            "depth": timing.depth,
            "start": round(timing.start, 6),
            "seconds": round(timing.seconds, 6),
        }
        for timing in timings
    ]
    return json.dumps({"version": 1, "kind": "timings", "stages": stages}) + "\n"
