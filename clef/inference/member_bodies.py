"""Bodies of members.

Comes in: planned members. Goes out: their definitions. Promises: members whose heads are not fully
annotated are generalised
after all bodies of their type are checked, those that share type variables together.
"""

from __future__ import annotations

from clef.inference import typed_tree as typed
from clef.inference.attributes import has_attribute, text_argument, typed_attributes
from clef.inference.bindings import curried, demand_irrefutable
from clef.inference.constants import NOT_CONSTANT, fold_property
from clef.inference.early_uses import (
    open_types,
    settle_early_uses,
    share_early_uses,
    tell_body,
)
from clef.inference.expressions.dispatch import check, failed
from clef.inference.expressions.functions import unit_or_tuple
from clef.inference.generalisation import free_variables, generalise, traits_on
from clef.inference.initialisation import guarded
from clef.inference.member_signatures import Plan
from clef.inference.patterns import check_pattern, optional_parameter
from clef.inference.signatures import MemberSignature
from clef.inference.state import Checker, LocalEntry, Reason
from clef.inference.type_shells import Draft
from clef.inference.type_starts import started
from clef.inference.types import ParameterType, Type, TypeParameter, TypeVariable
from clef.inference.written_parameters import strip_pattern
from clef.names.entities import LocalResolution
from clef.source import Span
from clef.syntax import tree


def bind_this(
    c: Checker, name: tree.Name | None, type: Type, span: Span
) -> tuple[typed.Local, typed.Pattern]:
    """The object's local, under the name that the member gives it."""
    local = c.local(name.text if name is not None else "this", type, name.span if name else span)
    if name is not None:
        resolution = c.table.get(name)
        if isinstance(resolution, LocalResolution):
            c.locals[resolution.binder] = LocalEntry(local)
    return local, typed.VariablePattern(type, span, local)


def _also_constructors_name(c: Checker, draft: Draft, local: typed.Local) -> None:
    """`type T() as self` names the object in members as well."""
    constructor = draft.node.constructor if isinstance(draft.node, tree.TypeDefinition) else None
    if constructor is not None and constructor.self_name is not None:
        resolution = c.table.get(constructor.self_name)
        if isinstance(resolution, LocalResolution):
            c.locals[resolution.binder] = LocalEntry(local)


def member_parameter(c: Checker, pattern: tree.Pattern, type: Type) -> typed.Pattern:
    """One parameter; an optional one is bound as an option."""
    inner = strip_pattern(pattern)
    if isinstance(inner, tree.TypedPattern):
        inner = strip_pattern(inner.pattern)
    if isinstance(inner, tree.OptionalPattern):
        return optional_parameter(c, inner, type)
    found = check_pattern(c, pattern, type)
    demand_irrefutable(c, found)
    return found


def check_plan(c: Checker, draft: Draft, plan: Plan, self_type: Type | None = None) -> None:
    """Check one member's body and enter its definition."""
    member = plan.signature
    outer_scope, outer_implicit = c.type_scope, c.implicit_types
    c.type_scope, c.implicit_types = dict(plan.type_scope), plan.implicit
    if plan.is_full:  # its type variables are parameters already: no binding inside brings them
        c.type_scope.update(plan.implicit)
        c.implicit_types = {}
    c.level += 1
    assert c.cls is not None
    outer_self = c.cls.self_local
    parameters = _parameters(c, draft, plan, self_type)
    intrinsic = text_argument(plan.attributes, "Intrinsic")
    body = failed(plan.span) if intrinsic is not None else _body(c, draft, plan)
    c.level -= 1
    c.type_scope, c.implicit_types = outer_scope, outer_implicit
    c.cls.self_local = outer_self
    c.file.definitions[member.symbol] = typed.Definition(
        member.symbol,
        (*draft.signature.parameters, *member.type_parameters),
        parameters,
        member.result,
        body,
        plan.span,
        is_inline=member.is_inline,
        is_static=member.is_static,
        intrinsic=intrinsic,
        attributes=typed_attributes(c, plan.attributes),
    )
    if has_attribute(plan.attributes, "Literal"):
        value = fold_property(c, body)
        member.literal = None if value is NOT_CONSTANT else value


def _parameters(
    c: Checker, draft: Draft, plan: Plan, self_type: Type | None
) -> list[typed.Pattern]:
    """The object's name and the parameters, entered into the scope."""
    assert c.cls is not None
    found: list[typed.Pattern] = []
    if not plan.signature.is_static:
        owner = self_type if self_type is not None else draft.signature.self_type()
        local, pattern = bind_this(c, plan.this, owner, plan.span)
        found.append(pattern)
        _also_constructors_name(c, draft, local)
        c.cls.self_local = local
    for group, patterns in zip(plan.signature.groups, plan.arguments, strict=False):
        for parameter, pattern_node in zip(group, patterns, strict=False):
            found.append(member_parameter(c, pattern_node, parameter.type))
    return found


def _body(c: Checker, draft: Draft, plan: Plan) -> typed.Expression:
    member = plan.signature
    assert c.cls is not None
    block, c.block = c.block, None
    constructing, c.constructing = c.constructing, None
    outer_inline, c.in_inline = c.in_inline, member.is_inline
    outer_caller, c.caller = c.caller, member.property or member.name
    body = check(c, plan.body, member.result, _why(plan))
    c.caller = outer_caller
    c.block, c.constructing, c.in_inline = block, constructing, outer_inline
    if c.cls.signature is draft.signature:  # extensions see what anybody sees
        body = guarded(c, draft.signature, None if member.is_static else c.cls.self_local, body)
        body = started(draft, body) if member.is_static else body
    return body


def _why(plan: Plan) -> Reason | None:
    """Why the body has the type that it is expected to have."""
    if plan.return_type is not None:
        return Reason("because of the annotation here", plan.return_type.span)
    if plan.slot:
        return Reason("the member that it implements gives this type", plan.span)
    return None


def check_plans(c: Checker, draft: Draft, plans: list[Plan], self_type: Type | None = None) -> None:
    """Check members in order; those that wait for no unchecked member become generic at once."""
    checked: dict[str, Plan] = {}
    uses: dict[str, set[str]] = {}
    for plan in plans:
        symbol = plan.signature.symbol
        first_pending = len(c.pending)
        counts = {other: len(found) for other, found in c.member_uses.items()}
        first_constraint = len(c.constraint_uses)
        tell_body(c, plan.signature)
        check_plan(c, draft, plan, self_type)
        plan.traits = c.pending[first_pending:]
        uses[symbol] = {
            other
            for other, count in counts.items()
            if other != symbol and len(c.member_uses.get(other, ())) > count
        }
        uses[symbol] |= set(c.constraint_uses[first_constraint:]) - {symbol}
        _finish_alone(c, plan, bool(uses[symbol]), first_pending)
        if symbol not in c.member_uses:
            continue
        checked[symbol] = plan
        for group in _settled(c, checked, uses):
            for part in _used_first(_connected(c, group), uses):
                _close(c, part)
            for one in group:
                del checked[one.signature.symbol]


def _finish_alone(c: Checker, plan: Plan, waits: bool, first_pending: int) -> None:
    """Members that need no others: those with full heads, and inline ones, unless they use what is
    still open."""
    member = plan.signature
    is_inline = member.is_inline or has_attribute(plan.attributes, "Inline")
    if plan.is_full and not member.is_inline:
        generalise(c, [], False, True, (), first_pending)
    elif is_inline and waits:
        c.member_uses.setdefault(member.symbol, [])
    elif is_inline:
        _close(c, [plan])


def _settled(c: Checker, checked: dict[str, Plan], uses: dict[str, set[str]]) -> list[list[Plan]]:
    """Groups of checked members that use each other and nothing that is still unchecked."""
    neighbours: dict[str, set[str]] = {symbol: set() for symbol in checked}
    blocked: set[str] = set()
    for symbol in checked:
        for other in uses[symbol]:
            if other in checked:
                neighbours[symbol].add(other)
                neighbours[other].add(symbol)
            elif other in c.member_uses:
                blocked.add(symbol)
    groups: list[list[Plan]] = []
    seen: set[str] = set()
    for start in checked:
        if start in seen:
            continue
        stack, group = [start], list[str]()
        seen.add(start)
        while stack:
            here = stack.pop()
            group.append(here)
            for other in neighbours[here] - seen:
                seen.add(other)
                stack.append(other)
        if not blocked.intersection(group):
            groups.append([checked[symbol] for symbol in checked if symbol in group])
    return groups


def _used_first(parts: list[list[Plan]], uses: dict[str, set[str]]) -> list[list[Plan]]:
    """What others use becomes generic before them: then it is known what their uses give."""
    left, ordered = list(parts), list[list[Plan]]()
    while left:
        symbols = {id(part): {one.signature.symbol for one in part} for part in left}

        def waits(part: list[Plan], symbols: dict[int, set[str]] = symbols) -> bool:
            used = set[str]().union(*(uses[one.signature.symbol] for one in part))
            return any(used & own for other, own in symbols.items() if other != id(part))

        ordered.append(next((part for part in left if not waits(part)), left[0]))
        left = [part for part in left if part is not ordered[-1]]
    return ordered


def generalise_plans(c: Checker, plans: list[Plan]) -> None:
    """Generalise what is not generic yet: members of all types that are defined together."""
    waiting = [p for p in plans if p.signature.symbol in c.member_uses]
    share_early_uses(c, [one.signature for one in waiting])
    for group in _connected(c, waiting):
        _close(c, group)


def _connected(c: Checker, plans: list[Plan]) -> list[list[Plan]]:
    """Plans that share unsolved variables belong together."""
    groups: list[tuple[set[int], list[Plan]]] = []
    for plan in plans:
        variables: list[TypeVariable] = []
        seen: set[int] = set()
        for type in open_types(plan.signature):
            free_variables(type, variables, seen)
        own = {v.id for v in variables if v.level > c.level}
        joined = [g for g in groups if g[0] & own]
        members = [plan]
        for ids, others in joined:
            own |= ids
            members = others + members
        groups = [g for g in groups if not (g[0] & own)]
        groups.append((own, members))
    return [members for _, members in groups]


def _as_function(member: MemberSignature) -> Type:
    """The type of a member as that of a function, whose parameters it condenses."""
    groups = [unit_or_tuple([one.type for one in group]) for group in member.groups]
    return curried(groups, member.result)


def _close(c: Checker, group: list[Plan]) -> None:
    """All members of the group get the same parameters, and the constraints that arose in them or
    that earlier members put on their types."""
    types = [_as_function(plan.signature) for plan in group]
    own = {id(trait) for plan in group for trait in plan.traits}
    own |= {id(trait) for trait in traits_on(c, types)}
    others = [trait for trait in c.pending if id(trait) not in own]
    c.pending[:] = [*others, *[trait for trait in c.pending if id(trait) in own]]
    declared: tuple[TypeParameter, ...] = ()
    for plan in group:
        declared = (*declared, *plan.signature.type_parameters)
    parameters = generalise(
        c,
        types,
        any(p.signature.is_inline for p in group),
        True,
        declared,
        len(others),
    )
    arguments = tuple(ParameterType(p) for p in parameters)
    for plan in group:
        member = plan.signature
        before = len(member.type_parameters)
        member.type_parameters = parameters
        definition = c.file.definitions.get(member.symbol)
        if definition is not None:
            definition.type_parameters = (*member.owner_parameters, *parameters)
        chosen = settle_early_uses(c, member, parameters[before:])
        for use in c.member_uses.pop(member.symbol, ()):
            added = chosen.get(id(use), arguments[before:])
            if isinstance(use, typed.MethodCall):
                use.type_arguments = (*use.type_arguments, *added)
            else:
                use.method_type_arguments = (*use.method_type_arguments, *added)
