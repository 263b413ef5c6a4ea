"""Programs that come one after the other in one process: a prompt, a notebook, a test run.

Comes in: the texts of small programs. Goes out: their findings, or code that is ready to run in
this process. Promises: every program means what it means by itself, and nothing of an earlier one
is left in it; what is kept between them is only what cannot differ: the standard library as
checked, and machine code of functions whose text is the same to the letter.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from clef.backends.object_file import NotLinkable, Place, read_object
from clef.backends.piecewise import PieceCompiler
from clef.collector import collector_at_rest
from clef.data_classes import dataclass, field
from clef.diagnostics.arrangement import has_errors
from clef.diagnostics.diagnostic import Diagnostic
from clef.diagnostics.tools import NOWHERE, LibrariesNotSupported
from clef.link.jit import LoadedCode, load_object, run_program
from clef.link.memory_image import link_in_memory
from clef.link.runtime import loaded_object, mathematics_object, parts_at_hand
from clef.mlir.pieces import Pieces, whole_module
from clef.mlir.planned import Planned, emit_pieces
from clef.pipeline import Compilation, Options, compile_project
from clef.project.project import Project
from clef.source import SourceFile
from clef.standard_library import load, renewed
from clef.steps import foreign_libraries, target_of
from clef.toolchain.target import Target
from clef.toolchain.telemetry import SILENT, Telemetry
from clef.typed_core.core import Program

ROOTS = ("clef_start", "clef_run_loaded")


@dataclass(slots=True)
class Snippet:
    """A program with its findings; it has code unless there are errors among them."""

    name: str
    diagnostics: list[Diagnostic] = field(default_factory=list[Diagnostic])
    code: LoadedCode | None = None

    def run(self, arguments: Sequence[str] = ()) -> int:
        """Run it to its end; gives the exit code. A program that ends by itself, or dies, ends this
        process.
        """
        assert self.code is not None, "the program has errors"
        return run_program(self.code, [self.name, *arguments])


class Session:
    """Compiles one program after the other for the machine we are on."""

    def __init__(self, telemetry: Telemetry = SILENT, count_cells: bool = False) -> None:
        self._options = Options(stop_after="plan", count_cells=count_cells, keep_units=False)
        self._target = target_of(self._options)
        self._library, _ = load(telemetry)
        self._compiler = PieceCompiler(self._target)
        self._runtime: dict[str, Place] | None = None

    def compile(
        self, text: str, name: str = "snippet.clef", telemetry: Telemetry = SILENT
    ) -> Snippet:
        """Make a program ready; `name` is its file in messages."""
        with collector_at_rest():  # for longer than the products live
            return self._compile(SourceFile(name, text), telemetry)

    def _compile(self, source: SourceFile, telemetry: Telemetry) -> Snippet:
        name = source.path
        project = Project(name, name, ".", (name,), implicit=True)
        done = {"library": renewed(self._library)}
        made = compile_project(project, self._options, telemetry, [source], done)
        snippet = Snippet(name, [*made.diagnostics, *self._not_loadable(made)])
        if not has_errors(snippet.diagnostics):
            planned = cast("Planned", made.products["plan"])
            with telemetry.stage("mlir"):
                pieces = emit_pieces(planned, [source], self._options.count_cells)
            snippet.code = self._load(pieces, telemetry)
        return snippet

    def _not_loadable(self, made: Compilation) -> list[Diagnostic]:
        core = made.products.get("core")
        libraries = foreign_libraries(core) if isinstance(core, Program) else ()
        return [LibrariesNotSupported(NOWHERE, self._target.name, libraries)] if libraries else []

    def _load(self, pieces: Pieces, telemetry: Telemetry) -> LoadedCode:
        try:
            with telemetry.stage("code"):
                places = self._compiler.compile(pieces, telemetry)
            with telemetry.stage("link"):
                runtime = self._runtime_places()
                return link_in_memory(ROOTS, lambda name: places.get(name) or runtime.get(name))
        except NotLinkable:
            return _load_as_library(pieces, self._target, telemetry)

    def _runtime_places(self) -> dict[str, Place]:
        """What programs need beside their own code."""
        if self._runtime is None:
            self._runtime = runtime_places(self._target)
        return self._runtime


def runtime_places(target: Target) -> dict[str, Place]:
    """What loaded programs need beside their own code."""
    objects = [path for path in parts_at_hand(target) if path.suffix == ".o"]
    paths = [loaded_object(target), mathematics_object(target), *objects]
    found: dict[str, Place] = {}
    for path in dict.fromkeys(paths):
        found.update(read_object(path.read_bytes()))
    return found


def _load_as_library(pieces: Pieces, target: Target, telemetry: Telemetry) -> LoadedCode:
    """The slow way, which knows all machines and has all routines."""
    from clef.backends import CompileOptions, Level, compile_module

    options = CompileOptions(level=Level.O0, position_independent=True)
    code = compile_module(whole_module(pieces), target, options, telemetry).object_code
    loaded = load_object(code, target, telemetry)
    assert not isinstance(loaded, list), loaded
    return loaded
