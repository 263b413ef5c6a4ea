"""Which items make a list a comprehension.

Comes in: an item of a list. Goes out: whether it can yield by itself. Promises: depends on the form
of the item alone.
"""

from __future__ import annotations

from typing import Final

from clef.syntax import tree

_YIELDING: Final = (
    tree.If
    | tree.Match
    | tree.ForIn
    | tree.ForTo
    | tree.While
    | tree.TryWith
    | tree.TryFinally
    | tree.Let
    | tree.LetBang
    | tree.Do
    | tree.DoBang
    | tree.Yield
    | tree.YieldBang
    | tree.Range
    | tree.Sequential
)


def can_yield(item: tree.Expression) -> bool:
    """Whether a list with this item is more than a literal."""
    return isinstance(item, _YIELDING)
