"""The way from an object to an executable, common to all formats.

Comes in: object code, a target, options. Goes out: an executable file or diagnostics. Promises: see `clef.link`. Routines that
the program turns out to need (numbers wider than the machine's, mathematics) are found by linking: the linker
names what is missing, the archives that have it are made, and the program is linked again.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from pathlib import Path

from clef.diagnostics import Diagnostic
from clef.diagnostics.tools import (
    NOWHERE,
    ForeignSymbolMissing,
    InternalError,
    LibrariesNotSupported,
    LibraryNotFound,
    LinkFailed,
    ToolMissing,
)
from clef.link import elf, wasm
from clef.link.options import LinkOptions
from clef.link.runtime import archives_at_hand, archives_for
from clef.toolchain.cache import scratch_folder
from clef.toolchain.process import Outcome, run
from clef.toolchain.target import Target
from clef.toolchain.telemetry import Telemetry
from clef.toolchain.tool import zig

_UNDEFINED = re.compile(r"undefined symbol: (\S+)")
_NO_LIBRARY = re.compile(r"unable to find (?:dynamic system )?library '?-?l?([\w.+-]+)'?")


def link(
    object_code: bytes, target: Target, output: Path, options: LinkOptions, telemetry: Telemetry
) -> list[Diagnostic]:
    """See `clef.link.link_executable`."""
    tool = zig()
    if not tool.found:
        return [ToolMissing(NOWHERE, tool.name, tool.purpose, tool.remedy)]
    if options.with_c_library and not target.libc_target:
        return [LibrariesNotSupported(NOWHERE, target.name, options.libraries)]
    output.parent.mkdir(parents=True, exist_ok=True)
    with scratch_folder() as folder:
        program, product = folder / "program.o", folder / "program"
        program.write_bytes(object_code)
        outcome = _link(program, product, target, options, telemetry)
        if not outcome.succeeded:
            return _findings(outcome, options)
        _move(product, output)
    return []


def _link(
    program: Path, product: Path, target: Target, options: LinkOptions, telemetry: Telemetry
) -> Outcome:
    """Link with what the cache has; if that is not enough, make what is missing."""
    outcome = run(_command(program, product, target, archives_at_hand(target), options))
    missing = _UNDEFINED.findall(outcome.error_text())
    if outcome.succeeded or not missing:
        return outcome
    with telemetry.stage("run-time routines"):
        archives = archives_for(target, missing)
    return run(_command(program, product, target, archives, options)) if archives else outcome


def _command(
    program: Path, product: Path, target: Target, archives: Sequence[Path], options: LinkOptions
) -> list[str]:
    if target.object_format == "wasm":
        return wasm.command(program, product, target, archives, options)
    if options.with_c_library:
        return elf.dynamic_command(program, product, target, archives, options)
    return elf.static_command(program, product, target, archives, options)


def _move(product: Path, output: Path) -> None:
    """Into place in one step; across file systems a copy comes first."""
    try:
        os.replace(product, output)
    except OSError:
        from clef.toolchain.cache import write_atomically

        write_atomically(output, product.read_bytes(), executable=True)


def _findings(outcome: Outcome, options: LinkOptions) -> list[Diagnostic]:
    """What the user can mend; everything else is our fault."""
    text = outcome.error_text()
    if not options.with_c_library:
        evidence = {"command.txt": " ".join(outcome.command), "messages.txt": text}
        first = text.strip().splitlines()[:1] or ["the linker failed"]
        raise InternalError("link", first[0], evidence)
    libraries = sorted(set(_NO_LIBRARY.findall(text)))
    if libraries:
        return [LibraryNotFound(NOWHERE, library) for library in libraries]
    symbols = tuple(sorted(set(_UNDEFINED.findall(text))))
    if symbols:
        return [ForeignSymbolMissing(NOWHERE, symbols)]
    return [LinkFailed(NOWHERE, tuple(text.strip().splitlines()))]
