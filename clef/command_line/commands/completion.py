"""`clef completion`: the script that teaches a shell to complete commands and options."""

from __future__ import annotations

import click

HEADING = "Knowledge"
ORDER = 4


@click.command()
@click.argument("shell", type=click.Choice(("bash", "zsh", "fish")))
def command(shell: str) -> int:
    """Print a script that teaches the shell to complete `clef`.

    \b
    Examples:
      clef completion bash >> ~/.bashrc
      clef completion zsh  >> ~/.zshrc
      clef completion fish > ~/.config/fish/completions/clef.fish
    """
    from click.shell_completion import get_completion_class

    from clef.command_line.main import clef_command

    found = get_completion_class(shell)
    assert found is not None
    click.echo(found(clef_command, {}, "clef", "_CLEF_COMPLETE").source())
    return 0
