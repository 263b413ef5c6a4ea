"""Tokens: blocks of cells that came apart, on their way to the next cell.

Comes in: tokens of the plan, and blocks. Goes out: loads and stores of the token's slot, which LLVM
turns into values. Promises: a slot holds null or a block that nobody else knows; it is null at the
start of the function and after each use. With the sanitizer a waiting block is filled like one that
was given back.
"""

from __future__ import annotations

from collections.abc import Callable

from clef.memory_plan import Word
from clef.memory_plan.plan import POINTER
from clef.mlir.functions import (
    FunctionState,
    branch,
    branch_if,
    constant,
    do,
    load,
    new_block,
    null,
    op,
    open_block,
    slot,
    store,
)
from clef.mlir.heap import free
from clef.mlir.heap_watch import block_waits, block_waits_no_more
from clef.typed_core.core import Construct, MakeClosure

_WORD = Word(POINTER)


def _slot(state: FunctionState, token: int) -> str:
    found = state.tokens.get(token)
    if found is None:
        nothing = null(state)
        found = state.tokens[token] = slot(state, POINTER)
        state.prelude.append(f"    llvm.store {nothing}, {found} : {POINTER}, {POINTER}")
    return found


def reused(state: FunctionState, node: Construct | MakeClosure) -> int | None:
    """The token that a node makes its cell of."""
    return state.tables.reuses.get(node.id) if state.tables is not None else None


def keep_block(state: FunctionState, token: int, cell: str) -> None:
    """The block of a cell of which the last reference is gone. What was read out of it was read
    before anything is written to it.
    """
    assert state.tables is not None
    block_waits(state, cell, state.tables.tokens[token])
    do(state, 'llvm.fence syncscope("singlethread") acq_rel')
    store(state, cell, _slot(state, token), POINTER)


def _take_block(state: FunctionState, token: int) -> tuple[str, str]:
    """What the token holds, and whether that is nothing."""
    place = _slot(state, token)
    held = load(state, place, POINTER)
    store(state, null(state), place, POINTER)
    return held, op(state, f'llvm.icmp "eq" {held}, {null(state)} : {POINTER}')


def block_of(state: FunctionState, token: int, fresh: Callable[[], str]) -> str:
    """The block that a token holds, or else a new one."""
    held, is_nothing = _take_block(state, token)
    make_block, use_block, end = new_block(state), new_block(state), new_block(state)
    branch_if(state, is_nothing, make_block, use_block)
    open_block(state, make_block)
    branch(state, end, [fresh()], [_WORD])
    open_block(state, use_block)
    block_waits_no_more(state, held)
    branch(state, end, [held], [_WORD])
    (block,) = open_block(state, end, [_WORD])
    return block


def give_up_token(state: FunctionState, token: int) -> None:
    """Give back the block that a token holds, if there is one."""
    assert state.tables is not None
    held, is_nothing = _take_block(state, token)
    give_back, end = new_block(state), new_block(state)
    branch_if(state, is_nothing, end, give_back)
    open_block(state, give_back)
    block_waits_no_more(state, held)
    free(state, held, constant(state, state.tables.tokens[token], state.module.word))
    branch(state, end, (), ())
    open_block(state, end)
