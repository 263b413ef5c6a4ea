"""Types whose values must be cells because the program can tell one from its copy.

Comes in: a program and its graph. Goes out: record and union types that are compared by reference,
directly or as objects, and those with fields that are set. Promises: only functions that the graph
says compare or convert are read.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set

from clef.semantic_graph import Graph
from clef.typed_core.core import Expression, MonoType, Program
from clef.typed_core.nodes import nodes
from clef.typed_core.told_apart import COMPARING, CONVERTING, types_told_apart


def find_identities(program: Program, graph: Graph) -> set[MonoType]:
    """The types; empty for nearly every program."""

    def code(operations: Set[str]) -> Iterator[Sequence[Expression]]:
        for name, facts in graph.facts.items():
            if not operations.isdisjoint(facts.primitives):
                yield nodes(program.functions[name].body)

    told = types_told_apart(program, code(COMPARING), lambda: code(CONVERTING))
    return told | _set_afterwards(program, graph)


def _set_afterwards(program: Program, graph: Graph) -> set[MonoType]:
    """Types of recursive values: a field is filled in when the value is there already."""
    owners = {owner for facts in graph.facts.values() for owner, _ in facts.fields_set}
    shapes = program.shapes
    return {
        owner
        for owner in owners
        if shapes[owner].kind in ("record", "union") and not shapes[owner].is_value
    }
