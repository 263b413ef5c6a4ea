"""Reading and writing through byrefs.

Comes in: a byref type (a union, see places.py). Goes out: the bodies of its reader and writer.
Promises: nothing but a switch on what the byref is.
"""

from __future__ import annotations

from clef.typed_core.builder import Block
from clef.typed_core.core import Atom, Expression, Local, MonoType
from clef.typed_core.lowerer import Lowerer


def _part(
    lowerer: Lowerer, type: MonoType, local: Local, case: int, index: int, block: Block
) -> Atom:
    field = lowerer.specialiser.shapes.of(type).cases[case].fields[index]
    value = lowerer.builder.variable(local)
    read = lowerer.builder.project(value, type, case, index, field.type)
    return lowerer.builder.bind(block, read)


def read(lowerer: Lowerer, type: MonoType, locals: list[Local], block: Block) -> Expression:
    """What the byref points to."""
    builder = lowerer.builder
    content = type.arguments[0]
    local = locals[0]
    cell_block, element_block, accessor_block = Block(), Block(), Block()
    cell = _part(lowerer, type, local, 0, 0, cell_block)
    of_cell = builder.project(cell, cell.type, -1, 0, content)
    operands = [_part(lowerer, type, local, 1, index, element_block) for index in range(2)]
    of_element = builder.primitive("array_get", operands, content, (content,))
    getter = _part(lowerer, type, local, 2, 0, accessor_block)
    of_accessor = builder.call_closure(getter, [builder.unit()], content)
    branches: list[tuple[int, Expression]] = [
        (0, builder.finish(cell_block, of_cell)),
        (1, builder.finish(element_block, of_element)),
        (2, builder.finish(accessor_block, of_accessor)),
    ]
    return builder.switch(builder.variable(local), "case", branches, None, content)


def write(lowerer: Lowerer, type: MonoType, locals: list[Local], block: Block) -> Expression:
    """Store the second parameter."""
    builder = lowerer.builder
    unit = builder.unit_type
    content = type.arguments[0]
    local, value = locals
    cell_block, element_block, accessor_block = Block(), Block(), Block()
    cell = _part(lowerer, type, local, 0, 0, cell_block)
    to_cell = builder.set_field(cell, cell.type, 0, builder.variable(value))
    operands = [_part(lowerer, type, local, 1, index, element_block) for index in range(2)]
    operands.append(builder.variable(value))
    to_element = builder.primitive("array_set", operands, unit, (content,))
    setter = _part(lowerer, type, local, 2, 1, accessor_block)
    to_accessor = builder.call_closure(setter, [builder.variable(value)], unit)
    branches: list[tuple[int, Expression]] = [
        (0, builder.finish(cell_block, to_cell)),
        (1, builder.finish(element_block, to_element)),
        (2, builder.finish(accessor_block, to_accessor)),
    ]
    return builder.switch(builder.variable(local), "case", branches, None, unit)
