"""Linux executables.

Comes in: the program's object. Goes out: an executable file. Promises: static and without a C library unless libraries are
asked for; the same input gives the same bytes; nothing that is not reached from the entry point is in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from clef.link.options import LinkOptions
from clef.link.runtime import memory_object, startup_object
from clef.toolchain.target import Target
from clef.toolchain.tool import zig


def static_command(
    program: Path, output: Path, target: Target, archives: Sequence[Path], options: LinkOptions
) -> list[str]:
    """The linker's command line for an executable without a C library."""
    return zig().command(
        "ld.lld",
        "-m",
        target.emulation,
        "-static",
        "--gc-sections",
        "--build-id=none",
        "-z",
        "noseparate-code",
        *(["-s"] if options.strip else []),
        "-o",
        str(output),
        str(startup_object(target)),
        str(program),
        "--start-lib",
        str(memory_object(target)),
        "--end-lib",
        *map(str, archives),
    )
