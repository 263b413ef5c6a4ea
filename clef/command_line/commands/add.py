"""`clef add`: depend on a package."""

from __future__ import annotations

import click

from clef.command_line.options import project_option

HEADING = "Projects"
ORDER = 2


@click.command()
@click.argument("name")
@click.option("--path", metavar="FOLDER", help="A project in a folder.")
@click.option("--git", metavar="URL", help="A project in a git repository.")
@click.option("--rev", metavar="REV", help="The branch, tag or commit to take (with --git).")
@click.option("--archive", metavar="FILE|URL", help="A `.tar.gz` that `clef package` made.")
@project_option
def command(
    name: str,
    path: str | None,
    git: str | None,
    rev: str | None,
    archive: str | None,
    project: str,
) -> int:
    """Depend on a package: write it into the project file and the lock file.

    The package is fetched into a store, by the hash of its content. Nothing of it is run.

    \b
    Examples:
      clef add geometry --path ../geometry
      clef add json --git https://example.org/json.git --rev v1.2
      clef add json --archive json-1.2.0.tar.gz
    """
    from clef.command_line.packages import change_dependency, check_name, project_file, refusing
    from clef.packages.problems import PackageError

    check_name(name)
    given = {"path": path, "git": git, "archive": archive}
    value = {key: each for key, each in given.items() if each}
    if len(value) != 1:
        raise click.UsageError("say where the package is: one of `--path`, `--git`, `--archive`")
    if rev and not git:
        raise click.UsageError("`--rev` goes with `--git`")
    if rev:
        value["rev"] = rev
    try:
        change_dependency(project_file(project), name, value)
    except PackageError as error:
        raise refusing(error) from error
    return 0
