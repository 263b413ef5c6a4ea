"""Which functions do more than compute: write memory that others see, do input or output, or call
something that does.

Comes in: the graph's facts. Goes out: `impure`. Promises: a call of a function that is not listed
may be dropped when its result is not used and it cannot raise, or be moved across reads.
"""

from __future__ import annotations

from clef.coeffects.tables import Analysis, Coeffects
from clef.semantic_graph import Graph, possible_targets
from clef.typed_core.core import Program


def run(program: Program, graph: Graph, tables: Coeffects) -> None:
    """Spread impurity from callees to callers."""
    callers: dict[str, list[str]] = {}
    for name, facts in graph.facts.items():
        targets = {call.target for call in facts.calls}
        for unknown in facts.closure_calls:
            targets.update(possible_targets(graph, unknown))
        for target in targets:
            callers.setdefault(target, []).append(name)
    for dispatcher in program.dispatchers.values():
        for _, target in dispatcher.targets:
            callers.setdefault(target, []).append(dispatcher.name)
    work = [name for name, facts in graph.facts.items() if facts.writes]
    work += list(program.externals)
    tables.impure.update(work)
    while work:
        for caller in callers.get(work.pop(), ()):
            if caller not in tables.impure:
                tables.impure.add(caller)
                work.append(caller)


def show(tables: Coeffects) -> str:
    """The impure functions, sorted."""
    return "".join(f"impure: {name}\n" for name in sorted(tables.impure))


ANALYSIS = Analysis("purity", (), run, show)
