"""Strongly connected components (Tarjan, SIAM J. Comput. 1972), without recursion.

Comes in: nodes and their successors. Goes out: components, each after all components that it
reaches. Promises: linear time; the order depends on nothing but the input's order.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Generic, TypeVar

from clef.data_classes import dataclass

Key = TypeVar("Key")


@dataclass(slots=True)
class _Search(Generic[Key]):
    successors: Mapping[Key, Sequence[Key]]
    order: dict[Key, int]
    low: dict[Key, int]
    stack: list[Key]
    on_stack: set[Key]
    components: list[list[Key]]


def strongly_connected(
    keys: Iterable[Key], successors: Mapping[Key, Sequence[Key]]
) -> list[list[Key]]:
    """The components, callees first."""
    search: _Search[Key] = _Search(successors, {}, {}, [], set(), [])
    for key in keys:
        if key not in search.order:
            _explore(search, key)
    return search.components


def _enter(search: _Search[Key], key: Key) -> tuple[Key, int]:
    search.order[key] = search.low[key] = len(search.order)
    search.stack.append(key)
    search.on_stack.add(key)
    return key, 0


def _explore(search: _Search[Key], root: Key) -> None:
    path = [_enter(search, root)]
    while path:
        key, position = path.pop()
        following = search.successors.get(key, ())
        if position < len(following):
            path.append((key, position + 1))
            target = following[position]
            if target not in search.order:
                path.append(_enter(search, target))
            elif target in search.on_stack:
                search.low[key] = min(search.low[key], search.order[target])
            continue
        if path:
            parent = path[-1][0]
            search.low[parent] = min(search.low[parent], search.low[key])
        if search.low[key] == search.order[key]:
            _close(search, key)


def _close(search: _Search[Key], key: Key) -> None:
    component: list[Key] = []
    while True:
        member = search.stack.pop()
        search.on_stack.discard(member)
        component.append(member)
        if member == key:
            break
    component.reverse()
    search.components.append(component)
