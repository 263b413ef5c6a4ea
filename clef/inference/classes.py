"""Members of types: planning them, and checking constructors and bodies.

Comes in: a type whose representation is known. Goes out: a definition for every member, constructor
and accessor. Promises: every
member is known before any body is checked; class-level `let`s become fields and methods only when
members use them.
"""

from __future__ import annotations

from clef.diagnostics.typing import DuplicateMember
from clef.inference.abstract_slots import abstract_members
from clef.inference.attributes import has_attribute
from clef.inference.auto_properties import define_accessors, plan_auto_property
from clef.inference.captures import mentioned
from clef.inference.class_state import ClassPlan
from clef.inference.constructors import check_primary, plan_constructors
from clef.inference.early_uses import note_loose_constructors, settle_early_uses
from clef.inference.extension_lookup import note_extension_method
from clef.inference.implementations import (
    check_complete,
    plan_interface,
    plan_override,
)
from clef.inference.initialisation import add_field, plan_initialisation
from clef.inference.member_bodies import check_plans, generalise_plans
from clef.inference.member_signatures import Plan, plan_binding, register
from clef.inference.secondary_constructors import check_secondary
from clef.inference.signatures import MemberSignature
from clef.inference.state import Checker, ClassContext
from clef.inference.type_shells import Draft
from clef.inference.types import TypeVariable
from clef.syntax import tree


def plan_slots(c: Checker, draft: Draft) -> ClassPlan:
    """Signatures of the abstract members, which other types of the group may override."""
    plan = ClassPlan(draft)
    plan.table = c.table
    for member in draft.members:
        if isinstance(member, tree.AbstractMember | tree.SignatureMember):
            _plan_abstract(c, plan, member)
    return plan


def plan_members(c: Checker, plan: ClassPlan) -> None:
    """Signatures of all other members."""
    signature = plan.draft.signature
    for member in plan.draft.members:
        match member:
            case tree.MethodMember():
                _plan_method(c, plan, member)
            case tree.PropertyMember():
                _plan_property(c, plan, member)
            case tree.AutoPropertyMember():
                plan_auto_property(c, plan, member)
            case tree.InterfaceMember():
                plan.interfaces.append(member)
            case _:
                pass
    plan_constructors(c, plan)
    plan_initialisation(c, plan)
    _check_duplicates(c, plan)
    if signature.kind in ("class", "interface") and any(
        m.is_slot for group in signature.members.values() for m in group
    ):
        signature.is_sealed = False


def _plan_abstract(
    c: Checker, plan: ClassPlan, member: tree.AbstractMember | tree.SignatureMember
) -> None:
    signature = plan.draft.signature
    if member.signature.name.text == ".ctor":
        return
    for slot in abstract_members(c, signature, member.signature, plan.draft.scope):
        register(signature, slot)
        plan.draft.definition.slots.append(slot.symbol)


def _plan_method(c: Checker, plan: ClassPlan, member: tree.MethodMember) -> None:
    draft = plan.draft
    binding = member.binding
    head = binding.head
    if not isinstance(head, tree.NameHead):
        return
    name = head.name.text
    if member.dispatch is not tree.Dispatch.PLAIN:
        plan_override(c, plan, member.binding, name, None)
        return
    is_property = not head.arguments and head.type_parameters is None
    full = f"get_{name}" if is_property else name
    made = plan_binding(
        c,
        draft.signature,
        binding,
        full,
        "getter" if is_property else "method",
        member.is_static,
        draft.signature.symbol,
        draft.scope,
    )
    if is_property:
        made.signature.property = name
    _add(plan, made)
    if has_attribute(binding.attributes, "Extension"):
        note_extension_method(c, made.signature)


def _add(plan: ClassPlan, made: Plan) -> None:
    register(plan.draft.signature, made.signature)
    plan.plans.append(made)


def _plan_property(c: Checker, plan: ClassPlan, member: tree.PropertyMember) -> None:
    name = member.name.text
    if member.dispatch is not tree.Dispatch.PLAIN:
        for binding, prefix in ((member.getter, "get_"), (member.setter, "set_")):
            if binding is not None:
                plan_override(c, plan, binding, prefix + name, None)
        return
    for made in property_plans(c, plan.draft, member, plan.draft.signature.symbol):
        _add(plan, made)


def property_plans(
    c: Checker, draft: Draft, member: tree.PropertyMember, symbol_base: str
) -> list[Plan]:
    """The getter and setter of a property."""
    name = member.name.text
    found: list[Plan] = []
    if member.getter is not None:
        getter = plan_binding(
            c,
            draft.signature,
            member.getter,
            f"get_{name}",
            "getter",
            member.is_static,
            symbol_base,
            draft.scope,
        )
        if getter.signature.groups == ((),):
            getter.signature.groups = ()
            getter.arguments = []
        getter.signature.property = name
        found.append(getter)
    if member.setter is not None:
        setter = plan_binding(
            c,
            draft.signature,
            member.setter,
            f"set_{name}",
            "setter",
            member.is_static,
            symbol_base,
            draft.scope,
        )
        merge_groups(setter)
        setter.signature.property = name
        found.append(setter)
    if len(found) == 2:
        _share_type(c, found[0], found[1])
    return found


def _share_type(c: Checker, getter: Plan, setter: Plan) -> None:
    """A setter takes what the getter gives; those of an indexer may differ."""
    from clef.inference.unification import unify

    if getter.signature.groups:
        return
    if not getter.signature.type_parameters and not setter.signature.type_parameters:
        parameters = setter.signature.groups[0]
        if parameters:
            unify(c, parameters[-1].type, getter.signature.result)


def merge_groups(plan: Plan) -> None:
    """A setter's index parameters and value are one group."""
    plan.signature.groups = (tuple(p for g in plan.signature.groups for p in g),)
    plan.arguments = [[p for group in plan.arguments for p in group]]
    plan.return_type = None


def _check_duplicates(c: Checker, plan: ClassPlan) -> None:
    for name, group in plan.draft.signature.members.items():
        seen: dict[tuple[object, ...], MemberSignature] = {}
        for member in group:
            if member.kind != "getter" or name != member.property or member.is_slot:
                continue
            key = (member.kind, member.is_static, len(member.groups[0]) if member.groups else 0)
            if key in seen and member.span is not None and not member.groups:
                c.report(DuplicateMember(member.span, name, plan.draft.signature.name))
            seen[key] = member


# Bodies -------------------------------------------------------------------------------------------


def announce_members(c: Checker, plans: list[ClassPlan]) -> None:
    """Uses of members whose types are not known yet are remembered until they are generic."""
    for plan in plans:
        if plan.primary is not None:  # others are generic before the members that use them
            note_loose_constructors(c, plan.draft.signature)
        for one in plan.plans:
            if not one.is_full:
                c.member_uses[one.signature.symbol] = []
        for accessor, _, type in plan.accessors:
            if isinstance(type, TypeVariable):
                c.member_uses[accessor.symbol] = []


def generalise_members(c: Checker, plans: list[ClassPlan]) -> None:
    """After all bodies: members that waited for those of other types become generic."""
    generalise_plans(c, [one for plan in plans for one in plan.plans])


def check_members(c: Checker, draft: Draft, plan: ClassPlan) -> None:
    """Constructors, then members, in the order of the source."""
    outer = c.cls
    c.cls = ClassContext(draft.signature)
    add_field(c, plan)
    for interface in plan.interfaces:
        plan_interface(c, plan, interface)
    plan.used = mentioned(
        [
            member
            for member in draft.members
            if not isinstance(member, tree.LetMember | tree.DoMember | tree.InheritMember)
            and not isinstance(member, tree.AutoPropertyMember)
        ]
    )
    check_primary(c, plan)
    for accessor, _, _ in plan.accessors:
        settle_early_uses(c, accessor, ())
        c.member_uses.pop(accessor.symbol, None)
    for constructor in plan.secondary:
        check_secondary(c, plan, constructor)
    check_plans(c, draft, plan.plans)
    define_accessors(c, plan)
    check_complete(c, plan)
    c.cls = outer
