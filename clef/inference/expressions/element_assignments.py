"""Assignments to elements and indexed properties.

Comes in: `a.[i] <- x`, `a[i] <- x`, `x.P i <- y`. Goes out: typed stores and calls of setters.
Promises: an array takes as many indices as it has dimensions.
"""

from __future__ import annotations

from collections.abc import Iterator

from clef.diagnostics.typing import (
    NotAPlace,
    ReadOnlyReference,
)
from clef.inference import typed_tree as typed
from clef.inference.arguments import StoredValue
from clef.inference.calls import call_group
from clef.inference.expressions.chains import check_chain
from clef.inference.expressions.dispatch import check, failed, infer
from clef.inference.expressions.suffixes import Suffix, flatten
from clef.inference.members import Found, find_members
from clef.inference.signatures import TypeSignature
from clef.inference.state import Checker
from clef.inference.type_text import show
from clef.inference.types import ERROR, FunctionType, NamedType, Type
from clef.inference.unification import prune
from clef.inference.well_known import (
    BYREF_READ,
    BYREF_WRITE,
    UNIT,
    is_inref,
)
from clef.names.entities import TypeResolution
from clef.source import Span
from clef.syntax import tree


def through_call(c: Checker, node: tree.Assign, target: tree.Expression) -> typed.Expression:
    """`f x <- value` and `object.P <- value` where what is called gives a byref."""
    found = infer(c, target)
    if isinstance(found, typed.Application):
        function = found.function
        if isinstance(function, typed.GlobalReference) and function.symbol == BYREF_READ:
            place = found.arguments[0]
            return write_byref(c, node, place, place.type)
    if found.type is not ERROR:
        c.report(NotAPlace(target.span))
    infer(c, node.value)
    return failed(node.span)


def write_byref(
    c: Checker, node: tree.Assign, place: typed.Expression, type: Type
) -> typed.Expression:
    found = prune(type)
    assert isinstance(found, NamedType)
    element = found.arguments[0]
    value = check(c, node.value, element)
    if is_inref(found):
        c.report(ReadOnlyReference(node.target.span, show(found)))
        return failed(node.span)
    function = typed.GlobalReference(
        FunctionType(found, FunctionType(element, UNIT)), node.span, BYREF_WRITE, (element,)
    )
    return typed.Application(UNIT, node.span, function, [place, value])


def changed_object(c: Checker, owner: tree.Expression) -> typed.Expression:
    """The object whose member or element is assigned."""
    if isinstance(owner, tree.Base):
        from clef.inference.expressions.objects import base_object

        return base_object(c, owner) or infer(c, owner)
    if isinstance(owner, tree.TypeReference):  # a static slot is set on the type itself
        from clef.inference.annotations import annotation

        type = prune(annotation(c, owner.type))
        return typed.TypeName(type, owner.span, "static", type)
    return check_chain(c, owner, c.fresh(owner.span), None) if _is_chain(owner) else infer(c, owner)


def _is_chain(node: tree.Expression) -> bool:
    return isinstance(
        node,
        tree.Identifier | tree.Application | tree.DotGet | tree.DotIndex | tree.TypeApplication,
    )


def owner_of_property(target: tree.Expression) -> tree.Expression | None:
    """The expression in front of the last name."""
    if isinstance(target, tree.DotGet):
        parts = target.name.parts
        if len(parts) == 1:
            return target.target
        shorter = tree.LongName(target.name.span, parts[:-1])
        return tree.DotGet(target.span, target.target, shorter, target.resolution)
    if isinstance(target, tree.Identifier):
        parts = target.name.parts
        shorter = tree.LongName(
            Span(target.span.path, parts[0].span.start, parts[-2].span.end), parts[:-1]
        )
        return tree.Identifier(shorter.span, shorter, target.resolution)
    return None


def stored(node: tree.Assign) -> tree.Expression:
    """The value as the last argument of a setter."""
    return StoredValue(node.value.span, node.value)


def call_setter(
    c: Checker,
    node: tree.Assign,
    setters: list[Found],
    object: typed.Expression | None,
    argument: tree.Expression,
) -> typed.Expression:
    """A call of a setter; `base.P <- value` calls the base class's own."""
    head, _ = flatten(node.target)
    is_base = isinstance(head, tree.Base)
    return call_group(c, setters, object, argument, None, node.span, None, is_base)


def static_setters(c: Checker, owner: NamedType, name: tree.Name) -> list[Found]:
    return [
        f
        for f in find_members(c, owner, name.text)
        if f.member.kind == "setter" and f.member.is_static
    ]


def static_owners(
    c: Checker, head: tree.Expression, resolution: TypeResolution, suffixes: list[Suffix]
) -> Iterator[tuple[TypeSignature, NamedType]]:
    """The types that `T` or `T<a>` in front of a name may stand for."""
    from clef.inference.annotations import annotation, instance

    arity = len(suffixes[0].types) if suffixes[0].kind == "types" else 0
    shadowed = [one for one in resolution.shadowed if arity in (0, one.arity)]
    for entity in (*resolution.candidates.values(), *shadowed):
        signature = c.type_named(entity.symbol)
        if signature is None:
            continue
        arguments: tuple[Type, ...]
        if suffixes[0].kind == "types":
            arguments = tuple(annotation(c, t) for t in suffixes[0].types)
        elif len(suffixes) == 1:
            arguments = tuple(c.fresh(head.span) for _ in signature.parameters)
        else:
            return
        owner = instance(c, signature, arguments, head)
        if isinstance(owner, NamedType):
            yield signature, owner


def indexed_property(
    c: Checker,
    node: tree.Assign,
    target: tree.Expression,
    head: tree.Expression,
    suffixes: list[Suffix],
) -> typed.Expression:
    """`object.Property(index) <- value`"""
    assert isinstance(target, tree.Application)
    function = target.function
    owner = (
        owner_of_property(function) if isinstance(function, tree.DotGet | tree.Identifier) else None
    )
    name = suffixes[-2].name
    if owner is None or name is None:
        return through_call(c, node, target)
    object: typed.Expression | None = None
    resolution = head.resolution if isinstance(head, tree.Identifier) else None
    setters = _indexed_static(c, head, suffixes[:-1], name)
    if not setters and not isinstance(resolution, TypeResolution):
        object = changed_object(c, owner)
        setters = [f for f in find_members(c, object.type, name.text) if f.member.kind == "setter"]
    if not setters:
        return through_call(c, node, target)
    inner = target.argument
    while isinstance(inner, tree.Paren):
        inner = inner.expression
    parts = [inner]
    if isinstance(inner, tree.Tuple) and not inner.is_struct:
        parts = inner.elements
    elif isinstance(inner, tree.Constant) and inner.kind is tree.LiteralKind.UNIT:
        parts = []
    argument = tree.Paren(node.span, tree.Tuple(node.span, [*parts, stored(node)]))
    return call_setter(c, node, setters, object, argument)


def _indexed_static(
    c: Checker, head: tree.Expression, suffixes: list[Suffix], name: tree.Name
) -> list[Found]:
    """The setters of `T.Property(index)`."""
    resolution = head.resolution if isinstance(head, tree.Identifier) else None
    if not isinstance(resolution, TypeResolution) or len(suffixes) > 2:
        return []
    for _, owner in static_owners(c, head, resolution, suffixes):
        setters = static_setters(c, owner, name)
        if setters:
            return setters
    return []
