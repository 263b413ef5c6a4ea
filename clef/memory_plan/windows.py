"""Short borrowings out of memory that can change: array elements and mutable fields.

Comes in: a Let that reads such a place. Goes out: whether its local may be borrowed. Promises: from
the Let to the local's last use nothing runs that could overwrite the place: no write of a
reference, no call of a function that may write over values of such a type, no unknown call.
"""

from __future__ import annotations

from clef.coeffects import Coeffects
from clef.memory_plan.layouts import LayoutState, layout_of
from clef.typed_core.core import (
    Assign,
    Call,
    CallClosure,
    Expression,
    GlobalWrite,
    If,
    Join,
    Let,
    Literal,
    MonoType,
    Primitive,
    SetField,
    Switch,
    TryWith,
    Variable,
    children,
)

_READS = ("array_get", "array_get_unchecked", "byref_read", "unbox")
_MANY = ("array_copy", "array_move", "array_forget")
_WRITES = (*_MANY, "array_set", "array_set_unchecked", "byref_write", "rebox")


def reads_element(value: Expression) -> Variable | None:
    """The array that the value is an element of, when it is an immutable local."""
    if isinstance(value, Primitive) and value.operation in _READS:
        source = value.arguments[0]
        if isinstance(source, Variable) and not source.local.is_mutable:
            return source
    return None


def is_short(
    layouts: LayoutState, coeffects: Coeffects, let: Let, uses: int, places: frozenset[MonoType]
) -> bool:
    """Whether all `uses` of the Let's local come before anything could overwrite what was read;
    `places`: the types of the places that it was read through.
    """
    local = let.local
    node: Expression = let.body
    while uses:
        value = node.value if isinstance(node, Let) else node
        if isinstance(value, If | Switch):
            scrutinee = value.condition if isinstance(value, If) else value.scrutinee
            return uses == 1 and isinstance(scrutinee, Variable) and scrutinee.local is local
        if isinstance(value, Join | TryWith | Let | CallClosure):
            return False
        if isinstance(value, Call) and _call_may_overwrite(coeffects, value, places):
            return False
        for child in children(value):
            uses -= isinstance(child, Variable) and child.local is local
        if isinstance(value, Variable):
            uses -= value.local is local
        if uses and (_may_overwrite(layouts, value) or not isinstance(node, Let)):
            return False
        if isinstance(node, Let):
            node = node.body
    return True


def _call_may_overwrite(coeffects: Coeffects, call: Call, places: frozenset[MonoType]) -> bool:
    written = coeffects.overwritten.get(call.function)
    return written is None or not places.isdisjoint(written)


def _may_overwrite(layouts: LayoutState, node: Expression) -> bool:
    match node:
        case SetField() | GlobalWrite() | Assign():
            return _is_counted(layouts, node.value)
        case Primitive():
            if node.operation not in _WRITES:
                return False
            if node.operation in _MANY:
                place = 0 if node.operation == "array_forget" else 2
                array = layout_of(layouts, node.arguments[place].type)
                return array.element is None or layout_of(layouts, array.element).is_counted
            return _is_counted(layouts, node.arguments[-1])
        case _:
            return False


def _is_counted(layouts: LayoutState, atom: Variable | Literal) -> bool:
    return layout_of(layouts, atom.type).is_counted
