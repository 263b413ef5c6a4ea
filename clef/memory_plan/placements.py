"""Whether the plan keeps what `[<Memory>]`, `[<Align>]` and `[<CacheLineAligned>]` ask for.

Comes in: a program, its graph and its finished plan. Goes out: a diagnostic for whatever is not
kept, with the reason. Promises: what is not reported is so.
"""

from __future__ import annotations

from collections.abc import Iterator

from clef.diagnostics.memory import PlacementNotKept
from clef.memory_plan.fresh_values import nodes
from clef.memory_plan.layouts import word_size
from clef.memory_plan.plan import ARRAY_START, Layout, Plan
from clef.semantic_graph import Graph, possible_targets
from clef.typed_core.core import (
    Construct,
    GlobalWrite,
    Let,
    Literal,
    MakeClosure,
    MonoType,
    Placement,
    Program,
    TypeShape,
)
from clef.typed_core.shapes import display

PLACES = ("stack", "arena", "heap", "static")
CELL_ALIGNMENT = 16


def check_placements(program: Program, graph: Graph, plan: Plan) -> list[PlacementNotKept]:
    """All findings: types, then functions and values."""
    placed = [shape for shape in program.shapes.values() if shape.placement is not None]
    if not placed and not program.placements:
        return []
    found: dict[tuple[object, ...], PlacementNotKept] = {}
    for shape in placed:
        assert shape.placement is not None
        for reason in _of_type(program, graph, plan, shape, shape.placement):
            _note(found, display(shape.type), shape.placement, reason)
    for name, placement in program.placements.items():
        shown = name.rpartition(".")[2]
        if name in program.functions:
            shown = program.functions[name].display_name
        for reason in _of_name(program, graph, plan, name, placement):
            _note(found, shown, placement, reason)
    return list(found.values())


def _note(
    found: dict[tuple[object, ...], PlacementNotKept], shown: str, asked: Placement, reason: str
) -> None:
    found.setdefault((asked.span, reason), PlacementNotKept(asked.span, shown, reason))


def _wrong(asked: Placement) -> Iterator[str]:
    """What no definition can ask for."""
    if asked.place and asked.place not in PLACES:
        yield f"there is no place `{asked.place}`; places are {', '.join(PLACES)}"
    if asked.alignment and (asked.alignment < 0 or asked.alignment & (asked.alignment - 1)):
        yield "an alignment is a power of two"


# Types --------------------------------------------------------------------------------------------


def _of_type(
    program: Program, graph: Graph, plan: Plan, shape: TypeShape, asked: Placement
) -> Iterator[str]:
    layout = plan.layouts.get(shape.type)
    if layout is None:
        return
    yield from _wrong(asked)
    is_cell = layout.form == "counted"
    if asked.place == "stack" and is_cell:
        yield f"its values are cells on the heap: {_why_cell(shape)}"
    if asked.place == "heap" and not is_cell:
        why = "it is a struct" if shape.is_value else "it fits into one word"
        yield f"its values are not cells on the heap: {why}"
    if asked.place == "static":
        yield "values of a type are made while the program runs; put it on a module's value"
    if asked.place == "arena":
        yield from _outside_arenas(program, graph, shape.type)
    if asked.alignment > 0:
        yield from _alignment(program, plan, shape, layout, asked.alignment)


def _why_cell(shape: TypeShape) -> str:
    if shape.kind not in ("record", "union"):
        return "objects have an identity"
    if any(field.is_mutable for field in shape.fields):
        return "it has a mutable field"
    return "it contains itself, may be null, or is told apart by reference"


def _alignment(
    program: Program, plan: Plan, shape: TypeShape, layout: Layout, wanted: int
) -> Iterator[str]:
    if layout.form == "counted":
        if wanted > CELL_ALIGNMENT:
            yield f"cells on the heap are aligned to {CELL_ALIGNMENT} bytes"
        return
    natural = max((word_size(plan.facts, word.type) for word in layout.words), default=1)
    for type, other in plan.layouts.items():
        if other.element is shape.type and wanted > ARRAY_START:
            yield f"elements of arrays are aligned to {ARRAY_START} bytes at most"
            break
        parts = [part for case in other.field_types for part in case]
        if shape.type in parts and wanted > natural:
            yield f"as a part of `{display(type)}` it is packed with the other parts"
            break


def _outside_arenas(program: Program, graph: Graph, type: MonoType) -> Iterator[str]:
    for name, path in _entered_outside(program, graph).items():
        for node in nodes(program.functions[name].body):
            if isinstance(node, Construct) and node.type is type and node.arguments:
                yield f"it is made outside of any arena, in {path}"
                return


def _entered_outside(program: Program, graph: Graph) -> dict[str, str]:
    """The functions that can be entered without an arena around, from the program's beginning or
    from C, with the name of each."""
    found = {program.entry: "the program"}
    for facts in graph.facts.values():
        if "function_pointer" in facts.primitives:
            found.update((name, f"`{name}`, which C may call") for name, _ in facts.closures)
    work = list(found)
    while work:
        name = work.pop()
        facts = graph.facts[name]
        if "heap_enter" in facts.primitives:
            continue
        targets = [call.target for call in facts.calls]
        for call in facts.closure_calls:
            targets += possible_targets(graph, call)
        for target in targets:
            dispatcher = program.dispatchers.get(target)
            for one in [n for _, n in dispatcher.targets] if dispatcher else [target]:
                if one in program.functions and one not in found:
                    found[one] = f"`{program.functions[one].display_name}`"
                    work.append(one)
    return found


# Functions and values of modules ------------------------------------------------------------------


def _of_name(
    program: Program, graph: Graph, plan: Plan, name: str, asked: Placement
) -> Iterator[str]:
    yield from _wrong(asked)
    if name in program.functions:
        if asked.place == "arena":
            if name in _entered_outside(program, graph):
                yield "it can be called outside of any arena"
        elif asked.place or asked.alignment:
            yield "only `arena` means something for a function; put it on a type or a value"
        return
    variable = program.globals[name]
    layout = plan.layouts[variable.type]
    if asked.place == "static" and layout.is_counted and not _is_constant(program, name):
        yield f"a `{display(variable.type)}` is a cell that is made when the program starts"
    if asked.place == "heap" and not layout.is_counted:
        yield f"a `{display(variable.type)}` needs no cell; it lies in static memory"
    if asked.place in ("stack", "arena"):
        yield "a module's value lasts as long as the program"
    if asked.alignment > 0 and layout.is_counted:
        yield "only a reference lies there; put the alignment on the type"
    elif asked.alignment > 0 and len(layout.words) > 1:
        yield "its words are kept apart from each other"


def _is_constant(program: Program, name: str) -> bool:
    """Whether a value is laid down when the program is compiled: a text, or a function that
    remembers nothing.
    """
    initialiser = program.functions.get(f"{name}$initialise")
    if initialiser is None:
        return False
    static = {
        node.local.id
        for node in nodes(initialiser.body)
        if isinstance(node, Let) and isinstance(node.value, MakeClosure) and not node.value.captures
    }
    writes = [node for node in nodes(initialiser.body) if isinstance(node, GlobalWrite)]
    return bool(writes) and all(
        isinstance(node.value, Literal) or node.value.local.id in static for node in writes
    )
