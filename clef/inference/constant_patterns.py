"""Patterns that are constants: numbers, texts, literals of modules, cases of enums, null.

Comes in: a pattern and the type of what is matched. Goes out: the typed pattern. Promises: what
cannot be equal to the matched value is reported.
"""

from __future__ import annotations

from clef.diagnostics.patterns import PatternArguments
from clef.diagnostics.typing import MisplacedPart
from clef.inference import typed_tree as typed
from clef.inference.constants import literal_member
from clef.inference.constraints import require
from clef.inference.expressions.data import literal_type, literal_value
from clef.inference.reporting import report_mismatch
from clef.inference.signatures import TypeSignature
from clef.inference.state import Checker, Reason
from clef.inference.types import (
    ERROR,
    Constraint,
    NamedType,
    Type,
)
from clef.inference.unification import (
    unify,
)
from clef.names.entities import (
    TypeResolution,
    ValueResolution,
)
from clef.source import Span
from clef.syntax import tree


def agree(c: Checker, span: Span, found: Type, expected: Type, why: Reason | None) -> bool:
    if unify(c, found, expected):
        return True
    report_mismatch(c, span, found, expected, why, in_pattern=True)
    return False


def literal_pattern(
    c: Checker,
    node: tree.ConstructorPattern,
    resolution: ValueResolution,
    expected: Type,
    why: Reason | None,
) -> typed.Pattern:
    value = c.value_named(resolution.entity.symbol)
    if value is None:
        return typed.WildcardPattern(expected, node.span)
    agree(c, node.span, value.scheme.type, expected, why)
    _demand_nothing(c, node)
    return typed.LiteralPattern(expected, node.span, value.literal)


def _demand_nothing(c: Checker, node: tree.ConstructorPattern) -> None:
    """A constant holds nothing (F# FS3191)."""
    given = len(node.arguments) + len(node.fields)
    if given:
        name = node.name.parts[-1].written
        c.report(PatternArguments(node.span, name, 0, given))


def enum_pattern(
    c: Checker,
    node: tree.ConstructorPattern,
    resolution: TypeResolution,
    expected: Type,
    why: Reason | None,
) -> typed.Pattern:
    from clef.inference.expressions.unknown_members import report_unknown_member

    rest = node.name.parts[resolution.parts :]
    lacking: TypeSignature | None = None
    for entity in (*resolution.candidates.values(), *resolution.shadowed):
        signature = c.type_named(entity.symbol)
        if signature is not None and len(rest) == 1:
            name = rest[0].text
            if name in signature.enum_values:
                type = NamedType(signature.symbol)
                _demand_nothing(c, node)
                agree(c, node.span, type, expected, why)
                return typed.LiteralPattern(type, node.span, signature.enum_values[name])
            constant = literal_member(c, signature, name)
            if constant is not None:
                agree(c, node.span, constant.result, expected, why)
                return typed.LiteralPattern(constant.result, node.span, constant.literal)
            lacking = lacking or signature
    if lacking is not None:
        report_unknown_member(c, NamedType(lacking.symbol), rest[0], lacking.enum_values)
    return typed.WildcardPattern(expected, node.span)


def constant_pattern(
    c: Checker, node: tree.ConstantPattern, expected: Type, why: Reason | None
) -> typed.Pattern:
    constant = node.constant
    if constant.kind is tree.LiteralKind.BIGINT:
        part, way_out = "a number with a letter of its own", "compare it: `| x when x = 3I`"
        c.report(MisplacedPart(node.span, part, "a pattern", way_out))
    type = literal_type(c, constant)
    if not unify(c, type, expected):
        report_mismatch(c, node.span, type, expected, why, in_pattern=True)
        return typed.WildcardPattern(ERROR, node.span)
    return typed.LiteralPattern(expected, node.span, literal_value(constant))


def null_pattern(
    c: Checker, node: tree.NullPattern, expected: Type, why: Reason | None
) -> typed.Pattern:
    require(c, expected, Constraint("null"), node.span)
    return typed.NullPattern(expected, node.span)
