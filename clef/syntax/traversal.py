"""Walking over the syntax tree.

Comes in: a node. Goes out: its children, or all nodes below it. Promises: children come in the
order of the fields, which is source order but for a few clauses; the walk does not recurse, so
depth does not matter.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from typing import Final, cast

from clef.syntax import tree

_HIDDEN: Final = frozenset(("span", "resolution", "expansion", "trivia"))


_names: dict[type[object], tuple[str, ...]] = {}


def names_of(kind: type[tree.Node | tree.TypeParameters]) -> tuple[str, ...]:
    """The fields of a kind of node that hold its content, in order."""
    found = _names.get(kind)
    if found is None:
        found = tuple(field.name for field in fields(kind) if field.name not in _HIDDEN)
        _names[kind] = found
    return found


def field_names(node: tree.Node | tree.TypeParameters) -> tuple[str, ...]:
    """The fields of a node that hold its content, in order."""
    return names_of(type(node))


def children(node: tree.Node | tree.TypeParameters) -> Iterator[tree.Node]:
    """The nodes directly below; type parameters are looked through."""
    for name in field_names(node):
        value: object = getattr(node, name)
        if isinstance(value, tree.Node):
            yield value
        elif isinstance(value, tree.TypeParameters):
            yield from children(value)
        elif isinstance(value, list):
            for item in cast(list[object], value):
                if isinstance(item, tree.Node):
                    yield item


def walk(node: tree.Node) -> Iterator[tree.Node]:
    """The node and everything below it, parents first."""
    stack = [node]
    while stack:
        current = stack.pop()
        yield current
        stack.extend(reversed(list(children(current))))
