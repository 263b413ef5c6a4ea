"""Small programs in MLIR for the tests of the back end, and running them on any target."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from clef.backends import CompileOptions, Level, Target, compile_module, find_target
from clef.diagnostics.tools import ToolMissing
from clef.link import LinkOptions, link_executable
from clef.toolchain.execute import run_program

TARGETS = ("x86_64-linux", "aarch64-linux", "riscv64-linux", "wasm32-wasi")

_LINUX_PRINT = """
llvm.func @clef_syscall(i64, i64, i64, i64, i64, i64, i64) -> i64
llvm.func internal @print(%text: !llvm.ptr, %length: i64) attributes {{no_inline}} {{
  %address = llvm.ptrtoint %text : !llvm.ptr to i64
  %number = arith.constant {number} : i64
  %one = arith.constant 1 : i64
  %zero = arith.constant 0 : i64
  %r = llvm.call @clef_syscall(%number, %one, %address, %length, %zero, %zero, %zero)
    : (i64, i64, i64, i64, i64, i64, i64) -> i64
  llvm.return
}}
"""

_WASI_PRINT = """
llvm.func @fd_write(i32, !llvm.ptr, i32, !llvm.ptr) -> i32 attributes {passthrough =
  [["wasm-import-module", "wasi_snapshot_preview1"], ["wasm-import-name", "fd_write"]]}
llvm.func internal @print(%text: !llvm.ptr, %length: i64) attributes {no_inline} {
  %one = arith.constant 1 : i32
  %vector = llvm.alloca %one x !llvm.struct<(ptr, i32, i32)> : (i32) -> !llvm.ptr
  llvm.store %text, %vector : !llvm.ptr, !llvm.ptr
  %short = arith.trunci %length : i64 to i32
  %second = llvm.getelementptr %vector[1] : (!llvm.ptr) -> !llvm.ptr, i32
  llvm.store %short, %second : i32, !llvm.ptr
  %third = llvm.getelementptr %vector[2] : (!llvm.ptr) -> !llvm.ptr, i32
  %r = llvm.call @fd_write(%one, %vector, %one, %third) : (i32, !llvm.ptr, i32, !llvm.ptr) -> i32
  llvm.return
}
"""

PRINT_HEX = """
llvm.func internal @print_hex(%number: i64) attributes {no_inline} {
  %size = arith.constant 17 : i32
  %buffer = llvm.alloca %size x i8 : (i32) -> !llvm.ptr
  %zero = arith.constant 0 : i64
  %one = arith.constant 1 : i64
  %four = arith.constant 4 : i64
  %ten = arith.constant 10 : i64
  %fifteen = arith.constant 15 : i64
  %sixteen = arith.constant 16 : i64
  %digit_base = arith.constant 48 : i64
  %letter_base = arith.constant 87 : i64
  %rest = scf.for %i = %zero to %sixteen step %one iter_args(%n = %number) -> (i64) : i64 {
    %digit = arith.andi %n, %fifteen : i64
    %small = arith.cmpi ult, %digit, %ten : i64
    %base = arith.select %small, %digit_base, %letter_base : i64
    %code = arith.addi %digit, %base : i64
    %byte = arith.trunci %code : i64 to i8
    %back = arith.subi %fifteen, %i : i64
    %place = llvm.getelementptr %buffer[%back] : (!llvm.ptr, i64) -> !llvm.ptr, i8
    llvm.store %byte, %place : i8, !llvm.ptr
    %next = arith.shrui %n, %four : i64
    scf.yield %next : i64
  }
  %newline = arith.constant 10 : i8
  %end = llvm.getelementptr %buffer[%sixteen] : (!llvm.ptr, i64) -> !llvm.ptr, i8
  llvm.store %newline, %end : i8, !llvm.ptr
  %length = arith.constant 17 : i64
  llvm.call @print(%buffer, %length) : (!llvm.ptr, i64) -> ()
  llvm.return
}
"""


def target_named(name: str) -> Target:
    """A target that is known to exist."""
    target = find_target(name)
    assert target is not None
    return target


def print_function(target: Target) -> str:
    """`@print(text, length)` for a target."""
    if target.system == "wasi":
        return _WASI_PRINT
    return _LINUX_PRINT.format(number=1 if target.architecture == "x86_64" else 64)


def hello(target: Target, text: str = "hello", code: int = 0) -> str:
    """A program that prints a line."""
    return print_function(target) + (
        f'llvm.mlir.global internal constant @text("{text}\\0A") {{addr_space = 0 : i32}}\n'
        "llvm.func @clef_start(%stack: !llvm.ptr) -> i32 {\n"
        "  %text = llvm.mlir.addressof @text : !llvm.ptr\n"
        f"  %length = arith.constant {len(text) + 1} : i64\n"
        "  llvm.call @print(%text, %length) : (!llvm.ptr, i64) -> ()\n"
        f"  %code = arith.constant {code} : i32\n"
        "  llvm.return %code : i32\n"
        "}\n"
    )


@dataclass(frozen=True, slots=True)
class Result:
    """What a program did."""

    code: int
    output: str
    errors: str


def build(
    mlir: str,
    target: Target,
    folder: Path,
    level: Level = Level.O2,
    link_options: LinkOptions | None = None,
) -> Path:
    """Compile and link a program."""
    artifacts = compile_module(mlir, target, CompileOptions(level=level))
    program = folder / f"program{target.executable_suffix}"
    assert link_executable(artifacts.object_code, target, program, link_options) == []
    return program


def execute(program: Path, target: Target, *arguments: str) -> Result:
    """Run a program; skips the test where this machine cannot."""
    outcome = run_program(program, target, arguments)
    if isinstance(outcome, ToolMissing):
        pytest.skip(outcome.title())
    assert outcome.exit_code is not None and not outcome.timed_out
    return Result(outcome.exit_code, outcome.output.decode(), outcome.error_text())


def build_and_run(mlir: str, target: Target, folder: Path, level: Level = Level.O2) -> Result:
    """Compile, link and run a program."""
    return execute(build(mlir, target, folder, level), target)
