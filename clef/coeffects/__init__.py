"""What code needs beyond its inputs: `analyse(program, graph)` runs every analysis in order and
gives the tables; `analyse(program, graph, PLANNED)` only those that the memory plan reads, and
what makes code of it.
"""

from collections.abc import Sequence

from clef.coeffects import escape, mutation, once, overwriting, purity, raising, suspension
from clef.coeffects.raising import closure_call_may_raise
from clef.coeffects.tables import Analysis, Coeffects
from clef.semantic_graph import Graph
from clef.typed_core.core import Program

ANALYSES: tuple[Analysis, ...] = (
    raising.ANALYSIS,
    purity.ANALYSIS,
    mutation.ANALYSIS,
    overwriting.ANALYSIS,
    escape.ANALYSIS,
    suspension.ANALYSIS,
    once.ANALYSIS,
)


PLANNED: tuple[Analysis, ...] = (
    raising.ANALYSIS,
    mutation.ANALYSIS,
    overwriting.ANALYSIS,
    once.ANALYSIS,
)


def analyse(program: Program, graph: Graph, analyses: Sequence[Analysis] = ANALYSES) -> Coeffects:
    """The tables of a program; those of other analyses stay empty."""
    tables = Coeffects()
    for analysis in analyses:
        analysis.run(program, graph, tables)
    return tables


def print_coeffects(tables: Coeffects) -> str:
    """Every table as text, in the order of the analyses."""
    return "".join(analysis.show(tables) for analysis in ANALYSES)


__all__ = [
    "ANALYSES",
    "PLANNED",
    "Analysis",
    "Coeffects",
    "analyse",
    "closure_call_may_raise",
    "print_coeffects",
]
