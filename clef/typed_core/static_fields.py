"""Static fields of types.

Comes in: reads and writes of `static let` and `static val`. Goes out: reads and writes of globals.
Promises: a generic type has one for each instantiation.
"""

from __future__ import annotations

from clef.inference import typed_tree as t
from clef.inference.types import NamedType
from clef.inference.well_known import INT
from clef.typed_core import well_known
from clef.typed_core.application import known_instance, reference
from clef.typed_core.builder import Block
from clef.typed_core.core import Expression
from clef.typed_core.lowerer import Lowerer
from clef.typed_core.specialiser import Instance


def lower_static_get(lowerer: Lowerer, node: t.Expression, block: Block, tail: bool) -> Expression:
    """`T.field`."""
    assert isinstance(node, t.StaticFieldGet)
    found = _static(lowerer, node.symbol, node.owner, node)
    if found is None:
        type = lowerer.mono(node.type)
        return lowerer.builder.primitive("zero", [], type, (type,))
    if found.parameters:  # a written lambda is a function, not a value
        return reference(lowerer, known_instance(lowerer, found), lowerer.mono(node.type), block)
    if found.definition.starts_at is not None:
        _demand_started(lowerer, node, *found.definition.starts_at, block)
    storage = lowerer.specialiser.global_value(found)
    read = lowerer.builder.global_read(storage.symbol, storage.type)
    return lowerer.builder.bind(block, read)


def _demand_started(
    lowerer: Lowerer, node: t.StaticFieldGet, level: str, least: int, block: Block
) -> None:
    """The start of a type must have come as far as this field when it is read."""
    builder, specialiser = lowerer.builder, lowerer.specialiser
    whole = lowerer.value(t.StaticFieldGet(INT, node.span, node.owner, level), block)
    operands = [whole, builder.int32(least)]
    symbol = well_known.CHECK_STATIC_INIT
    builder.effect(block, specialiser.call_library(builder, symbol, operands, specialiser.unit))


def lower_static_set(lowerer: Lowerer, node: t.Expression, block: Block, tail: bool) -> Expression:
    """`T.field <- value`."""
    assert isinstance(node, t.StaticFieldSet)
    value = lowerer.value(node.value, block)
    found = _static(lowerer, node.symbol, node.owner, node)
    if found is None:
        return lowerer.builder.unit()
    storage = lowerer.specialiser.global_value(found)
    return lowerer.builder.global_write(storage.symbol, value)


def _static(lowerer: Lowerer, symbol: str, owner: NamedType, node: t.Expression) -> Instance | None:
    found = lowerer.specialiser.instance(symbol, lowerer.mono(owner).arguments, node.span)
    if found is None or found.parameters or not lowerer.grows:
        return found
    if lowerer.specialiser.growth.positions(found.definition.type_parameters):
        # There would be one for all types, not one for each.
        what = "a static field of a type that grows without end"
        lowerer.unsupported(what, "put it into a type without type parameters", node)
    return found
