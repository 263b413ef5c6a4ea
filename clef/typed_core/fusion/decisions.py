"""Whether a list may wait until somebody looks at it.

Comes in: a call that makes a list, the binding of its name, what becomes of it. Goes out: yes or
no. Promises: yes means that nobody can tell when its items are made: the order of all that can be
seen, effects, exceptions and not coming to an end, stays what it is.
"""

from __future__ import annotations

from collections.abc import Mapping

from clef.data_classes import dataclass
from clef.typed_core import core
from clef.typed_core.core import Atom, Expression, Local
from clef.typed_core.fusion.consumption import Use
from clef.typed_core.fusion.effects import EffectTable
from clef.typed_core.fusion.flags import Effects, can_swap


@dataclass(frozen=True, slots=True)
class Pending:
    """A list that a stream makes of these arguments, when it is looked at."""

    stream: str
    arguments: list[Atom]


@dataclass(frozen=True, slots=True)
class Preparation:
    """What a function that prepares a stream does, and the call at its end."""

    bindings: list[core.Let]
    call: core.Call


def can_wait(
    table: EffectTable,
    pending: Pending,
    node: core.Let,
    use: Use,
    others: Mapping[Local, Pending],
) -> bool:
    """The answer. `others`: lists that wait already, and are made where they are looked at."""
    effects = table.of_function(pending.stream)
    if not effects:
        return True
    consumer = _consumer(table, node, effects)
    if consumer is None:
        return False
    with_consumer = table.of_code(consumer)
    for atom in _operands(consumer):
        if isinstance(atom, core.Variable) and atom.local in others:
            with_consumer |= table.of_function(others[atom.local].stream)
    if not can_swap(effects, with_consumer):
        return False
    return use.whole or effects == Effects.READS


def _consumer(table: EffectTable, node: core.Let, effects: Effects) -> Expression | None:
    """The call or loop that takes the list apart, if all that comes before it may do so."""
    rest = node.body
    while True:
        here = rest.value if isinstance(rest, core.Let) else rest
        if _mentions(here, node.local):
            return here if _takes_at_once(here, node.local) else None
        if not isinstance(rest, core.Let):
            return None
        if not can_swap(effects, table.of_code(here)):
            return None
        rest = rest.body


def _takes_at_once(node: Expression, local: Local) -> bool:
    """Whether it does nothing before it has the list."""
    match node:
        case core.Call():
            return True
        case core.Join(is_loop=True, body=core.Jump() as start):
            return start.label is node.label
        case _:
            return False


def _operands(node: Expression) -> list[Atom]:
    match node:
        case core.Call():
            return node.arguments
        case core.Join(body=core.Jump() as start):
            return start.arguments
        case _:
            return []


def _mentions(node: Expression, local: Local) -> bool:
    stack = [node]
    while stack:
        node = stack.pop()
        if isinstance(node, core.Variable) and node.local is local:
            return True
        stack.extend(core.children(node))
    return False
