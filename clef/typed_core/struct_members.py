"""Members that change the struct they are called on.

Comes in: calls of members of structs. Goes out: functions that give back the changed struct beside
their result, and calls that store it where it came from. Promises: what the place consists of (an
array, an index, an object) is evaluated once; a struct that is no place is copied, and the copy is
forgotten, as in F#.
"""

from __future__ import annotations

from clef.inference import typed_tree as t
from clef.typed_core import well_known
from clef.typed_core.builder import Block
from clef.typed_core.core import Expression, Local, MonoType
from clef.typed_core.lowerer import Lowerer
from clef.typed_core.matching import bind_parameters
from clef.typed_core.places import byref_read, settled, write_place
from clef.typed_core.specialiser import Instance
from clef.typed_core.struct_changes import split


def bind_changing(
    lowerer: Lowerer, pattern: t.Pattern, type: MonoType, value: Expression, block: Block
) -> None:
    """`this` as a place of its own that starts as `value`."""
    if not isinstance(pattern, t.VariablePattern):
        return
    lowerer.bind_mutable(pattern.local, type, value, block)
    lowerer.changing = pattern.local


def lower_changing(lowerer: Lowerer, instance: Instance) -> tuple[list[Local], Expression]:
    """Parameters and body."""
    builder = lowerer.builder
    unit = lowerer.specialiser.unit
    pattern, *patterns = instance.code.parameters
    locals = [builder.local(item) for item in instance.parameters]
    block = Block()
    bind_changing(lowerer, pattern, locals[0].type, builder.variable(locals[0]), block)
    result = bind_parameters(lowerer, patterns, locals[1:], instance.code.body, block, False)
    assert isinstance(pattern, t.VariablePattern)
    if instance.result is locals[0].type and result.type is unit:
        builder.effect(block, result)
        return locals, builder.finish(block, lowerer.read(pattern.local, block))
    first = builder.bind(block, result)
    object = builder.bind(block, lowerer.read(pattern.local, block))
    return locals, builder.finish(block, builder.construct(instance.result, [first, object]))


# Their calls ----------------------------------------------------------------------------------


def call_changing(
    lowerer: Lowerer,
    instance: Instance,
    node: t.MethodCall | t.VirtualCall,
    type: MonoType,
    block: Block,
) -> Expression:
    """Call such a member and store the struct."""
    assert node.object is not None
    specialiser, builder = lowerer.specialiser, lowerer.builder
    specialiser.request(instance)
    place = settled(lowerer, node.object, block)
    rest = lowerer.values(node.arguments, block)
    object = lowerer.value(place if place is not None else node.object, block)
    if object.type.symbol == well_known.POINTER:
        object = builder.bind(block, byref_read(lowerer, object))
    unit = specialiser.unit
    if len(rest) == len(instance.parameters) - 2 and instance.parameters[-1] is unit:
        rest = [*rest, builder.unit()]
    result, changed = split(builder, instance, [object, *rest], block)
    if place is not None:
        builder.effect(block, write_place(lowerer, place, changed, block))
    return result
