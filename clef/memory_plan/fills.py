"""Stores into arrays that have just been made: there is nothing to give up where they go.

Comes in: a chain of bindings. Goes out: `fills` of the function's plan. Promises: between making
the array and such a store nothing else has seen the array, and the place was not written before.
"""

from __future__ import annotations

from collections.abc import Sequence

from clef.memory_plan.plan import FunctionPlan
from clef.typed_core.core import Expression, Let, Literal, Primitive, Variable, children


def find_fills(tables: FunctionPlan, chain: Sequence[Let]) -> None:
    """Add the stores that the chain makes into arrays of its own."""
    for position, let in enumerate(chain):
        value = let.value
        if isinstance(value, Primitive) and value.operation == "array_zero":
            _follow(tables, let, chain[position + 1 :])


def _follow(tables: FunctionPlan, made: Let, after: Sequence[Let]) -> None:
    """Note the stores until the array is used in another way."""
    written: set[object] = set()
    for let in after:
        value = let.value
        index = _stored_at(value, made)
        if index is not None and index not in written:
            written.add(index)
            tables.fills.add(value.id)
        elif index is not None or _mentions(value, made):
            return


def _stored_at(value: Expression, made: Let) -> object | None:
    """The index of a store into the array."""
    match value:
        case Primitive(
            operation="array_set_unchecked", arguments=[array, Literal() as index, item]
        ):
            is_here = isinstance(array, Variable) and array.local is made.local
            is_item = isinstance(item, Variable) and item.local is made.local
            return index.value if is_here and not is_item else None
        case _:
            return None


def _mentions(value: Expression, made: Let) -> bool:
    stack: list[Expression] = [value]
    while stack:
        node = stack.pop()
        if isinstance(node, Variable) and node.local is made.local:
            return True
        stack.extend(children(node))
    return False
