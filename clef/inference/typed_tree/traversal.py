"""What typed trees hold.

Comes in: a node. Goes out: the nodes below it. Promises: patterns, types and names are left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from clef.inference import typed_tree as typed

_HOLDERS = (typed.Expression, typed.MatchRule, typed.LocalBinding, typed.ObjectMember)
_PARTS = (*_HOLDERS, list, tuple)


def below(node: Any) -> Iterator[Any]:
    """Everything that a node, or a list or tuple of nodes, holds."""
    if isinstance(node, _HOLDERS):
        for cls in type(node).__mro__:
            for name in getattr(cls, "__slots__", ()):
                value = getattr(node, name, None)
                if isinstance(value, _PARTS):
                    yield value
    elif isinstance(node, list | tuple):
        yield from node
