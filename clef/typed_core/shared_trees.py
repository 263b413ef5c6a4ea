"""Which parts of a decision tree are made once and jumped to.

Comes in: a decision tree whose parts may be reached on several ways. Goes out: the parts that get a
label, in an order in which each one jumps only to later ones. Promises: small trees stay trees, so
that what follows sees plain switches; a large tree is no larger than its different parts.
"""

from __future__ import annotations

from clef.typed_core.decisions import Check, Choose, Evaluate, Fail, Leaf, Occurrence, Row, Tree

_LARGE = 400
"""Trees of at most as many tests and leaves are written out on every way."""

_SMALL = 6
"""Parts of at most this size are not worth a label."""


def shared_parts(root: Tree) -> list[Tree]:
    """The parts of a large tree that several ways lead to, from the root downwards."""
    order = _downwards(root)
    sizes: dict[Tree, int] = {}
    for node in reversed(order):
        sizes[node] = 1 + sum(sizes[part] for part in parts_of(node))
    if sizes[root] <= _LARGE:
        return []
    ways: dict[Tree, int] = {}
    for node in order:
        for part in parts_of(node):
            ways[part] = ways.get(part, 0) + 1
    return [node for node in order if ways.get(node, 0) > 1 and sizes[node] > _SMALL]


def parts_of(node: Tree) -> list[Tree]:
    """What a test leads to."""
    match node:
        case Leaf():
            return [] if node.otherwise is None else [node.otherwise]
        case Choose():
            default = [] if node.default is None else [node.default]
            return [*(branch for _, branch in node.branches), *default]
        case Check():
            return [node.yes, node.no]
        case Evaluate():
            return [node.then]
        case Fail():
            return []


def _downwards(root: Tree) -> list[Tree]:
    """All different parts; each one stands before the parts that it leads to."""
    finished: list[Tree] = []
    seen: set[Tree] = set()
    pending: list[tuple[Tree, bool]] = [(root, False)]
    while pending:
        node, is_done = pending.pop()
        if is_done:
            finished.append(node)
        elif node not in seen:
            seen.add(node)
            pending.append((node, True))
            pending += [(part, False) for part in parts_of(node)]
    finished.reverse()
    return finished


def evaluated_calls(rows: list[Row]) -> list[Occurrence]:
    """The results of active patterns that the rows look into; these were computed before."""
    found: dict[Occurrence, None] = {}
    for row in rows:
        for place in [*(item for item, _ in row.tests), *(item for _, item in row.bindings)]:
            call = _call_above(place)
            if call is not None:
                found[call] = None
    return list(found)


def _call_above(place: Occurrence) -> Occurrence | None:
    current: Occurrence | None = place
    while current is not None and current.kind != "call":
        current = current.parent
    return current
