"""Which single nodes may raise by themselves.

Comes in: a primitive node. Goes out: whether it may leave an exception pending. Promises: never too
optimistic; division of floats, and by a constant that is neither 0 nor -1, does not raise.
"""

from __future__ import annotations

from clef.typed_core.core import Literal, Primitive, Program
from clef.typed_core.primitives import PRIMITIVES


def primitive_may_raise(program: Program, node: Primitive) -> bool:
    """Whether this one use of a primitive may raise."""
    info = PRIMITIVES.get(node.operation)
    if info is None or not info.may_raise:
        return False
    if node.operation in ("div", "rem") and len(node.arguments) == 2:
        divisor = node.arguments[1]
        shape = program.shapes.get(divisor.type)
        if shape is not None and shape.builtin in ("float32", "float64"):
            return False
        if isinstance(divisor, Literal) and isinstance(divisor.value, int):
            return divisor.value in (0, -1)
    return True
