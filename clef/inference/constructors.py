"""Primary constructors, with the class's `let` and `do`.

Comes in: a planned class. Goes out: definitions that initialise an allocated object. Promises:
initialisation happens in the order of the source, after the base class's constructor.
"""

from __future__ import annotations

from clef.inference import typed_tree as typed
from clef.inference.annotations import annotation
from clef.inference.attributes import has_attribute
from clef.inference.calls import sets_properties
from clef.inference.class_fields import Wrap, capture_pattern, effect_first, find_captured
from clef.inference.class_lets import let_member
from clef.inference.class_state import ClassPlan, Secondary
from clef.inference.expressions.control import unit
from clef.inference.expressions.dispatch import check, statement
from clef.inference.expressions.types_as_heads import construct
from clef.inference.initialisation import Unborn, completed, sets_up
from clef.inference.member_bodies import bind_this, member_parameter
from clef.inference.member_signatures import Plan, unique_symbol
from clef.inference.signatures import MemberSignature
from clef.inference.state import Checker, Reason
from clef.inference.type_starts import define_start, started
from clef.inference.types import NamedType
from clef.inference.unification import prune
from clef.inference.well_known import OBJECT, UNIT
from clef.inference.written_parameters import parameter_of, split_group
from clef.source import Span
from clef.syntax import tree


def _constructor_signature(
    c: Checker, plan: ClassPlan, pattern: tree.Pattern, access: str, span: Span
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
        access=access,
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
            c, plan, primary.pattern, (primary.access or tree.Access.PUBLIC).value, primary.span
        )
    for member in plan.draft.members:
        if isinstance(member, tree.ConstructorMember):
            access = (member.access or tree.Access.PUBLIC).value
            if has_attribute(member.attributes, "Protected"):
                access = "protected"
            signature, parts = _constructor_signature(c, plan, member.pattern, access, member.span)
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
    find_captured(plan)
    first = len(c.file.initialisations)
    primary = node.constructor if isinstance(node, tree.TypeDefinition) else None
    if primary is None or plan.primary is None:
        _static_parts(c, plan)
        define_start(c, draft, first)
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
        capture_pattern(c, plan, part, local, steps)
    inherited = [one for one in draft.members if isinstance(one, tree.InheritMember)]
    unborn = Unborn(c, primary.self_name, [*inherited])
    steps.append(_base_call(c, plan, local))
    steps += [effect_first(one) for one in unborn.born()]
    unborn.forget()
    _parts(c, plan, local, steps, primary.span)
    define_start(c, draft, first)
    body: typed.Expression = unit(primary.span)
    for step in reversed(steps):
        body = step(body)
    body = started(draft, unborn.around(body))
    c.cls.self_local = None
    c.cls.in_constructor = False
    c.file.definitions[plan.primary.symbol] = typed.Definition(
        plan.primary.symbol, draft.signature.parameters, parameters, UNIT, body, primary.span
    )


def _parts(c: Checker, plan: ClassPlan, this: typed.Local, steps: list[Wrap], span: Span) -> None:
    """`let`, `do` and `member val` in order; behind the last of those that fill the object it is
    complete."""
    members = plan.draft.members
    done = effect_first(completed(c, plan.draft.signature, this, span))
    last = max((at for at, one in enumerate(members) if sets_up(one)), default=-1)
    if last < 0:
        steps.append(done)
    for at, member in enumerate(members):
        _initialise(c, plan, member, this, steps)
        if at == last:
            steps.append(done)


def _base_call(c: Checker, plan: ClassPlan, this: typed.Local) -> Wrap:
    for member in plan.draft.members:
        if isinstance(member, tree.InheritMember):
            base = prune(annotation(c, member.inherit.type))
            if isinstance(base, NamedType):
                span = member.span
                argument = member.inherit.argument
                if argument is None:
                    argument = tree.Constant(span, None, tree.LiteralKind.UNIT)
                return effect_first(construct_base(c, base, argument, this, span))
    base_type = plan.draft.signature.base
    if base_type is not None and base_type.symbol != OBJECT.symbol:
        span = plan.draft.node.span
        argument = tree.Constant(span, None, tree.LiteralKind.UNIT)
        if plan.draft.signature.kind == "class":
            return effect_first(construct_base(c, base_type, argument, this, span))
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
    if signature is None:
        return unit(span)
    if base.symbol == OBJECT.symbol:
        check(c, argument, UNIT, Reason("an object is made of nothing", span))
        return unit(span)
    if signature.kind != "class" and signature.kind != "builtin":
        from clef.diagnostics.typing import InvalidInheritance

        c.report(InvalidInheritance(span, signature.name, "cannot be inherited from"))
        return unit(span)
    if ".ctor" not in signature.members:
        return unit(span)
    was_abstract, signature.is_abstract = signature.is_abstract, False
    made = construct(c, signature, base, argument, span, None, True)
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
        let_member(c, plan, member, this, steps)
    elif isinstance(member, tree.DoMember):
        if member.is_static:
            _static_do(c, plan, member)
        else:
            steps.append(effect_first(statement(c, member.expression)))
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
        steps.append(effect_first(typed.FieldSet(UNIT, member.span, target, owner, backing, value)))


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
            let_member(c, plan, member, None, steps)
        elif isinstance(member, tree.DoMember) and member.is_static:
            _static_do(c, plan, member)
        elif isinstance(member, tree.AutoPropertyMember) and member.is_static:
            _auto_property(c, plan, member, None, steps)
    c.implicit_types = outer


# Other constructors -------------------------------------------------------------------------------
