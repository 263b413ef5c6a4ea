"""Automatic properties: `member val`, in a class or in its implementation of an interface.

Comes in: `member val P : t = e with get, set`. Goes out: a field, the accessors, and the slots that
they fill. Promises: the types of a slot and of the property that fills it agree.
"""

from __future__ import annotations

from clef.inference import typed_tree as typed
from clef.inference.annotations import annotation
from clef.inference.class_state import ClassPlan
from clef.inference.implementations import implement_accessor
from clef.inference.initialisation import guarded
from clef.inference.member_signatures import register, unique_symbol
from clef.inference.signatures import FieldSignature, MemberSignature, ParameterSignature
from clef.inference.state import Checker
from clef.inference.type_starts import started
from clef.inference.type_text import short_name
from clef.inference.types import NamedType, Type
from clef.inference.well_known import UNIT
from clef.syntax import tree


def plan_auto_property(
    c: Checker,
    plan: ClassPlan,
    member: tree.AutoPropertyMember,
    interface: NamedType | None = None,
) -> None:
    """`member val`: a field with accessors, which may fill slots of an interface."""
    draft = plan.draft
    signature = draft.signature
    name = member.name.text
    type: Type = (
        annotation(c, member.type) if member.type is not None else c.fresh(member.name.span)
    )
    prefix_of_symbol = signature.symbol
    backing = f"{name}@"
    if interface is not None:
        prefix_of_symbol += f".{short_name(interface.symbol)}"
        backing = f"{short_name(interface.symbol)}.{backing}"
        while backing in signature.fields:  # the same interface with other type arguments
            backing += "@"
    signature.fields[backing] = FieldSignature(
        backing, type, True, member.is_static, "private", len(signature.fields)
    )
    if not member.is_static:
        draft.definition.fields.append(typed.FieldDefinition(backing, type, True))
    plan.auto_properties[member] = (backing, type)
    kinds = [("get_", "getter")] if member.has_getter or not member.has_setter else []
    if member.has_setter:
        kinds.append(("set_", "setter"))
    for prefix, kind in kinds:
        access = member.getter_access if kind == "getter" else member.setter_access
        groups: tuple[tuple[ParameterSignature, ...], ...] = ()
        if kind == "setter":
            groups = ((ParameterSignature("value", type),),)
        accessor = MemberSignature(
            prefix + name,
            unique_symbol(c, f"{prefix_of_symbol}.{prefix}{name}"),
            kind,
            signature.symbol,
            member.is_static,
            (),
            groups,
            type if kind == "getter" else UNIT,
            owner_parameters=signature.parameters,
            access=(access or tree.Access.PUBLIC).value,
            span=member.name.span,
            property=name,
            module=c.module,
        )
        if interface is not None:
            implement_accessor(c, plan, accessor, interface)
        elif member.dispatch is tree.Dispatch.PLAIN:
            register(signature, accessor)
        else:
            implement_accessor(c, plan, accessor, signature.self_type())
        plan.accessors.append((accessor, backing, type))


def define_accessors(c: Checker, plan: ClassPlan) -> None:
    """Getters and setters of `member val`."""
    draft = plan.draft
    owner = draft.signature.self_type()
    for accessor, backing, type in plan.accessors:
        span = accessor.span or draft.node.span
        parameters: list[typed.Pattern] = []
        local: typed.Local | None = None
        this: typed.Expression | None = None
        if not accessor.is_static:
            local = c.local("this", owner, span)
            parameters.append(typed.VariablePattern(owner, span, local))
            this = typed.LocalReference(owner, span, local)
        symbol = f"{draft.signature.symbol}.{backing}"
        body: typed.Expression
        if accessor.kind == "getter":
            if this is not None:
                body = typed.FieldGet(type, span, this, owner, backing)
            else:
                body = typed.StaticFieldGet(type, span, owner, symbol)
        else:
            value = c.local("value", type, span)
            parameters.append(typed.VariablePattern(type, span, value))
            reference = typed.LocalReference(type, span, value)
            if this is not None:
                body = typed.FieldSet(UNIT, span, this, owner, backing, reference)
            else:
                body = typed.StaticFieldSet(UNIT, span, owner, symbol, reference)
        body = guarded(c, draft.signature, local, body)
        body = started(draft, body) if accessor.is_static else body
        definition = typed.Definition(
            accessor.symbol, draft.signature.parameters, parameters, accessor.result, body, span
        )
        c.file.definitions[accessor.symbol] = definition
