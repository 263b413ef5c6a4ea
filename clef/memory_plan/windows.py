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
    Local,
    MonoType,
    Primitive,
    SetField,
    Switch,
    TryWith,
    Variable,
    children,
)
from clef.typed_core.nodes import nodes, parts

_READS = ("array_get", "array_get_unchecked", "byref_read", "unbox")
_MANY = ("array_copy", "array_move", "array_forget")
_MOST = 200
"""Nodes in branches that are looked at for one local."""
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
    return _Window(layouts, coeffects, let.local, places).is_open(let.body, uses)


class _Window:
    """From where one local is read to its last use. `looked_at`: nodes so far."""

    def __init__(
        self, layouts: LayoutState, coeffects: Coeffects, local: Local, places: frozenset[MonoType]
    ) -> None:
        self.layouts = layouts
        self.coeffects = coeffects
        self.local = local
        self.places = places
        self.looked_at = 0

    def is_open(self, node: Expression, uses: int) -> bool:
        """Whether the next `uses`, all in this code, come before anything is overwritten."""
        while uses:
            value = node.value if isinstance(node, Let) else node
            if isinstance(value, Join | TryWith | Let | CallClosure):
                return False
            if isinstance(value, If | Switch):
                left = self._behind(value, uses)
                if left is None or (left and not isinstance(node, Let)):
                    return False
                uses = left
            else:
                if isinstance(value, Call) and self._call_may_overwrite(value):
                    return False
                uses -= self._own_uses(value)
                if uses and (_may_overwrite(self.layouts, value) or not isinstance(node, Let)):
                    return False
            if isinstance(node, Let):
                node = node.body
        return True

    def _behind(self, value: If | Switch, uses: int) -> int | None:
        """How many uses there are behind branches; None: something may be overwritten in these."""
        uses -= self._own_uses(value)
        branches = parts(value) if uses else ()
        counts: list[int] = []
        for branch in branches:
            inside = nodes(branch)
            self.looked_at += len(inside)
            if self.looked_at > _MOST:
                return None
            counts.append(sum(map(self._own_uses, inside)))
        left = uses - sum(counts)
        if left and any(self._overwrites(branch) for branch in branches):
            return None
        open = (self.is_open(*one) for one in zip(branches, counts, strict=True))
        return left if left or all(open) else None

    def _own_uses(self, node: Expression) -> int:
        """Uses as an operand of the node, or as the node; not inside of its parts."""
        match node:
            case Variable():
                return self._is_it(node)
            case If():
                return self._is_it(node.condition)
            case Switch():
                return self._is_it(node.scrutinee)
            case Let() | Join() | TryWith():
                return 0
            case _:
                return sum(map(self._is_it, children(node)))

    def _is_it(self, node: Expression) -> bool:
        return isinstance(node, Variable) and node.local is self.local

    def _overwrites(self, code: Expression) -> bool:
        return any(
            isinstance(node, CallClosure | TryWith)
            or (isinstance(node, Call) and self._call_may_overwrite(node))
            or _may_overwrite(self.layouts, node)
            for node in nodes(code)
        )

    def _call_may_overwrite(self, call: Call) -> bool:
        written = self.coeffects.overwritten.get(call.function)
        return written is None or not self.places.isdisjoint(written)


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
