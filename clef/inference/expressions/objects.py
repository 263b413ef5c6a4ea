"""Objects: `new`, object expressions, `base`, member constraint calls and addresses.

Comes in: syntax that makes or names objects. Goes out: typed objects. Promises: an object
expression implements every abstract
member, or says which are missing.
"""

from __future__ import annotations

from clef.diagnostics.typing import BaseCall, InvalidInheritance, MisplacedPart
from clef.diagnostics.typing.members import BaseInFunction
from clef.inference import typed_tree as typed
from clef.inference.annotations import annotation
from clef.inference.calls import sets_properties
from clef.inference.constraints import require
from clef.inference.expressions.access import member_step
from clef.inference.expressions.dispatch import check, failed, fit, handles, own_function
from clef.inference.expressions.suffixes import Suffix
from clef.inference.expressions.types_as_heads import construct, construct_structural
from clef.inference.state import Checker, Reason
from clef.inference.type_text import show
from clef.inference.types import (
    CONSTRUCTOR,
    ERROR,
    Constraint,
    NamedType,
    ParameterType,
    TupleType,
    Type,
    TypeVariable,
)
from clef.inference.unification import add_trait, prune
from clef.inference.well_known import NEVER_BASES, OBJECT, UNIT
from clef.inference.written_constraints import member_signature
from clef.source import in_library
from clef.syntax import tree


@handles(tree.New)
def _new(c: Checker, node: tree.New, expected: Type, why: Reason | None) -> typed.Expression:
    owner = prune(annotation(c, node.type))
    if isinstance(owner, ParameterType | TypeVariable):
        require(c, owner, Constraint("default_constructor"), node.type.span)
        check(c, node.argument, UNIT)
        return fit(c, typed.New(owner, node.span, "", []), expected, why)
    if not isinstance(owner, NamedType) or owner == ERROR:
        return fit(c, construct_structural(c, owner, node.argument, node.span), expected, why)
    signature = c.type_named(owner.symbol)
    if signature is None:
        return failed(node.span)
    found = construct(c, signature, owner, node.argument, node.span, expected)
    return fit(c, found, expected, why)


@handles(tree.ObjectExpression)
@own_function
def _object(
    c: Checker, node: tree.ObjectExpression, expected: Type, why: Reason | None
) -> typed.Expression:
    from clef.inference.object_members import object_members
    from clef.inference.subtyping import presume_whole

    owner = prune(annotation(c, node.type))
    if owner == ERROR:
        return failed(node.span)
    if not isinstance(owner, NamedType):
        c.report(InvalidInheritance(node.type.span, show(owner), "cannot be inherited from"))
        return failed(node.span)
    is_plain = owner == OBJECT  # `{ new obj() with … }`
    if not (is_plain and node.interfaces):
        presume_whole(c, owner, expected)
    signature = c.type_named(owner.symbol)
    if signature is None:
        return failed(node.span)
    if not is_plain and (
        signature.kind not in ("interface", "class")
        or (signature.is_sealed and signature.kind == "class")
        or owner.symbol in NEVER_BASES
    ):
        c.report(InvalidInheritance(node.type.span, show(owner), "cannot be inherited from"))
        return failed(node.span)
    made: typed.Expression | None = None
    if signature.kind == "class" or is_plain:
        if node.argument is None and not in_library(c.path):
            part, owner_text = "a class without `()`", "an object expression"
            way_out = f"write `new {show(owner)}()`, with what its constructor takes"
            c.report(MisplacedPart(node.type.span, part, owner_text, way_out))
        was_abstract, signature.is_abstract = signature.is_abstract, False
        argument = node.argument or tree.Constant(node.span, None, tree.LiteralKind.UNIT)
        made = construct(c, signature, owner, argument, node.span, None, True)
        signature.is_abstract = was_abstract
    elif node.argument is not None:
        way_out = f"write `new {show(owner)} with`"
        owner_text = "the construction of an interface"
        c.report(MisplacedPart(node.argument.span, "an argument", owner_text, way_out))
    interfaces = [owner] if signature.kind == "interface" else []
    members, extra = object_members(c, node, owner)
    interfaces += extra
    # `{ new obj() with … interface I with … }` is an I.
    seen = extra[0] if is_plain and extra else owner
    found = typed.ObjectExpression(seen, node.span, None, [], interfaces, members)
    return fit(c, _constructed(made, found), expected, why)


def _constructed(made: typed.Expression | None, found: typed.ObjectExpression) -> typed.Expression:
    """The object expression in place of the object that the call of the constructor makes; around
    it stay the arguments that are evaluated before and the properties that are set after."""
    if isinstance(made, typed.New):
        found.constructor, found.arguments = made.constructor, made.arguments
    elif isinstance(made, typed.Let):
        if sets_properties(made):
            binding = made.bindings[0]
            binding.body = _constructed(binding.body, found)
        else:
            made.body = _constructed(made.body, found)
        return made
    return found


@handles(tree.Base)
def _base(c: Checker, node: tree.Base, expected: Type, why: Reason | None) -> typed.Expression:
    c.report(BaseCall(node.span))
    return failed(node.span)


def base_member(
    c: Checker, node: tree.Base, suffixes: list[Suffix], expected: Type
) -> tuple[typed.Expression, int]:
    """`base.Member(args)` and `base.[i]`: the base class's own implementation."""
    kind = suffixes[0].kind if suffixes else ""
    if c.functions != c.base_depth and not in_library(c.path):
        c.report(BaseInFunction(node.span))
    target = base_object(c, node) if kind in ("name", "index") else None
    if target is None:
        c.report(BaseCall(node.span))
        return failed(node.span), len(suffixes)
    if kind == "index":
        from clef.inference.expressions.indexing import index_step

        return index_step(c, target, suffixes, 0, is_base=True)
    return member_step(c, target, suffixes, 0, expected, is_base=True)


def base_object(c: Checker, node: tree.Base) -> typed.Expression | None:
    """The object as one of its base class."""
    found = _base_class(c)
    if found is None:
        return None
    local, base = found
    return typed.Coerce(base, node.span, typed.LocalReference(local.type, node.span, local))


def _base_class(c: Checker) -> tuple[typed.Local, NamedType] | None:
    """`this` and the class that `base` stands for, here."""
    if c.object_base is not None:
        return c.object_base
    cls = c.cls
    if cls is None or cls.self_local is None:
        return None
    from clef.inference.object_members import base_type

    return cls.self_local, base_type(c, cls)


@handles(tree.TraitCall)
def _trait_call(
    c: Checker, node: tree.TraitCall, expected: Type, why: Reason | None
) -> typed.Expression:
    supports = tuple(annotation(c, t) for t in node.types)
    member = member_signature(c, node.member)
    argument = node.argument
    types = list(member.parameters)
    if member.name == CONSTRUCTOR and not types:
        require(c, supports[0], Constraint("default_constructor"), node.span)
        check(c, argument, UNIT)
        return fit(c, typed.New(supports[0], node.span, "", []), expected, why)
    if not member.is_static:
        types.insert(0, supports[0])
    arguments: list[typed.Expression] = []
    inner = argument
    while isinstance(inner, tree.Paren):
        inner = inner.expression
    if isinstance(inner, tree.Tuple) and len(inner.elements) == len(types):
        arguments = [_operand(c, e, t) for e, t in zip(inner.elements, types, strict=True)]
    elif len(types) == 1:
        arguments = [_operand(c, argument, types[0])]
    elif not types:
        check(c, argument, UNIT)
    else:
        whole = check(c, argument, TupleType(tuple(types)))
        arguments = [typed.AnonymousFieldGet(t, node.span, whole, i) for i, t in enumerate(types)]
    add_trait(c, member, supports, node.span)
    from clef.inference.traits import solve_woken

    solve_woken(c)
    found = typed.TraitCall(member.result, node.span, supports, member, arguments)
    return fit(c, found, expected, why)


def _operand(c: Checker, node: tree.Expression, wanted: Type) -> typed.Expression:
    """An argument of a member that a constraint names; where it takes a class, one of any type that
    inherits from it."""
    from clef.inference.call_arguments import argument_value

    return argument_value(c, node, None, wanted, None)
