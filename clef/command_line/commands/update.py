"""`clef update`: fetch packages and write the lock file."""

from __future__ import annotations

import click

from clef.command_line.options import project_option

HEADING = "Projects"
ORDER = 4


@click.command()
@click.argument("names", nargs=-1)
@click.option("--locked", "is_locked", is_flag=True, help="Fetch what the lock file says, no more.")
@click.option("--offline", "is_offline", is_flag=True, help="Fetch nothing over a network.")
@project_option
def command(names: tuple[str, ...], is_locked: bool, is_offline: bool, project: str) -> int:
    """Look for the packages anew, all or those named, and write the lock file.

    With `--locked`, as after cloning a project: fetch what the lock file says, by its hashes.

    \b
    Examples:
      clef update
      clef update json
      clef update --locked
    """
    from clef.command_line.packages import project_file, refusing
    from clef.command_line.packages import update as update_packages
    from clef.packages.problems import PackageError
    from clef.packages.resolving import Manner

    if is_locked and names:
        raise click.UsageError("`--locked` changes nothing, so that no names go with it")
    everything = not names and not is_locked and not is_offline
    manner = Manner(is_locked, is_offline, frozenset(names), everything)
    try:
        update_packages(project_file(project), manner)
    except PackageError as error:
        raise refusing(error) from error
    return 0
