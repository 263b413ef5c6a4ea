"""Which functions may raise.

Comes in: the graph's facts. Goes out: `may_raise` and `raising_types`. Promises: a function that is
not listed never leaves with a pending exception; a call at a function type that is not listed
neither. The smallest solution: a fixed point from below.
"""

from __future__ import annotations

from clef.coeffects.tables import Analysis, Coeffects
from clef.semantic_graph import Graph, possible_targets
from clef.semantic_graph.graph import ClosureCall
from clef.typed_core.core import Program


def _callers(program: Program, graph: Graph) -> dict[str, list[str]]:
    """For each function and dispatcher, whose calls outside any try may enter it."""
    callers: dict[str, list[str]] = {}
    for name, facts in graph.facts.items():
        for call in facts.calls:
            if not call.is_caught:
                callers.setdefault(call.target, []).append(name)
        for unknown in facts.closure_calls:
            if not unknown.is_caught:
                for target in possible_targets(graph, unknown):
                    callers.setdefault(target, []).append(name)
    for dispatcher in program.dispatchers.values():
        for _, target in dispatcher.targets:
            callers.setdefault(target, []).append(dispatcher.name)
    return callers


def run(program: Program, graph: Graph, tables: Coeffects) -> None:
    """Spread raising from callees to callers."""
    callers = _callers(program, graph)
    # A virtual call on null raises.
    work = [name for name, facts in graph.facts.items() if facts.raises]
    work += list(program.dispatchers)
    tables.may_raise.update(work)
    while work:
        for caller in callers.get(work.pop(), ()):
            if caller not in tables.may_raise:
                tables.may_raise.add(caller)
                work.append(caller)
    for type, names in graph.callable_at.items():
        if any(name in tables.may_raise for name in names):
            tables.raising_types.add(type)


def closure_call_may_raise(graph: Graph, tables: Coeffects, call: ClosureCall) -> bool:
    """Whether a call of an unknown function may leave an exception pending."""
    return any(name in tables.may_raise for name in possible_targets(graph, call))


def show(tables: Coeffects) -> str:
    """The raising functions, sorted."""
    return "".join(f"may raise: {name}\n" for name in sorted(tables.may_raise))


ANALYSIS = Analysis("raising", (), run, show)
