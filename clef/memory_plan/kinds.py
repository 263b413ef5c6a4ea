"""Kinds: one number for every shape of heap cell in the program.

Comes in: layouts, shapes, closures. Goes out: `Plan.kinds`, cells of layouts, closures and partial
applications, and the subtypes that a type test covers. Promises: a union's cases have consecutive
numbers; function values of one arity have consecutive numbers; number 0 is no cell. With a registry
(`registry.py`) the numbers are those that earlier programs got.
"""

from __future__ import annotations

from clef.data_classes import dataclass, field
from clef.memory_plan.cycles import Thing
from clef.memory_plan.layouts import (
    CellShape,
    LayoutState,
    cell_shape,
    inherited_counts,
    layout_of,
)
from clef.memory_plan.plan import (
    CODE_OFFSET,
    Cell,
    Closure,
    Kind,
    Layout,
    Partial,
    Plan,
)
from clef.memory_plan.registry import Registry, arity_range
from clef.semantic_graph import Graph
from clef.typed_core.core import MonoType, Program, TypeShape

Tracing = tuple[tuple[int, ...], tuple[int, ...]]


@dataclass(slots=True)
class _KindState:
    plan: Plan
    layouts: LayoutState
    program: Program
    called: set[str]  # functions that are called by name
    registry: Registry | None
    shapes: dict[tuple[object, ...], int] = field(default_factory=dict[tuple[object, ...], int])


def assign_kinds(
    plan: Plan,
    layouts: LayoutState,
    program: Program,
    graph: Graph,
    registry: Registry | None = None,
) -> None:
    """Number everything."""
    called = {call.target for facts in graph.facts.values() for call in facts.calls}
    for dispatcher in program.dispatchers.values():
        called.update(name for _, name in dispatcher.targets)
    state = _KindState(plan, layouts, program, called, registry)
    plan.kinds[0] = Kind(0, "", "cell", 0, ())
    for type, shape in program.shapes.items():
        _number_type(state, type, shape)
    closed = _close_arities(state, graph)
    for arity in sorted(closed):
        first = len(plan.kinds)
        _number_closures(state, closed[arity])
        whole = (first, len(plan.kinds)) if registry is None else arity_range(arity)
        plan.arity_ranges[arity] = whole
    if registry is not None:
        registry.kinds.update(plan.kinds)
        plan.kinds.update(sorted(registry.kinds.items()))
    _find_subtypes(state)


def _add(
    state: _KindState,
    purpose: tuple[object, ...],
    name: str,
    form: str,
    size: int,
    counted: tuple[int, ...],
    arity: int | None = None,
    tracing: Tracing = ((), ()),
) -> int:
    if state.registry is None:
        number = len(state.plan.kinds)
    else:
        zone = 0 if arity is None else max(arity, 1)
        number = state.registry.number(purpose, (form, size, counted), zone)
    state.plan.kinds[number] = Kind(number, name, form, size, counted, arity or 0, *tracing)
    return number


def _name(type: MonoType, shape: TypeShape | None) -> str:
    return shape.display_name if shape is not None and shape.display_name else str(type)


def _number_type(state: _KindState, type: MonoType, shape: TypeShape) -> None:
    layout = layout_of(state.layouts, type)
    name = _name(type, shape)
    if layout.form != "counted" or layout.null_case >= 0 or type.form == "function":
        _number_box(state, layout, name)
    if layout.form != "counted" or shape.kind == "interface" or type.form == "function":
        return
    if shape.kind == "union":
        for index, case in enumerate(shape.cases):
            if index != layout.null_case:
                _number_cell(state, layout, index, f"{name}.{case.name}")
    elif shape.kind == "builtin" and shape.builtin == "array":
        assert layout.element is not None
        element = layout_of(state.layouts, layout.element)
        placed = list(zip(element.words, element.memory.offsets, strict=True))
        counted = tuple(offset for word, offset in placed if word.counted)
        leading = tuple(offset for word, offset in placed if word.traced)
        tracing = _tracing(state, type, leading)
        purpose, size = (type, "array"), element.memory.size
        layout.kind = _add(state, purpose, name, "array", size, counted, tracing=tracing)
    elif shape.kind == "builtin" and shape.builtin == "string":
        layout.kind = _add(state, (type, "string"), name, "string", 1, ())
    else:
        _number_cell(state, layout, -1, name)


def _number_cell(state: _KindState, layout: Layout, case: int, name: str) -> None:
    parts = layout.field_types[max(case, 0)] if layout.field_types else ()
    inherited = inherited_counts(state.layouts, layout.type)
    shape = cell_shape(state.layouts, parts, inherited=inherited)
    kind = _add_cell(state, (layout.type, case), layout.type, name, shape)
    layout.cells[case] = Cell(kind, shape.size, shape.fields)


def _add_cell(
    state: _KindState, purpose: tuple[object, ...], thing: Thing, name: str, shape: CellShape
) -> int:
    tracing = _tracing(state, thing, shape.traced)
    return _add(state, purpose, name, "cell", shape.size, shape.counted, tracing=tracing)


def _tracing(state: _KindState, thing: Thing, leading: tuple[int, ...]) -> Tracing:
    """A kind's `leading` and `traced`."""
    return leading, leading if thing in state.layouts.cycles.things else ()


def _number_box(state: _KindState, layout: Layout, name: str) -> None:
    """The cell that holds an unboxed value (or one that may be null) as an object."""
    if layout.form in ("unit", "pointer"):
        return
    shape = cell_shape(state.layouts, (layout.type,))
    kind = _add_cell(state, (layout.type, "box"), layout.type, name, shape)
    layout.box = Cell(kind, shape.size, shape.fields)


# Function values ----------------------------------------------------------------------------------


def _close_arities(state: _KindState, graph: Graph) -> dict[int, list[Partial | str]]:
    """For every function type the arities of its values, closed under partial application; what to
    number by arity.
    """
    plan = state.plan
    by_arity: dict[int, list[Partial | str]] = {}
    calls: dict[MonoType, set[int]] = {}
    for facts in graph.facts.values():
        for name, type in facts.closures:
            function = state.program.functions[name]
            arity = len(function.parameters) - function.capture_count
            plan.arities.setdefault(type, set()).add(arity)
            if name not in plan.closures:
                plan.closures[name] = Closure(name, arity, Cell(0, 0, ()), False, False)
                by_arity.setdefault(arity, []).append(name)
        for call in facts.closure_calls:
            calls.setdefault(call.type, set()).add(call.count)
    work = [(type, count) for type, counts in calls.items() for count in counts]
    done: set[tuple[MonoType, int, int]] = set()
    changed = True
    while changed:
        changed = False
        for type, count in list(work):
            for arity in sorted(plan.arities.get(type, ())):
                if (type, count, arity) not in done:
                    done.add((type, count, arity))
                    changed = True
                    work += _apply(state, type, count, arity, by_arity)
    return by_arity


def _apply(
    state: _KindState,
    type: MonoType,
    count: int,
    arity: int,
    by_arity: dict[int, list[Partial | str]],
) -> list[tuple[MonoType, int]]:
    """What happens when a value of this arity gets `count` arguments: further calls, if any."""
    at = type
    for _ in range(min(count, arity)):
        at = at.arguments[1]
    if arity < count:
        return [(at, count - arity)]
    if arity > count:
        state.plan.arities.setdefault(at, set()).add(arity - count)
        partial = Partial(type, count, arity, Cell(0, 0, ()))
        state.plan.partials[type, count, arity] = partial
        by_arity.setdefault(arity - count, []).append(partial)
    return []


def _number_closures(state: _KindState, values: list[Partial | str]) -> None:
    for value in values:
        if isinstance(value, Partial):
            key = (value.type, value.count, value.arity)
            parts = _argument_types(value.type, value.count)
            held = (value.type, value.count)
            cell = _closure_cell(state, held, [value.type, *parts], value.arity - value.count)
            state.plan.partials[key] = Partial(value.type, value.count, value.arity, cell)
        else:
            function = state.program.functions[value]
            arity = len(function.parameters) - function.capture_count
            parts = [local.type for local in function.parameters[: function.capture_count]]
            cell = _closure_cell(state, value, parts, arity)
            is_static = not any(cell.fields)
            in_environment = not is_static and value not in state.called
            state.plan.closures[value] = Closure(value, arity, cell, is_static, in_environment)


def _argument_types(type: MonoType, count: int) -> list[MonoType]:
    parts: list[MonoType] = []
    for _ in range(count):
        parts.append(type.arguments[0])
        type = type.arguments[1]
    return parts


def _closure_cell(state: _KindState, thing: Thing, parts: list[MonoType], arity: int) -> Cell:
    """Cells of the same size, references and arity share a number."""
    start = CODE_OFFSET + state.plan.facts.pointer_bytes
    shape = cell_shape(state.layouts, parts, start)
    tracing = _tracing(state, thing, shape.traced)
    key = (arity, shape.size, shape.counted, tracing)
    number = state.shapes.get(key)
    if number is None:
        name = f"function/{arity}"
        number = state.shapes[key] = _add(
            state, key, name, "cell", shape.size, shape.counted, arity, tracing
        )
    return Cell(number, shape.size, shape.fields)


# Type tests ---------------------------------------------------------------------------------------


def cell_kinds(layout: Layout) -> tuple[int, ...]:
    """The kinds of the objects whose type is exactly this one."""
    if layout.box is not None:
        return (layout.box.kind,)
    if layout.kind:
        return (layout.kind,)
    return tuple(cell.kind for _, cell in sorted(layout.cells.items()))


def _find_subtypes(state: _KindState) -> None:
    below: dict[MonoType, list[MonoType]] = {}
    for type, shape in state.program.shapes.items():
        below.setdefault(type, []).append(type)
        for ancestor in shape.ancestors:
            below.setdefault(ancestor, []).append(type)
    for type in state.program.shapes:
        state.plan.kinds_of[type] = cell_kinds(layout_of(state.layouts, type))
    for type, types in below.items():
        state.plan.subtypes[type] = tuple(dict.fromkeys(types))
