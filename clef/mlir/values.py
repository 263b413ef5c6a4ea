"""Operands: literals and uses of locals.

Comes in: atoms. Goes out: the names of their words. Promises: a use that the plan marks is counted
up.
"""

from __future__ import annotations

from clef.memory_plan import Layout
from clef.memory_plan.plan import POINTER
from clef.mlir.functions import FunctionState, address, constant, null, zero
from clef.mlir.ownership import duplicate, local_words
from clef.mlir.static_values import StaticWord, static_words
from clef.typed_core.core import Atom, Literal, Primitive


def operand_layout(state: FunctionState, node: Primitive, index: int = 0) -> Layout:
    """How an operand of a primitive is stored."""
    return state.module.layout(node.arguments[index].type)


def use(state: FunctionState, atom: Atom) -> list[str]:
    """The words of an operand."""
    assert state.tables is not None
    if isinstance(atom, Literal):
        return literal(state, atom)
    values = local_words(state, atom.local)
    if atom.id in state.tables.duplicate:
        duplicate(state, values, state.module.layout(atom.local.type).words)
    return values


def literal(state: FunctionState, node: Literal) -> list[str]:
    """The words of a literal; None is unit, null or the zero of the type."""
    return [_word(state, word) for word in static_words(state.module, node.type, node.value)]


def _word(state: FunctionState, word: StaticWord) -> str:
    if word.symbol:
        return address(state, word.symbol)
    return null(state) if word.type == POINTER else constant(state, word.number, word.type)


def zero_words(state: FunctionState, layout: Layout) -> list[str]:
    """The default value of a type."""
    return [zero(state, word.type) for word in layout.words]
