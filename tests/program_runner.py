"""Running one test program through the compiler.

In: the path of a `.clef` file and a back end's name. Out: what the program printed and how it
ended. Promises: compile errors come back as a `Result` with exit code 1 and the diagnostics on
standard error, as the command would give them.
"""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.program_expectations import Expectation, parse

TIME_LIMIT = 60.0


@dataclass(slots=True)
class Result:
    """What a program did."""

    stdout: str
    stderr: str
    exit_code: int


def run_program(path: Path, backend: str = "native") -> Result:
    """Compile and run the program at `path` with the arguments and input that it asks for."""
    _, expectation = parse(path.read_text(encoding="utf-8"))
    target = [] if backend == "native" else ["--target", backend]
    command = [sys.executable, "-m", "clef", "run", *target, str(path), "--"]
    done = subprocess.run(
        [*command, *expectation.arguments],
        input=expectation.stdin.encode(),
        capture_output=True,
        timeout=TIME_LIMIT,
        env={**os.environ, "NO_COLOR": "1"},
    )
    return Result(_decoded(done.stdout), _decoded(done.stderr), done.returncode)


def difference(expectation: Expectation, result: Result) -> str | None:
    """Say how `result` differs from `expectation`; None when it does not."""
    if result.exit_code != expectation.exit_code:
        return (
            f"exit code {result.exit_code}, expected {expectation.exit_code}\n"
            f"{result.stdout[-1500:]}\n{result.stderr[-3000:]}"
        )
    if result.stdout != expectation.stdout:
        return _first_difference(expectation.stdout, result.stdout)
    for part in expectation.stderr_parts:
        if part not in result.stderr:
            return f"standard error lacks {part!r}:\n{result.stderr[-3000:]}"
    return None


def _first_difference(expected: str, actual: str) -> str:
    wanted, got = expected.split("\n"), actual.split("\n")
    for number, (left, right) in enumerate(zip(wanted, got, strict=False), 1):
        if left != right:
            return f"output line {number}:\n  expected {left!r}\n  got      {right!r}"
    return f"{len(got) - 1} lines of output, expected {len(wanted) - 1}"


def _decoded(data: bytes) -> str:
    return data.decode("utf-8", errors="replace")
