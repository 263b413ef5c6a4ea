"""Running the user's program.

Comes in: an executable and its target. Goes out: the program's own exit code. Promises: on our own
machine the program takes the place of the compiler's process, so that signals, terminal and exit
code are its own.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, cast

from clef.command_line.exit_codes import TOOL_MISSING, Exit
from clef.command_line.output import Output, fail
from clef.toolchain.tool import with_arguments

if TYPE_CHECKING:
    from clef.backends import Artifacts
    from clef.command_line.building import Job
    from clef.typed_core.core import Program


def command_for(executable: Path, target_name: str, output: Output) -> list[str]:
    """The command line that runs an executable; ends the command if there is no way to run it."""
    from clef.toolchain.target import find_target

    target = find_target(target_name)
    if target is None or target.is_native:
        return [str(executable)]
    from clef.toolchain.execute import command_for as command_on_target

    command = command_on_target(executable, target)
    if isinstance(command, list):
        return command
    output.report([command], {})
    raise Exit(TOOL_MISSING)


def stop_code_generator() -> None:
    """End LLVM's process if there is one."""
    if "clef.backends.code_generator" in sys.modules:
        from clef.backends.code_generator import stop

        stop()


def replace_process(command: Sequence[str], arguments: Sequence[str], name: str) -> int:
    """Become the program, or, where that is impossible, run it and give its exit code."""
    sys.stdout.flush()
    sys.stderr.flush()
    stop_code_generator()  # its process would stay behind as a child of the program
    if os.name == "posix":
        first = name if len(command) == 1 else command[0]
        os.execv(command[0], [first, *with_arguments(command, arguments)[1:]])
    from clef.toolchain.process import run_attached

    code = run_attached(with_arguments(command, arguments))
    return TOOL_MISSING if code is None else code


def run_in_process(job: Job, words: Sequence[str]) -> int:
    """Compile to machine code, load it into this process and run it; gives the exit code. A program
    that ends by itself, or dies, ends the compiler with it."""
    from clef.command_line.building import compile_job
    from clef.command_line.exit_codes import PROGRAM_ERRORS, USAGE
    from clef.link import run_jit
    from clef.steps import foreign_libraries, target_of

    target = target_of(job.options)
    if not target.is_native:
        fail("only programs for this machine can be loaded", "leave `--jit` out")
        return USAGE
    job.options = replace(job.options, stop_after="code")
    compilation = compile_job(job, summary=False)
    libraries = foreign_libraries(cast("Program", compilation.products["core"]))
    if libraries:
        fail("a program that uses C libraries cannot be loaded", "leave `--jit` out")
        return USAGE
    code = cast("Artifacts", compilation.products["artifacts"]).object_code
    job.timings()
    stop_code_generator()
    outcome = run_jit(code, target, words)
    if isinstance(outcome, int):
        return outcome
    job.output.report(outcome, {})
    return PROGRAM_ERRORS
