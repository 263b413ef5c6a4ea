"""The way from an object to an executable, common to all formats.

Comes in: object code, a target, options. Goes out: an executable file or diagnostics. Promises: see
`clef.link`. Routines for numbers that the machine cannot compute with are dear to make and seldom
needed: the program is first linked without them, and again with them when the linker misses one.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Sequence
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
from clef.link import bare, elf, wasm
from clef.link.options import LinkOptions
from clef.link.runtime import parts_at_hand, parts_for
from clef.toolchain.cache import scratch_folder, write_atomically
from clef.toolchain.process import Outcome, run
from clef.toolchain.target import Target
from clef.toolchain.telemetry import Telemetry
from clef.toolchain.tool import address_sanitizer, zig

_UNDEFINED = re.compile(r"undefined symbol: (\S+)")
_NO_LIBRARY = re.compile(r"unable to find (?:\w+ system )?library ['\"]?(?:-l)?([\w.+-]+)")


Command = Callable[[Path, Path, Target, Sequence[Path], LinkOptions], list[str]]


def link(
    object_code: bytes, target: Target, output: Path, options: LinkOptions, telemetry: Telemetry
) -> list[Diagnostic]:
    """See `clef.link.link_executable`."""
    if options.with_c_library and not target.libc_target:
        return [LibrariesNotSupported(NOWHERE, target.name, options.libraries or ("c",))]
    if target.system == "bare" and (full := bare.without_room(target, options)):
        return full
    if options.with_c_library:
        command: Command = _with_c_library
    elif target.system == "bare":
        command = bare.command
    else:
        command = wasm.command if target.object_format == "wasm" else elf.static_command
    return produce(command, object_code, target, output, options, telemetry)


def link_shared(
    object_code: bytes, target: Target, output: Path, options: LinkOptions, telemetry: Telemetry
) -> list[Diagnostic]:
    """Link a shared library into the file `output`; the object must be position independent."""
    return produce(elf.shared_command, object_code, target, output, options, telemetry)


def _with_c_library(
    program: Path, output: Path, target: Target, parts: Sequence[Path], options: LinkOptions
) -> list[str]:
    """The command with a C library, which has all routines already."""
    return elf.dynamic_command(program, output, target, options)


def produce(
    command: Command,
    object_code: bytes,
    target: Target,
    output: Path,
    options: LinkOptions,
    telemetry: Telemetry,
) -> list[Diagnostic]:
    """Link in a folder of our own and move the product into place; `command` gives the words."""
    for tool in (zig(), *([address_sanitizer()] if options.check_addresses else [])):
        if not tool.found:
            return [ToolMissing(NOWHERE, tool.name, tool.purpose, tool.remedy)]
    output.parent.mkdir(parents=True, exist_ok=True)
    with scratch_folder() as folder:
        program, product = folder / "program.o", folder / "program"
        program.write_bytes(object_code)
        further = [folder / f"further{n}.o" for n in range(len(options.further_objects))]
        for path, code in zip(further, options.further_objects, strict=True):
            path.write_bytes(code)

        def attempt(parts: Sequence[Path]) -> Outcome:
            words = command(program, product, target, parts, options)
            return run([*words, *map(str, further)], time_limit=900)

        outcome = _attempts(attempt, target, options, telemetry)
        if not outcome.succeeded:
            return _findings(outcome, object_code, target, options)
        _move(product, output)
    return []


def _attempts(
    attempt: Callable[[Sequence[Path]], Outcome],
    target: Target,
    options: LinkOptions,
    telemetry: Telemetry,
) -> Outcome:
    """Link with the parts at hand; as long as that helps, make the parts that are missing."""
    parts = parts_at_hand(target)
    while True:
        outcome = attempt(parts)
        missing = set(_UNDEFINED.findall(outcome.error_text()))
        if outcome.succeeded or options.with_c_library or not missing:
            return outcome
        with telemetry.stage("number routines"):
            more = parts_for(target, missing)
        if more == parts:
            return outcome
        parts = more


def _move(product: Path, output: Path) -> None:
    """Into place in one step; across file systems a copy comes first."""
    try:
        os.replace(product, output)
    except OSError:
        write_atomically(output, product.read_bytes(), executable=True)


def _findings(
    outcome: Outcome, object_code: bytes, target: Target, options: LinkOptions
) -> list[Diagnostic]:
    """What the user can mend; everything else is our fault."""
    text = outcome.error_text()
    if target.system == "bare" and (large := bare.too_large(text, target, options)):
        return large
    if not options.with_c_library:
        raise _defect(outcome, text, object_code)
    libraries = sorted(set(_NO_LIBRARY.findall(text)))
    if libraries:
        return [LibraryNotFound(NOWHERE, library) for library in libraries]
    symbols = tuple(sorted(set(_UNDEFINED.findall(text))))
    if symbols:
        return [ForeignSymbolMissing(NOWHERE, symbols)]
    return [LinkFailed(NOWHERE, tuple(text.strip().splitlines()))]


def _defect(outcome: Outcome, text: str, object_code: bytes) -> InternalError:
    missing = sorted(set(_UNDEFINED.findall(text)))
    lines = text.strip().splitlines() or ["the linker failed without a word"]
    message = "undefined symbols: " + ", ".join(missing) if missing else lines[0]
    evidence = {
        "command.txt": " ".join(outcome.command),
        "messages.txt": text,
        "object-size.txt": str(len(object_code)),
    }
    return InternalError("link", message, evidence)
