"""`clef stubs`: the types of a Clef module, for Python's type checkers."""

from __future__ import annotations

import sys
from typing import Any

import click

from clef.command_line.options import message_options
from clef.command_line.writing import write_file

HEADING = "Programs"
ORDER = 6


@click.command()
@click.argument("path", required=False, metavar="[FILE|PROJECT]")
@click.option("-o", "--output", "destination", metavar="FILE", help="Where to put the stub.")
@message_options
def command(path: str | None, destination: str | None, **values: Any) -> int:
    """Write the type stub (.pyi) of a program that Python loads.

    It goes to standard output if -o names no file.

    \b
    Examples:
      clef stubs geometry.clef -o geometry.pyi
    """
    from clef.command_line.building import Request, prepare
    from clef.command_line.output import Output
    from clef.command_line.settings import make_settings
    from clef.diagnostics.arrangement import has_errors
    from clef.embedding.library import check_project
    from clef.embedding.python_interface import python_interface
    from clef.embedding.stubs import stub_text

    output = Output(make_settings(values), leave_stdout=True)
    job = prepare(Request(path), output)
    if has_errors(job.found):
        job.finish(job.found, False)
    checked = check_project(job.project, job.options, job.sources, job.progress)
    job.finish([*job.found, *checked.compilation.diagnostics], False)
    text = stub_text(python_interface(checked).description)
    if destination in (None, "-"):
        sys.stdout.write(text)
    else:
        from pathlib import Path

        write_file(Path(destination), text.encode())
    return 0
