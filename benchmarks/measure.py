"""Running a command and saying what it took.

In: a command. Out: seconds by the wall clock and of the processor, and the peak of resident memory
in bytes. Promises: the figures are those of the command alone; a command that fails raises `Failed`
with its output.

Commands are started by `launcher.c`, which is built once: a child of this Python would be charged
with the memory of Python itself.
"""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ENVIRONMENT = {**os.environ, "NO_COLOR": "1"}
# Without bytecode every start of the compiler would compile the compiler.
ENVIRONMENT.pop("PYTHONDONTWRITEBYTECODE", None)
LIMIT = 300.0
"""Seconds after which a command is given up."""


class Failed(Exception):
    """A command ended with another exit code than 0, or not in time."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one run took: seconds by the wall clock and of the processor, and bytes at the peak."""

    seconds: float
    processor: float
    memory: int
    output: str = ""


def c_compiler() -> list[str]:
    """A clang of the LLVM that Clef uses if there is one, else the one in the `ziglang` wheel.

    Both languages are compiled for the same processor: the architecture's baseline, which zig has
    to be told.
    """
    for name in ("clang-22", "clang"):
        found = shutil.which(name)
        if found:
            return [found]
    return [sys.executable, "-m", "ziglang", "cc", "-mcpu=baseline"]


@functools.cache
def _launcher() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="clef-launcher-"))
    program = folder / "launcher"
    source = Path(__file__).with_name("launcher.c")
    subprocess.run([*c_compiler(), "-O2", "-o", program, source], check=True, capture_output=True)
    return program


def run(command: Sequence[str], folder: Path | None = None, **changes: str) -> Cost:
    """Run `command` once, its input empty, its environment changed by `changes`."""
    with tempfile.TemporaryDirectory() as place:
        figures, output = Path(place) / "figures", Path(place) / "output"
        with output.open("wb") as written:
            try:
                subprocess.run(
                    [str(_launcher()), str(figures), *map(str, command)],
                    cwd=folder,
                    env={**ENVIRONMENT, **changes},
                    stdin=subprocess.DEVNULL,
                    stdout=written,
                    stderr=subprocess.STDOUT,
                    timeout=LIMIT,
                    check=True,
                )
            except subprocess.SubprocessError as problem:
                raise Failed(f"{command[0]} was given up: {type(problem).__name__}") from problem
        text = output.read_text(encoding="utf-8", errors="replace")
        wall, user, system, memory, status = map(int, figures.read_text().split())
    if status != 0:
        code = os.waitstatus_to_exitcode(status)
        raise Failed(f"{command[0]} ended with {code}:\n{text[-2000:]}")
    return Cost(wall / 1e9, (user + system) / 1e6, memory * 1024, text)


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
