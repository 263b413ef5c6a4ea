"""Member constraints on primitive types: the solutions that are built in.

Comes in: a pending constraint and whether to decide it from what is known so far. Goes out: solved,
waiting, or not a matter of primitives. Promises: numbers of different types never mix; measures
multiply and divide as the numbers do.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from clef.diagnostics.typing import OperatorNotSupported
from clef.inference.measures import power, product
from clef.inference.reporting import contains_error, report_mismatch
from clef.inference.state import Checker
from clef.inference.type_text import show_all, written_operator
from clef.inference.types import (
    ERROR,
    NO_MEASURE,
    NamedType,
    PendingTrait,
    Type,
    TypeVariable,
)
from clef.inference.unification import (
    prune,
    resolve,
    unify,
)
from clef.inference.well_known import (
    AWAITED,
    BOOL,
    CHAR,
    FLOATS,
    INT,
    INTEGERS,
    NATIVEINT,
    NUMBERS,
    OPTION,
    REFERENCE,
    SIGNED,
    STRING,
    UNATIVEINT,
)

DECIMAL_NAME = "System.Decimal"


_SAME = frozenset({"op_Addition", "op_Subtraction", "op_Modulus"})


PRODUCTS = frozenset({"op_Multiply", "op_Division"})


_BITS = frozenset({"op_BitwiseAnd", "op_BitwiseOr", "op_ExclusiveOr"})


SHIFTS = frozenset({"op_LeftShift", "op_RightShift"})


_ORDER = ("op_LessThan", "op_LessThanOrEqual", "op_GreaterThan", "op_GreaterThanOrEqual")


_EQUALITY = ("op_Equality", "op_Inequality")


UNARY: dict[str, frozenset[str]] = {
    "op_UnaryNegation": SIGNED | FLOATS | {DECIMAL_NAME},
    "op_UnaryPlus": NUMBERS,
    "op_LogicalNot": frozenset(INTEGERS),
    "op_OnesComplement": frozenset(INTEGERS),
    "Abs": SIGNED | FLOATS | {DECIMAL_NAME},
    **{name: FLOATS | {DECIMAL_NAME} for name in ("Floor", "Ceiling", "Truncate", "Round")},
    **dict.fromkeys(("Exp", "Log", "Log10", "Sin", "Cos", "Tan", "Asin", "Acos", "Atan"), FLOATS),
    **dict.fromkeys(("Sinh", "Cosh", "Tanh", "Log2"), FLOATS),
}


_DIMENSIONLESS = frozenset(UNARY) - {
    *("op_UnaryNegation", "op_UnaryPlus", "op_LogicalNot", "op_OnesComplement", "Abs")
}


ARITHMETIC = _SAME | PRODUCTS | _BITS | {"Pow", "Atan2", "op_Exponentiation"}


def give_up(c: Checker, trait: PendingTrait) -> bool:
    for one in (*trait.member.parameters, trait.member.result):
        unify(c, one, ERROR)
    return True


def fail(c: Checker, trait: PendingTrait, advice: str | None = None) -> bool:
    member = trait.member
    types = [resolve(t) for t in (member.parameters or trait.supports)]
    if not member.is_static:
        types = [resolve(t) for t in trait.supports]
    if any(contains_error(t) for t in types):
        return give_up(c, trait)
    if c.trail is not None:  # a trial counts failures and needs no message
        c.failures += 1
        return give_up(c, trait)
    texts = show_all(*types)
    name = written_operator(member.name)
    if member.name == "op_Explicit":
        name = f"conversion to {show_all(resolve(member.result))[0]}"
    shown = tuple(dict.fromkeys(texts))
    c.report(OperatorNotSupported(trait.span, name, shown, advice or _advice(types)))
    return give_up(c, trait)


_CONVERTERS = {
    "System.Int32": "int",
    "System.Double": "float",
    "System.Int64": "int64",
    "System.Single": "float32",
    "System.String": "string",
    "System.Byte": "byte",
    "System.Decimal": "decimal",
    "System.Char": "char",
}


def _advice(types: list[Type]) -> str | None:
    names = [t.symbol for t in types if isinstance(t, NamedType)]
    if REFERENCE in names:
        return "read the cell with `.Value`"
    if any(name in AWAITED for name in names):
        return "wait for it with `let!`"
    if OPTION in names:
        return "take the value out with `match` or `Option.defaultValue`"
    if len(names) == 2 and names[0] != names[1] and all(n in _CONVERTERS for n in names):
        wide = (
            "System.String"
            if "System.String" in names
            else ("System.Double" if "System.Double" in names else names[0])
        )
        return f"convert one of the two, for example with `{_CONVERTERS[wide]} …`"
    return None


def _symbol(type: Type) -> str:
    return type.symbol if isinstance(type, NamedType) else ""


def is_open_type(type: Type) -> bool:
    return isinstance(type, TypeVariable)


def finish_trait(c: Checker, trait: PendingTrait, result: Type) -> bool:
    if not unify(c, trait.member.result, result):
        report_mismatch(c, trait.span, result, trait.member.result, None)
    return True


def _known_pair(
    trait: PendingTrait, allowed: frozenset[str], weak: bool
) -> tuple[Type, Type] | bool | None:
    """Both operands if a primitive solution applies; False to wait, None when it does not apply."""
    left, right = prune(trait.member.parameters[0]), prune(trait.member.parameters[1])
    a, b = _symbol(left), _symbol(right)
    if a in allowed and b in allowed:
        return left, right
    if a in allowed and is_open_type(right):
        return (left, right) if weak else False
    if b in allowed and is_open_type(left):
        return (left, right) if weak else False
    if is_open_type(left) and is_open_type(right):
        return False
    return None


_ADDABLE = NUMBERS | {STRING.symbol, CHAR.symbol}


def _same(c: Checker, trait: PendingTrait, weak: bool) -> bool | None:
    allowed = _ADDABLE if trait.member.name == "op_Addition" else NUMBERS
    pair = _known_pair(trait, allowed, weak)
    if not isinstance(pair, tuple):
        return pair
    left, right = pair
    if _symbol(left) and _symbol(right) and _symbol(left) != _symbol(right):
        return fail(c, trait)
    if not unify(c, right, left):
        report_mismatch(c, trait.span, right, left, None)
        return give_up(c, trait)
    return finish_trait(c, trait, left if _symbol(left) else right)


def _measure(type: NamedType) -> Type:
    return type.arguments[0] if type.arguments else NO_MEASURE


def _products(c: Checker, trait: PendingTrait, weak: bool) -> bool | None:
    pair = _known_pair(trait, NUMBERS, weak)
    if not isinstance(pair, tuple):
        return pair
    left, right = pair
    known = left if isinstance(left, NamedType) else right
    assert isinstance(known, NamedType)
    for side in (left, right):
        if is_open_type(side):
            partner: Type = known
            if known.arguments:
                partner = NamedType(known.symbol, (c.fresh_measure(trait.span),))
            unify(c, side, partner)
    left, right = prune(left), prune(right)
    assert isinstance(left, NamedType) and isinstance(right, NamedType)
    if left.symbol != right.symbol:
        return fail(c, trait)
    if not left.arguments and not right.arguments:
        return finish_trait(c, trait, left)
    sign = 1 if trait.member.name == "op_Multiply" else -1
    measure = product(_measure(left), _measure(right), sign)
    return finish_trait(c, trait, NamedType(left.symbol, (measure,)))


def _bits(c: Checker, trait: PendingTrait, weak: bool) -> bool | None:
    left, right = prune(trait.member.parameters[0]), prune(trait.member.parameters[1])
    for side, other in ((left, right), (right, left)):
        if isinstance(side, NamedType) and _is_integral(c, side):
            if is_open_type(other) and not weak:
                return False
            if _symbol(other) and _symbol(other) != side.symbol:
                return fail(c, trait)
            unify(c, other, side)
            return finish_trait(c, trait, side)
    return False if is_open_type(left) and is_open_type(right) else None


def _is_integral(c: Checker, type: NamedType) -> bool:
    if type.symbol in INTEGERS:
        return True
    signature = c.type_named(type.symbol)
    return signature is not None and signature.kind == "enum"


def _shift(c: Checker, trait: PendingTrait, weak: bool) -> bool | None:
    left = prune(trait.member.parameters[0])
    if isinstance(left, NamedType) and left.symbol in INTEGERS:
        right = trait.member.parameters[1]
        if not unify(c, right, INT):
            report_mismatch(c, trait.span, right, INT, None)
        return finish_trait(c, trait, left)
    return False if is_open_type(left) else None


def _unary(c: Checker, trait: PendingTrait, weak: bool) -> bool | None:
    operand = prune(trait.member.parameters[0] if trait.member.parameters else trait.supports[0])
    if isinstance(operand, NamedType):
        allowed = UNARY[trait.member.name]
        if operand.symbol in allowed or (
            trait.member.name == "op_LogicalNot" and _is_integral(c, operand)
        ):
            if trait.member.name in _DIMENSIONLESS and operand.arguments:
                return _without_unit(c, trait, operand)
            return finish_trait(c, trait, operand)
    return False if is_open_type(operand) else None


def _without_unit(c: Checker, trait: PendingTrait, operand: NamedType) -> bool:
    """Only numbers without a unit have a sine; an open unit is none."""
    plain = NamedType(operand.symbol)
    if not unify(c, operand, plain):
        report_mismatch(c, trait.span, operand, plain, None)
        return give_up(c, trait)
    return finish_trait(c, trait, plain)


def _sqrt(c: Checker, trait: PendingTrait, weak: bool) -> bool | None:
    operand = prune(trait.member.parameters[0])
    if isinstance(operand, NamedType) and operand.symbol in FLOATS:
        if not operand.arguments:
            return finish_trait(c, trait, operand)
        half = power(operand.arguments[0], Fraction(1, 2))
        return finish_trait(c, trait, NamedType(operand.symbol, (half,)))
    return False if is_open_type(operand) else None


def _sign(c: Checker, trait: PendingTrait, weak: bool) -> bool | None:
    operand = prune(trait.supports[0])
    if _symbol(operand) in NUMBERS:
        return finish_trait(c, trait, INT)
    return False if is_open_type(operand) else None


def _constant(c: Checker, trait: PendingTrait, weak: bool) -> bool | None:
    operand = prune(trait.supports[0])
    if _symbol(operand) in NUMBERS or operand in (CHAR, STRING):
        return finish_trait(c, trait, operand)
    return False if is_open_type(operand) else None


def _float_pair(c: Checker, trait: PendingTrait, weak: bool) -> bool | None:
    pair = _known_pair(trait, NUMBERS, weak)
    if not isinstance(pair, tuple):
        return pair
    left, right = pair
    if not unify(c, left, right):
        return fail(c, trait)
    known = prune(left)
    assert isinstance(known, NamedType)
    if trait.member.name == "Atan2":
        return finish_trait(c, trait, NamedType(known.symbol))
    if known.arguments:
        return _without_unit(c, trait, known)
    return finish_trait(c, trait, known)


def _relation(c: Checker, trait: PendingTrait, weak: bool) -> bool | None:
    """Comparisons of numbers, characters, strings and truth values."""
    pair = _known_pair(trait, NUMBERS | {STRING.symbol, CHAR.symbol, BOOL.symbol}, weak)
    if not isinstance(pair, tuple):
        return pair
    left, right = pair
    if not unify(c, right, left):
        report_mismatch(c, trait.span, right, left, None)
        return give_up(c, trait)
    return finish_trait(c, trait, BOOL)


def _divide_by_int(c: Checker, trait: PendingTrait, weak: bool) -> bool | None:
    operand = prune(trait.member.parameters[0])
    if _symbol(operand) in FLOATS or _symbol(operand) == DECIMAL_NAME:
        return finish_trait(c, trait, operand)
    return False if is_open_type(operand) else None


def _explicit(c: Checker, trait: PendingTrait, weak: bool) -> bool | None:
    source = prune(trait.member.parameters[0])
    target = prune(trait.member.result)
    if is_open_type(source) or is_open_type(target):
        return False
    if _converts(c, source, target):
        return True
    return None


def _converts(c: Checker, source: Type, target: Type) -> bool:
    if not isinstance(source, NamedType) or not isinstance(target, NamedType):
        return False
    numeric = target.symbol in NUMBERS or target == CHAR
    if source == STRING and target in (NATIVEINT, UNATIVEINT):
        return False
    if source.symbol in NUMBERS or source in (CHAR, STRING):
        return numeric or target == STRING
    signature = c.type_named(source.symbol)
    return numeric and signature is not None and signature.kind == "enum"


BUILTIN: dict[str, Callable[[Checker, PendingTrait, bool], bool | None]] = {
    **dict.fromkeys(_SAME, _same),
    **dict.fromkeys(PRODUCTS, _products),
    **dict.fromkeys(_BITS, _bits),
    **dict.fromkeys(SHIFTS, _shift),
    **dict.fromkeys(UNARY, _unary),
    **dict.fromkeys((*_ORDER, *_EQUALITY), _relation),
    "Sqrt": _sqrt,
    "Sign": _sign,
    "get_Sign": _sign,
    "get_Zero": _constant,
    "get_One": _constant,
    "Pow": _float_pair,
    "op_Exponentiation": _float_pair,
    "Atan2": _float_pair,
    "DivideByInt": _divide_by_int,
    "op_Explicit": _explicit,
}
