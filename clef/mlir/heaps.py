"""Several heaps in one program: each is a set of chunks that goes back in one step; one is the current.

Comes in: programs that make heaps of their own (arenas). Goes out: `clef_allocate` and `clef_free` as
in `heap.py`, and `clef_heap_enter`, `clef_heap_leave`, `clef_heap_abandon`. Promises: what is allocated
comes from the current heap; a block goes back to the heap that it came from, whichever is current;
leaving a heap gives its chunks back without looking at them (blocks beyond 16 KiB one by one). An
abandoned heap goes back as soon as its last block has been freed. Programs without heaps of their
own have nothing of this.

Memory comes in regions, aligned to 64 KiB, that begin with a header: owner, next, previous, size,
start of the mapping. A chunk is a region of 64 KiB with many blocks; a block of more than 16 KiB
has a region of its own. A heap is a row of words (`heap_layout.FIELDS`); that of an arena lies in its first
chunk.
"""

# ruff: noqa: E501 (lines of MLIR text)

from __future__ import annotations

from clef.mlir.heap_layout import field
from clef.mlir.heap_regions import REGION, REGION_MAP, REGION_UNMAP

_COUNT_LIVE = (
    field("heap_live", "heap", "LIVE")
    + """    %heap_live0 = llvm.load %heap_live : !llvm.ptr -> {W}
    %heap_step = llvm.mlir.constant({STEP} : {W}) : {W}
    %heap_live1 = llvm.add %heap_live0, %heap_step : {W}
    llvm.store %heap_live1, %heap_live : {W}, !llvm.ptr
"""
)

_CURRENT = """    %heaps = llvm.mlir.addressof @clef_heap : !llvm.ptr
    %heap = llvm.load %heaps : !llvm.ptr -> !llvm.ptr
"""

_ALLOCATE = (
    """  llvm.func internal fastcc @clef_allocate(%size: {W}) -> !llvm.ptr attributes {{passthrough = ["alwaysinline", "nounwind"]}} {{
    %limit = llvm.mlir.constant(512 : {W}) : {W}
    %small = llvm.icmp "ule" %size, %limit : {W}
    llvm.cond_br %small, ^small, ^large
  ^large:
    %l = llvm.call fastcc @clef_allocate_large(%size) : ({W}) -> !llvm.ptr
    llvm.return %l : !llvm.ptr
  ^small:
    %rest = llvm.mlir.constant({REST} : {W}) : {W}
    %shift = llvm.mlir.constant({SHIFT} : {W}) : {W}
    %first = llvm.mlir.constant(8 : {W}) : {W}
    %up = llvm.add %size, %rest : {W}
    %class = llvm.lshr %up, %shift : {W}
    %slot = llvm.add %class, %first : {W}
"""
    + _CURRENT
    + """    %list = llvm.getelementptr inbounds %heap[%slot] : (!llvm.ptr, {W}) -> !llvm.ptr, !llvm.ptr
    %head = llvm.load %list : !llvm.ptr -> !llvm.ptr
    %null = llvm.mlir.zero : !llvm.ptr
    %empty = llvm.icmp "eq" %head, %null : !llvm.ptr
    llvm.cond_br %empty weights([1, 2000]), ^slow, ^fast
  ^fast:
    %next = llvm.load %head : !llvm.ptr -> !llvm.ptr
    llvm.store %next, %list : !llvm.ptr, !llvm.ptr
{LIVE_UP}{COUNT_UP}    llvm.return %head : !llvm.ptr
  ^slow:
    %s = llvm.call fastcc @clef_allocate_slow(%class) : ({W}) -> !llvm.ptr
    llvm.return %s : !llvm.ptr
  }}
  llvm.func internal fastcc @clef_allocate_slow(%class: {W}) -> !llvm.ptr attributes {{passthrough = ["noinline", "nounwind", "cold"]}} {{
    %shift = llvm.mlir.constant({SHIFT} : {W}) : {W}
    %size = llvm.shl %class, %shift : {W}
"""
    + _CURRENT
    + """    %r = llvm.call fastcc @clef_carve(%heap, %size) : (!llvm.ptr, {W}) -> !llvm.ptr
{LIVE_UP}{COUNT_UP}    llvm.return %r : !llvm.ptr
  }}
  llvm.func internal fastcc @clef_size_class(%size: {W}) -> {W} attributes {{passthrough = ["alwaysinline", "nounwind"]}} {{
    %one = llvm.mlir.constant(1 : {W}) : {W}
    %bits = llvm.mlir.constant({BITS} : {W}) : {W}
    %less = llvm.sub %size, %one : {W}
    %zeros = "llvm.intr.ctlz"(%less) <{{is_zero_poison = false}}> : ({W}) -> {W}
    %class = llvm.sub %bits, %zeros : {W}
    llvm.return %class : {W}
  }}
  llvm.func internal fastcc @clef_allocate_large(%size: {W}) -> !llvm.ptr attributes {{passthrough = ["noinline", "nounwind"]}} {{
"""
    + _CURRENT
    + """{LIVE_UP}{COUNT_UP}    %most = llvm.mlir.constant(16384 : {W}) : {W}
    %medium = llvm.icmp "ule" %size, %most : {W}
    %one = llvm.mlir.constant(1 : {W}) : {W}
    %null = llvm.mlir.zero : !llvm.ptr
    llvm.cond_br %medium, ^medium, ^own
  ^medium:
    %class = llvm.call fastcc @clef_size_class(%size) : ({W}) -> {W}
    %whole = llvm.shl %one, %class : {W}
    %first = llvm.mlir.constant({MEDIUM} : {W}) : {W}
    %slot = llvm.add %class, %first : {W}
    %list = llvm.getelementptr inbounds %heap[%slot] : (!llvm.ptr, {W}) -> !llvm.ptr, !llvm.ptr
    %head = llvm.load %list : !llvm.ptr -> !llvm.ptr
    %empty = llvm.icmp "eq" %head, %null : !llvm.ptr
    llvm.cond_br %empty, ^carve, ^reuse
  ^reuse:
    %next = llvm.load %head : !llvm.ptr -> !llvm.ptr
    llvm.store %next, %list : !llvm.ptr, !llvm.ptr
    llvm.return %head : !llvm.ptr
  ^carve:
    %r = llvm.call fastcc @clef_carve(%heap, %whole) : (!llvm.ptr, {W}) -> !llvm.ptr
    llvm.return %r : !llvm.ptr
  ^own:
    %head_size = llvm.mlir.constant(64 : {W}) : {W}
    %total = llvm.add %size, %head_size : {W}
    %region = llvm.call fastcc @clef_region(%total, %heap) : ({W}, !llvm.ptr) -> !llvm.ptr
"""
    + field("larges", "heap", "LARGE")
    + """    %second = llvm.load %larges : !llvm.ptr -> !llvm.ptr
    %next_at = llvm.getelementptr inbounds %region[1] : (!llvm.ptr) -> !llvm.ptr, !llvm.ptr
    llvm.store %second, %next_at : !llvm.ptr, !llvm.ptr
    %before_at = llvm.getelementptr inbounds %region[2] : (!llvm.ptr) -> !llvm.ptr, !llvm.ptr
    llvm.store %null, %before_at : !llvm.ptr, !llvm.ptr
    llvm.store %region, %larges : !llvm.ptr, !llvm.ptr
    %alone = llvm.icmp "eq" %second, %null : !llvm.ptr
    llvm.cond_br %alone, ^linked, ^link
  ^link:
    %back = llvm.getelementptr inbounds %second[2] : (!llvm.ptr) -> !llvm.ptr, !llvm.ptr
    llvm.store %region, %back : !llvm.ptr, !llvm.ptr
    llvm.br ^linked
  ^linked:
    %q = llvm.getelementptr inbounds %region[64] : (!llvm.ptr) -> !llvm.ptr, i8
    llvm.return %q : !llvm.ptr
  }}
"""
)

_CARVE = (
    """  llvm.func internal fastcc @clef_carve(%heap: !llvm.ptr, %size: {W}) -> !llvm.ptr attributes {{passthrough = ["nounwind"]}} {{
"""
    + field("bump", "heap", "BUMP")
    + field("bump_end", "heap", "END")
    + """    %position = llvm.load %bump : !llvm.ptr -> {W}
    %end = llvm.load %bump_end : !llvm.ptr -> {W}
    %next = llvm.add %position, %size : {W}
    %fits = llvm.icmp "ule" %next, %end : {W}
    llvm.cond_br %fits, ^fits, ^chunk
  ^fits:
    llvm.store %next, %bump : {W}, !llvm.ptr
    %p = llvm.inttoptr %position : {W} to !llvm.ptr
    llvm.return %p : !llvm.ptr
  ^chunk:
    %bytes = llvm.mlir.constant(65536 : {W}) : {W}
    %null = llvm.mlir.zero : !llvm.ptr
    %region = llvm.call fastcc @clef_region(%bytes, %heap) : ({W}, !llvm.ptr) -> !llvm.ptr
"""
    + field("chunks", "heap", "CHUNKS")
    + """    %others = llvm.load %chunks : !llvm.ptr -> !llvm.ptr
    %next_at = llvm.getelementptr inbounds %region[1] : (!llvm.ptr) -> !llvm.ptr, !llvm.ptr
    llvm.store %others, %next_at : !llvm.ptr, !llvm.ptr
    llvm.store %region, %chunks : !llvm.ptr, !llvm.ptr
    %start = llvm.ptrtoint %region : !llvm.ptr to {W}
    %stop = llvm.add %start, %bytes : {W}
    %head_size = llvm.mlir.constant(64 : {W}) : {W}
    %at = llvm.add %start, %head_size : {W}
    %first = llvm.add %at, %size : {W}
    llvm.store %first, %bump : {W}, !llvm.ptr
    llvm.store %stop, %bump_end : {W}, !llvm.ptr
    %q = llvm.inttoptr %at : {W} to !llvm.ptr
    llvm.return %q : !llvm.ptr
  }}
"""
)


_FREE = (
    """  llvm.func internal fastcc @clef_free(%p: !llvm.ptr, %size: {W}) attributes {{passthrough = ["alwaysinline", "nounwind"]}} {{
{POISON}    llvm.fence syncscope("singlethread") acq_rel
    %number = llvm.ptrtoint %p : !llvm.ptr to {W}
    %mask = llvm.mlir.constant(-65536 : {W}) : {W}
    %base = llvm.and %number, %mask : {W}
    %region = llvm.inttoptr %base : {W} to !llvm.ptr
    %heap = llvm.load %region : !llvm.ptr -> !llvm.ptr
{LIVE_DOWN}    %limit = llvm.mlir.constant(512 : {W}) : {W}
    %small = llvm.icmp "ule" %size, %limit : {W}
    llvm.cond_br %small, ^small, ^large
  ^large:
    llvm.call fastcc @clef_free_large(%heap, %region, %p, %size) : (!llvm.ptr, !llvm.ptr, !llvm.ptr, {W}) -> ()
    llvm.br ^done
  ^small:
    %rest = llvm.mlir.constant({REST} : {W}) : {W}
    %shift = llvm.mlir.constant({SHIFT} : {W}) : {W}
    %first = llvm.mlir.constant(8 : {W}) : {W}
    %up = llvm.add %size, %rest : {W}
    %class = llvm.lshr %up, %shift : {W}
    %slot = llvm.add %class, %first : {W}
    %list = llvm.getelementptr inbounds %heap[%slot] : (!llvm.ptr, {W}) -> !llvm.ptr, !llvm.ptr
    %head = llvm.load %list : !llvm.ptr -> !llvm.ptr
    llvm.store %head, %p : !llvm.ptr, !llvm.ptr
    llvm.store %p, %list : !llvm.ptr, !llvm.ptr
    llvm.br ^done
  ^done:
"""
    + field("orphans", "heap", "ORPHAN")
    + """    %orphan = llvm.load %orphans : !llvm.ptr -> {W}
    %none = llvm.mlir.constant(0 : {W}) : {W}
    %is_orphan = llvm.icmp "ne" %orphan, %none : {W}
    llvm.cond_br %is_orphan weights([1, 2000]), ^orphan, ^end
  ^orphan:
    llvm.call fastcc @clef_heap_look(%heap) : (!llvm.ptr) -> ()
    llvm.br ^end
  ^end:
    llvm.return
  }}
  llvm.func internal fastcc @clef_free_large(%heap: !llvm.ptr, %region: !llvm.ptr, %p: !llvm.ptr, %size: {W}) attributes {{passthrough = ["noinline", "nounwind"]}} {{
    %most = llvm.mlir.constant(16384 : {W}) : {W}
    %medium = llvm.icmp "ule" %size, %most : {W}
    %null = llvm.mlir.zero : !llvm.ptr
    llvm.cond_br %medium, ^medium, ^own
  ^medium:
    %class = llvm.call fastcc @clef_size_class(%size) : ({W}) -> {W}
    %first = llvm.mlir.constant({MEDIUM} : {W}) : {W}
    %slot = llvm.add %class, %first : {W}
    %list = llvm.getelementptr inbounds %heap[%slot] : (!llvm.ptr, {W}) -> !llvm.ptr, !llvm.ptr
    %head = llvm.load %list : !llvm.ptr -> !llvm.ptr
    llvm.store %head, %p : !llvm.ptr, !llvm.ptr
    llvm.store %p, %list : !llvm.ptr, !llvm.ptr
    llvm.return
  ^own:
    %next_at = llvm.getelementptr inbounds %region[1] : (!llvm.ptr) -> !llvm.ptr, !llvm.ptr
    %next = llvm.load %next_at : !llvm.ptr -> !llvm.ptr
    %before_at = llvm.getelementptr inbounds %region[2] : (!llvm.ptr) -> !llvm.ptr, !llvm.ptr
    %before = llvm.load %before_at : !llvm.ptr -> !llvm.ptr
"""
    + field("larges", "heap", "LARGE")
    + """    %is_first = llvm.icmp "eq" %before, %null : !llvm.ptr
    %before_next = llvm.getelementptr inbounds %before[1] : (!llvm.ptr) -> !llvm.ptr, !llvm.ptr
    %place = llvm.select %is_first, %larges, %before_next : i1, !llvm.ptr
    llvm.store %next, %place : !llvm.ptr, !llvm.ptr
    %is_last = llvm.icmp "eq" %next, %null : !llvm.ptr
    llvm.cond_br %is_last, ^back, ^link
  ^link:
    %next_before = llvm.getelementptr inbounds %next[2] : (!llvm.ptr) -> !llvm.ptr, !llvm.ptr
    llvm.store %before, %next_before : !llvm.ptr, !llvm.ptr
    llvm.br ^back
  ^back:
    llvm.call fastcc @clef_region_back(%region) : (!llvm.ptr) -> ()
    llvm.return
  }}
"""
)

_HEAPS = (
    """  llvm.func internal fastcc @clef_heap_enter() attributes {{passthrough = ["noinline", "nounwind"]}} {{
    %bytes = llvm.mlir.constant(65536 : {W}) : {W}
    %null = llvm.mlir.zero : !llvm.ptr
    %region = llvm.call fastcc @clef_region(%bytes, %null) : ({W}, !llvm.ptr) -> !llvm.ptr
    %heap = llvm.getelementptr inbounds %region[64] : (!llvm.ptr) -> !llvm.ptr, i8
    llvm.store %heap, %region : !llvm.ptr, !llvm.ptr
    %next_at = llvm.getelementptr inbounds %region[1] : (!llvm.ptr) -> !llvm.ptr, !llvm.ptr
    llvm.store %null, %next_at : !llvm.ptr, !llvm.ptr
    %nothing = llvm.mlir.constant(0 : i8) : i8
    %heap_size = llvm.mlir.constant({HEAP_BYTES} : {W}) : {W}
    "llvm.intr.memset"(%heap, %nothing, %heap_size) <{{isVolatile = false}}> : (!llvm.ptr, i8, {W}) -> ()
    %number = llvm.ptrtoint %heap : !llvm.ptr to {W}
    %first = llvm.add %number, %heap_size : {W}
    %start = llvm.ptrtoint %region : !llvm.ptr to {W}
    %stop = llvm.add %start, %bytes : {W}
"""
    + field("bump", "heap", "BUMP")
    + field("bump_end", "heap", "END")
    + field("chunks", "heap", "CHUNKS")
    + field("last", "heap", "LAST")
    + field("outer", "heap", "OUTER")
    + """    llvm.store %first, %bump : {W}, !llvm.ptr
    llvm.store %stop, %bump_end : {W}, !llvm.ptr
    llvm.store %region, %chunks : !llvm.ptr, !llvm.ptr
    llvm.store %region, %last : !llvm.ptr, !llvm.ptr
    %heaps = llvm.mlir.addressof @clef_heap : !llvm.ptr
    %current = llvm.load %heaps : !llvm.ptr -> !llvm.ptr
    llvm.store %current, %outer : !llvm.ptr, !llvm.ptr
    llvm.store %heap, %heaps : !llvm.ptr, !llvm.ptr
    llvm.return
  }}
  llvm.func internal fastcc @clef_heap_leave() attributes {{passthrough = ["noinline", "nounwind"]}} {{
"""
    + _CURRENT
    + field("outer", "heap", "OUTER")
    + """    %before = llvm.load %outer : !llvm.ptr -> !llvm.ptr
    llvm.store %before, %heaps : !llvm.ptr, !llvm.ptr
{FORGET}    llvm.call fastcc @clef_heap_release(%heap) : (!llvm.ptr) -> ()
    llvm.return
  }}
  llvm.func internal fastcc @clef_heap_abandon() attributes {{passthrough = ["noinline", "nounwind", "cold"]}} {{
"""
    + _CURRENT
    + field("outer", "heap", "OUTER")
    + field("orphans", "heap", "ORPHAN")
    + """    %before = llvm.load %outer : !llvm.ptr -> !llvm.ptr
    llvm.store %before, %heaps : !llvm.ptr, !llvm.ptr
    %yes = llvm.mlir.constant(1 : {W}) : {W}
    llvm.store %yes, %orphans : {W}, !llvm.ptr
    llvm.call fastcc @clef_heap_look(%heap) : (!llvm.ptr) -> ()
    llvm.return
  }}
  llvm.func internal fastcc @clef_heap_look(%heap: !llvm.ptr) attributes {{passthrough = ["noinline", "nounwind", "cold"]}} {{
"""
    + field("live_at", "heap", "LIVE")
    + """    %live = llvm.load %live_at : !llvm.ptr -> {W}
    %none = llvm.mlir.constant(0 : {W}) : {W}
    %dead = llvm.icmp "eq" %live, %none : {W}
    llvm.cond_br %dead, ^dead, ^end
  ^dead:
    llvm.call fastcc @clef_heap_release(%heap) : (!llvm.ptr) -> ()
    llvm.br ^end
  ^end:
    llvm.return
  }}
  llvm.func internal fastcc @clef_heap_release(%heap: !llvm.ptr) attributes {{passthrough = ["noinline", "nounwind"]}} {{
    %null = llvm.mlir.zero : !llvm.ptr
"""
    + field("larges", "heap", "LARGE")
    + field("chunks", "heap", "CHUNKS")
    + field("lasts", "heap", "LAST")
    + """    %large = llvm.load %larges : !llvm.ptr -> !llvm.ptr
    llvm.br ^loop(%large : !llvm.ptr)
  ^loop(%region: !llvm.ptr):
    %done = llvm.icmp "eq" %region, %null : !llvm.ptr
    llvm.cond_br %done, ^chunks, ^one
  ^one:
    %after_at = llvm.getelementptr inbounds %region[1] : (!llvm.ptr) -> !llvm.ptr, !llvm.ptr
    %after = llvm.load %after_at : !llvm.ptr -> !llvm.ptr
    llvm.call fastcc @clef_region_back(%region) : (!llvm.ptr) -> ()
    llvm.br ^loop(%after : !llvm.ptr)
  ^chunks:
    %chunk = llvm.load %chunks : !llvm.ptr -> !llvm.ptr
    %last = llvm.load %lasts : !llvm.ptr -> !llvm.ptr
{POISON_CHUNKS}    %lists = llvm.mlir.addressof @clef_regions : !llvm.ptr
    %list = llvm.getelementptr inbounds %lists[16] : (!llvm.ptr) -> !llvm.ptr, !llvm.ptr
    %head = llvm.load %list : !llvm.ptr -> !llvm.ptr
    %next_at = llvm.getelementptr inbounds %last[1] : (!llvm.ptr) -> !llvm.ptr, !llvm.ptr
    llvm.store %head, %next_at : !llvm.ptr, !llvm.ptr
    llvm.store %chunk, %list : !llvm.ptr, !llvm.ptr
    llvm.return
  }}"""
)

_FORGET = """    %live = llvm.mlir.addressof @clef_live : !llvm.ptr
    %live0 = llvm.load %live : !llvm.ptr -> i64
    %own_at = llvm.getelementptr inbounds %heap[5] : (!llvm.ptr) -> !llvm.ptr, !llvm.ptr
    %own0 = llvm.load %own_at : !llvm.ptr -> {W}
    %own = {WIDEN}
    %live1 = llvm.sub %live0, %own : i64
    llvm.store %live1, %live : i64, !llvm.ptr
"""
_POISON_CHUNKS = """    llvm.br ^poison(%chunk : !llvm.ptr)
  ^poison(%part: !llvm.ptr):
    %ended = llvm.icmp "eq" %part, %null : !llvm.ptr
    llvm.cond_br %ended, ^poisoned, ^fill
  ^fill:
    %content = llvm.getelementptr inbounds %part[64] : (!llvm.ptr) -> !llvm.ptr, i8
    %bytes = llvm.mlir.constant(65472 : {W}) : {W}
    %dead = llvm.mlir.constant(-35 : i8) : i8
    "llvm.intr.memset"(%content, %dead, %bytes) <{{isVolatile = false}}> : (!llvm.ptr, i8, {W}) -> ()
    %part_next = llvm.getelementptr inbounds %part[1] : (!llvm.ptr) -> !llvm.ptr, !llvm.ptr
    %further = llvm.load %part_next : !llvm.ptr -> !llvm.ptr
    llvm.br ^poison(%further : !llvm.ptr)
  ^poisoned:
"""


def heaps_text(values: dict[str, str], can_unmap: bool, is_aligned: bool, counts: bool) -> str:
    """The functions; `values` as `heap.py` fills them, `is_aligned`: memory from outside comes
    aligned to 64 KiB."""
    pointer_bytes = int(values["BITS"]) // 8
    size = -(-int(values["HEAP_WORDS"]) * pointer_bytes // 16) * 16
    widen = "llvm.zext %own0 : i32 to i64" if pointer_bytes == 4 else "llvm.or %own0, %own0 : i64"
    filled = {
        **values,
        "LIVE_UP": _COUNT_LIVE.format(STEP="1", **values),
        "LIVE_DOWN": _COUNT_LIVE.format(STEP="-1", **values),
        "HEAP_BYTES": str(size),
        "SLACK": "0" if is_aligned else "65536",
        "SPAN_MOST": "4194304" if values["FIRST"] == "65536" else "65536",
        "REGION_MAP": REGION_MAP.format(**values) if can_unmap else "",
        "REGION_UNMAP": REGION_UNMAP.format(**values) if can_unmap else "",
        "FORGET": _FORGET.format(WIDEN=widen, **values) if counts else "",
        "POISON_CHUNKS": _POISON_CHUNKS.format(**values) if counts else "",
    }
    return (_ALLOCATE + _CARVE + REGION + _FREE + _HEAPS).format(**filled)
