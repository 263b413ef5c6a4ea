"""Constructors written as `new (…) = …`.

Comes in: a planned constructor. Goes out: its definition. Promises: its body calls another
constructor on the same object, or sets the fields itself.
"""

from __future__ import annotations

from clef.diagnostics.spelling import closest
from clef.diagnostics.typing import (
    DuplicateField,
    MisplacedPart,
    MissingFields,
    NotSupportedYet,
    UnknownField,
)
from clef.inference import typed_tree as typed
from clef.inference.annotations import annotation
from clef.inference.class_state import ClassPlan, Secondary
from clef.inference.constructors import construct_base, on_this
from clef.inference.expressions.control import unit
from clef.inference.expressions.dispatch import check, failed, statement
from clef.inference.initialisation import Unborn, completed
from clef.inference.member_bodies import bind_this, member_parameter
from clef.inference.reporting import report_mismatch
from clef.inference.signatures import TypeSignature
from clef.inference.state import Checker, Reason
from clef.inference.type_starts import started
from clef.inference.types import ERROR, NamedType
from clef.inference.unification import prune, unify
from clef.inference.well_known import OBJECT, UNIT
from clef.source import Span
from clef.syntax import tree


def check_secondary(c: Checker, plan: ClassPlan, made: Secondary) -> None:
    """`new (p) = T(…)`, `new (p) = { a = p } then effect`"""
    draft = plan.draft
    node = made.node
    owner = draft.signature.self_type()
    assert c.cls is not None
    local, pattern = bind_this(c, node.self_name, owner, node.span)
    c.cls.self_local = local
    parameters: list[typed.Pattern] = [pattern]
    first_pending = len(c.pending)
    c.level += 1  # the types of members that are not known yet stay what they are
    member = made.plan.signature
    for part, parameter in zip(made.plan.arguments[0], member.groups[0], strict=True):
        parameters.append(member_parameter(c, part, parameter.type))
    if plan.primary is not None:
        _demand_primary(c, node.body, draft.signature)
    outer, c.constructing = c.constructing, owner
    unborn = Unborn(c, node.self_name, [node.body])
    body = started(draft, unborn.around(_construction(c, node.body, local, owner, unborn)))
    c.constructing = outer
    c.level -= 1
    for trait in c.pending[first_pending:]:
        trait.level = min(trait.level, c.level)
    c.cls.self_local = None
    c.file.definitions[member.symbol] = typed.Definition(
        member.symbol, draft.signature.parameters, parameters, UNIT, body, node.span
    )


def _demand_primary(c: Checker, body: tree.Expression, signature: TypeSignature) -> None:
    """Where there is a primary constructor the others call it."""
    while True:
        match body:
            case tree.Paren(expression=inner) | tree.ConstructorThen(construct=inner):
                body = inner
            case tree.Let(body=inner):
                body = inner
            case tree.Sequential(expressions=items):
                body = items[-1]
            case _:
                break
    if isinstance(body, tree.Record):
        part = "a constructor that sets the fields"
        owner = "a type with a primary constructor"
        c.report(MisplacedPart(body.span, part, owner, f"call `{signature.name}(…)`"))


def _construction(
    c: Checker, node: tree.Expression, this: typed.Local, owner: NamedType, unborn: Unborn
) -> typed.Expression:
    """The body of a constructor as effects on `this`."""
    from clef.inference.binding_groups import local_group
    from clef.inference.expressions.control import CONDITION
    from clef.inference.well_known import BOOL

    match node:
        case tree.Paren(expression=inner):
            return _construction(c, inner, this, owner, unborn)
        case tree.ConstructorThen(construct=first, effect=effect):
            made = _construction(c, first, this, owner, unborn)
            return typed.Sequential(UNIT, node.span, [made, statement(c, effect)])
        case tree.Let(bindings=bindings, body=body) if not node.is_use:
            found = local_group(c, bindings, node.is_recursive)
            inner_body = _construction(c, body, this, owner, unborn)
            return typed.Let(UNIT, node.span, found, node.is_recursive, inner_body)
        case tree.Sequential(expressions=items):
            effects = [statement(c, one) for one in items[:-1]]
            last = _construction(c, items[-1], this, owner, unborn)
            return typed.Sequential(UNIT, node.span, [*effects, last])
        case tree.If(condition=condition, consequence=then, alternative=otherwise) if (
            otherwise is not None
        ):
            test = check(c, condition, BOOL, CONDITION)
            return typed.If(
                UNIT,
                node.span,
                test,
                _construction(c, then, this, owner, unborn),
                _construction(c, otherwise, this, owner, unborn),
            )
        case tree.Record():
            made = record_constructor(c, node, is_body=True) or failed(node.span)
            signature = c.type_named(owner.symbol)
            if signature is None:
                return made
            done = completed(c, signature, this, node.span)
            return typed.Sequential(UNIT, node.span, [made, done, *unborn.born()])
        case _:
            made = check(c, node, owner, Reason("this is what the constructor makes", node.span))
            if isinstance(made, (typed.New, typed.Let)):
                called = on_this(c, made, this, node.span)
                return typed.Sequential(UNIT, node.span, [called, *unborn.born()])
            if made.type is not failed(node.span).type:
                c.report(NotSupportedYet(node.span, "this body of a constructor", "call `T(…)`"))
            return failed(node.span)


def record_constructor(
    c: Checker, node: tree.Record, is_body: bool = False
) -> typed.Expression | None:
    """`{ inherit B(x); a = 1 }` in a constructor; None when it is an ordinary record."""
    owner = c.constructing
    if owner is None or c.cls is None or c.cls.self_local is None:
        return None
    signature = c.type_named(owner.symbol)
    if signature is None:
        return None
    if node.inherit is None and signature.kind == "record":
        return None
    names = {entry.name.parts[-1].text for entry in node.fields}
    if node.inherit is None and not is_body and not names <= set(signature.fields):
        return None
    this = c.cls.self_local
    items: list[typed.Expression] = []
    if node.inherit is not None:
        base = prune(annotation(c, node.inherit.type))
        declared = signature.base if signature.base is not None else OBJECT
        if base != ERROR and not unify(c, base, declared):
            why = Reason(f"`{signature.name}` inherits from it")
            report_mismatch(c, node.inherit.type.span, base, declared, why)
        argument = node.inherit.argument or tree.Constant(node.span, None, tree.LiteralKind.UNIT)
        if isinstance(base, NamedType):
            items.append(construct_base(c, base, argument, this, node.span))
    elif is_body and signature.base is not None:
        nothing = tree.Constant(node.span, None, tree.LiteralKind.UNIT)
        items.append(construct_base(c, signature.base, nothing, this, node.span))
    seen: set[str] = set()
    for entry in node.fields:
        name = entry.name.parts[-1]
        if name.text in seen:
            c.report(DuplicateField(name.span, name.written))
        seen.add(name.text)
        field = signature.fields.get(name.text)
        if field is None:
            suggestion = closest(name.text, signature.fields)
            c.report(UnknownField(name.span, name.written, signature.name, suggestion))
            continue
        value = check(c, entry.value, field.type, Reason(f"the field `{name.text}`", name.span))
        target = typed.LocalReference(this.type, entry.span, this)
        items.append(typed.FieldSet(UNIT, entry.span, target, owner, name.text, value))
    _demand_fields(c, signature, names, node.span)
    return typed.Sequential(UNIT, node.span, [*items, unit(node.span)])


def _demand_fields(c: Checker, signature: TypeSignature, names: set[str], span: Span) -> None:
    """A constructor sets every `val` of its type that does not start as zero."""
    definition = c.file.types.get(signature.symbol)
    fields = definition.fields if definition is not None else []
    missing = tuple(f.name for f in fields if f.name not in names and not f.is_zeroed)
    if missing:
        c.report(MissingFields(span, signature.name, missing))
