"""Running the user's program.

Comes in: an executable and its target. Goes out: the program's own exit code. Promises: on our own
machine the program takes the place of the compiler's process, so that signals, terminal and exit
code are its own.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from clef.command_line.exit_codes import TOOL_MISSING, Exit
from clef.command_line.output import Output


def command_for(executable: Path, target_name: str, output: Output) -> list[str]:
    """The command line that runs an executable; ends the command if there is no way to run it."""
    from clef.toolchain.target import find_target
    from clef.toolchain.tool import emulator

    target = find_target(target_name)
    if target is None or target.is_native:
        return [str(executable)]
    if not target.emulator:
        _refuse("an emulator", target_name, "copy the executable to such a machine", output)
    tool = emulator(target.emulator[0])
    if not tool.found:
        _refuse(tool.name, target_name, tool.remedy, output)
    return [*tool.command(*target.emulator[1:]), str(executable)]


def _refuse(tool: str, target: str, remedy: str, output: Output) -> NoReturn:
    from clef.diagnostics.tools import NOWHERE, ToolMissing

    purpose = f"run programs for `{target}` here"
    output.report([ToolMissing(NOWHERE, tool, purpose, remedy)], {})
    raise Exit(TOOL_MISSING)


def replace_process(command: Sequence[str], arguments: Sequence[str], name: str) -> int:
    """Become the program, or, where that is impossible, run it and give its exit code."""
    sys.stdout.flush()
    sys.stderr.flush()
    if os.name == "posix":
        first = name if len(command) == 1 else command[0]
        os.execv(command[0], [first, *command[1:], *arguments])
    from clef.toolchain.process import run_attached

    code = run_attached([*command, *arguments])
    return TOOL_MISSING if code is None else code
