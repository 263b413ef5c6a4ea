"""What each node does with its operands.

Comes in: a node. Goes out: its operands in order, each with `BORROW` or `CONSUME`. Promises: agrees
with the primitives' table, and with how functions take their parameters.
"""

from __future__ import annotations

from clef.memory_plan.plan import Plan
from clef.typed_core.core import (
    Assign,
    Atom,
    Call,
    CallClosure,
    Construct,
    Expression,
    GlobalRead,
    GlobalWrite,
    Jump,
    Literal,
    MakeClosure,
    Primitive,
    Program,
    Project,
    Raise,
    SetField,
    Variable,
)
from clef.typed_core.primitives import PRIMITIVES

BORROW = False
CONSUME = True


def operands(program: Program, plan: Plan, node: Expression) -> list[tuple[Atom, bool]]:
    """The operands of a node that contains no other expressions."""
    match node:
        case Variable() | Literal():
            return [(node, CONSUME)]
        case Call():
            return _call_operands(program, plan, node)
        case CallClosure():
            return [(node.function, CONSUME), *((item, CONSUME) for item in node.arguments)]
        case MakeClosure():
            return [(item, CONSUME) for item in node.captures]
        case Construct():
            return [(item, CONSUME) for item in node.arguments]
        case Jump():
            borrowed = plan.borrowed_by.get(node.label, frozenset())
            return [(item, index not in borrowed) for index, item in enumerate(node.arguments)]
        case Primitive():
            return _primitive_operands(node)
        case Project():
            return [(node.value, BORROW)]
        case SetField():
            return [(node.object, BORROW), (node.value, CONSUME)]
        case Assign() | GlobalWrite():
            return [(node.value, CONSUME)]
        case Raise():
            return [(node.exception, CONSUME)]
        case _:
            return []


def _call_operands(program: Program, plan: Plan, node: Call) -> list[tuple[Atom, bool]]:
    if node.function in program.externals:
        return [(item, BORROW) for item in node.arguments]
    target = plan.functions.get(node.function)
    if target is not None:
        borrowed = target.borrowed_parameters
    else:
        borrowed = plan.dispatchers_borrow.get(node.function, frozenset())
    if not borrowed:
        return [(item, CONSUME) for item in node.arguments]
    return [(item, index not in borrowed) for index, item in enumerate(node.arguments)]


def _primitive_operands(node: Primitive) -> list[tuple[Atom, bool]]:
    info = PRIMITIVES.get(node.operation)
    modes = info.ownership if info is not None else ""
    return [
        (item, CONSUME if modes[index : index + 1] == "c" else BORROW)
        for index, item in enumerate(node.arguments)
    ]


def gives_borrowed(node: Expression) -> bool:
    """Whether the result is read out of something that still owns it."""
    match node:
        case Project() | GlobalRead():
            return True
        case Primitive():
            info = PRIMITIVES.get(node.operation)
            return info is not None and info.borrows_result
        case _:
            return False
