"""Which functions run at most once, and which a few times.

Comes in: the program and the graph's facts. Goes out: `once`, and `few` with these and others.
Promises: a function that is listed is called only outside loops, of the entry or of others that are
listed; nothing else holds it.
"""

from __future__ import annotations

from collections import Counter

from clef.coeffects.tables import Analysis, Coeffects
from clef.semantic_graph import Graph
from clef.typed_core import core
from clef.typed_core.core import Expression, Program
from clef.typed_core.nodes import parts

FEW = 16
"""So often at most a function runs that counts as running a few times."""


def run(program: Program, graph: Graph, tables: Coeffects) -> None:
    """From the entry down: a function comes when all places that call it are known."""
    missing = _places(program, graph)
    times = Counter({program.entry: 1})
    work = [program.entry] if program.entry in program.functions else []
    while work:
        name = work.pop()
        for target in _called_outside_loops(program.functions[name].body):
            missing[target] -= 1
            times[target] += times[name]
            if missing[target] == 0 and target in program.functions and times[target] <= FEW:
                tables.few.add(target)
                work.append(target)
    tables.once.update(name for name in tables.few if times[name] == 1)


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
    """The functions that run once or a few times, sorted."""
    once = (f"runs once: {name}\n" for name in sorted(tables.once))
    return "".join(
        [*once, *(f"runs seldom: {name}\n" for name in sorted(tables.few - tables.once))]
    )


ANALYSIS = Analysis("once", (), run, show)
