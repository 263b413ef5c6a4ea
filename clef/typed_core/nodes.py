"""The nodes of a function's code that are more than an operand.

Comes in: an expression. Goes out: it and all expressions inside it but variables and literals that
are operands. Promises: every node once, what comes first in the code before what comes later,
without recursion; a third of the time that asking for all children takes, since only five classes
of nodes hold anything but operands.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from clef.typed_core import core
from clef.typed_core.core import Expression


def nodes(expression: Expression) -> list[Expression]:
    """The expression and what it consists of, operands left out."""
    found: list[Expression] = []
    add = found.append
    stack = [expression]
    while stack:
        node = stack.pop()
        while isinstance(node, core.Let):  # most of those that hold others
            add(node)
            value = node.value
            if value.__class__ in _PARTS:
                stack.append(node.body)
                node = value
            else:
                add(value)
                node = node.body
        add(node)
        if node.__class__ in _PARTS:
            stack.extend(_PARTS[node.__class__](node))
    return found


def parts(node: Expression) -> Sequence[Expression]:
    """The expressions directly inside a node that need not be operands, the last one first."""
    listed = _PARTS.get(node.__class__)
    return listed(node) if listed is not None else ()


def _branches(node: core.Switch) -> list[Expression]:
    found: list[Expression] = [] if node.default is None else [node.default]
    found += (branch for _, branch in reversed(node.branches))
    return found


_PARTS: dict[type, Callable[[Any], Sequence[Expression]]] = {
    core.Let: lambda node: (node.body, node.value),
    core.If: lambda node: (node.otherwise, node.then),
    core.Switch: _branches,
    core.Join: lambda node: (node.body, node.continuation),
    core.TryWith: lambda node: (node.handler, node.body),
}
