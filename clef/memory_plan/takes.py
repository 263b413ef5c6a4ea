"""Taking values apart: when a value ends with its fields being read out, the fields move instead of
being counted.

Comes in: a chain of Lets whose ownership tables are filled. Goes out: `takes`; the counting that
they replace is removed. Promises: a taken value was dropped right after the last of a run of
projections; between these projections nothing happens but the end of other values, and a field
whose local has ended by then is not moved, so that reading first and moving afterwards sees the
same fields. A small cell whose fields are all kept or gone by then is taken apart as well: what it
is need not be found out again. A value without a cell, such as an option, ends with the only thing
that it holds: then that comes apart.
"""

from __future__ import annotations

from collections.abc import Mapping

from clef.memory_plan.layouts import LayoutState, layout_of
from clef.memory_plan.plan import FunctionPlan, Take
from clef.typed_core.core import Let, Local, MonoType, Program, Project, Variable

FEW = 3
Subtypes = Mapping[MonoType, tuple[MonoType, ...]]


def find_takes(
    tables: FunctionPlan,
    layouts: LayoutState,
    program: Program,
    subtypes: Subtypes,
    parts: Mapping[int, Project],
    chain: list[Let],
) -> None:
    """Fuse every run of projections that ends in the drop of what they project from; `parts`: what
    immutable locals were read out of."""
    for index, let in enumerate(chain):
        value = let.value
        if not isinstance(value, Project) or not isinstance(value.value, Variable):
            continue
        source = value.value.local
        holder = _holder(tables, layouts, parts, source)
        if holder is None or holder.id not in tables.after.get(value.id, ()) or source.is_mutable:
            continue
        if _can_come_apart(layouts, program, subtypes, source, value):
            _fuse(tables, chain, index, holder, _is_small(layouts, value))


def _holder(
    tables: FunctionPlan, layouts: LayoutState, parts: Mapping[int, Project], source: Local
) -> Local | None:
    """The owned local whose end is the end of `source`, and of nothing else."""
    while source.id in tables.borrowed:
        part = parts.get(source.id)
        if part is None or not isinstance(part.value, Variable):
            return None
        outer = part.value.local
        if outer.is_mutable or part.owner is not outer.type or not _is_all(layouts, part):
            return None
        source = outer
    return source


def _is_all(layouts: LayoutState, part: Project) -> bool:
    """Whether a part is all that a value without a cell holds."""
    layout = layout_of(layouts, part.owner)
    case = max(part.case, 0)
    if layout.form == "counted" or case >= len(layout.field_types):
        return False
    fields = enumerate(layout.field_types[case])
    others = [type for index, type in fields if index != part.index]
    return not any(layout_of(layouts, type).is_counted for type in others)


def _can_come_apart(
    layouts: LayoutState, program: Program, subtypes: Subtypes, source: Local, value: Project
) -> bool:
    """The cell's shape must be known exactly."""
    if value.owner is not source.type:
        return False
    if layout_of(layouts, value.owner).form != "counted":
        return True
    shape = program.shapes.get(value.owner)
    if shape is None:
        return False
    if shape.kind == "class":
        return tuple(subtypes.get(value.owner, ())) == (value.owner,)
    return shape.kind in ("record", "union")


def _is_small(layouts: LayoutState, value: Project) -> bool:
    """Whether giving up the fields one by one takes less than asking what the cell is."""
    layout = layout_of(layouts, value.owner)
    if layout.form != "counted":
        return False
    types = layout.field_types[max(value.case, 0)]
    words = [word for type in types for word in layout_of(layouts, type).words]
    return sum(word.counted for word in words) <= FEW


def _fuse(
    tables: FunctionPlan, chain: list[Let], index: int, holder: Local, is_small: bool
) -> None:
    last = chain[index].value
    assert isinstance(last, Project) and isinstance(last.value, Variable)
    source = last.value.local
    moved: dict[int, Let] = {}
    ended: set[int] = set()  # locals that end inside the run, before they would be given the field
    position = index
    while position >= 0:
        let = chain[position]
        value = let.value
        if not isinstance(value, Project) or not isinstance(value.value, Variable):
            break
        ended |= _ended(tables, value.id)
        is_field = value.value.local is source and value.case == last.case
        if is_field and _is_kept(tables, let) and let.local.id not in ended:
            moved[value.index] = let
        position -= 1
    if not moved and not is_small:
        return
    for let in moved.values():
        tables.keep.discard(let.value.id)
    tables.after[last.id].remove(holder.id)
    if not tables.after[last.id]:
        del tables.after[last.id]
    fields = tuple((field, moved[field].local) for field in sorted(moved))
    tables.takes[last.id] = Take(source, holder, last.owner, last.case, fields)


def _ended(tables: FunctionPlan, projection: int) -> set[int]:
    """The locals that are dropped or come apart after a projection."""
    ended = set(tables.after.get(projection, ()))
    if projection in tables.takes:
        ended.add(tables.takes[projection].holder.id)
    return ended


def _is_kept(tables: FunctionPlan, let: Let) -> bool:
    is_plain = let.id not in tables.unused and not let.local.is_mutable
    return let.value.id in tables.keep and is_plain
