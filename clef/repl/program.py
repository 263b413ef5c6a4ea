"""The program that inputs add up to, and the machine code of its newest version.

Comes in: checked inputs, one after the other. Goes out: for each an `Update` of the image in the
runner's process. Promises: every input is compiled together with all that came before it, so that
functions, type tests and virtual calls know everything that can exist; only what an input adds is
run. Cells of earlier inputs keep their meaning (`clef.memory_plan.registry`), variables their
address (`clef.link.growing_image`). After `restore` it is as if an input had never been.
"""

from __future__ import annotations

from collections.abc import Sequence

from clef.backends.object_file import Place
from clef.backends.piecewise import PieceCompiler
from clef.checked_unit import CheckedUnit
from clef.data_classes import dataclass, field
from clef.diagnostics.arrangement import has_errors
from clef.diagnostics.diagnostic import Diagnostic
from clef.link.growing_image import GrowingImage, Update
from clef.memory_plan import Registry
from clef.pipeline import Options
from clef.source import SourceFile
from clef.standard_library import Library
from clef.steps import foreign_libraries, target_of
from clef.toolchain.telemetry import SILENT, Telemetry
from clef.typed_core.core import MonoType, Program, TypeTable

ROOTS = ("clef_start", "clef_run_loaded")


@dataclass(slots=True)
class Kept:
    """What `restore` goes back to."""

    units: int
    image: GrowingImage
    closures: dict[str, tuple[object, ...]]
    layouts: dict[MonoType, tuple[object, ...]]


@dataclass(slots=True)
class Added:
    """What compiling one more part gave; there is no `update` where there are errors."""

    diagnostics: list[Diagnostic]
    update: Update | None = None
    shown: int = 0
    core: Program | None = None
    planned: object = None
    start_up: tuple[str, ...] = ()


@dataclass(slots=True)
class SessionProgram:
    """Everything so far."""

    library: Library
    telemetry: Telemetry = SILENT
    units: list[CheckedUnit] = field(default_factory=list[CheckedUnit])
    sources: list[SourceFile] = field(default_factory=list[SourceFile])
    registry: Registry = field(default_factory=Registry)
    types: TypeTable = field(default_factory=TypeTable)
    finished: frozenset[str] = frozenset()
    image: GrowingImage = field(default_factory=GrowingImage)
    _compiler: PieceCompiler | None = None
    _runtime: dict[str, Place] | None = None

    def keep(self) -> Kept:
        """The present state, to come back to."""
        registry = self.registry
        return Kept(
            len(self.units), self.image.copy(), dict(registry.closures), dict(registry.layouts)
        )

    def restore(self, kept: Kept) -> None:
        """Forget what was added since."""
        del self.units[kept.units :]
        del self.sources[kept.units :]
        self.image = kept.image
        self.registry.closures = kept.closures
        self.registry.layouts = kept.layouts

    def defined_again(self, unit: CheckedUnit) -> str:
        """A symbol of a unit that an earlier one has; "" when there is none."""
        for one in self.units:
            for old, new in (
                (one.definitions, unit.definitions),
                (one.type_definitions, unit.type_definitions),
            ):
                for symbol in new:
                    if symbol in old:
                        return symbol
        return ""

    def add(self, units: Sequence[CheckedUnit], sources: Sequence[SourceFile], shown: str) -> Added:
        """Compile the program with further units; `shown` is a variable whose address is wanted."""
        self.units += units
        self.sources += sources
        core, found = self._lower()
        libraries = foreign_libraries(core)
        if libraries:
            from clef.diagnostics.tools import NOWHERE, LibrariesNotSupported

            found = [*found, LibrariesNotSupported(NOWHERE, "session", libraries)]
        if has_errors(found):
            return Added(found)
        return self._plan(core, found, shown)

    def _lower(self) -> tuple[Program, list[Diagnostic]]:
        from clef.typed_core import lower
        from clef.typed_core.destinations import fill_holes
        from clef.typed_core.program import Options as CoreOptions
        from clef.whole_program import combine

        whole = combine(self.units, self.library, self.sources)
        options = CoreOptions(finished=self.finished, types=self.types)
        with self.telemetry.stage("core"):
            core, found = lower(whole, options)
        return (core if has_errors(found) else fill_holes(core)), found

    def _plan(self, core: Program, found: list[Diagnostic], shown: str) -> Added:
        from clef.mlir.planned import emit_pieces, findings, plan_program
        from clef.semantic_graph import build

        compiler = self._compiler or PieceCompiler(target_of(Options()))
        self._compiler = compiler
        with self.telemetry.stage("graph"):
            graph = build(core)
        with self.telemetry.stage("plan"):
            planned = plan_program(core, graph, compiler.target, registry=self.registry)
        found = [*found, *findings(planned)]
        if has_errors(found):
            return Added(found)
        with self.telemetry.stage("mlir"):
            pieces = emit_pieces(planned, self.sources)
        with self.telemetry.stage("code"):
            places = compiler.compile(pieces, self.telemetry)
        with self.telemetry.stage("link"):
            runtime = self._runtime_places()
            roots = [*ROOTS, *([shown] if shown in places else [])]
            update = self.image.link(roots, lambda name: places.get(name) or runtime.get(name))
        address = update.addresses.get(shown, 0)
        return Added(found, update, address, core, planned, tuple(core.start_up))

    def ran(self, added: Added) -> None:
        """The start-up actions of an added part have been run, as far as they came."""
        self.finished |= set(added.start_up)

    def _runtime_places(self) -> dict[str, Place]:
        from clef.session import runtime_places

        if self._runtime is None:
            assert self._compiler is not None
            self._runtime = runtime_places(self._compiler.target)
        return self._runtime
