"""The list of commands, read from a folder, and the help that shows it.

Comes in: the words of the command line. Goes out: the command that they name. Promises: a command's
module is imported only when it is needed; a mistyped command gets the nearest known ones.
"""

from __future__ import annotations

import importlib
import os
from typing import Any, cast

import click

_FOLDER = os.path.join(os.path.dirname(__file__), "commands")

HEADINGS = ("Programs", "Projects", "Knowledge")


def command_names() -> list[str]:
    """All commands, by listing the folder of their modules."""
    found = {name.partition(".")[0] for name in os.listdir(_FOLDER) if not name.startswith("_")}
    return sorted(name.removesuffix("_command").replace("_", "-") for name in found)


def _module(name: str) -> Any:
    package = "clef.command_line.commands"
    name = name.replace("-", "_")
    try:
        return importlib.import_module(f"{package}.{name}")
    except ModuleNotFoundError as error:
        if error.name != f"{package}.{name}":
            raise
        return importlib.import_module(f"{package}.{name}_command")


class CommandFolder(click.Group):
    """A group whose commands are the modules of a folder."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """See `click.Group`."""
        return command_names()

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """See `click.Group`."""
        if cmd_name not in command_names():
            return None
        return cast("click.Command", _module(cmd_name).command)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """See `click.Group`; a word that is no command gets the nearest ones."""
        name = args[0]
        if self.get_command(ctx, name) is None and not name.startswith("-"):
            from clef.diagnostics.spelling import closest_few

            near = closest_few(name, command_names())
            error = click.UsageError(f"there is no command or file `{name}`", ctx)
            error.hint = " or ".join(f"`clef {one}`" for one in near)  # type: ignore[attr-defined]
            raise error
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """See `click.Group`; the commands stand under their headings."""
        listed: dict[str, list[tuple[int, str, str]]] = {heading: [] for heading in HEADINGS}
        for name in command_names():
            module = _module(name)
            short = cast("click.Command", module.command).get_short_help_str(70)
            listed.setdefault(str(module.HEADING), []).append((int(module.ORDER), name, short))
        for heading, rows in listed.items():
            if rows:
                with formatter.section(heading):
                    formatter.write_dl([(name, short) for _, name, short in sorted(rows)])
