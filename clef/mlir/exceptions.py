"""Raising and passing on exceptions.

Comes in: nodes that raise. Goes out: the exceptional paths. Promises: `clef_pending` holds the
exception from raising to handling, null otherwise; `clef_raise_site` names the place (`file:line`,
ended by a zero byte) where the latest exception was raised; owned locals are given up on the way;
paths with the same work share a block.
"""

from __future__ import annotations

from collections.abc import Callable

from clef.memory_plan.plan import POINTER
from clef.mlir.functions import (
    FunctionState,
    address,
    branch,
    branch_if,
    do,
    load,
    new_block,
    null,
    op,
    open_block,
    result_type,
    store,
)
from clef.mlir.module import ModuleState, callee, declare, line_of, site_text, symbol, want
from clef.mlir.ownership import drop_locals
from clef.typed_core import well_known
from clef.typed_core.core import Expression, Primitive, Raise, Variable

INDEX_OUT_OF_RANGE = well_known.INDEX_OUT_OF_RANGE
DIVIDE_BY_ZERO = well_known.DIVIDE_BY_ZERO
OVERFLOW = well_known.OVERFLOW
NULL_REFERENCE = well_known.NULL_REFERENCE

RARE = "1, 2000"
USUAL = "2000, 1"


def pending(module: ModuleState) -> str:
    """The slot of the exception on its way."""
    text = (
        f"  llvm.mlir.global internal @clef_pending() : {POINTER} {{\n"
        f"    %0 = llvm.mlir.zero : {POINTER}\n    llvm.return %0 : {POINTER}\n  }}"
    )
    return declare(module, "clef_pending", text)


def raise_site(module: ModuleState) -> str:
    """The slot of the place where it was raised."""
    return declare(module, "clef_raise_site", pending_like(module, "clef_raise_site"))


def pending_like(module: ModuleState, name: str) -> str:
    """Text of a global reference that starts as null."""
    return (
        f"  llvm.mlir.global internal {symbol(name)}() : {POINTER} {{\n"
        f"    %0 = llvm.mlir.zero : {POINTER}\n    llvm.return %0 : {POINTER}\n  }}"
    )


def is_pending(state: FunctionState) -> str:
    """Whether an exception is on its way."""
    value = load(state, address(state, pending(state.module)), POINTER)
    return op(state, f'llvm.icmp "ne" {value}, {null(state)} : {POINTER}')


def check_pending(state: FunctionState, node: Expression) -> None:
    """After a call that may raise: leave when it has."""
    value = load(state, address(state, pending(state.module)), POINTER)
    fine = op(state, f'llvm.icmp "eq" {value}, {null(state)} : {POINTER}')
    onward = new_block(state)
    branch_if(state, fine, onward, _exit_of_call(state, node), USUAL)
    open_block(state, onward)


_NOTE = """  llvm.func internal fastcc @clef_note_site(%site: !llvm.ptr)
      attributes {no_unwind, no_inline} {
    %slot = llvm.mlir.addressof @clef_raise_site : !llvm.ptr
    %known = llvm.load %slot : !llvm.ptr -> !llvm.ptr
    %null = llvm.mlir.zero : !llvm.ptr
    %unknown = llvm.icmp "eq" %known, %null : !llvm.ptr
    llvm.cond_br %unknown, ^note, ^done
  ^note:
    llvm.store %site, %slot : !llvm.ptr, !llvm.ptr
    llvm.br ^done
  ^done:
    llvm.return
  }"""


def _write_note(module: ModuleState) -> None:
    raise_site(module)
    module.functions.append(_NOTE)


def _user_site(state: FunctionState, node: Expression) -> str:
    """The text of the place of a node in the user's sources; empty for the library's."""
    span = node.span
    if span is None or span.path not in state.module.options.sources:
        return ""
    return site_text(state.module, f"   at {line_of(state.module, span)}\n")


def _exit_of_call(state: FunctionState, node: Expression) -> str:
    """The way out after a call. What the library raised gets the place of the user's call."""
    way_out, site = exceptional_exit(state, node), _user_site(state, node)
    if not site:
        return way_out
    key = ("call", way_out, site)
    found = state.exits.get(key)
    if found is None:
        found = state.exits[key] = new_block(state)
        name = want(state.module, "clef_note_site", _write_note)

        def write() -> None:
            place = address(state, site)
            do(state, f"llvm.call fastcc {name}({place}) : ({POINTER}) -> ()")
            branch(state, way_out, (), ())

        _in_cold_block(state, found, write)
    return found


def exceptional_exit(state: FunctionState, node: Expression) -> str:
    """The block that gives up what the node's plan says, and leaves."""
    assert state.tables is not None
    return _exit_with(state, tuple(state.tables.exceptional.get(node.id, ())))


def _exit_with(state: FunctionState, dropped: tuple[int, ...], is_rest: bool = False) -> str:
    key = (state.handler, dropped)
    found = state.exits.get(key)
    if found is None:
        found = state.exits[key] = new_block(state)
        _in_cold_block(state, found, lambda: _leave(state, dropped, is_rest))
    return found


def _in_cold_block(state: FunctionState, block: str, write: Callable[[], None]) -> None:
    outer, state.lines = state.lines, []
    open_block(state, block)
    write()
    state.cold += state.lines
    state.lines = outer


_TOGETHER = 8
"""So many values are given up in one block. The others are given up in a block that several exits
share: a literal of a thousand parts that may raise would take a million drops."""


def _leave(state: FunctionState, dropped: tuple[int, ...], is_rest: bool) -> None:
    rest = _shared_rest(state, dropped, is_rest) if len(dropped) > _TOGETHER else ()
    later = set(rest)
    drop_locals(state, [one for one in dropped if one not in later], is_cold=True)
    if rest:
        branch(state, _exit_with(state, rest, True), (), ())
        return
    if state.handler:
        branch(state, state.handler, (), ())
        return
    result = result_type(state.results)
    if not result:
        do(state, "llvm.return")
        return
    nothing = op(state, f"llvm.mlir.zero : {result}")
    do(state, f"llvm.return {nothing} : {result}")


def _shared_rest(state: FunctionState, dropped: tuple[int, ...], is_rest: bool) -> tuple[int, ...]:
    """What another exit gives up of these, or will: where values pile up, exits before had all but
    the newest; where they are used up one by one, later ones have all but the oldest.
    """
    count = len(dropped)
    for oldest in range(_TOGETHER):
        for newest in range(_TOGETHER if oldest == 0 else 3):
            rest = dropped[oldest : count - newest]
            if rest != dropped and (state.handler, rest) in state.exits:
                return rest
    return dropped[_TOGETHER:] if is_rest else dropped[_TOGETHER - 1 : -1]


def raise_value(state: FunctionState, value: str, node: Expression) -> None:
    """Make an exception pending and leave; ends the block."""
    _set_pending(state, value, node)
    branch(state, exceptional_exit(state, node), (), ())


def _raises_again(state: FunctionState, node: Expression) -> bool:
    match node:
        case Raise(exception=Variable() as exception):
            return exception.local.id in state.caught
        case _:
            return False


def _set_pending(state: FunctionState, value: str, node: Expression) -> None:
    """Write the slots. LLVM hears that the exception is there: where this function becomes part of
    its callers, their test is decided, and the way out leaves their loops.
    """
    if state.module.options.hints:
        is_there = op(state, f'llvm.icmp "ne" {value}, {null(state)} : {POINTER}')
        do(state, f"llvm.intr.assume {is_there} : i1")
    store(state, value, address(state, pending(state.module)), POINTER)
    site = _user_site(state, node)
    if not site and _raises_again(state, node):
        return  # the library passes on what it caught: the place is where it came from
    place = address(state, site) if site else null(state)
    store(state, place, address(state, raise_site(state.module)), POINTER)


def failing(
    state: FunctionState,
    node: Expression,
    failure: str,
    before_leaving: Callable[[], None] | None = None,
) -> str:
    """A block that raises one of the library's failures. `before_leaving` gives up operands that
    the failed operation had consumed.
    """
    key = ("failing", failure, node.id)
    found = state.exits.get(key)
    if found is None:
        found = state.exits[key] = new_block(state)
        _in_cold_block(state, found, lambda: _fail(state, node, failure, before_leaving))
    return found


def _fail(
    state: FunctionState,
    node: Expression,
    failure: str,
    before_leaving: Callable[[], None] | None,
) -> None:
    value = failure_value(state, failure)
    if before_leaving is not None:
        before_leaving()
    _set_pending(state, value, node)
    branch(state, exceptional_exit(state, node), (), ())


def failure_value(state: FunctionState, failure: str) -> str:
    """A new exception made by the library; without a library, a static cell that can only be passed
    on.
    """
    module = state.module
    if failure in module.program.functions:
        return op(state, f"llvm.call fastcc {callee(module, failure)}() : () -> {POINTER}")
    name = "clef_nameless_failure"
    cell = "\\FF\\FF\\FF\\FF\\00\\00\\00\\00"
    text = f'  llvm.mlir.global internal @{name}("{cell}") {{alignment = 8 : i64}}'
    declare(module, name, text)
    return address(state, symbol(name))


def take_pending(state: FunctionState) -> str:
    """At the start of a handler: the exception, which is no longer pending."""
    slot = address(state, pending(state.module))
    value = load(state, slot, POINTER)
    store(state, null(state), slot, POINTER)
    return value


def guard(
    state: FunctionState,
    check: str,
    bad: Callable[[], str],
    node: Primitive,
    failure: str,
    before_leaving: Callable[[], None] | None = None,
) -> None:
    """Raise a failure when the condition holds, unless the check is proven."""
    if check in node.proven:
        if state.module.options.verify_checks:
            expect_not(state, bad())
        return
    condition, onward = bad(), new_block(state)
    branch_if(state, condition, failing(state, node, failure, before_leaving), onward, RARE)
    open_block(state, onward)


def expect_not(state: FunctionState, bad: str) -> None:
    """End the program at once when the condition holds, for verifying what is proven."""
    wrong, onward = new_block(state), new_block(state)
    branch_if(state, bad, wrong, onward, RARE)
    open_block(state, wrong)
    do(state, '"llvm.intr.trap"() : () -> ()')
    do(state, "llvm.unreachable")
    open_block(state, onward)
