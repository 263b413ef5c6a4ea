"""Programs run alike on every target: output, exit codes, tail calls, deep and endless recursion,
memory routines.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from clef.backends import Level
from tests.backends.programs import (
    PRINT_HEX,
    TARGETS,
    build_and_run,
    hello,
    print_function,
    target_named,
)

LEVELS = (Level.O0, Level.O2, Level.SIZE)
each_target = pytest.mark.parametrize("name", TARGETS)


@each_target
@pytest.mark.parametrize("level", LEVELS)
def test_output_and_exit_code(name: str, level: Level, tmp_path: Path) -> None:
    target = target_named(name)
    result = build_and_run(hello(target, "hello", 7), target, tmp_path, level)
    assert (result.code, result.output, result.errors) == (7, "hello\n", "")


def _tail_program(kind: str, parameters: int) -> str:
    """Two functions that call each other a million times through a table that LLVM cannot look
    into.
    """
    types = "i64, " * parameters + "i64"
    names = "".join(f", %e{i}: i64" for i in range(parameters - 1))
    zeros = ", %zero" * (parameters - 1)

    def function(name: str, other: int, step: str) -> str:
        return f"""
llvm.func internal fastcc @{name}(%n: i64, %sum: i64{names}) -> i64 attributes {{no_inline}} {{
  %zero = arith.constant 0 : i64
  %one = arith.constant 1 : i64
  %done = arith.cmpi eq, %n, %zero : i64
  cf.cond_br %done, ^end, ^more
^end:
  llvm.return %sum : i64
^more:
  %next = arith.subi %n, %one : i64
  %more = arith.addi %sum, %{step} : i64
  %table = llvm.mlir.addressof @table : !llvm.ptr
  %place = llvm.getelementptr %table[{other}] : (!llvm.ptr) -> !llvm.ptr, !llvm.ptr
  %code = llvm.load volatile %place : !llvm.ptr -> !llvm.ptr
  %r = llvm.call fastcc {kind} %code(%next, %more{zeros}) : !llvm.ptr, ({types}) -> i64
  llvm.return %r : i64
}}
"""

    return f"""
llvm.mlir.global external constant @clef_stack_size(4194304 : i64) : i64
llvm.mlir.global internal @table() : !llvm.array<2 x ptr> {{
  %0 = llvm.mlir.undef : !llvm.array<2 x ptr>
  %a = llvm.mlir.addressof @even : !llvm.ptr
  %b = llvm.mlir.addressof @odd : !llvm.ptr
  %1 = llvm.insertvalue %a, %0[0] : !llvm.array<2 x ptr>
  %2 = llvm.insertvalue %b, %1[1] : !llvm.array<2 x ptr>
  llvm.return %2 : !llvm.array<2 x ptr>
}}
{function("even", 1, "zero")}
{function("odd", 0, "one")}
llvm.func @clef_start(%stack: !llvm.ptr) -> i32 {{
  %zero = arith.constant 0 : i64
  %n = arith.constant 1000000 : i64
  %r = llvm.call fastcc @even(%n, %zero{zeros}) : ({types}) -> i64
  %unit = arith.constant 10000 : i64
  %q = arith.divsi %r, %unit : i64
  %code = arith.trunci %q : i64 to i32
  llvm.return %code : i32
}}
"""


@each_target
@pytest.mark.parametrize("level", [Level.O0, Level.O2])
@pytest.mark.parametrize("parameters", [1, 5, 11])
def test_a_million_unknown_tail_calls(
    name: str, level: Level, parameters: int, tmp_path: Path
) -> None:
    target = target_named(name)
    result = build_and_run(_tail_program("musttail", parameters), target, tmp_path, level)
    assert result.code == 50


@pytest.mark.parametrize("name", [name for name in TARGETS if "linux" in name])
@pytest.mark.parametrize("level", [Level.O0, Level.O2])
def test_plain_tail_calls_on_linux(name: str, level: Level, tmp_path: Path) -> None:
    target = target_named(name)
    result = build_and_run(_tail_program("tail", 5), target, tmp_path, level)
    assert result.code == 50


_RECURSION = """
llvm.func internal @descend(%n: i64) -> i64 attributes {no_inline} {
  %zero = arith.constant 0 : i64
  %one = arith.constant 1 : i64
  %done = arith.cmpi eq, %n, %zero : i64
  cf.cond_br %done, ^end, ^more
^end:
  llvm.return %zero : i64
^more:
  %next = arith.subi %n, %one : i64
  %below = llvm.call @descend(%next) : (i64) -> i64
  %mixed = arith.xori %below, %n : i64
  %r = arith.addi %mixed, %one : i64
  llvm.return %r : i64
}
llvm.func @clef_start(%stack: !llvm.ptr) -> i32 {
  %n = arith.constant DEPTH : i64
  %r = llvm.call @descend(%n) : (i64) -> i64
  %zero = arith.constant 0 : i64
  %odd = arith.cmpi eq, %r, %zero : i64
  %code = arith.extui %odd : i1 to i32
  llvm.return %code : i32
}
"""


@each_target
def test_a_million_calls_deep(name: str, tmp_path: Path) -> None:
    target = target_named(name)
    assert build_and_run(_RECURSION.replace("DEPTH", "1000000"), target, tmp_path).code == 0


@each_target
def test_endless_recursion_ends_in_a_message(name: str, tmp_path: Path) -> None:
    target = target_named(name)
    result = build_and_run(_RECURSION.replace("DEPTH", "-1"), target, tmp_path)
    assert (result.code, result.errors) == (134, "Stack overflow.\n")


@pytest.mark.parametrize("name", [name for name in TARGETS if "linux" in name])
def test_arguments_reach_the_program(name: str, tmp_path: Path) -> None:
    target = target_named(name)
    program = """
llvm.func @clef_start(%stack: !llvm.ptr) -> i32 {
  %count = llvm.load %stack : !llvm.ptr -> i32
  %place = llvm.getelementptr %stack[3] : (!llvm.ptr) -> !llvm.ptr, i64
  %last = llvm.load %place : !llvm.ptr -> !llvm.ptr
  %letter = llvm.load %last : !llvm.ptr -> i8
  %wide = arith.extui %letter : i8 to i32
  %r = arith.addi %count, %wide : i32
  llvm.return %r : i32
}
"""
    from tests.backends.programs import build, execute

    path = build(program, target, tmp_path)
    assert execute(path, target, "one", "A").code == 3 + ord("A")


# The error slot: a function that fails stores a value and returns; its caller looks at the slot.
_FAILURE = """
llvm.mlir.global internal @pending() : !llvm.ptr {
  %none = llvm.mlir.zero : !llvm.ptr
  llvm.return %none : !llvm.ptr
}
llvm.mlir.global internal constant @problem("problem\\0A") {addr_space = 0 : i32}
llvm.func internal fastcc @divide(%a: i64, %b: i64) -> i64 attributes {no_inline} {
  %zero = arith.constant 0 : i64
  %bad = arith.cmpi eq, %b, %zero : i64
  cf.cond_br %bad weights([1, 1000]), ^fail, ^fine
^fine:
  %q = arith.divsi %a, %b : i64
  llvm.return %q : i64
^fail:
  %slot = llvm.mlir.addressof @pending : !llvm.ptr
  %what = llvm.mlir.addressof @problem : !llvm.ptr
  llvm.store %what, %slot : !llvm.ptr, !llvm.ptr
  %none = llvm.mlir.poison : i64
  llvm.return %none : i64
}
llvm.func internal fastcc @guarded(%b: i64) -> i32 attributes {no_inline} {
  %a = arith.constant 84 : i64
  %q = llvm.call fastcc @divide(%a, %b) : (i64, i64) -> i64
  %slot = llvm.mlir.addressof @pending : !llvm.ptr
  %what = llvm.load %slot : !llvm.ptr -> !llvm.ptr
  %none = llvm.mlir.zero : !llvm.ptr
  %failed = llvm.icmp "ne" %what, %none : !llvm.ptr
  cf.cond_br %failed weights([1, 1000]), ^handle, ^go_on
^go_on:
  %code = arith.trunci %q : i64 to i32
  llvm.return %code : i32
^handle:
  llvm.store %none, %slot : !llvm.ptr, !llvm.ptr
  %length = arith.constant 8 : i64
  llvm.call @print(%what, %length) : (!llvm.ptr, i64) -> ()
  %five = arith.constant 5 : i32
  llvm.return %five : i32
}
llvm.func @clef_start(%stack: !llvm.ptr) -> i32 {
  %zero = arith.constant 0 : i64
  %two = arith.constant 2 : i64
  %a = llvm.call fastcc @guarded(%zero) : (i64) -> i32
  %b = llvm.call fastcc @guarded(%two) : (i64) -> i32
  %r = arith.addi %a, %b : i32
  llvm.return %r : i32
}
"""


@each_target
@pytest.mark.parametrize("level", [Level.O0, Level.O2])
def test_pending_error_slot(name: str, level: Level, tmp_path: Path) -> None:
    target = target_named(name)
    result = build_and_run(print_function(target) + _FAILURE, target, tmp_path, level)
    assert (result.code, result.output) == (47, "problem\n")


def _memory_program(bits: int) -> str:
    """For many lengths and distances: fill, copy with overlap both ways, compare with a plain
    loop's checksum.
    """
    return """
llvm.func @memcmp(!llvm.ptr, !llvm.ptr, WORD) -> i32
llvm.mlir.global internal @area() : !llvm.array<8192 x i8> {
  %z = llvm.mlir.zero : !llvm.array<8192 x i8>
  llvm.return %z : !llvm.array<8192 x i8>
}
llvm.mlir.global internal @sum(5381 : i64) : i64
llvm.func internal @checksum(%area: !llvm.ptr) attributes {no_inline} {
  %slot = llvm.mlir.addressof @sum : !llvm.ptr
  %start = llvm.load %slot : !llvm.ptr -> i64
  %zero = arith.constant 0 : i64
  %one = arith.constant 1 : i64
  %end = arith.constant 8192 : i64
  %factor = arith.constant 33 : i64
  %sum = scf.for %i = %zero to %end step %one iter_args(%s = %start) -> (i64) : i64 {
    %place = llvm.getelementptr %area[%i] : (!llvm.ptr, i64) -> !llvm.ptr, i8
    %byte = llvm.load volatile %place : !llvm.ptr -> i8
    %wide = arith.extui %byte : i8 to i64
    %scaled = arith.muli %s, %factor : i64
    %next = arith.addi %scaled, %wide : i64
    scf.yield %next : i64
  }
  llvm.store %sum, %slot : i64, !llvm.ptr
  llvm.return
}
llvm.func internal @exercise(%from: i64, %to: i64, %length: i64) attributes {no_inline} {
  %area = llvm.mlir.addressof @area : !llvm.ptr
  %source = llvm.getelementptr %area[%from] : (!llvm.ptr, i64) -> !llvm.ptr, i8
  %goal = llvm.getelementptr %area[%to] : (!llvm.ptr, i64) -> !llvm.ptr, i8
  %byte = arith.trunci %length : i64 to i8
  "llvm.intr.memset"(%source, %byte, %length) <{isVolatile = false}> : (!llvm.ptr, i8, i64) -> ()
  %mark = llvm.getelementptr %source[%to] : (!llvm.ptr, i64) -> !llvm.ptr, i8
  %other = arith.trunci %to : i64 to i8
  llvm.store volatile %other, %mark : i8, !llvm.ptr
  "llvm.intr.memmove"(%goal, %source, %length) <{isVolatile = false}>
    : (!llvm.ptr, !llvm.ptr, i64) -> ()
  "llvm.intr.memmove"(%source, %goal, %length) <{isVolatile = false}>
    : (!llvm.ptr, !llvm.ptr, i64) -> ()
  %far = llvm.getelementptr %area[6000] : (!llvm.ptr) -> !llvm.ptr, i8
  "llvm.intr.memcpy"(%far, %goal, %length) <{isVolatile = false}>
    : (!llvm.ptr, !llvm.ptr, i64) -> ()
  llvm.call @checksum(%area) : (!llvm.ptr) -> ()
  llvm.return
}
llvm.func @clef_start(%stack: !llvm.ptr) -> i32 {
  %zero = arith.constant 0 : i64
  %one = arith.constant 1 : i64
  %three = arith.constant 3 : i64
  %base = arith.constant 100 : i64
  %lengths = arith.constant 70 : i64
  scf.for %length = %zero to %lengths step %one : i64 {
    %square = arith.muli %length, %length : i64
    %half = arith.shrui %square, %one : i64
    %sum = arith.addi %length, %half : i64
    %to = arith.addi %base, %three : i64
    %further = arith.addi %to, %half : i64
    llvm.call @exercise(%base, %to, %length) : (i64, i64, i64) -> ()
    llvm.call @exercise(%to, %base, %sum) : (i64, i64, i64) -> ()
    llvm.call @exercise(%base, %further, %half) : (i64, i64, i64) -> ()
  }
  %slot = llvm.mlir.addressof @sum : !llvm.ptr
  %total = llvm.load %slot : !llvm.ptr -> i64
  llvm.call @print_hex(%total) : (i64) -> ()
  %area = llvm.mlir.addressof @area : !llvm.ptr
  %next = llvm.getelementptr %area[1] : (!llvm.ptr) -> !llvm.ptr, i8
  %long = arith.constant 5000 : WORD
  %order = llvm.call @memcmp(%area, %next, %long) : (!llvm.ptr, !llvm.ptr, WORD) -> i32
  %none = arith.constant 0 : i32
  %less = arith.cmpi slt, %order, %none : i32
  %code = arith.extui %less : i1 to i32
  llvm.return %code : i32
}
""".replace("WORD", f"i{bits}")


def test_memory_routines_agree_on_all_targets(tmp_path: Path) -> None:
    results: set[tuple[int, str]] = set()
    for name in TARGETS:
        target = target_named(name)
        program = print_function(target) + PRINT_HEX + _memory_program(target.pointer_bits)
        result = build_and_run(program, target, tmp_path)
        results.add((result.code, result.output))
    assert len(results) == 1


@each_target
def test_numbers_wider_than_the_machine(name: str, tmp_path: Path) -> None:
    target = target_named(name)
    program = """
llvm.func internal @divide(%a: i128, %b: i128) -> i128 attributes {no_inline} {
  %q = arith.divsi %a, %b : i128
  %r = arith.remui %a, %b : i128
  %s = arith.muli %q, %r : i128
  llvm.return %s : i128
}
llvm.func @clef_start(%stack: !llvm.ptr) -> i32 {
  %a = arith.constant 1000000000000000000000000000007 : i128
  %b = arith.constant 10000000000000000000000000000 : i128
  %q = llvm.call @divide(%a, %b) : (i128, i128) -> i128
  %seven = arith.constant 7 : i128
  %r = arith.divui %q, %seven : i128
  %code = arith.trunci %r : i128 to i32
  llvm.return %code : i32
}
"""
    assert build_and_run(program, target, tmp_path).code == 100


def test_routines_that_are_made_on_demand(tmp_path: Path) -> None:
    target = target_named("x86_64-linux")
    program = """
llvm.func @clef_start(%stack: !llvm.ptr) -> i32 {
  %count = llvm.load %stack : !llvm.ptr -> i32
  %number = arith.sitofp %count : i32 to f64
  %wide = arith.fptosi %number : f64 to i128
  %code = arith.trunci %wide : i128 to i32
  llvm.return %code : i32
}
"""
    assert build_and_run(program, target, tmp_path).code == 1
