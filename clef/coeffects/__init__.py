"""What code needs beyond its inputs: `analyse(program, graph)` runs every analysis in order and
gives the tables.
"""

from clef.coeffects import escape, mutation, purity, raising, suspension
from clef.coeffects.raising import closure_call_may_raise
from clef.coeffects.tables import Analysis, Coeffects
from clef.semantic_graph import Graph
from clef.typed_core.core import Program

ANALYSES: tuple[Analysis, ...] = (
    raising.ANALYSIS,
    purity.ANALYSIS,
    mutation.ANALYSIS,
    escape.ANALYSIS,
    suspension.ANALYSIS,
)


def analyse(program: Program, graph: Graph) -> Coeffects:
    """All tables of a program."""
    tables = Coeffects()
    for analysis in ANALYSES:
        analysis.run(program, graph, tables)
    return tables


def print_coeffects(tables: Coeffects) -> str:
    """Every table as text, in the order of the analyses."""
    return "".join(analysis.show(tables) for analysis in ANALYSES)


__all__ = [
    "ANALYSES",
    "Analysis",
    "Coeffects",
    "analyse",
    "closure_call_may_raise",
    "print_coeffects",
]
