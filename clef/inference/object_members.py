"""Members of object expressions.

Comes in: `{ new T(…) with … interface I with … }`. Goes out: an implementation for every slot that
it fills. Promises: members see
the surrounding locals; what stays abstract is reported.
"""

from __future__ import annotations

from clef.data_classes import dataclass, field
from clef.diagnostics.spelling import closest
from clef.diagnostics.typing import (
    DuplicateMember,
    MisplacedPart,
    MissingImplementation,
    UnknownOverride,
)
from clef.inference import typed_tree as typed
from clef.inference.annotations import annotation
from clef.inference.expressions.dispatch import check
from clef.inference.implementations import (
    check_parameters,
    check_staticness,
    find_slot,
    interface_bindings,
    interface_slots,
    missing_members,
)
from clef.inference.member_bodies import bind_this, member_parameter
from clef.inference.member_signatures import accessor_patterns
from clef.inference.members import Found, slots_of
from clef.inference.rigid_parameters import hold, release
from clef.inference.signatures import TypeSignature
from clef.inference.slots import slot_plan
from clef.inference.state import Checker, ClassContext, LocalEntry, Reason
from clef.inference.type_text import show
from clef.inference.types import NamedType
from clef.inference.unification import prune, substitute
from clef.inference.well_known import OBJECT
from clef.inference.written_parameters import split_group
from clef.names.entities import LocalResolution
from clef.syntax import tree


@dataclass(slots=True)
class _Filling:
    """What the members of one object expression have filled so far."""

    node: tree.ObjectExpression
    signature: TypeSignature
    base: NamedType  # what `base` means
    members: list[typed.ObjectMember] = field(default_factory=list[typed.ObjectMember])
    filled: set[str] = field(default_factory=set[str])
    slots: set[tuple[str, str]] = field(default_factory=set[tuple[str, str]])  # with their owners


def base_type(c: Checker, cls: ClassContext) -> NamedType:
    """The base class of the class that is being checked."""
    from clef.inference.subtyping import mapping_of

    assert cls.self_local is not None
    type = prune(cls.self_local.type)
    signature = cls.signature
    if signature.base is None:
        return OBJECT
    mapping = mapping_of(signature, type) if isinstance(type, NamedType) else {}
    base = substitute(signature.base, mapping)
    return base if isinstance(base, NamedType) else OBJECT


def object_members(
    c: Checker, node: tree.ObjectExpression, owner: NamedType
) -> tuple[list[typed.ObjectMember], list[NamedType]]:
    """All members, and the further interfaces."""
    signature = c.type_named(owner.symbol)
    assert signature is not None
    is_interface = signature.kind == "interface"
    filling = _Filling(node, signature, OBJECT if is_interface else owner)
    candidates = (
        [*interface_slots(c, owner), *slots_of(c, OBJECT)] if is_interface else slots_of(c, owner)
    )
    _fill(c, filling, node.members, owner, candidates)
    extra: list[NamedType] = []
    for interface in node.interfaces:
        type = prune(annotation(c, interface.type))
        if not isinstance(type, NamedType):
            continue
        extra.append(type)
        slots = interface_slots(c, type)
        _fill(c, filling, interface.members, type, slots)
    for type in (owner, *extra):
        if any(one.member.is_static for one in interface_slots(c, type)):
            part, way_out = "an interface with static slots", "define a class that fills them"
            c.report(MisplacedPart(node.type.span, part, "an object expression", way_out))
            break
        missing = missing_members(c, type, filling.filled)
        if missing:
            c.report(MissingImplementation(node.type.span, show(type), missing))
            break
    return filling.members, extra


def _fill(
    c: Checker,
    filling: _Filling,
    written: list[tree.Member],
    owner: NamedType,
    candidates: list[Found],
) -> None:
    for name, binding in interface_bindings(written):
        arguments, _ = accessor_patterns(binding)
        if arguments and name.startswith("get_") and not split_group(arguments[0]):
            arguments = []
        filled = filling.filled
        found = find_slot(c, candidates, name, arguments, binding.return_type, filled)
        if found is None:
            known = [f.member.property or f.member.name for f in candidates]
            plain = name.removeprefix("get_").removeprefix("set_")
            suggestion = closest(plain, known)
            c.report(UnknownOverride(binding.head.span, plain, show(owner), suggestion))
            continue
        check_parameters(c, binding, arguments, found)
        check_staticness(c, written, binding, found)
        slot = (found.member.symbol, str(found.owner))
        if slot in filling.slots:
            shown = found.member.property or found.member.name
            c.report(DuplicateMember(binding.head.span, shown, show(owner)))
        filling.slots.add(slot)
        filling.filled.add(found.member.symbol)
        filling.members.append(_member(c, filling, owner, binding, found))


def _member(
    c: Checker, filling: _Filling, owner: NamedType, binding: tree.Binding, found: Found
) -> typed.ObjectMember:
    """A member of the part that implements `owner`, which is also the type of its object."""
    node = filling.node
    plan = slot_plan(c, filling.signature, binding, found, "", c.type_scope)
    outer_scope = c.type_scope
    c.type_scope = plan.type_scope
    c.level += 1
    hold(c, plan.signature.type_parameters)
    first_pending = len(c.pending)
    local, pattern = bind_this(c, plan.this, owner, binding.span)
    if node.self_name is not None:
        resolution = c.table.get(node.self_name)
        if isinstance(resolution, LocalResolution):
            c.locals[resolution.binder] = LocalEntry(local)
    parameters: list[typed.Pattern] = [pattern]
    for group, patterns in zip(plan.signature.groups, plan.arguments, strict=False):
        for parameter, part in zip(group, patterns, strict=False):
            parameters.append(member_parameter(c, part, parameter.type))
    block, c.block = c.block, None
    outer_base, c.object_base = c.object_base, (local, filling.base)
    outer_depth, c.base_depth = c.base_depth, c.functions
    why = Reason("the member that it implements gives this type", binding.head.span)
    outer_caller, c.caller = c.caller, found.member.property or found.member.name
    body = check(c, binding.value, plan.signature.result, why)
    c.caller = outer_caller
    release(c, plan.signature.type_parameters, binding.head.span)
    c.block, c.object_base, c.base_depth = block, outer_base, outer_depth
    c.level -= 1
    c.type_scope = outer_scope
    for trait in c.pending[first_pending:]:
        trait.level = min(trait.level, c.level)
    return typed.ObjectMember(
        found.member.symbol, found.owner, plan.signature.type_parameters, parameters, body
    )
