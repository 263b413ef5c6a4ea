"""From MLIR text to machine code.

Comes in: the MLIR text of a whole program and a target. Goes out: `Artifacts`. Promises: the same
input gives the same bytes; a failure is an `InternalError`, because nothing that a user writes may
get this far and be refused.
"""

from __future__ import annotations

from typing import Any

from clef.backends.options import Artifacts, CompileOptions, Emit, Level
from clef.toolchain.target import Target, find_target, native_name, target_names, with_cpu
from clef.toolchain.telemetry import SILENT, Telemetry

__all__ = [
    "Artifacts",
    "CompileOptions",
    "Emit",
    "Level",
    "Target",
    "compile_module",
    "find_target",
    "native_name",
    "start_code_generator",
    "target_names",
    "with_cpu",
]


def start_code_generator() -> None:
    """Begin loading MLIR, and LLVM in its own process.

    Call it as soon as it is clear that code will be generated.
    """
    from clef.backends import code_generator
    from clef.mlir.translate import load_in_background

    code_generator.start()
    load_in_background()


LARGE = 1_500_000
"""Characters of MLIR text, which take half a second to compile."""


def compile_module(
    mlir_text: str,
    target: Target,
    options: CompileOptions | None = None,
    telemetry: Telemetry = SILENT,
) -> Artifacts:
    """Lower, optimise and emit a program."""
    from clef.backends import code_generator
    from clef.mlir.lowering import lower_to_llvm_ir

    options = options or CompileOptions()
    code_generator.start()
    if options.may_halve and len(mlir_text) > LARGE:
        from clef.backends.halves import compile_halves

        with telemetry.stage("two halves"):
            return compile_halves(mlir_text, target, options)
    ir = lower_to_llvm_ir(mlir_text, target, telemetry).text
    reply: dict[str, Any] = {}
    if options.check_addresses:
        from clef.backends.address_sanitizer import watched_object

        reply = {"object": watched_object(ir, target, options)}
    elif options.emit - {Emit.MLIR, Emit.LLVM}:
        reply = code_generator.generate(ir, target, options, telemetry)
    return Artifacts(
        object_code=bytes(reply.get("object", b"")),
        mlir=mlir_text if Emit.MLIR in options.emit else "",
        llvm=ir if Emit.LLVM in options.emit else "",
        optimised_llvm=str(reply.get("llvm", "")),
        assembly=str(reply.get("assembly", "")),
        frames=reply.get("frames", {}),
    )
