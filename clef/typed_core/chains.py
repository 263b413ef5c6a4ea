"""Chains of bindings in a function's code.

Comes in: an expression. Goes out: each run of `let`s in it with what stands at its end. Promises:
every node is visited once, without recursion.
"""

from __future__ import annotations

from collections.abc import Iterator

from clef.typed_core import core
from clef.typed_core.core import Expression, children


def chains(body: Expression) -> Iterator[tuple[list[core.Let], Expression]]:
    """The bindings that follow each other, and the expression behind the last."""
    stack: list[Expression] = [body]
    while stack:
        node = stack.pop()
        lets: list[core.Let] = []
        while isinstance(node, core.Let):
            lets.append(node)
            stack.append(node.value)
            node = node.body
        stack.extend(children(node))
        yield lets, node
