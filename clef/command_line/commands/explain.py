"""`clef explain`: what a message means, with an example."""

from __future__ import annotations

import os
import sys

import click

HEADING = "Knowledge"
ORDER = 1


@click.command()
@click.argument("code", required=False)
def command(code: str | None) -> int:
    """Explain a message, with an example.

    Without a code, all codes are listed.

    \b
    Examples:
      clef explain E0312
      clef explain
    """
    if code is None:
        click.echo(_all_codes(), nl=False)
        return 0
    from clef.diagnostics.catalogue import explanation, find

    found = find(code)
    if found is None:
        raise click.UsageError(f"there is no message `{code}`; `clef explain` lists all")
    from clef.diagnostics.look import look_of

    look = look_of(sys.stdout, "auto", os.environ)
    told = explanation(found)
    head = look.paint(f"{told.severity}[{told.code}]", told.severity)
    lines = [f"{head} {look.paint(_words(told.name), 'title')}", "", told.text]
    for heading, program in (
        ("Example:", told.example),
        ("Situation:", told.situation),
        ("Instead:", told.instead),
    ):
        if program:
            lines += ["", look.paint(heading, "title"), ""]
            lines += [f"    {line}".rstrip() for line in program.split("\n")]
    click.echo("\n".join(lines))
    return 0


def _words(name: str) -> str:
    """`NotAvailableYet` becomes `not available yet`."""
    return "".join(f" {c.lower()}" if c.isupper() else c for c in name).strip()


def _all_codes() -> str:
    from clef.diagnostics.catalogue import FAMILIES, catalogue

    names = {number: family for family, number in FAMILIES.items()}
    lines: list[str] = []
    family = ""
    for code, found in catalogue().items():
        if names[code[1:3]] != family:
            family = names[code[1:3]]
            lines += ["", f"{family}:"] if lines else [f"{family}:"]
        lines.append(f"  {code}  {_words(found.__name__)}")
    return "\n".join(lines) + "\n"
