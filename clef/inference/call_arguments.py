"""Arguments of calls: each at its parameter's type, and what is left out.

Comes in: an argument as written, its parameter. Goes out: a typed expression of that type.
Promises: functions become delegates, trailing arguments an array, several arguments a tuple.
"""

from __future__ import annotations

from clef.inference import typed_tree as typed
from clef.inference.arguments import (
    Arguments,
    Matching,
)
from clef.inference.candidates import Instance, array_element, display, inside_option, report_count
from clef.inference.constraints import require
from clef.inference.expressions.dispatch import check, failed, fit, infer
from clef.inference.expressions.functions import lambda_arity
from clef.inference.signatures import ParameterSignature
from clef.inference.state import Checker, Reason
from clef.inference.subtyping import (
    bounded_as,
    convert_argument,
    delegate_signature,
    is_sealed,
    widens_inside,
)
from clef.inference.types import (
    ERROR,
    Constraint,
    FunctionType,
    NamedType,
    TupleType,
    Type,
    TypeVariable,
)
from clef.inference.unification import (
    begin_trial,
    end_trial,
    prune,
    unify,
)
from clef.inference.well_known import (
    ARRAY,
    BYREFS,
    INT,
    NONE,
    OBJECT,
    SEQ,
    SOME,
    STRING,
    UNIT,
    VALUE_NONE,
    VALUE_OPTION,
    VALUE_SOME,
    array_of,
)
from clef.names.entities import LocalResolution, TypeResolution
from clef.source import Span
from clef.syntax import tree


def argument(
    c: Checker,
    instance: Instance,
    parameter: ParameterSignature,
    node: tree.Expression,
    value: typed.Expression | None,
    is_option: bool,
    index: int,
) -> typed.Expression:
    wanted = instance.type_of(parameter)
    name = display(instance.found.member)
    label = f"`{parameter.name}`" if parameter.name else f"argument {index + 1}"
    why = Reason(f"{label} of `{name}`", node.span)
    inner = wanted
    wrap = parameter.is_optional and not is_option
    if wrap:
        inner = inside_option(wanted)
    found = argument_value(c, node, value, inner, why)
    if wrap:
        case = VALUE_SOME if _is_value_option(wanted) else SOME
        return typed.UnionConstruction(wanted, node.span, case, [found])
    return found


def argument_value(
    c: Checker,
    node: tree.Expression,
    value: typed.Expression | None,
    wanted: Type,
    why: Reason | None,
) -> typed.Expression:
    """One argument at its parameter's type: functions become delegates, values may convert."""
    target = prune(wanted)
    is_checked = value is not None or not _makes_delegate(node)
    if delegate_signature(c, target) is not None and is_checked:
        if value is None:
            value = infer(c, node)
        if isinstance(prune(value.type), FunctionType):
            from clef.inference.delegates import delegate_from_function

            assert isinstance(target, NamedType)
            return delegate_from_function(c, value, target, node.span)
    if isinstance(target, NamedType) and target.symbol in BYREFS:
        from clef.inference.expressions.addresses import byref_argument

        passed = byref_argument(c, node, value, target)
        if passed is not None:
            return passed
    if value is None:
        value = flexible_argument(c, node, target)
    if value is None and (widens_inside(target) or (target == OBJECT and may_be_open(node))):
        value = infer(c, node)
    if value is not None:
        if widens_inside(target):
            value = convert_argument(c, value, target) or value
        actual = prune(value.type)
        is_anything = target == OBJECT and isinstance(actual, TypeVariable)
        if is_anything or bounded_as(c, actual, target):
            return typed.Coerce(target, node.span, value)  # its type stays open
        return fit(c, value, wanted, why)
    return check(c, node, wanted, why)


def function_argument(
    c: Checker, node: tree.Expression, parameter: Type, why: Reason
) -> typed.Expression:
    """An argument of a function; what has an open type keeps it where an `obj` is taken, as a local
    does where a `seq` is taken."""
    if prune(parameter) == OBJECT and may_be_open(node):
        return as_part(c, node, parameter, why)
    if isinstance(node, tree.Identifier):
        target = prune(parameter)
        if isinstance(target, NamedType):
            value = flexible_argument(c, node, target)
            if value is not None:
                return fit(c, value, parameter, why)
        if isinstance(target, TupleType):
            value = flexible_tuple(c, node, target, SEQ)
            if value is not None:
                return fit(c, value, parameter, why)
    if delegate_signature(c, parameter) is not None and lambda_arity(node) is not None:
        value = infer(c, node)  # only members take functions for delegates
        return fit(c, value, parameter, why)
    return check(c, node, parameter, why)


def as_part(c: Checker, node: tree.Expression, type: Type, why: Reason) -> typed.Expression:
    """What a field of a case or record is made with; what has an open type keeps it where the field
    holds an `obj`."""
    if prune(type) != OBJECT or not may_be_open(node):
        return check(c, node, type, why)
    value = infer(c, node)
    if isinstance(prune(value.type), TypeVariable):
        return typed.Coerce(OBJECT, node.span, value)
    return fit(c, value, type, why)


def may_be_open(node: tree.Expression) -> bool:
    """Whether the type of an expression may come from elsewhere: a name's, a function's result."""
    while isinstance(node, tree.Paren):
        node = node.expression
    return isinstance(node, tree.Identifier | tree.Application | tree.DotGet | tree.DotIndex)


def _makes_delegate(node: tree.Expression) -> bool:
    """`fun ...`, or `D(...)`, whose type arguments come from the parameter, also those that are
    written as `D<_, _>(...)` or `new D<_>(...)`."""
    if isinstance(node, tree.New):
        return True
    if isinstance(node, tree.Application):
        made = node.function
        if isinstance(made, tree.TypeApplication):
            made = made.function
        if isinstance(made, tree.Identifier):
            found = made.resolution
            return isinstance(found, TypeResolution) and found.parts == len(made.name.parts)
    return lambda_arity(node) is not None


def flexible_argument(c: Checker, node: tree.Expression, target: Type) -> typed.Expression | None:
    """A local of open type given where a supertype such as `seq` is taken: it may still be any
    subtype."""
    while isinstance(node, tree.Paren):
        node = node.expression
    if not isinstance(node, tree.Identifier) or not isinstance(target, NamedType):
        return None
    if not isinstance(node.resolution, LocalResolution) or len(node.name.parts) > 1:
        return None
    if is_sealed(c, target):
        return None
    value = infer(c, node)
    actual = prune(value.type)
    if not isinstance(actual, TypeVariable):
        return value
    if target != OBJECT:
        declared = any(one.kind == "subtype" for one in actual.constraints)
        require(c, actual, Constraint("subtype", target), node.span)
        if prune(actual) is not actual:
            return value
        if not declared:
            c.enumerated.append((actual, target))
    return typed.Coerce(target, node.span, value)


def flexible_tuple(
    c: Checker, node: tree.Expression, target: TupleType, sequence: str
) -> typed.Expression | None:
    """A named tuple given where a tuple with a `seq` is taken: its item may be any sequence (F#
    specification §14.4.3). Items may also be of classes that inherit from those that are taken."""
    wanted = [prune(item) for item in target.items]
    places = [isinstance(w, NamedType) and w.symbol == sequence for w in wanted]
    loose = [isinstance(w, NamedType) and not is_sealed(c, w) for w in wanted]
    if target.is_struct or not any(loose) or not isinstance(node, tree.Identifier):
        return None
    value = infer(c, node)
    actual = prune(value.type)
    span = node.span
    is_local = isinstance(node.resolution, LocalResolution)
    if isinstance(actual, TypeVariable) and is_local and any(places):
        opened = tuple(
            c.fresh(span) if is_open else item for item, is_open in zip(wanted, places, strict=True)
        )
        if not unify(c, actual, TupleType(opened)):
            return value
        actual = TupleType(opened)
    if not isinstance(actual, TupleType) or len(actual.items) != len(wanted):
        return value
    differing = zip(map(prune, actual.items), wanted, places, loose, strict=True)
    if not any(_may_be_seen_as(*one) for one in differing):
        return value
    locals_ = [c.local("item", item, span) for item in actual.items]
    pattern = typed.TuplePattern(
        actual, span, [typed.VariablePattern(one.type, span, one) for one in locals_]
    )
    items: list[typed.Expression] = []
    for local, item, is_open in zip(locals_, wanted, places, strict=True):
        reference = typed.LocalReference(local.type, span, local)
        items.append(_as_sequence(c, reference, item) if is_open else fit(c, reference, item, None))
    binding = typed.LocalBinding(pattern, (), [], value, span)
    return typed.Let(target, span, [binding], False, typed.Tuple(target, span, items))


def _may_be_seen_as(actual: Type, wanted: Type, is_sequence: bool, is_loose: bool) -> bool:
    """Whether an item has a type of its own, which has to be converted."""
    if not isinstance(actual, NamedType):
        return is_sequence or (is_loose and not isinstance(actual, TypeVariable))
    return is_loose and isinstance(wanted, NamedType) and actual.symbol != wanted.symbol


def _as_sequence(c: Checker, value: typed.Expression, wanted: Type) -> typed.Expression:
    actual = prune(value.type)
    if not isinstance(actual, TypeVariable):
        return fit(c, value, wanted, None)
    declared = any(one.kind == "subtype" for one in actual.constraints)
    require(c, actual, Constraint("subtype", wanted), value.span)
    if prune(actual) is actual and not declared and isinstance(wanted, NamedType):
        c.enumerated.append((actual, wanted))
    return typed.Coerce(wanted, value.span, value)


def pack(
    c: Checker,
    instance: Instance,
    values: dict[tree.Expression, typed.Expression],
    arguments: Arguments,
    span: Span,
) -> typed.Expression:
    wanted = instance.type_of(instance.parameters()[0])
    nodes = arguments.positional
    if not nodes:
        return fit(c, typed.Literal(UNIT, span, None), wanted, None)
    target = prune(wanted)
    if isinstance(target, NamedType) and len(nodes) > 1 and is_sealed(c, target):
        report_count(c, instance.found, arguments, span)
        return failed(span)
    if isinstance(target, TupleType) and len(target.items) == len(nodes):
        items = [
            argument_value(c, n, values.get(n), t, None)
            for n, t in zip(nodes, target.items, strict=True)
        ]
        return typed.Tuple(target, span, items)
    items = [values.get(n) or infer(c, n) for n in nodes]
    whole = typed.Tuple(TupleType(tuple(i.type for i in items)), span, items)
    return fit(c, whole, wanted, None)


def pack_array(
    c: Checker,
    instance: Instance,
    parameter: ParameterSignature,
    matching: Matching,
    values: dict[tree.Expression, typed.Expression],
    span: Span,
) -> typed.Expression:
    wanted = instance.type_of(parameter)
    element = array_element(wanted)
    nodes = matching.param_array or []
    if len(nodes) == 1:  # the array itself
        only = values.get(nodes[0])
        if only is None and lambda_arity(nodes[0]) is None:
            only = infer(c, nodes[0])
        if only is not None:
            actual = prune(only.type)
            is_array = isinstance(actual, NamedType) and actual.symbol == ARRAY
            if is_array or (isinstance(actual, TypeVariable) and not actual.name):
                before = begin_trial(c)
                fits = unify(c, actual, wanted)
                end_trial(c, before, keep=fits)
                if fits:
                    return only
            values[nodes[0]] = only
    items = [argument_value(c, node, values.get(node), element, None) for node in nodes]
    return typed.ArrayLiteral(array_of(element), span, items)


def omitted(
    c: Checker,
    instance: Instance,
    parameter: ParameterSignature,
    matching: Matching,
    outs: list[typed.Local],
    index: int,
    span: Span,
) -> typed.Expression:
    wanted = instance.type_of(parameter)
    if matching.out_from is not None and index >= matching.out_from and not parameter.is_optional:
        element = prune(wanted)
        inner = (
            element.arguments[0] if isinstance(element, NamedType) and element.arguments else ERROR
        )
        local = c.local(parameter.name or "result", inner, span, is_mutable=True)
        outs.append(local)
        return typed.AddressOf(wanted, span, typed.LocalReference(inner, span, local))
    return left_out(c, wanted, parameter, span)


def left_out(c: Checker, type: Type, parameter: ParameterSignature, span: Span) -> typed.Expression:
    """What an optional parameter is when nothing is given for it."""
    if parameter.caller:
        place = _place_of_call(c, parameter.caller, span)
        if place is not None and parameter.has_default:
            return place
        if place is not None:
            case = VALUE_SOME if _is_value_option(type) else SOME
            return typed.UnionConstruction(type, span, case, [place])
    has_default = parameter.has_default and not parameter.is_optional  # `?x` is None in F#
    if has_default and parameter.default is None:
        return typed.TypeName(type, span, "default", type)
    if has_default:
        return typed.Literal(type, span, parameter.default)
    case = VALUE_NONE if _is_value_option(type) else NONE
    return typed.UnionConstruction(type, span, case, [])


def _place_of_call(c: Checker, kind: str, span: Span) -> typed.Expression | None:
    """What `[<CallerLineNumber>]` and its relatives ask for; a pattern gives calls no name."""
    if kind != "member":
        return typed.SourcePlace(INT if kind == "line" else STRING, span, kind)
    name = c.caller
    if name is None:
        name = ".cctor" if c.cls is None else ".ctor"
    return typed.Literal(STRING, span, name) if name else None


def _is_value_option(type: Type) -> bool:
    """Whether an optional parameter was written `[<Struct>] ?x`."""
    found = prune(type)
    return isinstance(found, NamedType) and found.symbol == VALUE_OPTION
