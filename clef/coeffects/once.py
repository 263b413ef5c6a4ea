"""Which functions run at most once.

Comes in: the program and the graph's facts. Goes out: `once`. Promises: a function that is listed
is called at one place, outside loops, of the entry or of another that is listed; nothing else
holds it.
"""

from __future__ import annotations

from collections import Counter

from clef.coeffects.tables import Analysis, Coeffects
from clef.semantic_graph import Graph
from clef.typed_core import core
from clef.typed_core.core import Expression, Program
from clef.typed_core.nodes import parts


def run(program: Program, graph: Graph, tables: Coeffects) -> None:
    """From the entry down."""
    places = _places(program, graph)
    work = [program.entry] if program.entry in program.functions else []
    while work:
        for target in _called_outside_loops(program.functions[work.pop()].body):
            if places[target] == 1 and target in program.functions and target not in tables.once:
                tables.once.add(target)
                work.append(target)


def _places(program: Program, graph: Graph) -> Counter[str]:
    """How many places call or hold each function."""
    places: Counter[str] = Counter([program.entry])
    for facts in graph.facts.values():
        places.update(call.target for call in facts.calls)
        places.update(name for name, _ in facts.closures)
    for dispatcher in program.dispatchers.values():
        places.update(target for _, target in dispatcher.targets)
    return places


def _called_outside_loops(body: Expression) -> list[str]:
    found: list[str] = []
    stack = [body]
    while stack:
        node = stack.pop()
        if isinstance(node, core.Call):
            found.append(node.function)
        elif isinstance(node, core.Join) and node.is_loop:
            stack.append(node.body)
        else:
            stack.extend(parts(node))
    return found


def show(tables: Coeffects) -> str:
    """The functions that run once, sorted."""
    return "".join(f"runs once: {name}\n" for name in sorted(tables.once))


ANALYSIS = Analysis("once", (), run, show)
