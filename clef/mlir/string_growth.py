"""Strings that grow: what is put behind a text that nobody else has needs no copy of it.

Comes in: `string_grow`, a string that is given up and how many bytes more are wanted. Goes out: a
string under construction with the same bytes at its beginning, which is the same cell where its
block has the room. Promises: blocks of more than 512 bytes are powers of two, so that building a
text of n bytes piece by piece copies O(n) bytes; beyond that the kernel moves pages, where it can.
With a heap that checks each block's bounds every piece is copied.
"""

# ruff: noqa: E501 (lines of MLIR text)

from __future__ import annotations

from clef.memory_plan.plan import POINTER
from clef.mlir.functions import FunctionState, op
from clef.mlir.heap import system_call_symbol
from clef.mlir.heap_watch import allocate_name, check_text, free_name, is_watched
from clef.mlir.module import ModuleState, want
from clef.typed_core.core import Primitive

Words = list[str]
_EXACT, _IN_HEAPS, MAPPED = 0, 16384, 524288
_MREMAP = {"x86_64": 25, "": 216}

_GROW = """  llvm.func internal fastcc @clef_string_grow_far(%cell: !llvm.ptr, %extra: i32) -> !llvm.ptr attributes {{passthrough = ["noinline", "nounwind"]}} {{
    %count = llvm.load %cell {{alignment = 4 : i64}} : !llvm.ptr -> i32
{CHECK}    %length_at = llvm.getelementptr inbounds %cell[8] : (!llvm.ptr) -> !llvm.ptr, i8
    %old = llvm.load %length_at : !llvm.ptr -> i32
    %new = llvm.add %old, %extra : i32
    %head = llvm.mlir.constant(16 : {W}) : {W}
    %one = llvm.mlir.constant(1 : i32) : i32
    %none = llvm.mlir.constant(0 : i32) : i32
    %zero = llvm.mlir.constant(0 : i8) : i8
    %end = llvm.mlir.constant(17 : {W}) : {W}
{WIDE}    %filled = llvm.add %old_wide, %head : {W}
    %have = llvm.add %old_wide, %end : {W}
    %need = llvm.add %new_wide, %end : {W}
    %unique = llvm.icmp "eq" %count, %one : i32
    llvm.cond_br %unique, ^mine, ^copy
  ^mine:
{MOVE}    "llvm.intr.memcpy"(%fresh, %cell, %filled) <{{isVolatile = false}}> : (!llvm.ptr, !llvm.ptr, {W}) -> ()
    llvm.store %one, %fresh : i32, !llvm.ptr
    llvm.cond_br %unique, ^free, ^shared
  ^free:
    llvm.call fastcc {FREE}(%cell, %have) : (!llvm.ptr, {W}) -> ()
    llvm.br ^done(%fresh : !llvm.ptr)
  ^shared:
    %mortal = llvm.icmp "sgt" %count, %none : i32
    llvm.cond_br %mortal, ^decrement, ^done(%fresh : !llvm.ptr)
  ^decrement:
    %less = llvm.sub %count, %one : i32
    llvm.store %less, %cell : i32, !llvm.ptr
    llvm.br ^done(%fresh : !llvm.ptr)
  ^done(%result: !llvm.ptr):
    %at = llvm.getelementptr inbounds %result[8] : (!llvm.ptr) -> !llvm.ptr, i8
    llvm.store %new, %at : i32, !llvm.ptr
    %bytes = llvm.getelementptr inbounds %result[16] : (!llvm.ptr) -> !llvm.ptr, i8
    %last = llvm.getelementptr inbounds %bytes[%new_wide] : (!llvm.ptr, {W}) -> !llvm.ptr, i8
    llvm.store %zero, %last : i8, !llvm.ptr
    llvm.return %result : !llvm.ptr
  }}"""

_GROW_HERE = """  llvm.func internal fastcc @clef_string_grow(%cell: !llvm.ptr, %extra: i32) -> !llvm.ptr attributes {{passthrough = ["noinline", "nounwind"]}} {{
    %count = llvm.load %cell {{alignment = 4 : i64}} : !llvm.ptr -> i32
    %length_at = llvm.getelementptr inbounds %cell[8] : (!llvm.ptr) -> !llvm.ptr, i8
    %old = llvm.load %length_at : !llvm.ptr -> i32
    %new = llvm.add %old, %extra : i32
    %one = llvm.mlir.constant(1 : i32) : i32
    %zero = llvm.mlir.constant(0 : i8) : i8
    %end = llvm.mlir.constant(17 : {W}) : {W}
{WIDE}    %have = llvm.add %old_wide, %end : {W}
    %need = llvm.add %new_wide, %end : {W}
    %unique = llvm.icmp "eq" %count, %one : i32
    llvm.cond_br %unique, ^mine, ^far
  ^mine:
    %has = llvm.call fastcc {ROOM}(%have) : ({W}) -> {W}
    %fits = llvm.icmp "ule" %need, %has : {W}
    llvm.cond_br %fits, ^here, ^far
  ^here:
{HERE}    llvm.store %new, %length_at : i32, !llvm.ptr
    %bytes = llvm.getelementptr inbounds %cell[16] : (!llvm.ptr) -> !llvm.ptr, i8
    %last = llvm.getelementptr inbounds %bytes[%new_wide] : (!llvm.ptr, {W}) -> !llvm.ptr, i8
    llvm.store %zero, %last : i8, !llvm.ptr
    llvm.return %cell : !llvm.ptr
  ^far:
    %moved = llvm.call fastcc @clef_string_grow_far(%cell, %extra) : (!llvm.ptr, i32) -> !llvm.ptr
    llvm.return %moved : !llvm.ptr
  }}"""
"""The common case by itself: it needs few registers."""

_MOVE = """    %has = llvm.call fastcc {ROOM}(%have) : ({W}) -> {W}
    %fits = llvm.icmp "ule" %need, %has : {W}
    llvm.cond_br %fits, ^stay, ^move
  ^stay:
{STAY}    llvm.br ^done(%cell : !llvm.ptr)
  ^move:
{REMAP}    llvm.br ^copy
  ^copy:
    %fresh = llvm.call fastcc {ALLOCATE}(%need) : ({W}) -> !llvm.ptr
"""
"""A block that has room for more stays; else the kernel moves it, or it is copied."""

_ROOM = """  llvm.func internal fastcc @clef_block_room(%size: {W}) -> {W} attributes {{passthrough = ["alwaysinline", "nounwind"]}} {{
{ROOM}  }}"""

_ROUND = """    %limit = llvm.mlir.constant(512 : {W}) : {W}
    %small = llvm.icmp "ule" %size, %limit : {W}
    llvm.cond_br %small, ^small, ^large
  ^small:
    %rest = llvm.mlir.constant({REST} : {W}) : {W}
    %grain = llvm.mlir.constant(-{GRAIN} : {W}) : {W}
    %up = llvm.add %size, %rest : {W}
    %even = llvm.and %up, %grain : {W}
    llvm.return %even : {W}
  ^large:
    %own = llvm.mlir.constant({OWN} : {W}) : {W}
    %mapped = llvm.icmp "ugt" %size, %own : {W}
    llvm.cond_br %mapped, ^mapped, ^power
  ^mapped:
    %page = llvm.mlir.constant({PAGE} : {W}) : {W}
    %mask = llvm.mlir.constant({MASK} : {W}) : {W}
    %more = llvm.add %size, %page : {W}
    %pages = llvm.and %more, %mask : {W}
    llvm.return %pages : {W}
  ^power:
    %one = llvm.mlir.constant(1 : {W}) : {W}
    %bits = llvm.mlir.constant({BITS} : {W}) : {W}
    %less = llvm.sub %size, %one : {W}
    %zeros = "llvm.intr.ctlz"(%less) <{{is_zero_poison = false}}> : ({W}) -> {W}
    %class = llvm.sub %bits, %zeros : {W}
    %whole = llvm.shl %one, %class : {W}
    llvm.return %whole : {W}
"""

_REMAP = """    %own = llvm.mlir.constant({OWN} : i64) : i64
    %was = llvm.icmp "ugt" %have, %own : i64
    llvm.cond_br %was, ^remap, ^copy
  ^remap:
    %number = llvm.mlir.constant({NUMBER} : i64) : i64
    %place = llvm.ptrtoint %cell : !llvm.ptr to i64
    %may_move = llvm.mlir.constant(1 : i64) : i64
    %nothing = llvm.mlir.constant(0 : i64) : i64
    %got = llvm.call @clef_syscall(%number, %place, %have, %need, %may_move, %nothing, %nothing) : (i64, i64, i64, i64, i64, i64, i64) -> i64
    %good = llvm.icmp "sgt" %got, %nothing : i64
    %there = llvm.inttoptr %got : i64 to !llvm.ptr
    llvm.cond_br %good, ^moved, ^refused
  ^moved:
{STAY}    llvm.br ^done(%there : !llvm.ptr)
  ^refused:
"""

_COUNTED = """    %{P}delta = llvm.sub %need, %have : i64
    %{P}cells = llvm.mlir.constant(0 : i64) : i64
    llvm.call fastcc @clef_watch_count(%{P}cells, %{P}delta) : (i64, i64) -> ()
"""

_WIDE = """    %old_wide = llvm.zext %old : i32 to i64
    %new_wide = llvm.zext %new : i32 to i64
"""
_NARROW = """    %no_more = llvm.mlir.constant(0 : i32) : i32
    %old_wide = llvm.add %old, %no_more : i32
    %new_wide = llvm.add %new, %no_more : i32
"""


def grow(state: FunctionState, node: Primitive, values: list[Words]) -> Words:
    """string_grow."""
    (text,), (extra,) = values
    name = want(state.module, "clef_string_grow", _write)
    return [op(state, f"llvm.call fastcc {name}({text}, {extra}) : ({POINTER}, i32) -> {POINTER}")]


def largest_class(module: ModuleState) -> int:
    """Bytes of the largest block that has its class's size; of others only the last page is free."""
    options = module.options
    if options.check_heap or (options.system_heap and module.plan.pool_bytes is None):
        return _EXACT
    if module.has_heaps:
        return _IN_HEAPS
    is_mapped = module.target.system == "linux" and module.plan.pool_bytes is None
    return MAPPED if is_mapped else 1 << 30


def _room_symbol(module: ModuleState) -> str:
    """A function from the bytes of a block to those that it has in truth."""
    return want(module, "clef_block_room", _write_room)


def _write_room(module: ModuleState) -> None:
    largest = largest_class(module)
    word = module.word
    page = 4095 if largest == MAPPED else 0
    if largest == _EXACT:
        room = f"    llvm.return %size : {word}\n"
    else:
        bits = module.plan.facts.pointer_bytes * 8
        grain = {"REST": module.grain - 1, "GRAIN": module.grain}
        room = _ROUND.format(W=word, OWN=largest, PAGE=page, MASK=~page, BITS=bits, **grain)
    module.functions.append(_ROOM.format(W=word, ROOM=room))


def _counted_text(module: ModuleState, prefix: str = "") -> str:
    """What tells a watched heap that a block has grown from `%have` to `%need`."""
    return _COUNTED.format(P=prefix) if is_watched(module) else ""


def _remap_text(module: ModuleState) -> str:
    """Code that has the kernel move a mapped block, and goes to `^done` if it did."""
    if largest_class(module) != MAPPED:
        return ""
    system_call_symbol(module)
    number = _MREMAP.get(module.target.architecture, _MREMAP[""])
    return _REMAP.format(OWN=MAPPED, NUMBER=number, STAY=_counted_text(module, "moved_"))


def move_text(module: ModuleState) -> str:
    """Code that goes to `^done` with the block of `%cell` if `%need` bytes have room there or where
    the kernel moves it, and else goes on with `%fresh`, a new one."""
    return _MOVE.format(
        W=module.word,
        ROOM=_room_symbol(module),
        STAY=_counted_text(module),
        REMAP=_remap_text(module),
        ALLOCATE=allocate_name(module),
    )


def _write(module: ModuleState) -> None:
    word = module.word
    text = _GROW.format(
        W=word,
        CHECK=check_text(module, "%cell", "%count", is_drop=False),
        WIDE=_WIDE if word == "i64" else _NARROW,
        MOVE=move_text(module),
        FREE=free_name(module),
    )
    module.functions.append(text)
    here = _GROW_HERE.format(
        W=word,
        WIDE=_WIDE if word == "i64" else _NARROW,
        ROOM=_room_symbol(module),
        HERE=_counted_text(module),
    )
    module.functions.append(here)
