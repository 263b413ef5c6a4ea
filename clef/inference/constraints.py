"""Constraints other than members: equality, comparison, struct, null, inheritance and their like.

Comes in: a type and what is asked of it. Goes out: whether it holds; a failure is reported where
the constraint arose.
Promises: on an unsolved variable the constraint waits there; recursive types are handled by
assuming what is being asked.
"""

from __future__ import annotations

from collections.abc import Iterable

from clef.diagnostics.typing import UnsatisfiedConstraint
from clef.inference.conditions import conditional_arguments
from clef.inference.signatures import TypeSignature
from clef.inference.state import Checker
from clef.inference.subtyping import (
    delegate_signature,
    fitting_instance,
    is_value_type,
    mapping_of,
    supertype_instance,
)
from clef.inference.type_text import show
from clef.inference.types import (
    ERROR,
    AnonymousRecordType,
    Constraint,
    FunctionType,
    Measure,
    NamedType,
    ParameterType,
    TupleType,
    Type,
    TypeVariable,
)
from clef.inference.unification import prune, record, substitute, unify
from clef.inference.unmanaged import is_unmanaged
from clef.inference.well_known import (
    ARRAYS,
    COMPARABLE,
    ENUM,
    EXCEPTION,
    FLOATS,
    GENERIC_COMPARABLE,
    INTEGERS,
    LIST,
    NULLABLE,
    NUMBERS,
    OBJECT,
    OPTION,
    POINTER_ACCESS,
    POINTER_ACCESSES,
    PRIMITIVES,
    SEQ,
    STRING,
    STRUCTURAL_COMPARABLE,
    UNIT,
)
from clef.source import Span

_NEEDS: dict[str, str] = {
    "equality": "does not support equality",
    "comparison": "does not support comparison",
    "struct": "is not a value type",
    "not_struct": "is not a reference type",
    "null": "does not have `null` as a value",
    "nullable": "never has `null` as a value",
    "not_null": "may be null",
    "default_constructor": "has no public constructor without arguments",
    "enum": "is not an enum",
    "delegate": "is not a delegate that takes a sender of type `obj` first",
    "unmanaged": "is not an unmanaged type",
    "integer_format": "is not an integer, as the format asks",
    "float_format": "is not a float, as the format asks",
}


def require(c: Checker, type: Type, constraint: Constraint, span: Span | None) -> bool:
    """Ask for a constraint; false (and a report) if it cannot hold."""
    type = prune(type)
    if isinstance(type, TypeVariable):
        if constraint.kind == "subtype":
            return _subtype_of_variable(c, type, constraint)
        if _same_underlying(c, type.constraints, constraint):
            return True
        if constraint not in type.constraints:
            record(c, type)
            type.constraints = [*type.constraints, constraint]
        return True
    if type == ERROR or constraint.kind in ("default", "member"):
        return True
    if isinstance(type, ParameterType):
        held = _holds_of_parameter(c, type, constraint)
    elif constraint.kind == "subtype":
        held = _inherits(c, type, constraint)
    else:
        held = satisfies(c, type, constraint.kind)
        if held and constraint.type is not None:
            if constraint.kind == "enum":
                held = _underlying(c, type, constraint.type)
            elif constraint.kind == "delegate":
                held = _event_arguments(c, type, constraint.type)
    if not held:
        _report(c, type, constraint, span)
    return held


def _same_underlying(c: Checker, known: Iterable[Constraint], constraint: Constraint) -> bool:
    """An enum has one underlying type: two such constraints agree on it."""
    if constraint.kind != "enum" or constraint.type is None:
        return False
    return any(
        one.kind == "enum" and one.type is not None and unify(c, one.type, constraint.type)
        for one in known
    )


def _report(c: Checker, type: Type, constraint: Constraint, span: Span | None) -> None:
    if constraint.kind == "subtype":
        assert constraint.type is not None
        if _report_access(c, type, prune(constraint.type), span):
            return
        needs = f"does not inherit from `{show(constraint.type)}`"
    else:
        needs = _NEEDS.get(constraint.kind, f"does not satisfy `{constraint.kind}`")
    why = ""
    if isinstance(type, ParameterType) and constraint.kind != "subtype":
        written = constraint.kind.replace("_", " ")
        why = f"write `when {show(type)}: {written}` where the parameter is declared"
    elif constraint.kind in ("equality", "comparison"):
        culprit = _culprit(c, type, constraint.kind, 0)
        if culprit is not None and culprit != type:
            why = f"because it contains `{show(culprit)}`"
    c.report(UnsatisfiedConstraint(span or _nowhere(c), show(type), needs, why))


def _report_access(c: Checker, type: Type, wanted: Type, span: Span | None) -> bool:
    """Whether this is about what a pointer may be used for."""
    if not isinstance(wanted, NamedType) or wanted.symbol not in POINTER_ACCESS:
        return False
    if not isinstance(type, NamedType) or type.symbol not in POINTER_ACCESSES:
        return False
    from clef.diagnostics.memory import PointerAccess

    c.report(PointerAccess(span or _nowhere(c), show(type), POINTER_ACCESS[wanted.symbol]))
    return True


def _nowhere(c: Checker) -> Span:
    return Span(c.path, 0, 0)


def _subtype_of_variable(c: Checker, variable: TypeVariable, constraint: Constraint) -> bool:
    target = prune(constraint.type) if constraint.type is not None else ERROR
    if isinstance(target, TypeVariable | ParameterType):  # only the same type can be known to fit
        return unify(c, variable, target)
    if target == OBJECT:
        return True
    for other in variable.constraints:
        if other.kind == "subtype" and isinstance(target, NamedType) and other.type is not None:
            same = prune(other.type)
            if isinstance(same, NamedType) and same.symbol == target.symbol:
                return unify(c, same, target)
    if isinstance(target, NamedType):
        signature = c.type_named(target.symbol)
        if signature is not None and signature.is_sealed and target.symbol != SEQ:
            return unify(c, variable, target)
    record(c, variable)
    variable.constraints = [*variable.constraints, constraint]
    return True


def _inherits(c: Checker, type: Type, constraint: Constraint) -> bool:
    assert constraint.type is not None
    target = prune(constraint.type)
    if isinstance(target, NamedType):
        found = fitting_instance(c, type, target)
        if found is not None:
            return unify(c, found, target)
        if target.symbol == "System.Delegate":
            return satisfies(c, type, "delegate")
    return unify(c, type, target)


def _underlying(c: Checker, type: Type, underlying: Type) -> bool:
    signature = c.type_named(type.symbol) if isinstance(type, NamedType) else None
    if signature is None or signature.underlying is None:
        return True
    return unify(c, signature.underlying, underlying)


def _event_arguments(c: Checker, type: Type, arguments: Type) -> bool:
    """`delegate<'Args, unit>`: what follows the sender in the delegate's parameters."""
    invoke = delegate_signature(c, type)
    if invoke is None:
        return True
    parameter = prune(invoke.parameter)
    items = parameter.items if isinstance(parameter, TupleType) else (parameter,)
    if prune(items[0]) != OBJECT:
        return False
    rest = items[1:]
    if not rest:
        return unify(c, UNIT, arguments)
    return unify(c, rest[0] if len(rest) == 1 else TupleType(rest), arguments)


def _holds_of_parameter(c: Checker, type: ParameterType, constraint: Constraint) -> bool:
    parameter = type.parameter
    kind = constraint.kind
    if kind == "subtype":
        assert constraint.type is not None
        target = prune(constraint.type)
        if target in (OBJECT, type):
            return True
        if isinstance(target, NamedType):
            found = supertype_instance(c, type, target.symbol)
            if found is not None:
                return unify(c, found, target)
        if isinstance(target, TypeVariable):
            return unify(c, target, type)
    else:
        kinds = {one.kind for one in parameter.constraints}
        if kind in ("integer_format", "float_format"):
            return False
        if _same_underlying(c, parameter.constraints, constraint):
            return True
        if kind in kinds or (kind == "equality" and kinds & {"comparison", "enum", "unmanaged"}):
            return True
        if kind in ("struct", "unmanaged") and kinds & {"enum", "unmanaged"}:
            return True
        if kind == "not_struct" and "null" in kinds:
            return True
        if kind == "null" and "not_struct" in kinds and _writes_null(c):
            return True
        if kind == "equality" and any(
            one.kind == "subtype" and satisfies_all(c, one.type, kind)
            for one in parameter.constraints
        ):
            return True
    if parameter.is_open:
        parameter.constraints.append(constraint)
        return True
    return False


def satisfies_all(c: Checker, type: Type | None, kind: str) -> bool:
    """`satisfies` where a supertype stands for all types that inherit from it."""
    return (
        type is not None and not isinstance(prune(type), TypeVariable) and satisfies(c, type, kind)
    )


def may_satisfy(c: Checker, type: Type, kind: str) -> bool:
    """Whether a type has equality or comparison if its type parameters have."""
    return _culprit(c, type, kind, 0) is None


def satisfies(c: Checker, type: Type, kind: str) -> bool:
    """Whether a known type has an ability; its open parts get the constraint."""
    if kind in ("equality", "comparison"):
        return _culprit(c, type, kind, 0, demand=True) is None
    type = prune(type)
    signature = c.type_named(type.symbol) if isinstance(type, NamedType) else None
    if kind == "unmanaged":
        return is_unmanaged(c, type, lambda part, asked: require(c, part, asked, None))
    if kind == "struct":  # F# lets nobody put `Nullable` where .NET asks for a struct
        return _is_struct(c, type) and not _is_nullable(type)
    if kind == "not_struct":
        return not _is_struct(c, type)
    if kind == "null":
        return _has_null(c, type, signature)
    if kind == "nullable":
        return not isinstance(type, TupleType | AnonymousRecordType)
    if kind == "not_null":
        return True
    if kind == "integer_format":
        return isinstance(type, NamedType) and (type.symbol in INTEGERS or _is_enum(signature))
    if kind == "float_format":
        return isinstance(type, NamedType) and type.symbol in (*FLOATS, "System.Decimal")
    if kind == "enum":
        return signature is not None and signature.kind == "enum"
    if kind == "delegate":
        return signature is not None and signature.kind == "delegate"
    if kind == "default_constructor":
        return _has_default_constructor(c, type, signature)
    return True


def _is_struct(c: Checker, type: Type) -> bool:
    if isinstance(type, NamedType):
        return is_value_type(c, type)
    if isinstance(type, TupleType | AnonymousRecordType):
        return type.is_struct
    return isinstance(type, Measure)


def _is_nullable(type: Type) -> bool:
    return isinstance(type, NamedType) and type.symbol == NULLABLE


def _is_enum(signature: TypeSignature | None) -> bool:
    return signature is not None and signature.kind == "enum"


def _has_null(c: Checker, type: Type, signature: TypeSignature | None) -> bool:
    if not isinstance(type, NamedType):
        return False
    if type.symbol in ARRAYS or type in (OBJECT, STRING):
        return True
    if signature is None or is_value_type(c, type):
        return signature is None
    if signature.allows_null:
        return True
    if _writes_null(c):
        return True
    if signature.kind in ("record", "union", "exception"):
        return False
    return type.symbol.startswith("System.")


def _writes_null(c: Checker) -> bool:
    """Whether this file or an earlier one writes `t | null`: who does says himself where null may
    be."""
    return c.own.has_nullable or c.signatures.has_nullable


def _has_default_constructor(c: Checker, type: Type, signature: TypeSignature | None) -> bool:
    if not isinstance(type, NamedType):
        return False
    if signature is None or is_value_type(c, type):
        return True
    if type == OBJECT:
        return True
    return not signature.is_abstract and any(
        not group
        for member in signature.members.get(".ctor", ())
        for group in member.groups
        if member.access == "public"
    )


# Equality and comparison -----------------------------------------------------------------------


def _culprit(c: Checker, type: Type, kind: str, depth: int, demand: bool = False) -> Type | None:
    """The innermost part of a type that lacks equality or comparison; None when it has it."""
    type = prune(type)
    if isinstance(type, (TypeVariable, ParameterType)):
        if demand and not require(c, type, Constraint(kind), None):
            return None  # reported by itself
        return None
    if isinstance(type, FunctionType):
        return type
    if isinstance(type, TupleType):
        return _first(c, type.items, kind, depth, demand)
    if isinstance(type, AnonymousRecordType):
        return _first(c, type.types, kind, depth, demand)
    if isinstance(type, Measure) or type == ERROR or depth > 40:
        return None
    return _culprit_named(c, type, kind, depth, demand)


def _first(c: Checker, types: tuple[Type, ...], kind: str, depth: int, demand: bool) -> Type | None:
    for one in types:
        found = _culprit(c, one, kind, depth + 1, demand)
        if found is not None:
            return found
    return None


def _culprit_named(c: Checker, type: NamedType, kind: str, depth: int, demand: bool) -> Type | None:
    symbol = type.symbol
    if symbol in NUMBERS:
        return None
    if symbol in PRIMITIVES:
        return type if kind == "comparison" and symbol == OBJECT.symbol else None
    if symbol in ARRAYS or symbol in (LIST, OPTION):
        return _first(c, type.arguments, kind, depth, demand)
    signature = c.type_named(symbol)
    if signature is None:
        return None
    mode = signature.equality if kind == "equality" else signature.comparison
    if mode == "none":
        inherited = kind == "comparison" and signature.kind in ("class", "interface")
        return None if inherited and _is_comparable(c, type, signature) else type
    if mode == "custom":
        return _first(c, conditional_arguments(c, signature, kind, type), kind, depth, demand)
    if signature.kind in ("record", "union") or (signature.kind == "struct" and kind == "equality"):
        own = _fields_culprit(c, signature, kind, type, depth)
        if own is not None:
            return own
        return _first(c, conditional_arguments(c, signature, kind, type), kind, depth, demand)
    if kind == "equality":
        return None
    if signature.kind in ("enum", "builtin"):
        return None
    return None if _is_comparable(c, type, signature) else type


def _is_comparable(c: Checker, type: NamedType, signature: TypeSignature) -> bool:
    if type in (UNIT, ENUM) or type.symbol in INTEGERS:
        return True
    if type == EXCEPTION or signature.kind == "exception":
        return False
    return (
        supertype_instance(c, type, COMPARABLE) is not None
        or supertype_instance(c, type, GENERIC_COMPARABLE) is not None
        or supertype_instance(c, type, STRUCTURAL_COMPARABLE) is not None
    )


def is_compared_by_structure(c: Checker, signature: TypeSignature, type: NamedType) -> bool:
    """Whether F# gives a record, union or struct its comparison."""
    if signature.comparison != "structural":
        return False
    return _fields_culprit(c, signature, "comparison", type, 0) is None


def _fields_culprit(
    c: Checker, signature: TypeSignature, kind: str, type: NamedType, depth: int
) -> Type | None:
    """A part of the definition itself that lacks the ability, whatever the arguments."""
    key = f"{kind} {signature.symbol}"
    known = c.equality_cache.get(key)
    if known is not None:
        return None if known else type
    c.equality_cache[key] = True  # assume it inside recursive types
    types = [f.type for f in signature.fields.values() if not f.is_static]
    for case in signature.cases.values():
        types.extend(f.type for f in case.fields)
    for one in types:
        found = _culprit(c, one, kind, depth + 1)
        if found is not None:
            c.equality_cache[key] = False
            return substitute(found, mapping_of(signature, type))
    return None
