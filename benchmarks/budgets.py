"""Budgets: figures of the compiler and of the smallest program, each with its limit.

In: the compiler as installed. Out: a list of `Budget`. Promises: a figure that cannot be taken is
reported with its problem and never as met.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.generate_project import GeneratedProject, Shape, generate
from benchmarks.measure import Cost, Failed, median, run, startup_seconds
from benchmarks.peers import clef_command

ROOT = Path(__file__).parent.parent
HELLO = 'printfn "Hello, world!"\n'
FRONT_END = ("read", "types", "core")


@dataclass(slots=True)
class Budget:
    """One figure; it is met when it is at most `limit` (at least, where `at_least`)."""

    name: str
    unit: str
    limit: float
    value: float = 0.0
    at_least: bool = False
    problem: str = ""

    @property
    def met(self) -> bool:
        if self.problem:
            return False
        return self.value >= self.limit if self.at_least else self.value <= self.limit

    def as_json(self) -> dict[str, object]:
        return {**asdict(self), "met": self.met}


def take_all(work: Path, lines: int) -> list[Budget]:
    """Take every figure."""
    return [*_hello(work), *_snippets(), *_front_end(work, lines)]


def _taken(budget: Budget, figure: Callable[[], float]) -> Budget:
    try:
        budget.value = figure()
    except (Failed, OSError, ValueError, KeyError) as problem:
        budget.problem = str(problem)
    return budget


def _warm(command: list[str], times: int = 3) -> float:
    run(command)
    return median([run(command).seconds for _ in range(times)])


def _fresh(command: list[str], source: Path, times: int = 7) -> float:
    """The median for programs that the build cache does not know; the library is warm."""

    def once() -> float:
        source.write_text(f"{HELLO}// {os.urandom(8).hex()}\n", encoding="utf-8")
        return run(command).seconds

    once()
    return median([once() for _ in range(times)])


def _hello(work: Path) -> list[Budget]:
    source = work / "hello.clef"
    source.write_text(HELLO, encoding="utf-8")
    program = work / "hello"
    build = clef_command("build", str(source), "-o", str(work / "hello-debug"))
    release = clef_command("build", "--release", "--static", str(source), "-o", str(program))
    start = clef_command("run", str(source))
    return [
        _taken(Budget("clef --help", "s", 0.1), lambda: _warm(clef_command("--help"))),
        _taken(Budget("hello: build, new", "s", 0.6), lambda: _fresh(build, source)),
        _taken(Budget("hello: release, new", "s", 0.6), lambda: _fresh(release, source)),
        _taken(Budget("hello: size, static", "bytes", 16384), lambda: _stripped_size(program)),
        _taken(Budget("hello: start to end", "s", 0.001), lambda: startup_seconds(program)),
        _taken(Budget("hello: clef run, new", "s", 0.4), lambda: _fresh(start, source)),
        _taken(Budget("hello: clef run, known", "s", 0.4), lambda: _warm(start)),
    ]


def _stripped_size(program: Path) -> float:
    strip = shutil.which("strip")
    if strip:
        copy = program.with_name(program.name + "-stripped")
        run([strip, "-o", str(copy), str(program)])
        program = copy
    return float(program.stat().st_size)


def _snippets() -> list[Budget]:
    """From text to machine code in a process that has compiled other programs before."""
    words = [sys.executable, "-m", "benchmarks.snippets"]
    found: dict[str, float] = {}

    def seconds(name: str) -> float:
        if not found:
            found.update(json.loads(run(words, ROOT).output))
        return found[name]

    return [
        _taken(Budget("snippet: an expression", "s", 0.02), lambda: seconds("expression")),
        _taken(Budget("snippet: twenty lines", "s", 0.1), lambda: seconds("twenty lines")),
    ]


def _front_end(work: Path, lines: int) -> list[Budget]:
    # One for each try: what was checked once is not checked again.
    projects = [generate(work / f"project{number}", Shape(lines=lines)) for number in range(3)]
    project = projects[0]
    written = sum(path.read_text(encoding="utf-8").count("\n") for path in project.sources)
    speed = Budget("front end", "lines/s", 5000, at_least=True)
    memory = Budget("front end: peak memory", "bytes", 1e9)
    edit = Budget("check after an edit in one body", "s", 1.0)
    first: list[Cost] = []

    def seconds() -> float:
        first.extend(run(_check(one)) for one in projects)
        return written / min(_stage_seconds(cost.output) for cost in first)

    def after_edit() -> float:
        project.edit_one_body()
        return run(_check(project)).seconds

    _taken(speed, seconds)
    _taken(memory, lambda: float(first[0].memory) if first else _missing())
    _taken(edit, after_edit)
    return [speed, memory, edit]


def _check(project: GeneratedProject) -> list[str]:
    return clef_command("check", "--timings=json", str(project.file))


def _missing() -> float:
    raise ValueError("the project was not checked")


def _stage_seconds(output: str) -> float:
    """The time of the stages from text to typed core, out of what `--timings=json` printed."""
    for line in output.splitlines():
        if line.startswith("{"):
            stages = json.loads(line)["stages"]
            own = [s for s in stages if s["depth"] == 0 and s["name"] in FRONT_END]
            return float(sum(stage["seconds"] for stage in own))
    raise ValueError(f"no timings in: {output[-500:]}")
