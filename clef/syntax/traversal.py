"""Walking over the syntax tree.

Comes in: a node. Goes out: its children, or all nodes below it. Promises: children come in the order of the fields, which is
source order but for a few clauses; the walk does not recurse, so depth does not matter.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from functools import cache
from typing import Final

from clef.syntax import tree

_HIDDEN: Final = frozenset(("span", "resolution", "trivia"))


@cache
def _field_names(kind: type[object]) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind) if field.name not in _HIDDEN)  # type: ignore[arg-type]


def children(node: tree.Node | tree.TypeParameters) -> Iterator[tree.Node]:
    """The nodes directly below; type parameters are looked through."""
    for name in _field_names(type(node)):
        value: object = getattr(node, name)
        if isinstance(value, tree.Node):
            yield value
        elif isinstance(value, tree.TypeParameters):
            yield from children(value)
        elif isinstance(value, list):
            items: list[object] = value
            for item in items:
                if isinstance(item, tree.Node):
                    yield item


def walk(node: tree.Node) -> Iterator[tree.Node]:
    """The node and everything below it, parents first."""
    stack = [node]
    while stack:
        current = stack.pop()
        yield current
        stack.extend(reversed(list(children(current))))
