"""Inheritance between types, and the conversions that F# inserts by itself.

Comes in: typed expressions and the type their place asks for. Goes out: the expression, coerced
where inheritance, F# 6's
number widening or `op_Implicit` allow it. Promises: nothing is converted where a type is not known
yet.
"""

from __future__ import annotations

from clef.inference import typed_tree as typed
from clef.inference.accessibility import is_hidden
from clef.inference.numeric_interfaces import numeric_interface
from clef.inference.signatures import TypeSignature
from clef.inference.state import Checker
from clef.inference.types import (
    ERROR,
    AnonymousRecordType,
    FunctionType,
    MemberSignature,
    NamedType,
    ParameterType,
    TupleType,
    Type,
    TypeVariable,
)
from clef.inference.unification import (
    begin_trial,
    end_trial,
    prune,
    substitute,
    unify,
)
from clef.inference.well_known import (
    ARRAYS,
    BIGINT,
    BOOL,
    BYREF,
    BYREFS,
    CHAR,
    COMPARABLE,
    DECIMAL,
    ENUM,
    EQUATABLE,
    FLOAT,
    FLOAT32,
    GENERIC_COMPARABLE,
    INT,
    INT64,
    LIST,
    MULTICAST_DELEGATE,
    NATIVEINT,
    NULLABLE,
    NUMBERS,
    OBJECT,
    SEQ,
    STRING,
    STRUCTURAL_COMPARABLE,
    STRUCTURAL_EQUATABLE,
    VALUE_TYPE,
)
from clef.source import in_library

_ARRAY_INTERFACES = frozenset(
    f"System.Collections.Generic.{name}`1"
    for name in ("IEnumerable", "ICollection", "IList", "IReadOnlyCollection", "IReadOnlyList")
)
_WIDENINGS: dict[tuple[str, str], None] = {
    (INT.symbol, INT64.symbol): None,
    (INT.symbol, NATIVEINT.symbol): None,
    (INT.symbol, FLOAT.symbol): None,
    (FLOAT32.symbol, FLOAT.symbol): None,
    ("System.SByte", INT.symbol): None,
    ("System.Byte", INT.symbol): None,
    ("System.Int16", INT.symbol): None,
    ("System.UInt16", INT.symbol): None,
    # What .NET's decimal and bigint take by `op_Implicit`.
    **{
        (f"System.{source}", target.symbol): None
        for source in ("SByte", "Byte", "Int16", "UInt16", "Int32", "UInt32", "Int64", "UInt64")
        for target in (DECIMAL, BIGINT)
    },
}


def mapping_of(signature: TypeSignature, type: NamedType) -> dict[int, Type]:
    """The type's parameters at this instantiation."""
    if len(signature.parameters) != len(type.arguments):
        return {p.id: ERROR for p in signature.parameters} if not type.arguments else {}
    return {
        parameter.id: argument
        for parameter, argument in zip(signature.parameters, type.arguments, strict=True)
    }


def is_value_type(c: Checker, type: NamedType) -> bool:
    """Numbers, chars, bools, enums and structs."""
    if type.symbol in NUMBERS:
        return True
    signature = c.type_named(type.symbol)
    if signature is None:
        return type.symbol in ("System.Boolean", "System.Char")
    return signature.is_struct or signature.kind == "enum"


def direct_supertypes(c: Checker, type: NamedType) -> list[NamedType]:
    """The base class and the interfaces that a type names itself."""
    found: list[NamedType] = []
    signature = c.type_named(type.symbol)
    if signature is not None:
        mapping = mapping_of(signature, type)
        if signature.base is not None:
            base = substitute(signature.base, mapping)
            assert isinstance(base, NamedType)
            found.append(base)
        for interface in signature.interfaces:
            instance = substitute(interface, mapping)
            assert isinstance(instance, NamedType)
            found.append(_in_unit(instance, type) if not mapping else instance)
        if signature.kind == "enum":
            found.append(ENUM)
        elif signature.kind == "delegate":
            found.append(NamedType(MULTICAST_DELEGATE))
        elif signature.is_struct and type.symbol != VALUE_TYPE.symbol:
            found.append(VALUE_TYPE)
    return found


def _in_unit(interface: NamedType, type: NamedType) -> NamedType:
    """A number in a unit compares itself with its like: `decimal<kg>` is
    `IComparable<decimal<kg>>`."""
    if not type.arguments:
        return interface
    bare = NamedType(type.symbol)
    arguments = tuple(type if one == bare else one for one in interface.arguments)
    return NamedType(interface.symbol, arguments)


def as_instance(c: Checker, type: NamedType, symbol: str, depth: int = 0) -> NamedType | None:
    """The instance of the type `symbol` that `type` is or inherits from."""
    if type.symbol == symbol:
        return type
    if symbol == OBJECT.symbol:
        return OBJECT
    if depth > 50 or (type.symbol, symbol) in c.unrelated:
        return None
    for parent in direct_supertypes(c, type):
        found = as_instance(c, parent, symbol, depth + 1)
        if found is not None:
            return found
    if type.symbol in ARRAYS:
        if symbol in _ARRAY_INTERFACES and ARRAYS[type.symbol] == 1:
            return NamedType(symbol, type.arguments)
        if symbol in ("System.Array", "System.Collections.IEnumerable"):
            return NamedType(symbol)
    numeric = numeric_interface(type, symbol)
    if numeric is not None:
        return numeric
    if symbol in _STRUCTURAL and _is_structural(c, type, symbol):
        return NamedType(symbol, (type,) if symbol in _OF_ITSELF else ())
    if symbol == SEQ:
        if type.symbol == LIST:
            return NamedType(SEQ, type.arguments)
        if type.symbol == STRING.symbol:
            return NamedType(SEQ, (CHAR,))
    if symbol not in _STRUCTURAL and type.symbol not in c.own_types and not in_library(c.path):
        c.unrelated.add((type.symbol, symbol))
    return None


_OF_ITSELF = frozenset({GENERIC_COMPARABLE, EQUATABLE})
_BY_PARTS = frozenset({STRUCTURAL_COMPARABLE, STRUCTURAL_EQUATABLE})
_STRUCTURAL = frozenset({COMPARABLE, *_OF_ITSELF, *_BY_PARTS})


def _is_structural(c: Checker, type: NamedType, interface: str) -> bool:
    """Whether a type has one of the interfaces of comparison and equality without saying so."""
    if type.symbol in NUMBERS or type in (BOOL, CHAR, STRING):
        return interface not in _BY_PARTS
    signature = c.type_named(type.symbol)
    if signature is None:
        return False
    if signature.kind == "enum":
        return interface == COMPARABLE
    if signature.kind not in ("record", "union", "struct"):
        return False
    if interface in (EQUATABLE, STRUCTURAL_EQUATABLE):
        return signature.equality == "structural"
    from clef.inference.constraints import is_compared_by_structure

    return is_compared_by_structure(c, signature, type)


def supertype_instance(c: Checker, type: Type, symbol: str) -> NamedType | None:
    """Like `as_instance`, for any type; type parameters inherit from their constraints."""
    type = prune(type)
    if isinstance(type, NamedType):
        return as_instance(c, type, symbol)
    if isinstance(type, TupleType) and symbol in _STRUCTURAL:
        return _of_tuple(type, symbol)
    if symbol == OBJECT.symbol:
        return None if isinstance(type, TypeVariable) else OBJECT
    constraints = (
        type.parameter.constraints
        if isinstance(type, ParameterType)
        else type.constraints
        if isinstance(type, TypeVariable)
        else []
    )
    for constraint in constraints:
        if constraint.kind == "subtype" and constraint.type is not None:
            found = supertype_instance(c, constraint.type, symbol)
            if found is not None:
                return found
    return None


def _of_tuple(type: TupleType, symbol: str) -> NamedType | None:
    """Tuples are compared by their parts; only struct tuples say so of their own type."""
    if symbol not in _OF_ITSELF:
        return NamedType(symbol)
    return NamedType(symbol, (type,)) if type.is_struct else None


def bounded_as(c: Checker, type: Type, target: Type) -> bool:
    """Whether a type that is not known yet has a bound that is `target`, or inherits from it."""
    if not isinstance(type, TypeVariable) or not isinstance(target, NamedType):
        return False
    if target == OBJECT:
        return any(one.kind == "subtype" for one in type.constraints)
    above = supertype_instance(c, type, target.symbol)
    return above is not None and unify(c, above, target)


def is_sealed(c: Checker, type: Type) -> bool:
    """Whether nothing but the type itself fits where it is expected."""
    type = prune(type)
    if not isinstance(type, NamedType):
        return True
    if type == OBJECT or type.symbol == SEQ:
        return False
    signature = c.type_named(type.symbol)
    return signature is None or signature.is_sealed


def feasible(c: Checker, type: Type, target: Type) -> bool:
    """Whether `type` may turn out to inherit from `target`, as far as is known."""
    type = prune(type)
    target = prune(target)
    if isinstance(type, TypeVariable) or isinstance(target, TypeVariable):
        return True
    if target in (OBJECT, ERROR) or type == ERROR:
        return True
    if not isinstance(target, NamedType):
        return would_unify(c, type, target)
    found = supertype_instance(c, type, target.symbol)
    return found is not None and would_unify(c, found, target)


def would_unify(c: Checker, left: Type, right: Type) -> bool:
    """Whether two types can be made equal; nothing is changed."""
    before = begin_trial(c)
    result = unify(c, left, right)
    return not end_trial(c, before, keep=False) and result


def convert(c: Checker, value: typed.Expression, target: Type) -> typed.Expression | None:
    """`value` at type `target` if inheritance or an implicit conversion allows it; the types are
    known to differ."""
    actual = prune(value.type)
    target = prune(target)
    if not isinstance(target, NamedType) or isinstance(actual, TypeVariable):
        return None
    if target == OBJECT:
        return typed.Coerce(OBJECT, value.span, value)
    if isinstance(actual, NamedType) and actual.symbol == BYREF and target.symbol in BYREFS:
        if not unify(c, actual.arguments[0], target.arguments[0]):
            return None
        return typed.Coerce(target, value.span, value)
    instance = fitting_instance(c, actual, target)
    if instance is not None:
        if not unify(c, instance, target):
            return None
        return typed.Coerce(target, value.span, value)
    if isinstance(actual, NamedType):
        if (actual.symbol, target.symbol) in _WIDENINGS and not actual.arguments:
            if not unify(c, target, NamedType(target.symbol)):
                return None
            return _widened(value, actual, NamedType(target.symbol))
        return _implicit(c, value, actual, target)
    return None


def convert_argument(c: Checker, value: typed.Expression, target: Type) -> typed.Expression | None:
    """Like `convert`; a number may also be widened on its way into a `Nullable`, which only
    arguments of members are."""
    converted = convert(c, value, target)
    target = prune(target)
    if converted is not None or not isinstance(target, NamedType) or target.symbol != NULLABLE:
        return converted
    number = convert(c, value, target.arguments[0])
    return None if number is None else convert(c, number, target)


def widens_inside(type: Type) -> bool:
    """Whether a type is a `Nullable` of a number that others are widened to."""
    type = prune(type)
    if not isinstance(type, NamedType) or type.symbol != NULLABLE:
        return False
    inner = prune(type.arguments[0])
    return isinstance(inner, NamedType) and any(to == inner.symbol for _, to in _WIDENINGS)


def fitting_instance(c: Checker, type: Type, target: NamedType) -> NamedType | None:
    """The supertype of `type` that `target` is; of several instantiations of one interface the one
    that fits."""
    first = supertype_instance(c, type, target.symbol)
    if first is None or would_unify(c, first, target):
        return first
    pending = [type] if isinstance(type, NamedType) else []
    while pending:
        for parent in direct_supertypes(c, pending.pop()):
            if parent.symbol == target.symbol and would_unify(c, parent, target):
                return parent
            pending.append(parent)
    return first


def _widened(value: typed.Expression, actual: NamedType, target: NamedType) -> typed.Expression:
    is_number = target.symbol not in (DECIMAL.symbol, BIGINT.symbol)
    if is_number and isinstance(value, typed.Literal) and isinstance(value.value, int):
        constant = float(value.value) if target.symbol == FLOAT.symbol else value.value
        return typed.Literal(target, value.span, constant)
    member = MemberSignature("op_Explicit", True, (actual,), target)
    return typed.TraitCall(target, value.span, (actual,), member, [value])


def _implicit(
    c: Checker, value: typed.Expression, actual: NamedType, target: NamedType
) -> typed.Expression | None:
    for owner in (target, actual):
        signature = c.type_named(owner.symbol)
        if signature is None:
            continue
        for member in signature.members.get("op_Implicit", ()):
            mapping = mapping_of(signature, owner)
            source = substitute(member.groups[0][0].type, mapping)
            result = substitute(member.result, mapping)
            if member.type_parameters or is_hidden(c, member):
                continue
            if not would_unify(c, source, actual):
                continue
            if would_unify(c, result, target):
                unify(c, source, actual)
                unify(c, result, target)
                return typed.MethodCall(
                    target, value.span, member.symbol, owner.arguments, None, [value]
                )
    return None


def presume_whole(c: Checker, type: NamedType | AnonymousRecordType, expected: Type) -> None:
    """Let the place and an expression of known type know each other before its parts are checked:
    `f` may be used in the list that it gives, and `[1]` where `seq<int64>` is expected is a list of
    these."""
    wanted = prune(expected)
    if isinstance(wanted, TypeVariable):
        unify(c, wanted, type)
        return
    found: Type = type
    if isinstance(wanted, NamedType) and isinstance(type, NamedType):
        above = supertype_instance(c, type, wanted.symbol)
        if above is None or above == OBJECT:
            return
        found = above
    before = begin_trial(c)
    agreed = unify(c, found, wanted)
    end_trial(c, before, keep=agreed and not c.failures)


def delegate_signature(c: Checker, type: Type) -> FunctionType | None:
    """The function type of a delegate's `Invoke`; its parameter is a tuple when there are
    several."""
    type = prune(type)
    if not isinstance(type, NamedType):
        return None
    signature = c.type_named(type.symbol)
    if signature is None or signature.kind != "delegate" or signature.underlying is None:
        return None
    found = substitute(signature.underlying, mapping_of(signature, type))
    return found if isinstance(found, FunctionType) else None


def delegate_parameters(c: Checker, type: Type) -> tuple[list[Type], Type]:
    """What a delegate takes, as many as its declaration says, and gives: `Func<int * int, int>` and
    `delegate of (int * int) -> int` take one pair."""
    type = prune(type)
    assert isinstance(type, NamedType)
    signature = c.type_named(type.symbol)
    assert signature is not None and isinstance(signature.underlying, FunctionType)
    mapping = mapping_of(signature, type)
    declared = signature.underlying.parameter
    items: tuple[Type, ...] = (declared,)
    if isinstance(declared, TupleType) and len(signature.members["Invoke"][0].groups[0]) > 1:
        items = declared.items
    parameters = [substitute(item, mapping) for item in items]
    return parameters, substitute(signature.underlying.result, mapping)
