"""Small blocks lie in pages of 4 KiB, and those that are freed in one are used together.

Comes in: the values that `heap.py` fills its texts with. Goes out: how `clef_allocate` gets more
blocks of a class, and how `clef_free` gives one back. Promises: new blocks of up to 128 bytes lie
one behind the other in the order in which they were made, whatever their class. Each class takes
from one page, the *current* one, whose freed blocks are in `clef_free_lists`, the last one first;
where that and all others have none, a new block is cut off, in a few instructions. A
block that is freed elsewhere waits in its own page until that is the current one (free list
sharding: Leijen, Zorn, de Moura, Mimalloc, APLAS 2019). So a long list that is made after many
cells were freed in any order walks through memory page by page; with one list for all it would
walk at random, and wait for each cell. Once there is more of them than near memory holds, the freed
blocks of a page are linked anew in the order of their addresses when it becomes the current one, so
that the processor fetches ahead. Blocks that are larger, and all blocks of what is small
altogether (boards, pools), have one list for each class.

A page begins with two words for each class: its freed blocks, and the next page that has such.
"""

# ruff: noqa: E501 (lines of MLIR text)

from __future__ import annotations

PAGED = 128
"""The largest blocks that lie in pages."""

_RUN = 262144
"""How much memory for pages Linux is asked for at once, when a program has used as much."""

_STATE = """
  llvm.mlir.global internal @clef_ready() {{alignment = 16 : i64}} : !llvm.array<{LISTS} x ptr> {{
    %0 = llvm.mlir.zero : !llvm.array<{LISTS} x ptr>
    llvm.return %0 : !llvm.array<{LISTS} x ptr>
  }}
  llvm.mlir.global internal @clef_current() {{alignment = 16 : i64}} : !llvm.array<{LISTS} x {W}> {{
    %0 = llvm.mlir.zero : !llvm.array<{LISTS} x {W}>
    llvm.return %0 : !llvm.array<{LISTS} x {W}>
  }}
  llvm.mlir.global internal @clef_fresh(0 : {W}) : {W}
  llvm.mlir.global internal @clef_fresh_end(0 : {W}) : {W}
  llvm.mlir.global internal @clef_pages(0 : {W}) : {W}
  llvm.mlir.global internal @clef_pages_end(0 : {W}) : {W}
  llvm.mlir.global internal @clef_run_size(131072 : {W}) : {W}"""
"""By class: pages with freed blocks, and the current page. What is left of the page that new blocks
come from, of the run that new pages come from, and how large the next run is."""

_SIZE = """    %shift = llvm.mlir.constant({SHIFT} : {W}) : {W}
    %size = llvm.shl %class, %shift : {W}
    %limit = llvm.mlir.constant({PAGED} : {W}) : {W}
    %paged = llvm.icmp "ule" %size, %limit : {W}
"""
"""Whether blocks of a class lie in pages."""

_LOOK = """  ^look:
    %ready = llvm.mlir.addressof @clef_ready : !llvm.ptr
    %waiting = llvm.getelementptr inbounds %ready[%class] : (!llvm.ptr, {W}) -> !llvm.ptr, !llvm.ptr
    %page = llvm.load %waiting : !llvm.ptr -> !llvm.ptr
    %null = llvm.mlir.zero : !llvm.ptr
    %none = llvm.icmp "eq" %page, %null : !llvm.ptr
"""
"""The first page that has freed blocks of the class, if one has."""

_MORE_IN_PAGES = (
    """  llvm.func internal {CONVENTION} @clef_allocate_slow(%class: {W}) -> !llvm.ptr attributes {{passthrough = ["noinline", "nounwind", "cold"]}} {{
"""
    + _SIZE
    + """    llvm.cond_br %paged weights([100, 1]), ^look, ^more
"""
    + _LOOK
    + """    llvm.cond_br %none weights([100, 1]), ^fresh, ^more
  ^more:
    %other = llvm.call {CONVENTION} tail @clef_allocate_elsewhere(%class) : ({W}) -> !llvm.ptr
    llvm.return %other : !llvm.ptr
  ^fresh:
    %fresh_at = llvm.mlir.addressof @clef_fresh : !llvm.ptr
    %fresh_end = llvm.mlir.addressof @clef_fresh_end : !llvm.ptr
    %position = llvm.load %fresh_at : !llvm.ptr -> {W}
    %end = llvm.load %fresh_end : !llvm.ptr -> {W}
    %next = llvm.add %position, %size : {W}
    %fits = llvm.icmp "ule" %next, %end : {W}
    llvm.cond_br %fits weights([100, 1]), ^cut, ^more
  ^cut:
    llvm.store %next, %fresh_at : {W}, !llvm.ptr
    %made = llvm.inttoptr %position : {W} to !llvm.ptr
{COUNT_UP}    llvm.return %made : !llvm.ptr
  }}
  llvm.func internal {CONVENTION} @clef_allocate_elsewhere(%class: {W}) -> !llvm.ptr attributes {{passthrough = ["noinline", "nounwind", "cold"]}} {{
"""
    + _SIZE
    + """    llvm.cond_br %paged, ^look, ^carve
  ^carve:
    %carved = llvm.call fastcc @clef_carve(%size) : ({W}) -> !llvm.ptr
    llvm.br ^done(%carved : !llvm.ptr)
"""
    + _LOOK
    + """    %one = llvm.mlir.constant(1 : {W}) : {W}
    llvm.cond_br %none, ^page, ^again
  ^again:
    %place = llvm.shl %class, %one : {W}
    %freed_at = llvm.getelementptr inbounds %page[%place] : (!llvm.ptr, {W}) -> !llvm.ptr, !llvm.ptr
    %after_at = llvm.getelementptr inbounds %freed_at[1] : (!llvm.ptr) -> !llvm.ptr, !llvm.ptr
    %after = llvm.load %after_at : !llvm.ptr -> !llvm.ptr
    llvm.store %after, %waiting : !llvm.ptr, !llvm.ptr
    %last = llvm.load %freed_at : !llvm.ptr -> !llvm.ptr
    llvm.store %null, %freed_at : !llvm.ptr, !llvm.ptr
    %sizes = llvm.mlir.addressof @clef_run_size : !llvm.ptr
    %run = llvm.load %sizes : !llvm.ptr -> {W}
    %most = llvm.mlir.constant({RUN} : {W}) : {W}
    %large = llvm.icmp "uge" %run, %most : {W}
    llvm.cond_br %large, ^order, ^reuse(%last : !llvm.ptr)
  ^order:
    %lowest = llvm.call fastcc @clef_order(%last) : (!llvm.ptr) -> !llvm.ptr
    llvm.br ^reuse(%lowest : !llvm.ptr)
  ^reuse(%freed: !llvm.ptr):
    %rest = llvm.load %freed : !llvm.ptr -> !llvm.ptr
    %lists = llvm.mlir.addressof @clef_free_lists : !llvm.ptr
    %list = llvm.getelementptr inbounds %lists[%class] : (!llvm.ptr, {W}) -> !llvm.ptr, !llvm.ptr
    llvm.store %rest, %list : !llvm.ptr, !llvm.ptr
    llvm.br ^take(%freed : !llvm.ptr)
  ^page:
    %start = llvm.call fastcc @clef_page() : () -> {W}
    %behind = llvm.add %start, %size : {W}
    %fresh_at = llvm.mlir.addressof @clef_fresh : !llvm.ptr
    llvm.store %behind, %fresh_at : {W}, !llvm.ptr
    %made = llvm.inttoptr %start : {W} to !llvm.ptr
    llvm.br ^take(%made : !llvm.ptr)
  ^take(%taken: !llvm.ptr):
    %currents = llvm.mlir.addressof @clef_current : !llvm.ptr
    %current = llvm.getelementptr inbounds %currents[%class] : (!llvm.ptr, {W}) -> !llvm.ptr, {W}
    %number = llvm.ptrtoint %taken : !llvm.ptr to {W}
    %mask = llvm.mlir.constant(-4096 : {W}) : {W}
    %own = llvm.and %number, %mask : {W}
    llvm.store %own, %current : {W}, !llvm.ptr
    llvm.br ^done(%taken : !llvm.ptr)
  ^done(%r: !llvm.ptr):
{COUNT_UP}    llvm.return %r : !llvm.ptr
  }}
  llvm.func internal fastcc @clef_page() -> {W} attributes {{passthrough = ["noinline", "nounwind", "cold"]}} {{
    %one = llvm.mlir.constant(1 : {W}) : {W}
    %bytes = llvm.mlir.constant(4096 : {W}) : {W}
    %pages = llvm.mlir.addressof @clef_pages : !llvm.ptr
    %pages_end = llvm.mlir.addressof @clef_pages_end : !llvm.ptr
    %position = llvm.load %pages : !llvm.ptr -> {W}
    %end = llvm.load %pages_end : !llvm.ptr -> {W}
    %after = llvm.add %position, %bytes : {W}
    %fits = llvm.icmp "ule" %after, %end : {W}
    llvm.cond_br %fits, ^cut(%position : {W}), ^run
  ^run:
    %sizes = llvm.mlir.addressof @clef_run_size : !llvm.ptr
    %want = llvm.load %sizes : !llvm.ptr -> {W}
    %most = llvm.mlir.constant({RUN} : {W}) : {W}
    %double = llvm.shl %want, %one : {W}
    %grown = llvm.intr.umin(%double, %most) : ({W}, {W}) -> {W}
    llvm.store %grown, %sizes : {W}, !llvm.ptr
    %run = llvm.call fastcc @clef_memory(%want) : ({W}) -> {W}
    %stop = llvm.add %run, %want : {W}
    llvm.store %stop, %pages_end : {W}, !llvm.ptr
{POPULATE}    llvm.br ^cut(%run : {W})
  ^cut(%page: {W}):
    %next = llvm.add %page, %bytes : {W}
    llvm.store %next, %pages : {W}, !llvm.ptr
    %fresh_end = llvm.mlir.addressof @clef_fresh_end : !llvm.ptr
    llvm.store %next, %fresh_end : {W}, !llvm.ptr
    %header = llvm.mlir.constant({HEADER} : {W}) : {W}
    %first = llvm.add %page, %header : {W}
    llvm.return %first : {W}
  }}
"""
)

_ORDER = """  llvm.func internal fastcc @clef_order(%first: !llvm.ptr) -> !llvm.ptr attributes {{passthrough = ["noinline", "nounwind", "cold"]}} {{
    %zero = llvm.mlir.constant(0 : {W}) : {W}
    %one = llvm.mlir.constant(1 : {W}) : {W}
    %few = llvm.mlir.constant(16 : {W}) : {W}
    %three = llvm.mlir.constant(3 : {W}) : {W}
    %six = llvm.mlir.constant(6 : {W}) : {W}
    %words = llvm.mlir.constant(8 : {W}) : {W}
    %inside = llvm.mlir.constant(4095 : {W}) : {W}
    %mask = llvm.mlir.constant(-4096 : {W}) : {W}
    %none = llvm.mlir.constant(0 : i64) : i64
    %bit = llvm.mlir.constant(1 : i64) : i64
    %low = llvm.mlir.constant(63 : i64) : i64
    %null = llvm.mlir.zero : !llvm.ptr
    %map = llvm.alloca %words x i64 : ({W}) -> !llvm.ptr
    %head = llvm.alloca %one x !llvm.ptr : ({W}) -> !llvm.ptr
    %bytes = llvm.mlir.constant(64 : {W}) : {W}
    llvm.br ^count(%first, %one : !llvm.ptr, {W})
  ^count(%seen: !llvm.ptr, %length: {W}):
    %unseen = llvm.load %seen : !llvm.ptr -> !llvm.ptr
    %is_last = llvm.icmp "eq" %unseen, %null : !llvm.ptr
    llvm.cond_br %is_last, ^short, ^longer
  ^short:
    llvm.return %first : !llvm.ptr
  ^longer:
    %counted = llvm.add %length, %one : {W}
    %many = llvm.icmp "ugt" %counted, %few : {W}
    llvm.cond_br %many, ^clear, ^count(%unseen, %counted : !llvm.ptr, {W})
  ^clear:
    %empty = llvm.mlir.constant(0 : i8) : i8
    "llvm.intr.memset"(%map, %empty, %bytes) <{{isVolatile = false}}> : (!llvm.ptr, i8, {W}) -> ()
    %number = llvm.ptrtoint %first : !llvm.ptr to {W}
    %page = llvm.and %number, %mask : {W}
    llvm.br ^fetch(%zero : {W})
  ^fetch(%line: {W}):
    %ahead = llvm.add %page, %line : {W}
    %ahead_at = llvm.inttoptr %ahead : {W} to !llvm.ptr
    "llvm.intr.prefetch"(%ahead_at) <{{cache = 1 : i32, hint = 3 : i32, rw = 1 : i32}}> : (!llvm.ptr) -> ()
    %further = llvm.add %line, %bytes : {W}
    %more = llvm.icmp "ule" %further, %inside : {W}
    llvm.cond_br %more, ^fetch(%further : {W}), ^mark(%first : !llvm.ptr)
  ^mark(%block: !llvm.ptr):
    %block_number = llvm.ptrtoint %block : !llvm.ptr to {W}
    %offset = llvm.and %block_number, %inside : {W}
    %slot = llvm.lshr %offset, %three : {W}
    %word = llvm.lshr %slot, %six : {W}
    %word_at = llvm.getelementptr inbounds %map[%word] : (!llvm.ptr, {W}) -> !llvm.ptr, i64
    %old = llvm.load %word_at : !llvm.ptr -> i64
{SLOT}    %place = llvm.and %slot64, %low : i64
    %set = llvm.shl %bit, %place : i64
    %new = llvm.or %old, %set : i64
    llvm.store %new, %word_at : i64, !llvm.ptr
    %next = llvm.load %block : !llvm.ptr -> !llvm.ptr
    %ends = llvm.icmp "eq" %next, %null : !llvm.ptr
    llvm.cond_br %ends, ^word(%zero, %head : {W}, !llvm.ptr), ^mark(%next : !llvm.ptr)
  ^word(%index: {W}, %behind: !llvm.ptr):
    %found_at = llvm.getelementptr inbounds %map[%index] : (!llvm.ptr, {W}) -> !llvm.ptr, i64
    %found = llvm.load %found_at : !llvm.ptr -> i64
    %base = llvm.shl %index, %six : {W}
    llvm.br ^bits(%found, %behind : i64, !llvm.ptr)
  ^bits(%left: i64, %tail: !llvm.ptr):
    %is_done = llvm.icmp "eq" %left, %none : i64
    llvm.cond_br %is_done, ^after, ^link
  ^link:
    %zeros64 = "llvm.intr.cttz"(%left) <{{is_zero_poison = true}}> : (i64) -> i64
{ZEROS}    %at = llvm.add %base, %zeros : {W}
    %distance = llvm.shl %at, %three : {W}
    %target = llvm.add %page, %distance : {W}
    %linked = llvm.inttoptr %target : {W} to !llvm.ptr
    llvm.store %linked, %tail : !llvm.ptr, !llvm.ptr
    %less = llvm.sub %left, %bit : i64
    %others = llvm.and %left, %less : i64
    llvm.br ^bits(%others, %linked : i64, !llvm.ptr)
  ^after:
    %following = llvm.add %index, %one : {W}
    %all = llvm.icmp "eq" %following, %words : {W}
    llvm.cond_br %all, ^done, ^word(%following, %tail : {W}, !llvm.ptr)
  ^done:
    llvm.store %null, %tail : !llvm.ptr, !llvm.ptr
    %r = llvm.load %head : !llvm.ptr -> !llvm.ptr
    llvm.return %r : !llvm.ptr
  }}
"""
"""Links the freed blocks of a page anew: marks them in a map with a bit for each eight bytes, while
the whole page is on its way, and reads that from the lowest one on. A few are left as they are."""

_LONG_SLOTS = {
    "SLOT": "    %slot64 = llvm.add %slot, %none : i64\n",
    "ZEROS": "    %zeros = llvm.add %zeros64, %none : i64\n",
}
_SHORT_SLOTS = {
    "SLOT": "    %slot64 = llvm.zext %slot : i32 to i64\n",
    "ZEROS": "    %zeros = llvm.trunc %zeros64 : i64 to i32\n",
}
"""How places in the map become words of it, and back: by the width of addresses."""

_POPULATE = """    %long = llvm.icmp "uge" %want, %most : {W}
    llvm.cond_br %long, ^populate, ^cut(%run : {W})
  ^populate:
    %number = llvm.mlir.constant({MADVISE} : i64) : i64
    %advice = llvm.mlir.constant(23 : i64) : i64
    %zero = llvm.mlir.constant(0 : i64) : i64
    %populated = llvm.call @clef_syscall(%number, %run, %want, %advice, %zero, %zero, %zero) : (i64, i64, i64, i64, i64, i64, i64) -> i64
"""
"""Asks Linux for the memory of a run in one step (`MADV_POPULATE_WRITE`), which is quicker than a
fault for each of its pages. Kernels that do not know it refuse, and nothing is lost."""

_MORE = """  llvm.func internal {CONVENTION} @clef_allocate_slow(%class: {W}) -> !llvm.ptr attributes {{passthrough = ["noinline", "nounwind", "cold"]}} {{
    %shift = llvm.mlir.constant({SHIFT} : {W}) : {W}
    %size = llvm.shl %class, %shift : {W}
    %r = llvm.call fastcc @clef_carve(%size) : ({W}) -> !llvm.ptr
{COUNT_UP}    llvm.return %r : !llvm.ptr
  }}
"""

_BACK = """    %lists = llvm.mlir.addressof @clef_free_lists : !llvm.ptr
    %list = llvm.getelementptr inbounds %lists[%class] : (!llvm.ptr, {W}) -> !llvm.ptr, !llvm.ptr
    %head = llvm.load %list : !llvm.ptr -> !llvm.ptr
    llvm.store %head, %p : !llvm.ptr, !llvm.ptr
    llvm.store %p, %list : !llvm.ptr, !llvm.ptr
"""

_BACK_IN_PAGES = (
    """    %most = llvm.mlir.constant({PAGED} : {W}) : {W}
    %paged = llvm.icmp "ule" %size, %most : {W}
    llvm.cond_br %paged, ^paged, ^listed
  ^listed:
"""
    + _BACK
    + """    llvm.return
  ^paged:
    %number = llvm.ptrtoint %p : !llvm.ptr to {W}
    %mask = llvm.mlir.constant(-4096 : {W}) : {W}
    %own = llvm.and %number, %mask : {W}
    %currents = llvm.mlir.addressof @clef_current : !llvm.ptr
    %current_at = llvm.getelementptr inbounds %currents[%class] : (!llvm.ptr, {W}) -> !llvm.ptr, {W}
    %current = llvm.load %current_at : !llvm.ptr -> {W}
    %same = llvm.icmp "eq" %own, %current : {W}
    llvm.cond_br %same, ^listed, ^elsewhere
  ^elsewhere:
    %page = llvm.inttoptr %own : {W} to !llvm.ptr
    %one = llvm.mlir.constant(1 : {W}) : {W}
    %place = llvm.shl %class, %one : {W}
    %freed_at = llvm.getelementptr inbounds %page[%place] : (!llvm.ptr, {W}) -> !llvm.ptr, !llvm.ptr
    %freed = llvm.load %freed_at : !llvm.ptr -> !llvm.ptr
    llvm.store %freed, %p : !llvm.ptr, !llvm.ptr
    llvm.store %p, %freed_at : !llvm.ptr, !llvm.ptr
    %null = llvm.mlir.zero : !llvm.ptr
    %first = llvm.icmp "eq" %freed, %null : !llvm.ptr
    llvm.cond_br %first weights([1, 100]), ^ready, ^done
  ^ready:
    %waiting = llvm.mlir.addressof @clef_ready : !llvm.ptr
    %others_at = llvm.getelementptr inbounds %waiting[%class] : (!llvm.ptr, {W}) -> !llvm.ptr, !llvm.ptr
    %others = llvm.load %others_at : !llvm.ptr -> !llvm.ptr
    %after_at = llvm.getelementptr inbounds %freed_at[1] : (!llvm.ptr) -> !llvm.ptr, !llvm.ptr
    llvm.store %others, %after_at : !llvm.ptr, !llvm.ptr
    llvm.store %page, %others_at : !llvm.ptr, !llvm.ptr
    llvm.br ^done
  ^done:
"""
)


def small_block_texts(
    values: dict[str, str], has_pages: bool, can_populate: bool
) -> dict[str, str]:
    """What `heap.py` has in its braces for small blocks; `values` as for its own texts."""
    if not has_pages:
        return {"PAGES": "", "MORE": _MORE.format(**values), "BACK": _BACK.format(**values)}
    classes = PAGED // (int(values["REST"]) + 1) + 1
    header = 2 * classes * int(values["BITS"]) // 8
    filled = {
        **values,
        "HEADER": str(-(-header // 16) * 16),
        "PAGED": str(PAGED),
        "RUN": values["MOST"],
        "POPULATE": "",
    }
    if can_populate:
        filled["RUN"] = str(_RUN)
        filled["POPULATE"] = _POPULATE.format(**filled)
    filled |= _LONG_SLOTS if values["W"] == "i64" else _SHORT_SLOTS
    texts = {"PAGES": _STATE, "MORE": _MORE_IN_PAGES + _ORDER, "BACK": _BACK_IN_PAGES}
    return {name: text.format(**filled) for name, text in texts.items()}
