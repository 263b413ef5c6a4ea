"""Constructors: primary ones with the class's `let` and `do`, and `new (…) = …`.

Comes in: a planned class. Goes out: definitions that initialise an allocated object. Promises:
initialisation happens in the
order of the source, after the base class's constructor.
"""

from __future__ import annotations

from collections.abc import Callable

from clef.diagnostics.objects import UseInClass
from clef.inference import typed_tree as typed
from clef.inference.annotations import annotation
from clef.inference.bindings import Inferred, head_name, infer_group
from clef.inference.calls import sets_properties
from clef.inference.captures import mentioned
from clef.inference.class_state import ClassPlan, Secondary
from clef.inference.expressions.access import construct
from clef.inference.expressions.control import unit
from clef.inference.expressions.dispatch import check, statement
from clef.inference.expressions.functions import lambda_arity
from clef.inference.generalisation import free_variables
from clef.inference.initialisation import Unborn, completed, sets_up
from clef.inference.member_bodies import bind_this, member_parameter, types_of
from clef.inference.member_signatures import Plan, parameter_of, split_group, unique_symbol
from clef.inference.signatures import MemberSignature
from clef.inference.state import Checker, ClassLocal, LocalEntry, Reason
from clef.inference.types import NamedType, Scheme, Type, TypeVariable
from clef.inference.unification import prune
from clef.inference.well_known import OBJECT, UNIT
from clef.names.entities import LocalBinder, LocalResolution
from clef.source import Span
from clef.syntax import tree

Wrap = Callable[[typed.Expression], typed.Expression]


def _constructor_signature(
    c: Checker, plan: ClassPlan, pattern: tree.Pattern, access: tree.Access | None, span: Span
) -> tuple[MemberSignature, list[tree.Pattern]]:
    signature = plan.draft.signature
    parts = split_group(pattern)
    parameters = tuple(parameter_of(c, part)[0] for part in parts)
    member = MemberSignature(
        ".ctor",
        unique_symbol(c, f"{signature.symbol}..ctor"),
        "constructor",
        signature.symbol,
        False,
        (),
        (parameters,),
        UNIT,
        owner_parameters=signature.parameters,
        access=(access or tree.Access.PUBLIC).value,
        span=span,
        module=c.module,
    )
    signature.members.setdefault(".ctor", []).append(member)
    return member, parts


def plan_constructors(c: Checker, plan: ClassPlan) -> None:
    """Signatures of the primary and the other constructors."""
    node = plan.draft.node
    if isinstance(node, tree.TypeDefinition) and node.constructor is not None:
        primary = node.constructor
        plan.primary, _ = _constructor_signature(
            c, plan, primary.pattern, primary.access, primary.span
        )
    for member in plan.draft.members:
        if isinstance(member, tree.ConstructorMember):
            signature, parts = _constructor_signature(
                c, plan, member.pattern, member.access, member.span
            )
            made = Plan(
                signature, [parts], member.body, member.self_name, member.span, member.attributes
            )
            plan.secondary.append(Secondary(member, made))


# The primary constructor --------------------------------------------------------------------------


def check_primary(c: Checker, plan: ClassPlan) -> None:
    """Parameters, `inherit`, `let`, `do` and `member val` as one definition; static ones as
    start-up actions."""
    draft = plan.draft
    node = draft.node
    _find_captured(plan)
    primary = node.constructor if isinstance(node, tree.TypeDefinition) else None
    if primary is None or plan.primary is None:
        _static_parts(c, plan)
        return
    owner = draft.signature.self_type()
    assert c.cls is not None
    local, pattern = bind_this(c, primary.self_name, owner, primary.span)
    c.cls.self_local = local
    c.cls.in_constructor = True
    parameters: list[typed.Pattern] = [pattern]
    steps: list[Wrap] = []
    for part, parameter in zip(split_group(primary.pattern), plan.primary.groups[0], strict=True):
        found = member_parameter(c, part, parameter.type)
        parameters.append(found)
        _capture_pattern(c, plan, part, local, steps)
    inherited = [one for one in draft.members if isinstance(one, tree.InheritMember)]
    unborn = Unborn(c, primary.self_name, [*inherited])
    steps.append(_base_call(c, plan, local))
    steps += [_effect(one) for one in unborn.born()]
    unborn.forget()
    _parts(c, plan, local, steps, primary.span)
    body: typed.Expression = unit(primary.span)
    for step in reversed(steps):
        body = step(body)
    body = unborn.around(body)
    c.cls.self_local = None
    c.cls.in_constructor = False
    c.file.definitions[plan.primary.symbol] = typed.Definition(
        plan.primary.symbol, draft.signature.parameters, parameters, UNIT, body, primary.span
    )


def _parts(c: Checker, plan: ClassPlan, this: typed.Local, steps: list[Wrap], span: Span) -> None:
    """`let`, `do` and `member val` in order; behind the last of those that fill the object it is
    complete."""
    members = plan.draft.members
    done = _effect(completed(c, plan.draft.signature, this, span))
    last = max((at for at, one in enumerate(members) if sets_up(one)), default=-1)
    if last < 0:
        steps.append(done)
    for at, member in enumerate(members):
        _initialise(c, plan, member, this, steps)
        if at == last:
            steps.append(done)


def _find_captured(plan: ClassPlan) -> None:
    """What members use, directly or through `let` functions that become methods."""
    functions: dict[LocalBinder, tree.Binding] = {}
    for member in plan.draft.members:
        if isinstance(member, tree.LetMember):
            for binding in member.bindings:
                if isinstance(binding.head, tree.NameHead) and binding.head.arguments:
                    plan_binder = _binder_of(plan, binding.head.name)
                    if plan_binder is not None:
                        functions[plan_binder] = binding
    pending = list(plan.used)
    while pending:
        binder = pending.pop()
        function = functions.pop(binder, None)
        if function is not None:
            for other in mentioned([function.value, *_head_patterns(function)]):
                if other not in plan.used:
                    plan.used.add(other)
                    pending.append(other)


def _head_patterns(binding: tree.Binding) -> list[tree.Pattern]:
    return binding.head.arguments if isinstance(binding.head, tree.NameHead) else []


def _binder_of(plan: ClassPlan, name: tree.Name) -> LocalBinder | None:
    resolution = plan.table.get(name)
    return resolution.binder if isinstance(resolution, LocalResolution) else None


def _pattern_binders(pattern: tree.Pattern) -> list[LocalBinder]:
    return sorted(mentioned([pattern]), key=lambda binder: binder.id)


def _capture_pattern(
    c: Checker, plan: ClassPlan, pattern: tree.Pattern, this: typed.Local, steps: list[Wrap]
) -> None:
    """Variables of a pattern that members use are stored into fields."""
    binders = _pattern_binders(pattern)
    inner = pattern
    while isinstance(inner, tree.ParenPattern | tree.AttributedPattern | tree.TypedPattern):
        inner = inner.pattern
    if isinstance(inner, tree.OptionalPattern):
        resolution = c.table.get(inner.name)
        if isinstance(resolution, LocalResolution):
            binders = [resolution.binder]
    for binder in binders:
        if binder in plan.used and binder in c.locals:
            steps.append(_into_field(c, plan, binder, this, pattern.span))


def _into_field(
    c: Checker, plan: ClassPlan, binder: LocalBinder, this: typed.Local, span: Span
) -> Wrap:
    """Store a local into a field; from here on the name means the field."""
    entry = c.locals[binder]
    local = entry.local
    member = _new_field(c, plan, binder.name, local.type, local.is_mutable)
    if not local.is_mutable:
        member.initial = local
    reference = typed.LocalReference(local.type, span, local)
    store = _store(this, member, reference, span)
    later = c.local(local.name, local.type, local.span, local.is_mutable)
    c.locals[binder] = LocalEntry(later, member=member)
    return _effect(store)


def _new_field(c: Checker, plan: ClassPlan, name: str, type: Type, is_mutable: bool) -> ClassLocal:
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


def _store(
    this: typed.Local, member: ClassLocal, value: typed.Expression, span: Span
) -> typed.Expression:
    target = typed.LocalReference(this.type, span, this)
    return typed.FieldSet(UNIT, span, target, member.owner, member.name, value)


def _effect(effect: typed.Expression) -> Wrap:
    def wrap(rest: typed.Expression) -> typed.Expression:
        if isinstance(rest, typed.Sequential):
            return typed.Sequential(rest.type, effect.span, [effect, *rest.items])
        return typed.Sequential(rest.type, effect.span, [effect, rest])

    return wrap


def _let(bindings: list[typed.LocalBinding], is_recursive: bool, span: Span) -> Wrap:
    def wrap(rest: typed.Expression) -> typed.Expression:
        return typed.Let(rest.type, span, bindings, is_recursive, rest)

    return wrap


def _base_call(c: Checker, plan: ClassPlan, this: typed.Local) -> Wrap:
    for member in plan.draft.members:
        if isinstance(member, tree.InheritMember):
            base = prune(annotation(c, member.inherit.type))
            if isinstance(base, NamedType):
                span = member.span
                argument = member.inherit.argument
                if argument is None:
                    argument = tree.Constant(span, None, tree.LiteralKind.UNIT)
                return _effect(construct_base(c, base, argument, this, span))
    base_type = plan.draft.signature.base
    if base_type is not None and base_type.symbol != OBJECT.symbol:
        span = plan.draft.node.span
        argument = tree.Constant(span, None, tree.LiteralKind.UNIT)
        if plan.draft.signature.kind == "class":
            return _effect(construct_base(c, base_type, argument, this, span))
    return lambda rest: rest


def construct_base(
    c: Checker,
    base: NamedType,
    argument: tree.Expression,
    this: typed.Local,
    span: Span,
) -> typed.Expression:
    """`inherit B(args)`: B's constructor on this object."""
    signature = c.type_named(base.symbol)
    if signature is None or (base.symbol == OBJECT.symbol):
        return unit(span)
    if signature.kind != "class" and signature.kind != "builtin":
        from clef.diagnostics.typing import InvalidInheritance

        c.report(InvalidInheritance(span, signature.name, "cannot be inherited from"))
        return unit(span)
    if ".ctor" not in signature.members:
        return unit(span)
    was_abstract, signature.is_abstract = signature.is_abstract, False
    made = construct(c, signature, base, argument, span, None)
    signature.is_abstract = was_abstract
    return on_this(c, made, this, span)


def on_this(c: Checker, made: typed.Expression, this: typed.Local, span: Span) -> typed.Expression:
    """A construction turned into a call on an object that exists already."""
    owner = made.type
    if not isinstance(made, (typed.New, typed.Let, typed.TypeName)) or not isinstance(
        owner, NamedType
    ):
        return unit(span)
    signature = c.type_named(owner.symbol)
    if signature is not None and signature.is_struct:  # a struct is a value: it is replaced
        return typed.LocalSet(UNIT, span, this, made)
    if isinstance(made, typed.TypeName):
        return unit(span)
    target: typed.Expression = typed.LocalReference(this.type, span, this)
    if this.type != owner:
        target = typed.Coerce(owner, span, target)
    if isinstance(made, typed.Let) and sets_properties(made):
        return _with_properties(c, made, this, target)
    if isinstance(made, typed.Let):
        rest = on_this(c, made.body, this, span)
        return typed.Let(UNIT, span, made.bindings, made.is_recursive, rest)
    return typed.MethodCall(UNIT, span, made.constructor, owner.arguments, target, made.arguments)


def _with_properties(
    c: Checker, made: typed.Let, this: typed.Local, target: typed.Expression
) -> typed.Expression:
    """`inherit B(a, Name = b)`: B's constructor on this object, then the properties."""
    effects = made.body
    assert isinstance(effects, typed.Sequential)
    span = made.span
    binding = made.bindings[0]
    call = on_this(c, binding.body, this, span)
    binding.body = target
    body = typed.Sequential(UNIT, span, [*effects.items[:-1], unit(span)])
    setting = typed.Let(UNIT, span, made.bindings, made.is_recursive, body)
    return typed.Sequential(UNIT, span, [call, setting])


def _initialise(
    c: Checker, plan: ClassPlan, member: tree.Member, this: typed.Local, steps: list[Wrap]
) -> None:
    """One `let`, `do` or `member val` of the class, each with type variables of its own."""
    outer, c.implicit_types = c.implicit_types, {}
    _initialise_part(c, plan, member, this, steps)
    c.implicit_types = outer


def _initialise_part(
    c: Checker, plan: ClassPlan, member: tree.Member, this: typed.Local, steps: list[Wrap]
) -> None:
    if isinstance(member, tree.LetMember):
        _let_member(c, plan, member, this, steps)
    elif isinstance(member, tree.DoMember):
        if member.is_static:
            _static_do(c, plan, member)
        else:
            steps.append(_effect(statement(c, member.expression)))
    elif isinstance(member, tree.AutoPropertyMember):
        _auto_property(c, plan, member, this, steps)
    elif isinstance(member, tree.InterfaceMember):
        for inner in member.implementation.members:
            if isinstance(inner, tree.AutoPropertyMember) and inner in plan.auto_properties:
                _auto_property(c, plan, inner, this, steps)


def _auto_property(
    c: Checker,
    plan: ClassPlan,
    member: tree.AutoPropertyMember,
    this: typed.Local | None,
    steps: list[Wrap],
) -> None:
    backing, type = plan.auto_properties[member]
    reason = (
        Reason("because of the annotation here", member.type.span)
        if member.type is not None
        else None
    )
    owner = plan.draft.signature.self_type()
    symbol = f"{plan.draft.signature.symbol}.{backing}"
    value = check(c, member.value, type, reason)
    if member.is_static:
        c.file.definitions[symbol] = typed.Definition(
            symbol, plan.draft.signature.parameters, [], type, value, member.span, is_mutable=True
        )
        c.file.initialisations.append(typed.Initialisation(symbol))
    elif this is not None:
        target = typed.LocalReference(this.type, member.span, this)
        steps.append(_effect(typed.FieldSet(UNIT, member.span, target, owner, backing, value)))


def _let_member(
    c: Checker, plan: ClassPlan, member: tree.LetMember, this: typed.Local | None, steps: list[Wrap]
) -> None:
    plan_kind = _LetKinds(c, plan, member, this, steps)
    plan_kind.run()


class _LetKinds:
    """Class-level bindings: methods, fields, or locals of the constructor."""

    __slots__ = ("c", "finished", "member", "plan", "steps", "this")

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

    def run(self) -> None:
        member = self.member
        if member.is_use:
            self.c.report(UseInClass(member.span))
        cls = self.c.cls
        assert cls is not None
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
        if self.finished:
            self.steps.append(_let(self.finished, member.is_recursive, member.span))
        for binding in member.bindings:
            self.after(binding)

    def lower(self, types: list[Type]) -> None:
        """What is not generic now never will be, unless a member makes it so."""
        c = self.c
        kept: list[TypeVariable] = []
        seen: set[int] = set()
        for plan in self.plan.plans:
            for type in types_of(plan):
                free_variables(type, kept, seen)
        found: list[TypeVariable] = []
        for type in types:
            free_variables(type, found, seen)
        for variable in found:
            variable.level = min(variable.level, c.level)

    def binder(self, binding: tree.Binding) -> LocalBinder | None:
        name = head_name(binding)
        return _binder_of(self.plan, name) if name is not None else None

    def is_method(self, binding: tree.Binding) -> bool:
        head = binding.head
        if not isinstance(head, tree.NameHead) or not (
            head.arguments or self.is_recursive_lambda(binding)
        ):
            return False
        binder = self.binder(binding)
        return self.member.is_static or (binder is not None and binder in self.plan.used)

    def is_recursive_lambda(self, binding: tree.Binding) -> bool:
        """`static let rec f = fun …`: no value, which would have to know itself."""
        body = binding.value
        is_static = self.member.is_static and self.member.is_recursive
        return is_static and not binding.is_mutable and lambda_arity(body) is not None

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
            self.pattern(found)
            return
        is_generic = self.member.is_static and bool(found.type_parameters)
        if self.is_method(found.binding) or is_generic:  # a generic value is made at each use
            self.method(binder, found)
        elif self.member.is_static:
            self.static_field(binder, found)
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
        from clef.inference.types import FunctionType

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
        c = self.c
        signature = self.plan.draft.signature
        symbol = unique_symbol(c, f"{signature.symbol}.{binder.name}")
        local = c.local(binder.name, found.type, binder.span, found.binding.is_mutable)
        where = ClassLocal(signature.self_type(), binder.name, "static_field", symbol)
        c.locals[binder] = LocalEntry(local, member=where)
        body = found.body
        assert body is not None
        if found.parameters:
            body = typed.Lambda(found.type, body.span, found.parameters, body)
        c.file.definitions[symbol] = typed.Definition(
            symbol,
            signature.parameters,
            [],
            found.type,
            body,
            found.binding.span,
            is_mutable=found.binding.is_mutable,
        )
        c.file.initialisations.append(typed.Initialisation(symbol))

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
            _capture_pattern(self.c, self.plan, head.pattern, self.this, self.steps)
            return
        binder = self.binder(binding)
        if binder is None or binder not in self.plan.used or self.is_method(binding):
            return
        entry = self.c.locals.get(binder)
        if entry is None or entry.member is not None:
            return
        scheme = entry.scheme
        self.steps.append(_into_field(self.c, self.plan, binder, self.this, binding.span))
        if scheme is not None:
            _ = scheme  # a generic value in a field keeps the type of its first use


def _static_do(c: Checker, plan: ClassPlan, member: tree.DoMember) -> None:
    effect = statement(c, member.expression)
    body = typed.Sequential(UNIT, member.span, [effect, unit(member.span)])
    symbol = unique_symbol(c, f"{plan.draft.signature.symbol}.do")
    c.file.definitions[symbol] = typed.Definition(
        symbol, plan.draft.signature.parameters, [], UNIT, body, member.span
    )
    c.file.initialisations.append(typed.Initialisation(symbol, is_do=True))


def _static_parts(c: Checker, plan: ClassPlan) -> None:
    """Static `let`, `do` and `member val` of a type without primary constructor."""
    steps: list[Wrap] = []
    outer = c.implicit_types
    for member in plan.draft.members:
        c.implicit_types = {}
        if isinstance(member, tree.LetMember) and member.is_static:
            _let_member(c, plan, member, None, steps)
        elif isinstance(member, tree.DoMember) and member.is_static:
            _static_do(c, plan, member)
        elif isinstance(member, tree.AutoPropertyMember) and member.is_static:
            _auto_property(c, plan, member, None, steps)
    c.implicit_types = outer


# Other constructors -------------------------------------------------------------------------------
