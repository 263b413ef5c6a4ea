"""Where code can be suspended, and how sequences of the library begin.

Comes in: typed expressions. Goes out: whether there is a suspension point inside (not counting
inner functions and inner comprehensions), and the variables of patterns. Promises: answers are
remembered while the tree lives.
"""

from __future__ import annotations

from clef.inference import typed_tree as t
from clef.typed_core import well_known

_REMEMBERED: dict[int, tuple[t.Expression, bool]] = {}
"""By identity; the node is kept, so that its identity is not used again."""


def forget() -> None:
    """Let go of all trees: called at the end of a compilation."""
    _REMEMBERED.clear()


def suspends(node: t.Expression) -> bool:
    """Whether evaluating the node as a statement can suspend."""
    if isinstance(node, t.Yield | t.YieldAll):
        return True
    parts = parts_of(node)
    if not parts:
        return False
    known = _REMEMBERED.get(id(node))
    if known is not None:
        return known[1]
    found = any(suspends(part) for part in parts)
    _REMEMBERED[id(node)] = (node, found)
    return found


_MARKERS = (well_known.EAGER, well_known.OPENED, well_known.ENDED)


def marker(node: t.Expression) -> t.Application | None:
    """A statement that is one of the marks that say what an enumerator does before it is moved."""
    if isinstance(node, t.Sequential) and node.items:
        node = node.items[0] if isinstance(node.items[-1], t.Literal) else node
    if isinstance(node, t.Application) and isinstance(node.function, t.GlobalReference):
        return node if node.function.symbol in _MARKERS else None
    return None


def opens_at_once(node: t.Expression) -> bool:
    """Whether a body does something when an enumerator of it is asked for."""
    mark = marker(node)
    if mark is not None and isinstance(mark.function, t.GlobalReference):
        return mark.function.symbol != well_known.ENDED
    return any(opens_at_once(part) for part in parts_of(node))


def parts_of(node: t.Expression) -> list[t.Expression]:
    """The parts in statement position."""
    match node:
        case t.Sequential():
            return node.items
        case t.Let():
            return [node.body]
        case t.If():
            return [node.then, node.otherwise]
        case t.Match():
            return [rule.body for rule in node.rules]
        case t.While() | t.ForTo() | t.ForIn() | t.Use() | t.TryFinally():
            return [node.body]
        case t.TryWith():
            return [node.body, *(rule.body for rule in node.rules)]
        case _:
            return []


def variables_of(pattern: t.Pattern) -> list[t.Local]:
    """The locals that a pattern binds, each once."""
    found: dict[t.Local, None] = {}
    pending = [pattern]
    while pending:
        item = pending.pop()
        match item:
            case t.VariablePattern():
                found[item.local] = None
            case t.AsPattern() | t.OrPattern():
                pending += [item.right, item.left]
            case t.AndPattern() | t.TuplePattern() | t.ArrayPattern():
                pending += reversed(item.items)
            case t.RecordPattern():
                pending += [part for _, part in reversed(item.fields)]
            case t.CasePattern() | t.ExceptionPattern():
                pending += reversed(item.arguments)
            case t.TypeTestPattern() | t.ActivePattern():
                if item.inner is not None:
                    pending.append(item.inner)
            case _:
                pass
    return list(found)
