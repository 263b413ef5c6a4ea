"""The expected outputs are those of the F# compiler.

In: a sample of `tests/programs`, another one each day. Out: one test for each. Promises: skipped,
with the reason, where the compiler is not installed; `python -m tests.reference.accept` installs
it and checks all programs.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.program_expectations import parse
from tests.reference.accept import accept, expand
from tests.reference.reference import Compiler, ReferenceUnavailable, is_installed

SAMPLE = 12


def _sample() -> list[Path]:
    judged = [
        path
        for path in expand([])
        if parse(path.read_text(encoding="utf-8"))[1].not_reference is None
    ]
    step = max(1, len(judged) // SAMPLE)
    return judged[datetime.date.today().toordinal() % step :: step][:SAMPLE]


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
@pytest.mark.parametrize("path", _sample(), ids=lambda path: path.stem)
def test_output_is_the_references(compiler: Compiler, path: Path) -> None:
    """The program's stated output is what the reference prints."""
    finding = accept(compiler, path, write=False)
    assert not finding.changed, f"run: python -m tests.reference.accept --write {path}"
