"""Which types contain themselves, and so cannot lie inside their own values.

Comes in: the program's type shapes. Goes out: the types on a cycle of records, unions, tuples and
structs. Promises: what is always a reference ends a cycle.
"""

from __future__ import annotations

from clef.memory_plan.layouts import TUPLES, LayoutState, has_mutable
from clef.semantic_graph.components import strongly_connected
from clef.typed_core.core import MonoType


def field_types(state: LayoutState, type: MonoType) -> list[list[MonoType]]:
    """Types of the fields, for each case (one list for what is no union)."""
    if type.form in TUPLES or type.form.endswith("anonymous"):
        return [list(type.arguments)]
    shape = state.shapes.get(type)
    if shape is None:
        return []
    if shape.kind == "union":
        return [[item.type for item in case.fields] for case in shape.cases]
    return [[item.type for item in shape.fields]]


def find_recursive(state: LayoutState) -> None:
    """Fill `recursive`: types on a cycle of records, unions, tuples and structs."""
    inner: dict[MonoType, list[MonoType]] = {}
    for type in state.shapes:
        _collect_parts(state, type, inner)
    for component in strongly_connected(list(inner), inner):
        if len(component) > 1 or component[0] in inner[component[0]]:
            state.recursive.update(component)


def _collect_parts(
    state: LayoutState, start: MonoType, inner: dict[MonoType, list[MonoType]]
) -> None:
    work = [start]
    while work:
        type = work.pop()
        if type in inner or not _may_be_unboxed(state, type):
            continue
        parts = [part for case in field_types(state, type) for part in case]
        inner[type] = [part for part in parts if _may_be_unboxed(state, part)]
        work.extend(inner[type])


def _may_be_unboxed(state: LayoutState, type: MonoType) -> bool:
    if type.form in TUPLES or type.form.endswith("anonymous"):
        return True
    shape = state.shapes.get(type)
    if shape is None:
        return False
    if shape.kind == "union" or shape.is_value:
        return shape.kind in ("union", "record", "class")
    return shape.kind == "record" and not has_mutable(shape.fields)
