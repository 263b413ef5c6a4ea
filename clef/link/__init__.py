"""From objects to executables.

Comes in: the object code of a program and a target. Goes out: an executable file, and findings
about libraries that the user asked for. Promises: a file appears whole or not at all; an undefined
symbol that no user is to blame for is an `InternalError`.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from clef.diagnostics import Diagnostic
from clef.link.options import LinkOptions
from clef.toolchain.target import Target
from clef.toolchain.telemetry import SILENT, Telemetry

__all__ = ["LinkOptions", "link_executable", "link_shared_library", "run_jit"]


def link_executable(
    object_code: bytes,
    target: Target,
    output: Path,
    options: LinkOptions | None = None,
    telemetry: Telemetry = SILENT,
) -> list[Diagnostic]:
    """Link a program into the file `output`; the list is empty when it is there."""
    from clef.link.executable import link

    with telemetry.stage("link"):
        return link(object_code, target, output, options or LinkOptions(), telemetry)


def link_shared_library(
    object_code: bytes,
    target: Target,
    output: Path,
    options: LinkOptions | None = None,
    telemetry: Telemetry = SILENT,
) -> list[Diagnostic]:
    """Link position-independent code into a shared library; the list is empty when it is there."""
    from clef.link.executable import link_shared

    with telemetry.stage("link"):
        return link_shared(object_code, target, output, options or LinkOptions(), telemetry)


def run_jit(
    object_code: bytes,
    target: Target,
    arguments: Sequence[str] = ("program",),
    telemetry: Telemetry = SILENT,
) -> int | list[Diagnostic]:
    """Run a whole program, compiled with `position_independent`, in this process; gives its exit
    code.
    """
    from clef.link.jit import LoadedModule, load_object, run_program

    with telemetry.stage("load"):
        module = load_object(object_code, target, telemetry)
    if not isinstance(module, LoadedModule):
        return module
    with telemetry.stage("run"):
        return run_program(module, arguments)
