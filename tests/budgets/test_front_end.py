"""What checking a larger project costs.

In: a generated project of 4,000 lines. Out: processor time and memory of checking it, of checking
it again, and after an edit. Promises: times are multiples of what Python's own tokenizer takes for
a module of the standard library at the same moment, with room for a busy machine.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from benchmarks.generate_project import GeneratedProject, Shape, generate
from tests.child_usage import usage

ROOT = Path(__file__).parent.parent.parent
LINES = 4000
YARDSTICK = """
import tokenize, _pydecimal
with open(_pydecimal.__file__, "rb") as source:
    for _ in tokenize.tokenize(source.readline):
        pass
"""
TIMES = 21
"""Yardsticks that checking the project takes when nothing else runs."""


def _spent(words: Sequence[str], folder: Path) -> tuple[float, int]:
    """Processor seconds of a command, and the peak of its memory in bytes."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "NO_COLOR": "1"}
    # Without bytecode every start would compile the compiler.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    return usage(words, folder, environment)


def _check(project: GeneratedProject) -> tuple[float, int]:
    words = [sys.executable, "-m", "clef", "check", str(project.file)]
    return _spent(words, project.file.parent)


def _yardstick(folder: Path) -> float:
    return min(_spent([sys.executable, "-c", YARDSTICK], folder)[0] for _ in range(3))


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> GeneratedProject:
    """The project, with the library at hand."""
    folder = tmp_path_factory.mktemp("generated")
    (folder / "one.clef").write_text("let x = 1\n", encoding="utf-8")
    _spent([sys.executable, "-m", "clef", "check", str(folder / "one.clef")], folder)
    return generate(folder, Shape(lines=LINES, files=8))


def test_check_and_check_again(project: GeneratedProject) -> None:
    """The first check within twice what it takes on a quiet machine; then much less."""
    before = _yardstick(project.file.parent)
    first, memory = _check(project)
    yardstick = max(before, _yardstick(project.file.parent))
    found = f"{LINES / first:.0f} lines/s, {first / yardstick:.1f} yardsticks of {yardstick:.3f} s"
    assert first < 2 * TIMES * yardstick, found
    assert memory < 250e6, f"{memory:,} bytes"
    again = min(_check(project)[0] for _ in range(3))
    assert again < first / 3, f"{again:.2f} s after {first:.2f} s"
    edited = []
    for _ in range(3):
        project.edit_one_body()
        edited.append(_check(project)[0])
    assert min(edited) < first / 2, f"{min(edited):.2f} s after {first:.2f} s"
