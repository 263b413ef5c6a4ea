"""Mutated and nested sources go through the front end without a crash, a hang or a flood.

In: nothing but numbers. Out: one test for a batch of sources. Promises: `CLEF_FUZZ_COUNT` sources,
10,000 unless it says otherwise, the same in every run; a failure shows the smallest source that was
found for it.
"""

from __future__ import annotations

import os
from collections.abc import Sequence

import pytest

from clef.deep_stack import run_deep
from tests.fuzz import cases, front_end, nesting
from tests.fuzz.isolation import Case, Verdict, judge_all
from tests.fuzz.minimise import minimise

COUNT = int(os.environ.get("CLEF_FUZZ_COUNT", "10000"))
BATCH = 250
STARTS = range(0, COUNT, BATCH)
KINDS = 12
SLOW = 30.0
"""Seconds of processor time that one source may take: what grows with the square takes minutes."""


def _check(chosen: Sequence[Case]) -> list[Verdict]:
    run_deep(front_end.library)
    verdicts = judge_all(chosen, front_end.run)
    told = cases.report(chosen, verdicts, front_end.run)
    assert not told, told
    slow = [f"{v.name}: {v.seconds:.1f} s" for v in verdicts if v.seconds > SLOW]
    assert not slow, slow
    return verdicts


@pytest.mark.parametrize("start", STARTS)
def test_mutated_sources(start: int) -> None:
    """Every one ends with messages or a typed program; not all stop at the same stage."""
    verdicts = _check(cases.mutated(range(start, min(start + BATCH, COUNT))))
    stages = {verdict.stage for verdict in verdicts}
    assert {"syntax", "types"} <= stages, stages


@pytest.mark.parametrize("part", range(KINDS))
def test_nested_sources(part: int) -> None:
    """Every construct, nested a little and much."""
    shapes = sorted(nesting.SHAPES)[part::KINDS]
    deep = [shape for shape in shapes if shape not in nesting.SQUARE]
    _check([*cases.nested(nesting.DEPTHS, shapes), *cases.nested([nesting.DEEP], deep)])


def test_numbers_mean_sources() -> None:
    """The same number gives the same source."""
    assert [cases.source(n) for n in range(40)] == [cases.source(n) for n in range(40)]
    assert len({cases.source(n) for n in range(400)}) > 380


def test_failures_are_noticed() -> None:
    """An exception, an endless loop, a flood and a sudden death each become a verdict."""

    def runner(text: str) -> str:
        if text == "raise":
            raise KeyError(text)
        if text == "hang":
            while True:
                pass
        if text == "flood":
            bytearray(8 << 30)
        if text == "die":
            os.abort()
        return "done"

    texts = ("fine", "raise", "hang", "flood", "die", "fine")
    chosen = [Case(text, lambda text=text: text) for text in texts]
    verdicts = judge_all(chosen, runner, seconds=1.0)
    assert [verdict.name for verdict in verdicts] == list(texts)
    shown = [verdict.stage or verdict.signature.split(" ")[0] for verdict in verdicts]
    assert shown == ["done", "KeyError", "no", "MemoryError", "killed", "done"]


def test_minimising() -> None:
    """What is left is what matters."""
    text = "let a = 1\nlet b = bad + 2\nlet c = (3, 4)\n"
    assert minimise(text, lambda small: "bad" in small) == "bad"
