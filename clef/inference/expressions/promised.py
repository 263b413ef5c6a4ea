"""Members that a constraint promises of a type variable: `x.Area`, `'T.Zero`, `'T.Parse "1"`.

Comes in: a type variable and a name. Goes out: the call, decided when the type is known. Promises:
only what the constraints in scope name is found.
"""

from __future__ import annotations

from collections.abc import Iterator

from clef.inference import typed_tree as typed
from clef.inference.annotations import annotation
from clef.inference.expressions.dispatch import check, failed
from clef.inference.expressions.suffixes import Suffix
from clef.inference.members import find_members
from clef.inference.state import Checker
from clef.inference.types import (
    FunctionType,
    MemberSignature,
    ParameterType,
    TupleType,
    Type,
    TypeVariable,
)
from clef.inference.unification import prune
from clef.inference.well_known import UNIT
from clef.source import Span
from clef.syntax import tree

Step = tuple[typed.Expression, int]
Promise = tuple[MemberSignature, tuple[Type, ...]]


def _promises(c: Checker, type: Type) -> Iterator[Promise]:
    if isinstance(type, ParameterType):
        for constraint in type.parameter.constraints:
            if constraint.member is not None:
                yield constraint.member, constraint.supports
    elif isinstance(type, TypeVariable):
        for trait in c.pending:
            if not trait.is_solved and any(prune(one) is type for one in trait.supports):
                yield trait.member, trait.supports


def promise_of(c: Checker, type: Type, name: str, is_static: bool) -> Promise | None:
    """The member of this name that a constraint promises, or the property of this name."""
    for member, supports in _promises(c, type):
        if member.is_static == is_static and member.name in (name, f"get_{name}"):
            return member, supports
    return None


def promised_step(
    c: Checker,
    promise: Promise,
    target: typed.Expression | None,
    suffixes: list[Suffix],
    index: int,
) -> Step:
    """The member with the argument that follows it."""
    member = promise[0]
    span = suffixes[index].span
    is_property = member.name.startswith("get_") and not member.parameters
    name = suffixes[index].name
    if is_property and (name is None or name.text != member.name):
        return _call(promise, target, [], span), index + 1
    following = suffixes[index + 1] if index + 1 < len(suffixes) else None
    if following is not None and following.kind == "apply" and following.argument is not None:
        arguments = _arguments(c, member, following.argument)
        return _call(promise, target, arguments, span.to(following.span)), index + 2
    return _as_function(c, promise, target, span), index + 1


def _call(
    promise: Promise,
    target: typed.Expression | None,
    arguments: list[typed.Expression],
    span: Span,
) -> typed.Expression:
    member, supports = promise
    operands = arguments if target is None else [target, *arguments]
    return typed.TraitCall(member.result, span, supports, member, operands)


def _arguments(
    c: Checker, member: MemberSignature, argument: tree.Expression
) -> list[typed.Expression]:
    types = member.parameters
    inner = argument
    while isinstance(inner, tree.Paren):
        inner = inner.expression
    if isinstance(inner, tree.Tuple) and len(inner.elements) == len(types):
        return [check(c, node, type) for node, type in zip(inner.elements, types, strict=True)]
    if not types:
        check(c, argument, UNIT)
        return []
    if len(types) == 1:
        return [check(c, argument, types[0])]
    whole = check(c, argument, TupleType(types))
    return [
        typed.AnonymousFieldGet(type, argument.span, whole, position)
        for position, type in enumerate(types)
    ]


def _as_function(
    c: Checker, promise: Promise, target: typed.Expression | None, span: Span
) -> typed.Expression:
    member, _ = promise
    locals = [c.local("x", type, span) for type in member.parameters]
    operands: list[typed.Expression] = [
        typed.LocalReference(local.type, span, local) for local in locals
    ]
    patterns: list[typed.Pattern] = [
        typed.VariablePattern(local.type, span, local) for local in locals
    ]
    pattern: typed.Pattern
    if not patterns:
        pattern = typed.LiteralPattern(UNIT, span, None)
    elif len(patterns) == 1:
        pattern = patterns[0]
    else:
        pattern = typed.TuplePattern(TupleType(member.parameters), span, patterns)
    type = FunctionType(pattern.type, member.result)
    return typed.Lambda(type, span, [pattern], _call(promise, target, operands, span))


def type_reference(
    c: Checker, node: tree.TypeReference, suffixes: list[Suffix], expected: Type
) -> Step:
    """`'T.Member`"""
    from clef.inference.expressions.unknown_members import report_unknown_member

    type = prune(annotation(c, node.type))
    name = suffixes[0].name if suffixes else None
    if name is None:
        return failed(node.span), len(suffixes)
    promise = promise_of(c, type, name.text, is_static=True)
    if promise is not None:
        return promised_step(c, promise, None, suffixes, 0)
    group = [f for f in find_members(c, type, name.text) if f.member.is_static]
    if group:
        from clef.inference.expressions.access import member_use

        # A static abstract member is called on the type itself.
        subject = typed.TypeName(type, node.span, "static", type)
        return member_use(c, group, subject, suffixes, 0, expected)
    report_unknown_member(c, type, name, ())
    return failed(node.span), len(suffixes)
