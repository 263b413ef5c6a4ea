"""`clef test`: run the test programs of a project."""

from __future__ import annotations

from typing import Any

import click

from clef.command_line.options import message_options

HEADING = "Programs"
ORDER = 4


@click.command()
@click.argument("path", required=False, metavar="[FILE|PROJECT]")
@click.option(
    "--filter", "part", default="", metavar="TEXT", help="Only tests with this in their path."
)
@click.option("--target", metavar="NAME", default="", help="Machine to test on.")
@click.option("--release", is_flag=True, help="Test optimised programs.")
@message_options
def command(path: str | None, part: str, target: str, release: bool, **values: Any) -> int:
    """Run the test programs of a project, or of one file.

    A test is a program in the project's folder `tests`, compiled together with the project's
    sources except the last one, which is the main program. Comments at the beginning of a line say
    what it must do:

    \b
      //> text        a line of its output
      //2> text       something that standard error must contain
      //< text        a line of its input
      //@ a "b c"     its arguments
      //! exit 3      its exit code
      //! no newline  its last line of output does not end

    \b
    Examples:
      clef test
      clef test --filter parser
      clef test hello.clef
    """
    from clef.command_line.output import Output
    from clef.command_line.settings import make_settings
    from clef.command_line.testing import run_tests

    return run_tests(path, part, target, release, Output(make_settings(values)))
