"""How large values of a type are, in memory and on the wire.

Comes in: a type that a project declares, without parameters. Goes out: sentences for lenses and
hovers. Promises: memory is that of the layout which the memory plan chooses on a machine of 64
bits, in programs that do not tell values of the type apart by reference.
"""

from __future__ import annotations

from clef.inference.signatures import Signatures, TypeSignature
from clef.inference.types import NamedType
from clef.language_server.wire_size import CannotBeSent, Size, counted, wire_size
from clef.memory_plan.layouts import LayoutState, cell_shape, layout_of
from clef.memory_plan.plan import TargetFacts
from clef.memory_plan.recursive_types import find_recursive
from clef.typed_core.core import MonoType, TypeTable
from clef.typed_core.growth import Growth
from clef.typed_core.monomorphic import MonoTypes
from clef.typed_core.program import TypedProgram
from clef.typed_core.shapes import Shapes

NOT_SENT = "not for the wire:"


def memory_size(program: TypedProgram, symbol: str) -> str:
    """`16 bytes`, or `a reference to a cell of 40 bytes`."""
    mono = MonoTypes(TypeTable(), Growth())
    shapes = Shapes(program, mono)
    type = mono.of(NamedType(symbol), {})
    _reach(shapes, type)
    state = LayoutState(TargetFacts(), shapes.shapes, {})
    find_recursive(state)
    layout = layout_of(state, type)
    if layout.form not in ("counted", "nullable"):
        return counted(layout.memory.size)
    cells = [cell_shape(state, parts).size for parts in layout.field_types if parts]
    if layout.form == "nullable" or not cells:
        return f"a reference ({counted(layout.memory.size)})"
    return f"a reference to a cell of {Size(min(cells), max(cells)).text()}"


def _reach(shapes: Shapes, start: MonoType) -> None:
    """Make the shapes of all that a value holds."""
    work, seen = [start], set[MonoType]()
    while work:
        type = work.pop()
        if type in seen:
            continue
        seen.add(type)
        shape = shapes.of(type)
        work += type.arguments
        work += [field.type for field in shape.fields]
        work += [field.type for case in shape.cases for field in case.fields]
        work += [shape.element] if shape.element is not None else []


def type_facts(program: TypedProgram, signatures: Signatures, symbol: str) -> list[str]:
    """What there is to say of a type of data: its size on the wire and in memory."""
    signature = signatures.types.get(symbol)
    if signature is None or signature.parameters or not _is_data(signature):
        return []
    try:
        wire = f"on the wire {wire_size(signatures, signature.self_type()).text()}"
    except CannotBeSent as reason:
        wire = f"{NOT_SENT} {reason}"
    return [wire, f"in memory {memory_size(program, symbol)}"]


def _is_data(signature: TypeSignature) -> bool:
    is_struct = signature.kind == "struct" and bool(signature.fields)
    return signature.kind in ("record", "union", "enum") or is_struct
