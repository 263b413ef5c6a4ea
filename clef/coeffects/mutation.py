"""Which globals change after they were first set.

Comes in: the graph. Goes out: `mutated_globals`. Promises: a global that is not listed is written
at most by one place of the program, once, before it is read; so reading it needs no ownership.
"""

from __future__ import annotations

from clef.coeffects.tables import Analysis, Coeffects
from clef.semantic_graph import Graph
from clef.typed_core.core import Program


def run(program: Program, graph: Graph, tables: Coeffects) -> None:
    """A global is constant when it is declared so and has at most one write."""
    writes: dict[str, int] = {}
    for edge in graph.edges:
        if edge.kind == "flow":
            target = graph.nodes[edge.targets[0]]
            if target.kind == "global":
                writes[target.name] = writes.get(target.name, 0) + 1
    for symbol, variable in program.globals.items():
        if variable.is_mutable or writes.get(symbol, 0) > 1:
            tables.mutated_globals.add(symbol)


def show(tables: Coeffects) -> str:
    """The changing globals, sorted."""
    return "".join(f"mutated: {name}\n" for name in sorted(tables.mutated_globals))


ANALYSIS = Analysis("mutation", (), run, show)
