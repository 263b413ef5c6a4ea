"""`clef remove`: depend on a package no longer."""

from __future__ import annotations

import click

from clef.command_line.options import project_option

HEADING = "Projects"
ORDER = 3


@click.command()
@click.argument("name")
@project_option
def command(name: str, project: str) -> int:
    """Take a dependency out of the project file and the lock file.

    \b
    Example:
      clef remove json
    """
    from clef.command_line.packages import change_dependency, project_file, refusing
    from clef.packages.problems import PackageError

    try:
        change_dependency(project_file(project), name, None)
    except PackageError as error:
        raise refusing(error) from error
    return 0
