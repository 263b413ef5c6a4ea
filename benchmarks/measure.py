"""Running a command and saying what it took.

In: a command. Out: seconds by the wall clock and the peak of resident memory in bytes. Promises:
the figures are those of the command alone, but that memory is never less than the ten megabytes of
the Python that starts it; a command that fails raises `Failed` with its output.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ENVIRONMENT = {**os.environ, "NO_COLOR": "1"}


class Failed(Exception):
    """A command ended with another exit code than 0."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one run took."""

    seconds: float
    memory: int
    output: str = ""


def run(command: Sequence[str], folder: Path | None = None) -> Cost:
    """Run `command` once, its input empty."""
    with tempfile.TemporaryFile() as output:
        start = time.perf_counter()
        process = _started(command, output.fileno(), folder)
        _, status, usage = os.wait4(process, 0)
        seconds = time.perf_counter() - start
        output.seek(0)
        text = output.read().decode("utf-8", "replace")
    if status != 0:
        code = os.waitstatus_to_exitcode(status)
        raise Failed(f"{' '.join(map(str, command))} ended with {code}:\n{text[-2000:]}")
    return Cost(seconds, usage.ru_maxrss * 1024, text)


def _started(command: Sequence[str], output: int, folder: Path | None) -> int:
    """Start a process by fork, so that its memory is counted from its own beginning."""
    process = os.fork()
    if process:
        return process
    try:
        if folder is not None:
            os.chdir(folder)
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, 0)
        os.dup2(output, 1)
        os.dup2(output, 2)
        os.execvpe(command[0], list(command), ENVIRONMENT)
    finally:
        os._exit(127)


def startup_seconds(program: Path, times: int = 200) -> float:
    """The median time from starting `program` to its end, without this process's own overhead."""
    null = os.open(os.devnull, os.O_RDWR)
    actions = [(os.POSIX_SPAWN_DUP2, null, 1), (os.POSIX_SPAWN_DUP2, null, 2)]
    taken: list[float] = []
    for _ in range(times):
        start = time.perf_counter()
        process = os.posix_spawn(str(program), [str(program)], ENVIRONMENT, file_actions=actions)
        os.waitpid(process, 0)
        taken.append(time.perf_counter() - start)
    os.close(null)
    return median(taken)


def median(values: Sequence[float]) -> float:
    """The middle value, or the mean of the two in the middle."""
    ordered = sorted(values)
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return ordered[middle]
    return (ordered[middle - 1] + ordered[middle]) / 2
