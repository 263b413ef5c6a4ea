"""LLVM may die; the compiler does not, and says what happened."""

from __future__ import annotations

import pytest

from clef.backends import CompileOptions, code_generator, compile_module, with_cpu
from clef.diagnostics.tools import InternalError
from tests.backends.programs import target_named

# Scalable vectors have no lowering on x86: LLVM ends the process.
DEADLY_IR = """
target datalayout = "LAYOUT"
define void @f(ptr %p) {
  %v = load <vscale x 4 x float>, ptr %p
  %w = fadd <vscale x 4 x float> %v, %v
  store <vscale x 4 x float> %w, ptr %p
  ret void
}
"""


def test_death_of_the_worker_is_an_internal_error() -> None:
    target = target_named("x86_64-linux")
    ir = DEADLY_IR.replace("LAYOUT", target.data_layout)
    with pytest.raises(InternalError) as caught:
        code_generator.generate(ir, target, CompileOptions())
    assert caught.value.stage == "code generation"
    assert caught.value.evidence["program.ll"] == ir
    assert "x86_64" in caught.value.evidence["request.txt"]
    assert compile_module("llvm.func @f() { llvm.return }", target).object_code


def test_refused_ir_is_an_internal_error() -> None:
    target = target_named("x86_64-linux")
    with pytest.raises(InternalError) as caught:
        code_generator.generate("define i64 @f() { ret void }", target, CompileOptions())
    assert "ret void" in caught.value.evidence["llvm-messages.txt"]


def test_the_worker_can_be_stopped_and_comes_back() -> None:
    target = target_named("x86_64-linux")
    code_generator.stop()
    assert compile_module("llvm.func @f() { llvm.return }", target).object_code


def test_code_for_this_very_processor() -> None:
    target = with_cpu(target_named("x86_64-linux"), "native")
    assert compile_module("llvm.func @f() { llvm.return }", target).object_code


def test_the_same_text_gives_the_same_bytes() -> None:
    for name in ("x86_64-linux", "wasm32-wasi"):
        target = target_named(name)
        text = (
            "llvm.func @f(%a: i64) -> i64 { %b = arith.muli %a, %a : i64\n llvm.return %b : i64 }"
        )
        first = compile_module(text, target).object_code
        code_generator.stop()
        assert compile_module(text, target).object_code == first
