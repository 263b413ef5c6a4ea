"""Which names of a class are used where: decides what becomes a field of the object.

Comes in: syntax of members. Goes out: the binders that it mentions. Promises: walks every node
once, without recursion.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from clef.names.entities import (
    ActivePatternResolution,
    LocalBinder,
    LocalResolution,
    ValueResolution,
)
from clef.syntax import tree
from clef.syntax.node import Node
from clef.syntax.traversal import children


def mentioned(nodes: Iterable[object]) -> set[LocalBinder]:
    """All local binders that these nodes mention."""
    found: set[LocalBinder] = set()
    for one in _resolutions(nodes):
        if isinstance(one, LocalResolution):
            found.add(one.binder)
        elif isinstance(one, ActivePatternResolution) and one.entity.binder is not None:
            found.add(one.entity.binder)
    return found


def mentioned_values(nodes: Iterable[object]) -> set[str]:
    """The symbols of all module-level values that these nodes mention."""
    found: set[str] = set()
    for one in _resolutions(nodes):
        if isinstance(one, ValueResolution):
            found.add(one.entity.symbol)
        elif isinstance(one, ActivePatternResolution) and one.entity.value is not None:
            found.add(one.entity.value)
    return found


def _resolutions(nodes: Iterable[object]) -> Iterator[object]:
    stack: list[object] = list(nodes)
    while stack:
        here = stack.pop()
        if isinstance(here, list):
            stack.extend(here)  # pyright: ignore[reportUnknownArgumentType]
        elif isinstance(here, Node) and not isinstance(here, tree.TypeExpression):
            resolution = getattr(here, "resolution", None)
            if resolution is not None:
                yield resolution
            if not isinstance(here, tree.Identifier):
                stack.extend(children(here))
