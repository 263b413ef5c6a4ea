"""Calls of methods, constructors and indexers: from the chosen overload to the typed call.

Comes in: the candidates of a name, the object, and the written arguments. Goes out: a typed call
with flattened arguments. Promises: optional, ParamArray, out and named arguments are filled in;
what is given is evaluated once, from left to right.
"""

from __future__ import annotations

from clef.diagnostics.typing import MisplacedPart, WrongTypeArguments
from clef.inference import typed_tree as typed
from clef.inference.arguments import (
    Arguments,
    Matching,
    match_arguments,
    may_be_named,
    param_array_place,
    parameter_names,
    read_arguments,
)
from clef.inference.call_arguments import argument, omitted, pack, pack_array
from clef.inference.call_building import accessible, build_call, flat_call, with_outs
from clef.inference.candidates import (
    Instance,
    count_of_written,
    display,
    instance_of,
    report_count,
    settable,
    settable_names,
    settable_properties,
)
from clef.inference.expected_results import presume, propagate_result
from clef.inference.expressions.dispatch import check, failed, fit, infer
from clef.inference.expressions.functions import lambda_arity
from clef.inference.members import Found, find_field, find_members
from clef.inference.overloads import choose
from clef.inference.state import Checker
from clef.inference.types import (
    ERROR,
    NamedType,
    TupleType,
    Type,
    TypeVariable,
)
from clef.inference.unification import (
    prune,
    unify,
)
from clef.inference.well_known import (
    UNIT,
)
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
    group = accessible(c, group, span)
    if not group:
        return failed(span)
    if explicit is not None:
        fitting = [f for f in group if count_of_written(f.member) == len(explicit)]
        if not fitting:
            want = count_of_written(group[0].member)
            c.report(WrongTypeArguments(span, display(group[0].member), want, len(explicit)))
            return failed(span)
        group = fitting
    names: set[str] = set()
    if may_be_named(argument):
        names = parameter_names(group) | settable_names(c, group, argument)
    arguments = read_arguments(argument, names)
    if arguments.late is not None:
        part, owner = "an argument without a name", "the place behind named ones"
        c.report(MisplacedPart(arguments.late.span, part, owner, "write named arguments last"))
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
    if not accessible(c, [found], span):
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
                missing = omitted(c, instance, parameter, matching, [], position, span)
                values.append(missing)
            else:
                given = matching.optional_given[position]
                values.append(argument(c, instance, parameter, slot, None, given, position))
    return flat_call(c, instance, target, values, span, is_base)


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
        checked.append(pack(c, instance, values, arguments, span))
    else:
        for index, parameter in enumerate(parameters):
            if matching.param_array is not None and index == param_array_place(parameters):
                checked.append(pack_array(c, instance, parameter, matching, values, span))
                continue
            node = matching.slots[index]
            if node is None:
                checked.append(omitted(c, instance, parameter, matching, outs, index, span))
            else:
                given = matching.optional_given[index]
                checked.append(
                    argument(c, instance, parameter, node, values.get(node), given, index)
                )
    result = build_call(c, instance, target, checked, span, is_base)
    if isinstance(prune(result.type), TypeVariable) and any(v.type is ERROR for v in checked):
        unify(c, result.type, ERROR)
    if outs:
        result = with_outs(result, outs, span)
    if matching.properties:
        result = _set_properties(c, result, matching.properties, span)
    _ = member
    return result


def _spread(
    c: Checker,
    instance: Instance,
    values: dict[tree.Expression, typed.Expression],
    target: typed.Expression | None,
    arguments: Arguments,
    span: Span,
    is_base: bool,
) -> typed.Expression:
    """One tuple value for several parameters; its parts are converted one by one."""
    types = [instance.type_of(p) for p in instance.parameters()]
    node = arguments.positional[0]
    whole = TupleType(tuple(types))
    known = values.get(node)
    value = known if known is not None else infer(c, node)
    given = prune(value.type)
    if not isinstance(given, (TupleType, TypeVariable)):
        if value.type is not ERROR:
            report_count(c, instance.found, arguments, span)
        return failed(span)
    items = types
    if isinstance(given, TupleType) and len(given.items) == len(types) and not given.is_struct:
        items, whole = list(given.items), given
    else:
        value = fit(c, value, whole, None)
    locals_ = [c.local("part", t, span) for t in items]
    parts = [typed.LocalReference(local.type, span, local) for local in locals_]
    converted = [fit(c, part, type, None) for part, type in zip(parts, types, strict=True)]
    call = build_call(c, instance, target, converted, span, is_base)
    patterns: list[typed.Pattern] = [
        typed.VariablePattern(local.type, span, local) for local in locals_
    ]
    pattern = typed.TuplePattern(whole, span, patterns)
    binding = typed.LocalBinding(pattern, (), [], value, span)
    return typed.Let(call.type, span, [binding], False, call)


def preset_struct(
    c: Checker, owner: NamedType, group: list[Found], argument: tree.Expression | None, span: Span
) -> typed.Expression | None:
    """`S(Name = value)`: the default value of a struct with some properties set; None when a
    constructor is meant."""
    if not may_be_named(argument):
        return None
    names = settable_properties(c, owner) - parameter_names(group)
    arguments = read_arguments(argument, names)
    if arguments.positional or any(name.text not in names for name, _, _ in arguments.named):
        return None
    value = typed.TypeName(owner, span, "default", owner)
    return _set_properties(c, value, [(name, node) for name, node, _ in arguments.named], span)


def _set_properties(
    c: Checker,
    made: typed.Expression,
    properties: list[tuple[tree.Name, tree.Expression]],
    span: Span,
) -> typed.Expression:
    """`T(Name = value)`: set properties of the new object."""
    type = prune(made.type)
    signature = c.type_named(type.symbol) if isinstance(type, NamedType) else None
    is_struct = signature is not None and signature.is_struct
    local = c.local("made", made.type, span, is_mutable=is_struct)
    reference = typed.LocalReference(made.type, span, local)
    effects: list[typed.Expression] = []
    for name, node in properties:
        effects.append(set_member(c, reference, name, node, span))
    body = typed.Sequential(made.type, span, [*effects, reference])
    pattern = typed.VariablePattern(made.type, span, local)
    binding = typed.LocalBinding(pattern, (), [], made, span)
    return typed.Let(made.type, span, [binding], False, body)


def sets_properties(made: typed.Let) -> bool:
    """Whether it is `T(a, Name = b)` and not the evaluation of an argument first."""
    return isinstance(made.body, typed.Sequential)


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
