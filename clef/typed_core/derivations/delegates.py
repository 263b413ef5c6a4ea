"""What can be done with delegates of which only the type of `obj` is known.

Comes in: the type of an object, as a dispatcher finds it. Goes out: a call of the library that
makes the operations for exactly this type of delegates, or null. Promises: types that are no
delegates, and delegates whose arguments the library has no code for, give null.
"""

from __future__ import annotations

from clef.inference.types import FunctionType
from clef.typed_core import well_known
from clef.typed_core.core import Expression, MonoType
from clef.typed_core.lowerer import Lowerer

_MOST = 4
"""Arguments that the library has code for."""
_ADDRESSES = frozenset((well_known.BYREF, well_known.POINTER))


def delegate_code(lowerer: Lowerer, type: MonoType) -> Expression:
    """An object with the operations, or null."""
    builder, object = lowerer.builder, lowerer.specialiser.object
    parts = _invoked(lowerer, type)
    if not parts or len(parts) > _MOST + 1 or any(one.symbol in _ADDRESSES for one in parts):
        return builder.primitive("null", [], object, (object,))
    symbol = f"{well_known.DELEGATE_CODES}{len(parts) - 1}"
    return lowerer.call_symbol(symbol, [builder.unit()], object, [type, *parts])


def _invoked(lowerer: Lowerer, type: MonoType) -> list[MonoType]:
    """What Invoke takes and, last, gives; nothing for what is no delegate."""
    specialiser = lowerer.specialiser
    element = specialiser.shapes.of(type).element
    definition = specialiser.shapes.definition_of(type) if type.form == "named" else None
    if definition is None or definition.kind != "delegate" or element is None:
        return []
    parts: list[MonoType] = []
    underlying = definition.underlying
    while isinstance(underlying, FunctionType) and element.form == "function":
        parts.append(element.arguments[0])
        element, underlying = element.arguments[1], underlying.result
    if parts == [specialiser.unit]:
        parts = []
    return [*parts, element]
