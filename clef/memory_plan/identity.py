"""Types whose values must be cells because the program can tell one from its copy.

Comes in: a program and its graph. Goes out: record and union types that are compared by reference,
directly or as objects. Promises: values of other small records and unions may be copied freely;
nobody can notice.
"""

from __future__ import annotations

from collections.abc import Iterator

from clef.semantic_graph import Graph
from clef.typed_core.core import Function, MonoType, Primitive, Program
from clef.typed_core.nodes import nodes

_WANTED = frozenset({"reference_equal", "reference_hash"})
_CONVERSIONS = ("box", "cast")


def _primitives(function: Function) -> Iterator[Primitive]:
    return (node for node in nodes(function.body) if isinstance(node, Primitive))


def find_identities(program: Program, graph: Graph) -> set[MonoType]:
    """The types; empty for nearly every program."""
    found: set[MonoType] = set()
    of_objects = False
    for name, facts in graph.facts.items():
        if _WANTED.isdisjoint(facts.primitives):
            continue
        for node in _primitives(program.functions[name]):
            # Derived code has no place in the source; it compares by reference only to be quick.
            if node.operation in _WANTED and node.span is not None and node.arguments:
                type = node.arguments[0].type
                found.add(type)
                of_objects = of_objects or _is_object(program, type)
    if of_objects:
        found.update(_objects(program, graph))
    return found


def _is_object(program: Program, type: MonoType) -> bool:
    shape = program.shapes.get(type)
    return shape is not None and (shape.kind == "interface" or shape.builtin == "object")


def _objects(program: Program, graph: Graph) -> Iterator[MonoType]:
    """Types whose values become objects."""
    for name, facts in graph.facts.items():
        if not facts.primitives.isdisjoint(_CONVERSIONS):
            for node in _primitives(program.functions[name]):
                if node.operation in _CONVERSIONS and node.arguments:
                    yield node.arguments[0].type
