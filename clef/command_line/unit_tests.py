"""Marked functions and properties: finding and running them.

Comes in: a project whose sources hold such functions. Goes out: a `Result` for each. Promises: a
test that ends the program or never ends costs only itself; what tests print does not disturb; a
property fails with the simplest arguments that could be found.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import cast

from clef.checked_unit import CheckedUnit
from clef.checking import CheckedProgram
from clef.command_line.building import Request, compile_job, executable, prepare_project
from clef.command_line.drawing import TESTING, CannotDraw, Drawing, quoted
from clef.command_line.output import Output
from clef.command_line.running import command_for
from clef.command_line.test_functions import MARKED, SUITES, Discovery, UnitTest
from clef.data_classes import dataclass, field
from clef.inference.signatures import ValueSignature
from clef.inference.types import FunctionType, Type
from clef.inference.well_known import BOOL, UNIT
from clef.project.loading import Loaded
from clef.project.project import Project
from clef.source import SourceFile
from clef.toolchain.cache import scratch_folder
from clef.toolchain.process import Outcome, run
from clef.toolchain.tool import with_arguments

PROPERTIES = ("Property",)
_MARK = re.compile(rf"\[<[^\n]*\b(?:{'|'.join(sorted({*MARKED, SUITES, *PROPERTIES}))})\b")
_RUNNER = "clef_test_runner.clef"
TIME_LIMIT = 120.0
PORTIONS = 4
"""How many processes each job runs after another: the first results are shown early."""
MARK = "\x1e"


@dataclass(slots=True)
class Result:
    """How one test ended. `problems` is empty when it passed; `skipped` says why it did not run."""

    name: str
    place: str
    seconds: float = 0.0
    problems: list[str] = field(default_factory=list[str])
    output: str = ""
    skipped: str = ""


@dataclass(frozen=True, slots=True)
class Settings:
    """What the command line chose: where properties start, how often they are tried, and how many
    tests may run at a time."""

    part: str = ""
    seed: int = 0
    runs: int = 100
    jobs: int = 1


def may_have_tests(source: SourceFile) -> bool:
    """Whether a text could hold marked functions."""
    return _MARK.search(source.text) is not None


def run_unit_tests(
    project: Project, request: Request, settings: Settings, output: Output
) -> Iterator[Result]:
    """Run the marked functions of a project; raises `Exit` where its sources have errors."""
    job = prepare_project(Loaded(project=project), replace(request, until="types"), output)
    units = cast("CheckedProgram", compile_job(job, summary=False).products["checked"]).units
    types = {symbol: t for unit in units for symbol, t in unit.types.items()}
    drawing = Drawing(types)
    discovery = Discovery(types, {source.path: source for source in job.sources})
    found = [test for unit in units for test in _tests(unit, drawing, settings, discovery)]
    yield from (Result(t.name, t.place, problems=[t.error]) for t in found if t.error)
    left_out = [test for test in found if test.skipped and not test.error]
    yield from (Result(test.name, test.place, skipped=test.skipped) for test in left_out)
    tests = [test for test in found if not test.error and not test.skipped]
    if tests:
        with scratch_folder() as folder:
            runner = folder / _RUNNER
            runner.write_text(_runner(tests, drawing), encoding="utf-8")
            whole = replace(project, sources=(*project.sources, str(runner)), implicit=True)
            yield from _run(whole, request, tests, settings.jobs, output)


def _tests(
    unit: CheckedUnit, drawing: Drawing, settings: Settings, discovery: Discovery
) -> Iterator[UnitTest]:
    for symbol, value in unit.values.items():
        definition = unit.definitions.get(symbol)
        attributes = definition.attributes if definition is not None else []
        if settings.part not in symbol:
            continue
        if {one.name for one in attributes} & set(PROPERTIES) and value.access != "private":
            written = quoted(symbol.removesuffix(f".{value.name}"), value.name)
            place = discovery.place(value.span)
            yield _property(symbol, place, written, value, drawing, settings)
        else:
            yield from discovery.of_value(symbol, value, attributes)
    for owner in unit.types.values():
        yield from (t for t in discovery.of_type(unit, owner) if settings.part in t.name)


def _property(
    symbol: str,
    place: str,
    written: str,
    value: ValueSignature,
    drawing: Drawing,
    settings: Settings,
) -> UnitTest:
    type_: Type = value.scheme.type
    drawn: list[str] = []
    try:
        while isinstance(type_, FunctionType):
            drawn.append(drawing.of(type_.parameter))
            type_ = type_.result
    except CannotDraw as problem:
        error = f"values of type `{problem}` cannot be drawn"
        return UnitTest(symbol, place, error=error)
    if not drawn or type_ not in (BOOL, UNIT):
        error = "a property is a function that gives `bool` or `unit`"
        return UnitTest(symbol, place, error=error)
    names = [f"a{index}" for index in range(len(drawn))]
    values = ", ".join(f"{one} c" for one in drawn)
    shown = ' + ", " + '.join(f'sprintf "%A" {name}' for name in names)
    pattern = f"({', '.join(names)})"
    called = f"{written} {' '.join(names)}"
    holds = called if type_ == BOOL else f"({called}; true)"
    body = (
        f"{TESTING}.check {settings.seed} {settings.runs} "
        f"(fun (c: Clef.Choices) -> ({values})) "
        f"(fun {pattern} -> {shown}) (fun {pattern} -> {holds})"
    )
    return UnitTest(symbol, place, (body,))


def _runner(tests: Sequence[UnitTest], drawing: Drawing) -> str:
    """The program that runs the tests whose numbers are its arguments; all without any."""
    lines = [
        line
        for number, test in enumerate(tests)
        for line in (
            f'{TESTING}.report wanted "{number}" (fun () ->',
            *(f"    {line}" for line in test.body[:-1]),
            f"    {test.body[-1]})",
        )
    ]
    wanted = "System.Collections.Generic.HashSet<string>(arguments)"
    return "\n".join(
        [
            "module Clef.TestRunner",
            drawing.functions(),
            "[<EntryPoint>]",
            "let main (arguments: string[]) =",
            f"    let wanted = {wanted}",
            *(f"    {line}" for line in lines),
            "    0",
            "",
        ]
    )


# Running ------------------------------------------------------------------------------------------


def _run(
    project: Project, request: Request, tests: Sequence[UnitTest], jobs: int, output: Output
) -> Iterator[Result]:
    """Run all, in portions beside each other; results come in the order of the tests."""
    from concurrent.futures import ThreadPoolExecutor

    job = prepare_project(Loaded(project=project), request, output)
    program = executable(job)
    words = command_for(program, job.options.target, output)
    size = len(tests) if jobs == 1 else max(1, len(tests) // (jobs * PORTIONS))
    portions = [range(len(tests))[start : start + size] for start in range(0, len(tests), size)]
    with ThreadPoolExecutor(jobs) as pool:
        for results in pool.map(partial(_run_portion, words, tests), portions):
            yield from results


def _run_portion(
    words: Sequence[str], tests: Sequence[UnitTest], portion: Sequence[int]
) -> list[Result]:
    """Run some in one process; after a test that ended it, the rest in another."""
    waiting, results = list(portion), list[Result]()
    while waiting:
        outcome = run(with_arguments(words, [str(one) for one in waiting]), time_limit=TIME_LIMIT)
        text = outcome.output.decode("utf-8", "backslashreplace")
        ended = [*_results(text, tests)]
        if not ended or len(ended) < len(waiting):
            number = waiting[len(ended)]
            ended.append((number, _interrupted(tests[number], outcome)))
        waiting = waiting[len(ended) :]
        results += [result for _, result in ended]
    return results


def _interrupted(test: UnitTest, outcome: Outcome) -> Result:
    if outcome.timed_out:
        return Result(test.name, test.place, problems=[f"it runs for over {TIME_LIMIT:.0f} s"])
    code = outcome.exit_code if outcome.exit_code is not None else 127
    problems = [f"it ended the program with exit code {code if code >= 0 else 128 - code}"]
    problems += outcome.error_text().splitlines()[:5]
    return Result(test.name, test.place, outcome.seconds, problems)


def _results(text: str, tests: Sequence[UnitTest]) -> Iterator[tuple[int, Result]]:
    """The tests that ended, from what the runner wrote."""
    for piece in text.split(f"{MARK}begin ")[1:]:
        whole, mark, _ = piece.partition(f"{MARK}end")
        if not mark:
            return
        head, _, body = whole.partition("\n")
        printed, _, report = body.rpartition(MARK)
        verdict, _, reasons = report.partition("\n")
        word, _, milliseconds = verdict.partition(" ")
        test = tests[int(head)]
        problems = [] if word == "passed" else reasons.splitlines() or ["it failed"]
        yield int(head), Result(test.name, test.place, int(milliseconds) / 1000, problems, printed)
