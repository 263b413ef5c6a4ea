"""Counting references up and down, and taking values apart.

Comes in: words of values, with the layouts that say which are counted. Goes out: calls of
`clef_duplicate` and `clef_drop`, or the inlined taking apart. Promises: null and immortal cells are
left alone; a taken cell that was unique is freed without its fields being counted.
"""

# ruff: noqa: E501 (lines of MLIR text)

from __future__ import annotations

from collections.abc import Sequence

from clef.memory_plan import Layout, Word
from clef.memory_plan.plan import ENVIRONMENT, POINTER, Cell, Take
from clef.mlir.circles import SUSPECT, counted_down
from clef.mlir.functions import (
    FunctionState,
    branch,
    branch_if,
    constant,
    do,
    load,
    load_words,
    new_block,
    op,
    open_block,
    store,
)
from clef.mlir.heap import free
from clef.mlir.heap_watch import check, check_text, free_name
from clef.mlir.module import ModuleState, tag, want
from clef.mlir.release import write_release
from clef.mlir.tokens import give_up_token, keep_block
from clef.typed_core.core import Local

_DUPLICATE = """  llvm.func internal fastcc @{NAME}(%p: !llvm.ptr) attributes {{passthrough = [{HOW}, "nounwind"]}} {{
    %null = llvm.mlir.zero : !llvm.ptr
    %is_null = llvm.icmp "eq" %p, %null : !llvm.ptr
    llvm.cond_br %is_null, ^done, ^cell
  ^cell:
    %n = llvm.load %p {T} : !llvm.ptr -> i32
{CHECK}    %zero = llvm.mlir.constant(0 : i32) : i32
    %one = llvm.mlir.constant(1 : i32) : i32
    %mortal = llvm.icmp "sgt" %n, %zero : i32
    llvm.cond_br %mortal, ^count, ^done
  ^count:
    %m = llvm.add %n, %one : i32
    llvm.store %m, %p {T} : i32, !llvm.ptr
    llvm.br ^done
  ^done:
    llvm.return
  }}"""
_DROP = """  llvm.func internal fastcc @{NAME}(%p: !llvm.ptr) attributes {{passthrough = [{HOW}, "nounwind"]}} {{
    %null = llvm.mlir.zero : !llvm.ptr
    %is_null = llvm.icmp "eq" %p, %null : !llvm.ptr
    llvm.cond_br %is_null, ^done, ^cell
  ^cell:
    %n = llvm.load %p {T} : !llvm.ptr -> i32
{CHECK}    %one = llvm.mlir.constant(1 : i32) : i32
    %shared = llvm.icmp "sgt" %n, %one : i32
    llvm.cond_br %shared, ^count, ^last
  ^count:
    %m = llvm.sub %n, %one : i32
    llvm.store %m, %p {T} : i32, !llvm.ptr
{COUNTED}
  ^last:
    %unique = llvm.icmp "eq" %n, %one : i32
    llvm.cond_br %unique, ^release, ^done
  ^release:
    {RELEASE}
    llvm.br ^done
  ^done:
    llvm.return
  }}"""


_SETTLED = "    llvm.br ^done"
_SUSPECTED = """    %bit = llvm.mlir.constant({SUSPECT} : i32) : i32
    %known = llvm.icmp "ugt" %m, %bit : i32
    llvm.cond_br %known, ^done, ^suspect
  ^suspect:
    llvm.call fastcc {COUNTED_DOWN}(%p, %m) : (!llvm.ptr, i32) -> ()
    llvm.br ^done"""
FEW = 3
"""So many references of a known cell are given up one by one, in place."""
_RELEASE = "llvm.call fastcc @clef_release(%p) : (!llvm.ptr) -> ()"
_FREE = """%size = llvm.mlir.constant({SIZE} : {W}) : {W}
    llvm.call fastcc {FREE}(%p, %size) : (!llvm.ptr, {W}) -> ()"""


_PLACES = {"": '"alwaysinline"', "_apart": '"noinline"', "_cold": '"noinline", "cold"'}
"""Where a reference is counted, as the end of a helper's name: in place, in a function where that
is done once or hardly ever, and in one for the ways of exceptions."""


def _place(state: FunctionState, is_cold: bool) -> str:
    return "_cold" if is_cold else "_apart" if state.is_seldom else ""


def _duplicate(module: ModuleState, place: str) -> str:
    def write(module: ModuleState) -> None:
        values = {"T": tag(module, "count"), "NAME": name, "HOW": _PLACES[place]}
        values["CHECK"] = check_text(module, "%p", "%n", is_drop=False)
        module.functions.append(_DUPLICATE.format(**values))

    name = f"clef_duplicate{place}"
    return want(module, name, write)


def _drop(module: ModuleState, place: str) -> str:
    def write(module: ModuleState) -> None:
        want(module, "clef_release", write_release)
        _add_drop(module, name, _PLACES[place], _RELEASE)

    name = f"clef_drop{place}"
    return want(module, name, write)


def want_cold_drop(module: ModuleState) -> str:
    """Giving up a reference where it seldom happens."""
    return _drop(module, "_cold")


def _traced_drop(module: ModuleState, place: str) -> str:
    """Giving up a reference that may be one of a circle."""

    def write(module: ModuleState) -> None:
        want(module, "clef_release", write_release)
        counted = _SUSPECTED.format(SUSPECT=SUSPECT, COUNTED_DOWN=counted_down(module))
        _add_drop(module, name, _PLACES[place], _RELEASE, counted)

    name = f"clef_drop_traced{place}"
    return want(module, name, write)


def _leaf_drop(module: ModuleState, size: int) -> str:
    """Giving up a reference to a cell of that size without references."""

    def write(module: ModuleState) -> None:
        free_text = _FREE.format(SIZE=size, W=module.word, FREE=free_name(module))
        _add_drop(module, name, '"alwaysinline"', free_text)

    name = f"clef_drop_leaf_{size}"
    return want(module, name, write)


def _add_drop(
    module: ModuleState, name: str, how: str, release: str, counted: str = _SETTLED
) -> None:
    values = {"T": tag(module, "count"), "NAME": name, "HOW": how, "RELEASE": release}
    values["CHECK"] = check_text(module, "%p", "%n", is_drop=True)
    module.functions.append(_DROP.format(COUNTED=counted, **values))


def duplicate_reference(state: FunctionState, value: str) -> None:
    """Count a reference up."""
    name = _duplicate(state.module, _place(state, is_cold=False))
    do(state, f"llvm.call fastcc {name}({value}) : ({POINTER}) -> ()")


def drop_reference(state: FunctionState, value: str, word: Word, is_cold: bool = False) -> None:
    """Give a reference up."""
    place = _place(state, is_cold)
    if word.traced:
        name = _traced_drop(state.module, place)
    elif word.leaf and not place:
        name = _leaf_drop(state.module, word.leaf)
    else:
        name = _drop(state.module, place)
    do(state, f"llvm.call fastcc {name}({value}) : ({POINTER}) -> ()")


def duplicate(state: FunctionState, values: Sequence[str], words: Sequence[Word]) -> None:
    """Count up every reference of a value."""
    for value, word in zip(values, words, strict=True):
        if word.counted:
            duplicate_reference(state, value)


def drop(
    state: FunctionState, values: Sequence[str], words: Sequence[Word], is_cold: bool = False
) -> None:
    """Give up every reference of a value."""
    for value, word in zip(values, words, strict=True):
        if word.counted:
            drop_reference(state, value, word, is_cold)


def local_words(state: FunctionState, local: Local) -> list[str]:
    """The words of a local; those of a mutable one are read from its slots."""
    names = state.values[local.id]
    if not local.is_mutable:
        return names
    words = state.module.layout(local.type).words
    return [load(state, name, word.type) for name, word in zip(names, words, strict=True)]


def drop_locals(state: FunctionState, identities: Sequence[int], is_cold: bool = False) -> None:
    """Give up owned locals."""
    assert state.tables is not None
    for identity in identities:
        if identity == ENVIRONMENT:
            _drop_environment(state, is_cold)
            continue
        if identity in state.tables.tokens:
            give_up_token(state, identity)
            continue
        local = state.tables.locals[identity]
        words = state.module.layout(local.type).words
        drop(state, local_words(state, local), words, is_cold)


def _drop_environment(state: FunctionState, is_cold: bool) -> None:
    """Give up the closure's own cell, of which everything is known."""
    assert state.function is not None
    value = state.values[ENVIRONMENT][0]
    cell = state.module.plan.closures[state.function.name].cell
    kind = state.module.plan.kinds[cell.kind]
    if is_cold or state.is_seldom or len(kind.counted) > FEW:
        drop_reference(state, value, closure_word(state.module, cell), is_cold)
        return
    count, free_block, share_block, end = ask_unique(state, value)
    open_block(state, free_block)
    for local, offsets in zip(state.function.parameters, cell.fields, strict=False):
        words = state.module.layout(local.type).words
        if any(word.counted for word in words):
            drop(state, load_words(state, value, words, offsets, "field"), words)
    free(state, value, constant(state, cell.size, state.module.word))
    branch(state, end, (), ())
    open_block(state, share_block)
    decrement(state, value, count, end, bool(kind.traced))
    open_block(state, end)


def closure_word(module: ModuleState, cell: Cell) -> Word:
    """The reference to a closure's own cell, of which everything is known."""
    return Word(POINTER, counted=True, traced=bool(module.plan.kinds[cell.kind].traced))


def ask_unique(state: FunctionState, value: str) -> tuple[str, str, str, str]:
    """Branch on whether nobody else has a cell; gives its count, and the blocks for the last
    reference, for others, and for what follows.
    """
    count = load(state, value, "i32", "count")
    check(state, value, count, 1)
    unique = op(state, f'llvm.icmp "eq" {count}, {constant(state, 1, "i32")} : i32')
    free_block, share_block, end = new_block(state), new_block(state), new_block(state)
    branch_if(state, unique, free_block, share_block)
    return count, free_block, share_block, end


# Taking apart -------------------------------------------------------------------------------------


def take_apart(state: FunctionState, take: Take, token: int | None) -> None:
    """The moved fields are bound already; give up the rest. The block goes to the token."""
    layout = state.module.layout(take.owner)
    if layout.form == "nullable":
        return
    if layout.form == "counted":
        _take_cell(state, take, layout, layout.cells[take.case], token)
        return
    kept: set[int] = set()
    for index, _ in take.moved:
        first, count = layout.fields[max(take.case, 0)][index]
        kept.update(range(first, first + count))
    values = state.values[take.local.id]
    for position, word in enumerate(layout.words):
        if word.counted and position not in kept:
            drop_reference(state, values[position], word)


def _take_cell(
    state: FunctionState, take: Take, layout: Layout, cell: Cell, token: int | None
) -> None:
    value = state.values[take.local.id][0]
    count, free_block, share_block, end = ask_unique(state, value)
    open_block(state, free_block)
    _drop_other_fields(state, take, layout, cell, value)
    if token is not None:
        keep_block(state, token, value)
    else:
        free(state, value, constant(state, cell.size, state.module.word))
    branch(state, end, (), ())
    open_block(state, share_block)
    for _, local in take.moved:
        duplicate(state, state.values[local.id], state.module.layout(local.type).words)
    is_traced = bool(state.module.plan.kinds[cell.kind].traced)
    if is_traced:  # what was moved may be the cell itself
        count = load(state, value, "i32", "count")
    decrement(state, value, count, end, is_traced)
    open_block(state, end)


def _drop_other_fields(
    state: FunctionState, take: Take, layout: Layout, cell: Cell, value: str
) -> None:
    moved = {index for index, _ in take.moved}
    types = layout.field_types[max(take.case, 0)]
    for index, type in enumerate(types):
        words = state.module.layout(type).words
        if index not in moved and any(word.counted for word in words):
            drop(state, load_words(state, value, words, cell.fields[index], "field"), words)


def decrement(
    state: FunctionState, cell: str, count: str, end: str, is_traced: bool = False
) -> None:
    """Count down a shared or immortal cell whose count is known, then go on at `end`. `is_traced`:
    it can be in a circle.
    """
    mortal = op(state, f'llvm.icmp "sgt" {count}, {constant(state, 0, "i32")} : i32')
    store_block = new_block(state)
    branch_if(state, mortal, store_block, end)
    open_block(state, store_block)
    less = op(state, f"llvm.sub {count}, {constant(state, 1, 'i32')} : i32")
    store(state, less, cell, "i32", "count")
    if is_traced:
        suspected = new_block(state)
        bit = constant(state, SUSPECT, "i32")
        branch_if(state, op(state, f'llvm.icmp "ugt" {less}, {bit} : i32'), end, suspected)
        open_block(state, suspected)
        name = counted_down(state.module)
        do(state, f"llvm.call fastcc {name}({cell}, {less}) : ({POINTER}, i32) -> ()")
    branch(state, end, (), ())
