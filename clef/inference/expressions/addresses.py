"""Addresses: `&x`, `&&x`, `fixed e`, and byrefs that a call passes.

Comes in: the node, and what is expected. Goes out: an address of a place, or a call of the library
that gives a raw pointer. Promises: raw pointers are to types without references; what is pinned
lives as long as the name that `use` gives it.
"""

from __future__ import annotations

from dataclasses import replace

from clef.diagnostics.typing import FixedOutsideUse, ImmutableAssignment, NotAPlace, NotPinnable
from clef.inference import typed_tree as typed
from clef.inference.constraints import require
from clef.inference.expressions.dispatch import failed, fit, handles, infer
from clef.inference.expressions.implied import redefined
from clef.inference.reporting import report_mismatch
from clef.inference.state import Checker, Reason
from clef.inference.type_text import show
from clef.inference.types import ERROR, Constraint, FunctionType, NamedType, Type
from clef.inference.unification import prune, unify
from clef.inference.well_known import (
    ARRAYS,
    BYREF,
    CHAR,
    HOLD,
    NATIVE_POINTER,
    PIN_ARRAY,
    PIN_STRING,
    STRING,
    UNIT,
    array_of,
    byref_of,
    is_byref,
    is_inref,
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
    c.has_references = True
    place = infer(c, node.expression)
    if place.type is ERROR:
        return failed(node.span)
    if is_byref(prune(place.type)):
        return fit(c, place, expected, why)
    item = _item_reference(c, place)
    if item is not None:
        return fit(c, item, expected, why)
    if not _is_place(place):
        c.report(NotAPlace(node.expression.span))
        return failed(node.span)
    if node.is_native:
        return fit(c, _raw_address(c, place, node.span), expected, why)
    if isinstance(place, typed.GlobalReference) and is_readonly(c, place):
        name = place.symbol.rpartition(".")[2]
        c.report(ImmutableAssignment(place.span, name, use="its address is taken here"))
        return failed(node.span)
    type = byref_of(place.type, is_readonly(c, place))
    return fit(c, typed.AddressOf(type, node.span, place), expected, why)


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
    given = prune(group[0].result)
    assert isinstance(given, NamedType)
    reference = NamedType(given.symbol, (place.type,))
    return replace(place, type=reference, symbol=group[0].symbol)


def receiver_address(c: Checker, target: typed.Expression, wanted: NamedType) -> typed.Expression:
    """The struct that an extension method takes by reference; only one that can change is given
    to a method that may change it."""
    if wanted.symbol == BYREF and (not _is_place(target) or is_readonly(c, target)):
        report_mismatch(c, target.span, byref_of(target.type, True), wanted, None)
        return failed(target.span)
    return typed.AddressOf(wanted, target.span, target)


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


def is_readonly(c: Checker, place: typed.Expression) -> bool:
    """Whether a place may only be read: `&place` is then an `inref` (F# RFC FS-1053)."""
    while isinstance(place, typed.FieldGet):
        owner = c.type_named(place.owner.symbol)
        field = owner.fields.get(place.field) if owner is not None else None
        if field is not None and not field.is_mutable:
            return True
        if owner is None or not owner.is_struct:
            return False
        place = place.object
    if isinstance(place, typed.LocalReference):
        is_this = c.cls is not None and c.cls.self_local is place.local
        return not place.local.is_mutable and not is_this
    if isinstance(place, typed.GlobalReference):
        value = c.value_named(place.symbol)
        return value is not None and not value.is_mutable
    if isinstance(place, typed.Application) and place.arguments:
        return is_inref(prune(place.arguments[0].type))
    return False


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
    if isinstance(actual, NamedType) and actual.symbol == REFERENCE and not is_inref(wanted):
        unify(c, actual.arguments[0], wanted.arguments[0])
        place = typed.FieldGet(actual.arguments[0], node.span, value, actual, "contents")
        return typed.AddressOf(wanted, node.span, place)
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
        return _fixed_place(c, inner, node.span, expected, why)
    value = infer(c, inner)
    type = prune(value.type)
    if isinstance(type, NamedType) and ARRAYS.get(type.symbol) == 1:
        element = type.arguments[0]
        require(c, element, Constraint("unmanaged"), node.span)
        return fit(c, _address_of_array(element, _held(c, value), node.span), expected, why)
    if type == STRING:
        # Strings are UTF-8 in memory: what is pinned is a copy in UTF-16 that ends with a zero.
        copied = array_of(CHAR)
        function = typed.GlobalReference(FunctionType(STRING, copied), node.span, PIN_STRING)
        copy = _held(c, typed.Application(copied, node.span, function, [value]))
        return fit(c, _address_of_array(CHAR, copy, node.span), expected, why)
    if type != ERROR:
        c.report(NotPinnable(inner.span, show(type)))
    return failed(node.span)


def _fixed_place(
    c: Checker, node: tree.AddressOf, span: Span, expected: Type, why: Reason | None
) -> typed.Expression:
    """`fixed &array.[i]` and `fixed &object.field`."""
    place = infer(c, node.expression)
    if place.type is ERROR:
        return failed(span)
    if isinstance(place, typed.FieldGet):
        place = replace(place, object=_held(c, place.object))
    elif isinstance(place, typed.Application) and _is_place(place):
        place = replace(place, arguments=[_held(c, place.arguments[0]), *place.arguments[1:]])
    else:
        c.report(NotPinnable(node.expression.span, show(place.type)))
        return failed(span)
    return fit(c, _raw_address(c, place, span), expected, why)


def _address_of_array(element: Type, items: typed.Expression, span: Span) -> typed.Expression:
    result = NamedType(NATIVE_POINTER, (element,))
    type = FunctionType(items.type, result)
    function = typed.GlobalReference(type, span, PIN_ARRAY, (element,))
    return typed.Application(result, span, function, [items])


def _held(c: Checker, value: typed.Expression) -> typed.Expression:
    """A value that must live as long as what is pinned is used."""
    local = c.local("pinned", value.type, value.span)
    pattern = typed.VariablePattern(value.type, value.span, local)
    c.held.append(typed.LocalBinding(pattern, (), [], value, value.span))
    return typed.LocalReference(value.type, value.span, local)


def pinned_while(
    c: Checker,
    held: list[typed.LocalBinding],
    bindings: list[typed.LocalBinding],
    body: typed.Expression,
    span: Span,
) -> typed.Expression:
    """The bindings of `use p = fixed …` around what uses them, and a last look at what is held."""
    local = c.local("result", body.type, span)
    pattern = typed.VariablePattern(body.type, span, local)
    result = typed.LocalBinding(pattern, (), [], body, span)
    ends: list[typed.Expression] = []
    for binding in held:
        assert isinstance(binding.pattern, typed.VariablePattern)
        kept = binding.pattern
        function = typed.GlobalReference(FunctionType(kept.type, UNIT), span, HOLD, (kept.type,))
        reference = typed.LocalReference(kept.type, span, kept.local)
        ends.append(typed.Application(UNIT, span, function, [reference]))
    last = typed.LocalReference(body.type, span, local)
    after = typed.Sequential(body.type, span, [*ends, last])
    whole: typed.Expression = typed.Let(body.type, span, [result], False, after)
    whole = typed.Let(body.type, span, bindings, False, whole)
    for binding in reversed(held):
        whole = typed.Let(body.type, span, [binding], False, whole)
    return whole
