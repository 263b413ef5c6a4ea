"""Reports of types that do not agree, with the reason for the expectation.

Comes in: two types and why one was expected. Goes out: the diagnostic that fits best. Promises:
types that were reported
before stay silent, so that one cause gives one message.
"""

from __future__ import annotations

from clef.diagnostics.patterns import PatternMismatch
from clef.diagnostics.typing import InfiniteType, MeasureMismatch, PrivateMember, TypeMismatch
from clef.inference.measures import factors_of
from clef.inference.signatures import TypeSignature
from clef.inference.state import Checker, Reason
from clef.inference.type_text import show_all
from clef.inference.types import (
    ERROR,
    AnonymousRecordType,
    FunctionType,
    NamedType,
    TupleType,
    Type,
    TypeVariable,
)
from clef.inference.unification import prune, resolve
from clef.inference.well_known import (
    ARRAY,
    AWAITED,
    FLOAT,
    FORMATS,
    INT,
    LIST,
    MEASURABLE,
    OPTION,
    REFERENCE,
    RESULT,
    SEQ,
    STRING,
    UNIT,
)
from clef.source import Span


def contains_error(type: Type) -> bool:
    """Whether a part of the type was reported already."""
    type = prune(type)
    if isinstance(type, NamedType):
        return type.symbol == "?" or any(contains_error(a) for a in type.arguments)
    if isinstance(type, FunctionType):
        return contains_error(type.parameter) or contains_error(type.result)
    if isinstance(type, TupleType):
        return any(contains_error(item) for item in type.items)
    if isinstance(type, AnonymousRecordType):
        return any(contains_error(item) for item in type.types)
    return False


def occurs(variable: TypeVariable, type: Type) -> bool:
    """Whether a variable is a part of a type."""
    type = prune(type)
    if type is variable:
        return True
    if isinstance(type, NamedType):
        return any(occurs(variable, a) for a in type.arguments)
    if isinstance(type, FunctionType):
        return occurs(variable, type.parameter) or occurs(variable, type.result)
    if isinstance(type, TupleType):
        return any(occurs(variable, item) for item in type.items)
    return False


def report_mismatch(
    c: Checker,
    span: Span,
    found: Type,
    expected: Type,
    reason: Reason | None,
    in_pattern: bool = False,
) -> None:
    """Say that a type is not the one that is expected."""
    found = resolve(found)
    expected = resolve(expected)
    if contains_error(found) or contains_error(expected):
        return
    why = reason.text if reason is not None else ""
    where = reason.span if reason is not None else None
    left, right = show_all(found, expected)
    if (isinstance(found, TypeVariable) and occurs(found, expected)) or (
        isinstance(expected, TypeVariable) and occurs(expected, found)
    ):
        c.report(InfiniteType(span, left, right))
        return
    if in_pattern:
        c.report(PatternMismatch(span, left, right, why, where))
        return
    measures = _measures(found, expected)
    if measures is not None:
        left, right = show_all(*measures)
        c.report(MeasureMismatch(span, left, right, why, where))
        return
    advice = _grouping(found, expected, why) or _piped(found, expected, why)
    advice = advice or _advice(found, expected)
    c.report(TypeMismatch(span, left, right, why, where, advice))


def _measures(found: Type, expected: Type) -> tuple[Type, Type] | None:
    if (
        isinstance(found, NamedType)
        and isinstance(expected, NamedType)
        and found.symbol == expected.symbol
        and found.symbol in MEASURABLE
    ):
        from clef.inference.types import NO_MEASURE

        left = found.arguments[0] if found.arguments else NO_MEASURE
        right = expected.arguments[0] if expected.arguments else NO_MEASURE
        if factors_of(left) != factors_of(right):
            return left, right
    return None


_CONVERSIONS = {
    "System.Int32": "int",
    "System.Double": "float",
    "System.String": "string",
    "System.Int64": "int64",
    "System.Byte": "byte",
    "System.Char": "char",
    "System.Single": "float32",
    "System.Decimal": "decimal",
    "System.UInt32": "uint32",
    "System.UInt64": "uint64",
    "System.Int16": "int16",
    "System.UInt16": "uint16",
}


def _piped(found: Type, expected: Type, why: str) -> str | None:
    """What flows through a pipe is not what the next function takes."""
    if not why.startswith("this is what `|>` takes"):
        return None
    if not isinstance(found, FunctionType) or not isinstance(expected, FunctionType):
        return None
    takes, given = prune(found.parameter), prune(expected.parameter)
    if isinstance(given, TypeVariable) or takes == given:
        return None
    taken, piped = show_all(takes, given)
    return f"the function takes `{taken}`, but what is piped into it is `{piped}`"


def _may_be(found: Type, expected: Type) -> bool:
    return found == expected or isinstance(expected, TypeVariable)


def _grouping(found: Type, expected: Type, why: str) -> str | None:
    """Arguments that are given together where they are taken one by one, or the other way."""
    if " takes as argument " not in why or isinstance(found, TypeVariable):
        return None
    if isinstance(found, TupleType) and isinstance(expected, NamedType):
        if expected == FLOAT or expected.symbol in FORMATS:
            return None
        return "are the arguments taken one by one? Write `f a b`, not `f (a, b)`"
    if isinstance(expected, TupleType) and not isinstance(found, TupleType):
        return "the arguments are taken together: write `f (a, b)`"
    return None


def _advice(found: Type, expected: Type) -> str | None:
    if isinstance(found, NamedType) and isinstance(expected, NamedType):
        convertible = found.symbol in _CONVERSIONS and expected.symbol in _CONVERSIONS
        if convertible and (STRING in (found, expected) or found.symbol in MEASURABLE):
            return f"convert it: `{_CONVERSIONS[expected.symbol]} value`"
        if expected.symbol == OPTION and found == expected.arguments[0]:
            return "wrap it: `Some value`"
        if expected.symbol == RESULT and _may_be(found, expected.arguments[0]):
            return "wrap it: `Ok value`"
        if found == STRING and expected.symbol in FORMATS:
            return 'a format is a literal: write `printfn "%s" text`'
        if found.symbol == OPTION and found.arguments[0] == expected:
            return "take the value out with `match` or `Option.defaultValue`"
        if found.symbol == REFERENCE and found.arguments[0] == expected:
            return "read the cell with `.Value`"
        if expected.symbol == LIST and found.symbol in (SEQ, ARRAY):
            return "make a list of it: `List.ofSeq values`"
        if expected.symbol == "System.Array`1" and found.symbol in (SEQ, LIST):
            return "make an array of it: `Array.ofSeq values`"
        if found == UNIT:
            return "is the last line of the block the value that you want?"
        if expected == UNIT and found.symbol in AWAITED:
            return "`do!` in an `async` or `task` waits for it"
        if expected == UNIT:
            return "drop the value with `|> ignore` if that is meant"
    if isinstance(found, FunctionType) and not isinstance(expected, FunctionType):
        return "is an argument missing? This is a function that still waits for one"
    if expected in (INT, FLOAT) and isinstance(found, TupleType):
        return "write `.` in numbers, not `,`"
    return None


def check_visible(c: Checker, signature: TypeSignature, name: str, span: Span) -> None:
    """Cases and fields of a private representation are used in its module only."""
    owner = signature.hidden_in
    if owner and c.module != owner and not c.module.startswith(owner + "."):
        c.report(PrivateMember(span, name, signature.name))


def error_type() -> Type:
    """The type of what was reported already."""
    return ERROR
