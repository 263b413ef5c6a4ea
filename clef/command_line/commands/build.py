"""`clef build`: compile a program to an executable, or to any form on the way."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

import click

from clef.command_line.options import (
    heap_options,
    message_options,
    stage_options,
    target_options,
    timings_option,
)
from clef.command_line.writing import write_file

if TYPE_CHECKING:
    from pathlib import Path

    from clef.command_line.building import Job, Request
    from clef.command_line.output import Output

HEADING = "Programs"
ORDER = 2

_FORMS = ("tokens", "tree", "core", "graph", "plan", "mlir", "llvm", "asm", "object")
_KINDS = ("program", "shared", "static", "python")


@click.command()
@click.argument("path", required=False, metavar="[FILE|PROJECT]")
@click.option("-o", "--output", "destination", metavar="FILE", help="Where to put the result.")
@click.option("--emit", type=click.Choice(_FORMS), help="Produce this form instead.")
@click.option("--kind", type=click.Choice(_KINDS), help="Make this instead of an executable.")
@click.option("--header", is_flag=True, help="Write the C header of a library beside it.")
@target_options
@heap_options
@stage_options
@timings_option
@message_options
def command(
    path: str | None,
    destination: str | None,
    emit: str | None,
    kind: str | None,
    header: bool,
    **values: Any,
) -> int:
    """Compile a program to an executable.

    A single file's executable is put beside you, a project's into its folder `build`. A form asked
    for with --emit is written to standard output if it is text and -o names no file. For boards, a
    name that ends in .bin or .hex is given the contents of the flash alone. Projects with
    `output_kind = "library"`, and --kind, make a library for C, see docs/c.md, or a wheel for
    Python, see docs/python.md.

    \b
    Examples:
      clef build hello.clef -o hello
      clef build --release --static
      clef build --target aarch64-linux hello.clef
      clef build --emit llvm hello.clef
      clef build --target lm3s6965 -o hello.hex hello.clef
      clef build --kind shared --header geometry.clef
      clef build --kind python geometry.clef
    """
    from clef.command_line.building import prepare
    from clef.command_line.output import Output
    from clef.command_line.settings import make_settings

    output = Output(make_settings(values), leave_stdout=bool(emit) and destination in (None, "-"))
    job = prepare(_request(path, emit, values), output)
    if emit:
        _write_form(job, emit, destination)
    elif (wanted := _library_kind(job, kind)) and not values["stop_after"]:
        _write_library(job, wanted, header, destination)
    elif values["stop_after"] in (None, "", "link"):
        _write_executable(job, destination, output)
    else:
        _check_until(job)
    job.timings()
    return 0


def _request(path: str | None, emit: str | None, values: dict[str, Any]) -> Request:
    from clef.command_line.building import Request

    return Request(
        path,
        target=values["target"],
        release=values["release"],
        static=values["static"],
        cpu=values["cpu"],
        sanitize=values["sanitize"] or "",
        heap_statistics=values["heap_statistics"],
        emit=emit or "",
        until=values["stop_after"],
        prints=values["prints"],
        check_stages=values["check_stages"],
    )


def _check_until(job: Job) -> None:
    from clef.command_line.building import compile_job

    compile_job(job, summary=True)


def _write_library(job: Job, kind: str, header: bool, destination: str | None) -> None:
    from clef.command_line.libraries import build_library, build_wheel

    if kind == "python":
        build_wheel(job, destination)
    else:
        build_library(job, kind, header, destination)


def _library_kind(job: Job, kind: str | None) -> str:
    """Which kind of library to make; empty for a program."""
    if kind is None:
        return "shared" if job.project.output_kind == "library" else ""
    return "" if kind == "program" else kind


def _write_form(job: Job, emit: str, destination: str | None) -> None:
    from clef.command_line.building import compile_job
    from clef.pipeline import emitted

    form = emitted(compile_job(job, summary=False))
    if isinstance(form, str):
        form = form if form.endswith("\n") else form + "\n"
    content = form.encode("utf-8", "surrogatepass") if isinstance(form, str) else form
    if destination is None and emit == "object":
        destination = f"{job.project.name}.o"
    if destination in (None, "-"):
        sys.stdout.buffer.write(content)
        return
    from pathlib import Path

    assert destination is not None
    write_file(Path(destination), content)


def _default_destination(job: Job) -> Path:
    from pathlib import Path

    from clef.toolchain.target import find_target

    target = find_target(job.options.target)
    suffix = target.executable_suffix if target else ""
    name = job.project.output + suffix
    return Path(name) if job.project.implicit else Path(job.project.folder) / "build" / name


def _in_form(image: bytes, job: Job, suffix: str) -> bytes:
    """The executable; for a board, what a suffix such as `.hex` asks for."""
    from clef.link.flash_image import SUFFIXES, converted
    from clef.toolchain.target import find_target

    target = find_target(job.options.target)
    is_form = suffix in SUFFIXES and target is not None and target.board is not None
    return converted(image, suffix) if is_form else image


def _write_executable(job: Job, destination: str | None, output: Output) -> None:
    import time
    from pathlib import Path

    from clef.command_line.building import executable

    built = executable(job)
    path = Path(destination) if destination else _default_destination(job)
    content = _in_form(built.read_bytes(), job, path.suffix)
    write_file(path, content, executable=True)
    seconds = time.perf_counter() - job.start
    size = len(content)
    shown = f"{size / 1000:.1f} kB" if size < 1_000_000 else f"{size / 1_000_000:.1f} MB"
    output.remark("built", f"{os.fspath(path)} ({shown}) in {seconds:.2f} s")
