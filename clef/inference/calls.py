"""Calls of methods, constructors and indexers: from the chosen overload to the typed call.

Comes in: the candidates of a name, the object, and the written arguments. Goes out: a typed call
with flattened arguments. Promises: optional, ParamArray, out and named arguments are filled in;
what is given is evaluated once, from left to right.
"""

from __future__ import annotations

from collections.abc import Sequence

from clef.diagnostics.typing import (
    PrivateMember,
    WrongTypeArguments,
)
from clef.inference import typed_tree as typed
from clef.inference.arguments import (
    Arguments,
    Matching,
    match_arguments,
    may_be_named,
    parameter_names,
    read_arguments,
)
from clef.inference.constraints import require
from clef.inference.expressions.dispatch import check, failed, fit, infer
from clef.inference.expressions.functions import lambda_arity
from clef.inference.members import Found, find_field, find_members
from clef.inference.overloads import (
    Instance,
    array_element,
    choose,
    display,
    inside_option,
    instance_of,
    presume,
    propagate_result,
    report_count,
    settable,
    settable_names,
)
from clef.inference.signatures import MemberSignature, ParameterSignature
from clef.inference.state import Checker, Reason
from clef.inference.subtyping import delegate_signature, is_sealed
from clef.inference.type_text import short_name
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
    substitute,
    unify,
)
from clef.inference.well_known import (
    ARRAY,
    BYREF,
    NONE,
    OBJECT,
    SOME,
    UNIT,
    array_of,
)
from clef.names.entities import LocalResolution, TypeResolution
from clef.source import Span
from clef.syntax import tree


def call_group(
    c: Checker,
    group: list[Found],
    target: typed.Expression | None,
    argument: tree.Expression | None,
    explicit: list[Type] | None,
    span: Span,
    expected: Type | None,
    is_base: bool = False,
) -> typed.Expression:
    """Call one of the candidates with a written argument list."""
    group = _accessible(c, group, span)
    if not group:
        return failed(span)
    if explicit is not None:
        fitting = [f for f in group if len(f.member.type_parameters) == len(explicit)]
        if not fitting:
            want = len(group[0].member.type_parameters)
            c.report(WrongTypeArguments(span, display(group[0].member), want, len(explicit)))
            return failed(span)
        group = fitting
    names: set[str] = set()
    if may_be_named(argument):
        names = parameter_names(group) | settable_names(c, group, argument)
    arguments = read_arguments(argument, names)
    if len(group) > 1:
        chosen = choose(c, group, arguments, explicit, span, expected)
        if chosen is None:
            _check_anyway(c, arguments)
            return failed(span)
        instance, matching, values = chosen
    else:
        instance = instance_of(c, group[0], explicit, span)
        single = match_arguments(arguments, instance.parameters(), settable(c, instance, arguments))
        if single is None:
            report_count(c, group[0], arguments, span)
            _check_anyway(c, arguments)
            return failed(span)
        matching, values = single, {}
        if not is_base:
            propagate_result(c, instance, matching, expected)
    return _finish(c, instance, matching, values, target, arguments, span, is_base)


def call_curried(
    c: Checker,
    found: Found,
    target: typed.Expression | None,
    nodes: list[tree.Expression],
    explicit: list[Type] | None,
    span: Span,
    expected: Type | None,
    is_base: bool = False,
) -> typed.Expression:
    """A curried member with all its argument groups."""
    if not _accessible(c, [found], span):
        return failed(span)
    instance = instance_of(c, found, explicit, span)
    if expected is not None:
        presume(c, instance.result(), expected)
    values: list[typed.Expression] = []
    for index, node in enumerate(nodes):
        parameters = instance.parameters(index)
        arguments = read_arguments(node, {p.name for p in parameters if p.name})
        matching = match_arguments(arguments, parameters, set())
        if matching is None or matching.is_spread or matching.out_from is not None:
            report_count(c, found, arguments, span)
            return failed(span)
        if matching.is_packed:
            values.append(check(c, node, instance.type_of(parameters[0])))
            continue
        for position, parameter in enumerate(parameters):
            slot = matching.slots[position]
            if slot is None:
                missing = _left_out(c, instance, parameter, matching, [], position, span)
                values.append(missing)
            else:
                given = matching.optional_given[position]
                values.append(_argument(c, instance, parameter, slot, None, given, position))
    return flat_call(c, instance, target, values, span, is_base)


def _accessible(c: Checker, group: list[Found], span: Span) -> list[Found]:
    open_ones = [f for f in group if not is_hidden(c, f.member)]
    if group and not open_ones:
        c.report(PrivateMember(span, display(group[0].member), short_name(group[0].owner.symbol)))
    return open_ones


def is_hidden(c: Checker, member: MemberSignature) -> bool:
    """Whether a member is private to a type that is not being checked."""
    if member.access != "private":
        return False
    if c.cls is not None and c.cls.signature.symbol == member.owner:
        return False
    return not (member.module and (c.module == member.module)) or not member.is_extension


def _check_anyway(c: Checker, arguments: Arguments) -> None:
    for node in arguments.positional:
        if lambda_arity(node) is None:
            infer(c, node)
    for _, node, _ in arguments.named:
        infer(c, node)


def _finish(
    c: Checker,
    instance: Instance,
    matching: Matching,
    values: dict[tree.Expression, typed.Expression],
    target: typed.Expression | None,
    arguments: Arguments,
    span: Span,
    is_base: bool,
) -> typed.Expression:
    member = instance.found.member
    parameters = instance.parameters()
    if matching.is_spread:
        return _spread(c, instance, values, target, arguments, span, is_base)
    checked: list[typed.Expression] = []
    outs: list[typed.Local] = []
    if matching.is_packed:
        checked.append(_pack(c, instance, values, arguments, span))
    else:
        for index, parameter in enumerate(parameters):
            if matching.param_array is not None and index == len(parameters) - 1:
                checked.append(_pack_array(c, instance, parameter, matching, values, span))
                continue
            node = matching.slots[index]
            if node is None:
                checked.append(_left_out(c, instance, parameter, matching, outs, index, span))
            else:
                given = matching.optional_given[index]
                checked.append(
                    _argument(c, instance, parameter, node, values.get(node), given, index)
                )
    result = build_call(c, instance, target, checked, span, is_base)
    if isinstance(prune(result.type), TypeVariable) and any(v.type is ERROR for v in checked):
        unify(c, result.type, ERROR)
    if outs:
        result = _with_outs(result, outs, span)
    if matching.properties:
        result = _set_properties(c, result, matching, span)
    _ = member
    return result


def _argument(
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
        return typed.UnionConstruction(wanted, node.span, SOME, [found])
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
    if isinstance(target, NamedType) and target.symbol == BYREF:
        from clef.inference.expressions.objects import byref_argument

        passed = byref_argument(c, node, value, target)
        if passed is not None:
            return passed
    if value is None:
        value = flexible_argument(c, node, target)
    if value is not None:
        return fit(c, value, wanted, why)
    return check(c, node, wanted, why)


def _makes_delegate(node: tree.Expression) -> bool:
    """`fun ...`, or `D(...)`, whose type arguments come from the parameter."""
    if isinstance(node, tree.Application) and isinstance(node.function, tree.Identifier):
        found = node.function.resolution
        return isinstance(found, TypeResolution) and found.parts == len(node.function.name.parts)
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


def _pack(
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


def _pack_array(
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
            if isinstance(actual, NamedType) and actual.symbol == ARRAY:
                before = begin_trial(c)
                fits = unify(c, actual, wanted)
                end_trial(c, before, keep=fits)
                if fits:
                    return only
            values[nodes[0]] = only
    items = [argument_value(c, node, values.get(node), element, None) for node in nodes]
    return typed.ArrayLiteral(array_of(element), span, items)


def _left_out(
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
    return left_out(wanted, parameter, span)


def left_out(type: Type, parameter: ParameterSignature, span: Span) -> typed.Expression:
    """What an optional parameter is when nothing is given for it."""
    if parameter.has_default and parameter.default is None:
        return typed.TypeName(type, span, "default", type)
    if parameter.has_default:
        return typed.Literal(type, span, parameter.default)
    return typed.UnionConstruction(type, span, NONE, [])


def _with_outs(call: typed.Expression, outs: list[typed.Local], span: Span) -> typed.Expression:
    """`let mutable result = default in (call, result)`"""
    references: list[typed.Expression] = [
        typed.LocalReference(local.type, span, local) for local in outs
    ]
    items = references if prune(call.type) == UNIT else [call, *references]
    body: typed.Expression
    if len(items) == len(references):
        whole = (
            items[0]
            if len(items) == 1
            else typed.Tuple(TupleType(tuple(i.type for i in items)), span, items)
        )
        body = typed.Sequential(whole.type, span, [call, whole])
    else:
        body = typed.Tuple(TupleType(tuple(i.type for i in items)), span, items)
    bindings = [
        typed.LocalBinding(
            typed.VariablePattern(local.type, span, local),
            (),
            [],
            typed.TypeName(local.type, span, "default", local.type),
            span,
        )
        for local in outs
    ]
    return typed.Let(body.type, span, bindings, False, body)


def _spread(
    c: Checker,
    instance: Instance,
    values: dict[tree.Expression, typed.Expression],
    target: typed.Expression | None,
    arguments: Arguments,
    span: Span,
    is_base: bool,
) -> typed.Expression:
    """One tuple value for several parameters."""
    types = [instance.type_of(p) for p in instance.parameters()]
    node = arguments.positional[0]
    whole = TupleType(tuple(types))
    known = values.get(node)
    value = known if known is not None else infer(c, node)
    if not isinstance(prune(value.type), (TupleType, TypeVariable)):
        if value.type is not ERROR:
            report_count(c, instance.found, arguments, span)
        return failed(span)
    value = fit(c, value, whole, None)
    locals_ = [c.local("part", t, span) for t in types]
    call = build_call(
        c,
        instance,
        target,
        [typed.LocalReference(local.type, span, local) for local in locals_],
        span,
        is_base,
    )
    patterns: list[typed.Pattern] = [
        typed.VariablePattern(local.type, span, local) for local in locals_
    ]
    pattern = typed.TuplePattern(whole, span, patterns)
    binding = typed.LocalBinding(pattern, (), [], value, span)
    return typed.Let(call.type, span, [binding], False, call)


def _set_properties(
    c: Checker, made: typed.Expression, matching: Matching, span: Span
) -> typed.Expression:
    """`T(Name = value)`: set properties of the new object."""
    local = c.local("made", made.type, span)
    reference = typed.LocalReference(made.type, span, local)
    effects: list[typed.Expression] = []
    for name, node in matching.properties:
        effects.append(set_member(c, reference, name, node, span))
    body = typed.Sequential(made.type, span, [*effects, reference])
    pattern = typed.VariablePattern(made.type, span, local)
    binding = typed.LocalBinding(pattern, (), [], made, span)
    return typed.Let(made.type, span, [binding], False, body)


def set_member(
    c: Checker, target: typed.Expression, name: tree.Name, node: tree.Expression, span: Span
) -> typed.Expression:
    """`target.name <- node`"""
    field = find_field(c, target.type, name.text)
    if field is not None:
        _, owner, type = field
        value = check(c, node, type)
        return typed.FieldSet(UNIT, span, target, owner, name.text, value)
    setters = [f for f in find_members(c, target.type, name.text) if f.member.kind == "setter"]
    return call_group(c, setters, target, node, None, span, None)


def build_call(
    c: Checker,
    instance: Instance,
    target: typed.Expression | None,
    arguments: list[typed.Expression],
    span: Span,
    is_base: bool = False,
) -> typed.Expression:
    """The call itself; curried members give a function for the groups that are missing."""
    found = instance.found
    member = found.member
    if member.kind == "constructor":
        return typed.New(found.owner, span, member.symbol, arguments)
    if member.groups[1:]:
        return _curried(c, instance, target, arguments, span, is_base)
    return flat_call(c, instance, target, arguments, span, is_base)


def flat_call(
    c: Checker,
    instance: Instance,
    target: typed.Expression | None,
    arguments: list[typed.Expression],
    span: Span,
    is_base: bool = False,
) -> typed.Expression:
    """A method call with the arguments of all groups."""
    found = instance.found
    member = found.member
    result = instance.result()
    if member.is_static and not member.is_slot:
        target = None
    if target is not None and not is_base:  # `base` stays the nearest base class
        target = _receiver(c, target, instance)
    call: typed.MethodCall | typed.VirtualCall
    if member.is_slot and target is not None and not is_base:
        call = typed.VirtualCall(
            result, span, member.symbol, found.owner, instance.own_arguments, target, arguments
        )
    else:
        type_arguments = (*found.owner.arguments, *instance.own_arguments)
        call = typed.MethodCall(result, span, member.symbol, type_arguments, target, arguments)
    waiting = c.member_uses.get(member.symbol)
    if waiting is not None:
        waiting.append(call)
    return call


def _receiver(c: Checker, target: typed.Expression, instance: Instance) -> typed.Expression:
    found = instance.found
    if found.member.self_type is not None:
        return fit(c, target, substitute(found.member.self_type, instance.mapping), None)
    actual = prune(target.type)
    if found.owner == OBJECT or not isinstance(actual, NamedType):
        return target
    if actual.symbol == found.owner.symbol:
        return target
    return typed.Coerce(found.owner, target.span, target)


def _curried(
    c: Checker,
    instance: Instance,
    target: typed.Expression | None,
    arguments: list[typed.Expression],
    span: Span,
    is_base: bool,
) -> typed.Expression:
    """A curried member applied to its first group: a lambda for the rest, which the caller
    applies."""
    member = instance.found.member
    lambda_types: list[Type] = []
    patterns: list[typed.Pattern] = []
    rest: list[typed.Expression] = []
    for group in member.groups[1:]:
        types = [instance.type_of(p) for p in group]
        locals_ = [c.local(p.name or "part", t, span) for p, t in zip(group, types, strict=True)]
        variables: list[typed.Pattern] = [
            typed.VariablePattern(local.type, span, local) for local in locals_
        ]
        if not types:
            patterns.append(typed.LiteralPattern(UNIT, span, None))
            lambda_types.append(UNIT)
        elif len(types) == 1:
            patterns.append(variables[0])
            lambda_types.append(types[0])
        else:
            whole = TupleType(tuple(types))
            patterns.append(typed.TuplePattern(whole, span, variables))
            lambda_types.append(whole)
        rest.extend(typed.LocalReference(local.type, span, local) for local in locals_)
    # What is given already is evaluated once, before the function is made.
    bindings: list[typed.LocalBinding] = []

    def kept(value: typed.Expression) -> typed.Expression:
        if isinstance(value, typed.LocalReference | typed.Literal | typed.TypeName):
            return value
        local = c.local("given", value.type, value.span)
        variable = typed.VariablePattern(value.type, value.span, local)
        bindings.append(typed.LocalBinding(variable, (), [], value, value.span))
        return typed.LocalReference(value.type, value.span, local)

    held = kept(target) if target is not None else None
    given = [kept(argument) for argument in arguments]
    call = flat_call(c, instance, held, [*given, *rest], span, is_base)
    type: Type = call.type
    for one in reversed(lambda_types):
        type = FunctionType(one, type)
    result: typed.Expression = typed.Lambda(type, span, patterns, call)
    for binding in reversed(bindings):
        result = typed.Let(type, span, [binding], False, result)
    return result


def method_as_function(
    c: Checker,
    group: list[Found],
    target: typed.Expression | None,
    explicit: list[Type] | None,
    span: Span,
    expected: Type,
) -> typed.Expression:
    """A method used as a value: `xs |> List.map obj.Method`. Optional parameters are left out."""
    group = _accessible(c, group, span)
    if not group:
        return failed(span)
    chosen = group[0]
    if len(group) > 1:
        wanted = prune(expected)
        count = None
        if isinstance(wanted, FunctionType):
            domain = prune(wanted.parameter)
            count = len(domain.items) if isinstance(domain, TupleType) else 1
            if domain == UNIT:
                count = 0
            same = [f for f in group if _takes(f.member, count)]
            exact = [f for f in same if _function_matches(c, f, wanted, explicit, span)]
            chosen = (exact or same or group)[0]
    instance = instance_of(c, chosen, explicit, span)
    types: list[Type] = []
    variables: list[typed.Pattern] = []
    values: list[typed.Expression] = []
    for parameter in instance.parameters():
        type = instance.type_of(parameter)
        if parameter.is_optional or parameter.has_default:
            values.append(left_out(type, parameter, span))
            continue
        local = c.local(parameter.name or "x", type, span)
        types.append(type)
        variables.append(typed.VariablePattern(type, span, local))
        values.append(typed.LocalReference(type, span, local))
    pattern: typed.Pattern
    if not types:
        pattern = typed.LiteralPattern(UNIT, span, None)
    elif len(types) == 1:
        pattern = variables[0]
    else:
        pattern = typed.TuplePattern(TupleType(tuple(types)), span, variables)
    binding: typed.LocalBinding | None = None
    receiver = target
    if target is not None and not isinstance(target, typed.LocalReference | typed.TypeName):
        local = c.local("object", target.type, span)
        variable = typed.VariablePattern(target.type, span, local)
        binding = typed.LocalBinding(variable, (), [], target, span)
        receiver = typed.LocalReference(target.type, span, local)
    call = build_call(c, instance, receiver, values, span)
    result: typed.Expression = typed.Lambda(
        FunctionType(pattern.type, call.type), span, [pattern], call
    )
    if binding is not None:
        result = typed.Let(result.type, span, [binding], False, result)
    return result


def _required(parameters: Sequence[ParameterSignature]) -> list[ParameterSignature]:
    return [p for p in parameters if not p.is_optional and not p.has_default]


def _takes(member: MemberSignature, count: int | None) -> bool:
    """Whether a method as a function has so many parameters."""
    return len(_required(member.groups[0]) if member.groups else ()) == count


def _function_matches(
    c: Checker, found: Found, wanted: FunctionType, explicit: list[Type] | None, span: Span
) -> bool:
    before = begin_trial(c)
    instance = instance_of(c, found, explicit, span)
    types = [instance.type_of(p) for p in _required(instance.parameters())]
    parameter: Type = (
        UNIT if not types else types[0] if len(types) == 1 else TupleType(tuple(types))
    )
    fits = unify(c, parameter, wanted.parameter)
    return not end_trial(c, before, keep=False) and fits
