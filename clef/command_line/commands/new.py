"""`clef new`: start a project."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from pathlib import Path

HEADING = "Projects"
ORDER = 1

_TEMPLATES = os.path.join(os.path.dirname(os.path.dirname(__file__)), "templates")


# How to try what is no program by itself.
_RUN = {"library": "clef test", "python": "python main.py"}


def template_names() -> list[str]:
    """All templates, by listing their folder."""
    return sorted(os.listdir(_TEMPLATES))


@click.command()
@click.argument("name")
@click.option(
    "--template",
    type=click.Choice(template_names()),
    default="console",
    show_default=True,
    help="What to start from.",
)
def command(name: str, template: str) -> int:
    """Start a project in a new folder.

    \b
    Examples:
      clef new hello
      cd hello && clef run
      clef new geometry --template library
    """
    import re
    from pathlib import Path

    folder = Path(name)
    last = folder.name
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_-]*", last):
        raise click.UsageError(
            f"`{last}` is not a name for a project: use letters, digits, `-` and `_`"
        )
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise click.UsageError(f"`{name}` exists already and is not an empty folder")
    try:
        files = _write(folder, last, Path(_TEMPLATES) / template)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise click.UsageError(f"cannot write `{name}`: {reason}") from error
    for file in files:
        click.echo(f"    created {file}")
    click.echo(f"\nRun it with: cd {name} && {_RUN.get(template, 'clef run')}")
    return 0


def _write(folder: Path, name: str, template: Path) -> list[str]:
    import re

    module = "".join(part.capitalize() for part in re.split("[-_]", name))
    written: list[str] = []
    for source in sorted(path for path in template.rglob("*") if path.is_file()):
        relative = str(source.relative_to(template)).removesuffix(".template")
        target = folder / relative.replace("NAME", name).replace("dot_", ".")
        text = source.read_text("utf-8").replace("{{name}}", name).replace("{{module}}", module)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, "utf-8", newline="\n")
        written.append(os.fspath(target))
    return written
