"""Arithmetic and comparison.

Comes in: primitives on numbers. Goes out: their results. Promises: F#'s meaning to the bit:
integers wrap, shift counts are masked, division by zero and the overflowing division raise, floats
compare as IEEE says.
"""

from __future__ import annotations

from collections.abc import Callable

from clef.memory_plan import Layout
from clef.mlir.exceptions import DIVIDE_BY_ZERO, OVERFLOW, expect_not, guard
from clef.mlir.functions import FunctionState, all_of, constant, op
from clef.mlir.module import declare
from clef.mlir.number_conversions import (
    FLOATS,
    Words,
    convert,
    convert_checked,
    reinterpret,
    resize,
)
from clef.mlir.values import operand_layout
from clef.typed_core.core import Literal, Primitive

Operation = Callable[[FunctionState, Primitive, list[Words]], Words]

_INTEGER = ("add", "sub", "mul", "and", "or", "xor")
_ORDER = ("lt", "le", "gt", "ge")
_EXACT = {
    "abs_float": "fabs",
    "sqrt": "sqrt",
    "floor": "floor",
    "ceil": "ceil",
    "truncate": "trunc",
    "round_even": "roundeven",
}
_LIBRARY = [
    "sin",
    "cos",
    "tan",
    "asin",
    "acos",
    "atan",
    "sinh",
    "cosh",
    "tanh",
    "exp",
    "log",
    "log10",
    "log2",
    "cbrt",
    "pow",
    "atan2",
    "exp2",
    "expm1",
    "log1p",
    "asinh",
    "acosh",
    "atanh",
    "hypot",
]
_ZERO_IS_FINE = " <{is_zero_poison = false}>"
_BITS = {
    "popcount": ("ctpop", ""),
    "clz": ("ctlz", _ZERO_IS_FINE),
    "ctz": ("cttz", _ZERO_IS_FINE),
}


def _type(state: FunctionState, node: Primitive) -> str:
    return operand_layout(state, node).words[0].type


def binary(state: FunctionState, node: Primitive, values: list[Words]) -> Words:
    """add, sub, mul, and, or, xor."""
    type = _type(state, node)
    (one,), (other,) = values
    if type in FLOATS:
        return [op(state, f"llvm.f{node.operation} {one}, {other} : {type}")]
    flag = ""
    if "exact" in node.proven:
        flag = _exact(state, node, one, other)
    return [op(state, f"llvm.{node.operation} {one}, {other}{flag} : {type}")]


def _exact(state: FunctionState, node: Primitive, one: str, other: str) -> str:
    """The flag of a sum, difference or product that does not wrap."""
    layout = operand_layout(state, node)
    if state.module.options.verify_checks:
        expect_not(state, _with_overflow(state, node.operation, layout, one, other)[1])
    return " overflow<nsw>" if layout.is_signed else " overflow<nuw>"


def _with_overflow(
    state: FunctionState, operation: str, layout: Layout, one: str, other: str
) -> tuple[str, str]:
    """The result that wraps, and whether it did."""
    type = layout.words[0].type
    sign = "s" if layout.is_signed else "u"
    pair = f"!llvm.struct<({type}, i1)>"
    name = f"llvm.intr.{sign}{operation}.with.overflow"
    both = op(state, f'"{name}"({one}, {other}) : ({type}, {type}) -> {pair}')
    result = op(state, f"llvm.extractvalue {both}[0] : {pair}")
    return result, op(state, f"llvm.extractvalue {both}[1] : {pair}")


def shift(state: FunctionState, node: Primitive, values: list[Words]) -> Words:
    """shl, shr; the count is masked. Narrow types shift as 32 bits and are cut."""
    layout = operand_layout(state, node)
    type = layout.words[0].type
    bits = int(type[1:])
    (value,), (count,) = values
    count_type = operand_layout(state, node, 1).words[0].type
    wide = f"i{max(bits, 32)}"
    count = resize(state, count, count_type, wide, False)
    mask = constant(state, bits - 1, wide)
    masked = op(state, f"llvm.and {count}, {mask} : {wide}")
    value = resize(state, value, type, wide, layout.is_signed)
    right = "ashr" if layout.is_signed else "lshr"
    name = "shl" if node.operation == "shl" else right
    result = op(state, f"llvm.{name} {value}, {masked} : {wide}")
    return [resize(state, result, wide, type, False)]


def divide(state: FunctionState, node: Primitive, values: list[Words]) -> Words:
    """div, rem."""
    layout = operand_layout(state, node)
    type = layout.words[0].type
    (one,), (other,) = values
    if type in FLOATS:
        return [op(state, f"llvm.f{node.operation} {one}, {other} : {type}")]
    divisor = node.arguments[1]
    known = divisor.value if isinstance(divisor, Literal) else None
    if not isinstance(known, int) or known == 0:
        guard(state, "zero", lambda: _is_zero(state, other, type), node, DIVIDE_BY_ZERO)
    wide = f"i{max(int(type[1:]), 32)}"
    if layout.is_signed and wide == type and (not isinstance(known, int) or known == -1):
        guard(state, "overflow", lambda: _is_least(state, one, other, type), node, OVERFLOW)
    name = "div" if node.operation == "div" else "rem"
    sign = "s" if layout.is_signed else "u"
    # Narrow types divide as 32 bits, as in .NET: -128y / -1y wraps.
    one = resize(state, one, type, wide, layout.is_signed)
    other = resize(state, other, type, wide, layout.is_signed)
    result = op(state, f"llvm.{sign}{name} {one}, {other} : {wide}")
    return [resize(state, result, wide, type, False)]


def _is_zero(state: FunctionState, value: str, type: str) -> str:
    return op(state, f'llvm.icmp "eq" {value}, {constant(state, 0, type)} : {type}')


def _is_least(state: FunctionState, one: str, other: str, type: str) -> str:
    """Whether the smallest number is divided by -1, which overflows."""
    smallest = constant(state, 1 << (int(type[1:]) - 1), type)
    is_smallest = op(state, f'llvm.icmp "eq" {one}, {smallest} : {type}')
    is_minus = op(state, f'llvm.icmp "eq" {other}, {constant(state, -1, type)} : {type}')
    return op(state, f"llvm.and {is_smallest}, {is_minus} : i1")


def negate(state: FunctionState, node: Primitive, values: list[Words]) -> Words:
    """neg."""
    type = _type(state, node)
    ((value,),) = values
    if type in FLOATS:
        return [op(state, f"llvm.fneg {value} : {type}")]
    return [op(state, f"llvm.sub {constant(state, 0, type)}, {value} : {type}")]


def complement(state: FunctionState, node: Primitive, values: list[Words]) -> Words:
    """not_bits, and not of a boolean."""
    type = _type(state, node)
    ((value,),) = values
    return [op(state, f"llvm.xor {value}, {constant(state, -1, type)} : {type}")]


def compare(state: FunctionState, node: Primitive, values: list[Words]) -> Words:
    """eq, ne, lt, le, gt, ge. Of values of several words: all words equal."""
    layout = operand_layout(state, node)
    if len(layout.words) != 1:
        return [_compare_words(state, node, layout, values)]
    type = layout.words[0].type
    (one,), (other,) = values
    return [_compare_word(state, node.operation, one, other, type, layout.is_signed)]


def _compare_words(
    state: FunctionState, node: Primitive, layout: Layout, values: list[Words]
) -> str:
    result = all_of(
        state,
        [
            _compare_word(state, "eq", one, other, word.type, False)
            for word, one, other in zip(layout.words, *values, strict=True)
        ],
    )
    if node.operation == "ne":
        return op(state, f"llvm.xor {result}, {constant(state, 1, 'i1')} : i1")
    return result


def _compare_word(
    state: FunctionState, operation: str, one: str, other: str, type: str, is_signed: bool
) -> str:
    if type in FLOATS:
        predicate = "une" if operation == "ne" else "o" + operation
        return op(state, f'llvm.fcmp "{predicate}" {one}, {other} : {type}')
    predicate = operation
    if operation in _ORDER:
        predicate = ("s" if is_signed else "u") + operation
    return op(state, f'llvm.icmp "{predicate}" {one}, {other} : {type}')


def exact(state: FunctionState, node: Primitive, values: list[Words]) -> Words:
    """abs_float, sqrt and the roundings."""
    type = _type(state, node)
    ((value,),) = values
    return [op(state, f"llvm.intr.{_EXACT[node.operation]}({value}) : ({type}) -> {type}")]


def library(state: FunctionState, node: Primitive, values: list[Words]) -> Words:
    """Functions of our own mathematics; float32 goes through float64."""
    type = _type(state, node)
    name = f"clef_math_{node.operation}"
    operands = [value for (value,) in values]
    types = ", ".join(["f64"] * len(operands))
    pure = (
        "#llvm.memory_effects<other = none, argMem = none, inaccessibleMem = none, "
        "errnoMem = none, targetMem0 = none, targetMem1 = none>"
    )
    text = (
        f"  llvm.func @{name}({types}) -> f64 attributes "
        f"{{no_unwind, will_return, memory_effects = {pure}}}"
    )
    target = declare(state.module, name, text)
    if type == "f32":
        operands = [op(state, f"llvm.fpext {value} : f32 to f64") for value in operands]
    result = op(state, f"llvm.call {target}({', '.join(operands)}) : ({types}) -> f64")
    if type == "f32":
        result = op(state, f"llvm.fptrunc {result} : f64 to f32")
    return [result]


def remainder(state: FunctionState, node: Primitive, values: list[Words]) -> Words:
    """fmod."""
    (one,), (other,) = values
    return [op(state, f"llvm.frem {one}, {other} : {_type(state, node)}")]


def copy_sign(state: FunctionState, node: Primitive, values: list[Words]) -> Words:
    """copysign."""
    (one,), (other,) = values
    type = _type(state, node)
    return [op(state, f"llvm.intr.copysign({one}, {other}) : ({type}, {type}) -> {type}")]


def checked(state: FunctionState, node: Primitive, values: list[Words]) -> Words:
    """add_checked, sub_checked, mul_checked."""
    layout = operand_layout(state, node)
    type = layout.words[0].type
    (one,), (other,) = values
    name = node.operation.removesuffix("_checked")
    if type in FLOATS:
        return [op(state, f"llvm.f{name} {one}, {other} : {type}")]
    if "overflow" in node.proven and not state.module.options.verify_checks:
        flag = "nsw" if layout.is_signed else "nuw"
        return [op(state, f"llvm.{name} {one}, {other} overflow<{flag}> : {type}")]
    result, wrapped = _with_overflow(state, name, layout, one, other)
    guard(state, "overflow", lambda: wrapped, node, OVERFLOW)
    return [result]


def count_bits(state: FunctionState, node: Primitive, values: list[Words]) -> Words:
    """popcount, clz, ctz: an int32."""
    type = _type(state, node)
    ((value,),) = values
    name, flag = _BITS[node.operation]
    result = op(state, f'"llvm.intr.{name}"({value}){flag} : ({type}) -> {type}')
    target = state.module.layout(node.type).words[0].type
    return [resize(state, result, type, target, False)]


def swap_bytes(state: FunctionState, node: Primitive, values: list[Words]) -> Words:
    """bswap."""
    type = _type(state, node)
    ((value,),) = values
    if type == "i8":
        return [value]
    return [op(state, f"llvm.intr.bswap({value}) : ({type}) -> {type}")]


def multiply_high(state: FunctionState, node: Primitive, values: list[Words]) -> Words:
    """mul_high."""
    layout = operand_layout(state, node)
    type = layout.words[0].type
    bits = int(type[1:])
    wide = f"i{bits * 2}"
    (one,), (other,) = values
    one = resize(state, one, type, wide, layout.is_signed)
    other = resize(state, other, type, wide, layout.is_signed)
    product = op(state, f"llvm.mul {one}, {other} : {wide}")
    high = op(state, f"llvm.lshr {product}, {constant(state, bits, wide)} : {wide}")
    return [op(state, f"llvm.trunc {high} : {wide} to {type}")]


OPERATIONS: dict[str, Operation] = {
    **dict.fromkeys(_INTEGER, binary),
    "shl": shift,
    "shr": shift,
    "div": divide,
    "rem": divide,
    "neg": negate,
    "not_bits": complement,
    "not": complement,
    **dict.fromkeys(("eq", "ne", *_ORDER), compare),
    **dict.fromkeys(_EXACT, exact),
    **dict.fromkeys(_LIBRARY, library),
    "fmod": remainder,
    "copysign": copy_sign,
    **dict.fromkeys(("add_checked", "sub_checked", "mul_checked"), checked),
    **dict.fromkeys(_BITS, count_bits),
    "bswap": swap_bytes,
    "mul_high": multiply_high,
    "convert": convert,
    "convert_checked": convert_checked,
    "reinterpret": reinterpret,
}
