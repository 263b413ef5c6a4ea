"""Every program under `tests/programs` does what its comments say.

In: the programs and their expectations. Out: one test for each and for each target named in
`CLEF_TEST_TARGETS` (names with blanks between them; without it, this machine alone). Promises: a
program without any expectation is itself a failure.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.program_expectations import parse
from tests.program_runner import difference, run_program

PROGRAMS = Path(__file__).parent / "programs"
PATHS = sorted(PROGRAMS.rglob("*.clef"))


def _name(path: Path) -> str:
    return path.relative_to(PROGRAMS).with_suffix("").as_posix()


@pytest.mark.parametrize("target", os.environ.get("CLEF_TEST_TARGETS", "native").split())
@pytest.mark.parametrize("path", PATHS, ids=_name)
def test_program(path: Path, target: str) -> None:
    """The program prints and ends as stated."""
    _, expectation = parse(path.read_text(encoding="utf-8"))
    assert expectation.has_output_lines or expectation.stderr_parts, "no expectation is stated"
    result = run_program(path, "" if target == "native" else target)
    problem = difference(expectation, result)
    assert problem is None, problem
