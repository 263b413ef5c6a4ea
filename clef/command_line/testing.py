"""Running the tests of a project: programs with expectations, and marked functions.

Comes in: a project or a file. Goes out: a line per test, what went wrong, and the exit code.
Promises: a test that does not compile is a failed test; every test runs, whatever the others do;
results come in the order of their paths.
"""

from __future__ import annotations

import gc
import os
import time
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import replace

from clef.command_line.building import Request
from clef.command_line.exit_codes import OK, PROGRAM_ERRORS, USAGE, Exit
from clef.command_line.expectations import Expectation, differences, read_expectation
from clef.command_line.junit import write_junit
from clef.command_line.output import Output, fail
from clef.command_line.unit_tests import Result, Settings, may_have_tests, run_unit_tests
from clef.data_classes import dataclass
from clef.project.files import SOURCE_SUFFIXES, read_source
from clef.project.loading import Loaded, load, single_file
from clef.project.project import Project
from clef.toolchain.marks import Marks
from clef.toolchain.target import find_target
from clef.toolchain.tool import with_arguments

TIME_LIMIT = 60.0


@dataclass(frozen=True, slots=True)
class TestProgram:
    """One test: its project (the program with the sources it may use) and what it must do."""

    path: str
    project: Project
    expectation: Expectation


def usable_sources(project: Project) -> tuple[str, ...]:
    """The sources that tests may use: all of a library's, those before the main program's else."""
    is_library = project.output_kind == "library" and not project.implicit
    return project.sources if is_library else project.sources[:-1]


def discover(loaded: Loaded) -> list[TestProgram]:
    """All tests of a project; of a single file, the file itself."""
    project = loaded.project
    if project is None:
        return []
    paths, before = [project.path], usable_sources(project)
    if not project.implicit:
        paths = _below(os.path.join(project.folder, "tests"))
    tests: list[TestProgram] = []
    for path in paths:
        source, _ = read_source(path)
        expectation = read_expectation(source.text) if source else Expectation()
        # A file that cannot be read is a test that fails; one without expectations is no test.
        if source is None or expectation.is_test:
            own = single_file(path)
            settings = replace(
                project,
                name=own.name,
                path=path,
                sources=(*before, path),
                implicit=True,
                target=_target_of_tests(project),
            )
            tests.append(TestProgram(path, settings, expectation))
    return tests


def _target_of_tests(project: Project) -> str:
    """What is for a board is tested on this machine, unless the command line says otherwise."""
    target = find_target(project.target)
    return "native" if target is not None and target.board is not None else project.target


def _below(folder: str) -> list[str]:
    found: list[str] = []
    for inner, folders, files in os.walk(folder):
        folders.sort()
        found += [os.path.join(inner, f) for f in sorted(files) if f.endswith(SOURCE_SUFFIXES)]
    return found


@dataclass(frozen=True, slots=True)
class Choice:
    """What the command line chose: which tests, how they are compiled, where the report goes."""

    settings: Settings
    target: str = ""
    release: bool = False
    junit: str = ""
    marks: Marks | None = None
    sanitize: str = ""
    heap_statistics: bool = False

    def request(self, path: str) -> Request:
        """How a program is compiled."""
        return Request(
            path,
            target=self.target,
            release=self.release,
            sanitize=self.sanitize,
            heap_statistics=self.heap_statistics,
            marks=self.marks,
        )


def run_tests(path: str | None, choice: Choice, output: Output) -> int:
    """Run all tests whose path or name contains the chosen part."""
    start = time.perf_counter()
    loaded = load(path)
    if loaded.project is None:
        output.report(loaded.diagnostics, loaded.files)
        return USAGE
    gc.enable()  # other commands compile once and end; this one goes on
    results: list[Result] = []
    for result in _results(loaded, choice, output):
        results.append(result)
        _tell(result, output)
    if not results:
        part = choice.settings.part
        wanted = f" with `{part}` in its name" if part else ""
        fail(
            f"there is no test{wanted}",
            "tests are functions marked `[<Test>]` or `[<Property>]`, and programs with `//> ` "
            "comments in `tests/`",
        )
        return USAGE
    seconds = time.perf_counter() - start
    failed = sum(bool(result.problems) for result in results)
    skipped = sum(bool(result.skipped) for result in results)
    told = f"{len(results) - failed - skipped} passed, {failed} failed"
    told += f", {skipped} skipped" if skipped else ""
    output.remark("tests", f"{told} in {seconds:.2f} s")
    if choice.junit:
        write_junit(choice.junit, loaded.project.name, results, seconds)
    return PROGRAM_ERRORS if failed else OK


def _tell(result: Result, output: Output) -> None:
    verdict = "FAILED" if result.problems else "skipped" if result.skipped else "passed"
    output.remark(verdict, f"{result.name}: {result.skipped}" if result.skipped else result.name)
    if result.problems and result.place != result.name:
        output.write(f"{'':>12}{result.place}\n")
    for problem in result.problems:
        output.write(f"{'':>12}{problem}\n")
    if result.problems:
        for line in result.output.splitlines()[:20]:
            output.write(f"{'':>12}printed: {line}\n")


def _results(loaded: Loaded, choice: Choice, output: Output) -> Iterator[Result]:
    """Test programs in the order of their paths, then marked functions."""
    settings = choice.settings
    programs = [test for test in discover(loaded) if settings.part in test.path]
    yield from _program_results(programs, choice, output)
    for project in _with_functions(loaded):
        request = choice.request(project.path)
        try:
            yield from run_unit_tests(project, request, settings, output)
        except Exit as end:
            if end.code not in (PROGRAM_ERRORS, USAGE):
                raise
            yield Result(project.path, project.path, problems=["it does not compile"])


def _with_functions(loaded: Loaded) -> Iterator[Project]:
    """The sources that hold marked functions, each with what it may use. The main program is left
    out unless it holds some itself."""
    project = loaded.project
    assert project is not None
    before, last = usable_sources(project), project.sources[-1]
    sources = project.sources if _is_marked(last) else before
    if any(map(_is_marked, sources)):
        yield replace(project, sources=sources, implicit=True)
    if not project.implicit:
        for path in _below(os.path.join(project.folder, "tests")):
            if path not in project.sources and _is_marked(path):
                yield replace(project, path=path, sources=(*before, path), implicit=True)


def _is_marked(path: str) -> bool:
    source, _ = read_source(path)
    return source is not None and may_have_tests(source)


def _program_results(
    tests: Sequence[TestProgram], choice: Choice, output: Output
) -> Iterator[Result]:
    """While programs run, the next ones are compiled."""
    from concurrent.futures import Future, ThreadPoolExecutor

    started: deque[Future[Result]] = deque()
    with ThreadPoolExecutor(choice.settings.jobs) as pool:
        for test in tests:
            begun = time.perf_counter()
            request = choice.request(test.path)
            words = _compiled(test, request, output)
            started.append(pool.submit(_run_program, test, words, begun))
            while started and (started[0].done() or len(started) > choice.settings.jobs):
                yield started.popleft().result()
        for future in started:
            yield future.result()


def _compiled(test: TestProgram, request: Request, output: Output) -> list[str]:
    """The command line of a test program; none when it does not compile."""
    from clef.command_line.building import executable, prepare_project
    from clef.command_line.running import command_for

    try:
        job = prepare_project(Loaded(project=test.project), request, output)
        return command_for(executable(job), job.options.target, output)
    except Exit as end:
        if end.code not in (PROGRAM_ERRORS, USAGE):
            raise
        return []


def _run_program(test: TestProgram, words: Sequence[str], begun: float) -> Result:
    problems = _problems(test, words) if words else ["it does not compile"]
    return Result(test.path, test.path, time.perf_counter() - begun, problems)


def _problems(test: TestProgram, words: Sequence[str]) -> list[str]:
    from clef.toolchain.process import run

    outcome = run(
        with_arguments(words, test.expectation.arguments),
        input_bytes=test.expectation.input.encode(),
        time_limit=TIME_LIMIT,
    )
    if outcome.timed_out:
        return [f"it was still running after {TIME_LIMIT:.0f} s"]
    code = outcome.exit_code if outcome.exit_code is not None else 127
    text = outcome.output.decode("utf-8", "backslashreplace")
    # A program ended by a signal has the exit code that a shell would show.
    return differences(
        test.expectation, text, outcome.error_text(), code if code >= 0 else 128 - code
    )
