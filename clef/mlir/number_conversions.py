"""Numbers as other types.

Comes in: a conversion with the words of its operand. Goes out: the words of its result. Promises:
integers wrap, floats become integers by truncation, beyond the range by saturation (NaN is 0);
checked conversions raise instead.
"""

from __future__ import annotations

from clef.memory_plan import Layout
from clef.memory_plan.plan import POINTER
from clef.mlir.exceptions import OVERFLOW, guard
from clef.mlir.functions import FunctionState, constant, op
from clef.mlir.values import operand_layout
from clef.typed_core.core import Primitive

Words = list[str]

FLOATS = ("f32", "f64")


def resize(state: FunctionState, value: str, source: str, target: str, is_signed: bool) -> str:
    """An integer as another width."""
    old, new = int(source[1:]), int(target[1:])
    if old == new:
        return value
    if old > new:
        return op(state, f"llvm.trunc {value} : {source} to {target}")
    name = "sext" if is_signed else "zext"
    return op(state, f"llvm.{name} {value} : {source} to {target}")


def convert(state: FunctionState, node: Primitive, values: list[Words]) -> Words:
    """convert: between number types."""
    source = operand_layout(state, node)
    target = state.module.layout(node.type)
    ((value,),) = values
    return [convert_word(state, value, source, target)]


def convert_word(state: FunctionState, value: str, source: Layout, target: Layout) -> str:
    """One number as another type."""
    old, new = source.words[0].type, target.words[0].type
    if old == POINTER or new == POINTER:
        return _convert_address(state, value, old, new)
    if old in FLOATS and new in FLOATS:
        if old == new:
            return value
        name = "fpext" if old == "f32" else "fptrunc"
        return op(state, f"llvm.{name} {value} : {old} to {new}")
    if new in FLOATS:
        name = "sitofp" if source.is_signed else "uitofp"
        return op(state, f"llvm.{name} {value} : {old} to {new}")
    if old in FLOATS:
        return _float_to_integer(state, value, old, new, target.is_signed)
    if new == "i1":
        return op(state, f'llvm.icmp "ne" {value}, {constant(state, 0, old)} : {old}')
    return resize(state, value, old, new, source.is_signed)


def _convert_address(state: FunctionState, value: str, old: str, new: str) -> str:
    if old == new:
        return value
    name = "ptrtoint" if old == POINTER else "inttoptr"
    return op(state, f"llvm.{name} {value} : {old} to {new}")


def _float_to_integer(state: FunctionState, value: str, old: str, new: str, is_signed: bool) -> str:
    """Types below 32 bits go through int32, as in .NET."""
    narrow = int(new[1:]) < 32
    wide = "i32" if narrow else new
    name = "llvm.fptosi.sat" if is_signed or narrow else "llvm.fptoui.sat"
    result = op(state, f'llvm.call_intrinsic "{name}"({value}) : ({old}) -> {wide}')
    return resize(state, result, wide, new, True)


def convert_checked(state: FunctionState, node: Primitive, values: list[Words]) -> Words:
    """convert_checked: OverflowException when the value does not fit."""
    source = operand_layout(state, node)
    target = state.module.layout(node.type)
    ((value,),) = values
    old, new = source.words[0].type, target.words[0].type
    if new in FLOATS or POINTER in (old, new):
        return [convert_word(state, value, source, target)]
    if old in FLOATS:
        return [_checked_float(state, node, value, old, target)]
    result = resize(state, value, old, new, source.is_signed)
    guard(
        state,
        "overflow",
        lambda: _does_not_fit(state, value, old, source.is_signed, new, target.is_signed),
        node,
        OVERFLOW,
    )
    return [result]


def _does_not_fit(
    state: FunctionState, value: str, old: str, old_signed: bool, new: str, new_signed: bool
) -> str:
    """The condition under which an integer is outside the target's range."""
    old_bits, new_bits = int(old[1:]), int(new[1:])
    low = -(1 << (old_bits - 1)) if old_signed else 0
    high = (1 << (old_bits - old_signed)) - 1
    new_low = -(1 << (new_bits - 1)) if new_signed else 0
    new_high = (1 << (new_bits - new_signed)) - 1
    sign = "s" if old_signed else "u"
    bad: str | None = None
    if low < new_low:
        limit = constant(state, new_low, old)
        bad = op(state, f'llvm.icmp "{sign}lt" {value}, {limit} : {old}')
    if high > new_high:
        limit = constant(state, new_high, old)
        above = op(state, f'llvm.icmp "{sign}gt" {value}, {limit} : {old}')
        bad = above if bad is None else op(state, f"llvm.or {bad}, {above} : i1")
    return constant(state, 0, "i1") if bad is None else bad


def _checked_float(
    state: FunctionState, node: Primitive, value: str, old: str, target: Layout
) -> str:
    new = target.words[0].type
    bits = int(new[1:])
    if old == "f32":
        value, old = op(state, f"llvm.fpext {value} : f32 to f64"), "f64"
    low = -(2.0 ** (bits - 1)) if target.is_signed else 0.0
    high = 2.0 ** (bits - target.is_signed)
    whole = op(state, f"llvm.intr.trunc({value}) : (f64) -> f64")
    above = op(state, f'llvm.fcmp "oge" {whole}, {constant(state, low, old)} : f64')
    below = op(state, f'llvm.fcmp "olt" {whole}, {constant(state, high, old)} : f64')
    fits = op(state, f"llvm.and {above}, {below} : i1")
    bad = op(state, f"llvm.xor {fits}, {constant(state, 1, 'i1')} : i1")
    guard(state, "overflow", lambda: bad, node, OVERFLOW)
    name = "llvm.fptosi.sat" if target.is_signed else "llvm.fptoui.sat"
    return op(state, f'llvm.call_intrinsic "{name}"({value}) : (f64) -> {new}')


def reinterpret(state: FunctionState, node: Primitive, values: list[Words]) -> Words:
    """reinterpret: the same bits as another type."""
    source, target = operand_layout(state, node), state.module.layout(node.type)
    if len(source.words) != 1 or len(target.words) != 1:
        return values[0]
    old, new = source.words[0].type, target.words[0].type
    ((value,),) = values
    if old == new:
        return [value]
    if POINTER in (old, new):
        return [_convert_address(state, value, old, new)]
    if old in FLOATS or new in FLOATS:
        return [op(state, f"llvm.bitcast {value} : {old} to {new}")]
    return [convert_word(state, value, source, target)]
