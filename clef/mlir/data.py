"""Records, union cases, tuples, objects and globals.

Comes in: nodes and the words of their operands. Goes out: words of results. Promises: values are
laid out as the plan says; boxed values get a header of count 1 and their kind.
"""

from __future__ import annotations

from clef.memory_plan import Layout, Word
from clef.memory_plan.plan import HEADER_SIZE, POINTER, Cell
from clef.mlir.circles import made
from clef.mlir.functions import (
    FunctionState,
    address,
    constant,
    load_words,
    null,
    offset,
    op,
    store,
    store_words,
    zero,
)
from clef.mlir.heap import allocate_bytes
from clef.mlir.literals import empty_case
from clef.mlir.module import declare, symbol
from clef.mlir.ownership import drop
from clef.mlir.tokens import block_of, reused
from clef.typed_core.core import Construct, GlobalRead, GlobalWrite, Project, SetField

Words = list[str]


def new_cell(state: FunctionState, kind: int, size: int, token: int | None = None) -> str:
    """A fresh cell: count 1, the kind; the fields are not set. Its block is the one that the token
    holds, if there is one.
    """

    def fresh() -> str:
        made(state, kind)
        return allocate_bytes(state, size)

    cell = fresh() if token is None else block_of(state, token, fresh)
    store_header(state, cell, kind)
    return cell


def store_header(state: FunctionState, cell: str, kind: int) -> None:
    """Count 1 and the kind, in one store."""
    store(state, constant(state, kind << 32 | 1, "i64"), cell, "i64")


def fill(
    state: FunctionState, base: str, layout: Layout, case: int, cell: Cell, values: list[Words]
) -> None:
    """Write the fields of a cell."""
    types = layout.field_types[max(case, 0)]
    for type, offsets, words in zip(types, cell.fields, values, strict=True):
        shape = state.module.layout(type).words
        store_words(state, words, base, shape, offsets, "field")


def construct(state: FunctionState, node: Construct, values: list[Words]) -> Words:
    """A new value."""
    layout = state.module.layout(node.type)
    flat = [word for words in values for word in words]
    match layout.form:
        case "unit":
            return []
        case "aggregate":
            return flat or [zero(state, word.type) for word in layout.words]
        case "enumeration":
            return [constant(state, node.case, layout.words[0].type)]
        case "nullable":
            return flat or [null(state)]
        case "variant":
            return _variant(state, layout, node.case, values)
        case _:
            return [_boxed(state, node, layout, values)]


def _variant(state: FunctionState, layout: Layout, case: int, values: list[Words]) -> Words:
    words = [zero(state, word.type) for word in layout.words]
    if layout.has_tag:
        words[0] = constant(state, case, layout.words[0].type)
    for (first, _), part in zip(layout.fields[case], values, strict=True):
        words[first : first + len(part)] = part
    return words


def _boxed(state: FunctionState, node: Construct, layout: Layout, values: list[Words]) -> str:
    case = node.case if node.case in layout.cells else -1
    if layout.null_case >= 0 and node.case == layout.null_case:
        return null(state)
    cell = layout.cells[case]
    if node.case >= 0 and case >= 0 and not layout.field_types[case]:
        return address(state, empty_case(state.module, cell.kind))
    result = new_cell(state, cell.kind, cell.size, reused(state, node))
    if values:
        fill(state, result, layout, case, cell, values)
    elif cell.size > HEADER_SIZE:
        _clear(state, result, cell.size)
    return result


def _clear(state: FunctionState, cell: str, size: int) -> None:
    start = offset(state, cell, HEADER_SIZE)
    word = state.module.word
    count = constant(state, size - HEADER_SIZE, word)
    state.lines.append(
        f'    "llvm.intr.memset"({start}, {constant(state, 0, "i8")}, {count}) '
        f"<{{isVolatile = false}}> : ({POINTER}, i8, {word}) -> (){state.location}"
    )


def project(state: FunctionState, node: Project, value: Words) -> Words:
    """A field."""
    layout = state.module.layout(node.owner)
    case = max(node.case, 0)
    given = state.module.layout(node.value.type)
    if given.form == "pointer" and layout.form != "counted":
        return _field_of_address(state, layout, case, node.index, value[0])
    if layout.form in ("aggregate", "variant", "nullable"):
        first, count = layout.fields[case][node.index]
        return value[first : first + count]
    words = state.module.layout(layout.field_types[case][node.index]).words
    return load_words(state, value[0], words, boxed_offsets(layout, node.case, node.index), "field")


def boxed_offsets(layout: Layout, case: int, index: int) -> tuple[int, ...]:
    """Where the words of a boxed field are."""
    cell = layout.cells.get(case) or layout.cells[-1]
    return cell.fields[index]


def _field_of_address(
    state: FunctionState, layout: Layout, case: int, index: int, base: str
) -> Words:
    first, count = layout.fields[case][index]
    offsets = layout.memory.offsets[first : first + count]
    return load_words(state, base, layout.words[first : first + count], offsets, "")


def set_field(state: FunctionState, node: SetField, target: Words, value: Words) -> Words:
    """Overwrite a mutable field; what was there is given up."""
    layout = state.module.layout(node.owner)
    words = state.module.layout(layout.field_types[max(node.case, 0)][node.index]).words
    group = "field"
    if layout.form == "counted":
        offsets = boxed_offsets(layout, node.case, node.index)
    else:
        first, count = layout.fields[0][node.index]
        offsets = layout.memory.offsets[first : first + count]
        group = ""
    is_counted = any(word.counted for word in words)
    old = load_words(state, target[0], words, offsets, group) if is_counted else []
    store_words(state, value, target[0], words, offsets, group)
    if is_counted:
        drop(state, old, words)
    return []


# Globals ------------------------------------------------------------------------------------------


def global_places(state: FunctionState, name: str) -> list[tuple[str, Word]]:
    """Where each word of a global is."""
    layout = state.module.layout(state.module.program.globals[name].type)
    places: list[tuple[str, Word]] = []
    placement = state.module.program.placements.get(name)
    asked = placement.alignment if placement is not None else 0
    aligned = f" {{alignment = {asked} : i64}}" if asked > 0 else ""
    for index, word in enumerate(layout.words):
        full = f"{name}#{index}"
        held = "i8" if word.type == "i1" else word.type
        if held == POINTER:
            body = f"    %0 = llvm.mlir.zero : {held}\n    llvm.return %0 : {held}"
            text = (
                f"  llvm.mlir.global internal {symbol(full)}(){aligned} : {held} {{\n{body}\n  }}"
            )
        else:
            start = "0.0" if held in ("f32", "f64") else "0"
            text = f"  llvm.mlir.global internal {symbol(full)}({start} : {held}){aligned} : {held}"
        name_symbol = declare(state.module, full, text)
        places.append((address(state, name_symbol), word))
    return places


def read_global(state: FunctionState, node: GlobalRead) -> Words:
    """The words of a global."""
    from clef.mlir.functions import load

    return [load(state, place, word.type) for place, word in global_places(state, node.symbol)]


def write_global(state: FunctionState, node: GlobalWrite, value: Words) -> Words:
    """Overwrite a global; what was there is given up."""
    from clef.mlir.functions import load

    places = global_places(state, node.symbol)
    layout = state.module.layout(state.module.program.globals[node.symbol].type)
    old = [load(state, place, word.type) for place, word in places] if layout.is_counted else []
    for item, (place, word) in zip(value, places, strict=True):
        store(state, item, place, word.type)
    if layout.is_counted:
        drop(state, old, layout.words)
    return []


# Boxes --------------------------------------------------------------------------------------------


def box(state: FunctionState, layout: Layout, value: Words) -> Words:
    """A value as an object."""
    if layout.form == "unit":
        return [null(state)]
    if layout.box is None:
        return value
    cell = new_cell(state, layout.box.kind, layout.box.size)
    store_words(state, value, cell, layout.words, layout.box.fields[0], "field")
    return [cell]


def unbox(state: FunctionState, layout: Layout, value: Words) -> Words:
    """The value in an object that is known to fit; it still belongs to the object."""
    if layout.form == "unit":
        return []
    if layout.box is None:
        return value
    return load_words(state, value[0], layout.words, layout.box.fields[0], "field")


def same(state: FunctionState, one: str, other: str) -> str:
    """Whether two references are the same."""
    return op(state, f'llvm.icmp "eq" {one}, {other} : {POINTER}')
