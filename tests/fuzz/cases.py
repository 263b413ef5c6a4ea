"""The numbered cases and their reports.

In: numbers. Out: the same source for the same number in every run of one checkout, verdicts, and a
text about the failures among them. Promises: one entry for each kind of failure, with a source that
is as small as could be made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from random import Random

from tests.fuzz import corpus, nesting
from tests.fuzz.isolation import Case, Verdict, judge, judge_all
from tests.fuzz.minimise import minimise
from tests.fuzz.mutations import mutate

Runner = Callable[[str], str]


def source(number: int) -> str:
    """The mutated source with this number."""
    random = Random(number)
    return mutate(corpus.piece(random), corpus.piece(random), random)


def mutated(numbers: Iterable[int]) -> list[Case]:
    """Cases for these numbers."""
    return [Case(str(number), lambda number=number: source(number)) for number in numbers]


def nested(depths: Sequence[int], shapes: Iterable[str]) -> list[Case]:
    """Every shape at every depth."""
    return [
        Case(f"{shape} {depth}", lambda shape=shape, depth=depth: nesting.SHAPES[shape](depth))
        for shape in shapes
        for depth in depths
    ]


def _still(signature: str, runner: Runner) -> Callable[[str], bool]:
    return lambda text: judge("", text, runner).signature == signature


def _smallest(case: Case, signature: str, runner: Runner) -> str:
    """Minimise in a child, so that a source that hangs on the way does no harm."""
    found: list[str] = []

    def work(text: str) -> str:
        return minimise(text, _still(signature, runner), 15.0)

    for verdict in judge_all([case], work, seconds=40.0):
        found.append(verdict.stage)
    return found[0] or case.make()


def report(cases: Sequence[Case], verdicts: Sequence[Verdict], runner: Runner) -> str:
    """A text about all kinds of failures; empty when there are none."""
    kinds: dict[str, list[int]] = {}
    for place, verdict in enumerate(verdicts):
        if verdict.signature:
            kinds.setdefault(verdict.signature, []).append(place)
    parts: list[str] = []
    for signature, places in sorted(kinds.items(), key=lambda item: -len(item[1])):
        first = min(places, key=lambda place: len(cases[place].make()))
        small = _small_source(cases[first], signature, runner)
        names = ", ".join(cases[place].name for place in places[:5])
        parts.append(
            f"{len(places)} × {signature} (cases {names})\n--- source\n{small}\n--- details\n"
            f"{verdicts[first].details}"
        )
    return "\n\n".join(parts)


def _small_source(case: Case, signature: str, runner: Runner) -> str:
    text = case.make()
    if len(text) < 20_000 and " in " in signature and not signature.startswith("no end"):
        text = _smallest(case, signature, runner)
    return text if len(text) < 4000 else f"{text[:1500]}\n… {len(text)} characters …"
