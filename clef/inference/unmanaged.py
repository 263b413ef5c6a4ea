"""Which types are plain memory: no reference in them, so that raw pointers may point at them.

Comes in: a type. Goes out: whether it is unmanaged, as F# defines it: numbers, enums, pointers, and
structs that are made of such. Promises: open parts get the constraint.
"""

from __future__ import annotations

from collections.abc import Callable

from clef.inference.signatures import TypeSignature
from clef.inference.state import Checker
from clef.inference.subtyping import is_value_type, mapping_of
from clef.inference.types import (
    AnonymousRecordType,
    Constraint,
    Measure,
    NamedType,
    ParameterType,
    TupleType,
    Type,
    TypeVariable,
)
from clef.inference.unification import prune, substitute

_DEEPEST = 40

Ask = Callable[[Type, Constraint], bool]


def is_unmanaged(c: Checker, type: Type, ask: Ask, depth: int = 0) -> bool:
    """Whether no value of the type holds a reference; `ask` is for types that are still open."""
    type = prune(type)
    if isinstance(type, (TypeVariable, ParameterType)):
        return ask(type, Constraint("unmanaged"))
    if isinstance(type, Measure):
        return True
    if depth > _DEEPEST:
        return False
    if isinstance(type, TupleType):
        return type.is_struct and all(is_unmanaged(c, one, ask, depth + 1) for one in type.items)
    if isinstance(type, AnonymousRecordType):
        return type.is_struct and all(is_unmanaged(c, one, ask, depth + 1) for one in type.types)
    if not isinstance(type, NamedType) or not is_value_type(c, type):
        return False
    signature = c.type_named(type.symbol)
    if signature is None or signature.kind in ("enum", "builtin"):
        return signature is None or signature.builtin != "byref"
    mapping = mapping_of(signature, type)
    return all(
        is_unmanaged(c, substitute(one, mapping), ask, depth + 1) for one in _parts(signature)
    )


def _parts(signature: TypeSignature) -> list[Type]:
    parts = [one.type for one in signature.fields.values() if not one.is_static]
    parts += [one.type for case in signature.cases.values() for one in case.fields]
    return parts
