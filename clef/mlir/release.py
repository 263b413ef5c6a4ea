"""Freeing cells: the one function that knows the insides of every kind.

Comes in: the plan's kinds. Goes out: `clef_release(cell)`, called when a count has reached zero.
Promises: no recursion, however deep the structure; a dying cell waits in a list threaded through
its own header (the link in the upper 44 bits of the 64, the kind in the lower 20; with 32-bit
pointers the link takes the count's place). Bit 19 of the link says that the cell is among the
suspects of `circles.py`, whose block stays until they are gone through.
"""

from __future__ import annotations

from collections.abc import Callable

from clef.memory_plan.plan import ARRAY_START, POINTER, Kind, Word
from clef.mlir.circles import SUSPECT, counted_down, has_circles
from clef.mlir.functions import (
    FunctionState,
    branch,
    branch_if,
    constant,
    do,
    finish,
    load,
    new_block,
    null,
    offset,
    op,
    open_block,
    start,
    store,
    switch,
)
from clef.mlir.heap import free
from clef.mlir.heap_watch import check
from clef.mlir.module import ModuleState, want

_POINTER_WORD = (Word(POINTER),)
_LOOP_WORDS = (Word(POINTER), Word(POINTER), Word("i32"))
SUSPECT_LINK = 1 << 18


def write_release(module: ModuleState) -> None:
    """Add `clef_release` to the module."""
    state = start(module)
    loop, done = new_block(state), new_block(state)
    first = load(state, offset(state, "%cell", 4), "i32")
    circles = has_circles(module.plan)
    if circles:
        first = op(state, f"llvm.or {first}, {_suspect_bit(state, '%cell')} : i32")
    branch(state, loop, ["%cell", null(state), first], _LOOP_WORDS)
    cell, rest, kind = open_block(state, loop, _LOOP_WORDS)
    groups: dict[tuple[object, ...], list[int]] = {}
    for item in list(module.plan.kinds.values())[1:]:
        shape = (item.form, item.size, item.counted, item.leading, item.traced)
        groups.setdefault(shape, []).append(item.number)
    blocks = {key: new_block(state) for key in groups}
    cases = [(number, blocks[key]) for key, numbers in groups.items() for number in numbers]
    no_kind = new_block(state)
    plain = kind
    if circles:
        mask = constant(state, SUSPECT_LINK - 1, "i32")
        plain = op(state, f"llvm.and {kind}, {mask} : i32")
    switch(state, plain, "i32", cases, no_kind)
    for key, numbers in groups.items():
        open_block(state, blocks[key])
        _write_kind(state, module.plan.kinds[numbers[0]], (cell, kind), rest, loop, done)
    open_block(state, no_kind)
    do(state, "llvm.unreachable")
    open_block(state, done)
    do(state, "llvm.return")
    finish(
        state,
        "@clef_release",
        [("%cell", POINTER)],
        attributes='passthrough = ["noinline", "nounwind"]',
    )


def _suspect_bit(state: FunctionState, cell: str) -> str:
    """`SUSPECT_LINK` if the cell, whose count is there, is a suspect."""
    count = load(state, cell, "i32")
    shifted = op(state, f"llvm.lshr {count}, {constant(state, 12, 'i32')} : i32")
    return op(state, f"llvm.and {shifted}, {constant(state, SUSPECT_LINK, 'i32')} : i32")


# The link -----------------------------------------------------------------------------------------


def _set_link(state: FunctionState, cell: str, link: str, is_traced: bool) -> None:
    """Put a cell at the head of the list."""
    kind = load(state, offset(state, cell, 4), "i32")
    if is_traced:
        kind = op(state, f"llvm.or {kind}, {_suspect_bit(state, cell)} : i32")
    if state.module.plan.facts.pointer_bytes == 4:
        if is_traced:
            store(state, kind, offset(state, cell, 4), "i32")
        store(state, link, cell, POINTER)
        return
    bits = op(state, f"llvm.ptrtoint {link} : {POINTER} to i64")
    shifted = op(state, f"llvm.shl {bits}, {constant(state, 16, 'i64')} : i64")
    wide = op(state, f"llvm.zext {kind} : i32 to i64")
    header = op(state, f"llvm.or {shifted}, {wide} : i64")
    store(state, header, cell, "i64")


def _get_link(state: FunctionState, cell: str) -> tuple[str, str]:
    """The rest of the list, and the cell's kind."""
    if state.module.plan.facts.pointer_bytes == 4:
        return load(state, cell, POINTER), load(state, offset(state, cell, 4), "i32")
    header = load(state, cell, "i64")
    low = op(state, f"llvm.trunc {header} : i64 to i32")
    kind = op(state, f"llvm.and {low}, {constant(state, 2 * SUSPECT_LINK - 1, 'i32')} : i32")
    high = op(state, f"llvm.lshr {header}, {constant(state, 19, 'i64')} : i64")
    bits = op(state, f"llvm.shl {high}, {constant(state, 3, 'i64')} : i64")
    return op(state, f"llvm.inttoptr {bits} : i64 to {POINTER}"), kind


def _give_up_symbol(module: ModuleState, is_traced: bool) -> str:
    name = "clef_give_up_traced" if is_traced else "clef_give_up"
    return want(module, name, lambda module: _write_give_up(module, name, is_traced))


def _write_give_up(module: ModuleState, name: str, is_traced: bool) -> None:
    """`clef_give_up(child, list)`: count the child down; when it dies, it heads the new list."""
    state = start(module)
    state.results = _POINTER_WORD
    cell_block, count_block, living, dying = (new_block(state) for _ in range(4))
    same = new_block(state)
    is_null = op(state, f'llvm.icmp "eq" %child, {null(state)} : {POINTER}')
    branch_if(state, is_null, same, cell_block)
    open_block(state, cell_block)
    count = load(state, "%child", "i32")
    check(state, "%child", count, 1)
    less = op(state, f"llvm.sub {count}, {constant(state, 1, 'i32')} : i32")
    zero = constant(state, 0, "i32")
    branch_if(state, op(state, f'llvm.icmp "eq" {less}, {zero} : i32'), dying, living)
    open_block(state, living)
    branch_if(state, op(state, f'llvm.icmp "sgt" {less}, {zero} : i32'), count_block, same)
    open_block(state, count_block)
    store(state, less, "%child", "i32")
    if is_traced:
        _suspect(state, less, dying, same)
    else:
        branch(state, same, (), ())
    open_block(state, dying)
    _set_link(state, "%child", "%list", is_traced)
    do(state, f"llvm.return %child : {POINTER}")
    open_block(state, same)
    do(state, f"llvm.return %list : {POINTER}")
    parameters = [("%child", POINTER), ("%list", POINTER)]
    how = '"noinline"' if is_traced else '"alwaysinline"'
    finish(state, f"@{name}", parameters, attributes=f'passthrough = [{how}, "nounwind"]')


def _suspect(state: FunctionState, count: str, dying: str, same: str) -> None:
    """The child has lost a reference: it dies, or may be a part of a circle now."""
    counted_down(state.module)
    new, known = new_block(state), new_block(state)
    bit = constant(state, SUSPECT, "i32")
    branch_if(state, op(state, f'llvm.icmp "ult" {count}, {bit} : i32'), new, known)
    open_block(state, new)
    do(state, f"llvm.call fastcc @clef_suspect(%child) : ({POINTER}) -> ()")
    branch(state, same, (), ())
    open_block(state, known)
    branch_if(state, op(state, f'llvm.icmp "eq" {count}, {bit} : i32'), dying, same)


def _give_up(state: FunctionState, child: str, rest: str, is_traced: bool) -> str:
    name = _give_up_symbol(state.module, is_traced)
    return op(
        state,
        f"llvm.call fastcc {name}({child}, {rest}) : ({POINTER}, {POINTER}) -> {POINTER}",
    )


def _give_up_last(
    state: FunctionState, child: str, parent: tuple[str, str], rest: str, loop: str
) -> None:
    """A cell's last child is next when it dies, without a way through the list."""
    cell_block, living, count_block, dying, end = (new_block(state) for _ in range(5))
    is_null = op(state, f'llvm.icmp "eq" {child}, {null(state)} : {POINTER}')
    branch_if(state, is_null, end, cell_block)
    open_block(state, cell_block)
    count = load(state, child, "i32")
    check(state, child, count, 1)
    less = op(state, f"llvm.sub {count}, {constant(state, 1, 'i32')} : i32")
    zero = constant(state, 0, "i32")
    branch_if(state, op(state, f'llvm.icmp "eq" {less}, {zero} : i32'), dying, living)
    open_block(state, dying)
    free(state, *parent)
    kind = load(state, offset(state, child, 4), "i32")
    branch(state, loop, [child, rest, kind], _LOOP_WORDS)
    open_block(state, living)
    branch_if(state, op(state, f'llvm.icmp "sgt" {less}, {zero} : i32'), count_block, end)
    open_block(state, count_block)
    store(state, less, child, "i32")
    branch(state, end, (), ())
    open_block(state, end)


# One kind -----------------------------------------------------------------------------------------


def _write_kind(
    state: FunctionState, kind: Kind, dying: tuple[str, str], rest: str, loop: str, done: str
) -> None:
    cell, link = dying
    if kind.form == "cell":
        # What leads into circles is a suspect when it lives on.
        is_plain = not kind.traced and not set(kind.counted[-1:]) & set(kind.leading)
        last = kind.counted[-1:] if is_plain else ()
        for place in kind.counted[: len(kind.counted) - len(last)]:
            child = load(state, offset(state, cell, place), POINTER)
            rest = _give_up(state, child, rest, place in kind.leading)
        size = constant(state, kind.size, state.module.word)
        for place in last:
            child = load(state, offset(state, cell, place), POINTER)
            _give_up_last(state, child, (cell, size), rest, loop)
    else:
        length = load(state, offset(state, cell, 8), "i32")
        if kind.counted:
            rest = _write_elements(state, kind, cell, length, rest)
        size = block_size(state, length, kind.size, kind.form == "string")
    if kind.traced:
        _free_suspect(state, kind, cell, link, size)
    else:
        free(state, cell, size)
    empty = op(state, f'llvm.icmp "eq" {rest}, {null(state)} : {POINTER}')
    more = new_block(state)
    branch_if(state, empty, done, more)
    open_block(state, more)
    following, next_kind = _get_link(state, rest)
    branch(state, loop, [rest, following, next_kind], _LOOP_WORDS)


def _free_suspect(state: FunctionState, kind: Kind, cell: str, link: str, size: str) -> None:
    """The block of a suspect stays, with the sign that it is dead; an array leaves the list."""
    suspected, usual, end = new_block(state), new_block(state), new_block(state)
    bit = op(state, f"llvm.and {link}, {constant(state, SUSPECT_LINK, 'i32')} : i32")
    is_suspect = op(state, f'llvm.icmp "ne" {bit}, {constant(state, 0, "i32")} : i32')
    branch_if(state, is_suspect, suspected, usual)
    open_block(state, suspected)
    if kind.form == "array":
        do(state, f"llvm.call fastcc @clef_forget_array({cell}) : ({POINTER}) -> ()")
        branch(state, usual, (), ())
    else:
        mask = constant(state, SUSPECT_LINK - 1, "i32")
        plain = op(state, f"llvm.and {link}, {mask} : i32")
        store(state, plain, offset(state, cell, 4), "i32")
        store(state, constant(state, SUSPECT, "i32"), cell, "i32")
        branch(state, end, (), ())
    open_block(state, usual)
    free(state, cell, size)
    branch(state, end, (), ())
    open_block(state, end)


def block_size(state: FunctionState, length: str, element_size: int, is_string: bool) -> str:
    """Bytes of the block of an array or a string (which ends in a zero byte)."""
    word = state.module.word
    wide = length if word == "i32" else op(state, f"llvm.zext {length} : i32 to {word}")
    bytes = wide
    if element_size != 1:
        bytes = op(state, f"llvm.mul {wide}, {constant(state, element_size, word)} : {word}")
    head = constant(state, ARRAY_START + is_string, word)
    return op(state, f"llvm.add {bytes}, {head} : {word}")


def _write_elements(state: FunctionState, kind: Kind, cell: str, length: str, rest: str) -> str:
    """Give up the references of all elements; gives the new list."""
    words = (Word("i32"), Word(POINTER))
    loop, body, end = new_block(state), new_block(state), new_block(state)
    branch(state, loop, [constant(state, 0, "i32"), rest], words)
    index, current = open_block(state, loop, words)
    more = op(state, f'llvm.icmp "ult" {index}, {length} : i32')
    branch_if(state, more, body, end)
    open_block(state, body)
    place = element_address(state, cell, index, kind.size)
    following = current
    for counted in kind.counted:
        child = load(state, offset(state, place, counted), POINTER)
        following = _give_up(state, child, following, counted in kind.leading)
    step = op(state, f"llvm.add {index}, {constant(state, 1, 'i32')} : i32")
    branch(state, loop, [step, following], words)
    open_block(state, end)
    return current


def each_element(
    state: FunctionState, cell: str, length: str, size: int, act: Callable[[str], None]
) -> None:
    """A loop over the addresses of an array's elements."""
    words = (Word("i32"),)
    loop, body, end = new_block(state), new_block(state), new_block(state)
    branch(state, loop, [constant(state, 0, "i32")], words)
    (index,) = open_block(state, loop, words)
    more = op(state, f'llvm.icmp "ult" {index}, {length} : i32')
    branch_if(state, more, body, end)
    open_block(state, body)
    act(element_address(state, cell, index, size))
    step = op(state, f"llvm.add {index}, {constant(state, 1, 'i32')} : i32")
    branch(state, loop, [step], words)
    open_block(state, end)


def element_address(
    state: FunctionState,
    array: str,
    index: str,
    size: int,
    type: str = "i32",
    widening: str = "zext",
) -> str:
    """The address of an array's element; `index`, of that integer type, is known to be inside.
    LLVM moves `widening` into sums and products: by sign where these are known not to wrap.
    """
    word = state.module.word
    wide = index
    if word != type:
        change = widening if type == "i32" else "trunc"
        wide = op(state, f"llvm.{change} {index} : {type} to {word}")
    base = offset(state, array, ARRAY_START)
    unit = f"i{size * 8}" if size in (1, 2, 4, 8) else f"!llvm.array<{size} x i8>"
    return op(
        state,
        f"llvm.getelementptr inbounds {base}[{wide}] : ({POINTER}, {word}) -> {POINTER}, {unit}",
    )
