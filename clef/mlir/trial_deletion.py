"""The steps of trial deletion, as MLIR (Bacon, Rajan, ECOOP 2001): mark, scan, restore, collect.

Comes in: nothing; the pieces in braces are filled in by `circles.py`, whose first paragraph explains
the marks in counts and kinds. Goes out: texts of functions. Promises: a portion leaves all counts
right, whether it came to its end or was undone.
"""

# ruff: noqa: E501 (lines of MLIR text)

TOUCH = """  llvm.func internal fastcc @clef_touch(%cell: !llvm.ptr, %mode: i32) attributes {passthrough = ["nounwind"]} {
    %null = llvm.mlir.zero : !llvm.ptr
    %is_null = llvm.icmp "eq" %cell, %null : !llvm.ptr
    llvm.cond_br %is_null, ^done, ^cell
  ^cell:
    %n = llvm.load %cell : !llvm.ptr -> i32
    %zero = llvm.mlir.constant(0 : i32) : i32
    %immortal = llvm.icmp "slt" %n, %zero : i32
    llvm.cond_br %immortal, ^done, ^mortal
  ^mortal:
    %form = llvm.call fastcc @clef_form(%cell) : (!llvm.ptr) -> i8
    %none = llvm.mlir.constant(0 : i8) : i8
    %plain = llvm.icmp "eq" %form, %none : i8
    llvm.cond_br %plain, ^done, ^traced
  ^traced:
    %one = llvm.mlir.constant(1 : i32) : i32
    %two = llvm.mlir.constant(2 : i32) : i32
    %minus = llvm.mlir.constant(-1 : i32) : i32
    %is_first = llvm.icmp "eq" %mode, %zero : i32
    %change = llvm.select %is_first, %minus, %one : i1, i32
    %m = llvm.add %n, %change : i32
    llvm.store %m, %cell : i32, !llvm.ptr
    %at = llvm.getelementptr %cell[4] : (!llvm.ptr) -> !llvm.ptr, i8
    %kind = llvm.load %at : !llvm.ptr -> i32
    %grey = llvm.mlir.constant({GREY} : i32) : i32
    %black = llvm.mlir.constant({BLACK} : i32) : i32
    %both = llvm.or %grey, %black : i32
    %is_undo = llvm.icmp "eq" %mode, %one : i32
    %mine = llvm.select %is_first, %both, %black : i1, i32
    %seen = llvm.and %kind, %mine : i32
    %is_seen = llvm.icmp "ne" %seen, %zero : i32
    %skip = llvm.or %is_undo, %is_seen : i1
    llvm.cond_br %skip, ^done, ^visit
  ^visit:
    %mask = llvm.mlir.constant({MASK} : i32) : i32
    %bare = llvm.and %kind, %mask : i32
    %colour = llvm.select %is_first, %grey, %black : i1, i32
    %painted = llvm.or %bare, %colour : i32
    llvm.store %painted, %at : i32, !llvm.ptr
    llvm.call fastcc @clef_visit(%cell) : (!llvm.ptr) -> ()
    llvm.br ^done
  ^done:
    llvm.return
  }
  llvm.func internal fastcc @clef_colour(%cell: !llvm.ptr) -> i32 attributes {passthrough = ["alwaysinline", "nounwind"]} {
    %at = llvm.getelementptr %cell[4] : (!llvm.ptr) -> !llvm.ptr, i8
    %kind = llvm.load %at : !llvm.ptr -> i32
    %both = llvm.mlir.constant({BOTH} : i32) : i32
    %colour = llvm.and %kind, %both : i32
    llvm.return %colour : i32
  }
  llvm.func internal fastcc @clef_paint(%cell: !llvm.ptr, %colour: i32) attributes {passthrough = ["alwaysinline", "nounwind"]} {
    %at = llvm.getelementptr %cell[4] : (!llvm.ptr) -> !llvm.ptr, i8
    %kind = llvm.load %at : !llvm.ptr -> i32
    %mask = llvm.mlir.constant({MASK} : i32) : i32
    %bare = llvm.and %kind, %mask : i32
    %painted = llvm.or %bare, %colour : i32
    llvm.store %painted, %at : i32, !llvm.ptr
    llvm.return
  }
  llvm.func internal fastcc @clef_let_go_traced(%cell: !llvm.ptr) attributes {passthrough = ["nounwind"]} {
    %null = llvm.mlir.zero : !llvm.ptr
    %is_null = llvm.icmp "eq" %cell, %null : !llvm.ptr
    llvm.cond_br %is_null, ^done, ^cell
  ^cell:
    %form = llvm.call fastcc @clef_form(%cell) : (!llvm.ptr) -> i8
    %none = llvm.mlir.constant(0 : i8) : i8
    %plain = llvm.icmp "eq" %form, %none : i8
    llvm.cond_br %plain, ^plain, ^done
  ^plain:
    llvm.call fastcc @clef_drop_cold(%cell) : (!llvm.ptr) -> ()
    llvm.br ^done
  ^done:
    llvm.return
  }
  llvm.func internal fastcc @clef_weight(%cell: !llvm.ptr) -> i64 attributes {passthrough = ["nounwind"]} {
    %form = llvm.call fastcc @clef_form(%cell) : (!llvm.ptr) -> i8
    %two = llvm.mlir.constant(2 : i8) : i8
    %is_array = llvm.icmp "eq" %form, %two : i8
    %one = llvm.mlir.constant(1 : i64) : i64
    llvm.cond_br %is_array, ^is_array, ^not_is_array
  ^is_array:
    %at = llvm.getelementptr %cell[8] : (!llvm.ptr) -> !llvm.ptr, i8
    %length = llvm.load %at : !llvm.ptr -> i32
    %wide = llvm.zext %length : i32 to i64
    %more = llvm.add %wide, %one : i64
    llvm.br ^after_is_array(%more : i64)
  ^not_is_array:
    llvm.br ^after_is_array(%one : i64)
  ^after_is_array(%weight: i64):
    llvm.return %weight : i64
  }"""

MARK = """  llvm.func internal fastcc @clef_mark(%cell: !llvm.ptr, %limit: i64) attributes {passthrough = ["noinline", "nounwind"]} {
    %count = llvm.mlir.addressof @clef_visited_count : !llvm.ptr
    %left_at = llvm.mlir.addressof @clef_steps_left : !llvm.ptr
    %first = llvm.load %count : !llvm.ptr -> {W}
    %one = llvm.mlir.constant(1 : {W}) : {W}
    %grey = llvm.mlir.constant({GREY} : i32) : i32
    %white = llvm.mlir.constant(0 : i32) : i32
    %undo = llvm.mlir.constant(1 : i32) : i32
    %zero64 = llvm.mlir.constant(0 : i64) : i64
    llvm.call fastcc @clef_paint(%cell, %grey) : (!llvm.ptr, i32) -> ()
    llvm.call fastcc @clef_visit(%cell) : (!llvm.ptr) -> ()
    llvm.br ^next(%first, %zero64 : {W}, i64)
  ^next(%i: {W}, %cost: i64):
    %end = llvm.load %count : !llvm.ptr -> {W}
    %more = llvm.icmp "ult" %i, %end : {W}
    llvm.cond_br %more, ^weigh, ^done
  ^weigh:
    %one_cell = llvm.call fastcc @clef_visited_at(%i) : ({W}) -> !llvm.ptr
    %weight = llvm.call fastcc @clef_weight(%one_cell) : (!llvm.ptr) -> i64
    %dearer = llvm.add %cost, %weight : i64
    %fits = llvm.icmp "ule" %dearer, %limit : i64
    llvm.cond_br %fits, ^trace, ^undo
  ^trace:
    llvm.call fastcc @clef_trace(%one_cell, %white) : (!llvm.ptr, i32) -> ()
    %following = llvm.add %i, %one : {W}
    llvm.br ^next(%following, %dearer : {W}, i64)
  ^undo:
    llvm.br ^each_j(%first : {W})
  ^each_j(%j: {W}):
    %in_range = llvm.icmp "slt" %j, %i : {W}
    llvm.cond_br %in_range, ^at_j, ^after_j
  ^at_j:
    %traced = llvm.call fastcc @clef_visited_at(%j) : ({W}) -> !llvm.ptr
    llvm.call fastcc @clef_trace(%traced, %undo) : (!llvm.ptr, i32) -> ()
    %next_j = llvm.add %j, %one : {W}
    llvm.br ^each_j(%next_j : {W})
  ^after_j:
    llvm.br ^each_k(%first : {W})
  ^each_k(%k: {W}):
    %in_range_2 = llvm.icmp "slt" %k, %end : {W}
    llvm.cond_br %in_range_2, ^at_k, ^after_k
  ^at_k:
    %grey_cell = llvm.call fastcc @clef_visited_at(%k) : ({W}) -> !llvm.ptr
    llvm.call fastcc @clef_paint(%grey_cell, %white) : (!llvm.ptr, i32) -> ()
    %next_k = llvm.add %k, %one : {W}
    llvm.br ^each_k(%next_k : {W})
  ^after_k:
    llvm.store %first, %count : {W}, !llvm.ptr
    llvm.br ^done
  ^done:
    %left = llvm.load %left_at : !llvm.ptr -> i64
    %less = llvm.sub %left, %cost : i64
    llvm.store %less, %left_at : i64, !llvm.ptr
    llvm.return
  }"""

PASS = """  llvm.func internal fastcc @clef_mark_suspects(%first: {W}, %last: {W}, %each: i64) attributes {passthrough = ["nounwind"]} {
    %one = llvm.mlir.constant(1 : {W}) : {W}
    %zero64 = llvm.mlir.constant(0 : i64) : i64
    %none = llvm.mlir.zero : !llvm.ptr
    %left_at = llvm.mlir.addressof @clef_steps_left : !llvm.ptr
    %bit = llvm.mlir.constant({SUSPECT} : i32) : i32
    %white = llvm.mlir.constant(0 : i32) : i32
    llvm.br ^each_i(%first : {W})
  ^each_i(%i: {W}):
    %in_range = llvm.icmp "slt" %i, %last : {W}
    llvm.cond_br %in_range, ^at_i, ^after_i
  ^at_i:
    %place = llvm.call fastcc @clef_suspect_place(%i) : ({W}) -> !llvm.ptr
    %cell = llvm.load %place : !llvm.ptr -> !llvm.ptr
    %there = llvm.icmp "ne" %cell, %none : !llvm.ptr
    llvm.cond_br %there, ^there, ^after_there
  ^there:
    %n = llvm.load %cell : !llvm.ptr -> i32
    %colour = llvm.call fastcc @clef_colour(%cell) : (!llvm.ptr) -> i32
    %is_white = llvm.icmp "eq" %colour, %white : i32
    %no_count = llvm.icmp "eq" %n, %bit : i32
    %dead = llvm.and %is_white, %no_count : i1
    llvm.cond_br %dead, ^dead, ^not_dead
  ^dead:
    llvm.store %none, %place : !llvm.ptr, !llvm.ptr
    llvm.call fastcc @clef_free_cell(%cell) : (!llvm.ptr) -> ()
    llvm.br ^after_dead
  ^not_dead:
    %left = llvm.load %left_at : !llvm.ptr -> i64
    %any = llvm.icmp "sgt" %left, %zero64 : i64
    %look = llvm.and %any, %is_white : i1
    llvm.cond_br %look, ^look, ^after_look
  ^look:
    %limit = llvm.intr.umin(%left, %each) : (i64, i64) -> i64
    llvm.call fastcc @clef_mark(%cell, %limit) : (!llvm.ptr, i64) -> ()
    llvm.br ^after_look
  ^after_look:
    llvm.br ^after_dead
  ^after_dead:
    llvm.br ^after_there
  ^after_there:
    %next_i = llvm.add %i, %one : {W}
    llvm.br ^each_i(%next_i : {W})
  ^after_i:
    llvm.return
  }
  llvm.func internal fastcc @clef_blacken(%cell: !llvm.ptr) attributes {passthrough = ["nounwind"]} {
    %count = llvm.mlir.addressof @clef_visited_count : !llvm.ptr
    %floor = llvm.load %count : !llvm.ptr -> {W}
    %one = llvm.mlir.constant(1 : {W}) : {W}
    %black = llvm.mlir.constant({BLACK} : i32) : i32
    %mode = llvm.mlir.constant(2 : i32) : i32
    llvm.call fastcc @clef_paint(%cell, %black) : (!llvm.ptr, i32) -> ()
    llvm.call fastcc @clef_visit(%cell) : (!llvm.ptr) -> ()
    llvm.br ^next
  ^next:
    %height = llvm.load %count : !llvm.ptr -> {W}
    %more = llvm.icmp "ugt" %height, %floor : {W}
    llvm.cond_br %more, ^pop, ^done
  ^pop:
    %top = llvm.sub %height, %one : {W}
    %item = llvm.call fastcc @clef_visited_at(%top) : ({W}) -> !llvm.ptr
    llvm.store %top, %count : {W}, !llvm.ptr
    llvm.call fastcc @clef_trace(%item, %mode) : (!llvm.ptr, i32) -> ()
    llvm.br ^next
  ^done:
    llvm.return
  }
  llvm.func internal fastcc @clef_scan() attributes {passthrough = ["nounwind"]} {
    %count = llvm.mlir.addressof @clef_visited_count : !llvm.ptr
    %end = llvm.load %count : !llvm.ptr -> {W}
    %zero = llvm.mlir.constant(0 : {W}) : {W}
    %one = llvm.mlir.constant(1 : {W}) : {W}
    %grey = llvm.mlir.constant({GREY} : i32) : i32
    %none = llvm.mlir.constant(0 : i32) : i32
    %rest = llvm.mlir.constant({UNMARKED} : i32) : i32
    llvm.br ^each_i(%zero : {W})
  ^each_i(%i: {W}):
    %in_range = llvm.icmp "slt" %i, %end : {W}
    llvm.cond_br %in_range, ^at_i, ^after_i
  ^at_i:
    %cell = llvm.call fastcc @clef_visited_at(%i) : ({W}) -> !llvm.ptr
    %colour = llvm.call fastcc @clef_colour(%cell) : (!llvm.ptr) -> i32
    %is_grey = llvm.icmp "eq" %colour, %grey : i32
    %n = llvm.load %cell : !llvm.ptr -> i32
    %outside = llvm.and %n, %rest : i32
    %held = llvm.icmp "ne" %outside, %none : i32
    %live = llvm.and %is_grey, %held : i1
    llvm.cond_br %live, ^live, ^after_live
  ^live:
    llvm.call fastcc @clef_blacken(%cell) : (!llvm.ptr) -> ()
    llvm.br ^after_live
  ^after_live:
    %next_i = llvm.add %i, %one : {W}
    llvm.br ^each_i(%next_i : {W})
  ^after_i:
    llvm.return
  }
  llvm.func internal fastcc @clef_settle(%first: {W}, %last: {W}) attributes {passthrough = ["nounwind"]} {
    %one = llvm.mlir.constant(1 : {W}) : {W}
    %none = llvm.mlir.zero : !llvm.ptr
    %white = llvm.mlir.constant(0 : i32) : i32
    %rest = llvm.mlir.constant({UNMARKED} : i32) : i32
    llvm.br ^each_i(%first, %first : {W}, {W})
  ^each_i(%i: {W}, %k: {W}):
    %in_range = llvm.icmp "slt" %i, %last : {W}
    llvm.cond_br %in_range, ^at_i, ^after_i
  ^at_i:
    %place = llvm.call fastcc @clef_suspect_place(%i) : ({W}) -> !llvm.ptr
    %cell = llvm.load %place : !llvm.ptr -> !llvm.ptr
    %there = llvm.icmp "ne" %cell, %none : !llvm.ptr
    llvm.cond_br %there, ^there, ^not_there
  ^there:
    %colour = llvm.call fastcc @clef_colour(%cell) : (!llvm.ptr) -> i32
    %is_open = llvm.icmp "eq" %colour, %white : i32
    llvm.cond_br %is_open, ^is_open, ^not_is_open
  ^is_open:
    %target = llvm.call fastcc @clef_suspect_place(%k) : ({W}) -> !llvm.ptr
    llvm.store %cell, %target : !llvm.ptr, !llvm.ptr
    llvm.call fastcc @clef_note_index(%cell, %k) : (!llvm.ptr, {W}) -> ()
    %more = llvm.add %k, %one : {W}
    llvm.br ^after_is_open(%more : {W})
  ^not_is_open:
    %n = llvm.load %cell : !llvm.ptr -> i32
    %m = llvm.and %n, %rest : i32
    llvm.store %m, %cell : i32, !llvm.ptr
    llvm.br ^after_is_open(%k : {W})
  ^after_is_open(%after: {W}):
    llvm.br ^after_there(%after : {W})
  ^not_there:
    llvm.br ^after_there(%k : {W})
  ^after_there(%next: {W}):
    %next_i = llvm.add %i, %one : {W}
    llvm.br ^each_i(%next_i, %next : {W}, {W})
  ^after_i:
    %count = llvm.mlir.addressof @clef_suspects_count : !llvm.ptr
    %old = llvm.mlir.addressof @clef_suspects_old : !llvm.ptr
    llvm.store %k, %count : {W}, !llvm.ptr
    llvm.store %k, %old : {W}, !llvm.ptr
    llvm.return
  }
  llvm.func internal fastcc @clef_gather() -> {W} attributes {passthrough = ["nounwind"]} {
    %count = llvm.mlir.addressof @clef_visited_count : !llvm.ptr
    %end = llvm.load %count : !llvm.ptr -> {W}
    %zero = llvm.mlir.constant(0 : {W}) : {W}
    %one = llvm.mlir.constant(1 : {W}) : {W}
    %grey = llvm.mlir.constant({GREY} : i32) : i32
    %white = llvm.mlir.constant(0 : i32) : i32
    %list = llvm.mlir.addressof @clef_visited : !llvm.ptr
    %items = llvm.load %list : !llvm.ptr -> !llvm.ptr
    llvm.br ^each_i(%zero, %zero : {W}, {W})
  ^each_i(%i: {W}, %k: {W}):
    %in_range = llvm.icmp "slt" %i, %end : {W}
    llvm.cond_br %in_range, ^at_i, ^after_i
  ^at_i:
    %cell = llvm.call fastcc @clef_visited_at(%i) : ({W}) -> !llvm.ptr
    %colour = llvm.call fastcc @clef_colour(%cell) : (!llvm.ptr) -> i32
    %is_grey = llvm.icmp "eq" %colour, %grey : i32
    llvm.cond_br %is_grey, ^is_grey, ^not_is_grey
  ^is_grey:
    %place = llvm.getelementptr %items[%k] : (!llvm.ptr, {W}) -> !llvm.ptr, !llvm.ptr
    llvm.store %cell, %place : !llvm.ptr, !llvm.ptr
    %more = llvm.add %k, %one : {W}
    llvm.br ^after_is_grey(%more : {W})
  ^not_is_grey:
    llvm.call fastcc @clef_paint(%cell, %white) : (!llvm.ptr, i32) -> ()
    llvm.br ^after_is_grey(%k : {W})
  ^after_is_grey(%next: {W}):
    %next_i = llvm.add %i, %one : {W}
    llvm.br ^each_i(%next_i, %next : {W}, {W})
  ^after_i:
    llvm.store %zero, %count : {W}, !llvm.ptr
    llvm.return %k : {W}
  }
  llvm.func internal fastcc @clef_pass(%first: {W}, %steps: i64, %each: i64) -> {W} attributes {passthrough = ["noinline", "nounwind", "cold"]} {
    %left = llvm.mlir.addressof @clef_steps_left : !llvm.ptr
    %count = llvm.mlir.addressof @clef_suspects_count : !llvm.ptr
    %zero = llvm.mlir.constant(0 : {W}) : {W}
    %one = llvm.mlir.constant(1 : {W}) : {W}
    %bit = llvm.mlir.constant({SUSPECT} : i32) : i32
    %white = llvm.mlir.constant(0 : i32) : i32
    %last = llvm.load %count : !llvm.ptr -> {W}
    llvm.store %steps, %left : i64, !llvm.ptr
    llvm.call fastcc @clef_mark_suspects(%first, %last, %each) : ({W}, {W}, i64) -> ()
    llvm.call fastcc @clef_scan() : () -> ()
    llvm.call fastcc @clef_settle(%first, %last) : ({W}, {W}) -> ()
    %found = llvm.call fastcc @clef_gather() : () -> {W}
    llvm.br ^each_i(%zero : {W})
  ^each_i(%i: {W}):
    %in_range = llvm.icmp "slt" %i, %found : {W}
    llvm.cond_br %in_range, ^at_i, ^after_i
  ^at_i:
    %cell = llvm.call fastcc @clef_visited_at(%i) : ({W}) -> !llvm.ptr
    llvm.call fastcc @clef_let_go(%cell) : (!llvm.ptr) -> ()
    %next_i = llvm.add %i, %one : {W}
    llvm.br ^each_i(%next_i : {W})
  ^after_i:
    llvm.br ^each_j(%zero : {W})
  ^each_j(%j: {W}):
    %in_range_2 = llvm.icmp "slt" %j, %found : {W}
    llvm.cond_br %in_range_2, ^at_j, ^after_j
  ^at_j:
    %cell_2 = llvm.call fastcc @clef_visited_at(%j) : ({W}) -> !llvm.ptr
    llvm.call fastcc @clef_paint(%cell_2, %white) : (!llvm.ptr, i32) -> ()
    %n = llvm.load %cell_2 : !llvm.ptr -> i32
    %marked = llvm.and %n, %bit : i32
    %listed = llvm.icmp "ne" %marked, %white : i32
    llvm.cond_br %listed, ^listed, ^not_listed
  ^listed:
    llvm.store %bit, %cell_2 : i32, !llvm.ptr
    llvm.br ^after_listed
  ^not_listed:
    llvm.call fastcc @clef_free_cell(%cell_2) : (!llvm.ptr) -> ()
    llvm.br ^after_listed
  ^after_listed:
    %next_j = llvm.add %j, %one : {W}
    llvm.br ^each_j(%next_j : {W})
  ^after_j:
    llvm.return %found : {W}
  }"""
