"""Linux executables.

Comes in: the program's object. Goes out: an executable file. Promises: static and without a C
library unless libraries are asked for; the same input gives the same bytes; nothing that is not
reached from the entry point is in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from clef.link.options import LinkOptions
from clef.link.runtime import (
    loaded_object,
    mathematics_object,
    startup_object,
    system_heap_object,
    text_object,
)
from clef.toolchain.target import Target
from clef.toolchain.tool import address_sanitizer, zig


def static_command(
    program: Path, output: Path, target: Target, parts: Sequence[Path], options: LinkOptions
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
        *map(str, parts),
        "--end-lib",
    )


def dynamic_command(program: Path, output: Path, target: Target, options: LinkOptions) -> list[str]:
    """The command line for an executable that uses the system's C library and others."""
    folders = [*options.library_paths, *(system_folders(target) if target.is_native else [])]
    return zig().command(
        "cc",
        *("-target", target.zig_target if options.static else target.libc_target),
        f"-mcpu={target.zig_cpu}",
        *(["-static"] if options.static else []),
        "-Wl,--gc-sections",
        "-Wl,--build-id=none",
        "-Wl,--allow-shlib-undefined",
        *(["-s"] if options.strip else []),
        *("-o", str(output)),
        str(startup_object(target, with_c_library=True)),
        str(program),
        str(mathematics_object(target)),
        *([str(text_object(target, options.c_text))] if options.c_text else []),
        *(_address_sanitizer(target) if options.check_addresses else []),
        *(f"-L{folder}" for folder in folders),
        *(f"-l{library}" for library in options.libraries),
        "-lc",
    )


def _address_sanitizer(target: Target) -> list[str]:
    """The sanitizer's run time, which must have been found, and the heap that it knows."""
    for_options = "-rdynamic"  # the run time looks for our options in the program
    return [str(system_heap_object(target)), for_options, *address_sanitizer().command()]


def system_folders(target: Target) -> list[str]:
    """Where our own machine keeps its libraries."""
    names = (
        f"/usr/lib/{target.architecture}-linux-gnu",
        "/usr/local/lib",
        "/usr/lib64",
        "/usr/lib",
    )
    return [name for name in names if Path(name).is_dir()]


def shared_command(
    program: Path, output: Path, target: Target, parts: Sequence[Path], options: LinkOptions
) -> list[str]:
    """The linker's command line for a shared library that needs no other; what is not internal is
    exported.
    """
    return zig().command(
        "ld.lld",
        *("-m", target.emulation),
        "-shared",
        "--gc-sections",
        "--build-id=none",
        "--no-undefined",
        "-Bsymbolic",
        *("--entry", "0"),
        *("-z", "noseparate-code"),
        *(["-s"] if options.strip else []),
        *("-o", str(output)),
        str(program),
        str(loaded_object(target)),
        "--start-lib",
        *map(str, parts),
        "--end-lib",
    )
