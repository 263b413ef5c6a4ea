"""Which functions may be left and entered again in the middle.

Comes in: the program. Goes out: `suspending`. Promises: the core has already turned suspended
bodies into state machines, so none is listed; the table exists for the targets that suspend by
other means.
"""

from __future__ import annotations

from clef.coeffects.tables import Analysis, Coeffects
from clef.semantic_graph import Graph
from clef.typed_core.core import Program


def run(program: Program, graph: Graph, tables: Coeffects) -> None:
    """Nothing suspends in the core."""
    tables.suspending.clear()


def show(tables: Coeffects) -> str:
    """The suspending functions, sorted."""
    return "".join(f"suspends: {name}\n" for name in sorted(tables.suspending))


ANALYSIS = Analysis("suspension", (), run, show)
