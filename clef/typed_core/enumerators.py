"""The members of sequences and enumerators.

Comes in: operands. Goes out: calls of their interfaces' members.
"""

from __future__ import annotations

from clef.typed_core import well_known
from clef.typed_core.builder import Block
from clef.typed_core.core import Atom, Expression, MonoType
from clef.typed_core.dispatch import Slot
from clef.typed_core.lowerer import Lowerer
from clef.typed_core.objects import call_slot


def element_of_seq(lowerer: Lowerer, type: MonoType) -> MonoType | None:
    """'T of the first `seq<'T>` that the type implements."""
    for candidate in [type, *lowerer.specialiser.shapes.of(type).ancestors]:
        if candidate.form == "named" and candidate.symbol == well_known.SEQ:
            return candidate.arguments[0]
    return None


def get_enumerator(lowerer: Lowerer, source: Atom, element: MonoType, block: Block) -> Expression:
    table = lowerer.specialiser.table
    owner = table.named(well_known.SEQ, element)
    result = table.named(well_known.ENUMERATOR, element)
    slot = Slot(well_known.GET_ENUMERATOR, owner, ())
    return call_slot(lowerer, slot, lowerer.builder.again(source), [], result, block)


def _plain_slot(lowerer: Lowerer, owner: str, symbol: str) -> Slot:
    return Slot(symbol, lowerer.specialiser.mono.plain(owner), ())


def move_next(lowerer: Lowerer, enumerator: Atom, block: Block) -> Expression:
    slot = _plain_slot(lowerer, well_known.PLAIN_ENUMERATOR, well_known.MOVE_NEXT)
    receiver = lowerer.builder.again(enumerator)
    return call_slot(lowerer, slot, receiver, [], lowerer.builder.boolean_type, block)


def current(lowerer: Lowerer, enumerator: Atom, element: MonoType, block: Block) -> Expression:
    owner = lowerer.specialiser.table.named(well_known.ENUMERATOR, element)
    slot = Slot(well_known.CURRENT, owner, ())
    return call_slot(lowerer, slot, lowerer.builder.again(enumerator), [], element, block)


def dispose_enumerator(lowerer: Lowerer, enumerator: Atom, block: Block) -> Expression:
    slot = _plain_slot(lowerer, well_known.DISPOSABLE, well_known.DISPOSE)
    receiver = lowerer.builder.again(enumerator)
    return call_slot(lowerer, slot, receiver, [], lowerer.builder.unit_type, block)
