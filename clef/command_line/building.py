"""What `run`, `build`, `check` and `test` have in common: from the words of the command line to a
compilation.

Comes in: a `Request`. Goes out: a finished `Compilation` or a cached executable. Promises: messages
have been written when a function here ends the command, and the exit code says whose turn it is:
the program's author (1), whoever wrote the command line or project file (2), the installation (3),
or the compiler (70).
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from clef.command_line.exit_codes import (
    COMPILER_BUG,
    OK,
    PROGRAM_ERRORS,
    TOOL_MISSING,
    USAGE,
    Exit,
)
from clef.command_line.output import Output, fail
from clef.data_classes import dataclass, field

if TYPE_CHECKING:
    from clef.command_line.progress import Progress
    from clef.diagnostics.diagnostic import Diagnostic
    from clef.pipeline import Compilation, Options
    from clef.project.loading import Loaded
    from clef.project.project import Project
    from clef.source import SourceFile
    from clef.toolchain.marks import Marks

# Messages that ask for a change of the command line or the project file.
_USAGE_CODES = frozenset({"E1004", "E1005", "E0801", "E0802", "E0810", "E0812", "E0902", "E0906"})
_TOOL_CODES = frozenset({"E0901"})


@dataclass(frozen=True, slots=True)
class Request:
    """What to compile, and how; `until` is the stage to stop after."""

    path: str | None
    target: str = ""
    release: bool = False
    static: bool = False
    cpu: str = ""
    sanitize: str = ""
    heap_statistics: bool = False
    emit: str = ""
    until: str = ""
    prints: tuple[str, ...] = ()
    check_stages: bool = False
    use_cache: bool = True
    in_process: bool = False
    measure_stack: bool = False
    marks: Marks | None = None


def _checked_stage(name: str) -> str:
    from clef.diagnostics.spelling import closest
    from clef.pipeline import stage_names

    if name and name not in stage_names():
        near = closest(name, stage_names())
        error = click.UsageError(f"there is no stage `{name}`; stages: {', '.join(stage_names())}")
        error.hint = f"`{near}`" if near else ""  # type: ignore[attr-defined]
        raise error
    return name


def _target(request: Request, project: Project, output: Output) -> str:
    """The name of the target; `--target` wins over the project file."""
    from clef.toolchain.target import find_target

    if not request.target and find_target(project.target) is not None:
        return project.target
    from clef.project.targets import resolve_target
    from clef.source import Span

    # A machine that we run on may itself be none of the targets.
    found = resolve_target(request.target or project.target, Span("", 0, 0))
    if isinstance(found, str):
        return found
    output.report([found], {})
    raise Exit(USAGE)


def _check_watched(request: Request, name: str) -> None:
    """What watches the heap needs a kernel to write to."""
    from clef.toolchain.target import find_target

    target = find_target(name)
    if (request.sanitize or request.heap_statistics) and target and target.system != "linux":
        option = "--sanitize" if request.sanitize else "--heap-statistics"
        raise click.UsageError(f"`{option}` is for Linux targets, and `{name}` is none")
    if request.sanitize == "address" and target and not (target.is_native and not request.static):
        raise click.UsageError("`--sanitize address` is for this machine, and not with `--static`")


def _options(request: Request, project: Project, output: Output) -> Options:
    from clef.pipeline import Options

    target = _target(request, project, output)
    _check_watched(request, target)
    prints: list[tuple[str, str]] = []
    for wanted in request.prints:
        stage, _, only = wanted.partition(":")
        prints.append((_checked_stage(stage), only))
    return Options(
        target=target,
        release=request.release or project.optimization_level == "release",
        static=request.static,
        cpu=request.cpu,
        sanitize=request.sanitize,
        heap_statistics=request.heap_statistics,
        emit=request.emit,
        stop_after=_checked_stage(request.until),
        prints=tuple(prints),
        check_stages=request.check_stages,
        position_independent=request.in_process,
        measure_stack=request.measure_stack,
        marks=request.marks,
        verify_checks="CLEF_VERIFY_CHECKS" in os.environ,
    )


@dataclass(slots=True)
class Job:
    """One project on its way through the compiler."""

    request: Request
    output: Output
    loaded: Loaded
    project: Project
    options: Options
    progress: Progress
    start: float
    sources: list[SourceFile] = field(default_factory=list["SourceFile"])
    found: list[Diagnostic] = field(default_factory=list["Diagnostic"])

    def texts(self) -> dict[str, SourceFile]:
        """Every file that messages may point into."""
        return {source.path: source for source in [*self.sources, *self.loaded.files.values()]}

    def finish(self, diagnostics: Sequence[Diagnostic], summary: bool) -> None:
        """Writes the messages; ends the command if there are errors among them."""
        from clef.diagnostics.arrangement import has_errors

        self.progress.clear()
        failed = has_errors(diagnostics)
        self.output.report(diagnostics, self.texts())
        if failed or summary:
            seconds = time.perf_counter() - self.start
            self.output.close(diagnostics, len(self.sources), seconds)
        if failed:
            self.timings()
            raise Exit(exit_code(diagnostics))

    def timings(self) -> None:
        """Writes the times of the stages if they were asked for."""
        if self.output.settings.timings:
            from clef.command_line.progress import timings_json, timings_text

            timings = self.progress.recording.ordered()
            as_json = self.output.settings.timings == "json"
            sys.stderr.write(timings_json(timings) if as_json else timings_text(timings))


def exit_code(diagnostics: Sequence[Diagnostic]) -> int:
    """Whose turn it is, judged by the errors."""
    from clef.diagnostics.diagnostic import Severity

    codes = {d.code for d in diagnostics if d.severity is Severity.ERROR}
    if not codes:
        return OK
    if codes & _TOOL_CODES:
        return TOOL_MISSING
    return USAGE if codes <= _USAGE_CODES else PROGRAM_ERRORS


def prepare(request: Request, output: Output) -> Job:
    """Find the project, check the options, read the sources."""
    from clef.project.loading import load

    return prepare_project(load(request.path), request, output)


def prepare_project(loaded: Loaded, request: Request, output: Output) -> Job:
    """The same for a project that has been loaded."""
    from clef.command_line.progress import Progress
    from clef.project.loading import read_sources

    start = time.perf_counter()
    if loaded.project is None:
        output.report(loaded.diagnostics, loaded.files)
        output.close(loaded.diagnostics, 0, time.perf_counter() - start)
        raise Exit(USAGE)
    shown = output.for_people and sys.stderr.isatty()
    progress = Progress(loaded.project.name, shown, output.settings.verbosity > 0)
    options = _options(request, loaded.project, output)
    job = Job(request, output, loaded, loaded.project, options, progress, start)
    job.sources, found = read_sources(loaded)
    job.found = [*loaded.diagnostics, *found]
    return job


def compile_job(job: Job, summary: bool) -> Compilation:
    """Run the pipeline; ends the command if the program has errors."""
    from clef.pipeline import compile_project

    return _compiled(job, summary, compile_project)


def check_job(job: Job) -> Compilation:
    """Only look for mistakes, where the program differs from what was last found without any."""
    from clef.rechecking import check_project

    return _compiled(job, True, check_project)


def _compiled(job: Job, summary: bool, compile_all: Callable[..., Compilation]) -> Compilation:
    from clef.diagnostics.arrangement import has_errors

    if has_errors(job.found):
        job.finish(job.found, summary)
    try:
        compilation = compile_all(job.project, job.options, job.progress, job.sources)
    finally:
        job.progress.clear()
    for _, text in compilation.printed:
        sys.stdout.write(text if text.endswith("\n") else text + "\n")
    sys.stdout.flush()
    diagnostics = [*job.found, *compilation.diagnostics]
    job.finish(diagnostics, summary and not compilation.unavailable)
    if compilation.unavailable:
        fail(
            f"this version of the compiler has no stage `{compilation.unavailable}` yet",
            "the stages before it have found no errors",
        )
        raise Exit(COMPILER_BUG)
    return compilation


def _say_memory(job: Job, compilation: Compilation) -> None:
    """What the program does with memory, in one line."""
    from clef.command_line.memory_page import totals
    from clef.memory_plan.report import memory_report
    from clef.mlir.planned import Planned

    planned = compilation.products["plan"]
    assert isinstance(planned, Planned)
    paths = [source.path for source in job.sources]
    said = totals(memory_report(planned.program, planned.plan, paths))
    job.output.remark("memory", f"{said}; `clef explain --memory` shows them")


def _say_checks(job: Job, compilation: Compilation) -> None:
    """Which checks an optimised program still makes, in one line."""
    from typing import cast

    from clef.command_line.checks_report import in_all
    from clef.typed_core.core import Program
    from clef.value_ranges.report import checks_report

    program = cast("Program", compilation.products["direct"])
    said = in_all(checks_report(program, [source.path for source in job.sources]))
    job.output.remark("checks", f"{said}; `clef explain --checks` shows why")


def _program_of(compilation: Compilation) -> bytes:
    product = compilation.products["executable"]
    if isinstance(product, bytes):
        return product
    if isinstance(product, Path):
        return product.read_bytes()
    raise TypeError(f"the link stage gave {type(product).__name__} instead of bytes")


def start_code_generator() -> None:
    """LLVM takes a while to load; it can do so while the front end works."""
    from clef.pipeline import stage_names

    if "code" in stage_names():
        from clef.backends import start_code_generator

        start_code_generator()


def executable(job: Job, summary: bool = False) -> Path:
    """The path of the job's executable in the cache, built if need be."""
    from clef import build_cache

    key = build_cache.build_key(job.project, job.options, job.sources)
    if job.request.use_cache and not job.options.prints and not job.options.check_stages:
        entry = build_cache.find(key)
        if entry is not None:
            if job.output.settings.verbosity > 0:
                job.output.remark("unchanged", job.project.name)
            job.finish([*job.found, *entry.diagnostics], summary)
            return entry.executable
    start_code_generator()
    compilation = compile_job(job, summary)
    if job.output.settings.verbosity > 0:
        _say_memory(job, compilation)
        if job.options.release:
            _say_checks(job, compilation)
    program = _program_of(compilation)
    # Marks go to a file that is there for one run only.
    is_kept = job.options.marks is None
    stored = build_cache.store(key, program, compilation.diagnostics) if is_kept else None
    if stored is not None:
        return stored.executable
    # The cache cannot be written: any other folder will do, for this once.
    import tempfile

    path = Path(tempfile.mkdtemp(prefix="clef-")) / job.project.name
    path.write_bytes(program)
    path.chmod(0o755)
    return path
