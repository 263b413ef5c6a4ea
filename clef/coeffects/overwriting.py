"""Which types of values a function may write over in memory that others see.

Comes in: the graph's facts. Goes out: `overwritten`. Promises: while a function runs whose set does
not have a type, no element, field or global that holds a value of exactly this type changes; a
function that is not listed may write over anything. What it calls is included.
"""

from __future__ import annotations

from clef.coeffects.tables import Analysis, Coeffects
from clef.semantic_graph import Graph
from clef.typed_core.core import MonoType, Program


def run(program: Program, graph: Graph, tables: Coeffects) -> None:
    """From callees to callers, those that call each other at once."""
    lost = set(program.externals)
    for component in graph.components:
        facts = [graph.facts[name] for name in component if name in graph.facts]
        called = {target for name in component for target in graph.following.get(name, ())}
        called.difference_update(component)
        if any(one.overwrites_anything for one in facts) or not lost.isdisjoint(
            (*called, *component)
        ):
            lost.update(component)
            continue
        written: set[MonoType] = set()
        for one in facts:
            written |= one.overwritten
        for target in called:
            written |= tables.overwritten.get(target, _NOTHING)
        shared = frozenset(written)
        tables.overwritten.update((name, shared) for name in component)


_NOTHING: frozenset[MonoType] = frozenset()


def show(tables: Coeffects) -> str:
    """The functions that write, sorted."""
    lines: list[str] = []
    for name, types in sorted(tables.overwritten.items()):
        if types:
            lines.append(f"overwrites: {name}: {', '.join(sorted(map(str, types)))}\n")
    return "".join(lines)


ANALYSIS = Analysis("overwriting", (), run, show)
