"""Constants, tuples, lists, arrays, casts and other plain data.

Comes in: syntax of literal data. Goes out: typed data. Promises: elements are checked left to
right, each against what the
elements before it decided.
"""

from __future__ import annotations

import struct
from decimal import Decimal

from clef.diagnostics.typing import (
    NeedsMatchingType,
    NotAMeasure,
    NotProvided,
)
from clef.inference import typed_tree as typed
from clef.inference.annotations import annotation
from clef.inference.constraints import require
from clef.inference.expressions.dispatch import check, failed, fit, handles, infer, own_function
from clef.inference.state import Checker, Reason
from clef.inference.subtyping import presume_whole
from clef.inference.type_text import show_all
from clef.inference.types import (
    ERROR,
    NO_MEASURE,
    Constraint,
    FunctionType,
    NamedType,
    TupleType,
    Type,
)
from clef.inference.unification import prune
from clef.inference.well_known import (
    BIGINT,
    BIGINT_LITERAL,
    BOOL,
    BYTE,
    CHAR,
    CONS,
    DECIMAL,
    FLOAT,
    FLOAT32,
    INT,
    INT16,
    INT64,
    LAZY,
    LAZY_CREATE,
    LIST,
    NATIVEINT,
    NIL,
    SBYTE,
    STRING,
    UINT16,
    UINT32,
    UINT64,
    UNATIVEINT,
    UNIT,
    array_of,
    list_of,
)
from clef.inference.written_measures import measure_of
from clef.source import Span, in_library
from clef.syntax import tree
from clef.syntax.traversal import walk

LITERAL_TYPES: dict[tree.LiteralKind, NamedType] = {
    tree.LiteralKind.BOOL: BOOL,
    tree.LiteralKind.SBYTE: SBYTE,
    tree.LiteralKind.BYTE: BYTE,
    tree.LiteralKind.INT16: INT16,
    tree.LiteralKind.UINT16: UINT16,
    tree.LiteralKind.INT32: INT,
    tree.LiteralKind.UINT32: UINT32,
    tree.LiteralKind.INT64: INT64,
    tree.LiteralKind.UINT64: UINT64,
    tree.LiteralKind.NATIVEINT: NATIVEINT,
    tree.LiteralKind.UNATIVEINT: UNATIVEINT,
    tree.LiteralKind.SINGLE: FLOAT32,
    tree.LiteralKind.DOUBLE: FLOAT,
    tree.LiteralKind.DECIMAL: DECIMAL,
    tree.LiteralKind.BIGINT: BIGINT,
    tree.LiteralKind.CHAR: CHAR,
    tree.LiteralKind.STRING: STRING,
    tree.LiteralKind.BYTES: array_of(BYTE),
    tree.LiteralKind.UNIT: UNIT,
}


def literal_value(node: tree.Constant) -> object:
    """The constant in the form of the typed tree."""
    value = node.value
    kind = node.kind
    if kind is tree.LiteralKind.CHAR and isinstance(value, str):
        return ord(value)
    if kind is tree.LiteralKind.SINGLE and isinstance(value, (int, float)):
        try:
            return struct.unpack("f", struct.pack("f", value))[0]
        except OverflowError:
            return float("inf") if value > 0 else float("-inf")
    if kind is tree.LiteralKind.DOUBLE and isinstance(value, int):
        return float(value)
    if kind is tree.LiteralKind.DECIMAL and isinstance(value, (int, float)):
        return Decimal(value)
    return value


def literal_type(c: Checker, node: tree.Constant) -> Type:
    """The type of a literal, with its measure."""
    plain = LITERAL_TYPES.get(node.kind)
    if plain is None:
        return ERROR
    if node.measure is not None:
        _demand_units(c, node.measure)
        measure = measure_of(c, node.measure)
        return plain if measure == NO_MEASURE else NamedType(plain.symbol, (measure,))
    return plain


def _demand_units(c: Checker, measure: tree.TypeExpression) -> None:
    """A constant has units, or `_` for those that its use says."""
    for part in walk(measure):
        if isinstance(part, tree.VariableType) and not in_library(c.path):
            shown = f"'{part.name.text}"
            c.report(NotAMeasure(part.span, shown, "a unit; write `<_>` behind zero"))


def check_constant(
    c: Checker, node: tree.Constant, expected: Type, why: Reason | None
) -> typed.Expression:
    """A literal that is not read as a format."""
    if node.kind is tree.LiteralKind.USER or node.kind is tree.LiteralKind.BIGINT:
        return _user_literal(c, node, expected, why)
    plain = LITERAL_TYPES[node.kind]
    if node.measure is None and expected is plain:
        return typed.Literal(plain, node.span, literal_value(node))
    found = typed.Literal(literal_type(c, node), node.span, literal_value(node))
    return fit(c, found, expected, why)


def _user_literal(
    c: Checker, node: tree.Constant, expected: Type, why: Reason | None
) -> typed.Expression:
    if node.kind is tree.LiteralKind.BIGINT and c.table.get(node) is None:
        text = typed.Literal(STRING, node.span, str(node.value))
        function = typed.GlobalReference(FunctionType(STRING, BIGINT), node.span, BIGINT_LITERAL)
        return fit(c, typed.Application(BIGINT, node.span, function, [text]), expected, why)
    from clef.inference.expressions.implied import user_literal

    return user_literal(c, node, expected, why)


@handles(tree.Paren)
def _paren(c: Checker, node: tree.Paren, expected: Type, why: Reason | None) -> typed.Expression:
    return check(c, node.expression, expected, why)


@handles(tree.Typed)
def _typed(c: Checker, node: tree.Typed, expected: Type, why: Reason | None) -> typed.Expression:
    written = annotation(c, node.type)
    reason = Reason("because of the annotation here", node.type.span)
    inner = check(c, node.expression, written, reason)
    if inner.type is ERROR:
        return inner
    if id(written) in c.expanded:
        inner.type = written  # the same type, as it is written
    return fit(c, inner, expected, why)


@handles(tree.ErrorExpression)
def _error(
    c: Checker, node: tree.ErrorExpression, expected: Type, why: Reason | None
) -> typed.Expression:
    if node.expression is not None:
        infer(c, node.expression)
    return failed(node.span)


@handles(tree.Tuple)
def _tuple(c: Checker, node: tree.Tuple, expected: Type, why: Reason | None) -> typed.Expression:
    wanted = prune(expected)
    count = len(node.elements)
    is_struct = node.is_struct or (isinstance(wanted, TupleType) and wanted.is_struct)
    if isinstance(wanted, TupleType) and len(wanted.items) == count:
        items = [check(c, e, t, why) for e, t in zip(node.elements, wanted.items, strict=True)]
        found = TupleType(wanted.items, is_struct)
        return fit(c, typed.Tuple(found, node.span, items), expected, why)
    items = [infer(c, element) for element in node.elements]
    type = TupleType(tuple([item.type for item in items]), is_struct)
    result = typed.Tuple(type, node.span, items)
    if isinstance(wanted, TupleType) and not any(prune(i.type) == ERROR for i in items):
        texts = show_all(type, wanted)
        c.report(
            NeedsMatchingType(
                node.span,
                f"a tuple of {count} parts",
                texts[1],
                why.text if why else "",
                why.span if why else None,
            )
        )
        return failed(node.span)
    return fit(c, result, expected, why)


def _element_type(c: Checker, expected: Type, symbol: str, span: Span) -> Type:
    """The element type if the place already says it."""
    wanted = prune(expected)
    if isinstance(wanted, NamedType) and wanted.symbol == symbol and wanted.arguments:
        return wanted.arguments[0]
    return c.fresh(span)


def _elements(
    c: Checker, nodes: list[tree.Expression], element: Type, kind: str
) -> list[typed.Expression]:
    items: list[typed.Expression] = []
    why: Reason | None = None
    for node in nodes:
        items.append(check(c, node, element, why))
        if why is None:
            why = Reason(f"the first element of the {kind} decides the type", node.span)
    return items


@handles(tree.ListLiteral)
def _list(
    c: Checker, node: tree.ListLiteral, expected: Type, why: Reason | None
) -> typed.Expression:
    element = _element_type(c, expected, LIST, node.span)
    type = list_of(element)
    presume_whole(c, type, expected)
    items = _elements(c, node.elements, element, "list")
    result: typed.Expression = typed.UnionConstruction(type, node.span, NIL, [])
    for item in reversed(items):
        result = typed.UnionConstruction(type, node.span, CONS, [item, result])
    return fit(c, result, expected, why)


@handles(tree.ArrayLiteral)
def _array(
    c: Checker, node: tree.ArrayLiteral, expected: Type, why: Reason | None
) -> typed.Expression:
    element = _element_type(c, expected, "System.Array`1", node.span)
    type = array_of(element)
    presume_whole(c, type, expected)
    items = _elements(c, node.elements, element, "array")
    return fit(c, typed.ArrayLiteral(type, node.span, items), expected, why)


@handles(tree.Cons)
def _cons(c: Checker, node: tree.Cons, expected: Type, why: Reason | None) -> typed.Expression:
    element = _element_type(c, expected, LIST, node.span)
    type = list_of(element)
    head = check(c, node.head, element)
    reason = Reason("the head of the list decides the type", node.head.span)
    tail = check(c, node.tail, type, reason)
    return fit(c, typed.UnionConstruction(type, node.span, CONS, [head, tail]), expected, why)


@handles(tree.NullLiteral)
def _null(
    c: Checker, node: tree.NullLiteral, expected: Type, why: Reason | None
) -> typed.Expression:
    require(c, expected, Constraint("null"), node.span)
    return typed.Literal(expected, node.span, None)


@handles(tree.Lazy)
@own_function
def _lazy(c: Checker, node: tree.Lazy, expected: Type, why: Reason | None) -> typed.Expression:
    element = _element_type(c, expected, LAZY, node.span)
    presume_whole(c, NamedType(LAZY, (element,)), expected)
    body = check(c, node.expression, element)
    unit = typed.LiteralPattern(UNIT, node.span, None)
    delay = typed.Lambda(FunctionType(UNIT, element), node.span, [unit], body)
    type = NamedType(LAZY, (element,))
    function = typed.GlobalReference(
        FunctionType(delay.type, type), node.span, LAZY_CREATE, (element,)
    )
    return fit(c, typed.Application(type, node.span, function, [delay]), expected, why)


@handles(tree.Assert)
def _assert(c: Checker, node: tree.Assert, expected: Type, why: Reason | None) -> typed.Expression:
    from clef.inference.well_known import RAISE_ASSERT

    condition = check(c, node.expression, BOOL)
    function = typed.GlobalReference(FunctionType(BOOL, UNIT), node.span, RAISE_ASSERT)
    return fit(c, typed.Application(UNIT, node.span, function, [condition]), expected, why)


@handles(tree.Quote)
def _quote(c: Checker, node: tree.Quote, expected: Type, why: Reason | None) -> typed.Expression:
    way_out = "write a function, or a union of what the code can be"
    c.report(NotProvided(node.span, "a code quotation", way_out))
    return failed(node.span)
