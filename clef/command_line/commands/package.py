"""`clef package`: make an archive of a project."""

from __future__ import annotations

import click

from clef.command_line.options import project_option

HEADING = "Projects"
ORDER = 6


@click.command()
@click.option("-o", "--output", metavar="FILE", help="Where to write (NAME-VERSION.tar.gz).")
@project_option
def command(output: str | None, project: str) -> int:
    """Make an archive of a project's sources, for `clef add --archive`.

    In it: the project file, its sources, its readme, license and changelog. The same files make the
    same bytes.

    \b
    Example:
      clef package
    """
    from clef.command_line.packages import package, project_file, refusing
    from clef.packages.problems import PackageError

    try:
        package(project_file(project), output)
    except PackageError as error:
        raise refusing(error) from error
    return 0
