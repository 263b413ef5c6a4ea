"""`clef doctor`: what is installed, what is missing, and the one command that mends it."""

from __future__ import annotations

import click

HEADING = "Knowledge"
ORDER = 3


@click.command()
def command() -> int:
    """Say what is installed, what is missing, and what mends it.

    The exit code is 3 if something is missing that every build needs.
    """
    import sys

    from clef.command_line.exit_codes import OK, TOOL_MISSING
    from clef.toolchain.doctor import examine

    version = sys.version.split()[0]
    _say("python", version, "run the compiler", sys.version_info >= (3, 11), True, "")
    try:
        findings = examine()
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        remedy = "set CLEF_CACHE to a folder that you may write to"
        _say("cache", reason, "keep what is dear to make", False, True, remedy)
        return TOOL_MISSING
    for one in findings:
        _say(one.name, one.state, one.purpose, one.present, one.required, one.remedy)
    broken = any(one.required and not one.present for one in findings)
    return TOOL_MISSING if broken else OK


def _say(name: str, state: str, purpose: str, good: bool, needed: bool, remedy: str) -> None:
    mark = "ok" if good else ("MISSING" if needed else "absent")
    click.echo(f"{mark:<8} {name:<13} {state} (to {purpose})")
    if remedy:
        click.echo(f"{'':<8} {'':<13} mend it with: {remedy}")
