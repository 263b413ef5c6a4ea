"""The lists behind the search for circles, as MLIR: suspects, cells that were visited, how they grow.

Comes in: nothing; the pieces in braces are filled in by `circles.py`. Goes out: texts of globals and
functions. Promises: a list is one block that doubles; its old block goes back to the system where
that is possible.
"""

# ruff: noqa: E501 (lines of MLIR text)

STATE = """  llvm.mlir.global internal @clef_suspects() : !llvm.ptr {
    %0 = llvm.mlir.zero : !llvm.ptr
    llvm.return %0 : !llvm.ptr
  }
  llvm.mlir.global internal @clef_visited() : !llvm.ptr {
    %0 = llvm.mlir.zero : !llvm.ptr
    llvm.return %0 : !llvm.ptr
  }
  llvm.mlir.global internal @clef_suspects_room(0 : {W}) : {W}
  llvm.mlir.global internal @clef_suspects_count(0 : {W}) : {W}
  llvm.mlir.global internal @clef_suspects_old(0 : {W}) : {W}
  llvm.mlir.global internal @clef_visited_room(0 : {W}) : {W}
  llvm.mlir.global internal @clef_visited_count(0 : {W}) : {W}
  llvm.mlir.global internal @clef_allowance({ALLOWANCE} : i32) : i32
  llvm.mlir.global internal @clef_allowance_next({ALLOWANCE} : i32) : i32
  llvm.mlir.global internal @clef_steps_left(0 : i64) : i64
  llvm.mlir.global internal @clef_steps_saved(0 : i64) : i64
  llvm.mlir.global internal @clef_steps_old({STEPS} : i64) : i64"""

LISTS = """  llvm.func internal fastcc @clef_list_add(%list: !llvm.ptr, %room: !llvm.ptr, %count: !llvm.ptr, %cell: !llvm.ptr) attributes {passthrough = ["noinline", "nounwind"]} {
    %one = llvm.mlir.constant(1 : {W}) : {W}
    %n = llvm.load %count : !llvm.ptr -> {W}
    %have = llvm.load %room : !llvm.ptr -> {W}
    %full = llvm.icmp "uge" %n, %have : {W}
    llvm.cond_br %full, ^full, ^after_full
  ^full:
    %least = llvm.mlir.constant(1024 : {W}) : {W}
    %shift = llvm.mlir.constant({SHIFT} : {W}) : {W}
    %twice = llvm.shl %have, %one : {W}
    %wanted = llvm.intr.umax(%twice, %least) : ({W}, {W}) -> {W}
    %bytes = llvm.shl %wanted, %shift : {W}
    %at = llvm.call fastcc @clef_memory(%bytes) : ({W}) -> {W}
    %new = llvm.inttoptr %at : {W} to !llvm.ptr
    %old = llvm.load %list : !llvm.ptr -> !llvm.ptr
    %used = llvm.shl %have, %shift : {W}
    "llvm.intr.memcpy"(%new, %old, %used) <{isVolatile = false}> : (!llvm.ptr, !llvm.ptr, {W}) -> ()
    llvm.store %new, %list : !llvm.ptr, !llvm.ptr
    llvm.store %wanted, %room : {W}, !llvm.ptr
{UNMAP}    llvm.br ^after_full
  ^after_full:
    %items = llvm.load %list : !llvm.ptr -> !llvm.ptr
    %place = llvm.getelementptr %items[%n] : (!llvm.ptr, {W}) -> !llvm.ptr, !llvm.ptr
    llvm.store %cell, %place : !llvm.ptr, !llvm.ptr
    %more = llvm.add %n, %one : {W}
    llvm.store %more, %count : {W}, !llvm.ptr
    llvm.return
  }
  llvm.func internal fastcc @clef_visit(%cell: !llvm.ptr) attributes {passthrough = ["alwaysinline", "nounwind"]} {
    %list = llvm.mlir.addressof @clef_visited : !llvm.ptr
    %room = llvm.mlir.addressof @clef_visited_room : !llvm.ptr
    %count = llvm.mlir.addressof @clef_visited_count : !llvm.ptr
    llvm.call fastcc @clef_list_add(%list, %room, %count, %cell) : (!llvm.ptr, !llvm.ptr, !llvm.ptr, !llvm.ptr) -> ()
    llvm.return
  }
  llvm.func internal fastcc @clef_suspect_place(%index: {W}) -> !llvm.ptr attributes {passthrough = ["alwaysinline", "nounwind"]} {
    %list = llvm.mlir.addressof @clef_suspects : !llvm.ptr
    %items = llvm.load %list : !llvm.ptr -> !llvm.ptr
    %place = llvm.getelementptr %items[%index] : (!llvm.ptr, {W}) -> !llvm.ptr, !llvm.ptr
    llvm.return %place : !llvm.ptr
  }
  llvm.func internal fastcc @clef_visited_at(%index: {W}) -> !llvm.ptr attributes {passthrough = ["alwaysinline", "nounwind"]} {
    %list = llvm.mlir.addressof @clef_visited : !llvm.ptr
    %items = llvm.load %list : !llvm.ptr -> !llvm.ptr
    %place = llvm.getelementptr %items[%index] : (!llvm.ptr, {W}) -> !llvm.ptr, !llvm.ptr
    %cell = llvm.load %place : !llvm.ptr -> !llvm.ptr
    llvm.return %cell : !llvm.ptr
  }"""

UNMAP = """    %known = llvm.mlir.zero : !llvm.ptr
    %had = llvm.icmp "ne" %old, %known : !llvm.ptr
    llvm.cond_br %had, ^had, ^after_had
  ^had:
    %number = llvm.mlir.constant({MUNMAP} : i64) : i64
    %zero = llvm.mlir.constant(0 : i64) : i64
    %from = llvm.ptrtoint %old : !llvm.ptr to i64
    %r = llvm.call @clef_syscall(%number, %from, %used, %zero, %zero, %zero, %zero) : (i64, i64, i64, i64, i64, i64, i64) -> i64
    llvm.br ^after_had
  ^after_had:
"""

SUSPECT = """  llvm.func internal fastcc @clef_form(%cell: !llvm.ptr) -> i8 attributes {passthrough = ["alwaysinline", "nounwind"]} {
    %at = llvm.getelementptr %cell[4] : (!llvm.ptr) -> !llvm.ptr, i8
    %kind = llvm.load %at : !llvm.ptr -> i32
    %mask = llvm.mlir.constant({MASK} : i32) : i32
    %plain = llvm.and %kind, %mask : i32
    %forms = llvm.mlir.addressof @clef_forms : !llvm.ptr
    %place = llvm.getelementptr %forms[%plain] : (!llvm.ptr, i32) -> !llvm.ptr, i8
    %form = llvm.load %place : !llvm.ptr -> i8
    llvm.return %form : i8
  }
  llvm.func internal fastcc @clef_suspect(%cell: !llvm.ptr) attributes {passthrough = ["noinline", "nounwind"]} {
    %form = llvm.call fastcc @clef_form(%cell) : (!llvm.ptr) -> i8
    %none = llvm.mlir.constant(0 : i8) : i8
    %traced = llvm.icmp "ne" %form, %none : i8
    llvm.cond_br %traced, ^traced, ^after_traced
  ^traced:
    %list = llvm.mlir.addressof @clef_suspects : !llvm.ptr
    %room = llvm.mlir.addressof @clef_suspects_room : !llvm.ptr
    %count = llvm.mlir.addressof @clef_suspects_count : !llvm.ptr
    %index = llvm.load %count : !llvm.ptr -> {W}
    llvm.call fastcc @clef_list_add(%list, %room, %count, %cell) : (!llvm.ptr, !llvm.ptr, !llvm.ptr, !llvm.ptr) -> ()
    llvm.call fastcc @clef_note_index(%cell, %index) : (!llvm.ptr, {W}) -> ()
    %n = llvm.load %cell : !llvm.ptr -> i32
    %bit = llvm.mlir.constant({SUSPECT} : i32) : i32
    %marked = llvm.or %n, %bit : i32
    llvm.store %marked, %cell : i32, !llvm.ptr
    llvm.br ^after_traced
  ^after_traced:
    llvm.return
  }
  llvm.func internal fastcc @clef_note_index(%cell: !llvm.ptr, %index: {W}) attributes {passthrough = ["nounwind"]} {
    %form = llvm.call fastcc @clef_form(%cell) : (!llvm.ptr) -> i8
    %two = llvm.mlir.constant(2 : i8) : i8
    %is_array = llvm.icmp "eq" %form, %two : i8
    llvm.cond_br %is_array, ^is_array, ^after_is_array
  ^is_array:
    %at = llvm.getelementptr %cell[12] : (!llvm.ptr) -> !llvm.ptr, i8
    %low = {LOW} %index : {W} to i32
    llvm.store %low, %at : i32, !llvm.ptr
    llvm.br ^after_is_array
  ^after_is_array:
    llvm.return
  }
  llvm.func internal fastcc @clef_forget_array(%cell: !llvm.ptr) attributes {passthrough = ["noinline", "nounwind"]} {
    %at = llvm.getelementptr %cell[12] : (!llvm.ptr) -> !llvm.ptr, i8
    %low = llvm.load %at : !llvm.ptr -> i32
    %index = {WIDE} %low : i32 to {W}
    %place = llvm.call fastcc @clef_suspect_place(%index) : ({W}) -> !llvm.ptr
    %none = llvm.mlir.zero : !llvm.ptr
    llvm.store %none, %place : !llvm.ptr, !llvm.ptr
    llvm.return
  }
  llvm.func internal fastcc @clef_counted_down(%cell: !llvm.ptr, %count: i32) attributes {passthrough = ["noinline", "nounwind"]} {
    %bit = llvm.mlir.constant({SUSPECT} : i32) : i32
    %dead = llvm.icmp "eq" %count, %bit : i32
    llvm.cond_br %dead, ^dead, ^not_dead
  ^dead:
    llvm.call fastcc @clef_release(%cell) : (!llvm.ptr) -> ()
    llvm.br ^after_dead
  ^not_dead:
    llvm.call fastcc @clef_suspect(%cell) : (!llvm.ptr) -> ()
    llvm.br ^after_dead
  ^after_dead:
    llvm.return
  }"""

# Modes of `clef_touch` and `clef_trace`: 0 takes a reference off and visits what is white, 1 puts it
# back, 2 puts it back and visits what is not black.
