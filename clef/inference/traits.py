"""Member constraints: the solutions that are built in for primitive types, and members of other
types.

Comes in: a pending constraint such as `(^a or int): static member op_Addition`. Goes out: solved or
still waiting; what
can never be solved is reported once. Promises: a constraint is decided when its supports are known;
`weak` decides it from
what is known so far, as F# does before generalisation and before a look-up; `default` falls back to
int.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from clef.diagnostics.typing import OperatorNotSupported
from clef.inference.constraints import require
from clef.inference.measures import power, product
from clef.inference.reporting import contains_error, report_mismatch
from clef.inference.signatures import MemberSignature, TypeSignature
from clef.inference.state import Checker
from clef.inference.subtyping import mapping_of, would_unify
from clef.inference.type_text import show_all, written_operator
from clef.inference.types import (
    ERROR,
    NO_MEASURE,
    AnonymousRecordType,
    NamedType,
    ParameterType,
    PendingTrait,
    Type,
    TypeVariable,
)
from clef.inference.unification import (
    install,
    instantiate,
    prune,
    resolve,
    substitute,
    substitute_member,
    unify,
    wait,
)
from clef.inference.well_known import (
    CHAR,
    FLOATS,
    INT,
    INTEGERS,
    NUMBERS,
    SIGNED,
    STRING,
)

DECIMAL_NAME = "System.Decimal"
_SAME = frozenset({"op_Addition", "op_Subtraction", "op_Modulus"})
_PRODUCTS = frozenset({"op_Multiply", "op_Division"})
_BITS = frozenset({"op_BitwiseAnd", "op_BitwiseOr", "op_ExclusiveOr"})
_SHIFTS = frozenset({"op_LeftShift", "op_RightShift"})
_UNARY: dict[str, frozenset[str]] = {
    "op_UnaryNegation": SIGNED | FLOATS | {DECIMAL_NAME},
    "op_UnaryPlus": NUMBERS,
    "op_LogicalNot": frozenset(INTEGERS),
    "op_OnesComplement": frozenset(INTEGERS),
    "Abs": SIGNED | FLOATS | {DECIMAL_NAME},
    **{name: FLOATS | {DECIMAL_NAME} for name in ("Floor", "Ceiling", "Truncate", "Round")},
    **dict.fromkeys(("Exp", "Log", "Log10", "Sin", "Cos", "Tan", "Asin", "Acos", "Atan"), FLOATS),
    **dict.fromkeys(("Sinh", "Cosh", "Tanh", "Log2"), FLOATS),
}
_ARITHMETIC = _SAME | _PRODUCTS | _BITS | {"Pow", "Atan2", "op_Exponentiation"}


def solve_woken(c: Checker) -> None:
    """Try the constraints whose variables were just solved."""
    while c.woken:
        trait = c.woken.pop()
        if not trait.is_solved:
            attempt(c, trait, weak=False)


def attempt(c: Checker, trait: PendingTrait, weak: bool) -> bool:
    """Solve a constraint if what is known is enough."""
    if trait.is_solved:
        return True
    solved = _solve(c, trait, weak)
    if solved:
        if c.trail is None:
            trait.is_solved = True
    else:
        wait(c, trait)
    return solved


def _solve(c: Checker, trait: PendingTrait, weak: bool) -> bool:
    member = trait.member
    supports = [prune(s) for s in trait.supports]
    if any(contains_error(s) for s in supports):
        return _give_up(c, trait)
    handler = _BUILTIN.get(member.name)
    if handler is not None:
        answer = handler(c, trait, weak)
        if answer is not None:
            return answer
    return _by_member(c, trait, supports, weak)


def _give_up(c: Checker, trait: PendingTrait) -> bool:
    for one in (*trait.member.parameters, trait.member.result):
        unify(c, one, ERROR)
    return True


def _fail(c: Checker, trait: PendingTrait, advice: str | None = None) -> bool:
    member = trait.member
    types = [resolve(t) for t in (member.parameters or trait.supports)]
    if not member.is_static:
        types = [resolve(t) for t in trait.supports]
    if not any(contains_error(t) for t in types):
        texts = show_all(*types)
        name = written_operator(member.name)
        if member.name == "op_Explicit":
            name = f"conversion to {show_all(resolve(member.result))[0]}"
        c.report(
            OperatorNotSupported(
                trait.span, name, tuple(dict.fromkeys(texts)), advice or _advice(types)
            )
        )
    return _give_up(c, trait)


_CONVERTERS = {
    "System.Int32": "int",
    "System.Double": "float",
    "System.Int64": "int64",
    "System.Single": "float32",
    "System.String": "string",
    "System.Byte": "byte",
    "System.Decimal": "decimal",
}


def _advice(types: list[Type]) -> str | None:
    names = [t.symbol for t in types if isinstance(t, NamedType)]
    if len(names) == 2 and names[0] != names[1] and all(n in _CONVERTERS for n in names):
        wide = (
            "System.String"
            if "System.String" in names
            else ("System.Double" if "System.Double" in names else names[0])
        )
        return f"convert one of the two, for example with `{_CONVERTERS[wide]} …`"
    return None


# Primitive types ----------------------------------------------------------------------------------


def _symbol(type: Type) -> str:
    return type.symbol if isinstance(type, NamedType) else ""


def _is_open(type: Type) -> bool:
    return isinstance(type, TypeVariable)


def _finish(c: Checker, trait: PendingTrait, result: Type) -> bool:
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
    if a in allowed and _is_open(right):
        return (left, right) if weak else False
    if b in allowed and _is_open(left):
        return (left, right) if weak else False
    if _is_open(left) and _is_open(right):
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
        return _fail(c, trait)
    if not unify(c, right, left):
        report_mismatch(c, trait.span, right, left, None)
        return _give_up(c, trait)
    return _finish(c, trait, left if _symbol(left) else right)


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
        if _is_open(side):
            partner: Type = known
            if known.arguments:
                partner = NamedType(known.symbol, (c.fresh_measure(trait.span),))
            unify(c, side, partner)
    left, right = prune(left), prune(right)
    assert isinstance(left, NamedType) and isinstance(right, NamedType)
    if left.symbol != right.symbol:
        return _fail(c, trait)
    if not left.arguments and not right.arguments:
        return _finish(c, trait, left)
    sign = 1 if trait.member.name == "op_Multiply" else -1
    measure = product(_measure(left), _measure(right), sign)
    return _finish(c, trait, NamedType(left.symbol, (measure,)))


def _bits(c: Checker, trait: PendingTrait, weak: bool) -> bool | None:
    left, right = prune(trait.member.parameters[0]), prune(trait.member.parameters[1])
    for side, other in ((left, right), (right, left)):
        if isinstance(side, NamedType) and _is_integral(c, side):
            if _is_open(other) and not weak:
                return False
            if _symbol(other) and _symbol(other) != side.symbol:
                return _fail(c, trait)
            unify(c, other, side)
            return _finish(c, trait, side)
    return False if _is_open(left) and _is_open(right) else None


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
        return _finish(c, trait, left)
    return False if _is_open(left) else None


def _unary(c: Checker, trait: PendingTrait, weak: bool) -> bool | None:
    operand = prune(trait.member.parameters[0] if trait.member.parameters else trait.supports[0])
    if isinstance(operand, NamedType):
        allowed = _UNARY[trait.member.name]
        if operand.symbol in allowed or (
            trait.member.name == "op_LogicalNot" and _is_integral(c, operand)
        ):
            return _finish(c, trait, operand)
    return False if _is_open(operand) else None


def _sqrt(c: Checker, trait: PendingTrait, weak: bool) -> bool | None:
    operand = prune(trait.member.parameters[0])
    if isinstance(operand, NamedType) and operand.symbol in FLOATS:
        if not operand.arguments:
            return _finish(c, trait, operand)
        half = power(operand.arguments[0], Fraction(1, 2))
        return _finish(c, trait, NamedType(operand.symbol, (half,)))
    return False if _is_open(operand) else None


def _sign(c: Checker, trait: PendingTrait, weak: bool) -> bool | None:
    operand = prune(trait.supports[0])
    if _symbol(operand) in NUMBERS:
        return _finish(c, trait, INT)
    return False if _is_open(operand) else None


def _constant(c: Checker, trait: PendingTrait, weak: bool) -> bool | None:
    operand = prune(trait.supports[0])
    if _symbol(operand) in NUMBERS or operand in (CHAR, STRING):
        return _finish(c, trait, operand)
    return False if _is_open(operand) else None


def _float_pair(c: Checker, trait: PendingTrait, weak: bool) -> bool | None:
    pair = _known_pair(trait, NUMBERS, weak)
    if not isinstance(pair, tuple):
        return pair
    left, right = pair
    if not unify(c, left, right):
        return _fail(c, trait)
    known = prune(left)
    assert isinstance(known, NamedType)
    if trait.member.name == "Atan2":
        return _finish(c, trait, NamedType(known.symbol))
    return _finish(c, trait, known)


def _divide_by_int(c: Checker, trait: PendingTrait, weak: bool) -> bool | None:
    operand = prune(trait.member.parameters[0])
    if _symbol(operand) in FLOATS or _symbol(operand) == DECIMAL_NAME:
        return _finish(c, trait, operand)
    return False if _is_open(operand) else None


def _explicit(c: Checker, trait: PendingTrait, weak: bool) -> bool | None:
    source = prune(trait.member.parameters[0])
    target = prune(trait.member.result)
    if _is_open(source) or _is_open(target):
        return False
    if _converts(c, source, target):
        return True
    return None


def _converts(c: Checker, source: Type, target: Type) -> bool:
    if not isinstance(source, NamedType) or not isinstance(target, NamedType):
        return False
    numeric = target.symbol in NUMBERS or target == CHAR
    if source.symbol in NUMBERS or source in (CHAR, STRING):
        return numeric or target == STRING
    signature = c.type_named(source.symbol)
    return numeric and signature is not None and signature.kind == "enum"


_BUILTIN: dict[str, Callable[[Checker, PendingTrait, bool], bool | None]] = {
    **dict.fromkeys(_SAME, _same),
    **dict.fromkeys(_PRODUCTS, _products),
    **dict.fromkeys(_BITS, _bits),
    **dict.fromkeys(_SHIFTS, _shift),
    **dict.fromkeys(_UNARY, _unary),
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


# Members of other types -------------------------------------------------------------------------


def _by_member(c: Checker, trait: PendingTrait, supports: list[Type], weak: bool) -> bool:
    for support in supports:
        if isinstance(support, ParameterType) and _assumed(c, trait, support):
            return True
    if any(_is_open(s) for s in supports) and not weak:
        return False
    known = [s for s in supports if not _is_open(s)]
    if not known:
        return False
    if not trait.member.is_static and _by_field(c, trait, known[0]):
        return True
    candidates = _candidates(c, trait, known)
    fitting = [one for one in candidates if _fits(c, trait, one)]
    if len(fitting) > 1:
        fitting = _most_special(c, trait, fitting)
    if len(fitting) > 1 and any(_is_open(prune(p)) for p in trait.member.parameters) and not weak:
        return False
    if fitting:
        return _use(c, trait, fitting[0])
    if any(_is_open(s) for s in supports):
        return False
    if any(isinstance(s, ParameterType) and s.parameter.is_open for s in supports):
        _assume(trait, supports)
        return True
    return _fail(c, trait)


def _assumed(c: Checker, trait: PendingTrait, support: ParameterType) -> bool:
    """A constraint that a type parameter in scope promises."""
    member = trait.member
    for constraint in support.parameter.constraints:
        promised = constraint.member
        if (
            promised is not None
            and promised.name == member.name
            and promised.is_static == member.is_static
            and len(promised.parameters) == len(member.parameters)
        ):
            pairs = zip(
                (*promised.parameters, promised.result),
                (*member.parameters, member.result),
                strict=True,
            )
            if all(would_unify(c, a, b) for a, b in pairs):
                for a, b in zip(
                    (*promised.parameters, promised.result),
                    (*member.parameters, member.result),
                    strict=True,
                ):
                    unify(c, a, b)
                return True
    return False


def _assume(trait: PendingTrait, supports: list[Type]) -> None:
    from clef.inference.types import Constraint

    for support in supports:
        if isinstance(support, ParameterType):
            support.parameter.constraints.append(
                Constraint("member", None, trait.member, trait.supports)
            )
            return


def _by_field(c: Checker, trait: PendingTrait, support: Type) -> bool:
    """`get_Name` on a record field."""
    name = trait.member.name
    if not name.startswith("get_") or trait.member.parameters:
        return False
    name = name[4:]
    if isinstance(support, AnonymousRecordType) and name in support.names:
        return _finish(c, trait, support.types[support.names.index(name)])
    if isinstance(support, NamedType):
        signature = c.type_named(support.symbol)
        found = signature.fields.get(name) if signature is not None else None
        if signature is not None and found is not None and signature.kind == "record":
            return _finish(c, trait, substitute(found.type, mapping_of(signature, support)))
    return False


def _candidates(
    c: Checker, trait: PendingTrait, known: list[Type]
) -> list[tuple[MemberSignature, TypeSignature, NamedType]]:
    found: list[tuple[MemberSignature, TypeSignature, NamedType]] = []
    seen: set[str] = set()
    for support in known:
        owner = support
        if isinstance(owner, ParameterType):
            owner = _supertype_of(owner)
        depth = 0
        while isinstance(owner, NamedType) and depth < 50:
            depth += 1
            signature = c.type_named(owner.symbol)
            if signature is None:
                break
            for one in signature.members.get(trait.member.name, ()):
                if one.is_static == trait.member.is_static and one.symbol not in seen:
                    seen.add(one.symbol)
                    found.append((one, signature, owner))
            for one in c.extensions_of(owner.symbol):
                # The library gives its own types members in several files.
                if (
                    one.name == trait.member.name
                    and one.is_static == trait.member.is_static
                    and one.symbol not in seen
                    and one.module.startswith(("System", "Microsoft"))
                ):
                    seen.add(one.symbol)
                    found.append((one, signature, owner))
            base = signature.base
            owner = substitute(base, mapping_of(signature, owner)) if base is not None else ERROR
            if owner == ERROR:
                break
    return found


def _supertype_of(type: ParameterType) -> Type:
    for constraint in type.parameter.constraints:
        if constraint.kind == "subtype" and constraint.type is not None:
            return constraint.type
    return ERROR


def _signature_at(
    c: Checker, trait: PendingTrait, candidate: tuple[MemberSignature, TypeSignature, NamedType]
) -> tuple[tuple[Type, ...], Type]:
    member, signature, owner = candidate
    mapping = dict(mapping_of(signature, owner))
    mapping.update(zip((p.id for p in member.owner_parameters), owner.arguments, strict=False))
    own, _ = instantiate(c, member.type_parameters, trait.span)
    mapping.update(own)
    groups = member.groups
    parameters = tuple(substitute(p.type, mapping) for group in groups for p in group)
    return parameters, substitute(member.result, mapping)


def _argument_types(trait: PendingTrait, count: int) -> tuple[Type, ...]:
    from clef.inference.types import TupleType
    from clef.inference.well_known import UNIT

    parameters = trait.member.parameters
    if len(parameters) == 1 and count != 1:
        only = prune(parameters[0])
        if count == 0 and only == UNIT:
            return ()
        if isinstance(only, TupleType) and len(only.items) == count:
            return only.items
    return parameters


def _fits(
    c: Checker, trait: PendingTrait, candidate: tuple[MemberSignature, TypeSignature, NamedType]
) -> bool:
    from clef.inference.unification import begin_trial, end_trial

    before = begin_trial(c)
    parameters, result = _signature_at(c, trait, candidate)
    arguments = _argument_types(trait, len(parameters))
    fits = len(parameters) == len(arguments) and all(
        unify(c, a, b) or _upcast(c, b, a) for a, b in zip(parameters, arguments, strict=True)
    )
    if fits and trait.member.name in ("op_Explicit", "op_Implicit"):
        fits = unify(c, result, trait.member.result)
    failed = end_trial(c, before, keep=False)
    return fits and not failed


def _upcast(c: Checker, source: Type, target: Type) -> bool:
    from clef.inference.subtyping import supertype_instance

    target = prune(target)
    source = prune(source)
    return (
        isinstance(target, NamedType)
        and not isinstance(source, TypeVariable)
        and supertype_instance(c, source, target.symbol) is not None
    )


def _most_special(
    c: Checker,
    trait: PendingTrait,
    fitting: list[tuple[MemberSignature, TypeSignature, NamedType]],
) -> list[tuple[MemberSignature, TypeSignature, NamedType]]:
    """Exact matches without new variables win."""
    exact: list[tuple[MemberSignature, TypeSignature, NamedType]] = []
    for one in fitting:
        parameters, _ = _signature_at(c, trait, one)
        arguments = _argument_types(trait, len(parameters))
        if all(resolve(a) == resolve(b) for a, b in zip(parameters, arguments, strict=False)):
            exact.append(one)
    return exact or fitting


def _use(
    c: Checker, trait: PendingTrait, candidate: tuple[MemberSignature, TypeSignature, NamedType]
) -> bool:
    parameters, result = _signature_at(c, trait, candidate)
    arguments = _argument_types(trait, len(parameters))
    for expected, actual in zip(parameters, arguments, strict=True):
        if not _upcast(c, actual, expected) and not unify(c, actual, expected):
            report_mismatch(c, trait.span, actual, expected, None)
    return _finish(c, trait, result)


# Defaults -----------------------------------------------------------------------------------------


def apply_default(c: Checker, trait: PendingTrait) -> None:
    """What F# assumes when nothing says more: the result's type, else int."""
    if trait.is_solved or attempt(c, trait, weak=True):
        return
    member = trait.member
    if member.name in _ARITHMETIC or member.name in _UNARY or member.name in _SHIFTS:
        result = prune(member.result)
        guess: Type = INT
        if isinstance(result, NamedType) and result.symbol in NUMBERS | {STRING.symbol}:
            guess = NamedType(result.symbol) if member.name in _PRODUCTS else result
        parameters = member.parameters[:1] if member.name in _SHIFTS else member.parameters
        for one in parameters:
            if _is_open(prune(one)):
                unify(c, one, guess)
    elif member.name == "op_Explicit":
        if _is_open(prune(member.parameters[0])):
            unify(c, member.parameters[0], INT)
    elif member.name in ("get_Zero", "get_One", "Sign", "get_Sign"):
        unify(c, trait.supports[0], INT)
    elif member.name == "Sqrt":
        from clef.inference.well_known import FLOAT

        unify(c, member.parameters[0], FLOAT)
    attempt(c, trait, weak=True)


def weak_resolution(c: Checker, type: Type | None = None) -> None:
    """Decide pending constraints from what is known, as before a look-up on `type`."""
    variable = prune(type) if type is not None else None
    if variable is not None and not isinstance(variable, TypeVariable):
        return
    for trait in list(c.pending):
        if not trait.is_solved:
            attempt(c, trait, weak=True)
    c.pending = [trait for trait in c.pending if not trait.is_solved]


def trait_at(trait: PendingTrait, mapping: dict[int, Type]) -> PendingTrait:
    """A constraint with parameters replaced."""
    return PendingTrait(
        substitute_member(trait.member, mapping),
        tuple(substitute(s, mapping) for s in trait.supports),
        trait.span,
        trait.level,
    )


install(require, solve_woken)
