"""Which globals, and which fields of objects, change after they were first set.

Comes in: the graph. Goes out: `mutated_globals` and `mutated_fields`. Promises: a global that is
not listed is written at most by one place of the program, once, before it is read; a field of a
class that is not listed is written by the object's constructors alone, and before that it holds no
reference; so reading them needs no ownership.
"""

from __future__ import annotations

from clef.coeffects.tables import Analysis, Coeffects
from clef.semantic_graph import Graph
from clef.typed_core.changes import is_constructor
from clef.typed_core.core import MonoType, Program


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
    _find_fields(program, graph, tables)


def _find_fields(program: Program, graph: Graph, tables: Coeffects) -> None:
    written: set[tuple[MonoType, int]] = set()
    for name, facts in graph.facts.items():
        if not is_constructor(name):
            written |= facts.fields_set
    below: dict[MonoType, list[MonoType]] = {}
    for type, shape in program.shapes.items():
        for ancestor in shape.ancestors:
            below.setdefault(ancestor, []).append(type)
    # A field has the same place in the classes below, and in those above that have it.
    for owner, index in written:
        above = program.shapes[owner].ancestors
        related = (owner, *above, *below.get(owner, ()))
        tables.mutated_fields.update((type, index) for type in related if type in program.shapes)


def show(tables: Coeffects) -> str:
    """The changing globals, sorted."""
    fields = sorted(f"{owner}.{index}" for owner, index in tables.mutated_fields)
    return "".join(f"mutated: {name}\n" for name in [*sorted(tables.mutated_globals), *fields])


ANALYSIS = Analysis("mutation", (), run, show)
