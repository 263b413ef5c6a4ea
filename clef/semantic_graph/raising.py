"""Which single nodes may raise by themselves.

Comes in: a primitive node. Goes out: whether it may leave an exception pending. Promises: never too
optimistic; division of floats, and by a constant that is neither 0 nor -1, does not raise, nor what
has no check that is not proven.
"""

from __future__ import annotations

from clef.typed_core.checks import remaining_checks
from clef.typed_core.core import Primitive, Program
from clef.typed_core.primitives import PRIMITIVES


def primitive_may_raise(program: Program, node: Primitive) -> bool:
    """Whether this one use of a primitive may raise."""
    info = PRIMITIVES.get(node.operation)
    return info is not None and info.may_raise and bool(remaining_checks(program, node))
