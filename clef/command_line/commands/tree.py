"""`clef tree`: what a project depends on."""

from __future__ import annotations

import click

from clef.command_line.options import project_option

HEADING = "Projects"
ORDER = 5


@click.command()
@project_option
def command(project: str) -> int:
    """Show the dependencies of a project as a tree.

    \b
    Example:
      clef tree
    """
    from clef.command_line.packages import project_file, refusing, tree_lines
    from clef.packages.problems import PackageError

    try:
        for line in tree_lines(project_file(project)):
            click.echo(line)
    except PackageError as error:
        raise refusing(error) from error
    return 0
