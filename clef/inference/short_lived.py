"""Types whose values nothing keeps: references, and structs that may hold some.

Comes in: a type. Goes out: whether it is `byref<'T>`, one of its relatives, or a struct marked
`[<IsByRefLike>]` such as `Span<'T>`. Promises: open types are none.
"""

from __future__ import annotations

from collections.abc import Iterator

from clef.inference.state import Checker
from clef.inference.types import AnonymousRecordType, FunctionType, NamedType, TupleType, Type
from clef.inference.unification import prune
from clef.inference.well_known import is_byref


def is_short_lived(c: Checker, type: Type) -> bool:
    """Whether values of the type are parameters, results and locals only."""
    type = prune(type)
    if not isinstance(type, NamedType):
        return False
    if is_byref(type):
        return True
    signature = c.type_named(type.symbol)
    return signature is not None and signature.is_byref_like


def holds_byref(type: Type) -> bool:
    """Whether a reference is the type, or somewhere in it."""
    return any(is_byref(part) for part in parts_of(type))


def parts_of(type: Type) -> Iterator[Type]:
    """A type and all that it is made of."""
    pending: list[Type] = [type]
    while pending:
        found = prune(pending.pop())
        yield found
        match found:
            case NamedType(arguments=arguments):
                pending += arguments
            case FunctionType(parameter, result):
                pending += [parameter, result]
            case TupleType(items=items):
                pending += items
            case AnonymousRecordType(types=types):
                pending += types
            case _:
                pass
