"""Which checks a primitive makes.

Comes in: a primitive node. Goes out: the names of its checks. Promises: a check that is not listed
is neither made nor needed: division by a constant that is neither 0 nor -1 has none, nor has what
is proven.
"""

from __future__ import annotations

from clef.typed_core.core import Literal, Primitive, Program
from clef.typed_core.primitives import CHECKS


def remaining_checks(program: Program, node: Primitive) -> list[str]:
    """The checks of a primitive that are made and not proven, by name."""
    checks = CHECKS.get(node.operation, ())
    if node.operation in ("div", "rem"):
        checks = _of_division(program, node)
    return [check for check in checks if check not in node.proven]


def _of_division(program: Program, node: Primitive) -> tuple[str, ...]:
    divisor = node.arguments[-1]
    shape = program.shapes.get(divisor.type)
    if shape is not None and shape.builtin in ("float32", "float64"):
        return ()
    if isinstance(divisor, Literal) and divisor.value not in (0, -1):
        return ()
    # Narrow types divide as 32 bits, and unsigned ones have no -1.
    can_overflow = shape is None or shape.builtin in ("int32", "int64", "nativeint")
    return ("zero", "overflow") if can_overflow else ("zero",)
