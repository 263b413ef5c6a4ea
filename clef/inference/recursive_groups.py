"""Recursive `let` groups: which bindings are generalised together, and when.

Comes in: the bindings of a group, in order. Goes out: each checked and generalised. Promises: as in
the F# specification (§14.6.7) a binding is generalised as soon as nothing that is still to be
checked can decide its type, so that later bindings of the group use it at many types. Bindings that
use each other before that share their type parameters.
"""

from __future__ import annotations

from collections.abc import Mapping

from clef.data_classes import dataclass, field
from clef.inference import typed_tree as typed
from clef.inference.bindings import (
    Announce,
    Inferred,
    can_generalise,
    forget_generalised,
    infer_binding,
    prepare,
)
from clef.inference.generalisation import generalise
from clef.inference.state import Checker
from clef.inference.type_definitions import Home
from clef.inference.types import ParameterType, PendingTrait, Type
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
        for one in (right, *right.followers):
            one.leader = left
            left.followers.append(one)
        right.followers = []


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
        leader = member.component()
        if publish is not None and leader.unchecked == 0:
            component = sorted((leader, *leader.followers), key=lambda one: one.place)
            _generalise(c, component, first_pending)
            for one in component:
                assert one.finished is not None
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
    for use in c.recursive_uses:
        other = by_use.get(id(use))
        if other is not None:
            member.join(other)
        else:
            outer.append(use)  # of a group around this one
    c.recursive_uses = outer
    member.component().unchecked -= 1


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
    arguments = tuple(ParameterType(p) for p in shared)
    for one in group:
        one.type_parameters = shared
        if one.use is not None:
            one.use.is_generalised = True
            for use in one.use.uses:
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
