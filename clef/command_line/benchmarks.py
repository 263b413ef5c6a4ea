"""Functions marked `[<Benchmark>]`: finding, running and comparing them.

Comes in: a project whose sources hold such functions. Goes out: lines for people, JSON, and the
exit code. Promises: always optimised code; every benchmark runs in a process of its own; what a
function gives is kept, so that computing it cannot be left out, and given up as any value is.
"""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, cast

import clef
from clef.checked_unit import CheckedUnit
from clef.checking import CheckedProgram
from clef.command_line.allocations import Allocated, allocated_by
from clef.command_line.building import Request, compile_job, executable, prepare_project
from clef.command_line.drawing import quoted
from clef.command_line.exit_codes import OK, PROGRAM_ERRORS, USAGE
from clef.command_line.output import Output, fail
from clef.command_line.running import command_for
from clef.command_line.samples import Summary, shown_time, summary_of
from clef.command_line.writing import write_file
from clef.data_classes import dataclass
from clef.inference.signatures import ValueSignature
from clef.inference.types import FunctionType
from clef.inference.well_known import UNIT
from clef.project.files import SOURCE_SUFFIXES
from clef.project.loading import Loaded, load
from clef.project.project import Project
from clef.source import SourceFile
from clef.toolchain.cache import scratch_folder
from clef.toolchain.process import Outcome, run
from clef.toolchain.tool import with_arguments

VERSION = 1
_RUNNER = "clef_bench_runner.clef"
_TIME_LIMIT = 600.0


@dataclass(frozen=True, slots=True)
class Settings:
    """`seconds`: how long the samples of one benchmark take together, about. `memory`: count
    what one call allocates, too.
    """

    part: str = ""
    samples: int = 100
    seconds: float = 2.0
    warm_up: float = 0.3
    target: str = ""
    save: str = ""
    compare: str = ""
    as_json: bool = False
    memory: bool = False


@dataclass(frozen=True, slots=True)
class Benchmark:
    """A marked function. `make`: Clef that prepares it and gives `unit -> unit`; `error` says why
    it cannot be run.
    """

    name: str
    place: str
    make: str
    error: str = ""


@dataclass(frozen=True, slots=True)
class Measured:
    """What came out; `calls` are those of one sample; `allocated` is of one call."""

    name: str
    place: str
    summary: Summary | None
    calls: int = 0
    problem: str = ""
    allocated: Allocated | None = None


def run_benchmarks(path: str | None, settings: Settings, output: Output) -> int:
    """The whole command."""
    loaded = load(path)
    if loaded.project is None:
        output.report(loaded.diagnostics, loaded.files)
        return USAGE
    before = _earlier(settings.compare)
    if before is None:
        return USAGE
    results: list[Measured] = []
    for measured in _measure_all(loaded, settings, output):
        results.append(measured)
        if not settings.as_json:
            _tell(measured, before.get(measured.name), output)
    if not results:
        wanted = f" with `{settings.part}` in its name" if settings.part else ""
        fail(f"there is no benchmark{wanted}", "benchmarks are functions marked `[<Benchmark>]`")
        return USAGE
    text = _as_json(results)
    if settings.as_json:
        print(text)
    if settings.save:
        write_file(Path(settings.save), (text + "\n").encode())
    return PROGRAM_ERRORS if any(one.problem for one in results) else OK


# Finding ------------------------------------------------------------------------------------------


def _measure_all(loaded: Loaded, settings: Settings, output: Output) -> Iterator[Measured]:
    project = loaded.project
    assert project is not None
    sources = (*project.sources, *_more_sources(loaded))
    whole = replace(project, sources=sources, implicit=True)
    request = Request(project.path, target=settings.target, release=True)
    job = prepare_project(Loaded(project=whole), replace(request, until="types"), output)
    units = cast("CheckedProgram", compile_job(job, summary=False).products["checked"]).units
    texts = {source.path: source for source in job.sources}
    found = [one for unit in units for one in _benchmarks(unit, settings.part, texts)]
    yield from (Measured(one.name, one.place, None, 0, one.error) for one in found if one.error)
    runnable = [one for one in found if not one.error]
    if not runnable:
        return
    with scratch_folder() as folder:
        runner = folder / _RUNNER
        runner.write_text(_runner(runnable), encoding="utf-8")
        own = replace(whole, sources=(*sources, str(runner)))
        words = _built(own, request, output)
        counting = replace(request, heap_statistics=True)
        watched = _built(own, counting, output) if settings.memory else []
        for number, one in enumerate(runnable):
            measured = _measure(one, with_arguments(words, _words(number, settings)))
            if watched and measured.summary is not None:
                counting_one = with_arguments(watched, [str(number)])
                measured = replace(measured, allocated=allocated_by(counting_one))
            yield measured


def _built(project: Project, request: Request, output: Output) -> list[str]:
    """The words that run a program which was built now."""
    job = prepare_project(Loaded(project=project), request, output)
    program = executable(job)
    return list(command_for(program, job.options.target, output))


def _more_sources(loaded: Loaded) -> list[str]:
    """The files of a project's folder `benchmarks`."""
    project = loaded.project
    if project is None or project.implicit:
        return []
    folder = Path(project.folder) / "benchmarks"
    found = sorted(path for path in folder.rglob("*") if path.suffix in SOURCE_SUFFIXES)
    return [os.fspath(path) for path in found if os.fspath(path) not in project.sources]


def _benchmarks(unit: CheckedUnit, part: str, texts: dict[str, SourceFile]) -> Iterator[Benchmark]:
    for symbol, value in unit.values.items():
        definition = unit.definitions.get(symbol)
        attributes = definition.attributes if definition is not None else []
        is_marked = any(one.name.removesuffix("Attribute") == "Benchmark" for one in attributes)
        if not is_marked or part not in symbol:
            continue
        line = texts[value.span.path].position(value.span.start)[0]
        yield _benchmark(symbol, f"{value.span.path}:{line}", value)


def _benchmark(symbol: str, place: str, value: ValueSignature) -> Benchmark:
    type_ = value.scheme.type
    if value.access == "private":
        return Benchmark(symbol, place, "", "it is private, so it cannot be called")
    if value.scheme.parameters:
        return Benchmark(symbol, place, "", "it is generic; give it one type")
    if not isinstance(type_, FunctionType) or type_.parameter != UNIT:
        return Benchmark(symbol, place, "", "a benchmark is a function of `()`")
    written = quoted(symbol.removesuffix(f".{value.name}"), value.name)
    prepares = isinstance(type_.result, FunctionType)
    if isinstance(type_.result, FunctionType) and type_.result.parameter != UNIT:
        return Benchmark(symbol, place, "", "what it gives must be a function of `()`")
    body = f"let body = {written} ()" if prepares else f"let body = fun () -> {written} ()"
    kept = "let kept = ref Unchecked.defaultof<_>"
    return Benchmark(symbol, place, f"{body} in {kept} in fun () -> kept.Value <- body ()")


def _runner(benchmarks: Sequence[Benchmark]) -> str:
    """The program that measures the benchmark whose number is its first argument. What is measured
    is called through a table, so that the loop around it knows nothing about it.
    """
    makers = [f"       (fun () -> ({one.make}))" for one in benchmarks]
    return "\n".join([_HEAD, *makers, "    |]", _BODY])


_HEAD = """module Clef.BenchRunner

open System.Diagnostics

let makers: (unit -> (unit -> unit))[] =
    [|"""

_BODY = """
let perSecond = float Stopwatch.Frequency

let time (run: unit -> unit) (count: int) : int64 =
    let start = Stopwatch.GetTimestamp ()
    for _ in 1 .. count do
        run ()
    Stopwatch.GetTimestamp () - start

let seconds (ticks: int64) = float ticks / perSecond

/// Calls that take about this long, found while everything warms up.
let calibrate (run: unit -> unit) (warmUp: float) (wanted: float) : int =
    let mutable count = 1
    let mutable spent = 0.0
    let mutable one = seconds (time run 1)
    spent <- one
    while spent < warmUp do
        count <- min 1000000000 (max 1 (min (count * 2) (int (wanted / max one 1e-10))))
        let took = seconds (time run count)
        one <- took / float count
        spent <- spent + took
    max 1 (int (min 1e9 (wanted / max one 1e-10)))

[<EntryPoint>]
let main (arguments: string[]) =
    let run = makers.[int arguments.[0]] ()
    if arguments.Length = 2 then
        for _ in 1 .. int arguments.[1] do
            run ()
        exit 0
    let samples, warmUp, wanted = int arguments.[1], float arguments.[2], float arguments.[3]
    let count = calibrate run warmUp wanted
    printfn "\\030calls %d" count
    for _ in 1 .. samples do
        let ticks = time run count
        printfn "\\030sample %.3f" (seconds ticks * 1e9 / float count)
    0
"""


def _words(number: int, settings: Settings) -> list[str]:
    each = settings.seconds / settings.samples
    return [str(number), str(settings.samples), f"{settings.warm_up:.6f}", f"{each:.9f}"]


# Running ------------------------------------------------------------------------------------------


def _measure(one: Benchmark, words: Sequence[str]) -> Measured:
    outcome = run(words, time_limit=_TIME_LIMIT)
    text = outcome.output.decode("utf-8", "backslashreplace")
    pieces = [piece.split() for piece in text.split("\x1e")[1:]]
    times = [float(piece[1]) for piece in pieces if piece[0] == "sample"]
    calls = next((int(piece[1]) for piece in pieces if piece[0] == "calls"), 0)
    if not outcome.succeeded or not times:
        return Measured(one.name, one.place, None, 0, _reason(outcome))
    return Measured(one.name, one.place, summary_of(times), calls)


def _reason(outcome: Outcome) -> str:
    if outcome.timed_out:
        return f"it runs for over {_TIME_LIMIT:.0f} s"
    code = outcome.exit_code if outcome.exit_code is not None else 127
    lines = outcome.error_text().strip().splitlines()
    return f"it ended with exit code {code}" + (f": {lines[0]}" if lines else "")


# Telling ------------------------------------------------------------------------------------------


def _tell(measured: Measured, before: dict[str, Any] | None, output: Output) -> None:
    if measured.summary is None:
        output.remark("FAILED", f"{measured.name}: {measured.problem}")
        return
    one = measured.summary
    text = f"{measured.name}  {shown_time(one.median)}"
    text += f"  [{shown_time(one.low)} … {shown_time(one.high)}]"
    outliers = one.low_outliers + one.high_outliers
    text += f"  {one.samples} × {measured.calls} calls"
    if outliers:
        text += f", {outliers} outliers"
    if measured.allocated is not None:
        text += f"  {measured.allocated.shown()}"
    if before is not None:
        text += f"  {verdict(one, before)}"
    output.remark("measured", text)


def verdict(now: Summary, before: dict[str, Any]) -> str:
    """How a benchmark compares with an earlier run: a difference is told where the intervals do not
    meet.
    """
    ratio = now.median / float(before["median"])
    if now.low <= float(before["high"]) and float(before["low"]) <= now.high:
        return f"no difference ({ratio:.2f} ×)"
    word = "slower" if ratio > 1 else "faster"
    return f"{word}: {ratio:.2f} × the time of before"


def _earlier(path: str) -> dict[str, dict[str, Any]] | None:
    """The results in a file by name; None, and a message, when it holds none."""
    if not path:
        return {}
    try:
        data: Any = json.loads(Path(path).read_text(encoding="utf-8"))
        if data["version"] != VERSION:
            raise ValueError("it was written by another version")
        return {one["name"]: one for one in data["benchmarks"] if "median" in one}
    except (OSError, ValueError, KeyError, TypeError) as error:
        fail(f"`{path}` holds no results: {error}", "write them with --save")
        return None


def _as_json(results: Sequence[Measured]) -> str:
    listed: list[dict[str, object]] = []
    for one in results:
        figures = asdict(one.summary) if one.summary is not None else {"problem": one.problem}
        if one.allocated is not None:
            figures |= asdict(one.allocated)
        listed.append({"name": one.name, "place": one.place, "calls": one.calls, **figures})
    whole = {
        "version": VERSION,
        "unit": "ns",
        "clef": clef.__version__,
        "machine": platform.machine(),
        "benchmarks": listed,
    }
    return json.dumps(whole, indent=1)
