"""From a chosen overload with finished arguments to the typed call.

Comes in: an instance of a member, the object and the arguments. Goes out: the call. Promises:
slots are called virtually, except through `base`; a curried member gives a function for the groups
that are missing; what is given is evaluated once.
"""

from __future__ import annotations

from clef.diagnostics.typing import (
    PrivateMember,
)
from clef.diagnostics.typing.restrictions import AbstractBaseMember
from clef.inference import typed_tree as typed
from clef.inference.accessibility import is_hidden
from clef.inference.candidates import Instance, display
from clef.inference.early_uses import note_call
from clef.inference.expressions.dispatch import fit
from clef.inference.members import Found
from clef.inference.short_lived import is_short_lived
from clef.inference.state import Checker
from clef.inference.type_text import short_name
from clef.inference.types import (
    FunctionType,
    NamedType,
    TupleType,
    Type,
)
from clef.inference.unification import (
    prune,
    substitute,
)
from clef.inference.well_known import (
    OBJECT,
    UNIT,
    is_byref,
)
from clef.source import Span


def accessible(c: Checker, group: list[Found], span: Span) -> list[Found]:
    open_ones = [f for f in group if not is_hidden(c, f.member)]
    if group and not open_ones:
        c.report(PrivateMember(span, display(group[0].member), short_name(group[0].owner.symbol)))
    return open_ones


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
        c.has_references |= is_short_lived(c, found.owner)
        return typed.New(found.owner, span, member.symbol, arguments)
    if member.groups[1:]:
        return _curried(c, instance, target, arguments, span, is_base)
    return flat_call(c, instance, target, arguments, span, is_base)


def with_outs(call: typed.Expression, outs: list[typed.Local], span: Span) -> typed.Expression:
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
    if member.condition is not None and member.condition not in c.symbols:
        return typed.Literal(UNIT, span, None)  # the arguments are not evaluated either
    if member.is_static and not member.is_slot:
        target = None
    if is_base and member.is_slot:
        _demand_code(c, found, span)
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
        note_call(c, instance.early, member.symbol, call)
    return call


def _demand_code(c: Checker, found: Found, span: Span) -> None:
    """`base.M` is what a class above says: one that has code."""
    kind = c.cls.signature if c.cls is not None else None
    while found.member.is_abstract and kind is not None and kind.base is not None:
        kind = c.type_named(kind.base.symbol)
        if kind is None or found.member.symbol in kind.implemented:
            return
        if kind.symbol == found.owner.symbol:
            name = found.member.property or found.member.name
            c.report(AbstractBaseMember(span, name, kind.name))
            return


def _receiver(c: Checker, target: typed.Expression, instance: Instance) -> typed.Expression:
    found = instance.found
    actual = prune(target.type)
    if found.member.self_type is not None:
        wanted = substitute(found.member.self_type, instance.mapping)
        if is_byref(wanted) and not is_byref(actual):  # an extension of a struct where it is
            from clef.inference.expressions.addresses import receiver_address

            assert isinstance(wanted, NamedType)
            return receiver_address(c, target, wanted)
        return fit(c, target, wanted, None)
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
