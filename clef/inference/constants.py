"""Constant folding: `[<Literal>]` values, enum values, attribute arguments.

Comes in: expressions. Goes out: their value, or `NOT_CONSTANT`. Promises: integers wrap as their
type says; nothing is
evaluated that has an effect.
"""

from __future__ import annotations

from collections.abc import Callable
from math import copysign, nan
from typing import Final

from clef.inference import typed_tree as typed
from clef.inference.expressions.data import literal_value
from clef.inference.members import find_members
from clef.inference.signatures import MemberSignature, TypeSignature
from clef.inference.state import Checker
from clef.inference.types import NamedType
from clef.inference.unification import prune
from clef.inference.well_known import INTEGERS
from clef.names.entities import TypeResolution, ValueResolution
from clef.syntax import tree

NOT_CONSTANT = object()

_NOT_NUMBERS: Final = frozenset(
    f"Microsoft.FSharp.Core.Operators.{name}" for name in ("nan", "nanf")
)

_BINARY: dict[str, Callable[[int, int], int]] = {
    "op_Addition": lambda a, b: a + b,
    "op_Subtraction": lambda a, b: a - b,
    "op_Multiply": lambda a, b: a * b,
    "op_BitwiseAnd": lambda a, b: a & b,
    "op_BitwiseOr": lambda a, b: a | b,
    "op_ExclusiveOr": lambda a, b: a ^ b,
    "op_LeftShift": lambda a, b: a << b,
    "op_RightShift": lambda a, b: a >> b,
}
_CHECKED = frozenset(("op_Addition", "op_Subtraction", "op_Multiply"))


def fold(c: Checker, node: tree.Expression) -> object:
    """The value of a constant expression of the syntax tree."""
    match node:
        case tree.Constant():
            return literal_value(node)
        case tree.Paren(expression=inner) | tree.Typed(expression=inner):
            return fold(c, inner)
        case tree.Identifier(resolution=ValueResolution(entity=entity)):
            value = c.value_named(entity.symbol)
            return value.literal if value is not None and value.is_literal else NOT_CONSTANT
        case tree.Identifier(resolution=TypeResolution()):
            return _enum_value(c, node)
        case tree.Application(function=tree.Application(function=head, argument=left)):
            if isinstance(head, tree.Identifier):
                return combine(head.name.parts[-1].text, fold(c, left), fold(c, node.argument))
        case tree.Application(function=tree.Identifier(name=name), argument=inner):
            if name.text == "nameof":
                return _last_name(inner)
            if name.text == "op_UnaryNegation":
                value_ = fold(c, inner)
                return -value_ if isinstance(value_, (int, float)) else NOT_CONSTANT
        case tree.NullLiteral():
            return None
        case _:
            pass
    return NOT_CONSTANT


def _last_name(node: tree.Expression) -> object:
    """What `nameof` says of a name."""
    while isinstance(node, tree.Paren):
        node = node.expression
    return node.name.parts[-1].text if isinstance(node, tree.Identifier) else NOT_CONSTANT


def _enum_value(c: Checker, node: tree.Identifier) -> object:
    resolution = node.resolution
    assert isinstance(resolution, TypeResolution)
    for entity in (*resolution.candidates.values(), *resolution.shadowed):
        signature = c.type_named(entity.symbol)
        if signature is not None:
            name = node.name.parts[-1].text
            value = signature.enum_values.get(name)
            if value is not None:
                return value
            constant = literal_member(c, signature, name)
            if constant is not None:
                return constant.literal
    return NOT_CONSTANT


def literal_member(c: Checker, signature: TypeSignature, name: str) -> MemberSignature | None:
    """The static property of this name that is a constant, as `Int32.MaxValue` is."""
    if signature.parameters:
        return None
    for found in find_members(c, NamedType(signature.symbol), name):
        if found.member.kind == "getter" and found.member.literal is not None:
            return found.member
    return None


def combine(operator: str, left: object, right: object) -> object:
    """A binary operator on constants."""
    if isinstance(left, str) and isinstance(right, str) and operator == "op_Addition":
        return left + right
    if isinstance(left, int) and isinstance(right, int) and operator in _BINARY:
        return _BINARY[operator](left, right)
    if isinstance(left, int) and isinstance(right, int) and right and operator == "op_Division":
        quotient = abs(left) // abs(right)
        return quotient if (left < 0) == (right < 0) else -quotient
    if isinstance(left, float) and isinstance(right, float):
        if operator == "op_Addition":
            return left + right
        if operator == "op_Subtraction":
            return left - right
        if operator == "op_Multiply":
            return left * right
        if operator == "op_Division" and right:
            return left / right
    return NOT_CONSTANT


def fold_typed(c: Checker, node: typed.Expression) -> object:
    """The value of a checked constant expression."""
    match node:
        case typed.Literal(value=value):
            return value
        case typed.Application(function=typed.GlobalReference(symbol=symbol), arguments=arguments):
            name = symbol.rpartition(".")[2].partition("|")[0]
            values = [fold_typed(c, one) for one in arguments]
            if NOT_CONSTANT in values:
                return NOT_CONSTANT
            if len(values) == 2:
                return _fitting(node, name, combine(name, values[0], values[1]))
            first = values[0]
            if len(values) == 1 and isinstance(first, (int, float)):
                if name == "op_UnaryNegation":
                    return wrapped(node, -first)
                if name == "op_LogicalNot" and not isinstance(first, bool):
                    return wrapped(node, ~int(first))
            if name == "not" and isinstance(first, bool):
                return not first
            return NOT_CONSTANT
        case typed.If(condition=condition, then=then, otherwise=otherwise):
            test = fold_typed(c, condition)
            if isinstance(test, bool):
                return fold_typed(c, then if test else otherwise)
            return NOT_CONSTANT
        case typed.Coerce(value=inner):
            return fold_typed(c, inner)
        case typed.GlobalReference(symbol=symbol):
            found = c.value_named(symbol)
            return found.literal if found is not None and found.is_literal else NOT_CONSTANT
        case _:
            return NOT_CONSTANT


def fold_property(c: Checker, body: typed.Expression) -> object:
    """The value of a library's constant, which may be not a number, as no written literal is."""
    if isinstance(body, typed.GlobalReference) and body.symbol in _NOT_NUMBERS:
        return copysign(nan, -1.0)  # the sign that .NET's has
    return fold_typed(c, body)


def _fitting(node: typed.Expression, operator: str, value: object) -> object:
    """The result of an operator; sums and products that their type cannot hold are no constants
    (F# FS3177)."""
    return value_held(node, value) if operator in _CHECKED else wrapped(node, value)


def value_held(node: typed.Expression, value: object) -> object:
    """The value, if its type can hold it."""
    return value if not isinstance(value, int) or wrapped(node, value) == value else NOT_CONSTANT


def wrapped(node: typed.Expression, value: object) -> object:
    """An integer reduced to its type."""
    type = prune(node.type)
    if isinstance(type, NamedType) and type.symbol in INTEGERS and isinstance(value, int):
        bits = abs(INTEGERS[type.symbol])
        value &= (1 << bits) - 1
        if INTEGERS[type.symbol] < 0 and value >> (bits - 1):
            value -= 1 << bits
    return value
