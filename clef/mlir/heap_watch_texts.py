"""The functions of a watched heap, as MLIR text; what they do is said in `heap_watch.py`.

Comes in: nothing. Goes out: texts with places for `{WRITE}`, `{EXIT}`, `{CALL}`, `{FREED}` and
`{CODE}`. Promises: `SANITIZED` and `PLAIN` define the same two functions, `clef_watched_allocate`
and `clef_watched_free`.
"""

# ruff: noqa: E501 (lines of MLIR text)

from __future__ import annotations

SAY = """  llvm.func internal fastcc @clef_say(%text: !llvm.ptr) attributes {passthrough = ["noinline", "nounwind", "cold"]} {
    %zero = llvm.mlir.constant(0 : i64) : i64
    %one = llvm.mlir.constant(1 : i64) : i64
    %end = llvm.mlir.constant(0 : i8) : i8
    llvm.br ^loop(%zero : i64)
  ^loop(%n: i64):
    %place = llvm.getelementptr %text[%n] : (!llvm.ptr, i64) -> !llvm.ptr, i8
    %byte = llvm.load %place : !llvm.ptr -> i8
    %next = llvm.add %n, %one : i64
    %is_end = llvm.icmp "eq" %byte, %end : i8
    llvm.cond_br %is_end, ^write, ^loop(%next : i64)
  ^write:
    %number = llvm.mlir.constant({WRITE} : i64) : i64
    %two = llvm.mlir.constant(2 : i64) : i64
    %at = llvm.ptrtoint %text : !llvm.ptr to i64
    %r = llvm.call @clef_syscall(%number, %two, %at, %n, %zero, %zero, %zero) : {CALL}
    llvm.return
  }
  llvm.func internal fastcc @clef_say_number(%n: i64) attributes {passthrough = ["noinline", "nounwind", "cold"]} {
    %size = llvm.mlir.constant(24 : i64) : i64
    %last = llvm.mlir.constant(23 : i64) : i64
    %one = llvm.mlir.constant(1 : i64) : i64
    %ten = llvm.mlir.constant(10 : i64) : i64
    %zero = llvm.mlir.constant(0 : i64) : i64
    %digit0 = llvm.mlir.constant(48 : i64) : i64
    %end = llvm.mlir.constant(0 : i8) : i8
    %room = llvm.alloca %size x i8 {alignment = 8 : i64} : (i64) -> !llvm.ptr
    %stop = llvm.getelementptr %room[%last] : (!llvm.ptr, i64) -> !llvm.ptr, i8
    llvm.store %end, %stop : i8, !llvm.ptr
    llvm.br ^loop(%n, %last : i64, i64)
  ^loop(%left: i64, %at: i64):
    %rest = llvm.udiv %left, %ten : i64
    %digit = llvm.urem %left, %ten : i64
    %code = llvm.add %digit, %digit0 : i64
    %byte = llvm.trunc %code : i64 to i8
    %before = llvm.sub %at, %one : i64
    %place = llvm.getelementptr %room[%before] : (!llvm.ptr, i64) -> !llvm.ptr, i8
    llvm.store %byte, %place : i8, !llvm.ptr
    %done = llvm.icmp "eq" %rest, %zero : i64
    llvm.cond_br %done, ^say, ^loop(%rest, %before : i64, i64)
  ^say:
    llvm.call fastcc @clef_say(%place) : (!llvm.ptr) -> ()
    llvm.return
  }"""

COUNTERS = """  llvm.mlir.global internal @clef_watch_made(0 : i64) : i64
  llvm.mlir.global internal @clef_watch_bytes(0 : i64) : i64
  llvm.mlir.global internal @clef_watch_all_bytes(0 : i64) : i64
  llvm.mlir.global internal @clef_watch_peak_bytes(0 : i64) : i64
  llvm.mlir.global internal @clef_watch_peak_cells(0 : i64) : i64"""

COUNT = """  llvm.func internal fastcc @clef_watch_add(%at: !llvm.ptr, %change: i64) -> i64 attributes {passthrough = ["alwaysinline", "nounwind"]} {
    %before = llvm.load %at : !llvm.ptr -> i64
    %after = llvm.add %before, %change : i64
    llvm.store %after, %at : i64, !llvm.ptr
    llvm.return %after : i64
  }
  llvm.func internal fastcc @clef_watch_peak(%at: !llvm.ptr, %now: i64) attributes {passthrough = ["alwaysinline", "nounwind"]} {
    %before = llvm.load %at : !llvm.ptr -> i64
    %most = llvm.intr.umax(%before, %now) : (i64, i64) -> i64
    llvm.store %most, %at : i64, !llvm.ptr
    llvm.return
  }
  llvm.func internal fastcc @clef_watch_count(%cells: i64, %bytes: i64) attributes {passthrough = ["nounwind"]} {
    %live_at = llvm.mlir.addressof @clef_live : !llvm.ptr
    %bytes_at = llvm.mlir.addressof @clef_watch_bytes : !llvm.ptr
    %live = llvm.call fastcc @clef_watch_add(%live_at, %cells) : (!llvm.ptr, i64) -> i64
    %now = llvm.call fastcc @clef_watch_add(%bytes_at, %bytes) : (!llvm.ptr, i64) -> i64
    %zero = llvm.mlir.constant(0 : i64) : i64
    %grows = llvm.icmp "sgt" %cells, %zero : i64
    scf.if %grows {
      %made_at = llvm.mlir.addressof @clef_watch_made : !llvm.ptr
      %all_at = llvm.mlir.addressof @clef_watch_all_bytes : !llvm.ptr
      %made = llvm.call fastcc @clef_watch_add(%made_at, %cells) : (!llvm.ptr, i64) -> i64
      %all = llvm.call fastcc @clef_watch_add(%all_at, %bytes) : (!llvm.ptr, i64) -> i64
      %peak_cells = llvm.mlir.addressof @clef_watch_peak_cells : !llvm.ptr
      %peak_bytes = llvm.mlir.addressof @clef_watch_peak_bytes : !llvm.ptr
      llvm.call fastcc @clef_watch_peak(%peak_cells, %live) : (!llvm.ptr, i64) -> ()
      llvm.call fastcc @clef_watch_peak(%peak_bytes, %now) : (!llvm.ptr, i64) -> ()
    }
    llvm.return
  }"""

PLAIN = """  llvm.func internal fastcc @clef_watched_allocate(%size: i64) -> !llvm.ptr attributes {passthrough = ["noinline", "nounwind"]} {
    %one = llvm.mlir.constant(1 : i64) : i64
    llvm.call fastcc @clef_watch_count(%one, %size) : (i64, i64) -> ()
    %cell = llvm.call fastcc @clef_allocate(%size) : (i64) -> !llvm.ptr
    llvm.return %cell : !llvm.ptr
  }
  llvm.func internal fastcc @clef_watched_free(%cell: !llvm.ptr, %size: i64) attributes {passthrough = ["noinline", "nounwind"]} {
    %minus = llvm.mlir.constant(-1 : i64) : i64
    %zero = llvm.mlir.constant(0 : i64) : i64
    %less = llvm.sub %zero, %size : i64
    llvm.call fastcc @clef_watch_count(%minus, %less) : (i64, i64) -> ()
    llvm.call fastcc @clef_free(%cell, %size) : (!llvm.ptr, i64) -> ()
    llvm.return
  }"""

SANITIZED = """  llvm.mlir.global internal @clef_all_cells() : !llvm.ptr {
    %0 = llvm.mlir.zero : !llvm.ptr
    llvm.return %0 : !llvm.ptr
  }
  llvm.mlir.global internal @clef_waiting() : !llvm.array<65536 x ptr> {
    %0 = llvm.mlir.zero : !llvm.array<65536 x ptr>
    llvm.return %0 : !llvm.array<65536 x ptr>
  }
  llvm.mlir.global internal @clef_waiting_next(0 : i64) : i64
  llvm.func internal fastcc @clef_watched_allocate(%size: i64) -> !llvm.ptr attributes {passthrough = ["noinline", "nounwind"]} {
    %one = llvm.mlir.constant(1 : i64) : i64
    %head_size = llvm.mlir.constant(32 : i64) : i64
    %none = llvm.mlir.zero : !llvm.ptr
    llvm.call fastcc @clef_watch_count(%one, %size) : (i64, i64) -> ()
    %whole = llvm.add %size, %head_size : i64
    %block = llvm.call fastcc @clef_allocate(%whole) : (i64) -> !llvm.ptr
    %list = llvm.mlir.addressof @clef_all_cells : !llvm.ptr
    %next = llvm.load %list : !llvm.ptr -> !llvm.ptr
    %next_at = llvm.getelementptr %block[8] : (!llvm.ptr) -> !llvm.ptr, i8
    %site_at = llvm.getelementptr %block[16] : (!llvm.ptr) -> !llvm.ptr, i8
    %size_at = llvm.getelementptr %block[24] : (!llvm.ptr) -> !llvm.ptr, i8
    %here = llvm.mlir.addressof @clef_here : !llvm.ptr
    %site = llvm.load %here : !llvm.ptr -> !llvm.ptr
    llvm.store %none, %block : !llvm.ptr, !llvm.ptr
    llvm.store %next, %next_at : !llvm.ptr, !llvm.ptr
    llvm.store %site, %site_at : !llvm.ptr, !llvm.ptr
    llvm.store %size, %size_at : i64, !llvm.ptr
    llvm.store %block, %list : !llvm.ptr, !llvm.ptr
    %any = llvm.icmp "ne" %next, %none : !llvm.ptr
    scf.if %any {
      llvm.store %block, %next : !llvm.ptr, !llvm.ptr
    }
    %cell = llvm.getelementptr %block[32] : (!llvm.ptr) -> !llvm.ptr, i8
    llvm.return %cell : !llvm.ptr
  }
  llvm.func internal fastcc @clef_watched_free(%cell: !llvm.ptr, %size: i64) attributes {passthrough = ["noinline", "nounwind"]} {
    %count = llvm.load %cell : !llvm.ptr -> i32
    %twice = llvm.mlir.constant(1 : i32) : i32
    llvm.call fastcc @clef_check(%cell, %count, %twice) : (!llvm.ptr, i32, i32) -> ()
    %minus = llvm.mlir.constant(-1 : i64) : i64
    %zero = llvm.mlir.constant(0 : i64) : i64
    %less = llvm.sub %zero, %size : i64
    llvm.call fastcc @clef_watch_count(%minus, %less) : (i64, i64) -> ()
    %block = llvm.getelementptr %cell[-32] : (!llvm.ptr) -> !llvm.ptr, i8
    %next_at = llvm.getelementptr %block[8] : (!llvm.ptr) -> !llvm.ptr, i8
    %none = llvm.mlir.zero : !llvm.ptr
    %before = llvm.load %block : !llvm.ptr -> !llvm.ptr
    %next = llvm.load %next_at : !llvm.ptr -> !llvm.ptr
    %is_first = llvm.icmp "eq" %before, %none : !llvm.ptr
    scf.if %is_first {
      %list = llvm.mlir.addressof @clef_all_cells : !llvm.ptr
      llvm.store %next, %list : !llvm.ptr, !llvm.ptr
    } else {
      %link = llvm.getelementptr %before[8] : (!llvm.ptr) -> !llvm.ptr, i8
      llvm.store %next, %link : !llvm.ptr, !llvm.ptr
    }
    %any = llvm.icmp "ne" %next, %none : !llvm.ptr
    scf.if %any {
      llvm.store %before, %next : !llvm.ptr, !llvm.ptr
    }
    %poison = llvm.mlir.constant(-35 : i8) : i8
    "llvm.intr.memset"(%cell, %poison, %size) <{isVolatile = false}> : (!llvm.ptr, i8, i64) -> ()
    %index_at = llvm.mlir.addressof @clef_waiting_next : !llvm.ptr
    %one = llvm.mlir.constant(1 : i64) : i64
    %mask = llvm.mlir.constant(65535 : i64) : i64
    %index = llvm.load %index_at : !llvm.ptr -> i64
    %up = llvm.add %index, %one : i64
    %following = llvm.and %up, %mask : i64
    llvm.store %following, %index_at : i64, !llvm.ptr
    %waiting = llvm.mlir.addressof @clef_waiting : !llvm.ptr
    %slot = llvm.getelementptr %waiting[%index] : (!llvm.ptr, i64) -> !llvm.ptr, !llvm.ptr
    %oldest = llvm.load %slot : !llvm.ptr -> !llvm.ptr
    llvm.store %block, %slot : !llvm.ptr, !llvm.ptr
    %some = llvm.icmp "ne" %oldest, %none : !llvm.ptr
    scf.if %some {
      llvm.call fastcc @clef_check_waiting(%oldest) : (!llvm.ptr) -> ()
      %size_at = llvm.getelementptr %oldest[24] : (!llvm.ptr) -> !llvm.ptr, i8
      %held = llvm.load %size_at : !llvm.ptr -> i64
      %head_size = llvm.mlir.constant(32 : i64) : i64
      %whole = llvm.add %held, %head_size : i64
      llvm.call fastcc @clef_free(%oldest, %whole) : (!llvm.ptr, i64) -> ()
    }
    llvm.return
  }
  llvm.func internal fastcc @clef_block_waits(%cell: !llvm.ptr, %size: i64) attributes {passthrough = ["noinline", "nounwind"]} {
    %poison = llvm.mlir.constant(-35 : i8) : i8
    "llvm.intr.memset"(%cell, %poison, %size) <{isVolatile = false}> : (!llvm.ptr, i8, i64) -> ()
    llvm.return
  }
  llvm.func internal fastcc @clef_block_waits_no_more(%cell: !llvm.ptr) attributes {passthrough = ["noinline", "nounwind"]} {
    %block = llvm.getelementptr %cell[-32] : (!llvm.ptr) -> !llvm.ptr, i8
    llvm.call fastcc @clef_check_waiting(%block) : (!llvm.ptr) -> ()
    %site_at = llvm.getelementptr %block[16] : (!llvm.ptr) -> !llvm.ptr, i8
    %here = llvm.mlir.addressof @clef_here : !llvm.ptr
    %site = llvm.load %here : !llvm.ptr -> !llvm.ptr
    llvm.store %site, %site_at : !llvm.ptr, !llvm.ptr
    %one = llvm.mlir.constant(1 : i32) : i32
    llvm.store %one, %cell : i32, !llvm.ptr
    llvm.return
  }
  llvm.func internal fastcc @clef_check(%cell: !llvm.ptr, %count: i32, %what: i32) attributes {passthrough = ["alwaysinline", "nounwind"]} {
    %freed = llvm.mlir.constant({FREED} : i32) : i32
    %bad = llvm.icmp "eq" %count, %freed : i32
    llvm.cond_br %bad weights([1, 2000]), ^bad, ^good
  ^bad:
    %block = llvm.getelementptr %cell[-32] : (!llvm.ptr) -> !llvm.ptr, i8
    llvm.call fastcc @clef_accuse(%block, %what) : (!llvm.ptr, i32) -> ()
    llvm.br ^good
  ^good:
    llvm.return
  }
  llvm.func internal fastcc @clef_check_waiting(%block: !llvm.ptr) attributes {passthrough = ["noinline", "nounwind"]} {
    %size_at = llvm.getelementptr %block[24] : (!llvm.ptr) -> !llvm.ptr, i8
    %size = llvm.load %size_at : !llvm.ptr -> i64
    %cell = llvm.getelementptr %block[32] : (!llvm.ptr) -> !llvm.ptr, i8
    %poison = llvm.mlir.constant(-35 : i8) : i8
    %zero = llvm.mlir.constant(0 : i64) : i64
    %one = llvm.mlir.constant(1 : i64) : i64
    %written = llvm.mlir.constant(2 : i32) : i32
    scf.for %i = %zero to %size step %one : i64 {
      %at = llvm.getelementptr %cell[%i] : (!llvm.ptr, i64) -> !llvm.ptr, i8
      %byte = llvm.load %at : !llvm.ptr -> i8
      %bad = llvm.icmp "ne" %byte, %poison : i8
      scf.if %bad {
        llvm.call fastcc @clef_accuse(%block, %written) : (!llvm.ptr, i32) -> ()
      }
    }
    llvm.return
  }
  llvm.func internal fastcc @clef_accuse(%block: !llvm.ptr, %what: i32) attributes {passthrough = ["noinline", "nounwind", "cold"]} {
    %one = llvm.mlir.constant(1 : i32) : i32
    %two = llvm.mlir.constant(2 : i32) : i32
    %used = llvm.mlir.addressof @clef_text_used : !llvm.ptr
    %given = llvm.mlir.addressof @clef_text_given : !llvm.ptr
    %changed = llvm.mlir.addressof @clef_text_changed : !llvm.ptr
    %is_one = llvm.icmp "eq" %what, %one : i32
    %is_two = llvm.icmp "eq" %what, %two : i32
    %first = llvm.select %is_one, %given, %used : i1, !llvm.ptr
    %text = llvm.select %is_two, %changed, %first : i1, !llvm.ptr
    llvm.call fastcc @clef_say(%text) : (!llvm.ptr) -> ()
    %here = llvm.mlir.addressof @clef_here : !llvm.ptr
    %now = llvm.load %here : !llvm.ptr -> !llvm.ptr
    llvm.call fastcc @clef_say_site(%now) : (!llvm.ptr) -> ()
    %made = llvm.mlir.addressof @clef_text_made : !llvm.ptr
    llvm.call fastcc @clef_say(%made) : (!llvm.ptr) -> ()
    %site_at = llvm.getelementptr %block[16] : (!llvm.ptr) -> !llvm.ptr, i8
    %site = llvm.load %site_at : !llvm.ptr -> !llvm.ptr
    llvm.call fastcc @clef_say_site(%site) : (!llvm.ptr) -> ()
    %line = llvm.mlir.addressof @clef_text_line : !llvm.ptr
    llvm.call fastcc @clef_say(%line) : (!llvm.ptr) -> ()
    %number = llvm.mlir.constant({EXIT} : i64) : i64
    %code = llvm.mlir.constant({CODE} : i64) : i64
    %zero = llvm.mlir.constant(0 : i64) : i64
    %x = llvm.call @clef_syscall(%number, %code, %zero, %zero, %zero, %zero, %zero) : {CALL}
    llvm.unreachable
  }
  llvm.func internal fastcc @clef_say_site(%site: !llvm.ptr) attributes {passthrough = ["nounwind", "cold"]} {
    %text = llvm.load %site : !llvm.ptr -> !llvm.ptr
    llvm.call fastcc @clef_say(%text) : (!llvm.ptr) -> ()
    llvm.return
  }
  llvm.func internal fastcc @clef_say_leaks() attributes {passthrough = ["noinline", "nounwind", "cold"]} {
    %none = llvm.mlir.zero : !llvm.ptr
    %one = llvm.mlir.constant(1 : i64) : i64
    %zero = llvm.mlir.constant(0 : i64) : i64
    %all = llvm.mlir.addressof @clef_all_cells : !llvm.ptr
    %head = llvm.load %all : !llvm.ptr -> !llvm.ptr
    llvm.br ^cells(%head, %none : !llvm.ptr, !llvm.ptr)
  ^cells(%block: !llvm.ptr, %sites: !llvm.ptr):
    %no_more = llvm.icmp "eq" %block, %none : !llvm.ptr
    llvm.cond_br %no_more, ^tell(%sites : !llvm.ptr), ^cell
  ^cell:
    %site_at = llvm.getelementptr %block[16] : (!llvm.ptr) -> !llvm.ptr, i8
    %site = llvm.load %site_at : !llvm.ptr -> !llvm.ptr
    %cells_at = llvm.getelementptr %site[8] : (!llvm.ptr) -> !llvm.ptr, i8
    %bytes_at = llvm.getelementptr %site[16] : (!llvm.ptr) -> !llvm.ptr, i8
    %link_at = llvm.getelementptr %site[24] : (!llvm.ptr) -> !llvm.ptr, i8
    %size_at = llvm.getelementptr %block[24] : (!llvm.ptr) -> !llvm.ptr, i8
    %size = llvm.load %size_at : !llvm.ptr -> i64
    %cells = llvm.call fastcc @clef_watch_add(%cells_at, %one) : (!llvm.ptr, i64) -> i64
    %bytes = llvm.call fastcc @clef_watch_add(%bytes_at, %size) : (!llvm.ptr, i64) -> i64
    %is_new = llvm.icmp "eq" %cells, %one : i64
    %list = scf.if %is_new -> (!llvm.ptr) {
      llvm.store %sites, %link_at : !llvm.ptr, !llvm.ptr
      scf.yield %site : !llvm.ptr
    } else {
      scf.yield %sites : !llvm.ptr
    }
    %next_at = llvm.getelementptr %block[8] : (!llvm.ptr) -> !llvm.ptr, i8
    %next = llvm.load %next_at : !llvm.ptr -> !llvm.ptr
    llvm.br ^cells(%next, %list : !llvm.ptr, !llvm.ptr)
  ^tell(%told: !llvm.ptr):
    %end = llvm.icmp "eq" %told, %none : !llvm.ptr
    llvm.cond_br %end, ^done, ^one
  ^one:
    %its_cells_at = llvm.getelementptr %told[8] : (!llvm.ptr) -> !llvm.ptr, i8
    %its_bytes_at = llvm.getelementptr %told[16] : (!llvm.ptr) -> !llvm.ptr, i8
    %its_link_at = llvm.getelementptr %told[24] : (!llvm.ptr) -> !llvm.ptr, i8
    %its_cells = llvm.load %its_cells_at : !llvm.ptr -> i64
    %its_bytes = llvm.load %its_bytes_at : !llvm.ptr -> i64
    %t0 = llvm.mlir.addressof @clef_text_leak : !llvm.ptr
    llvm.call fastcc @clef_say(%t0) : (!llvm.ptr) -> ()
    llvm.call fastcc @clef_say_number(%its_cells) : (i64) -> ()
    %t1 = llvm.mlir.addressof @clef_text_cells : !llvm.ptr
    llvm.call fastcc @clef_say(%t1) : (!llvm.ptr) -> ()
    llvm.call fastcc @clef_say_number(%its_bytes) : (i64) -> ()
    %t2 = llvm.mlir.addressof @clef_text_bytes : !llvm.ptr
    llvm.call fastcc @clef_say(%t2) : (!llvm.ptr) -> ()
    llvm.call fastcc @clef_say_site(%told) : (!llvm.ptr) -> ()
    %t3 = llvm.mlir.addressof @clef_text_line : !llvm.ptr
    llvm.call fastcc @clef_say(%t3) : (!llvm.ptr) -> ()
    %its_next = llvm.load %its_link_at : !llvm.ptr -> !llvm.ptr
    llvm.br ^tell(%its_next : !llvm.ptr)
  ^done:
    llvm.return
  }
  llvm.func internal fastcc @clef_check_all_waiting() attributes {passthrough = ["noinline", "nounwind", "cold"]} {
    %none = llvm.mlir.zero : !llvm.ptr
    %one = llvm.mlir.constant(1 : i64) : i64
    %zero = llvm.mlir.constant(0 : i64) : i64
    %most = llvm.mlir.constant(65536 : i64) : i64
    %waiting = llvm.mlir.addressof @clef_waiting : !llvm.ptr
    scf.for %i = %zero to %most step %one : i64 {
      %slot = llvm.getelementptr %waiting[%i] : (!llvm.ptr, i64) -> !llvm.ptr, !llvm.ptr
      %block = llvm.load %slot : !llvm.ptr -> !llvm.ptr
      %some = llvm.icmp "ne" %block, %none : !llvm.ptr
      scf.if %some {
        llvm.call fastcc @clef_check_waiting(%block) : (!llvm.ptr) -> ()
      }
    }
    llvm.return
  }"""
