"""Progress of a build, as a protocol.

Comes in: the names of stages as they start. Goes out: nothing, or a list of what took how long.
Promises: a stage calls only `stage`; who listens is decided by the caller, and the silent listener
costs next to nothing.
"""

from __future__ import annotations

import time
from contextlib import AbstractContextManager, nullcontext
from types import TracebackType
from typing import Protocol

from clef.data_classes import dataclass, field


class Telemetry(Protocol):
    """Whoever wants to know what the compiler is doing."""

    def stage(self, name: str) -> AbstractContextManager[None]:
        """Open a stage; it ends when the returned context is left."""
        ...


class Silent:
    """The listener that does not listen."""

    __slots__ = ()

    def stage(self, name: str) -> AbstractContextManager[None]:
        """See `Telemetry.stage`."""
        return nullcontext()


@dataclass(frozen=True, slots=True)
class StageTiming:
    """One finished stage: nesting depth from 0, start relative to the recording's start, both times
    in seconds.
    """

    name: str
    depth: int
    start: float
    seconds: float


@dataclass(slots=True)
class Recording:
    """The listener that keeps every stage with its time, in order of their ends."""

    timings: list[StageTiming] = field(default_factory=list[StageTiming])
    origin: float = field(default_factory=time.perf_counter)
    depth: int = 0

    def stage(self, name: str) -> AbstractContextManager[None]:
        """See `Telemetry.stage`."""
        return _Stopwatch(self, name)

    def ordered(self) -> list[StageTiming]:
        """All stages in order of their starts, outer before inner."""
        return sorted(self.timings, key=lambda timing: (timing.start, timing.depth))


@dataclass(slots=True)
class _Stopwatch:
    recording: Recording
    name: str
    start: float = 0.0

    def __enter__(self) -> None:
        self.recording.depth += 1
        self.start = time.perf_counter()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        now = time.perf_counter()
        recording = self.recording
        recording.depth -= 1
        recording.timings.append(
            StageTiming(self.name, recording.depth, self.start - recording.origin, now - self.start)
        )


SILENT: Telemetry = Silent()
