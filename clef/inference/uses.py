"""Nodes of typed trees, and uses of names in them.

Comes in: an expression. Goes out: what is in it, the names alone, or the expression with others in
their place. Promises: every node is visited once, without recursion.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import fields, is_dataclass
from typing import Any, cast

from clef.inference import typed_tree as typed

_contents: dict[type[object], tuple[str, ...] | None] = {}


def _content(node: object) -> tuple[str, ...] | None:
    """The attributes of a node that may hold nodes; None for what is no node."""
    cls = type(node)
    if cls not in _contents:
        is_node = cls.__module__.startswith(typed.__name__) and cls is not typed.Local
        _contents[cls] = _names(cls) if is_node and is_dataclass(cls) else None
    return _contents[cls]


def _names(cls: type[Any]) -> tuple[str, ...]:
    return tuple(one.name for one in fields(cls) if one.name not in ("span", "type"))


def below(node: object) -> Sequence[object]:
    """What a node, or a list or tuple of nodes, holds; also what is no node."""
    if isinstance(node, list | tuple):
        return cast("Sequence[object]", node)
    return [getattr(node, name) for name in _content(node) or ()]


def nodes_in(node: object) -> Iterator[object]:
    """A node of a typed tree, or several in a list, and everything below."""
    stack: list[object] = [node]
    while stack:
        here = stack.pop()
        if _content(here) is not None:
            yield here
        stack.extend(below(here))


def uses_in(node: object) -> Iterator[typed.LocalReference | typed.GlobalReference]:
    """All uses of names in an expression."""
    for here in nodes_in(node):
        if isinstance(here, typed.LocalReference | typed.GlobalReference):
            yield here


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
        owner = stack.pop()
        for name in _content(owner) or ():
            setattr(owner, name, changed(getattr(owner, name)))
    return cast("typed.Expression", result)
