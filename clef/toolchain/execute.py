"""Runs the programs that the compiler made.

Comes in: an executable and its target. Goes out: its outcome, or a diagnostic when this machine
cannot run it. Promises: our own machine's programs run directly, others under the target's
emulator.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from clef.diagnostics.tools import NOWHERE, ToolMissing
from clef.toolchain.process import Outcome, run, run_attached
from clef.toolchain.target import Target
from clef.toolchain.tool import emulator, emulator_command


def command_for(
    program: Path, target: Target, arguments: Sequence[str] = ()
) -> list[str] | ToolMissing:
    """The command line that runs a program of this target here."""
    if target.is_native:
        return [str(program.absolute()), *arguments]
    name = target.emulator[0] if target.emulator else ""
    tool = emulator(name) if name else None
    if tool is None or not tool.found:
        remedy = tool.remedy if tool else "copy it to such a machine"
        return ToolMissing(NOWHERE, name or target.name, f"run programs for {target.name}", remedy)
    return emulator_command(target.emulator, program, arguments)


def run_program(
    program: Path,
    target: Target,
    arguments: Sequence[str] = (),
    *,
    input_bytes: bytes = b"",
    time_limit: float = 60.0,
    folder: Path | None = None,
) -> Outcome | ToolMissing:
    """Run a program to its end and keep what it writes."""
    command = command_for(program, target, arguments)
    if isinstance(command, ToolMissing):
        return command
    return run(command, input_bytes=input_bytes, time_limit=time_limit, folder=folder)


def run_program_attached(
    program: Path, target: Target, arguments: Sequence[str] = ()
) -> int | ToolMissing:
    """Run a program on our own terminal; gives its exit code (128 + number for a signal)."""
    command = command_for(program, target, arguments)
    if isinstance(command, ToolMissing):
        return command
    code = run_attached(command)
    if code is None:
        return ToolMissing(NOWHERE, command[0], f"run programs for {target.name}", "")
    return code if code >= 0 else 128 - code
