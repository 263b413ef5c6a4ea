"""Random programs do the same under the compiler and under the reference.

In: seeds, other ones each day. Out: one test for each. Promises: skipped, with the reason, where
the F# compiler is not installed; a failing program is shown as a whole.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.program_expectations import Expectation
from tests.program_runner import difference, run_with
from tests.reference.differences import as_clef
from tests.reference.random_programs import program
from tests.reference.reference import Compiler, ReferenceUnavailable, is_installed

COUNT = 4
FIRST = datetime.date.today().toordinal() * COUNT % 10_000


@pytest.fixture(scope="module")
def compiler() -> Iterator[Compiler]:
    """One compiler for all tests of this module."""
    if not is_installed():
        pytest.skip("the F# compiler is not installed (python -m tests.reference.accept gets it)")
    try:
        with Compiler() as running:
            yield running
    except ReferenceUnavailable as problem:
        pytest.skip(str(problem))


@pytest.mark.reference
@pytest.mark.parametrize("seed", range(FIRST, FIRST + COUNT))
def test_same_output(compiler: Compiler, seed: int, tmp_path: Path) -> None:
    """Both print the same."""
    source = program(seed)
    judgement = compiler.judge({"random.fs": source})
    assert judgement.ran, f"F# rejects seed {seed}: {judgement.messages}"
    path = tmp_path / "random.clef"
    path.write_text(source, encoding="utf-8")
    expected = Expectation(stdout=as_clef(source, judgement.stdout))
    problem = difference(expected, run_with(path, [], ""))
    assert problem is None, f"seed {seed}: {problem}\n{source}"
