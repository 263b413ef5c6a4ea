"""Which arguments of a generic type decide whether it has equality or comparison.

Comes in: a type's signature and the ability. Goes out: the type parameters that must have it too
(F# specification §5.2.10). Promises: of records, unions and structs these are the parameters that
the contents show, found together for types that contain each other; a type with its own
equality or comparison says it with attributes.
"""

from __future__ import annotations

from collections.abc import Iterator

from clef.inference.signatures import TypeSignature
from clef.inference.state import Checker
from clef.inference.types import (
    AnonymousRecordType,
    NamedType,
    ParameterType,
    TupleType,
    Type,
    TypeParameter,
)
from clef.inference.unification import prune
from clef.inference.well_known import ARRAYS, LIST, OPTION

_STRUCTURAL = ("record", "union", "struct", "exception")
_Conditions = frozenset[TypeParameter]


def conditional_arguments(
    c: Checker, signature: TypeSignature, kind: str, type: NamedType
) -> tuple[Type, ...]:
    """The arguments of a type that need an ability so that the type has it."""
    deciding = _conditions(c, signature, kind)
    pairs = zip(signature.parameters, type.arguments, strict=False)
    return tuple(argument for parameter, argument in pairs if parameter in deciding)


def _conditions(c: Checker, signature: TypeSignature, kind: str) -> _Conditions:
    key = f"{kind} {signature.symbol}"
    known = c.conditions.get(key)
    if known is None:
        for symbol, found in _solve(c, signature, kind).items():
            c.conditions[f"{kind} {symbol}"] = found
        known = c.conditions[key]
    return known


def _solve(c: Checker, signature: TypeSignature, kind: str) -> dict[str, _Conditions]:
    """The least solution for a type and all types that its contents lead to."""
    table: dict[str, _Conditions] = {signature.symbol: frozenset()}
    reached = {signature.symbol: signature}
    is_changing = True
    while is_changing:
        is_changing = False
        for symbol, one in list(reached.items()):
            found = frozenset(p for p in one.parameters if kind in p.conditions)
            for type in _contents(one, kind):
                found |= frozenset(_shown(c, type, kind, table, reached))
            is_changing = is_changing or found != table[symbol] or len(reached) > len(table)
            table[symbol] = found
            for new in reached.keys() - table.keys():
                table[new] = frozenset()
    return table


def _contents(signature: TypeSignature, kind: str) -> Iterator[Type]:
    mode = signature.equality if kind == "equality" else signature.comparison
    if mode == "structural" and signature.kind in _STRUCTURAL:
        yield from (one.type for one in signature.fields.values() if not one.is_static)
        for case in signature.cases.values():
            yield from (one.type for one in case.fields)


def _shown(
    c: Checker,
    type: Type,
    kind: str,
    table: dict[str, _Conditions],
    reached: dict[str, TypeSignature],
) -> Iterator[TypeParameter]:
    """The parameters in a part of the contents on which its ability depends."""
    waiting = [type]
    while waiting:
        here = prune(waiting.pop())
        if isinstance(here, ParameterType):
            yield here.parameter
        elif isinstance(here, TupleType):
            waiting.extend(here.items)
        elif isinstance(here, AnonymousRecordType):
            waiting.extend(here.types)
        elif isinstance(here, NamedType) and (
            here.symbol in ARRAYS or here.symbol in (LIST, OPTION)
        ):
            waiting.extend(here.arguments)
        elif isinstance(here, NamedType):
            signature = c.type_named(here.symbol)
            if signature is not None:
                reached.setdefault(here.symbol, signature)
                deciding = table.get(here.symbol, frozenset())
                pairs = zip(signature.parameters, here.arguments, strict=False)
                waiting.extend(argument for parameter, argument in pairs if parameter in deciding)
