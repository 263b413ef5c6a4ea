"""Which types of values a function may write over in memory that others see.

Comes in: the graph's facts. Goes out: `overwritten`. Promises: while a function runs whose set does
not have a type, no element, field or global that holds a value of exactly this type changes; a
function that is not listed may write over anything. What it calls is included.
"""

from __future__ import annotations

from clef.coeffects.tables import Analysis, Coeffects
from clef.semantic_graph import Graph, possible_targets
from clef.typed_core.core import Program


def run(program: Program, graph: Graph, tables: Coeffects) -> None:
    """Spread from callees to callers."""
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
    written = {name: set(facts.overwritten) for name, facts in graph.facts.items()}
    written.update((name, set()) for name in program.dispatchers)
    lost = {name for name, facts in graph.facts.items() if facts.overwrites_anything}
    lost.update(program.externals)
    work = [*lost, *written]
    while work:
        name = work.pop()
        for caller in callers.get(name, ()):
            if caller in lost:
                continue
            if name in lost:
                lost.add(caller)
                work.append(caller)
            elif not written[name] <= written[caller]:
                written[caller] |= written[name]
                work.append(caller)
    tables.overwritten.update(
        (name, frozenset(types)) for name, types in written.items() if name not in lost
    )


def show(tables: Coeffects) -> str:
    """The functions that write, sorted."""
    lines: list[str] = []
    for name, types in sorted(tables.overwritten.items()):
        if types:
            lines.append(f"overwrites: {name}: {', '.join(sorted(map(str, types)))}\n")
    return "".join(lines)


ANALYSIS = Analysis("overwriting", (), run, show)
