"""What checking a larger project costs.

In: a generated project of 4,000 lines. Out: processor time and memory of checking it, of checking
it again, and after an edit. Promises: times are multiples of what a bare Python takes to start at
the same moment, with room for a busy machine.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from benchmarks.generate_project import GeneratedProject, Shape, generate

ROOT = Path(__file__).parent.parent.parent
LINES = 4000


def _spent(words: Sequence[str]) -> tuple[float, int]:
    """Processor seconds of a command, and the peak of its memory in bytes."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "NO_COLOR": "1"}
    # Without bytecode every start would compile the compiler.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    process = subprocess.Popen(
        words, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    assert process.stdout is not None
    with process.stdout:
        output = process.stdout.read()
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, output.decode()
    return used.ru_utime + used.ru_stime, used.ru_maxrss * 1024


def _check(project: GeneratedProject) -> tuple[float, int]:
    return _spent([sys.executable, "-m", "clef", "check", str(project.file)])


def _python() -> float:
    return min(_spent([sys.executable, "-c", "pass"])[0] for _ in range(5))


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> GeneratedProject:
    """The project, with the library at hand."""
    folder = tmp_path_factory.mktemp("generated")
    (folder / "one.clef").write_text("let x = 1\n", encoding="utf-8")
    _spent([sys.executable, "-m", "clef", "check", str(folder / "one.clef")])
    return generate(folder, Shape(lines=LINES, files=8))


def test_check_and_check_again(project: GeneratedProject) -> None:
    """About 5,000 lines a second on a machine where Python starts in 10 ms; then much less."""
    first, memory = _check(project)
    python = _python()
    limit = LINES / 5000 / 0.010 * 2 * python
    assert first < limit, f"{LINES / first:.0f} lines/s; Python starts in {python:.3f} s"
    assert memory < 250e6, f"{memory:,} bytes"
    again = min(_check(project)[0] for _ in range(3))
    assert again < first / 3, f"{again:.2f} s after {first:.2f} s"
    edited = []
    for _ in range(3):
        project.edit_one_body()
        edited.append(_check(project)[0])
    assert min(edited) < first / 2, f"{min(edited):.2f} s after {first:.2f} s"
