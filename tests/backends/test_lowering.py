"""MLIR text becomes LLVM IR of the older spelling; what cannot be lowered is an internal error and
never a crash.
"""

from __future__ import annotations

import math
import struct

import pytest

from clef.backends import CompileOptions, Emit, compile_module
from clef.diagnostics.tools import InternalError
from clef.mlir.downgrade import downgrade
from clef.mlir.lowering import formatted, lower_to_llvm_ir, pass_list
from tests.backends.programs import TARGETS, target_named

NATIVE = target_named("x86_64-linux")


def _lowered(mlir: str) -> str:
    return lower_to_llvm_ir(mlir, NATIVE).text


def test_attributes_conventions_and_linkage_survive() -> None:
    text = _lowered("""
llvm.func internal fastcc @f(%a: i64 {llvm.noundef}, %p: !llvm.ptr {llvm.readonly})
    -> (i64 {llvm.noundef}) attributes {no_inline, no_unwind, cold} {
  llvm.return %a : i64
}
llvm.func internal fastcc @g(%a: i64, %p: !llvm.ptr) -> i64
    attributes {always_inline, passthrough = ["nosync", ["frame-pointer", "all"]]} {
  %r = llvm.call fastcc tail @f(%a, %p) {no_unwind} : (i64, !llvm.ptr) -> i64
  llvm.return %r : i64
}
llvm.func fastcc @h(%a: i64, %p: !llvm.ptr) -> i64 {
  %r = llvm.call fastcc musttail %p(%a, %p) : !llvm.ptr, (i64, !llvm.ptr) -> i64
  llvm.return %r : i64
}
""")
    assert "define internal fastcc noundef i64 @f(i64 noundef %0, ptr readonly %1)" in text
    assert "cold noinline nounwind" in text
    assert 'alwaysinline nosync "frame-pointer"="all"' in text
    assert "tail call fastcc i64 @f(i64 %0, ptr %1)" in text
    assert "musttail call fastcc i64 %1(i64 %0, ptr %1)" in text


def test_globals() -> None:
    text = _lowered(r"""
llvm.mlir.global internal constant @text("h\22\5C\C3\A9\00\0A")
  {addr_space = 0 : i32, alignment = 8 : i64}
llvm.mlir.global internal constant @cell() {alignment = 8 : i64}
  : !llvm.struct<(i32, i32, ptr, array<2 x i8>)> {
  %0 = llvm.mlir.undef : !llvm.struct<(i32, i32, ptr, array<2 x i8>)>
  %a = llvm.mlir.constant(-1 : i32) : i32
  %b = llvm.mlir.constant(7 : i32) : i32
  %c = llvm.mlir.addressof @text : !llvm.ptr
  %d = llvm.mlir.constant("hi") : !llvm.array<2 x i8>
  %1 = llvm.insertvalue %a, %0[0] : !llvm.struct<(i32, i32, ptr, array<2 x i8>)>
  %2 = llvm.insertvalue %b, %1[1] : !llvm.struct<(i32, i32, ptr, array<2 x i8>)>
  %3 = llvm.insertvalue %c, %2[2] : !llvm.struct<(i32, i32, ptr, array<2 x i8>)>
  %4 = llvm.insertvalue %d, %3[3] : !llvm.struct<(i32, i32, ptr, array<2 x i8>)>
  llvm.return %4 : !llvm.struct<(i32, i32, ptr, array<2 x i8>)>
}
""")
    assert r'@text = internal constant [7 x i8] c"h\22\\\C3\A9\00\0A", align 8' in text
    cell = '{ i32, i32, ptr, [2 x i8] } { i32 -1, i32 7, ptr @text, [2 x i8] c"hi" }, align 8'
    assert f"@cell = internal constant {cell}" in text


def test_addresses_of_constants_use_the_target_layout() -> None:
    program = """
llvm.mlir.global external @table() : !llvm.array<2 x ptr>
llvm.func @second() -> !llvm.ptr {
  %table = llvm.mlir.addressof @table : !llvm.ptr
  %place = llvm.getelementptr %table[1] : (!llvm.ptr) -> !llvm.ptr, !llvm.ptr
  llvm.return %place : !llvm.ptr
}
"""
    for name, width in (("x86_64-linux", 8), ("wasm32-wasi", 4)):
        text = lower_to_llvm_ir(program, target_named(name)).text
        assert f"i64 {width}" in text or f"i32 {width}" in text or "ptr @table, i32 1" in text
        assert f"i64 {12 - width})" not in text


def test_only_needed_passes_run() -> None:
    assert pass_list("llvm.func @f()", NATIVE) == ""
    assert pass_list("scf.if", NATIVE).startswith("convert-scf-to-cf,")


@pytest.mark.parametrize(
    ("mlir", "step"),
    [
        ("llvm.func @f() -> i64 { llvm.return }", "verification"),
        ("this is not MLIR", "verification"),
        ("llvm.func @f(%a: i64) { %x = ub.poison : i64\n llvm.return }", "translation"),
    ],
)
def test_bad_text_is_an_internal_error(mlir: str, step: str) -> None:
    with pytest.raises(InternalError) as caught:
        _lowered(mlir)
    assert step in caught.value.stage
    assert caught.value.evidence["program.mlir"] == mlir
    assert "error" in caught.value.evidence["mlir-diagnostics.txt"] or caught.value.message


def test_formatted_is_stable() -> None:
    once = formatted("llvm.func @f(%a: i64) -> i64 { llvm.return %a : i64 }")
    assert formatted(once) == once


DOUBLES = [0.0, -0.0, 0.1, 1e-7, 5e-324, math.pi, 1e300, math.inf, -math.inf, math.nan, -2.5]


@pytest.mark.parametrize("kind", ["f64", "f32"])
def test_literals_keep_every_bit(kind: str) -> None:
    code, width, integer = ("d", 16, "i64") if kind == "f64" else ("f", 8, "i32")
    for value in DOUBLES:
        if kind == "f32" and abs(value) > 1e38 and not math.isinf(value):
            continue
        bits = int.from_bytes(struct.pack(f">{code}", value), "big")
        program = (
            f"llvm.func @f() -> {integer} {{\n"
            f"  %f = arith.constant 0x{bits:0{width}X} : {kind}\n"
            f"  %r = arith.bitcast %f : {kind} to {integer}\n"
            f"  llvm.return %r : {integer}\n}}\n"
        )
        options = CompileOptions(emit=frozenset({Emit.OPTIMISED_LLVM}))
        result = compile_module(program, NATIVE, options).optimised_llvm
        signed = bits - (1 << 4 * width) if bits >> (4 * width - 1) else bits
        assert f"ret {integer} {signed}\n" in result


def test_literals_in_other_places_are_left_alone() -> None:
    line = '@"1.000000e-01" = constant [12 x i8] c"1.000000e-01"'
    assert downgrade(line) == line
    assert downgrade("%1 = fadd float %0, 1.000000e-01") == "%1 = fadd float %0, 0x3FB99999A0000000"
    assert downgrade("half f0x3C00, bfloat -1.000000e-01, double +qnan") == (
        "half 0xH3C00, bfloat 0xRBDCD, double 0x7FF8000000000000"
    )


@pytest.mark.parametrize("name", TARGETS)
def test_the_layout_in_each_target_file_is_right(name: str) -> None:
    artifacts = compile_module("llvm.func @f() { llvm.return }", target_named(name))
    assert artifacts.object_code


def test_every_artifact_can_be_had() -> None:
    options = CompileOptions(emit=frozenset(Emit))
    artifacts = compile_module("llvm.func @f() { llvm.return }", NATIVE, options)
    assert artifacts.mlir.startswith("llvm.func")
    assert "define void @f()" in artifacts.llvm
    assert "define void @f()" in artifacts.optimised_llvm
    assert "retq" in artifacts.assembly
    assert artifacts.object_code.startswith(b"\x7fELF")
