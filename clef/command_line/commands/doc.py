"""`clef doc`: pages about a project."""

from __future__ import annotations

from typing import Any

import click

from clef.command_line.options import message_options

HEADING = "Projects"
ORDER = 2


@click.command()
@click.argument("path", required=False, metavar="[FILE|PROJECT]")
@click.option(
    "-o", "--output", "destination", default="", metavar="FOLDER", help="Where to put it."
)
@click.option("--test", "tests", is_flag=True, help="Run the examples instead.")
@click.option("--filter", "part", default="", metavar="TEXT", help="Only examples of these names.")
@message_options
def command(path: str | None, destination: str, tests: bool, part: str, **values: Any) -> int:
    """Write pages about the modules of a project: declarations, and the `///` comments above them,
    in Markdown or in XML as F# knows it. The pages have a search and the sources, and need no
    network.

    With `--test`, run the blocks of code in the comments: `//> text` in a block is a line that it
    must print, and what follows a line `> input` is the answer that `clef repl` must give to it.
    A block that begins with ```` ```fsharp not-run ```` is only shown.

    \b
    Examples:
      clef doc
      clef doc -o pages shapes.clef
      clef doc --test
    """
    from clef.command_line.documenting import run_doctests, write_pages
    from clef.command_line.output import Output
    from clef.command_line.settings import make_settings

    output = Output(make_settings(values))
    if tests:
        return run_doctests(path, part, output)
    return write_pages(path, destination, output)
