"""Static fields of which each thread has one: `[<ThreadStatic>] static val mutable`.

Comes in: fields and their uses. Goes out: a static field that holds the values of all threads
(`Clef.Runtime.ThreadValues`), and uses of the value that belongs to the thread that runs.
Promises: a value begins as the zero of its type, in every thread.
"""

from __future__ import annotations

from clef.inference import typed_tree as typed
from clef.inference.signatures import FieldSignature
from clef.inference.state import Checker
from clef.inference.types import NamedType, Type
from clef.inference.well_known import (
    MAKE_THREAD_VALUES,
    THREAD_VALUE,
    THREAD_VALUES,
    UNIT,
    VALUE_OF_THREAD,
)
from clef.source import Span

_VALUE = "Value"


def stored_type(field: FieldSignature, type: Type) -> Type:
    """The type of what the static field itself holds."""
    return NamedType(THREAD_VALUES, (type,)) if field.is_per_thread else type


def first_value(c: Checker, field: FieldSignature, span: Span) -> typed.Expression:
    """What the static field holds before anybody has written to it."""
    type = field.type
    if not field.is_per_thread:
        return typed.TypeName(type, span, "default", type)
    unit = typed.Literal(UNIT, span, None)
    return _call(c, MAKE_THREAD_VALUES, type, unit, stored_type(field, type), span)


def static_get(
    c: Checker, field: FieldSignature, type: Type, owner: NamedType, symbol: str, span: Span
) -> typed.Expression:
    """`T.field`."""
    whole = typed.StaticFieldGet(stored_type(field, type), span, owner, symbol)
    if not field.is_per_thread:
        return whole
    cell = NamedType(THREAD_VALUE, (type,))
    own = _call(c, VALUE_OF_THREAD, type, whole, cell, span)
    return typed.FieldGet(type, span, own, cell, _VALUE)


def static_set(
    c: Checker,
    field: FieldSignature,
    owner: NamedType,
    symbol: str,
    value: typed.Expression,
    span: Span,
) -> typed.Expression:
    """`T.field <- value`."""
    if not field.is_per_thread:
        return typed.StaticFieldSet(UNIT, span, owner, symbol, value)
    type = value.type
    cell = NamedType(THREAD_VALUE, (type,))
    whole = typed.StaticFieldGet(stored_type(field, type), span, owner, symbol)
    own = _call(c, VALUE_OF_THREAD, type, whole, cell, span)
    return typed.FieldSet(UNIT, span, own, cell, _VALUE, value)


def _call(
    c: Checker, symbol: str, element: Type, argument: typed.Expression, result: Type, span: Span
) -> typed.Expression:
    from clef.inference.expressions.indexing import library_call

    return library_call(c, symbol, (element,), result, [argument], span)
