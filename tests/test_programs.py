"""Every program under `tests/programs` does what its comments say.

In: the programs and their expectations. Out: one test for each. Promises: a program without any
expectation is itself a failure.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.program_expectations import parse
from tests.program_runner import difference, run_program

PROGRAMS = Path(__file__).parent / "programs"
PATHS = sorted(PROGRAMS.rglob("*.clef"))


def _name(path: Path) -> str:
    return path.relative_to(PROGRAMS).with_suffix("").as_posix()


@pytest.mark.parametrize("path", PATHS, ids=_name)
def test_program(path: Path) -> None:
    """The program prints and ends as stated."""
    _, expectation = parse(path.read_text(encoding="utf-8"))
    assert expectation.has_output_lines or expectation.stderr_parts, "no expectation is stated"
    problem = difference(expectation, run_program(path))
    assert problem is None, problem
