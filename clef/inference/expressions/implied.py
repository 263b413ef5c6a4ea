"""Syntax that stands for a function of the program: `e?name`, `e?name <- v`, literals such as `5Z`,
`a && b` where the program defines `&&`.

Comes in: the node, and what names found for the function's name. Goes out: the call. Promises:
whatever has the name is called: a function in scope, or a member of an operand's type.
"""

from __future__ import annotations

from clef.inference import typed_tree as typed
from clef.inference.expressions.dispatch import check, failed, handles
from clef.inference.state import Checker, Reason
from clef.inference.types import Type
from clef.names.entities import UnresolvedName
from clef.syntax import tree


def _call(
    c: Checker,
    node: tree.Expression,
    arguments: list[tree.Expression],
    expected: Type,
    why: Reason | None,
) -> typed.Expression:
    """Apply what the node implies to arguments."""
    resolution = c.table.get(node)
    if resolution is None or isinstance(resolution, UnresolvedName):
        return failed(node.span)
    name = tree.LongName(node.span, [tree.Name(node.span, "", "")])
    call: tree.Expression = tree.Identifier(node.span, name, resolution)
    for argument in arguments:
        call = tree.Application(node.span, call, argument)
    return check(c, call, expected, why)


def redefined(
    c: Checker,
    node: tree.Expression,
    operands: list[tree.Expression],
    expected: Type,
    why: Reason | None,
) -> typed.Expression | None:
    """The program's own `&&`, `||`, `:=`, `&` or `&&` in front; None where it defines none."""
    return _call(c, node, operands, expected, why) if node in c.table else None


@handles(tree.Dynamic)
def _dynamic(
    c: Checker, node: tree.Dynamic, expected: Type, why: Reason | None
) -> typed.Expression:
    return _call(c, node, [node.target, node.argument], expected, why)


def dynamic_store(
    c: Checker, node: tree.Assign, place: tree.Dynamic, expected: Type, why: Reason | None
) -> typed.Expression:
    """`e?name <- value`"""
    return _call(c, node, [place.target, place.argument, node.value], expected, why)


def user_literal(
    c: Checker, node: tree.Constant, expected: Type, why: Reason | None
) -> typed.Expression:
    """`5Z` is `NumericLiteralZ.FromInt32 5`."""
    value = node.value
    assert isinstance(value, int)
    argument = tree.Constant(node.span, value, tree.LiteralKind.INT32)
    if value in (0, 1):
        argument = tree.Constant(node.span, None, tree.LiteralKind.UNIT)
    elif not -(2**63) <= value < 2**63:
        argument = tree.Constant(node.span, str(value), tree.LiteralKind.STRING)
    elif not -(2**31) <= value < 2**31:
        argument = tree.Constant(node.span, value, tree.LiteralKind.INT64)
    return _call(c, node, [argument], expected, why)
