"""Recursive `let` groups: which bindings are generalised together, and when.

Comes in: the bindings of a group, in order. Goes out: each checked and generalised. Promises: as in
the F# specification (§14.6.7) a binding is generalised as soon as nothing that is still to be
checked can decide its type, so that later bindings of the group use it at many types: what it uses
is generalised with it or has a type that is known. Bindings that use each other before that share
their type parameters.
"""

from __future__ import annotations

from collections.abc import Mapping

from clef.data_classes import dataclass, field
from clef.inference import typed_tree as typed
from clef.inference.binding_groups import Announce, forget_generalised, prepare
from clef.inference.bindings import Inferred, can_generalise, infer_binding
from clef.inference.finishing import replace_parameters
from clef.inference.generalisation import generalise
from clef.inference.short_lived import parts_of
from clef.inference.state import Checker
from clef.inference.type_shells import Home
from clef.inference.types import (
    Measure,
    ParameterType,
    PendingTrait,
    Type,
    TypeParameter,
    TypeVariable,
)
from clef.inference.well_known import OBJECT
from clef.syntax import tree


@dataclass(slots=True, eq=False)
class _Member:
    """A binding of the group; `names` are the type variables written in it. Bindings that use each
    other while their types are not settled are one component: all know its `leader`, who knows all
    `followers` and how many of them are still to be checked."""

    place: int
    prepared: Inferred
    names: dict[str, Type] | None
    home: Home
    finished: Inferred | None = None
    traits: list[PendingTrait] = field(default_factory=list[PendingTrait])
    leader: _Member | None = None
    followers: list[_Member] = field(default_factory=list["_Member"])
    unchecked: int = 1
    uses: list[tuple[_Member, typed.Expression]] = field(
        default_factory=list[tuple["_Member", typed.Expression]]
    )
    is_generalised: bool = False
    tie: Type | None = None
    """An open variable that is in the types of the component, but for those that are `loose`."""
    loose: list[_Member] = field(default_factory=list["_Member"])

    def component(self) -> _Member:
        """Who leads this binding."""
        return self.leader or self

    def join(self, other: _Member) -> None:
        """Make two components one."""
        left, right = self.component(), other.component()
        if left is right:
            return
        if len(left.followers) < len(right.followers):
            left, right = right, left
        left.unchecked += right.unchecked
        left.loose += (right, *right.followers)
        for one in (right, *right.followers):
            one.leader = left
            left.followers.append(one)
        right.followers, right.loose = [], []


def infer_recursive(
    c: Checker,
    bindings: list[tree.Binding],
    announce: Announce,
    define: Announce,
    publish: Announce | None,
    homes: Mapping[tree.Node, Home] | None = None,
) -> list[Inferred]:
    """See `bindings.infer_group`. With `publish`, bindings are generalised as early as can be, and
    it makes each known; `define` is called for all at the end, in their order."""
    outer_names, outer_home = c.implicit_types, (c.module, c.opened)
    first_pending = len(c.pending)
    c.level += 1
    members: list[_Member] = []
    for binding in bindings:
        c.module, c.opened = home = (homes or {}).get(binding, outer_home)
        c.implicit_types = None if outer_names is None else dict(outer_names)
        prepared = prepare(c, binding)
        announce(prepared)
        members.append(_Member(len(members), prepared, c.implicit_types, home))
    by_use = {id(one.prepared.use): one for one in members if one.prepared.use is not None}
    for member in members:
        _infer(c, member, by_use)
        for ready in _ready(c, member.component()) if publish is not None else ():
            _generalise(c, ready, first_pending)
            for one in ready:
                assert one.finished is not None and publish is not None
                publish(one.finished)
    if publish is None:
        _generalise(c, members, first_pending)
    c.level -= 1
    c.implicit_types = outer_names
    _keep_names(c, members)
    for member in members:
        assert member.finished is not None
        c.module, c.opened = member.home
        define(member.finished)
    c.module, c.opened = outer_home
    return [member.finished for member in members if member.finished is not None]


def _infer(c: Checker, member: _Member, by_use: dict[int, _Member]) -> None:
    c.implicit_types = member.names
    c.module, c.opened = member.home
    outer, c.recursive_uses = c.recursive_uses, []
    known = {id(trait) for trait in c.pending}
    member.finished = infer_binding(c, member.prepared.binding, member.prepared)
    member.finished.use = member.prepared.use
    member.traits = [trait for trait in c.pending if id(trait) not in known]
    seen: dict[int, int] = {}
    for use in reversed(c.recursive_uses):
        other = by_use.get(id(use))
        if other is not None:
            member.join(other)
            seen[id(use)] = seen.get(id(use), 0) + 1
            member.uses.append((other, use.uses[-seen[id(use)]]))
    # The others are of a group around this one.
    outer += [use for use in c.recursive_uses if id(use) not in by_use]
    c.recursive_uses = outer
    member.component().unchecked -= 1


def _ready(c: Checker, leader: _Member) -> list[list[_Member]]:
    """The parts of a component that can be generalised now, each by itself."""
    if leader.unchecked and _share_a_variable(c, leader):
        return []
    waiting = [one for one in _component(leader) if not one.is_generalised]
    if leader.unchecked == 0:
        return [waiting] if waiting else []
    blocked = [
        one for one in waiting if one.finished is None or not can_generalise(c, one.finished)
    ]
    declared = {p for one in _component(leader) for p in one.prepared.declared}
    inside = {id(one): one for one in waiting}
    users: dict[int, list[_Member]] = {}
    for one in waiting:
        for used, _ in one.uses:
            users.setdefault(id(used), []).append(one)
        for variable in _variables(c, one.prepared.type):
            users.setdefault(id(variable), []).append(one)
    while blocked:
        one = blocked.pop()
        if inside.pop(id(one), None) is None:
            continue
        for variable in _variables(c, one.prepared.type):
            blocked += users.pop(id(variable), ())
        if _speaks_of(one, declared):
            blocked += users.pop(id(one), ())
    return _parts(list(inside.values()))


def _share_a_variable(c: Checker, leader: _Member) -> bool:
    """Whether one open variable stands in all types of a component that still waits: then none can
    be generalised before all are checked. Only what joined since the last look is looked at."""
    tied = set(map(id, _variables(c, leader.tie))) if leader.tie is not None else set[int]()
    if not tied:
        leader.loose = [leader, *leader.followers]
        found = _variables(c, leader.prepared.type)
        leader.tie = next((one for one in found if isinstance(one, TypeVariable)), None)
        tied = {id(leader.tie)}
    leader.loose = [
        one for one in leader.loose if tied.isdisjoint(map(id, _variables(c, one.prepared.type)))
    ]
    return not leader.loose


def _variables(c: Checker, type: Type) -> list[object]:
    """What is open in a binding's type: whoever used it before may still decide that. What is open
    around the group is not generalised with it."""
    found: list[object] = []
    for part in parts_of(type):
        if isinstance(part, TypeVariable):
            if part.level >= c.level:
                found.append(part)
        elif isinstance(part, Measure):
            found += [one for one, _ in part.factors if not isinstance(one, str)]
    return found


def _component(member: _Member) -> list[_Member]:
    leader = member.component()
    return sorted((leader, *leader.followers), key=lambda one: one.place)


def _speaks_of(used: _Member, declared: set[TypeParameter]) -> bool:
    """Whether a binding declares type parameters, or its type speaks of those of the component."""
    return bool(used.prepared.declared) or any(
        isinstance(part, ParameterType) and part.parameter in declared
        for part in parts_of(used.prepared.type)
    )


def _parts(members: list[_Member]) -> list[list[_Member]]:
    """Bindings that use each other, in either direction, belong together."""
    part_of = {id(one): [one] for one in members}
    for one in members:
        for used, _ in one.uses:
            left, right = part_of[id(one)], part_of.get(id(used))
            if right is not None and right is not left:
                left += right
                part_of.update((id(moved), left) for moved in right)
    parts = {id(part): part for part in part_of.values()}
    return [sorted(part, key=lambda one: one.place) for part in parts.values()]


def _generalise(c: Checker, component: list[_Member], first_pending: int) -> None:
    """All bindings of a component get the same parameters."""
    own = {id(trait) for member in component for trait in member.traits}
    if len(c.pending) > first_pending:
        rest = c.pending[first_pending:]
        others = [trait for trait in rest if id(trait) not in own]
        c.pending[first_pending:] = [*others, *[t for t in rest if id(t) in own]]
        first_pending += len(others)
    group = [member.finished for member in component if member.finished is not None]
    c.level -= 1
    shared = generalise(
        c,
        [one.type for one in group],
        any(one.binding.is_inline for one in group),
        all(can_generalise(c, one) for one in group),
        tuple(p for one in group for p in one.declared),
        first_pending,
    )
    c.level += 1
    own_arguments: tuple[Type, ...] = tuple(ParameterType(p) for p in shared)
    # What was generalised before does not depend on these: any type will do there.
    foreign: tuple[Type, ...] = tuple(Measure() if p.is_measure else OBJECT for p in shared)
    inside = {id(use) for member in component for _, use in member.uses}
    if shared:
        _forget_shared(component, shared, foreign)
    for member in component:
        member.is_generalised = True
    for one in group:
        one.type_parameters = shared
        if one.use is not None:
            one.use.is_generalised = True
            for use in one.use.uses:
                _instantiate(use, own_arguments if id(use) in inside else foreign)


def _forget_shared(
    component: list[_Member], shared: tuple[TypeParameter, ...], foreign: tuple[Type, ...]
) -> None:
    """What was generalised before this component, and uses it, does not know its parameters."""
    mapping = {p.id: type for p, type in zip(shared, foreign, strict=True)}
    inside = {id(member) for member in component}
    for user in _component(component[0]):
        if user.is_generalised and any(id(used) in inside for used, _ in user.uses):
            assert user.finished is not None and user.finished.body is not None
            replace_parameters(user.finished.body, mapping)


def _instantiate(use: typed.Expression, arguments: tuple[Type, ...]) -> None:
    if isinstance(use, (typed.LocalReference, typed.GlobalReference)):
        use.type_arguments = arguments
    elif isinstance(use, typed.MethodCall):
        use.type_arguments = (*use.type_arguments, *arguments)


def _keep_names(c: Checker, members: list[_Member]) -> None:
    """A type variable that a binding introduced and that was not generalised stays known."""
    if c.implicit_types is None:
        return
    for member in members:
        for name, type in (member.names or {}).items():
            c.implicit_types.setdefault(name, type)
    forget_generalised(c)
