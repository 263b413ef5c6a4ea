"""Addresses: `&x`, `&&x`, `fixed e`, and byrefs that a call passes.

Comes in: the node, and what is expected. Goes out: an address of a place, or a call of the library
that gives a raw pointer. Promises: raw pointers are to types without references; what is pinned
lives as long as the name that `use` gives it.
"""

from __future__ import annotations

from dataclasses import replace

from clef.diagnostics.typing import FixedOutsideUse, NotAPlace, NotPinnable
from clef.inference import typed_tree as typed
from clef.inference.constraints import require
from clef.inference.expressions.dispatch import failed, fit, handles, infer
from clef.inference.expressions.implied import redefined
from clef.inference.state import Checker, Reason
from clef.inference.type_text import show
from clef.inference.types import ERROR, Constraint, FunctionType, NamedType, Type
from clef.inference.unification import prune, unify
from clef.inference.well_known import (
    ARRAYS,
    BYREF,
    CHAR,
    NATIVE_POINTER,
    PIN_ARRAY,
    PIN_STRING,
    STRING,
    array_of,
    byref_of,
)
from clef.source import Span
from clef.syntax import tree


@handles(tree.AddressOf)
def _address(
    c: Checker, node: tree.AddressOf, expected: Type, why: Reason | None
) -> typed.Expression:
    own = redefined(c, node, [node.expression], expected, why)
    if own is not None:
        return own
    place = infer(c, node.expression)
    if place.type is ERROR:
        return failed(node.span)
    actual = prune(place.type)
    if isinstance(actual, NamedType) and actual.symbol == BYREF:
        return fit(c, place, expected, why)
    item = _item_reference(c, place)
    if item is not None:
        return fit(c, item, expected, why)
    if not _is_place(place):
        c.report(NotAPlace(node.expression.span))
        return failed(node.span)
    if node.is_native:
        return fit(c, _raw_address(c, place, node.span), expected, why)
    return fit(c, typed.AddressOf(byref_of(place.type), node.span, place), expected, why)


def _raw_address(c: Checker, place: typed.Expression, span: Span) -> typed.Expression:
    """Where a place is in memory; what is there must hold no references."""
    require(c, place.type, Constraint("unmanaged"), span)
    return typed.AddressOf(NamedType(NATIVE_POINTER, (place.type,)), span, place)


def _item_reference(c: Checker, place: typed.Expression) -> typed.Expression | None:
    """`&span.[i]`: a type of the library whose items have addresses gives them by a method."""
    if not isinstance(place, typed.MethodCall) or place.object is None:
        return None
    owner, _, name = place.symbol.rpartition(".")
    signature = c.type_named(owner)
    if name != "get_Item" or signature is None:
        return None
    group = signature.members.get("ItemReference")
    if not group:
        return None
    return replace(place, type=byref_of(place.type), symbol=group[0].symbol)


def _is_place(node: typed.Expression) -> bool:
    if isinstance(node, typed.Application):
        function = node.function
        return isinstance(function, typed.GlobalReference) and (
            ".GetArray" in function.symbol or function.symbol.endswith("ReadByref")
        )
    return isinstance(
        node,
        typed.LocalReference | typed.GlobalReference | typed.FieldGet | typed.StaticFieldGet,
    )


def byref_argument(
    c: Checker, node: tree.Expression, value: typed.Expression | None, wanted: NamedType
) -> typed.Expression | None:
    """A mutable local passed to a byref parameter without `&` is not allowed in F#; `ref` cells
    are."""
    from clef.inference.well_known import REFERENCE

    inner = node
    while isinstance(inner, tree.Paren):
        inner = inner.expression
    if isinstance(inner, tree.AddressOf):
        return None
    value = value or infer(c, node)
    actual = prune(value.type)
    if isinstance(actual, NamedType) and actual.symbol == REFERENCE:
        unify(c, actual.arguments[0], wanted.arguments[0])
        place = typed.FieldGet(actual.arguments[0], node.span, value, actual, "contents")
        return typed.AddressOf(byref_of(actual.arguments[0]), node.span, place)
    return fit(c, value, wanted, None)


# Pinned values ------------------------------------------------------------------------------------


def pinned_value(node: tree.Let) -> tree.Fixed | None:
    """The `fixed e` of `use p = fixed e`."""
    value = node.bindings[0].value if len(node.bindings) == 1 else None
    while isinstance(value, tree.Paren):
        value = value.expression
    return value if isinstance(value, tree.Fixed) else None


@handles(tree.Fixed)
def _fixed(c: Checker, node: tree.Fixed, expected: Type, why: Reason | None) -> typed.Expression:
    if c.pinned is not node:
        c.report(FixedOutsideUse(node.span))
    inner = node.expression
    while isinstance(inner, tree.Paren):
        inner = inner.expression
    if isinstance(inner, tree.AddressOf):
        place = infer(c, inner.expression)
        if place.type is ERROR:
            return failed(node.span)
        if _is_place(place):
            return fit(c, _raw_address(c, place, node.span), expected, why)
        c.report(NotAPlace(inner.expression.span))
        return failed(node.span)
    value = infer(c, inner)
    type = prune(value.type)
    if isinstance(type, NamedType) and ARRAYS.get(type.symbol) == 1:
        element = type.arguments[0]
        require(c, element, Constraint("unmanaged"), node.span)
        return fit(c, _pin(PIN_ARRAY, (element,), value, node.span), expected, why)
    if type == STRING:
        return fit(c, _pinned_text(c, value, node.span), expected, why)
    if type != ERROR:
        c.report(NotPinnable(inner.span, show(type)))
    return failed(node.span)


def _pin(
    symbol: str, types: tuple[Type, ...], value: typed.Expression, span: Span
) -> typed.Expression:
    result = NamedType(NATIVE_POINTER, types or (CHAR,))
    function = typed.GlobalReference(FunctionType(value.type, result), span, symbol, types)
    return typed.Application(result, span, function, [value])


def _pinned_text(c: Checker, value: typed.Expression, span: Span) -> typed.Expression:
    """Strings are UTF-8 in memory: what is pinned is a copy in UTF-16 that ends with a zero."""
    type = array_of(CHAR)
    function = typed.GlobalReference(FunctionType(STRING, type), span, PIN_STRING)
    copy = typed.Application(type, span, function, [value])
    local = c.local("characters", type, span)
    binding = typed.LocalBinding(typed.VariablePattern(type, span, local), (), [], copy, span)
    reference = typed.LocalReference(type, span, local)
    pointer = _pin(PIN_ARRAY, (CHAR,), reference, span)
    return typed.Let(pointer.type, span, [binding], False, pointer)
