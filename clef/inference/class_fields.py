"""Fields that keep what a constructor's locals and parameters were.

Comes in: a planned class whose members use names of its `let`s and parameters. Goes out: fields,
and steps of the constructor that fill them. Promises: only what members use is kept.
"""

from __future__ import annotations

from collections.abc import Callable

from clef.inference import typed_tree as typed
from clef.inference.captures import mentioned
from clef.inference.class_state import ClassPlan
from clef.inference.state import Checker, ClassLocal, LocalEntry
from clef.inference.types import Type
from clef.inference.well_known import UNIT
from clef.names.entities import LocalBinder, LocalResolution
from clef.source import Span
from clef.syntax import tree

Wrap = Callable[[typed.Expression], typed.Expression]


def find_captured(plan: ClassPlan) -> None:
    """What members use, directly or through `let` functions that become methods."""
    lets = {
        binder: (binding, bool(binding.head.arguments) or member.is_recursive)
        for member in plan.draft.members
        if isinstance(member, tree.LetMember)
        for binding in member.bindings
        if isinstance(binding.head, tree.NameHead)
        and (binding.head.arguments or _may_be_generic(binding.value))
        and (binder := binder_of(plan, binding.head.name)) is not None
    }
    followed: set[LocalBinder] = set()
    pending = list(plan.used)
    while pending:
        binder = pending.pop()
        if binder not in lets or binder in followed:
            continue
        followed.add(binder)
        binding, is_method = lets[binder]
        names = mentioned([binding.value, *head_patterns(binding)])
        if not is_method:  # what else it mentions is kept once it is known as generic
            names &= lets.keys()
        pending.extend(names - plan.used)
        plan.used |= names


def _may_be_generic(value: tree.Expression) -> bool:
    """Whether a value can have a type of its own at each use, by the look of it."""
    match value:
        case tree.Paren(expression=inner) | tree.Typed(expression=inner):
            return _may_be_generic(inner)
        case tree.Tuple(elements=items) | tree.ListLiteral(elements=items):
            return all(map(_may_be_generic, items))
        case _:
            return isinstance(value, tree.Lambda | tree.Function | tree.Identifier)


def head_patterns(binding: tree.Binding) -> list[tree.Pattern]:
    return binding.head.arguments if isinstance(binding.head, tree.NameHead) else []


def binder_of(plan: ClassPlan, name: tree.Name) -> LocalBinder | None:
    resolution = plan.table.get(name)
    return resolution.binder if isinstance(resolution, LocalResolution) else None


def pattern_binders(pattern: tree.Pattern) -> list[LocalBinder]:
    return sorted(mentioned([pattern]), key=lambda binder: binder.id)


def capture_pattern(
    c: Checker, plan: ClassPlan, pattern: tree.Pattern, this: typed.Local, steps: list[Wrap]
) -> None:
    """Variables of a pattern that members use are stored into fields."""
    binders = pattern_binders(pattern)
    inner = pattern
    while isinstance(inner, tree.ParenPattern | tree.AttributedPattern | tree.TypedPattern):
        inner = inner.pattern
    if isinstance(inner, tree.OptionalPattern):
        resolution = c.table.get(inner.name)
        if isinstance(resolution, LocalResolution):
            binders = [resolution.binder]
    for binder in binders:
        if binder in plan.used and binder in c.locals:
            steps.append(into_field(c, plan, binder, this, pattern.span))


def into_field(
    c: Checker, plan: ClassPlan, binder: LocalBinder, this: typed.Local, span: Span
) -> Wrap:
    """Store a local into a field; from here on the name means the field."""
    entry = c.locals[binder]
    local = entry.local
    member = new_field(c, plan, binder.name, local.type, local.is_mutable)
    if not local.is_mutable:
        member.initial = local
    reference = typed.LocalReference(local.type, span, local)
    kept = store(this, member, reference, span)
    later = c.local(local.name, local.type, local.span, local.is_mutable)
    c.locals[binder] = LocalEntry(later, member=member)
    return effect_first(kept)


def new_field(c: Checker, plan: ClassPlan, name: str, type: Type, is_mutable: bool) -> ClassLocal:
    draft = plan.draft
    taken = {f.name for f in draft.definition.fields} | set(draft.signature.fields)
    unique = name
    number = 1
    while unique in taken:
        number += 1
        unique = f"{name}@{number}"
    draft.definition.fields.append(typed.FieldDefinition(unique, type, is_mutable))
    return ClassLocal(
        draft.signature.self_type(), unique, "field", f"{draft.signature.symbol}.{unique}"
    )


def store(
    this: typed.Local, member: ClassLocal, value: typed.Expression, span: Span
) -> typed.Expression:
    target = typed.LocalReference(this.type, span, this)
    return typed.FieldSet(UNIT, span, target, member.owner, member.name, value)


def effect_first(effect: typed.Expression) -> Wrap:
    def wrap(rest: typed.Expression) -> typed.Expression:
        if isinstance(rest, typed.Sequential):
            return typed.Sequential(rest.type, effect.span, [effect, *rest.items])
        return typed.Sequential(rest.type, effect.span, [effect, rest])

    return wrap


def bound_first(bindings: list[typed.LocalBinding], is_recursive: bool, span: Span) -> Wrap:
    def wrap(rest: typed.Expression) -> typed.Expression:
        return typed.Let(rest.type, span, bindings, is_recursive, rest)

    return wrap
