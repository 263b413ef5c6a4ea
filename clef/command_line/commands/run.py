"""`clef run`: compile a program and run it."""

from __future__ import annotations

from typing import Any

import click

from clef.command_line.options import (
    heap_options,
    message_options,
    stage_options,
    target_options,
    timings_option,
)

HEADING = "Programs"
ORDER = 1


@click.command()
@click.argument("path", required=False, metavar="[FILE|PROJECT]")
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED, metavar="[-- ARGUMENTS]")
@click.option("--jit", is_flag=True, help="Run in the compiler's own process; nothing is kept.")
@target_options
@heap_options
@stage_options
@timings_option
@message_options
def command(path: str | None, arguments: tuple[str, ...], **values: Any) -> int:
    """Compile a program and run it.

    The program's exit code is passed through. A program that has not changed since it was last run
    starts at once.

    \b
    Examples:
      clef run hello.clef
      clef run                            the project in this folder
      clef run words.clef -- big.txt      arguments for the program
      clef run --jit hello.clef           without an executable
      clef run --target wasm32-wasi hello.clef
    """
    from clef.command_line.building import Request, compile_job, executable, prepare
    from clef.command_line.output import Output
    from clef.command_line.running import command_for, replace_process, run_in_process
    from clef.command_line.settings import make_settings

    # What stands behind `--` has been set aside before the options were read.
    behind: list[str] = click.get_current_context().obj or []
    output = Output(make_settings(values), leave_stdout=True)
    request = Request(
        path,
        target=values["target"],
        release=values["release"],
        static=values["static"],
        cpu=values["cpu"],
        sanitize=values["sanitize"] or "",
        heap_statistics=values["heap_statistics"],
        until=values["stop_after"],
        prints=values["prints"],
        check_stages=values["check_stages"],
        in_process=values["jit"],
    )
    job = prepare(request, output)
    if job.project.output_kind == "library":
        from clef.diagnostics.exports import NotAProgram
        from clef.source import Span

        job.finish([NotAProgram(Span(job.project.path, 0, 0), job.project.name)], summary=False)
    if request.until and request.until != "link":
        compile_job(job, summary=False)
        job.timings()
        return 0
    if request.in_process:
        return run_in_process(job, [job.project.name, *arguments, *behind])
    program = executable(job)
    words = command_for(program, job.options.target, output)
    job.timings()
    return replace_process(words, [*arguments, *behind], job.project.name)
