"""Which types can be reached from values: through fields, elements, captures and subclasses.

Comes in: a program, its graph, and types with the names of the values that have them. Goes out: for
each type that can be reached, the name of the first value on whose account. Promises: never too
few; a reference to an interface, a class or `obj` can lead to every live type that fits it, a
function value to whatever any function of its type may hold.
"""

from __future__ import annotations

from collections.abc import Iterable

from clef.semantic_graph import Graph
from clef.typed_core.core import MonoType, Program, TypeShape


def reachable_types(
    program: Program, graph: Graph, roots: Iterable[tuple[MonoType, str]]
) -> dict[MonoType, str]:
    """Type → the name of a root that leads to it."""
    found: dict[MonoType, str] = {}
    work = [(type, name) for type, name in roots]
    work.reverse()
    while work:
        type, name = work.pop()
        if type not in found:
            found[type] = name
            work.extend((part, name) for part in _parts(program, graph, type))
    return found


def _parts(program: Program, graph: Graph, type: MonoType) -> list[MonoType]:
    parts = list(type.arguments) if type.form != "function" else _held(program, graph, type)
    shape = program.shapes.get(type)
    if shape is not None:
        parts += [field.type for field in shape.fields]
        parts += [field.type for case in shape.cases for field in case.fields]
        if shape.element is not None:
            parts.append(shape.element)
        if shape.kind == "function" and type.form != "function":  # a delegate
            parts += _held(program, graph, type)
        if shape.kind in ("class", "interface", "exception") or shape.builtin == "object":
            parts += _below(program, type, shape)
    return parts


def _held(program: Program, graph: Graph, type: MonoType) -> list[MonoType]:
    """What function values of a type may hold: captures, and arguments that they have got."""
    return [
        local.type
        for name in graph.callable_at.get(type, ())
        for local in program.functions[name].parameters
    ]


def _below(program: Program, type: MonoType, shape: TypeShape) -> list[MonoType]:
    if shape.builtin == "object":
        return list(program.live)
    return [one for one, other in program.shapes.items() if type in other.ancestors]
