"""The functions of the pipeline's table: each fits one stage's own interface to the products that
pass between stages.

Comes in: products of earlier stages. Goes out: the product of this one with its diagnostics.
Promises: nothing is decided here; imports happen when a stage runs, so that a command pays only for
the stages it needs.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, NoReturn, cast

from clef.diagnostics.diagnostic import Diagnostic
from clef.pipeline import Options, StageMissing
from clef.project.project import Project
from clef.source import SourceFile

if TYPE_CHECKING:
    from clef.backends import Artifacts
    from clef.checking import CheckedProgram
    from clef.mlir.planned import Planned
    from clef.semantic_graph import Graph
    from clef.standard_library import Library
    from clef.syntax.tokens import LaidOutTokens
    from clef.toolchain.board import Board
    from clef.toolchain.target import Target
    from clef.toolchain.telemetry import Telemetry
    from clef.typed_core.core import Program

Found = list[Diagnostic]


def _function(module: str, name: str) -> Callable[..., object]:
    """A stage's function, or `StageMissing` if this version does not have it."""
    try:
        return cast("Callable[..., object]", getattr(importlib.import_module(module), name))
    except (ModuleNotFoundError, AttributeError) as error:
        if isinstance(error, ModuleNotFoundError) and not str(error.name).startswith("clef"):
            raise
        raise StageMissing(module) from error


def missing(stage: str) -> NoReturn:
    """Stops the pipeline at a stage that is still to come."""
    raise StageMissing(stage)


def conditional_symbols(options: Options, sources: Iterable[SourceFile]) -> frozenset[str]:
    """The symbols that `#if` knows. Scripts are what F# runs without compiling them."""
    build = "RELEASE" if options.release else "DEBUG"
    is_script = any(source.path.endswith(".fsx") for source in sources)
    return frozenset({"CLEF", "FIDELITY", "INTERACTIVE" if is_script else "COMPILED", build})


# Reading and parsing


def read(
    project: Project, texts: Sequence[SourceFile] | None
) -> tuple[Sequence[SourceFile], Found]:
    """The texts of the project's sources, unless the caller has read them already."""
    if texts is not None:
        return texts, []
    from clef.project.files import read_source

    sources: list[SourceFile] = []
    diagnostics: Found = []
    for path in project.sources:
        source, found = read_source(path)
        diagnostics += found
        if source is not None:
            sources.append(source)
    return sources, diagnostics


def tokens(
    sources: Sequence[SourceFile], options: Options
) -> tuple[list[tuple[SourceFile, LaidOutTokens]], Found]:
    """The laid-out tokens of every file, for the printout; parsing reports their mistakes."""
    from clef.syntax.layout import lay_out
    from clef.syntax.tokenizer import tokenize

    symbols = conditional_symbols(options, sources)
    return [(file, lay_out(file, tokenize(file, symbols)[0])[0]) for file in sources], []


def parse(sources: Sequence[SourceFile], options: Options) -> tuple[list[object], Found]:
    """The syntax tree of every file."""
    parse_file = _function("clef.syntax", "parse")
    symbols = conditional_symbols(options, sources)
    trees: list[object] = []
    diagnostics: Found = []
    for source in sources:
        tree, found = cast("tuple[object, Found]", parse_file(source, symbols))
        trees.append(tree)
        diagnostics += found
    return trees, diagnostics


# The front end


def load_library(telemetry: Telemetry) -> tuple[Library, Found]:
    """The standard library, from the cache when it is there."""
    from clef.standard_library import load

    return load(telemetry)


def check(
    sources: Sequence[SourceFile], library: Library, options: Options, telemetry: Telemetry
) -> tuple[CheckedProgram, Found]:
    """Every file parsed, resolved and typed, as far as it is not known already."""
    from clef.checking import check_files

    symbols = conditional_symbols(options, sources)
    return check_files(sources, library, symbols, telemetry, options.keep_units)


# The middle


def lower(
    checked: CheckedProgram, library: Library, sources: Sequence[SourceFile], options: Options
) -> tuple[Program, Found]:
    """The program in the core language."""
    from clef.typed_core import lower as lower_program
    from clef.typed_core.program import Options as CoreOptions
    from clef.whole_program import combine

    chosen = CoreOptions(boundary=options.boundary)
    return lower_program(combine(checked.units, library, sources), chosen)


def call_directly(core: Program, options: Options) -> tuple[Program, Found]:
    """The program with functions made anew for the known functions that they are given, recursion
    under constructors as loops, parts of values that are read where they are needed, and texts that
    grow where they are; in a release, with results in the place of addresses that are only given to
    calls, without lists that are only taken apart, with small functions
    inside of those whose values they make anew, with what is known read once, and with places that
    are empty while their next value is made.
    """
    from clef.typed_core.destinations import fill_holes
    from clef.typed_core.growing_texts import grow_in_place
    from clef.typed_core.known_functions import call_directly as make_direct
    from clef.typed_core.late_parts import read_parts_late

    direct = make_direct(core)
    if options.release:
        from clef.typed_core.fusion import fuse_lists
        from clef.typed_core.out_parameters import return_values

        direct = fuse_lists(return_values(direct))
    direct = fill_holes(direct)
    if options.release:
        from clef.typed_core.inlining import put_makers_into_callers
        from clef.typed_core.repeated_reads import read_once

        direct = read_once(put_makers_into_callers(direct))
    direct = grow_in_place(read_parts_late(direct))
    if options.release:
        from clef.typed_core.emptied_places import empty_places

        direct = empty_places(direct)
    return direct, []


def prove_checks(direct: Program, options: Options) -> tuple[Program, Found]:
    """In a release, the program without checks that cannot fail, and with counting loops twice
    where checks remain in them; with data in the place of values that never change.
    """
    from clef.typed_core.constants import make_constants

    if not options.release:
        return make_constants(direct), []
    from clef.typed_core.loop_versions import version_loops
    from clef.value_ranges import drop_proven, find_ranges

    proven = drop_proven(direct, find_ranges(direct), options.verify_checks)
    return make_constants(version_loops(proven)), []


def build_graph(core: Program) -> tuple[Graph, Found]:
    """The program graph."""
    from clef.semantic_graph import build

    return build(core), []


def plan(core: Program, graph: Graph, options: Options, project: Project) -> tuple[Planned, Found]:
    """The memory plan."""
    from clef.mlir.planned import findings, plan_program

    is_pool = project.memory_model == "static_pools"
    planned = plan_program(core, graph, target_of(options), project.heap_size if is_pool else None)
    found = findings(planned)
    target = planned.target
    if target.board is not None:
        from clef.memory_plan.provided import check_provided

        found += check_provided(core, target.words, target.name, project.path)
    if project.memory_model == "stack_only":
        from clef.memory_plan.no_heap import check_program

        found += check_program(core, graph, planned.plan, project.path)
    return planned, found


def emit(planned: Planned, sources: Sequence[SourceFile], options: Options) -> tuple[str, Found]:
    """The program in MLIR."""
    import os

    from clef.mlir.planned import emit_planned

    count_cells = options.count_cells or "CLEF_DEBUG_HEAP" in os.environ
    debug = not options.release
    if options.boundary:  # its last file is nobody's source
        sources = sources[:-1]
    text = emit_planned(
        planned,
        sources,
        debug,
        count_cells,
        bool(options.boundary),
        options.marks,
        options.sanitize == "heap",
        options.heap_statistics,
        options.sanitize == "address",
        options.verify_checks,
    )
    return text, []


# Machine code


def generate(
    mlir: str, project: Project, options: Options, telemetry: Telemetry
) -> tuple[Artifacts, Found]:
    """Machine code, and the texts on the way to it."""
    from clef.backends import CompileOptions, Emit, Level, compile_module

    asked = {options.emit, *(name for name, _ in options.prints)}
    kinds = {Emit.OBJECT}
    if "llvm" in asked or "code" in asked:
        kinds |= {Emit.LLVM, Emit.OPTIMISED_LLVM} if options.release else {Emit.LLVM}
    if "asm" in asked:
        kinds.add(Emit.ASSEMBLY)
    fast = Level.SIZE if target_of(options).optimise_for == "size" else Level.O3
    level = fast if options.release else Level.O0
    chosen = CompileOptions(
        level=level,
        emit=frozenset(kinds),
        position_independent=options.position_independent,
        frame_sizes=options.measure_stack or project.max_stack_size is not None,
        check_addresses=options.sanitize == "address",
        may_halve=_may_halve(project, options),
    )
    return compile_module(mlir, target_of(options), chosen, telemetry), []


def _may_halve(project: Project, options: Options) -> bool:
    """Whether two objects will do: for executables that are not optimised, on systems with ELF."""
    is_plain = not (options.release or options.boundary or options.sanitize == "address")
    is_one = bool(options.emit or options.stop_after or options.position_independent)
    has_frames = options.measure_stack or project.max_stack_size is not None
    return is_plain and not is_one and not has_frames and target_of(options).system == "linux"


def target_of(options: Options) -> Target:
    """The machine to compile for."""
    from clef.toolchain.target import find_target, with_cpu

    target = find_target(options.target)
    assert target is not None, "the command line and the project check targets"
    return with_cpu(target, options.cpu) if options.cpu else target


def board_of(project: Project, options: Options) -> Board | None:
    """What surrounds the processor, where there is no operating system: the target's board with
    what the project says of its own."""
    from clef.toolchain.board import changed

    board = target_of(options).board
    return changed(board, dict(project.board)) if board is not None else None


_LIBRARY_FILE = re.compile(r"^(?:lib)?(.+?)(?:\.so(?:\.\d+)*|\.dll|\.dylib)?$")
"""How F# code may write the library `m`: `m`, `libm`, `libm.so.6`, `m.dll`."""
_IMPORT_MODULES = ("wasi_snapshot_preview1", "clef board", "clef boundary")
"""What the standard library imports on WebAssembly alone, what boards have, and what a library's
own C side has; these are no libraries elsewhere."""


def foreign_libraries(core: Program) -> tuple[str, ...]:
    """The C libraries that the foreign functions of a program name, `c` among them."""
    named = [external.library or "c" for external in core.externals.values()]
    found = [_LIBRARY_FILE.sub(r"\1", name) for name in named if name not in _IMPORT_MODULES]
    return tuple(dict.fromkeys(found))


def link(
    artifacts: Artifacts,
    core: Program,
    planned: Planned,
    project: Project,
    options: Options,
    telemetry: Telemetry,
) -> tuple[bytes, Found]:
    """The executable, as bytes."""
    if project.max_stack_size is not None:
        from clef.backends.stack_limit import check_stack

        exceeded = check_stack(planned, artifacts.frames, project.max_stack_size, project.path)
        if exceeded:
            return b"", exceeded
    from clef.link import LinkOptions, link_executable
    from clef.mlir.c_calls import c_callers
    from clef.toolchain.cache import scratch_folder

    foreign = foreign_libraries(core)
    libraries = dict.fromkeys([*project.libraries, *foreign])
    chosen = LinkOptions(
        strip=options.release and not options.sanitize,
        static=options.static,
        dynamic=bool(foreign),
        check_addresses=options.sanitize == "address",
        libraries=tuple(name for name in libraries if name != "c"),
        library_paths=project.library_paths,
        c_text=c_callers(core, planned.plan),
        further_objects=artifacts.further_objects,
        board=board_of(project, options),
        stack_size=project.max_stack_size,
    )
    with scratch_folder() as folder:
        output = folder / "program"
        found = link_executable(
            artifacts.object_code, target_of(options), output, chosen, telemetry
        )
        return (output.read_bytes() if output.exists() else b""), found
