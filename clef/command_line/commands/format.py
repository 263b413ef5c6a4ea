"""`clef format`: lay out source files."""

from __future__ import annotations

from typing import Any

import click

from clef.command_line.options import message_options

HEADING = "Programs"
ORDER = 5


@click.command()
@click.argument("paths", nargs=-1, metavar="[FILES|FOLDERS]...")
@click.option("--check", "is_check", is_flag=True, help="Write nothing; list what would change.")
@click.option(
    "--stdin",
    "from_stdin",
    is_flag=True,
    help="Format standard input; a path says whose settings count.",
)
@message_options
def command(paths: tuple[str, ...], is_check: bool, from_stdin: bool, **values: Any) -> int:
    """Lay out source files in Fantomas' style, with the settings of `.editorconfig`.

    Without paths: this folder. Files that `.fantomasignore` names are left out of folders. A file
    with mistakes in it is left alone, and the exit code is 1; so it is when `--check` finds a file
    that would change.

    \b
    Examples:
      clef format
      clef format --check src
      clef format --stdin < hello.clef
    """
    from clef.command_line.formatting import format_files, format_standard_input
    from clef.command_line.output import Output
    from clef.command_line.settings import make_settings

    output = Output(make_settings(values))
    if from_stdin:
        if is_check or len(paths) > 1:
            raise click.UsageError("`--stdin` takes at most one path and no `--check`")
        return format_standard_input(paths[0] if paths else "standard input.clef", output)
    return format_files(paths or (".",), is_check, output)
