"""Brackets with more than plain elements, and `builder { … }`.

Comes in: comprehensions and computation blocks. Goes out: comprehensions, or the calls of the
builder's methods. Promises:
`seq` is the library's only builder that the compiler knows; all others go through their methods.
"""

from __future__ import annotations

from clef.diagnostics.typing import MisplacedPart
from clef.inference import typed_tree as typed
from clef.inference.comprehensions import comprehension
from clef.inference.expressions.dispatch import failed, handles
from clef.inference.state import Checker, Reason
from clef.inference.types import Type
from clef.inference.well_known import SEQ_FUNCTION
from clef.names.entities import TypeResolution, ValueResolution
from clef.source import Span, in_library
from clef.syntax import tree


@handles(tree.ListComprehension)
def _list(
    c: Checker, node: tree.ListComprehension, expected: Type, why: Reason | None
) -> typed.Expression:
    return comprehension(c, "list", node.body, expected, why, node.span)


@handles(tree.ArrayComprehension)
def _array(
    c: Checker, node: tree.ArrayComprehension, expected: Type, why: Reason | None
) -> typed.Expression:
    return comprehension(c, "array", node.body, expected, why, node.span)


@handles(tree.ComputationBlock)
def _bare(
    c: Checker, node: tree.ComputationBlock, expected: Type, why: Reason | None
) -> typed.Expression:
    """`{ 1 .. 10 }` is a sequence; all else names its builder."""
    if not isinstance(node.body, tree.Range | tree.ErrorExpression) and not in_library(c.path):
        way_out = "write `seq { … }`, or parentheses"
        part, owner = "an expression", "braces without a builder"
        c.report(MisplacedPart(node.span, part, owner, way_out))
    return comprehension(c, "seq", node.body, expected, why, node.span)


def _is_seq(head: tree.Identifier) -> bool:
    """Whether the library's `seq` is meant."""
    resolution = head.resolution
    if isinstance(resolution, ValueResolution):
        return resolution.entity.symbol == SEQ_FUNCTION
    return isinstance(resolution, TypeResolution) and head.name.text == "seq"


def computation(
    c: Checker,
    head: tree.Expression,
    block: tree.ComputationBlock,
    expected: Type,
    why: Reason | None,
    span: Span,
) -> typed.Expression:
    """`builder { … }`"""
    from clef.inference.computation_expressions import computation_expression, is_empty, nothing

    if isinstance(head, tree.Identifier) and _is_seq(head):
        body = nothing(block.span) if is_empty(block) else block.body
        return comprehension(c, "seq", body, expected, why, span)

    return computation_expression(c, head, block, expected, why, span)


@handles(tree.JoinIn, tree.JoinClause, tree.IntoClause)
def _stray_clause(
    c: Checker, node: tree.Expression, expected: Type, why: Reason | None
) -> typed.Expression:
    word = "into" if isinstance(node, tree.IntoClause) else "in"
    way_out = "begin a line of its own behind it, or write the whole query in `query { … }`"
    c.report(MisplacedPart(node.span, f"`{word}`", "an expression outside of a query", way_out))
    return failed(node.span, expected)
