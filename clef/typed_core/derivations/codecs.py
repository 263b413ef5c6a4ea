"""What JSON has for one type: what `JsonSerializer` asks.

Comes in: a `Subject`. Goes out: code that makes the type's `JsonCodec`. Promises: numbers, texts
and collections have one; what has none is an object with its properties.
"""

from __future__ import annotations

from collections.abc import Sequence

from clef.typed_core import well_known_json
from clef.typed_core.builder import Block
from clef.typed_core.core import Atom, Expression, Local, MonoType
from clef.typed_core.enumerators import element_of_seq
from clef.typed_core.lowerer import Lowerer
from clef.typed_core.specialiser import Subject


def codec(
    lowerer: Lowerer, subject: Subject, locals: Sequence[Local], block: Block
) -> Expression | None:
    """The codec of a type; of collections of the user one that only writes. Others of the library
    are looked into without it, if an object turns out to be one."""
    if subject.is_definition or subject.case >= 0 or _is_own(subject.type):
        return None
    found = well_known_json.JSON_CODECS.get(subject.type.symbol)
    if found is not None and subject.type.form == "named":
        return _made(lowerer, found, subject.type.arguments)
    definition = lowerer.specialiser.shapes.definition_of(subject.type)
    if definition is None or definition.span.in_library:
        return None
    for candidate in lowerer.specialiser.shapes.of(subject.type).ancestors:
        if candidate.symbol in well_known_json.DICTIONARIES:
            return _made(lowerer, well_known_json.JSON_ENTRIES, candidate.arguments)
    element = element_of_seq(lowerer, subject.type)
    return None if element is None else _made(lowerer, well_known_json.JSON_ITEMS, (element,))


def _is_own(type: MonoType) -> bool:
    """What only the library's own code for JSON holds: its tree, its options and the like."""
    is_known = type.symbol in well_known_json.JSON_CODECS
    is_ours = type.symbol.startswith(well_known_json.JSON_NAMESPACE) and not is_known
    return is_ours or any(_is_own(one) for one in type.arguments)


def _made(lowerer: Lowerer, symbol: str, arguments: Sequence[MonoType]) -> Expression:
    unit: list[Atom] = [lowerer.builder.unit()]
    result = lowerer.specialiser.mono.plain(well_known_json.JSON_CODEC)
    return lowerer.call_symbol(symbol, unit, result, arguments)
