"""The entry point of the command `clef`.

Comes in: the words of the command line. Goes out: the exit code. Promises: every way in which a
command can end is turned into an exit code here, and never into a traceback.
"""

from __future__ import annotations

import contextlib
import gc
import os
import sys
from collections.abc import Sequence
from typing import Any

import click

import clef
from clef.command_line.exit_codes import COMPILER_BUG, INTERRUPTED, OK, USAGE, Exit
from clef.command_line.group import CommandFolder, command_names
from clef.command_line.running import stop_code_generator

_SOURCES = (".clef", ".fs", ".fsx", ".fidproj", ".fsproj")


@click.command(
    cls=CommandFolder,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    no_args_is_help=True,
    invoke_without_command=False,
    subcommand_metavar="COMMAND [ARGUMENTS]",
    epilog="`clef FILE.clef ARGUMENTS` runs a program; `clef COMMAND --help` tells more.",
)
@click.version_option(clef.__version__, "-V", "--version", message="clef %(version)s")
def clef_command() -> None:
    """Fidelity: the compiler for Clef, which is F# without .NET.

    Turns Clef programs into small native executables.
    """


def rewrite(arguments: Sequence[str]) -> list[str]:
    """The command line in its full form.

    `clef FILE …` becomes `clef run FILE -- …`, which is what a script's first line `#!/usr/bin/env
    clef` calls; and `--timings` without a format becomes `--timings=text`, because click would take
    the next word for its format.
    """
    words = list(arguments)
    if words and words[0] not in command_names() and not words[0].startswith("-"):
        first = words[0]
        if first.endswith(_SOURCES) or (os.sep in first and os.path.isfile(first)):
            return ["run", first, "--", *words[1:]]
    end = words.index("--") if "--" in words else len(words)
    return ["--timings=text" if w == "--timings" else w for w in words[:end]] + words[end:]


def split(words: list[str]) -> tuple[list[str], list[str]]:
    """What is for us, and what `clef run … -- …` hands to the program."""
    if words[:1] != ["run"] or "--" not in words:
        return words, []
    end = words.index("--")
    return words[:end], words[end + 1 :]


def _usage_error(error: click.UsageError) -> int:
    from clef.command_line.output import fail
    from clef.diagnostics.spelling import closest

    hint = str(getattr(error, "hint", ""))
    message = error.format_message().rstrip(".")
    if isinstance(error, click.NoSuchOption):
        message = f"no such option: `{error.option_name}`"
        near = closest(error.option_name, error.possibilities or ())
        hint = f"`{near}`" if near else ""
    path = error.ctx.command_path if error.ctx else "clef"
    shown = f"did you mean {hint}?" if hint else ""
    fail(message[:1].lower() + message[1:], shown, f"{path} --help")
    return USAGE


def _internal_error(error: BaseException, arguments: Sequence[str]) -> int:
    from clef.command_line.report_bundle import report_failure

    stage = str(getattr(error, "stage", ""))
    compilation: Any = getattr(error, "compilation", None)
    sources = list(compilation.texts().values()) if compilation is not None else []
    cause = getattr(error, "cause", None)
    report_failure(cause if isinstance(cause, BaseException) else error, arguments, stage, sources)
    return COMPILER_BUG


def run(arguments: Sequence[str]) -> int:
    """One command from words to exit code."""
    words, for_program = split(rewrite(arguments))
    try:
        outcome = clef_command.main(
            args=words, prog_name="clef", standalone_mode=False, obj=for_program
        )
    except Exit as end:
        return end.code
    except click.exceptions.Exit as end:
        return end.exit_code
    except click.exceptions.NoArgsIsHelpError as error:
        sys.stdout.write(error.format_message() + "\n")
        return USAGE
    except click.UsageError as error:
        return _usage_error(error)
    except (KeyboardInterrupt, click.Abort):
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read our output has seen enough.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK
    except Exception as error:
        return _internal_error(error, arguments)
    return outcome if isinstance(outcome, int) else OK


def main() -> None:
    """The function behind the command `clef`.

    The process ends at once: nothing waits for Python to take its objects apart one by one, which
    takes as long as compiling a small program, nor for its cyclic collector.
    """
    gc.disable()
    code = run(sys.argv[1:])
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    with contextlib.suppress(OSError, AttributeError):  # closed, or none from the beginning
        sys.stderr.flush()
    stop_code_generator()
    os._exit(code)
