"""Overrides and interface implementations: which slot a member fills, and what is missing.

Comes in: a member and the type that declares the slot. Goes out: a plan whose types come from the
slot. Promises: every abstract
member of a class that is not abstract has an implementation, or a diagnostic names what is missing.
"""

from __future__ import annotations

from collections.abc import Collection

from clef.diagnostics.objects import WrongParameters
from clef.diagnostics.spelling import closest
from clef.diagnostics.typing import (
    MisplacedPart,
    MissingImplementation,
    UnknownOverride,
    WrongTypeArguments,
)
from clef.inference import typed_tree as typed
from clef.inference.annotations import annotation
from clef.inference.class_state import ClassPlan
from clef.inference.member_signatures import Plan, accessor_patterns, unique_symbol
from clef.inference.members import Found, hierarchy, owner_mapping, slots_of
from clef.inference.signatures import MemberSignature
from clef.inference.slots import slot_plan
from clef.inference.state import Checker
from clef.inference.type_text import short_name, show
from clef.inference.types import NamedType, Type
from clef.inference.unification import prune, substitute
from clef.inference.well_known import OBJECT
from clef.inference.written_parameters import split_group
from clef.source import Span
from clef.syntax import tree


def slot_candidates(c: Checker, type: Type) -> list[Found]:
    """The slots that a member of `type` may fill."""
    return slots_of(c, type)


def _class_slots(c: Checker, type: Type) -> list[Found]:
    """The slots that `override` can mean: those of classes, not of interfaces."""
    signatures = ((found, c.type_named(found.owner.symbol)) for found in slots_of(c, type))
    return [f for f, owner in signatures if owner is None or owner.kind != "interface"]


def find_slot(
    c: Checker,
    candidates: list[Found],
    name: str,
    arguments: list[tree.Pattern],
    result: tree.TypeExpression | None = None,
    filled: Collection[str] = (),
) -> Found | None:
    """The slot of this name and number of parameters; the written types decide among several, then
    what is filled already."""
    names = (name, f"get_{name}") if not arguments else (name,)
    same = [f for f in candidates if f.member.name in names]
    if len(same) <= 1:
        return same[0] if same else None
    counts = [len(split_group(argument)) for argument in arguments]
    fitting = [f for f in same if [len(g) for g in f.member.groups] == counts]
    if len(fitting) > 1:
        by_type = [f for f in fitting if _annotated_alike(c, f, arguments)]
        fitting = by_type or fitting
    if len(fitting) > 1 and result is not None:
        fitting = [f for f in fitting if _gives(c, f, result)] or fitting
    if len(fitting) > 1:
        fitting = [f for f in fitting if f.member.symbol not in filled] or fitting
    return (fitting or same)[0]


def _gives(c: Checker, found: Found, result: tree.TypeExpression) -> bool:
    from clef.inference.subtyping import would_unify

    return would_unify(c, annotation(c, result), substitute(found.member.result, found.mapping))


def _annotated_alike(c: Checker, found: Found, arguments: list[tree.Pattern]) -> bool:
    from clef.inference.subtyping import would_unify

    for group, argument in zip(found.member.groups, arguments, strict=False):
        for parameter, part in zip(group, split_group(argument), strict=False):
            inner = part
            while isinstance(inner, tree.ParenPattern | tree.AttributedPattern):
                inner = inner.pattern
            if isinstance(inner, tree.TypedPattern):
                written = annotation(c, inner.type)
                if not would_unify(c, written, substitute(parameter.type, found.mapping)):
                    return False
    return True


def check_parameters(
    c: Checker, binding: tree.Binding, arguments: list[tree.Pattern], found: Found
) -> None:
    """A method is written with the parameters of its slot; one of them may be `()`."""
    slot = found.member
    head = binding.head
    declared = head.type_parameters if isinstance(head, tree.NameHead) else None
    given = len(declared.parameters) if declared is not None else 0
    if given and given != len(slot.type_parameters) and slot.kind == "method":
        expected = len(slot.type_parameters)
        c.report(WrongTypeArguments(head.span, slot.name, expected, given))
    if slot.kind != "method" or len(arguments) != len(slot.groups):
        return
    for argument, group in zip(arguments, slot.groups, strict=True):
        written = len(split_group(argument))
        if written != len(group) and (len(group) != 1 or written > 1):
            c.report(WrongParameters(binding.head.span, slot.name, len(group), written))
            return


def check_staticness(
    c: Checker, members: list[tree.Member], binding: tree.Binding, found: Found
) -> None:
    """A slot of the type is filled by a static member, one of its objects by a member of them."""
    for member in members:
        match member:
            case tree.MethodMember(binding=own, is_static=is_static) if own is binding:
                pass
            case tree.PropertyMember(getter=getter, setter=setter, is_static=is_static) if (
                binding in (getter, setter)
            ):
                pass
            case _:
                continue
        if is_static != found.member.is_static:
            part = "a static member" if is_static else "a member of objects"
            owner = "the place of a slot of objects" if is_static else "the place of a static slot"
            way_out = f"{'take `static` away' if is_static else 'write `static member`'}"
            c.report(MisplacedPart(binding.head.span, part, owner, way_out))


def _report_unknown(c: Checker, span: Span, name: str, type: Type, candidates: list[Found]) -> None:
    known = [f.member.property or f.member.name for f in candidates]
    plain = name.removeprefix("get_").removeprefix("set_")
    c.report(UnknownOverride(span, plain, show(type), closest(plain, known)))


def plan_override(
    c: Checker, plan: ClassPlan, binding: tree.Binding, name: str, owner: NamedType | None
) -> None:
    """`override` or `default`."""
    draft = plan.draft
    signature = draft.signature
    arguments, _ = accessor_patterns(binding)
    candidates = _class_slots(c, signature.self_type())
    found = find_slot(c, candidates, name, arguments, binding.return_type)
    if found is None:
        base = signature.base or OBJECT
        _report_unknown(c, binding.head.span, name, base, candidates)
        return
    check_parameters(c, binding, arguments, found)
    symbol = unique_symbol(c, f"{signature.symbol}.{found.member.name}")
    made = slot_plan(c, signature, binding, found, symbol, draft.scope)
    _implement(plan, made, found)
    if found.owner.symbol == signature.symbol:  # a default: the slot is no longer abstract
        found.member.is_abstract = False
    if found.member.symbol == f"{OBJECT.symbol}.Equals":
        draft.definition.equality = signature.equality = "custom"


def _implement(plan: ClassPlan, made: Plan, found: Found) -> None:
    plan.plans.append(made)
    plan.implemented.add(found.member.symbol)
    plan.draft.signature.implemented.append(found.member.symbol)
    plan.draft.definition.implementations.append(
        typed.Implementation(found.member.symbol, found.owner, made.signature.symbol)
    )


def implement_accessor(
    c: Checker, plan: ClassPlan, accessor: MemberSignature, type: NamedType
) -> None:
    """`override val`, `default val`: the accessor fills a slot of `type`."""
    signature = plan.draft.signature
    is_own = type.symbol == signature.symbol
    candidates = slot_candidates(c, type) if is_own else interface_slots(c, type)
    found = next((f for f in candidates if f.member.name == accessor.name), None)
    if found is None:
        shown = (signature.base or OBJECT) if is_own else type
        span = accessor.span or plan.draft.node.span
        _report_unknown(c, span, accessor.name, shown, candidates)
        return
    _agree_accessor(c, accessor, found)
    plan.implemented.add(found.member.symbol)
    signature.implemented.append(found.member.symbol)
    plan.draft.definition.implementations.append(
        typed.Implementation(found.member.symbol, found.owner, accessor.symbol)
    )
    if found.owner.symbol == signature.symbol:
        found.member.is_abstract = False


def _agree_accessor(c: Checker, accessor: MemberSignature, found: Found) -> None:
    """The property has the type that the slot gives or takes."""
    from clef.inference.reporting import report_mismatch
    from clef.inference.unification import unify

    written, wanted = accessor.result, found.member.result
    if accessor.kind == "setter":
        written, wanted = accessor.groups[0][0].type, found.member.groups[0][-1].type
    wanted = substitute(wanted, found.mapping)
    if not unify(c, written, wanted) and accessor.span is not None:
        report_mismatch(c, accessor.span, written, wanted, None)


# Interfaces ---------------------------------------------------------------------------------------


def interface_bindings(
    members: list[tree.Member],
) -> list[tuple[str, tree.Binding]]:
    """The bindings of an interface implementation or object expression, by slot name."""
    found: list[tuple[str, tree.Binding]] = []
    for member in members:
        if isinstance(member, tree.MethodMember) and isinstance(member.binding.head, tree.NameHead):
            found.append((member.binding.head.name.text, member.binding))
        elif isinstance(member, tree.PropertyMember):
            if member.getter is not None:
                found.append(("get_" + member.name.text, member.getter))
            if member.setter is not None:
                found.append(("set_" + member.name.text, member.setter))
    return _annotated_first(found)


def _annotated_first(found: list[tuple[str, tree.Binding]]) -> list[tuple[str, tree.Binding]]:
    """Of members of one name, those that say their result choose their slots before the others."""
    ordered = list(found)
    for name in {name for name, _ in found}:
        places = [at for at, (other, _) in enumerate(found) if other == name]
        bindings = sorted((found[at][1] for at in places), key=lambda one: one.return_type is None)
        for at, binding in zip(places, bindings, strict=True):
            ordered[at] = (name, binding)
    return ordered


def plan_interface(c: Checker, plan: ClassPlan, node: tree.InterfaceMember) -> None:
    """`interface I with …` of a class."""
    draft = plan.draft
    type = prune(annotation(c, node.implementation.type))
    if not isinstance(type, NamedType):
        return
    if draft.signature.kind == "interface":
        return
    for member in node.implementation.members:
        if isinstance(member, tree.AutoPropertyMember):
            from clef.inference.auto_properties import plan_auto_property

            plan_auto_property(c, plan, member, type)
    candidates = interface_slots(c, type)
    for name, binding in interface_bindings(node.implementation.members):
        arguments, _ = accessor_patterns(binding)
        if arguments and not split_group(arguments[0]) and name.startswith("get_"):
            arguments = []
        filled = plan.implemented
        found = find_slot(c, candidates, name, arguments, binding.return_type, filled)
        if found is None:
            _report_unknown(c, binding.head.span, name, type, candidates)
            continue
        check_parameters(c, binding, arguments, found)
        check_staticness(c, node.implementation.members, binding, found)
        base = f"{draft.signature.symbol}.{short_name(found.owner.symbol)}.{found.member.name}"
        symbol = unique_symbol(c, base)
        made = slot_plan(c, draft.signature, binding, found, symbol, draft.scope)
        _implement(plan, made, found)


def interface_slots(c: Checker, type: NamedType) -> list[Found]:
    """The slots of an interface and of those it inherits, the interface's own first."""
    found: list[Found] = []
    for owner in hierarchy(c, type):
        if owner == OBJECT:
            continue
        signature = c.type_named(owner.symbol)
        if signature is None:
            continue
        for group in signature.members.values():
            for member in group:
                if member.is_slot and all(f.member is not member for f in found):
                    found.append(Found(member, owner, owner_mapping(member, owner)))
    return found


# Completeness -------------------------------------------------------------------------------------


def _implemented_by(c: Checker, type: NamedType) -> set[str]:
    """The slots that a class and its base classes fill."""
    found: set[str] = set()
    here: Type | None = type
    depth = 0
    while isinstance(here, NamedType) and depth < 60:
        depth += 1
        signature = c.type_named(here.symbol)
        if signature is None:
            break
        found.update(signature.implemented)
        here = signature.base
    return found


def _of_interface(c: Checker, found: Found) -> bool:
    owner = c.type_named(found.owner.symbol)
    return owner is not None and owner.kind == "interface"


def check_complete(c: Checker, plan: ClassPlan) -> None:
    """Report slots that nothing fills."""
    signature = plan.draft.signature
    if signature.kind in ("interface", "delegate", "measure", "abbreviation", "enum"):
        return
    type = signature.self_type()
    filled = _implemented_by(c, type)
    missing: list[Found] = []
    for found in slots_of(c, type):
        if found.member.is_abstract and found.member.symbol not in filled:
            missing.append(found)
    if signature.is_abstract:  # which leaves its own slots open, and nothing of its interfaces
        missing = [found for found in missing if _of_interface(c, found)]
    if not missing:
        return
    owner = missing[0].owner
    names = [f.member.property or f.member.name for f in missing if f.owner == owner]
    span = plan.draft.signature.span
    for interface in plan.interfaces:
        if prune(annotation(c, interface.implementation.type)) == owner:
            span = interface.implementation.type.span
    c.report(MissingImplementation(span, show(owner), tuple(dict.fromkeys(names))))


def missing_members(c: Checker, type: NamedType, filled: set[str]) -> tuple[str, ...]:
    """What an object expression of `type` leaves out."""
    done = filled | _implemented_by(c, type)
    names = [
        f.member.property or f.member.name
        for f in slots_of(c, type)
        if f.member.is_abstract and f.member.symbol not in done
    ]
    return tuple(dict.fromkeys(names))
