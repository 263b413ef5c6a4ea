"""From the MLIR text of a whole program to LLVM IR that LLVM 22 reads.

Comes in: MLIR text (dialects llvm, func, arith, cf, scf, math, index, memref) and a target. Goes
out: `LlvmIr`. Promises: the text is verified first; text that does not verify, lower or translate
is a defect of the compiler and raises `InternalError` with MLIR's diagnostics and the text as
evidence. Pass lists are chosen per family, and a dialect that does not occur costs no pass.
Canonicalisation and CSE are left to LLVM, which does both anyway.
"""

from __future__ import annotations

from clef.data_classes import dataclass
from clef.diagnostics.tools import InternalError
from clef.mlir.downgrade import downgrade
from clef.mlir.translate import MlirRefusal, transform, translate
from clef.toolchain.target import Target
from clef.toolchain.telemetry import SILENT, Telemetry


@dataclass(frozen=True, slots=True)
class LlvmIr:
    """A module as LLVM 22 reads it."""

    text: str


# Per family: a pass, and the beginnings of operations' names that make it necessary; what a pass
# leaves behind is handled by a later one. `{bits}` is the width of `index`. Emission writes the
# llvm dialect nearly everywhere: to look for what is to be lowered would take a fifth of the time.
_PASSES: dict[str, tuple[tuple[str, tuple[str, ...]], ...]] = {
    "cpu": (
        ("convert-scf-to-cf", ("scf.",)),
        ("convert-math-to-llvm", (" math.",)),
        ("convert-math-to-libm", (" math.",)),
        ("expand-strided-metadata", ("memref.",)),
        ("finalize-memref-to-llvm{{index-bitwidth={bits}}}", ("memref.",)),
        (
            "convert-arith-to-llvm{{index-bitwidth={bits}}}",
            (" arith.", "scf.", "memref.", " math."),
        ),
        ("convert-index-to-llvm{{index-bitwidth={bits}}}", (" index.",)),
        ("convert-cf-to-llvm{{index-bitwidth={bits}}}", (" cf.", "scf.")),
        ("convert-func-to-llvm{{index-bitwidth={bits}}}", (" func.",)),
    ),
}
_LAST = "reconcile-unrealized-casts"


def pass_list(mlir_text: str, target: Target) -> str:
    """The passes that take this text to the llvm dialect, comma-separated; none if it is there."""
    passes = [
        name.format(bits=target.pointer_bits)
        for name, needed in _PASSES[target.family]
        if any(beginning in mlir_text for beginning in needed)
    ]
    return ",".join([*passes, _LAST] if passes else ())


def lower_to_llvm_ir(mlir_text: str, target: Target, telemetry: Telemetry = SILENT) -> LlvmIr:
    """Verify, lower and translate a program; raises `InternalError` for text that MLIR refuses."""
    try:
        with telemetry.stage("mlir lowering"):
            text = translate(mlir_text, pass_list(mlir_text, target), target.data_layout)
    except MlirRefusal as refusal:
        raise _defect(refusal, mlir_text) from None
    with telemetry.stage("llvm ir text"):
        return LlvmIr(downgrade(text))


def formatted(mlir_text: str) -> str:
    """The same module as MLIR itself prints it, verified; raises `InternalError` for text that MLIR
    refuses.
    """
    try:
        return transform(mlir_text)
    except MlirRefusal as refusal:
        raise _defect(refusal, mlir_text) from None


def _defect(refusal: MlirRefusal, mlir_text: str) -> InternalError:
    first = refusal.reports[0] if refusal.reports else "no reason was given"
    evidence = {"program.mlir": mlir_text, "mlir-diagnostics.txt": "\n".join(refusal.reports)}
    return InternalError(f"mlir {refusal.step}", first, evidence)
