"""`clef size`: what is in an executable."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from clef.command_line.options import message_options, target_options
from clef.command_line.writing import write_file

if TYPE_CHECKING:
    from clef.command_line.building import Job
    from clef.command_line.size_report import SizeReport
    from clef.pipeline import Compilation

HEADING = "Knowledge"
ORDER = 2


@click.command()
@click.argument("path", required=False, metavar="[FILE|PROJECT]")
@click.option("--why", "symbol", default="", metavar="NAME", help="Why a function is in it.")
@click.option("--most", default=20, show_default=True, metavar="N", help="How many lines.")
@click.option("--html", "page", default="", metavar="FILE", help="Write a page with a map.")
@click.option("--json", "as_json_text", is_flag=True, help="Write everything as JSON.")
@target_options
@message_options
def command(path: str | None, symbol: str, most: int, **values: Any) -> int:
    """Tell what is in a program's executable: its functions and data by size, the modules and the
    library that they come from.

    With `--why`, the chain of reasons why a function is there: from the start of the program to it.

    \b
    Examples:
      clef size --release hello.clef
      clef size --release --html size.html
      clef size hello.clef --why List.map
    """
    from clef.command_line.building import Request, prepare
    from clef.command_line.output import Output
    from clef.command_line.settings import make_settings

    page, as_json_text = values.pop("page"), values.pop("as_json_text")
    request = Request(
        path,
        target=values.pop("target"),
        release=values.pop("release"),
        static=values.pop("static"),
        cpu=values.pop("cpu"),
        until="code" if not symbol else "graph",
    )
    job = prepare(request, Output(make_settings(values)))
    if symbol:
        return _why(job, symbol)
    report = _report(job)
    if report is None:
        return 2
    if page:
        from clef.command_line.treemap import as_page

        write_file(Path(page), as_page(report, job.project.name).encode())
        return 0
    from clef.command_line.size_report import as_json, as_text

    click.echo(as_json(report) if as_json_text else as_text(report, most), nl=False)
    return 0


def _why(job: Job, symbol: str) -> int:
    from typing import cast

    from clef.command_line.building import compile_job
    from clef.command_line.output import fail
    from clef.command_line.size_report import find_symbols, reason_chain
    from clef.semantic_graph import Graph

    graph = cast("Graph", compile_job(job, summary=False).products["graph"])
    sources = {source.path: source for source in job.sources}
    found = find_symbols(graph, symbol)
    if not found:
        fail(f"the program has no function `{symbol}`", "nothing calls it, or it has another name")
        return 1
    for name in found[:5]:
        chain = reason_chain(graph, name, sources)
        click.echo("\n".join(f"{'  ' * min(i, 20)}{line}" for i, line in enumerate(chain)))
    if len(found) > 5:
        click.echo(f"and {len(found) - 5} more functions of this name")
    return 0


def _report(job: Job) -> SizeReport | None:
    """Link twice: as `clef build` does, for the size, and with all symbols."""
    from typing import cast

    from clef.command_line.building import compile_job, start_code_generator
    from clef.command_line.output import fail
    from clef.command_line.size_report import size_report
    from clef.link.symbol_sizes import NotReadable, contents_of
    from clef.standard_library import Library
    from clef.typed_core.core import Program

    start_code_generator()
    compilation = compile_job(job, summary=False)
    program = cast("Program", compilation.products["proven"])
    try:
        contents = contents_of(_linked(job, compilation, release=False))
    except NotReadable:
        fail("sizes are read from ELF files only", "choose another target than WebAssembly")
        return None
    library = cast("Library", compilation.products["library"]).unit.definitions
    return size_report(
        program, library, contents, len(_linked(job, compilation, job.options.release))
    )


def _linked(job: Job, compilation: Compilation, release: bool) -> bytes:
    from dataclasses import replace
    from typing import cast

    from clef.backends import Artifacts
    from clef.mlir.planned import Planned
    from clef.steps import link
    from clef.toolchain.telemetry import SILENT
    from clef.typed_core.core import Program

    options = replace(job.options, release=release)
    artifacts = cast("Artifacts", compilation.products["artifacts"])
    core = cast("Program", compilation.products["core"])
    planned = cast("Planned", compilation.products["plan"])
    executable, found = link(artifacts, core, planned, job.project, options, SILENT)
    if found:
        job.finish(found, summary=False)
    return executable
