"""`clef language-server`: answers an editor's questions."""

from __future__ import annotations

import click

HEADING = "Knowledge"
ORDER = 5


@click.command("language-server")
@click.option("--log", metavar="FILE", help="Write a log of what goes wrong.")
def command(log: str | None) -> int:
    """Answer an editor's questions over standard input and output.

    \b
    Editors start this themselves; see docs/editors.md.
      clef language-server --log /tmp/clef.log
    """
    import logging
    import os
    import sys

    try:
        from clef.language_server.server import create
    except ModuleNotFoundError as error:
        if error.name not in ("pygls", "lsprotocol"):
            raise
        click.echo(
            "the language server needs two more packages: pip install 'clef-lang[editor]'", err=True
        )
        return 3
    logging.basicConfig(filename=log, level=logging.INFO if log else logging.CRITICAL)
    # The server closes its output when it ends; the command still has its own.
    create().start_io(stdout=os.fdopen(os.dup(sys.stdout.fileno()), "wb"))
    return 0
