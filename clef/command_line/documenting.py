"""`clef doc` and the examples of `clef test --doc`.

Comes in: a project. Goes out: a folder of pages, or the results of its examples. Promises: the
pages are those of this version of the sources; a folder is only written into, nothing in it is
removed.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from pathlib import Path
from typing import cast

from clef.checking import CheckedProgram
from clef.command_line.building import Job, Request, compile_job, prepare
from clef.command_line.exit_codes import OK, PROGRAM_ERRORS, TOOL_MISSING, USAGE
from clef.command_line.output import Output, fail
from clef.command_line.writing import write_file
from clef.documentation.items import Module, modules_of


def _modules(path: str | None, output: Output) -> tuple[Job, list[Module]]:
    from clef.steps import conditional_symbols

    job = prepare(Request(path, until="types"), output)
    units = cast("CheckedProgram", compile_job(job, summary=False).products["checked"]).units
    sources = {source.path: source for source in job.sources}
    return job, modules_of(units, sources, conditional_symbols(job.options, job.sources))


def write_pages(path: str | None, destination: str, output: Output) -> int:
    """Write the pages of a project."""
    from clef.documentation.site import Site

    job, modules = _modules(path, output)
    if not modules:
        fail("there is nothing to document", "modules with public definitions are")
        return USAGE
    sources = {source.path: source for source in job.sources}
    try:
        files = Site(job.project.name, modules, sources).files()
    except ImportError:
        fail("pages need a further package", "pip install 'clef-lang[doc]'")
        return TOOL_MISSING
    folder = Path(destination or _default(job))
    for name, text in files.items():
        write_file(folder / name, text.encode("utf-8", "surrogatepass"))
    output.remark("written", f"{folder / 'index.html'} ({len(modules)} modules)")
    return OK


def _default(job: Job) -> Path:
    project = job.project
    return Path("doc") if project.implicit else Path(project.folder) / "build" / "doc"


def run_doctests(path: str | None, part: str, output: Output) -> int:
    """Run the examples in the comments of a project."""
    passed = failed = 0
    for name, place, problems in examples(path, part, output):
        passed, failed = passed + (not problems), failed + bool(problems)
        output.remark("FAILED" if problems else "passed", name)
        for line in [place, *problems] if problems else []:
            output.write(f"{'':>12}{line}\n")
    if not passed + failed:
        fail("there are no examples", "blocks of code in `///` comments are examples")
        return USAGE
    output.remark("examples", f"{passed} passed, {failed} failed")
    return PROGRAM_ERRORS if failed else OK


def examples(path: str | None, part: str, output: Output) -> Iterator[tuple[str, str, list[str]]]:
    """The name, the place and the problems of each example."""
    from clef.command_line.building import start_code_generator
    from clef.documentation.doctests import run_examples

    job, modules = _modules(path, output)
    start_code_generator()
    gc.enable()
    sources = {source.path: source for source in job.sources}
    for one in run_examples(modules, sources, part):
        yield one.name, one.place, one.problems
