"""From an object to a library for C.

Comes in: the object of a library's Clef code, the text of its C side, the names to show. Goes out:
a shared library, or an archive with one object. Promises: nothing but the given names can be seen
from outside, so that several Clef libraries fit into one program; the same input gives the same
bytes.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from clef.data_classes import dataclass
from clef.diagnostics import Diagnostic
from clef.diagnostics.exports import LibraryTarget
from clef.diagnostics.tools import NOWHERE, ToolMissing
from clef.link.archive import archive
from clef.link.executable import produce
from clef.link.localize import keep_global, undefined_symbols
from clef.link.options import LinkOptions
from clef.link.runtime import (
    c_command,
    loaded_object,
    mathematics_object,
    parts_at_hand,
    parts_for,
    require,
)
from clef.toolchain.cache import scratch_folder
from clef.toolchain.process import run
from clef.toolchain.target import Target
from clef.toolchain.telemetry import Telemetry
from clef.toolchain.tool import zig

_STARTUP = Path(__file__).with_name("startup")


@dataclass(frozen=True, slots=True)
class LibraryParts:
    """What a library is made of; `file_name` is what programs will ask the loader for."""

    object_code: bytes
    glue: str
    exported: tuple[str, ...]
    file_name: str = ""


def _compile_glue(parts: LibraryParts, target: Target, folder: Path) -> Path:
    source, product = folder / "boundary.c", folder / "boundary.o"
    source.write_text(parts.glue, encoding="utf-8")
    tool = zig().path
    assert tool is not None
    include = [f"-I{_STARTUP}", "-isystem", str(tool.parent / "lib" / "include")]
    mapped = f"-ffile-prefix-map={folder}=."
    command = [*c_command(target), *include, mapped, "-c", str(source), "-o", str(product)]
    require(run(command), "compiling the boundary of a library")
    return product


def link_shared(
    parts: LibraryParts, target: Target, output: Path, options: LinkOptions, telemetry: Telemetry
) -> list[Diagnostic]:
    """Write a shared library; it needs no other unless C libraries were asked for."""
    if not zig().found:
        return [ToolMissing(NOWHERE, zig().name, zig().purpose, zig().remedy)]
    if target.object_format != "elf":
        return [LibraryTarget(NOWHERE, target.name)]
    with scratch_folder() as folder:
        glue = _compile_glue(parts, target, folder)
        script = folder / "exported"
        script.write_text(f"{{ global: {'; '.join(parts.exported)}; local: *; }};\n")

        def command(
            program: Path, product: Path, target: Target, more: Sequence[Path], options: LinkOptions
        ) -> list[str]:
            inputs = [program, glue, loaded_object(target)]
            shared = _with_c_library if options.with_c_library else _without_c_library
            name = parts.file_name or output.name
            return shared(inputs, product, target, more, options, script, name)

        return produce(command, parts.object_code, target, output, options, telemetry)


def _without_c_library(
    inputs: Sequence[Path],
    product: Path,
    target: Target,
    more: Sequence[Path],
    options: LinkOptions,
    script: Path,
    name: str,
) -> list[str]:
    return zig().command(
        "ld.lld",
        *("-m", target.emulation, "-shared", "--gc-sections", "--build-id=none"),
        *("--no-undefined", "-Bsymbolic", "--entry", "0", "-z", "noseparate-code"),
        *("--version-script", str(script), "-soname", name),
        *(["-s"] if options.strip else []),
        *("-o", str(product), *map(str, inputs), "--start-lib", *map(str, more), "--end-lib"),
    )


def _with_c_library(
    inputs: Sequence[Path],
    product: Path,
    target: Target,
    more: Sequence[Path],
    options: LinkOptions,
    script: Path,
    name: str,
) -> list[str]:
    from clef.link.elf import system_folders

    folders = [*options.library_paths, *(system_folders(target) if target.is_native else [])]
    return zig().command(
        "cc",
        *("-target", target.libc_target, f"-mcpu={target.zig_cpu}", "-shared", "-nostartfiles"),
        *("-Wl,--gc-sections", "-Wl,--build-id=none", "-Wl,--allow-shlib-undefined"),
        *(f"-Wl,--version-script={script}", f"-Wl,-soname,{name}", "-Wl,-Bsymbolic"),
        *(["-s"] if options.strip else []),
        *("-o", str(product), *map(str, inputs), str(mathematics_object(target))),
        *(f"-L{folder}" for folder in folders),
        *(f"-l{library}" for library in options.libraries),
        "-lc",
    )


def link_static(
    parts: LibraryParts, target: Target, output: Path, options: LinkOptions
) -> list[Diagnostic]:
    """Write an archive; the C libraries that it needs are left to the program that takes it."""
    if not zig().found:
        return [ToolMissing(NOWHERE, zig().name, zig().purpose, zig().remedy)]
    if target.object_format != "elf":
        return [LibraryTarget(NOWHERE, target.name)]
    with scratch_folder() as folder:
        program = folder / "program.o"
        program.write_bytes(parts.object_code)
        inputs = [program, _compile_glue(parts, target, folder), loaded_object(target)]
        whole = _merged(inputs, target, folder, options)
        data = keep_global(whole, frozenset(parts.exported))
        content = archive([(f"{output.stem}.o", data)], sorted(parts.exported))
        output.parent.mkdir(parents=True, exist_ok=True)
        output.write_bytes(content)
    return []


def _merged(inputs: Sequence[Path], target: Target, folder: Path, options: LinkOptions) -> bytes:
    """One object of all, with the routines that it needs."""
    product = folder / "whole.o"
    routines = parts_at_hand(target)
    while True:
        command = zig().command(
            "ld.lld",
            *("-m", target.emulation, "-r", "--build-id=none"),
            *(["--strip-debug"] if options.strip else []),
            *("-o", str(product), *map(str, inputs)),
            *("--start-lib", *map(str, routines), "--end-lib"),
        )
        require(run(command), "merging the objects of a library")
        data = product.read_bytes()
        missing = undefined_symbols(data) - {"environ", "_GLOBAL_OFFSET_TABLE_"}
        if not missing or options.with_c_library:
            return data
        more = parts_for(target, missing)
        if more == routines:
            return data
        routines = more
