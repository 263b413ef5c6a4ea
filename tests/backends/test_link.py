"""Executables are small, reproducible and free of what they do not need; libraries are found or
their absence is reported.
"""

from __future__ import annotations

import ctypes
import signal
import time
from pathlib import Path

import pytest

from clef.backends import CompileOptions, compile_module, find_target
from clef.diagnostics.tools import (
    ForeignSymbolMissing,
    InternalError,
    LibrariesNotSupported,
    LibraryNotFound,
)
from clef.link import LinkOptions, link_executable, link_shared_library, run_jit
from clef.link.jit import LoadedModule, load_object
from clef.toolchain.telemetry import Recording
from tests.backends.programs import TARGETS, build, execute, hello, target_named

SIZE_LIMITS = {"wasm32-wasi": 600}


@pytest.mark.parametrize("name", TARGETS)
def test_hello_is_small_and_reproducible(name: str, tmp_path: Path) -> None:
    target = target_named(name)
    first = build(hello(target), target, tmp_path).read_bytes()
    second = build(hello(target), target, tmp_path).read_bytes()
    assert first == second
    assert len(first) < SIZE_LIMITS.get(name, 2600)
    print(f"{name}: hello is {len(first)} bytes")


def test_building_hello_is_fast(tmp_path: Path) -> None:
    target = target_named("x86_64-linux")
    build(hello(target), target, tmp_path)
    recording = Recording()
    start = time.perf_counter()
    artifacts = compile_module(hello(target), target, None, recording)
    link_executable(artifacts.object_code, target, tmp_path / "hello", None, recording)
    seconds = time.perf_counter() - start
    for timing in recording.ordered():
        print(f"{timing.name}: {timing.seconds * 1000:.1f} ms")
    assert seconds < 1.0


def test_stripped_programs_have_no_names(tmp_path: Path) -> None:
    target = target_named("x86_64-linux")
    stripped = build(hello(target), target, tmp_path).read_bytes()
    full = build(
        hello(target), target, tmp_path, link_options=LinkOptions(strip=False)
    ).read_bytes()
    assert b"clef_start" not in stripped
    assert b"clef_start" in full


def test_an_undefined_symbol_is_our_fault(tmp_path: Path) -> None:
    target = target_named("x86_64-linux")
    program = """
llvm.func @nowhere() -> i32
llvm.func @clef_start(%s: !llvm.ptr) -> i32 {
  %r = llvm.call @nowhere() : () -> i32
  llvm.return %r : i32
}
"""
    artifacts = compile_module(program, target)
    with pytest.raises(InternalError, match="undefined symbols: nowhere"):
        link_executable(artifacts.object_code, target, tmp_path / "program")
    assert not (tmp_path / "program").exists()


_FOREIGN = """
llvm.func @zlibVersion() -> !llvm.ptr
llvm.func @clef_start(%s: !llvm.ptr) -> i32 {
  %text = llvm.call @zlibVersion() : () -> !llvm.ptr
  %letter = llvm.load %text : !llvm.ptr -> i8
  %code = arith.extui %letter : i8 to i32
  llvm.return %code : i32
}
"""


def test_libraries_of_this_machine(tmp_path: Path) -> None:
    target = find_target("native")
    if target is None or target.system != "linux":
        pytest.skip("not a Linux machine")
    if not list(Path("/usr/lib").glob("*/libz.so")):
        pytest.skip("zlib's development files are not installed")
    code = compile_module(_FOREIGN, target).object_code
    path = tmp_path / "program"
    assert link_executable(code, target, path, LinkOptions(libraries=("z",))) == []
    assert execute(path, target).code == ord("1")
    [missing] = link_executable(code, target, path, LinkOptions(libraries=("nosuchlibrary",)))
    assert missing == LibraryNotFound(missing.span, "nosuchlibrary")
    [undefined] = link_executable(code, target, path, LinkOptions(dynamic=True))
    assert undefined == ForeignSymbolMissing(undefined.span, ("zlibVersion",))


def test_no_libraries_on_wasi(tmp_path: Path) -> None:
    target = target_named("wasm32-wasi")
    [finding] = link_executable(b"", target, tmp_path / "x", LinkOptions(libraries=("z",)))
    assert isinstance(finding, LibrariesNotSupported)


def test_shared_libraries_and_functions_in_process(tmp_path: Path) -> None:
    target = find_target("native")
    if target is None or target.system != "linux":
        pytest.skip("not a Linux machine")
    program = """
llvm.func @clef_math_exp(f64) -> f64
llvm.func @twice(%a: i64) -> i64 {
  %b = arith.addi %a, %a : i64
  llvm.return %b : i64
}
llvm.func @grow(%x: f64) -> f64 {
  %y = llvm.call @clef_math_exp(%x) : (f64) -> f64
  llvm.return %y : f64
}
"""
    code = compile_module(program, target, CompileOptions(position_independent=True)).object_code
    module = load_object(code, target)
    assert isinstance(module, LoadedModule)
    assert module.function("twice", ctypes.c_int64, ctypes.c_int64)(21) == 42
    assert module.function("grow", ctypes.c_double, ctypes.c_double)(1.0) == 2.718281828459045
    path = tmp_path / "library.so"
    assert link_shared_library(code, target, path) == []
    assert ctypes.CDLL(str(path)).twice(4) == 8


def test_whole_programs_in_process(capfd: pytest.CaptureFixture[str]) -> None:
    target = find_target("native")
    if target is None or target.system != "linux":
        pytest.skip("not a Linux machine")
    options = CompileOptions(position_independent=True)
    code = compile_module(hello(target, "inside", 3), target, options).object_code
    before = signal.getsignal(signal.SIGSEGV), signal.getsignal(signal.SIGINT)
    for _ in range(3):
        assert run_jit(code, target, ["program", "argument"]) == 3
    assert (signal.getsignal(signal.SIGSEGV), signal.getsignal(signal.SIGINT)) == before
    assert capfd.readouterr().out == "inside\n" * 3
