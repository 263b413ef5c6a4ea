"""Regions: memory from outside, in programs with several heaps.

Comes in: nothing; the pieces in braces are filled in by `heaps.py`. Goes out: the text of the function
that gives a region, and of what asks the system for large ones and gives them back. Promises:
regions are aligned to 64 KiB.
"""

# ruff: noqa: E501 (lines of MLIR text)

from __future__ import annotations

REGION = """  llvm.func internal fastcc @clef_region(%total: {W}, %owner: !llvm.ptr) -> !llvm.ptr attributes {{passthrough = ["noinline", "nounwind"]}} {{
    %null = llvm.mlir.zero : !llvm.ptr
    %one = llvm.mlir.constant(1 : {W}) : {W}
    %sixteen = llvm.mlir.constant(16 : {W}) : {W}
    %bits = llvm.call fastcc @clef_size_class(%total) : ({W}) -> {W}
    %class = llvm.intr.umax(%bits, %sixteen) : ({W}, {W}) -> {W}
    %whole = llvm.shl %one, %class : {W}
{REGION_MAP}    %lists = llvm.mlir.addressof @clef_regions : !llvm.ptr
    %list = llvm.getelementptr inbounds %lists[%class] : (!llvm.ptr, {W}) -> !llvm.ptr, !llvm.ptr
    %head = llvm.load %list : !llvm.ptr -> !llvm.ptr
    %empty = llvm.icmp "eq" %head, %null : !llvm.ptr
    llvm.cond_br %empty, ^carve, ^reuse
  ^reuse:
    %next_at = llvm.getelementptr inbounds %head[1] : (!llvm.ptr) -> !llvm.ptr, !llvm.ptr
    %next = llvm.load %next_at : !llvm.ptr -> !llvm.ptr
    llvm.store %next, %list : !llvm.ptr, !llvm.ptr
    llvm.br ^made(%head, %whole, %head : !llvm.ptr, {W}, !llvm.ptr)
  ^carve:
    %span = llvm.mlir.addressof @clef_span : !llvm.ptr
    %span_end = llvm.mlir.addressof @clef_span_end : !llvm.ptr
    %position = llvm.load %span : !llvm.ptr -> {W}
    %end = llvm.load %span_end : !llvm.ptr -> {W}
    %left = llvm.sub %end, %position : {W}
    %fits = llvm.icmp "ule" %whole, %left : {W}
    llvm.cond_br %fits, ^cut(%position : {W}), ^more
  ^more:
    %sizes = llvm.mlir.addressof @clef_span_size : !llvm.ptr
    %old = llvm.load %sizes : !llvm.ptr -> {W}
    %most = llvm.mlir.constant({SPAN_MOST} : {W}) : {W}
    %double = llvm.shl %old, %one : {W}
    %grown = llvm.intr.umin(%double, %most) : ({W}, {W}) -> {W}
    llvm.store %grown, %sizes : {W}, !llvm.ptr
    %want = llvm.intr.umax(%old, %whole) : ({W}, {W}) -> {W}
    %slack = llvm.mlir.constant({SLACK} : {W}) : {W}
    %asked = llvm.add %want, %slack : {W}
    %got = llvm.call fastcc @clef_memory(%asked) : ({W}) -> {W}
    %round = llvm.mlir.constant(65535 : {W}) : {W}
    %mask = llvm.mlir.constant(-65536 : {W}) : {W}
    %up = llvm.add %got, %round : {W}
    %aligned = llvm.and %up, %mask : {W}
    %last = llvm.add %got, %asked : {W}
    llvm.store %last, %span_end : {W}, !llvm.ptr
    llvm.br ^cut(%aligned : {W})
  ^cut(%at: {W}):
    %after = llvm.add %at, %whole : {W}
    llvm.store %after, %span : {W}, !llvm.ptr
    %cut = llvm.inttoptr %at : {W} to !llvm.ptr
    llvm.br ^made(%cut, %whole, %cut : !llvm.ptr, {W}, !llvm.ptr)
  ^made(%region: !llvm.ptr, %bytes: {W}, %mapping: !llvm.ptr):
    llvm.store %owner, %region : !llvm.ptr, !llvm.ptr
    %size_at = llvm.getelementptr inbounds %region[3] : (!llvm.ptr) -> !llvm.ptr, !llvm.ptr
    llvm.store %bytes, %size_at : {W}, !llvm.ptr
    %mapping_at = llvm.getelementptr inbounds %region[4] : (!llvm.ptr) -> !llvm.ptr, !llvm.ptr
    llvm.store %mapping, %mapping_at : !llvm.ptr, !llvm.ptr
    llvm.return %region : !llvm.ptr
  }}
  llvm.func internal fastcc @clef_region_back(%region: !llvm.ptr) attributes {{passthrough = ["noinline", "nounwind"]}} {{
    %size_at = llvm.getelementptr inbounds %region[3] : (!llvm.ptr) -> !llvm.ptr, !llvm.ptr
    %size = llvm.load %size_at : !llvm.ptr -> {W}
{REGION_UNMAP}    %class = llvm.call fastcc @clef_size_class(%size) : ({W}) -> {W}
    %lists = llvm.mlir.addressof @clef_regions : !llvm.ptr
    %list = llvm.getelementptr inbounds %lists[%class] : (!llvm.ptr, {W}) -> !llvm.ptr, !llvm.ptr
    %head = llvm.load %list : !llvm.ptr -> !llvm.ptr
    %next_at = llvm.getelementptr inbounds %region[1] : (!llvm.ptr) -> !llvm.ptr, !llvm.ptr
    llvm.store %head, %next_at : !llvm.ptr, !llvm.ptr
    llvm.store %region, %list : !llvm.ptr, !llvm.ptr
    llvm.return
  }}
"""


REGION_MAP = """    %big = llvm.mlir.constant(1048576 : {W}) : {W}
    %map = llvm.icmp "ugt" %whole, %big : {W}
    llvm.cond_br %map, ^map, ^list
  ^map:
    %map_slack = llvm.mlir.constant(65536 : {W}) : {W}
    %map_asked = llvm.add %total, %map_slack : {W}
    %mapped = llvm.call fastcc @clef_memory(%map_asked) : ({W}) -> {W}
    %map_round = llvm.mlir.constant(65535 : {W}) : {W}
    %map_mask = llvm.mlir.constant(-65536 : {W}) : {W}
    %map_up = llvm.add %mapped, %map_round : {W}
    %map_at = llvm.and %map_up, %map_mask : {W}
    %map_region = llvm.inttoptr %map_at : {W} to !llvm.ptr
    %map_start = llvm.inttoptr %mapped : {W} to !llvm.ptr
    llvm.br ^made(%map_region, %map_asked, %map_start : !llvm.ptr, {W}, !llvm.ptr)
  ^list:
"""


REGION_UNMAP = """    %big = llvm.mlir.constant(1048576 : {W}) : {W}
    %map = llvm.icmp "ugt" %size, %big : {W}
    llvm.cond_br %map, ^map, ^list
  ^map:
    %number = llvm.mlir.constant({MUNMAP} : i64) : i64
    %zero = llvm.mlir.constant(0 : i64) : i64
    %mapping_at = llvm.getelementptr inbounds %region[4] : (!llvm.ptr) -> !llvm.ptr, !llvm.ptr
    %at = llvm.load %mapping_at : !llvm.ptr -> i64
    %r = llvm.call @clef_syscall(%number, %at, %size, %zero, %zero, %zero, %zero) : (i64, i64, i64, i64, i64, i64, i64) -> i64
    llvm.return
  ^list:
"""
