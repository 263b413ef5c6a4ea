"""Parameters of members as they are written.

Comes in: patterns in the parentheses of a member. Goes out: parameters with their names, types and
what attributes say of them. Promises: a tuple in parentheses of its own is one parameter.
"""

from __future__ import annotations

from clef.inference.annotations import annotation
from clef.inference.attributes import (
    caller_information,
    default_value,
    has_attribute,
)
from clef.inference.signatures import ParameterSignature
from clef.inference.state import Checker
from clef.inference.types import (
    NamedType,
    Type,
)
from clef.inference.well_known import UNIT, VALUE_OPTION, option_of
from clef.syntax import tree


def strip_pattern(pattern: tree.Pattern) -> tree.Pattern:
    """Without parentheses and attributes."""
    while isinstance(pattern, tree.ParenPattern | tree.AttributedPattern):
        pattern = pattern.pattern
    return pattern


def split_group(pattern: tree.Pattern) -> list[tree.Pattern]:
    """One curried argument of a member as its parameters. `((a, b))` is one, a pair, and so is
    `(())`, of type unit."""
    inner = pattern.pattern if isinstance(pattern, tree.ParenPattern) else pattern
    if _is_tuple_in_parentheses(inner) or (inner is not pattern and _is_unit(inner)):
        return [inner]
    while isinstance(inner, tree.ParenPattern):
        inner = inner.pattern
    if isinstance(inner, tree.TuplePattern) and not inner.is_struct:
        return inner.elements
    return [] if _is_unit(inner) else [inner]


def _is_unit(pattern: tree.Pattern) -> bool:
    inner = pattern
    while isinstance(inner, tree.ParenPattern):
        inner = inner.pattern
    return isinstance(inner, tree.ConstantPattern) and inner.constant.kind is tree.LiteralKind.UNIT


def _is_tuple_in_parentheses(pattern: tree.Pattern) -> bool:
    inner = pattern
    while isinstance(inner, tree.ParenPattern):
        inner = inner.pattern
    return inner is not pattern and isinstance(inner, tree.TuplePattern)


def parameter_of(c: Checker, pattern: tree.Pattern) -> tuple[ParameterSignature, bool]:
    """A parameter's signature, and whether its type is written."""
    attributes: list[tree.Attribute] = []
    while isinstance(pattern, tree.ParenPattern | tree.AttributedPattern):
        if isinstance(pattern, tree.AttributedPattern):
            attributes += pattern.attributes
        pattern = pattern.pattern
    written: tree.TypeExpression | None = None
    if isinstance(pattern, tree.TypedPattern):
        written = pattern.type
        pattern = pattern.pattern
        while isinstance(pattern, tree.ParenPattern | tree.AttributedPattern):
            if isinstance(pattern, tree.AttributedPattern):
                attributes += pattern.attributes
            pattern = pattern.pattern
    type: Type = annotation(c, written) if written is not None else c.fresh(pattern.span)
    name = ""
    if isinstance(pattern, tree.OptionalPattern | tree.NamedPattern):
        name = pattern.name.text
    if isinstance(pattern, tree.ConstantPattern) and pattern.constant.kind is tree.LiteralKind.UNIT:
        type = UNIT
    has_mark = isinstance(pattern, tree.OptionalPattern)
    return described_parameter(c, name, type, attributes, has_mark), written is not None


def described_parameter(
    c: Checker, name: str, type: Type, attributes: list[tree.Attribute], has_mark: bool
) -> ParameterSignature:
    """A parameter with what attributes say of it. With the mark `?` it is optional, and its type is
    an option of the one that is written.
    """
    if has_mark:
        is_value = has_attribute(attributes, "Struct")
        type = NamedType(VALUE_OPTION, (type,)) if is_value else option_of(type)
    is_optional = has_mark or has_attribute(attributes, "OptionalArgument")
    has_default, default = default_value(c, attributes)
    caller = caller_information(c, attributes, type, is_optional, has_default)
    return ParameterSignature(
        name,
        type,
        is_optional,
        has_attribute(attributes, "ParamArray"),
        has_attribute(attributes, "Out"),
        default,
        has_default,
        caller,
    )
