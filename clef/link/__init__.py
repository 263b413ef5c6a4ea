"""From objects to executables.

Comes in: the object code of a program and a target. Goes out: an executable file, and findings about libraries that the user
asked for. Promises: a file appears whole or not at all; an undefined symbol that no user is to blame for is an `InternalError`.
"""

from __future__ import annotations

from pathlib import Path

from clef.diagnostics import Diagnostic
from clef.link.options import LinkOptions
from clef.toolchain.target import Target
from clef.toolchain.telemetry import SILENT, Telemetry

__all__ = ["LinkOptions", "link_executable"]


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
