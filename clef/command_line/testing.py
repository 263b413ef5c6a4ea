"""Running the test programs of a project.

Comes in: a project or a file. Goes out: a line per test, what went wrong, and the exit code.
Promises: a test that does not compile is a failed test; every test runs, whatever the others do;
tests are run in the order of their paths.
"""

from __future__ import annotations

import gc
import os
import time
from dataclasses import replace

from clef.command_line.building import Request
from clef.command_line.exit_codes import OK, PROGRAM_ERRORS, USAGE, Exit
from clef.command_line.expectations import Expectation, differences, read_expectation
from clef.command_line.output import Output, fail
from clef.data_classes import dataclass
from clef.project.files import SOURCE_SUFFIXES, read_source
from clef.project.loading import Loaded, load, single_file
from clef.project.project import Project

TIME_LIMIT = 60.0


@dataclass(frozen=True, slots=True)
class TestProgram:
    """One test: its project (the program with the sources it may use) and what it must do."""

    path: str
    project: Project
    expectation: Expectation


def discover(loaded: Loaded) -> list[TestProgram]:
    """All tests of a project; of a single file, the file itself."""
    project = loaded.project
    if project is None:
        return []
    paths, before = [project.path], project.sources[:-1]
    if not project.implicit:
        paths = _below(os.path.join(project.folder, "tests"))
    tests: list[TestProgram] = []
    for path in paths:
        source, _ = read_source(path)
        expectation = read_expectation(source.text) if source else Expectation()
        # A file that cannot be read is a test that fails; one without expectations is no test.
        if source is None or expectation.is_test:
            own = replace(single_file(path), target=project.target)
            settings = replace(
                project, name=own.name, path=path, sources=(*before, path), implicit=True
            )
            tests.append(TestProgram(path, settings, expectation))
    return tests


def _below(folder: str) -> list[str]:
    found: list[str] = []
    for inner, folders, files in os.walk(folder):
        folders.sort()
        found += [os.path.join(inner, f) for f in sorted(files) if f.endswith(SOURCE_SUFFIXES)]
    return found


def run_tests(path: str | None, part: str, target: str, release: bool, output: Output) -> int:
    """Run all tests whose path contains `part`."""
    start = time.perf_counter()
    loaded = load(path)
    if loaded.project is None:
        output.report(loaded.diagnostics, loaded.files)
        return USAGE
    tests = [test for test in discover(loaded) if part in test.path]
    if not tests:
        wanted = f" with `{part}` in its path" if part else ""
        fail(f"there is no test{wanted}", "tests are programs with `//> ` comments in `tests/`")
        return USAGE
    gc.enable()  # other commands compile once and end; this one goes on
    failed = 0
    for test in tests:
        request = Request(test.path, target=target, release=release)
        problems = _run_test(test, request, output)
        failed += bool(problems)
        output.remark("FAILED" if problems else "passed", test.path)
        for problem in problems:
            output.write(f"{'':>12}{problem}\n")
    seconds = time.perf_counter() - start
    passed = len(tests) - failed
    output.remark("tests", f"{passed} passed, {failed} failed in {seconds:.2f} s")
    return PROGRAM_ERRORS if failed else OK


def _run_test(test: TestProgram, request: Request, output: Output) -> list[str]:
    from clef.command_line.building import executable, prepare_project
    from clef.command_line.running import command_for
    from clef.toolchain.process import run

    try:
        job = prepare_project(Loaded(project=test.project), request, output)
        program = executable(job)
        words = command_for(program, job.options.target, output)
    except Exit as end:
        if end.code not in (PROGRAM_ERRORS, USAGE):
            raise
        return ["it does not compile"]
    outcome = run(
        [*words, *test.expectation.arguments],
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
