"""`clef repl`: type Clef, see what it gives."""

from __future__ import annotations

from typing import Any

import click

from clef.command_line.options import message_options

HEADING = "Programs"
ORDER = 3


@click.command()
@click.argument("files", nargs=-1, metavar="[FILE]...")
@click.option("--exec", "texts", multiple=True, metavar="TEXT", help="Run this input, then end.")
@click.option("--plain", is_flag=True, help="A plain prompt, without colours and completion.")
@click.option("--no-history", is_flag=True, help="Neither read nor write the history.")
@message_options
def command(files: tuple[str, ...], texts: tuple[str, ...], **values: Any) -> int:
    """Type Clef, see what it gives.

    Every input is compiled to machine code and run; values, functions and what they changed stay
    for later inputs. An input that loops ends with Ctrl-C, and one that dies takes only itself
    along. `#help` tells more.

    FILEs are loaded first. With `--exec`, or when something is piped in, the exit code is 1 if an
    input had errors; `--quiet` then leaves out what inputs define.

    \b
    Examples:
      clef repl
      clef repl shapes.fsx
      clef repl --quiet --exec 'printfn "%d" (21 * 2)'
      echo '[1 .. 3] |> List.sum' | clef repl
    """
    from clef.command_line.prompt import Choice, converse
    from clef.command_line.settings import make_settings

    plain, no_history = values.pop("plain"), values.pop("no_history")
    return converse(Choice(files, texts, plain, not no_history), make_settings(values))
