"""The only place that starts other programs.

Comes in: a command line, bytes for its input, a time limit. Goes out: what it wrote, its exit code
and how long it ran. Promises: never a shell, never an exception for a program that fails, dies,
hangs or does not exist; the outcome says which. Long-lived workers are started here too.
"""

from __future__ import annotations

import os
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, TYPE_CHECKING

from clef.data_classes import dataclass

if TYPE_CHECKING:
    import subprocess


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a program ended.

    `exit_code` is negative for a signal (as in Python) and `None` when it did not start.
    """

    command: tuple[str, ...]
    exit_code: int | None
    output: bytes
    errors: bytes
    seconds: float
    timed_out: bool = False

    @property
    def succeeded(self) -> bool:
        """Whether it ran to its end with exit code 0."""
        return self.exit_code == 0 and not self.timed_out

    def error_text(self) -> str:
        """Standard error as text; undecodable bytes are shown as escapes."""
        return self.errors.decode("utf-8", "backslashreplace")


def _environment(changes: Mapping[str, str] | None) -> dict[str, str] | None:
    return {**os.environ, **changes} if changes else None


def run(
    command: Sequence[str],
    *,
    input_bytes: bytes = b"",
    time_limit: float = 120.0,
    environment: Mapping[str, str] | None = None,
    folder: Path | None = None,
) -> Outcome:
    """Run a program to its end; `environment` is laid over the present one, `time_limit` is in
    seconds.
    """
    import subprocess

    words = tuple(command)
    start = time.perf_counter()
    try:
        process = subprocess.Popen(
            words,
            stdin=subprocess.PIPE if input_bytes else subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=_environment(environment),
            cwd=folder,
        )
    except OSError as error:
        return Outcome(words, None, b"", str(error).encode(), time.perf_counter() - start)
    timed_out = False
    try:
        output, errors = process.communicate(input_bytes or None, time_limit)
    except subprocess.TimeoutExpired:
        timed_out = True
        process.kill()
        output, errors = process.communicate()
    seconds = time.perf_counter() - start
    return Outcome(words, process.returncode, output, errors, seconds, timed_out)


def run_attached(command: Sequence[str]) -> int | None:
    """Run a program on our own standard streams (the user's program, for one); its exit code, or
    `None` if it did not start.
    """
    import subprocess

    try:
        return subprocess.call(tuple(command))
    except OSError:
        return None


def start_worker(command: Sequence[str], errors: IO[bytes]) -> subprocess.Popen[bytes]:
    """Start a program that serves requests over its standard input and output; its complaints go to
    `errors`.
    """
    import subprocess

    return subprocess.Popen(
        tuple(command), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors
    )


def start_beside(
    command: Sequence[str],
    descriptors: Sequence[int],
    output: int | None = None,
    errors: int | None = None,
) -> subprocess.Popen[bytes]:
    """Start a program that goes on beside us on our own streams, or on these, and that has some
    descriptors of ours."""
    import subprocess

    return subprocess.Popen(
        tuple(command), pass_fds=tuple(descriptors), stdout=output, stderr=errors
    )
