"""WebAssembly modules for WASI.

Comes in: the program's object. Goes out: a module that exports `_start` and its memory. Promises:
no imports but those of `wasi_snapshot_preview1` that the program uses; a stack that overflows traps
instead of running into data.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from clef.link.options import LinkOptions
from clef.link.runtime import startup_object
from clef.toolchain.target import Target
from clef.toolchain.tool import zig

STACK_SIZE = 8 << 20
"""Bytes for values whose address is taken; calls themselves live on the host's stack."""


def command(
    program: Path, output: Path, target: Target, parts: Sequence[Path], options: LinkOptions
) -> list[str]:
    """The linker's command line."""
    return zig().command(
        "wasm-ld",
        "--stack-first",
        "-z",
        f"stack-size={STACK_SIZE}",
        "--gc-sections",
        *(["--strip-all"] if options.strip else []),
        "-o",
        str(output),
        str(startup_object(target)),
        str(program),
        "--start-lib",
        *map(str, parts),
        "--end-lib",
    )
