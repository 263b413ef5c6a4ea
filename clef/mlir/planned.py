"""The two stages between core and MLIR as the pipeline calls them.

Comes in: a core program and its graph. Goes out: `Planned`, everything that emission needs; then
the module's text. Promises: `check_planned` finds every ownership mistake of the plan.
"""

from __future__ import annotations

from collections.abc import Iterable

from clef.coeffects import PLANNED, Coeffects, analyse
from clef.data_classes import dataclass
from clef.diagnostics.diagnostic import Diagnostic
from clef.memory_plan import Plan, Registry, facts_for, make_plan, verify_plan
from clef.memory_plan.arenas import check_arenas
from clef.memory_plan.foreign import check_foreign_calls
from clef.memory_plan.no_heap import check_promises
from clef.memory_plan.placements import check_placements
from clef.memory_plan.stack_pointers import check_stack_pointers
from clef.mlir.emission import emit, emit_module
from clef.mlir.module import EmitOptions
from clef.mlir.pieces import Pieces, pieces_of
from clef.semantic_graph import Graph
from clef.source import SourceFile
from clef.toolchain.marks import Marks
from clef.toolchain.target import Target
from clef.typed_core.core import Program


@dataclass(frozen=True, slots=True)
class Planned:
    """A program with its plan."""

    program: Program
    graph: Graph
    coeffects: Coeffects
    plan: Plan
    target: Target


def plan_program(
    program: Program,
    graph: Graph,
    target: Target,
    pool_bytes: int | None = None,
    registry: Registry | None = None,
) -> Planned:
    """Coeffects and plan; the heap has no more than `pool_bytes`, and `registry` is what programs
    that run one after the other share.
    """
    coeffects = analyse(program, graph, PLANNED)
    facts = facts_for(target.pointer_bits, target.architecture)
    plan = make_plan(program, graph, coeffects, facts, registry)
    plan.pool_bytes = pool_bytes
    return Planned(program, graph, coeffects, plan, target)


def findings(planned: Planned) -> list[Diagnostic]:
    """What the user has to mend before code can be made.

    `clef.rechecking` counts on it that all of this is about foreign functions and about what the
    words of its list are needed for: it goes without a plan when an edit brings no new ones.
    """
    foreign = check_foreign_calls(planned.program, planned.plan)
    pointers = check_stack_pointers(planned.program)
    arenas = check_arenas(planned.program, planned.graph, planned.plan)
    placements = check_placements(planned.program, planned.graph, planned.plan)
    return [
        *foreign,
        *pointers,
        *arenas,
        *placements,
        *check_promises(planned.program, planned.plan),
    ]


def emit_planned(
    planned: Planned,
    sources: Iterable[SourceFile] = (),
    debug: bool = False,
    debug_heap: bool = False,
    is_library: bool = False,
    marks: Marks | None = None,
    check_heap: bool = False,
    heap_statistics: bool = False,
    system_heap: bool = False,
    verify_checks: bool = False,
) -> str:
    """The module's text."""
    texts = {source.path: source for source in sources}
    options = EmitOptions(
        debug,
        debug_heap and not check_heap,
        texts,
        check_heap,
        heap_statistics,
        system_heap,
        is_library=is_library,
        marks=marks,
        verify_checks=verify_checks,
        hints=not debug,
    )
    return emit(planned.program, planned.plan, planned.coeffects, planned.target, options)


def emit_pieces(
    planned: Planned, sources: Iterable[SourceFile] = (), debug_heap: bool = False
) -> Pieces:
    """The module in pieces whose texts depend as little as can be on what else is in the
    program. The code of an open plan's function values is there, called or not: cells of earlier
    programs may hold them.
    """
    texts = {source.path: source for source in sources}
    options = EmitOptions(False, debug_heap, texts, stable_names=True, hints=False)
    state = emit_module(planned.program, planned.plan, planned.coeffects, planned.target, options)
    return pieces_of(state)


def check_planned(planned: Planned) -> list[str]:
    """Ownership mistakes, none when all is well."""
    return verify_plan(planned.program, planned.plan)
