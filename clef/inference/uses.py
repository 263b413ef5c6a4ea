"""Uses of names in typed trees.

Comes in: an expression. Goes out: the names in it, or the expression with others in their place.
Promises: every node is visited once, without recursion.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import fields, is_dataclass
from typing import cast

from clef.inference import typed_tree as typed


def _inner(node: object) -> Iterator[tuple[object, str, object]]:
    """The attributes of a node of a typed tree that may hold expressions."""
    if is_dataclass(node) and type(node).__module__ == typed.__name__:
        for one in fields(node):
            value = getattr(node, one.name)
            if isinstance(value, list | tuple | typed.Expression):
                yield node, one.name, value


def uses_in(node: object) -> Iterator[typed.LocalReference | typed.GlobalReference]:
    """All uses of names in an expression."""
    stack: list[object] = [node]
    while stack:
        here = stack.pop()
        if isinstance(here, typed.LocalReference | typed.GlobalReference):
            yield here
        elif isinstance(here, list | tuple):
            stack.extend(cast("Sequence[object]", here))
        else:
            stack.extend(value for _, _, value in _inner(here))


def replace_uses(
    node: typed.Expression, replacement: Callable[[typed.GlobalReference], typed.Expression]
) -> typed.Expression:
    """The expression, changed in place, with other expressions for uses of module-level names."""

    def changed(value: object) -> object:
        if isinstance(value, typed.GlobalReference):
            return replacement(value)
        if isinstance(value, list):
            items = cast("list[object]", value)
            items[:] = [changed(item) for item in items]
            return items
        if isinstance(value, tuple):
            parts = cast("tuple[object, ...]", value)
            return tuple(changed(item) for item in parts)
        stack.append(value)
        return value

    stack: list[object] = []
    result = changed(node)
    while stack:
        for owner, name, value in list(_inner(stack.pop())):
            setattr(owner, name, changed(value))
    return cast("typed.Expression", result)
