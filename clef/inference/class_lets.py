"""The `let`s of a class: methods, fields, or locals of the constructor.

Comes in: a planned class and one of its `let`s. Goes out: definitions, and steps of the
constructor. Promises: a function that members use is a method of its own.
"""

from __future__ import annotations

from clef.diagnostics.objects import UseInClass
from clef.inference import typed_tree as typed
from clef.inference.binding_groups import infer_group
from clef.inference.bindings import Inferred, head_name
from clef.inference.captures import mentioned
from clef.inference.class_fields import Wrap, binder_of, bound_first, capture_pattern, into_field
from clef.inference.class_state import ClassPlan
from clef.inference.expressions.functions import lambda_arity
from clef.inference.generalisation import free_variables
from clef.inference.member_signatures import unique_symbol
from clef.inference.pattern_bindings import taken_apart
from clef.inference.recursive_objects import arrange_locals
from clef.inference.state import Checker, ClassLocal, LocalEntry
from clef.inference.types import FunctionType, Scheme, Type, TypeVariable
from clef.inference.unification import prune
from clef.names.entities import LocalBinder
from clef.source import Span
from clef.syntax import tree


def let_member(
    c: Checker, plan: ClassPlan, member: tree.LetMember, this: typed.Local | None, steps: list[Wrap]
) -> None:
    plan_kind = LetKinds(c, plan, member, this, steps)
    plan_kind.run()


class LetKinds:
    """Class-level bindings: methods, fields, or locals of the constructor."""

    __slots__ = ("c", "finished", "made_at_uses", "member", "plan", "steps", "this")

    def __init__(
        self,
        c: Checker,
        plan: ClassPlan,
        member: tree.LetMember,
        this: typed.Local | None,
        steps: list[Wrap],
    ) -> None:
        self.c = c
        self.plan = plan
        self.member = member
        self.this = this
        self.steps = steps
        self.finished: list[typed.LocalBinding] = []
        self.made_at_uses: set[LocalBinder] = set()

    def run(self) -> None:
        member = self.member
        if member.is_use:
            self.c.report(UseInClass(member.span))
        known = set(self.c.locals)
        self.infer()
        if self.made_at_uses:  # only now it is known that they are no part of the constructor
            self.keep_mentioned(known)
            self.infer()
        if self.finished and member.is_recursive:
            self.finished = arrange_locals(self.c, self.finished)
        if self.finished:
            self.steps.append(bound_first(self.finished, member.is_recursive, member.span))
        for binding in member.bindings:
            self.after(binding)

    def infer(self) -> None:
        member = self.member
        cls = self.c.cls
        assert cls is not None
        self.finished = []
        outer = cls.in_constructor
        if member.is_static or any(self.is_method(binding) for binding in member.bindings):
            cls.in_constructor = False  # their bodies become definitions of their own
        implicit = self.c.implicit_types
        self.c.implicit_types = {}
        self.c.level += 1  # the types of members that are not known yet stay what they are
        first_pending = len(self.c.pending)
        found = infer_group(
            self.c,
            member.bindings,
            member.is_recursive,
            self.announce,
            self.define,
            patterns_have_one_type=True,
        )
        self.c.level -= 1
        self.lower([one.type for one in found])
        for trait in self.c.pending[first_pending:]:
            trait.level = min(trait.level, self.c.level)
        self.c.implicit_types = implicit
        cls.in_constructor = outer

    def keep_mentioned(self, known: set[object]) -> None:
        """Fields for what generic values are made of; their own names are forgotten."""
        c, span = self.c, self.member.span
        assert self.this is not None
        for binder in [one for one in c.locals if one not in known]:
            del c.locals[binder]
        names = mentioned([binding.value for binding in self.member.bindings]) & known
        for binder in sorted(names - self.plan.used, key=lambda one: one.id):
            self.plan.used.add(binder)
            self.steps.append(into_field(c, self.plan, binder, self.this, span))

    def lower(self, types: list[Type]) -> None:
        """What is not generic now never will be, also in members that are used here."""
        c = self.c
        found: list[TypeVariable] = []
        seen: set[int] = set()
        for type in types:
            free_variables(type, found, seen)
        for variable in found:
            variable.level = min(variable.level, c.level)

    def binder(self, binding: tree.Binding) -> LocalBinder | None:
        name = head_name(binding)
        return binder_of(self.plan, name) if name is not None else None

    def is_method(self, binding: tree.Binding) -> bool:
        head = binding.head
        binder = self.binder(binding)
        if binder is not None and binder in self.made_at_uses:
            return True
        if not isinstance(head, tree.NameHead) or not (
            head.arguments or self.is_recursive_lambda(binding)
        ):
            return False
        if self.member.is_static:
            return True
        return binder is not None and binder in self.plan.used and not self.has_recursive_values()

    def has_recursive_values(self) -> bool:
        """Functions that speak of values of their own group are made with them, once."""
        return self.member.is_recursive and not all(
            isinstance(binding.head, tree.NameHead)
            and (binding.head.arguments or self.is_recursive_lambda(binding))
            for binding in self.member.bindings
        )

    def is_needed_generic(self, binder: LocalBinder, found: Inferred) -> bool:
        """A field has one type: a generic value that members use is a method instead."""
        return bool(found.type_parameters) and self.this is not None and binder in self.plan.used

    def is_recursive_lambda(self, binding: tree.Binding) -> bool:
        """`let rec f = fun …`: no value, which would have to know itself."""
        is_value = not self.member.is_recursive or binding.is_mutable
        return not is_value and lambda_arity(binding.value) is not None

    def method_entry(self, binder: LocalBinder, binding: tree.Binding, type: Type) -> LocalEntry:
        signature = self.plan.draft.signature
        kind = "static_method" if self.member.is_static else "method"
        known = self.c.locals.get(binder)
        if known is not None and known.member is not None:
            return known
        symbol = unique_symbol(self.c, f"{signature.symbol}.{binder.name}")
        local = self.c.local(binder.name, type, binder.span)
        head = binding.head
        count = len(head.arguments) if isinstance(head, tree.NameHead) else 0
        where = ClassLocal(signature.self_type(), binder.name, kind, symbol)
        entry = LocalEntry(local, member=where, argument_count=count)
        self.c.locals[binder] = entry
        return entry

    def announce(self, found: Inferred) -> None:
        binder = self.binder(found.binding)
        if binder is None:
            return
        if self.is_method(found.binding):
            entry = self.method_entry(binder, found.binding, found.type)
            entry.recursive = found.use
        else:
            local = self.c.local(binder.name, found.type, binder.span)
            self.c.locals[binder] = LocalEntry(local, recursive=found.use)

    def define(self, found: Inferred) -> None:
        binder = self.binder(found.binding)
        if binder is None:
            (self.static_pattern if self.member.is_static else self.pattern)(found)
            return
        is_generic = self.member.is_static and bool(found.type_parameters)
        if self.is_method(found.binding) or is_generic:  # a generic value is made at each use
            self.method(binder, found)
        elif self.member.is_static:
            self.static_field(binder, found)
        elif self.is_needed_generic(binder, found):
            self.made_at_uses.add(binder)
        else:
            self.local(binder, found)

    def method(self, binder: LocalBinder, found: Inferred) -> None:
        c = self.c
        entry = self.method_entry(binder, found.binding, found.type)
        entry.local.type = found.type
        entry.recursive = None
        if found.type_parameters:
            entry.scheme = Scheme(found.type_parameters, found.type)
        assert entry.member is not None and found.body is not None
        parameters = list(found.parameters)
        body = found.body
        result: Type = found.type
        while len(parameters) > entry.argument_count:  # a lambda was flattened away
            extra = parameters[entry.argument_count :]
            parameters = parameters[: entry.argument_count]
            body = typed.Lambda(found.type, body.span, extra, body)
        for _ in range(entry.argument_count):
            step = prune(result)
            if isinstance(step, FunctionType):
                result = step.result
        if isinstance(body, typed.Lambda) and body.type is found.type:
            body.type = result
        if entry.member.kind == "method":
            parameters.insert(0, self.own_this(found.binding.span))
        signature = self.plan.draft.signature
        c.file.definitions[entry.member.symbol] = typed.Definition(
            entry.member.symbol,
            (*signature.parameters, *found.type_parameters),
            parameters,
            result,
            body,
            found.binding.span,
            is_inline=found.binding.is_inline,
        )

    def own_this(self, span: Span) -> typed.Pattern:
        """Inside a method the constructor's `this` is its own parameter: the same local serves."""
        assert self.this is not None
        return typed.VariablePattern(self.this.type, span, self.this)

    def static_field(self, binder: LocalBinder, found: Inferred) -> None:
        body = found.body
        assert body is not None
        if found.parameters:
            body = typed.Lambda(found.type, body.span, found.parameters, body)
        local = self.c.local(binder.name, found.type, binder.span, found.binding.is_mutable)
        self.c.locals[binder] = LocalEntry(local, member=self.kept_static(local, body, found))

    def static_pattern(self, found: Inferred) -> None:
        """`static let a, b = e`: the value once, then a field for each variable."""
        assert found.pattern is not None and found.body is not None
        c, span = self.c, found.binding.span
        entries = {entry.local.id: entry for entry in c.locals.values()}
        apart = taken_apart(found)
        place = self.kept_static(c.local("pattern", apart.type, span), apart.body, found)
        whole = typed.StaticFieldGet(apart.type, span, place.owner, place.symbol)
        for index, inner in enumerate(apart.variables):
            body = apart.part(whole, index)
            entry = entries[inner.id]
            entry.local = c.local(inner.name, inner.type, inner.span, inner.is_mutable)
            entry.member = self.kept_static(entry.local, body, found)

    def kept_static(
        self, local: typed.Local, body: typed.Expression, found: Inferred
    ) -> ClassLocal:
        """The field of the type that holds a value, computed where it stands in the source."""
        c = self.c
        signature = self.plan.draft.signature
        symbol = unique_symbol(c, f"{signature.symbol}.{local.name}")
        c.file.definitions[symbol] = typed.Definition(
            symbol,
            signature.parameters,
            [],
            local.type,
            body,
            found.binding.span,
            is_mutable=local.is_mutable,
        )
        c.file.initialisations.append(typed.Initialisation(symbol))
        return ClassLocal(signature.self_type(), local.name, "static_field", symbol)

    def local(self, binder: LocalBinder, found: Inferred) -> None:
        c = self.c
        entry = c.locals.get(binder)
        if entry is None:
            made = c.local(binder.name, found.type, binder.span, found.binding.is_mutable)
            entry = c.locals[binder] = LocalEntry(made)
        entry.local.type = found.type
        entry.recursive = None
        if found.type_parameters:
            entry.scheme = Scheme(found.type_parameters, found.type)
        assert found.body is not None
        pattern = typed.VariablePattern(found.type, found.binding.span, entry.local)
        self.finished.append(
            typed.LocalBinding(
                pattern, found.type_parameters, found.parameters, found.body, found.binding.span
            )
        )

    def pattern(self, found: Inferred) -> None:
        assert found.pattern is not None and found.body is not None
        self.finished.append(
            typed.LocalBinding(found.pattern, (), [], found.body, found.binding.span)
        )

    def after(self, binding: tree.Binding) -> None:
        """Store into fields what members use of these bindings."""
        if self.member.is_static or self.this is None:
            return
        head = binding.head
        if isinstance(head, tree.PatternHead):
            capture_pattern(self.c, self.plan, head.pattern, self.this, self.steps)
            return
        binder = self.binder(binding)
        if binder is None or binder not in self.plan.used or self.is_method(binding):
            return
        entry = self.c.locals.get(binder)
        if entry is None or entry.member is not None:
            return
        self.steps.append(into_field(self.c, self.plan, binder, self.this, binding.span))
