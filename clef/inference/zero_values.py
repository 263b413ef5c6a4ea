"""Which types have a value that is all zero.

Comes in: the type of a struct that is made without a constructor. Goes out: the first part that
cannot be zero: a list, record, union, tuple or function is never null (F# FS0688). Promises: types
of the library, and those that are not known yet, are taken to have one.
"""

from __future__ import annotations

from clef.inference.constraints import satisfies
from clef.inference.state import Checker
from clef.inference.subtyping import is_value_type, mapping_of
from clef.inference.types import (
    AnonymousRecordType,
    FunctionType,
    NamedType,
    ParameterType,
    TupleType,
    Type,
)
from clef.inference.unification import prune, substitute
from clef.source import in_library

_ZEROES = frozenset({"struct", "null", "unmanaged", "enum"})


def part_without_zero(c: Checker, type: Type) -> Type | None:
    """What cannot be zero in a value of this type."""
    type = prune(type)
    if isinstance(type, FunctionType):
        return type
    if isinstance(type, TupleType):
        return _first(c, type.items) if type.is_struct else type
    if isinstance(type, AnonymousRecordType):
        return _first(c, type.types) if type.is_struct else type
    if isinstance(type, ParameterType):
        kinds = {one.kind for one in type.parameter.constraints}
        return None if kinds & _ZEROES else type
    if not isinstance(type, NamedType):
        return None
    if is_value_type(c, type):
        return _first(c, _fields(c, type))
    return None if satisfies(c, type, "null") else type


def _fields(c: Checker, type: NamedType) -> tuple[Type, ...]:
    """The fields of a struct of the program."""
    signature = c.type_named(type.symbol)
    if signature is None or in_library(signature.span.path):
        return ()
    mapping = mapping_of(signature, type)
    fields = (field for field in signature.fields.values() if not field.is_static)
    return tuple(substitute(field.type, mapping) for field in fields)


def _first(c: Checker, types: tuple[Type, ...]) -> Type | None:
    found = (part_without_zero(c, type) for type in types)
    return next((part for part in found if part is not None), None)
