"""`let` bindings and constructor parameters of a class, used from its members.

Comes in: a class-level name. Goes out: a field access or a method call on the object. Promises:
outside the constructor nothing
refers to the constructor's own variables; inside it, immutable ones are referred to directly.
"""

from __future__ import annotations

from clef.diagnostics.typing import NeedsObject
from clef.inference import typed_tree as typed
from clef.inference.expressions.dispatch import check, failed
from clef.inference.state import Checker, ClassLocal, LocalEntry, Reason
from clef.inference.types import FunctionType, Type
from clef.inference.unification import instantiate_scheme, prune
from clef.source import Span
from clef.syntax import tree


def this_value(c: Checker, span: Span, name: str = "") -> typed.Expression:
    """The object of the member that is being checked, for a use of `name`."""
    assert c.cls is not None
    local = c.cls.self_local
    if local is None:
        c.report(NeedsObject(span, name or "this"))
        return failed(span)
    return typed.LocalReference(local.type, span, local)


def class_local_value(
    c: Checker, entry: LocalEntry, member: ClassLocal, span: Span
) -> typed.Expression:
    """A use as a value."""
    type = entry.local.type
    if member.initial is not None and c.cls is not None and c.cls.in_constructor:
        # A closure that holds the value instead of the object makes no cycle with the object.
        return typed.LocalReference(type, span, member.initial)
    if member.kind == "field":
        return typed.FieldGet(
            type, span, this_value(c, span, member.name), member.owner, member.name
        )
    if member.kind == "static_field":
        return typed.StaticFieldGet(type, span, member.owner, member.symbol)
    return _as_function(c, entry, member, span)


def _method(
    c: Checker, entry: LocalEntry, span: Span
) -> tuple[Type, tuple[Type, ...], typed.Expression | None]:
    member = entry.member
    assert member is not None
    if entry.scheme is not None:
        type, chosen = instantiate_scheme(c, entry.scheme, span)
    else:
        type, chosen = entry.local.type, ()
    target = this_value(c, span, member.name) if member.kind == "method" else None
    return type, chosen, target


def class_method_call(
    c: Checker, entry: LocalEntry, nodes: list[tree.Expression | None], span: Span
) -> typed.Expression:
    """A `let` function of a class applied to all its arguments."""
    member = entry.member
    assert member is not None
    type, chosen, target = _method(c, entry, span)
    values: list[typed.Expression] = []
    for position, node in enumerate(nodes):
        step = prune(type)
        assert isinstance(step, FunctionType) and node is not None
        why = Reason(f"this is what `{member.name}` takes as argument {position + 1}", span)
        values.append(check(c, node, step.parameter, why))
        type = step.result
    last = nodes[-1]
    whole = span.to(last.span) if last is not None else span
    call = typed.MethodCall(
        type, whole, member.symbol, (*member.owner.arguments, *chosen), target, values
    )
    if entry.recursive is not None:
        c.use_recursively(entry.recursive, call)
    return call


def _as_function(c: Checker, entry: LocalEntry, member: ClassLocal, span: Span) -> typed.Expression:
    """A `let` function of a class as a value: a lambda around the call."""
    type, chosen, target = _method(c, entry, span)
    patterns: list[typed.Pattern] = []
    values: list[typed.Expression] = []
    result = type
    for _ in range(entry.argument_count):
        step = prune(result)
        assert isinstance(step, FunctionType)
        local = c.local("x", step.parameter, span)
        patterns.append(typed.VariablePattern(step.parameter, span, local))
        values.append(typed.LocalReference(step.parameter, span, local))
        result = step.result
    call = typed.MethodCall(
        result, span, member.symbol, (*member.owner.arguments, *chosen), target, values
    )
    if entry.recursive is not None:
        c.use_recursively(entry.recursive, call)
    return typed.Lambda(type, span, patterns, call) if patterns else call
