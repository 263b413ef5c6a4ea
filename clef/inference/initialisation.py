"""Objects that are used before they are complete: what `type T() as this` makes possible.

Comes in: planned classes. Goes out: the field in which an object notes that it is complete, the
statements that set it, and the tests at the head of its members. Promises: an object raises
InvalidOperationException as in F# (specification, 8.6.1): it is complete after the last `let` or
`member val` of its class, or after its base class when there is none; a class whose constructors,
and those of its base classes, do not give the object away has neither field nor tests.
"""

from __future__ import annotations

from clef.inference import typed_tree as typed
from clef.inference.captures import mentioned
from clef.inference.class_state import ClassPlan
from clef.inference.expressions.control import unit
from clef.inference.signatures import TypeSignature
from clef.inference.state import Checker, LocalEntry
from clef.inference.types import FunctionType
from clef.inference.well_known import BOOL, FAIL_INIT, UNIT
from clef.names.entities import LocalBinder, LocalResolution
from clef.source import Span
from clef.syntax import tree

FIELD = "init@"


def _binder(c: Checker, name: tree.Name | None) -> LocalBinder | None:
    resolution = c.table.get(name) if name is not None else None
    return resolution.binder if isinstance(resolution, LocalResolution) else None


def sets_up(member: tree.Member) -> bool:
    """Whether a part of a class has to run before the object is complete."""
    if isinstance(member, tree.LetMember | tree.AutoPropertyMember):
        return not member.is_static
    return False


def _early(members: list[tree.Member]) -> list[tree.Member]:
    """The parts of the primary constructor that run before the object is complete."""
    last = max((at for at, one in enumerate(members) if sets_up(one)), default=-1)
    inherited: list[tree.Member] = [one for one in members if isinstance(one, tree.InheritMember)]
    run = (tree.LetMember, tree.DoMember, tree.AutoPropertyMember)
    return [*inherited, *(one for one in members[: last + 1] if isinstance(one, run))]


def plan_initialisation(c: Checker, plan: ClassPlan) -> None:
    """Note whether constructors mention the object, and whether they do so early."""
    draft = plan.draft
    node = draft.node
    primary = node.constructor if isinstance(node, tree.TypeDefinition) else None
    signature = draft.signature
    this = _binder(c, primary.self_name) if primary is not None else None
    if this is not None:
        early = _early(draft.members)
        late = [one for one in draft.members if isinstance(one, tree.DoMember)]
        signature.shows_early = this in mentioned(early)
        signature.shows_itself = signature.shows_early or this in mentioned(late)
    for member in draft.members:
        if isinstance(member, tree.ConstructorMember):
            own = _binder(c, member.self_name)
            if own is not None and own in mentioned([member.body]):
                signature.shows_itself = True


def is_guarded(c: Checker, signature: TypeSignature) -> bool:
    """Whether members test that the object is complete."""
    if signature.is_struct or signature.kind != "class":
        return False
    if signature.shows_early:
        return True
    base = signature.base
    while base is not None:
        above = c.type_named(base.symbol)
        if above is None:
            return False
        if above.shows_itself:
            return True
        base = above.base
    return False


def add_field(c: Checker, plan: ClassPlan) -> None:
    """The field, for a class that needs it."""
    if is_guarded(c, plan.draft.signature):
        field = typed.FieldDefinition(FIELD, BOOL, True, is_zeroed=True)
        plan.draft.definition.fields.append(field)


def completed(
    c: Checker, signature: TypeSignature, this: typed.Local, span: Span
) -> typed.Expression:
    """Note that the object is complete; nothing for classes without tests."""
    if not is_guarded(c, signature):
        return unit(span)
    target = typed.LocalReference(this.type, span, this)
    yes = typed.Literal(BOOL, span, True)
    return typed.FieldSet(UNIT, span, target, signature.self_type(), FIELD, yes)


def guarded(
    c: Checker, signature: TypeSignature, this: typed.Local | None, body: typed.Expression
) -> typed.Expression:
    """A member's body behind the test."""
    if this is None or not is_guarded(c, signature):
        return body
    span = body.span
    target = typed.LocalReference(this.type, span, this)
    done = typed.FieldGet(BOOL, span, target, signature.self_type(), FIELD)
    return typed.Sequential(body.type, span, [_unless(done, span), body])


def _unless(done: typed.Expression, span: Span) -> typed.Expression:
    fail = typed.GlobalReference(FunctionType(UNIT, UNIT), span, FAIL_INIT, ())
    failure = typed.Application(UNIT, span, fail, [unit(span)])
    return typed.If(UNIT, span, done, unit(span), failure)


# `this` before there is an object -----------------------------------------------------------------


class Unborn:
    """`this` while the arguments of the constructor that makes the object are computed: each use
    asks whether it exists by now."""

    __slots__ = ("binder", "c", "flag", "outer", "span")

    def __init__(self, c: Checker, name: tree.Name | None, used_in: list[object]) -> None:
        self.c = c
        self.binder: LocalBinder | None = None
        self.outer: LocalEntry | None = None
        binder = _binder(c, name)
        if name is None or binder is None or binder not in mentioned(used_in):
            return
        self.binder, self.span = binder, name.span
        self.flag = c.local("exists", BOOL, name.span, True)
        self.outer = c.locals[binder]
        c.locals[binder] = LocalEntry(self.outer.local, exists=self.flag)

    def born(self) -> list[typed.Expression]:
        """From here on `this` is an object: the statement that says so."""
        if self.binder is None:
            return []
        yes = typed.Literal(BOOL, self.span, True)
        return [typed.LocalSet(UNIT, self.span, self.flag, yes)]

    def forget(self) -> None:
        """What is checked from here on runs with the object there."""
        if self.binder is not None and self.outer is not None:
            self.c.locals[self.binder] = self.outer

    def around(self, body: typed.Expression) -> typed.Expression:
        """The variable's scope."""
        if self.binder is None:
            return body
        pattern = typed.VariablePattern(BOOL, self.span, self.flag)
        no = typed.Literal(BOOL, self.span, False)
        binding = typed.LocalBinding(pattern, (), [], no, self.span)
        return typed.Let(body.type, self.span, [binding], False, body)


def checked_this(entry: LocalEntry, span: Span) -> typed.Expression:
    """A use of `this` that may come too early."""
    local = entry.local
    assert entry.exists is not None
    flag = typed.LocalReference(BOOL, span, entry.exists)
    reference = typed.LocalReference(local.type, span, local)
    return typed.Sequential(local.type, span, [_unless(flag, span), reference])
