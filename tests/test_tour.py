"""Every program in the tour prints what the tour says.

In: `docs/tour.md`. Out: one test for each block. Promises: a block without expected output is a
failure.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.program_expectations import parse
from tests.program_runner import difference, run_program

TOUR = Path(__file__).parent.parent / "docs" / "tour.md"
BLOCKS = re.findall(r"^```fsharp\n(.*?)^```$", TOUR.read_text(encoding="utf-8"), re.M | re.S)


@pytest.mark.parametrize("number", range(len(BLOCKS)))
def test_block(number: int, tmp_path: Path) -> None:
    """The block runs and prints what it says."""
    program = tmp_path / "tour.clef"
    program.write_text(BLOCKS[number], encoding="utf-8")
    _, expectation = parse(BLOCKS[number])
    assert expectation.stdout, "no expected output"
    problem = difference(expectation, run_program(program))
    assert problem is None, problem
