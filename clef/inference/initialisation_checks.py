"""Members that are called on an object whose constructor is still at work (section 8.6.1 of the F#
specification: `as this`).

Comes in: a class and its constructor. Goes out: a hidden field, an assignment after the last `let`,
and a check at the head of every member. Promises: only classes pay whose members can be reached too
early: those whose constructor uses its own name before the last `let`, and those that inherit from
a class whose constructor uses it at all.
"""

from __future__ import annotations

from clef.inference import typed_tree as typed
from clef.inference.captures import mentioned
from clef.inference.class_state import ClassPlan
from clef.inference.state import Checker
from clef.inference.types import FunctionType, NamedType
from clef.inference.well_known import BOOL, CHECK_INITIALISED, UNIT
from clef.names.entities import LocalBinder, LocalResolution
from clef.source import Span
from clef.syntax import tree

FIELD = "init@"


def note_self_reference(plan: ClassPlan) -> None:
    """Whether the constructor's own name is used in it, for the classes that inherit."""
    binder = _own_name(plan)
    if binder is not None:
        parts = [m for m in plan.draft.members if isinstance(m, _CONSTRUCTION)]
        plan.draft.signature.is_self_referential = binder in mentioned(parts)


def needs_checks(c: Checker, plan: ClassPlan) -> bool:
    """Whether a member can be called before the last `let`."""
    if plan.draft.signature.is_struct:
        return False
    binder = _own_name(plan)
    last = last_let(plan)
    early = [m for m in plan.draft.members[: last + 1] if isinstance(m, _CONSTRUCTION)]
    if binder is not None and binder in mentioned(early):
        return True
    return _inherits_self_reference(c, plan)


def last_let(plan: ClassPlan) -> int:
    """The place of the last member that initialises a field, or -1."""
    places = [i for i, m in enumerate(plan.draft.members) if isinstance(m, _LETS)]
    return places[-1] if places else -1


def declare_field(plan: ClassPlan) -> None:
    """The hidden field, false until the last `let` is done."""
    plan.draft.definition.fields.append(typed.FieldDefinition(FIELD, BOOL, True))


def mark_initialised(owner: NamedType, this: typed.Local, span: Span) -> typed.Expression:
    """What runs after the last `let`."""
    target = typed.LocalReference(this.type, span, this)
    return typed.FieldSet(UNIT, span, target, owner, FIELD, typed.Literal(BOOL, span, True))


def checked(
    body: typed.Expression, owner: NamedType, this: typed.Local, span: Span
) -> typed.Expression:
    """A member's body behind the check."""
    target = typed.LocalReference(this.type, span, this)
    ready = typed.FieldGet(BOOL, span, target, owner, FIELD)
    check = typed.GlobalReference(FunctionType(BOOL, UNIT), span, CHECK_INITIALISED)
    return typed.Sequential(
        body.type, body.span, [typed.Application(UNIT, span, check, [ready]), body]
    )


_LETS = tree.LetMember | tree.AutoPropertyMember
_CONSTRUCTION = tree.LetMember | tree.DoMember | tree.AutoPropertyMember | tree.InheritMember


def _own_name(plan: ClassPlan) -> LocalBinder | None:
    node = plan.draft.node
    constructor = node.constructor if isinstance(node, tree.TypeDefinition) else None
    if constructor is None or constructor.self_name is None:
        return None
    resolution = plan.table.get(constructor.self_name)
    return resolution.binder if isinstance(resolution, LocalResolution) else None


def _inherits_self_reference(c: Checker, plan: ClassPlan) -> bool:
    base = plan.draft.signature.base
    while base is not None:
        signature = c.type_named(base.symbol)
        if signature is None:
            return False
        if signature.is_self_referential:
            return True
        base = signature.base
    return False
