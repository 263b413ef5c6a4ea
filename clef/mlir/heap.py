"""The heap: size classes with free lists over chunks from the operating system.

Comes in: sizes. Goes out: the functions `clef_allocate` (any size, inlined for constant ones),
`clef_free`, and their slow paths. Promises: blocks are aligned to 8 bytes, or to 16 where a type asks for that, and not cleared; a block
goes back to its page (`heap_pages.py`) or to the free list of its class at once; blocks of 1 MiB and more go back to the operating
system where there is one. Classes: multiples of the alignment up to 512 bytes, then powers of two.
"""

# ruff: noqa: E501 (lines of MLIR text)

from __future__ import annotations

from clef.memory_plan.plan import POINTER
from clef.mlir.functions import FunctionState, constant, do, op
from clef.mlir.heap_pages import small_block_texts
from clef.mlir.module import ModuleState, declare, want
from clef.typed_core.well_known import FINISH

SMALL_LIMIT = 512
_CHUNKS = ("65536", "4194304")
"""The first chunk is twice the first number; each is twice the one before, up to the second."""
_POOL_CHUNKS = ("1024", "2048")
_MAP_NUMBERS = {
    "x86_64": (9, 11, 1, 231),
    "": (222, 215, 64, 94),
}  # mmap, munmap, write, exit_group

_STATE = """  llvm.mlir.global internal @clef_free_lists() {{alignment = 16 : i64}} : !llvm.array<{LISTS} x ptr> {{
    %0 = llvm.mlir.zero : !llvm.array<{LISTS} x ptr>
    llvm.return %0 : !llvm.array<{LISTS} x ptr>
  }}
  llvm.mlir.global internal @clef_large_lists() {{alignment = 16 : i64}} : !llvm.array<65 x ptr> {{
    %0 = llvm.mlir.zero : !llvm.array<65 x ptr>
    llvm.return %0 : !llvm.array<65 x ptr>
  }}
  llvm.mlir.global internal @clef_bump(0 : {W}) : {W}
  llvm.mlir.global internal @clef_bump_end(0 : {W}) : {W}
  llvm.mlir.global internal @clef_chunk_size({FIRST} : {W}) : {W}
  llvm.mlir.global internal @clef_live(0 : i64) : i64{PAGES}"""

_ALLOCATE = """  llvm.func internal fastcc @clef_allocate(%size: {W}) -> !llvm.ptr attributes {{passthrough = ["alwaysinline", "nounwind"]}} {{
    %limit = llvm.mlir.constant(512 : {W}) : {W}
    %small = llvm.icmp "ule" %size, %limit : {W}
    llvm.cond_br %small, ^small, ^large
  ^large:
    %l = llvm.call fastcc @clef_allocate_large(%size) : ({W}) -> !llvm.ptr
    llvm.return %l : !llvm.ptr
  ^small:
    %rest = llvm.mlir.constant({REST} : {W}) : {W}
    %shift = llvm.mlir.constant({SHIFT} : {W}) : {W}
    %up = llvm.add %size, %rest : {W}
    %class = llvm.lshr %up, %shift : {W}
    %lists = llvm.mlir.addressof @clef_free_lists : !llvm.ptr
    %list = llvm.getelementptr inbounds %lists[%class] : (!llvm.ptr, {W}) -> !llvm.ptr, !llvm.ptr
    %head = llvm.load %list : !llvm.ptr -> !llvm.ptr
    %null = llvm.mlir.zero : !llvm.ptr
    %empty = llvm.icmp "eq" %head, %null : !llvm.ptr
    llvm.cond_br %empty weights([1, 2000]), ^slow, ^fast
  ^fast:
    %next = llvm.load %head : !llvm.ptr -> !llvm.ptr
    llvm.store %next, %list : !llvm.ptr, !llvm.ptr
{COUNT_UP}    llvm.return %head : !llvm.ptr
  ^slow:
    %s = llvm.call {CONVENTION} @clef_allocate_slow(%class) : ({W}) -> !llvm.ptr
    llvm.return %s : !llvm.ptr
  }}
{MORE}  llvm.func internal fastcc @clef_carve(%size: {W}) -> !llvm.ptr attributes {{passthrough = ["nounwind"]}} {{
    %bump = llvm.mlir.addressof @clef_bump : !llvm.ptr
    %bump_end = llvm.mlir.addressof @clef_bump_end : !llvm.ptr
    %position = llvm.load %bump : !llvm.ptr -> {W}
    %end = llvm.load %bump_end : !llvm.ptr -> {W}
    %next = llvm.add %position, %size : {W}
    %fits = llvm.icmp "ule" %next, %end : {W}
    llvm.cond_br %fits, ^fits, ^chunk
  ^fits:
    llvm.store %next, %bump : {W}, !llvm.ptr
    %p = llvm.inttoptr %position : {W} to !llvm.ptr
    llvm.return %p : !llvm.ptr
  ^chunk:
    %sizes = llvm.mlir.addressof @clef_chunk_size : !llvm.ptr
    %old = llvm.load %sizes : !llvm.ptr -> {W}
    %one = llvm.mlir.constant(1 : {W}) : {W}
    %most = llvm.mlir.constant({MOST} : {W}) : {W}
    %double = llvm.shl %old, %one : {W}
    %grown = llvm.intr.umin(%double, %most) : ({W}, {W}) -> {W}
    llvm.store %grown, %sizes : {W}, !llvm.ptr
    %want = llvm.intr.umax(%grown, %size) : ({W}, {W}) -> {W}
    %start = llvm.call fastcc @clef_memory(%want) : ({W}) -> {W}
    %stop = llvm.add %start, %want : {W}
    %first = llvm.add %start, %size : {W}
    llvm.store %first, %bump : {W}, !llvm.ptr
    llvm.store %stop, %bump_end : {W}, !llvm.ptr
    %q = llvm.inttoptr %start : {W} to !llvm.ptr
    llvm.return %q : !llvm.ptr
  }}
  llvm.func internal fastcc @clef_large_class(%size: {W}) -> {W} attributes {{passthrough = ["alwaysinline", "nounwind"]}} {{
    %one = llvm.mlir.constant(1 : {W}) : {W}
    %bits = llvm.mlir.constant({BITS} : {W}) : {W}
    %less = llvm.sub %size, %one : {W}
    %zeros = "llvm.intr.ctlz"(%less) <{{is_zero_poison = false}}> : ({W}) -> {W}
    %class = llvm.sub %bits, %zeros : {W}
    llvm.return %class : {W}
  }}
  llvm.func internal fastcc @clef_allocate_large(%size: {W}) -> !llvm.ptr attributes {{passthrough = ["noinline", "nounwind"]}} {{
    %one = llvm.mlir.constant(1 : {W}) : {W}
    %class = llvm.call fastcc @clef_large_class(%size) : ({W}) -> {W}
    %whole = llvm.shl %one, %class : {W}
{COUNT_UP}{LARGE_MAP}    %lists = llvm.mlir.addressof @clef_large_lists : !llvm.ptr
    %list = llvm.getelementptr inbounds %lists[%class] : (!llvm.ptr, {W}) -> !llvm.ptr, !llvm.ptr
    %head = llvm.load %list : !llvm.ptr -> !llvm.ptr
    %null = llvm.mlir.zero : !llvm.ptr
    %empty = llvm.icmp "eq" %head, %null : !llvm.ptr
    llvm.cond_br %empty, ^carve, ^reuse
  ^reuse:
    %next = llvm.load %head : !llvm.ptr -> !llvm.ptr
    llvm.store %next, %list : !llvm.ptr, !llvm.ptr
    llvm.return %head : !llvm.ptr
  ^carve:
    %r = llvm.call fastcc @clef_carve(%whole) : ({W}) -> !llvm.ptr
    llvm.return %r : !llvm.ptr
  }}
  llvm.func internal fastcc @clef_free(%p: !llvm.ptr, %size: {W}) attributes {{passthrough = ["alwaysinline", "nounwind"]}} {{
{POISON}    llvm.fence syncscope("singlethread") acq_rel
    %limit = llvm.mlir.constant(512 : {W}) : {W}
    %small = llvm.icmp "ule" %size, %limit : {W}
    llvm.cond_br %small, ^small, ^large
  ^large:
    llvm.call fastcc @clef_free_large(%p, %size) : (!llvm.ptr, {W}) -> ()
    llvm.return
  ^small:
    %rest = llvm.mlir.constant({REST} : {W}) : {W}
    %shift = llvm.mlir.constant({SHIFT} : {W}) : {W}
    %up = llvm.add %size, %rest : {W}
    %class = llvm.lshr %up, %shift : {W}
{BACK}    llvm.return
  }}
  llvm.func internal fastcc @clef_free_large(%p: !llvm.ptr, %size: {W}) attributes {{passthrough = ["noinline", "nounwind"]}} {{
    %one = llvm.mlir.constant(1 : {W}) : {W}
    %class = llvm.call fastcc @clef_large_class(%size) : ({W}) -> {W}
    %whole = llvm.shl %one, %class : {W}
{LARGE_UNMAP}    %lists = llvm.mlir.addressof @clef_large_lists : !llvm.ptr
    %list = llvm.getelementptr inbounds %lists[%class] : (!llvm.ptr, {W}) -> !llvm.ptr, !llvm.ptr
    %head = llvm.load %list : !llvm.ptr -> !llvm.ptr
    llvm.store %head, %p : !llvm.ptr, !llvm.ptr
    llvm.store %p, %list : !llvm.ptr, !llvm.ptr
    llvm.return
  }}"""

_SYSTEM = """  llvm.func @clef_system_allocate({W}) -> !llvm.ptr
  llvm.func @clef_system_free(!llvm.ptr)
  llvm.func internal fastcc @clef_allocate(%size: {W}) -> !llvm.ptr attributes {{passthrough = ["noinline", "nounwind"]}} {{
    %r = llvm.call @clef_system_allocate(%size) : ({W}) -> !llvm.ptr
{COUNT_UP}    llvm.return %r : !llvm.ptr
  }}
  llvm.func internal fastcc @clef_free(%p: !llvm.ptr, %size: {W}) attributes {{passthrough = ["noinline", "nounwind"]}} {{
{POISON}    llvm.call @clef_system_free(%p) : (!llvm.ptr) -> ()
    llvm.return
  }}"""
"""Every block is one of the C library's, for the address sanitizer."""

_ALLOCATE_APART = """  llvm.func internal fastcc @clef_allocate_apart(%size: {W}) -> !llvm.ptr attributes {{passthrough = ["noinline", "nounwind"]}} {{
    %block = llvm.call fastcc @clef_allocate(%size) : ({W}) -> !llvm.ptr
    llvm.return %block : !llvm.ptr
  }}"""
_FREE_APART = """  llvm.func internal fastcc @clef_free_apart(%block: !llvm.ptr, %size: {W}) attributes {{passthrough = ["noinline", "nounwind"]}} {{
    llvm.call fastcc @clef_free(%block, %size) : (!llvm.ptr, {W}) -> ()
    llvm.return
  }}"""
"""For code that runs once or hardly ever: there a block is made and given back by calls."""

_COUNT = """    %live = llvm.mlir.addressof @clef_live : !llvm.ptr
    %live0 = llvm.load %live : !llvm.ptr -> i64
    %step = llvm.mlir.constant({STEP} : i64) : i64
    %live1 = llvm.add %live0, %step : i64
    llvm.store %live1, %live : i64, !llvm.ptr
"""
_CHUNK_STATE = """  llvm.mlir.global internal @clef_chunks(0 : i64) : i64
  llvm.mlir.global internal @clef_chunk_bytes(0 : i64) : i64"""
_CHUNK = """    %chunks_at = llvm.mlir.addressof @clef_chunks : !llvm.ptr
    %bytes_at = llvm.mlir.addressof @clef_chunk_bytes : !llvm.ptr
    %chunks = llvm.load %chunks_at : !llvm.ptr -> i64
    %bytes = llvm.load %bytes_at : !llvm.ptr -> i64
    %one = llvm.mlir.constant(1 : i64) : i64
    %chunks1 = llvm.add %chunks, %one : i64
    %bytes1 = llvm.add %bytes, %size : i64
    llvm.store %chunks1, %chunks_at : i64, !llvm.ptr
    llvm.store %bytes1, %bytes_at : i64, !llvm.ptr
"""
_POISON = """    %poison = llvm.mlir.constant(-35 : i8) : i8
    "llvm.intr.memset"(%p, %poison, %size) <{{isVolatile = false}}> : (!llvm.ptr, i8, {W}) -> ()
"""
_LINUX = """  llvm.func internal fastcc @clef_memory(%size: i64) -> i64 attributes {{passthrough = ["noinline", "nounwind"]}} {{
    %number = llvm.mlir.constant({MMAP} : i64) : i64
    %zero = llvm.mlir.constant(0 : i64) : i64
    %access = llvm.mlir.constant(3 : i64) : i64
    %flags = llvm.mlir.constant(34 : i64) : i64
    %none = llvm.mlir.constant(-1 : i64) : i64
    %r = llvm.call @clef_syscall(%number, %zero, %size, %access, %flags, %none, %zero) : (i64, i64, i64, i64, i64, i64, i64) -> i64
    %bad = llvm.icmp "slt" %r, %zero : i64
    llvm.cond_br %bad weights([1, 2000]), ^bad, ^good
  ^good:
{CHUNK}    llvm.return %r : i64
  ^bad:
    %write = llvm.mlir.constant({WRITE} : i64) : i64
    %two = llvm.mlir.constant(2 : i64) : i64
    %text = llvm.mlir.addressof @clef_out_of_memory : !llvm.ptr
    %at = llvm.ptrtoint %text : !llvm.ptr to i64
    %length = llvm.mlir.constant(15 : i64) : i64
    %w = llvm.call @clef_syscall(%write, %two, %at, %length, %zero, %zero, %zero) : (i64, i64, i64, i64, i64, i64, i64) -> i64
    %exit = llvm.mlir.constant({EXIT} : i64) : i64
    %code = llvm.mlir.constant(134 : i64) : i64
    %x = llvm.call @clef_syscall(%exit, %code, %zero, %zero, %zero, %zero, %zero) : (i64, i64, i64, i64, i64, i64, i64) -> i64
    llvm.unreachable
  }}
  llvm.mlir.global internal constant @clef_out_of_memory("Out of memory.\\0A")"""
_BARE = """  llvm.func @clef_board_memory({W}) -> {W}
  llvm.func internal fastcc @clef_memory(%size: {W}) -> {W} attributes {{passthrough = ["noinline", "nounwind"]}} {{
    %r = llvm.call @clef_board_memory(%size) : ({W}) -> {W}
    llvm.return %r : {W}
  }}"""
_POOL = """  llvm.mlir.global internal @clef_pool() {{alignment = {ALIGNMENT} : i64}} : !llvm.array<{POOL} x i8> {{
    %0 = llvm.mlir.zero : !llvm.array<{POOL} x i8>
    llvm.return %0 : !llvm.array<{POOL} x i8>
  }}
  llvm.mlir.global internal @clef_pool_used(0 : {W}) : {W}
  llvm.func internal fastcc @clef_memory(%size: {W}) -> {W} attributes {{passthrough = ["noinline", "nounwind"]}} {{
    %used_at = llvm.mlir.addressof @clef_pool_used : !llvm.ptr
    %used = llvm.load %used_at : !llvm.ptr -> {W}
    %all = llvm.mlir.constant({POOL} : {W}) : {W}
    %left = llvm.sub %all, %used : {W}
    %c15 = llvm.mlir.constant(15 : {W}) : {W}
    %mask = llvm.mlir.constant(-16 : {W}) : {W}
    %up = llvm.add %size, %c15 : {W}
    %whole = llvm.and %up, %mask : {W}
    %overflow = llvm.icmp "ult" %whole, %size : {W}
    %large = llvm.icmp "ugt" %whole, %left : {W}
    %bad = llvm.or %overflow, %large : i1
    llvm.cond_br %bad weights([1, 2000]), ^bad, ^good
  ^good:
    %after = llvm.add %used, %whole : {W}
    llvm.store %after, %used_at : {W}, !llvm.ptr
    %pool = llvm.mlir.addressof @clef_pool : !llvm.ptr
    %start = llvm.ptrtoint %pool : !llvm.ptr to {W}
    %at = llvm.add %start, %used : {W}
    llvm.return %at : {W}
  ^bad:
{FAIL}    llvm.unreachable
  }}
  llvm.mlir.global internal constant @clef_out_of_memory("{TEXT}")"""
_POOL_FLUSH = """    %failed_at = llvm.mlir.addressof @clef_failed : !llvm.ptr
    %failed = llvm.load %failed_at : !llvm.ptr -> i8
    %never = llvm.mlir.constant(0 : i8) : i8
    %once = llvm.mlir.constant(1 : i8) : i8
    %first = llvm.icmp "eq" %failed, %never : i8
    llvm.store %once, %failed_at : i8, !llvm.ptr
    llvm.cond_br %first, ^flush, ^tell
  ^flush:
    llvm.call @clef_flush() : () -> ()
    llvm.br ^tell
  ^tell:
"""
_POOL_FAIL = """    %write = llvm.mlir.constant({WRITE} : i64) : i64
    %two = llvm.mlir.constant(2 : i64) : i64
    %zero = llvm.mlir.constant(0 : i64) : i64
    %text = llvm.mlir.addressof @clef_out_of_memory : !llvm.ptr
    %place = llvm.ptrtoint %text : !llvm.ptr to i64
    %length = llvm.mlir.constant({LENGTH} : i64) : i64
    %w = llvm.call @clef_syscall(%write, %two, %place, %length, %zero, %zero, %zero) : (i64, i64, i64, i64, i64, i64, i64) -> i64
    %exit = llvm.mlir.constant({EXIT} : i64) : i64
    %code = llvm.mlir.constant(134 : i64) : i64
    %x = llvm.call @clef_syscall(%exit, %code, %zero, %zero, %zero, %zero, %zero) : (i64, i64, i64, i64, i64, i64, i64) -> i64
"""
_POOL_FAIL_BARE = """    %two = llvm.mlir.constant(2 : i32) : i32
    %length = llvm.mlir.constant({LENGTH} : i32) : i32
    %text = llvm.mlir.addressof @clef_out_of_memory : !llvm.ptr
    %w = llvm.call @clef_board_write(%two, %text, %length) : (i32, !llvm.ptr, i32) -> i32
    %code = llvm.mlir.constant(134 : i32) : i32
    llvm.call @clef_board_exit(%code) : (i32) -> ()
"""
_POOL_FAIL_WASI = """    %two = llvm.mlir.constant(2 : i32) : i32
    %one = llvm.mlir.constant(1 : i32) : i32
    %length = llvm.mlir.constant({LENGTH} : i32) : i32
    %text = llvm.mlir.addressof @clef_out_of_memory : !llvm.ptr
    %vector = llvm.mlir.addressof @clef_failure_vector : !llvm.ptr
    %length_at = llvm.getelementptr inbounds %vector[4] : (!llvm.ptr) -> !llvm.ptr, i8
    %written_at = llvm.getelementptr inbounds %vector[8] : (!llvm.ptr) -> !llvm.ptr, i8
    llvm.store %text, %vector : !llvm.ptr, !llvm.ptr
    llvm.store %length, %length_at : i32, !llvm.ptr
    %w = llvm.call @fd_write(%two, %vector, %one, %written_at) : (i32, !llvm.ptr, i32, !llvm.ptr) -> i32
    %code = llvm.mlir.constant(134 : i32) : i32
    llvm.call @proc_exit(%code) : (i32) -> ()
"""
_WASI_IMPORT = (
    "  llvm.func @{NAME}({TYPES}){RESULT} attributes {{passthrough = "
    '[["wasm-import-module", "wasi_snapshot_preview1"], ["wasm-import-name", "{NAME}"]]}}'
)
_LARGE_MAP = """    %big = llvm.mlir.constant(1048576 : {W}) : {W}
    %map = llvm.icmp "uge" %whole, %big : {W}
    llvm.cond_br %map, ^map, ^list
  ^map:
    %mapped = llvm.call fastcc @clef_memory(%size) : ({W}) -> {W}
    %m = llvm.inttoptr %mapped : {W} to !llvm.ptr
    llvm.return %m : !llvm.ptr
  ^list:
"""
_LARGE_UNMAP = """    %big = llvm.mlir.constant(1048576 : {W}) : {W}
    %map = llvm.icmp "uge" %whole, %big : {W}
    llvm.cond_br %map, ^map, ^list
  ^map:
    %number = llvm.mlir.constant({MUNMAP} : i64) : i64
    %zero = llvm.mlir.constant(0 : i64) : i64
    %at = llvm.ptrtoint %p : !llvm.ptr to i64
    %r = llvm.call @clef_syscall(%number, %at, %size, %zero, %zero, %zero, %zero) : (i64, i64, i64, i64, i64, i64, i64) -> i64
    llvm.return
  ^list:
"""
_WASM = """  llvm.func internal fastcc @clef_memory(%size: i32) -> i32 attributes {{passthrough = ["noinline", "nounwind"]}} {{
    %zero = llvm.mlir.constant(0 : i32) : i32
    %more = llvm.mlir.constant(65535 : i32) : i32
    %sixteen = llvm.mlir.constant(16 : i32) : i32
    %up = llvm.add %size, %more : i32
    %pages = llvm.lshr %up, %sixteen : i32
    %old = llvm.call_intrinsic "llvm.wasm.memory.grow.i32"(%zero, %pages) : (i32, i32) -> i32
    %none = llvm.mlir.constant(-1 : i32) : i32
    %bad = llvm.icmp "eq" %old, %none : i32
    llvm.cond_br %bad, ^bad, ^good
  ^bad:
    "llvm.intr.trap"() : () -> ()
    llvm.unreachable
  ^good:
    %at = llvm.shl %old, %sixteen : i32
    llvm.return %at : i32
  }}"""


def system_call_symbol(module: ModuleState) -> str:
    """The program's only door to a Linux kernel."""
    words = ", ".join(["i64"] * 7)
    return declare(module, "clef_syscall", f"  llvm.func @clef_syscall({words}) -> i64")


def system_numbers(module: ModuleState) -> tuple[int, int, int, int]:
    """mmap, munmap, write, exit_group."""
    return _MAP_NUMBERS.get(module.target.architecture, _MAP_NUMBERS[""])


def board_symbol(module: ModuleState, name: str) -> str:
    """A function that boards have: `clef_board_write(file, text, count)`, `clef_board_exit(code)`."""
    signs = {"clef_board_write": "(i32, !llvm.ptr, i32) -> i32", "clef_board_exit": "(i32)"}
    return declare(module, name, f"  llvm.func @{name}{signs[name]}")


def write_heap(module: ModuleState) -> None:
    """Add the heap to the module."""
    system = module.target.system
    options = module.options
    watched = options.check_heap or options.heap_statistics
    count = options.debug_heap and not watched
    pool = module.plan.pool_bytes
    can_map = system == "linux" and pool is None
    values = _heap_values(module, count, can_map)
    if module.has_heaps:
        from clef.mlir import heap_layout, heaps

        values |= heap_layout.places(int(values["LISTS"]))
        is_aligned = not can_map and system != "bare"
        text = heaps.heaps_text(values, can_unmap=can_map, is_aligned=is_aligned, counts=count)
        module.globals.append(heap_layout.STATE.format(**values))
        module.functions.append(text)
    else:
        module.globals.append(_STATE.format(**values))
        is_system = options.system_heap and pool is None
        module.functions.append((_SYSTEM if is_system else _ALLOCATE).format(**values))
    if system == "linux":
        system_call_symbol(module)
    if options.heap_statistics:
        module.globals.append(_CHUNK_STATE)
    if pool is not None:
        module.functions.append(_pool_text(module, values, pool))
    else:
        memory = {"linux": _LINUX, "bare": _BARE}.get(system, _WASM)
        module.functions.append(memory.format(**values))


def _heap_values(module: ModuleState, count: bool, can_map: bool) -> dict[str, str]:
    """What the texts of this module have in their braces."""
    mmap, munmap, write, exit_group = system_numbers(module)
    values = {
        "W": module.word,
        "BITS": str(module.plan.facts.pointer_bytes * 8),
        "MMAP": str(mmap),
        "MUNMAP": str(munmap),
        "WRITE": str(write),
        "EXIT": str(exit_group),
        "MADVISE": "28" if module.target.architecture == "x86_64" else "233",
        "CONVENTION": _convention(module),
        "CHUNK": _CHUNK if module.options.heap_statistics else "",
    }
    poison = _COUNT.format(STEP="-1", **values) + _POISON.format(**values) if count else ""
    values["COUNT_UP"] = _COUNT.format(STEP="1", **values) if count else ""
    values["POISON"] = poison
    values["LARGE_MAP"] = _LARGE_MAP.format(**values) if can_map else ""
    values["LARGE_UNMAP"] = _LARGE_UNMAP.format(**values) if can_map else ""
    is_small = module.plan.pool_bytes is not None or module.target.system == "bare"
    grain = module.grain
    values["REST"], values["SHIFT"] = str(grain - 1), str(grain.bit_length() - 1)
    values["LISTS"] = str(SMALL_LIMIT // grain + 1)
    values["FIRST"], values["MOST"] = _POOL_CHUNKS if is_small else _CHUNKS
    return values | small_block_texts(values, not is_small, can_populate=can_map)


def _convention(module: ModuleState) -> str:
    """How the slow path of `clef_allocate` is called: where the code generator can, it leaves the
    registers alone, so that callers keep theirs while they make cells.
    """
    can_keep = module.target.architecture in ("x86_64", "aarch64")
    return "preserve_mostcc" if can_keep else "fastcc"


def _declare_wasi(module: ModuleState) -> None:
    """What the end of a program without memory takes there."""
    for name, types, result in (
        ("fd_write", "i32, !llvm.ptr, i32, !llvm.ptr", " -> i32"),
        ("proc_exit", "i32", ""),
    ):
        text = _WASI_IMPORT.format(NAME=name, TYPES=types, RESULT=result)
        declare(module, name, text)
    vector = "  llvm.mlir.global internal @clef_failure_vector() {alignment = 16 : i64} : "
    zero = (
        "    %0 = llvm.mlir.zero : !llvm.array<16 x i8>\n    llvm.return %0 : !llvm.array<16 x i8>"
    )
    module.globals.append(f"{vector}!llvm.array<16 x i8> {{\n{zero}\n  }}")


def _pool_text(module: ModuleState, values: dict[str, str], size: int) -> str:
    """Memory from a fixed pool; when that is used up, the program ends with a message."""
    system = module.target.system
    message = f"Out of memory: the pool of {size} bytes is used up."
    held = {**values, "LENGTH": str(len(message) + 1)}
    held["ALIGNMENT"] = "16" if system == "bare" else "65536"
    if system == "bare":
        board_symbol(module, "clef_board_write")
        board_symbol(module, "clef_board_exit")
    elif system != "linux":
        _declare_wasi(module)
    failures = {"linux": _POOL_FAIL, "bare": _POOL_FAIL_BARE}
    fail = failures.get(system, _POOL_FAIL_WASI).format(**held)
    can_flush = FINISH in module.program.functions
    flag = "\n  llvm.mlir.global internal @clef_failed(0 : i8) : i8" if can_flush else ""
    fail = _POOL_FLUSH + fail if can_flush else fail
    return _POOL.format(POOL=size, FAIL=fail, TEXT=f"{message}\\0A", **held) + flag


def _allocate_apart(module: ModuleState) -> None:
    module.functions.append(_ALLOCATE_APART.format(W=module.word))


def _free_apart(module: ModuleState) -> None:
    module.functions.append(_FREE_APART.format(W=module.word))


def allocate(state: FunctionState, size: str) -> str:
    """A block of `size` bytes (a value of the pointer-wide integer type)."""
    from clef.mlir.heap_watch import allocate_name, is_watched

    word = state.module.word
    name = allocate_name(state.module)
    if state.is_seldom and not is_watched(state.module):
        name = want(state.module, "clef_allocate_apart", _allocate_apart)
    return op(state, f"llvm.call fastcc {name}({size}) : ({word}) -> {POINTER}")


def allocate_bytes(state: FunctionState, size: int) -> str:
    """A block of constant size."""
    return allocate(state, constant(state, size, state.module.word))


def free(state: FunctionState, cell: str, size: str) -> None:
    """Give a block back; `size` as it was allocated."""
    from clef.mlir.heap_watch import free_name, is_watched

    word = state.module.word
    name = free_name(state.module)
    if state.is_seldom and not is_watched(state.module):
        name = want(state.module, "clef_free_apart", _free_apart)
    do(state, f"llvm.call fastcc {name}({cell}, {size}) : ({POINTER}, {word}) -> ()")


def change_heap(state: FunctionState, how: str) -> None:
    """`enter` a new heap, `leave` the current one, or `abandon` it; see `heaps.py`."""
    if not state.module.has_heaps:
        return
    want(state.module, "clef_allocate", write_heap)
    do(state, f"llvm.call fastcc @clef_heap_{how}() : () -> ()")


def reserve_memory(state: FunctionState, size: str) -> str:
    """Memory from outside all heaps: its address as a number."""
    word = state.module.word
    want(state.module, "clef_allocate", write_heap)
    return op(state, f"llvm.call fastcc @clef_memory({size}) : ({word}) -> {word}")


def use_main_heap(state: FunctionState) -> str:
    """Make the whole program's heap the current one; gives the one before as a number."""
    word = state.module.word
    want(state.module, "clef_allocate", write_heap)
    current = op(state, f"llvm.mlir.addressof @clef_heap : {POINTER}")
    before = op(state, f"llvm.load {current} : {POINTER} -> {word}")
    main = op(state, f"llvm.mlir.addressof @clef_main_heap : {POINTER}")
    do(state, f"llvm.store {main}, {current} : {POINTER}, {POINTER}")
    return before


def make_current(state: FunctionState, heap: str) -> None:
    """Make a heap that `use_main_heap` gave the current one again."""
    want(state.module, "clef_allocate", write_heap)
    current = op(state, f"llvm.mlir.addressof @clef_heap : {POINTER}")
    do(state, f"llvm.store {heap}, {current} : {state.module.word}, {POINTER}")
