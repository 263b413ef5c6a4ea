"""Large programs compiled as two objects, side by side.

Comes in: the MLIR text of a whole program. Goes out: `Artifacts` with two objects. Promises: both
together are what one object would be, but for what LLVM would find out about functions that have
become visible from outside; without optimisation that is nothing.
"""

from __future__ import annotations

from functools import partial

from clef.backends import code_generator
from clef.backends.options import Artifacts, CompileOptions
from clef.deep_stack import run_side_by_side
from clef.mlir.halves import halves_of
from clef.mlir.lowering import lower_to_llvm_ir
from clef.toolchain.target import Target


def compile_halves(mlir_text: str, target: Target, options: CompileOptions) -> Artifacts:
    """Lower, and emit two objects: MLIR works in this process without Python's lock, LLVM in one of
    its own for each half.
    """
    code_generator.start(1)

    def compiled(which: int, half: str) -> bytes:
        ir = lower_to_llvm_ir(half, target).text
        return bytes(code_generator.generate(ir, target, options, which=which)["object"])

    halves = enumerate(halves_of(mlir_text))
    first, second = run_side_by_side([partial(compiled, *one) for one in halves])
    return Artifacts(object_code=first, further_objects=(second,))
