"""When circles of references are looked for.

Comes in: nothing; the pieces in braces are filled in by `circles.py`. Goes out: the texts of
functions that look for circles, with the steps of `trial_deletion.py`: in portions while cells are
made, more seldom where little is found, and in all that is left at the end. Promises: a portion
takes no more steps than it is given.
"""

# ruff: noqa: E501 (lines of MLIR text)

PORTION = """  llvm.func internal fastcc @clef_portion() attributes {passthrough = ["noinline", "nounwind", "cold"]} {
    %old_at = llvm.mlir.addressof @clef_suspects_old : !llvm.ptr
    %saved_at = llvm.mlir.addressof @clef_steps_saved : !llvm.ptr
    %wanted_at = llvm.mlir.addressof @clef_steps_old : !llvm.ptr
    %next_at = llvm.mlir.addressof @clef_allowance_next : !llvm.ptr
    %allowance_at = llvm.mlir.addressof @clef_allowance : !llvm.ptr
    %zero = llvm.mlir.constant(0 : {W}) : {W}
    %zero64 = llvm.mlir.constant(0 : i64) : i64
    %one64 = llvm.mlir.constant(1 : i64) : i64
    %one = llvm.mlir.constant(1 : i32) : i32
    %steps = llvm.mlir.constant({STEPS} : i64) : i64
    %each = llvm.mlir.constant({STEPS_EACH} : i64) : i64
    %least = llvm.mlir.constant({ALLOWANCE} : i32) : i32
    %most = llvm.mlir.constant({MOST_ALLOWANCE} : i32) : i32
    %first = llvm.load %old_at : !llvm.ptr -> {W}
    %found = llvm.call fastcc @clef_pass(%first, %steps, %each) : ({W}, i64, i64) -> {W}
    %before = llvm.load %saved_at : !llvm.ptr -> i64
    %saved = llvm.add %before, %steps : i64
    llvm.store %saved, %saved_at : i64, !llvm.ptr
    %open = llvm.load %old_at : !llvm.ptr -> {W}
    %some = llvm.icmp "ne" %open, %zero : {W}
    %wanted = llvm.load %wanted_at : !llvm.ptr -> i64
    %enough = llvm.icmp "uge" %saved, %wanted : i64
    %again = llvm.and %some, %enough : i1
    llvm.cond_br %again, ^again, ^not_again
  ^again:
    llvm.store %zero64, %saved_at : i64, !llvm.ptr
    %half = llvm.lshr %wanted, %one64 : i64
    %given = llvm.call fastcc @clef_pass(%zero, %wanted, %half) : ({W}, i64, i64) -> {W}
    %still = llvm.load %old_at : !llvm.ptr -> {W}
    %left = llvm.icmp "ne" %still, %zero : {W}
    %twice = llvm.shl %wanted, %one64 : i64
    %then = llvm.select %left, %twice, %steps : i1, i64
    llvm.store %then, %wanted_at : i64, !llvm.ptr
    llvm.br ^after_again(%given : {W})
  ^not_again:
    llvm.br ^after_again(%zero : {W})
  ^after_again(%old_found: {W}):
    %all = llvm.add %found, %old_found : {W}
    %nothing = llvm.icmp "eq" %all, %zero : {W}
    %now = llvm.load %next_at : !llvm.ptr -> i32
    %more = llvm.shl %now, %one : i32
    %capped = llvm.intr.smin(%more, %most) : (i32, i32) -> i32
    %less = llvm.lshr %now, %one : i32
    %floored = llvm.intr.smax(%less, %least) : (i32, i32) -> i32
    %next = llvm.select %nothing, %capped, %floored : i1, i32
    llvm.store %next, %next_at : i32, !llvm.ptr
    llvm.store %next, %allowance_at : i32, !llvm.ptr
    llvm.return
  }
  llvm.func internal fastcc @clef_made(%weight: i32) attributes {passthrough = ["alwaysinline", "nounwind"]} {
    %at = llvm.mlir.addressof @clef_allowance : !llvm.ptr
    %left = llvm.load %at : !llvm.ptr -> i32
    %less = llvm.sub %left, %weight : i32
    llvm.store %less, %at : i32, !llvm.ptr
    %zero = llvm.mlir.constant(0 : i32) : i32
    %over = llvm.icmp "slt" %less, %zero : i32
    llvm.cond_br %over weights([1, 4000]), ^portion, ^done
  ^portion:
    llvm.call fastcc @clef_portion() : () -> ()
    llvm.br ^done
  ^done:
    llvm.return
  }"""


COLLECT = """  llvm.func internal fastcc @clef_collect() attributes {passthrough = ["noinline", "nounwind", "cold"]} {
    %count = llvm.mlir.addressof @clef_suspects_count : !llvm.ptr
    %zero = llvm.mlir.constant(0 : {W}) : {W}
    %all = llvm.mlir.constant(9223372036854775807 : i64) : i64
    llvm.br ^next
  ^next:
    %n = llvm.load %count : !llvm.ptr -> {W}
    %more = llvm.icmp "ne" %n, %zero : {W}
    llvm.cond_br %more, ^pass, ^done
  ^pass:
    %found = llvm.call fastcc @clef_pass(%zero, %all, %all) : ({W}, i64, i64) -> {W}
    llvm.br ^next
  ^done:
    llvm.return
  }"""
