"""From a project to a library.

Comes in: a project with its sources, options. Goes out: a `Built`: the library's bytes, its header
and its interface, or findings. Promises: the project is checked as it stands, before anything is
added to it; a mistake in what was added is ours.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import cast

from clef.backends import Artifacts
from clef.checking import CheckedProgram
from clef.data_classes import dataclass, field
from clef.diagnostics.arrangement import has_errors
from clef.diagnostics.diagnostic import Diagnostic
from clef.diagnostics.exports import NothingToExport
from clef.diagnostics.tools import NOWHERE, InternalError
from clef.embedding.exports import interface_of
from clef.embedding.glue import exported_symbols, glue_text
from clef.embedding.header import header_text
from clef.embedding.interface import Interface
from clef.embedding.wrappers import ENTER, MODULE, boundary_text
from clef.inference.signatures import TypeSignature
from clef.link import LinkOptions
from clef.link.library import LibraryParts, link_shared, link_static
from clef.mlir.c_calls import c_callers
from clef.mlir.planned import Planned
from clef.pipeline import Compilation, Options, compile_project
from clef.project.project import Project
from clef.source import SourceFile
from clef.standard_library import Library, load, renewed
from clef.steps import foreign_libraries, target_of
from clef.toolchain.cache import scratch_folder
from clef.toolchain.telemetry import SILENT, Telemetry
from clef.typed_core.core import Program

BOUNDARY_FILE = "<boundary>"


@dataclass(slots=True)
class Built:
    """A library. It has content unless there are errors among the diagnostics. `needs`: the C
    libraries that a program must be linked with."""

    interface: Interface
    content: bytes = b""
    header: str = ""
    needs: tuple[str, ...] = ()
    diagnostics: list[Diagnostic] = field(default_factory=list[Diagnostic])


@dataclass(frozen=True, slots=True)
class Wanted:
    """kind: "shared" or "static". `file_name`: what the product will be called."""

    kind: str
    file_name: str = ""


@dataclass(slots=True)
class Checked:
    """A project whose files have been checked, with the library that they were checked against."""

    project: Project
    options: Options
    sources: list[SourceFile]
    telemetry: Telemetry
    library: Library
    program: CheckedProgram
    compilation: Compilation

    def types(self) -> dict[str, TypeSignature]:
        """The types that the project declares."""
        return {name: one for unit in self.program.units for name, one in unit.types.items()}


def check_project(
    project: Project, options: Options, sources: Sequence[SourceFile], telemetry: Telemetry = SILENT
) -> Checked:
    """Check the project's own files. An empty file stands where the boundary will be."""
    library, found = load(telemetry)
    placeholder = SourceFile(BOUNDARY_FILE, f"module {MODULE}\n")
    chosen = replace(options, stop_after="types", emit="")
    done = {"library": renewed(library)}
    texts = [*sources, placeholder]
    compilation = compile_project(project, chosen, telemetry, texts, done)
    compilation.diagnostics[:0] = found
    program = cast("CheckedProgram", compilation.products.get("checked", CheckedProgram()))
    return Checked(project, options, [*sources], telemetry, library, program, compilation)


def build_library(
    project: Project,
    options: Options,
    sources: Sequence[SourceFile],
    wanted: Wanted,
    telemetry: Telemetry = SILENT,
) -> Built:
    """Make a C library of a project."""
    checked = check_project(project, options, sources, telemetry)
    built = Built(
        Interface(project.output or project.name), diagnostics=checked.compilation.diagnostics
    )
    if has_errors(built.diagnostics):
        return built
    name = project.output or project.name
    built.interface, found = interface_of(name, checked.program.units, checked.types())
    built.diagnostics += found
    if not built.interface.functions and not has_errors(found):
        reasons = tuple((one.name, one.reason) for one in built.interface.left_out)
        built.diagnostics.append(NothingToExport(NOWHERE, reasons))
    if not has_errors(built.diagnostics):
        finish(checked, built, wanted)
    return built


def finish(checked: Checked, built: Built, wanted: Wanted, more: str = "") -> None:
    """Compile the project with its boundary, and link; `more` is Clef text for the wrappers."""
    interface = built.interface
    text = boundary_text(interface, more)
    compiled = _compile(checked, text)
    built.diagnostics += [one for one in compiled.diagnostics if one not in built.diagnostics]
    if compiled.failed:
        _blame(compiled, text)
        return
    version = "" if checked.project.implicit else checked.project.version
    built.header = header_text(interface, version)
    core = cast("Program", compiled.products["core"])
    planned = cast("Planned", compiled.products["plan"])
    foreign = foreign_libraries(core)
    libraries = dict.fromkeys([*checked.project.libraries, *foreign])
    built.needs = tuple(name for name in libraries if name != "c")
    counts = checked.options.count_cells
    parts = LibraryParts(
        cast("Artifacts", compiled.products["artifacts"]).object_code,
        glue_text(interface, built.header, counts) + c_callers(core, planned.plan),
        tuple(exported_symbols(interface, counts)),
        wanted.file_name,
    )
    chosen = LinkOptions(
        strip=checked.options.release,
        dynamic=bool(foreign),
        libraries=built.needs,
        library_paths=checked.project.library_paths,
    )
    with checked.telemetry.stage("link"), scratch_folder() as folder:
        output = folder / (wanted.file_name or "library")
        built.diagnostics += _link(checked, parts, output, chosen, wanted)
        built.content = output.read_bytes() if output.exists() else b""


def _link(
    checked: Checked, parts: LibraryParts, output: Path, chosen: LinkOptions, wanted: Wanted
) -> list[Diagnostic]:
    target = target_of(checked.options)
    if wanted.kind == "static":
        return link_static(parts, target, output, chosen)
    return link_shared(parts, target, output, chosen, checked.telemetry)


def _compile(checked: Checked, text: str) -> Compilation:
    chosen = replace(
        checked.options,
        stop_after="code",
        emit="",
        boundary=ENTER,
        position_independent=True,
    )
    sources = [*checked.sources, SourceFile(BOUNDARY_FILE, text)]
    done = {"library": renewed(checked.library)}
    return compile_project(checked.project, chosen, checked.telemetry, sources, done)


def _blame(compiled: Compilation, text: str) -> None:
    """A mistake in the boundary's own text is the compiler's."""
    for one in compiled.diagnostics:
        if one.span.path == BOUNDARY_FILE and one.severity.value == "error":
            evidence = {"boundary.clef": text, "message.txt": f"{one.span} {one.title()}"}
            raise InternalError("boundary", one.title(), evidence)
