"""`clef doctor`: what is installed, what is missing, and the one command that mends it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from clef.toolchain.tool import Tool

HEADING = "Knowledge"
ORDER = 3


@click.command()
def command() -> int:
    """Say what is installed, what is missing, and what mends it.

    The exit code is 3 if something is missing that every build needs.
    """
    import sys

    from clef.command_line.exit_codes import OK, TOOL_MISSING
    from clef.toolchain.tool import all_tools

    good = sys.version_info >= (3, 11)
    _say(good, True, "python", sys.version.split()[0], "install Python 3.11 or later")
    for tool in all_tools():
        good = (tool.found or not tool.required) and good
        _say(tool.found, tool.required, tool.name, _detail(tool), tool.remedy)
    good = _cache() and good
    return OK if good else TOOL_MISSING


def _say(good: bool, needed: bool, what: str, detail: str, remedy: str) -> None:
    mark = "ok" if good else ("MISSING" if needed else "absent")
    click.echo(f"{mark:<8} {what:<14} {detail}".rstrip())
    if not good:
        click.echo(f"{'':<8} {'':<14} to mend it: {remedy}")


def _detail(tool: Tool) -> str:
    from clef.toolchain.tool import version

    return f"{version(tool)} (to {tool.purpose})".strip()


def _cache() -> bool:
    remedy = "set CLEF_CACHE to a folder that you may write to"
    try:
        from clef.toolchain.cache import cache_folder, write_atomically

        folder = cache_folder()
        write_atomically(folder / "doctor", b"")
        (folder / "doctor").unlink()
    except OSError as error:
        _say(False, True, "cache", (error.strerror or str(error)).lower(), remedy)
        return False
    _say(True, True, "cache", str(folder), remedy)
    return True
