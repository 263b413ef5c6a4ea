"""`clef kernel`: notebooks."""

from __future__ import annotations

import click

HEADING = "Programs"
ORDER = 8


@click.group(invoke_without_command=True, subcommand_metavar="install|uninstall|run")
@click.pass_context
def command(context: click.Context) -> int | None:
    """Use Clef in Jupyter notebooks.

    A notebook is a session like that of `clef repl`. Collections of records and of tuples are shown
    as tables; a value whose type has a method `ToHtml` or `ToSvg` of type `unit -> string` looks as
    it says.

    \b
    Examples:
      pip install 'clef-lang[jupyter]' jupyterlab
      clef kernel install
      jupyter lab
    """
    if context.invoked_subcommand is None:
        click.echo(context.get_help())
        return 0
    return None


@command.command()
@click.option("--prefix", default="", metavar="FOLDER", help="Install under this folder.")
@click.option("--sys-prefix", is_flag=True, help="Install into this Python's own folder.")
def install(prefix: str, sys_prefix: bool) -> int:
    """Tell Jupyter about Clef, for this user."""
    from clef.command_line.notebooks import install_kernel

    return install_kernel(prefix, sys_prefix)


@command.command()
def uninstall() -> int:
    """Take it back."""
    from clef.command_line.notebooks import uninstall_kernel

    return uninstall_kernel()


@command.command(context_settings={"ignore_unknown_options": True})
@click.argument("words", nargs=-1, type=click.UNPROCESSED)
def run(words: tuple[str, ...]) -> int:
    """Serve a notebook; Jupyter calls this."""
    from clef.command_line.notebooks import run_kernel

    return run_kernel(words)
