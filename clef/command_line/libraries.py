"""`clef build` for libraries and wheels: from a prepared job to files.

Comes in: a job, the kind of library. Goes out: the library, and its header if it was asked for.
Promises: see `clef.command_line.building`.
"""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING, cast

from clef.command_line.writing import write_file

if TYPE_CHECKING:
    from clef.command_line.building import Job

_SUFFIXES = {"shared": ".so", "static": ".a"}


def build_library(job: Job, kind: str, header: bool, destination: str | None) -> None:
    """Make a library of a project, and write it."""
    from clef.backends import start_code_generator
    from clef.diagnostics.arrangement import has_errors
    from clef.embedding.library import Wanted
    from clef.embedding.library import build_library as build

    if has_errors(job.found):
        job.finish(job.found, False)
    start_code_generator()
    path = Path(destination) if destination else _usual_path(job, kind)
    try:
        made = build(job.project, job.options, job.sources, Wanted(kind, path.name), job.progress)
    finally:
        job.progress.clear()
    job.finish([*job.found, *made.diagnostics], False)
    write_file(path, made.content, executable=kind == "shared")
    job.progress.clear()
    _report(job, path, len(made.content))
    if header:
        beside = path.with_name(f"{made.interface.name}.h")
        write_file(beside, made.header.encode())
        job.output.remark("written", os.fspath(beside))
    if job.output.settings.verbosity > 0:
        for one in made.interface.left_out:
            job.output.remark("left out", f"{one.name}: {one.reason}")


def build_wheel(job: Job, destination: str | None) -> None:
    """Make a wheel of a project, always optimised, and write it; `destination` may be a folder."""
    from dataclasses import replace

    from clef.backends import start_code_generator
    from clef.diagnostics.arrangement import has_errors
    from clef.embedding.python_module import build_for_python
    from clef.embedding.wheel import make_wheel
    from clef.steps import target_of

    if has_errors(job.found):
        job.finish(job.found, False)
    start_code_generator()
    options = replace(job.options, release=True)
    try:
        made = build_for_python(job.project, options, job.sources, job.progress)
    finally:
        job.progress.clear()
    job.finish([*job.found, *made.diagnostics], False)
    architecture = target_of(options).architecture
    wheel = make_wheel(job.project, made.content, made.description, architecture, made.needs)
    folder = Path() if job.project.implicit else Path(job.project.folder) / "build"
    path = Path(destination) if destination else folder / wheel.name
    if destination and not destination.endswith(".whl"):
        path = path / wheel.name
    write_file(path, wheel.content)
    _report(job, path, len(wheel.content))
    if job.output.settings.verbosity > 0:
        left_out = cast("list[tuple[str, str]]", made.description["left_out"])
        for name, reason in left_out:
            job.output.remark("left out", f"{name}: {reason}")


def _usual_path(job: Job, kind: str) -> Path:
    project = job.project
    name = f"lib{project.output or project.name}{_SUFFIXES[kind]}"
    return Path(name) if project.implicit else Path(project.folder) / "build" / name


def _report(job: Job, path: Path, size: int) -> None:
    seconds = time.perf_counter() - job.start
    shown = f"{size / 1000:.1f} kB" if size < 1_000_000 else f"{size / 1_000_000:.1f} MB"
    job.output.remark("built", f"{os.fspath(path)} ({shown}) in {seconds:.2f} s")
