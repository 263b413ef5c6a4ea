"""Random programs do the same under the compiler and under the reference.

In: seeds, other ones each day. Out: one test for a batch of them. Promises: `CLEF_RANDOM_COUNT`
programs, 2,000 unless it says otherwise, each as an unoptimised native program, a quarter of them
also optimised, another quarter as WebAssembly (with `CLEF_ALL_TARGETS=1` each in all ways);
skipped, with the reason, where the F# compiler is not installed; a failure names the command that
makes the program smaller.
"""

from __future__ import annotations

import datetime
import os
from collections.abc import Iterator

import pytest

from tests.program_runner import Way
from tests.random_programs.comparison import failures
from tests.reference.reference import Compiler, ReferenceUnavailable, is_installed

COUNT = int(os.environ.get("CLEF_RANDOM_COUNT", "2000"))
BATCH = 125
FIRST = datetime.date.today().toordinal() % 1000 * 10_000
STARTS = range(0, COUNT, BATCH)
WAYS = [Way(), Way(release=True), Way("wasm32-wasi")]
FURTHER = (WAYS[1:2], [], WAYS[2:], [])
"""The ways of batches after the first, in turn: optimising takes the longest by far."""


def _ways(start: int) -> list[Way]:
    if os.environ.get("CLEF_ALL_TARGETS"):
        return WAYS
    return [WAYS[0], *FURTHER[start // BATCH % len(FURTHER)]]


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
@pytest.mark.timeout(900)
@pytest.mark.parametrize("start", STARTS)
def test_same_output(compiler: Compiler, start: int) -> None:
    """Every program of the batch prints what it prints under F#."""
    seeds = range(FIRST + start, FIRST + min(start + BATCH, COUNT))
    found = failures(compiler, seeds, _ways(start))
    assert not found, "\n".join(map(str, found[:10]))
