"""Ownership operations: where references are counted up and where they are given up.

Comes in: a function, its borrowed locals, and which nodes raise. Goes out: the tables of its
`FunctionPlan`. Promises: on every path, the exceptional ones included, every owned value is
consumed exactly once; a value is given up right after its last use, so nothing is left to do after
a tail call. The method is that of Reinking, Xie, de Moura, Leijen (Perceus, PLDI 2021), as one
backward walk over liveness: the last consuming use moves, earlier ones count up.
"""

from __future__ import annotations

from collections.abc import Callable

from clef.data_classes import dataclass, field
from clef.memory_plan.fills import find_fills
from clef.memory_plan.layouts import LayoutState, layout_of
from clef.memory_plan.operands import CONSUME, gives_borrowed, operands
from clef.memory_plan.plan import ENVIRONMENT, FunctionPlan, Plan
from clef.memory_plan.takes import find_takes
from clef.typed_core.core import (
    Assign,
    Expression,
    Function,
    If,
    Join,
    Jump,
    Let,
    Local,
    Program,
    Project,
    Raise,
    Switch,
    TryWith,
    Variable,
    children,
)

Live = set[int]


@dataclass(slots=True)
class _State:
    """`handler`: locals that the enclosing handler needs. `labels`: locals that each join point
    needs besides its parameters. `parts`: what immutable locals were read out of.
    """

    program: Program
    plan: Plan
    layouts: LayoutState
    tables: FunctionPlan
    raises: Callable[[Expression], bool]
    handler: frozenset[int] = frozenset()
    parts: dict[int, Project] = field(default_factory=dict[int, Project])
    labels: dict[int, frozenset[int]] = field(default_factory=dict[int, frozenset[int]])


def plan_ownership(
    program: Program,
    plan: Plan,
    layouts: LayoutState,
    function: Function,
    tables: FunctionPlan,
    raises: Callable[[Expression], bool],
) -> None:
    """Fill the tables of a function."""
    state = _State(program, plan, layouts, tables, raises)
    for parameter in function.parameters:
        tables.locals[parameter.id] = parameter
    live = _visit(state, function.body, set())
    owned = [local.id for local in function.parameters if _is_owned(state, local)]
    if tables.in_environment:
        owned.append(ENVIRONMENT)
    stray = live - set(owned)
    if stray:
        raise AssertionError(f"{function.name}: used outside their scope: {sorted(stray)}")
    tables.entry = [identity for identity in owned if identity not in live]


def _is_owned(state: _State, local: Local) -> bool:
    """Whether the local is a reference that somebody must give up."""
    if local.id in state.tables.roots:
        return False
    return layout_of(state.layouts, local.type).is_counted


def _owners(state: _State, local: Local) -> tuple[int, ...]:
    """The owned locals that must be alive while this one is used."""
    roots = state.tables.roots.get(local.id)
    if roots is not None:
        return roots
    return (local.id,) if layout_of(state.layouts, local.type).is_counted else ()


# The walk -----------------------------------------------------------------------------------------


def _visit(state: _State, expression: Expression, live: Live) -> Live:
    """From the locals needed after an expression to those needed before it. Takes `live` over."""
    chain: list[Let] = []
    while isinstance(expression, Let):
        chain.append(expression)
        state.tables.locals[expression.local.id] = expression.local
        if isinstance(expression.value, Project) and not expression.local.is_mutable:
            state.parts[expression.local.id] = expression.value
        expression = expression.body
    live = _visit_end(state, expression, live)
    for let in reversed(chain):
        _leave_scope(state, let, live)
        if let.local.id not in state.tables.borrowed:
            live = _visit_end(state, let.value, live)
        elif not isinstance(let.value, Variable):  # another name needs nothing done
            live = _visit_end(state, let.value, live)
            state.tables.keep.discard(let.value.id)
    subtypes = state.plan.subtypes
    find_takes(state.tables, state.layouts, state.program, subtypes, state.parts, chain)
    find_fills(state.tables, chain)
    return live


def _leave_scope(state: _State, let: Let, live: Live) -> None:
    if let.local.id in live:
        live.discard(let.local.id)
    elif _is_owned(state, let.local):
        state.tables.unused.add(let.id)


def _visit_end(state: _State, node: Expression, live: Live) -> Live:
    match node:
        case Let():
            return _visit(state, node, live)
        case If():
            branches = [node.then, node.otherwise]
            return _visit_branches(state, node.condition, branches, live)
        case Switch():
            branches = [branch for _, branch in node.branches]
            if node.default is not None:
                branches.append(node.default)
            return _visit_branches(state, node.scrutinee, branches, live)
        case Join():
            return _visit_join(state, node, live)
        case TryWith():
            return _visit_try(state, node, live)
        case Jump():
            return _visit_simple(state, node, set(state.labels[node.label.id]))
        case Raise():
            return _visit_simple(state, node, set(state.handler))
        case _:
            return _visit_simple(state, node, live)


def _visit_branches(
    state: _State, scrutinee: Expression, branches: list[Expression], live: Live
) -> Live:
    before = [_visit(state, branch, set(live)) for branch in branches]
    union: Live = set()
    for needed in before:
        union |= needed
    if isinstance(scrutinee, Variable):
        union.update(_owners(state, scrutinee.local))
    for branch, needed in zip(branches, before, strict=True):
        _drop_before(state, branch, union - needed)
    return union


def _drop_before(state: _State, expression: Expression, dead: set[int]) -> None:
    if dead:
        state.tables.before.setdefault(expression.id, []).extend(sorted(dead))


def _visit_join(state: _State, node: Join, live: Live) -> Live:
    for parameter in node.parameters:
        state.tables.locals[parameter.id] = parameter
    label = node.label.id
    outer = state.labels.get(label)
    free = _Free(state)
    _find_free(free, node.continuation)
    if label in free.labels:
        needed = free.uses - free.bound
        needed.difference_update(parameter.id for parameter in node.parameters)
        needed |= live
        for other in free.labels - {label}:
            needed |= state.labels.get(other, frozenset())
        if free.raises:
            needed |= state.handler
        state.labels[label] = frozenset(needed)
        inside = _visit(state, node.continuation, set(live))
    else:
        inside = _visit(state, node.continuation, set(live))
        needed = inside - {parameter.id for parameter in node.parameters}
        state.labels[label] = frozenset(needed)
    dead = needed - inside
    for parameter in node.parameters:
        if parameter.id not in inside and _is_owned(state, parameter):
            dead.add(parameter.id)
    _drop_before(state, node.continuation, dead)
    before = _visit(state, node.body, live)
    del state.labels[label]
    if outer is not None:
        state.labels[label] = outer
    return before


def _visit_try(state: _State, node: TryWith, live: Live) -> Live:
    state.tables.locals[node.local.id] = node.local
    needed = _visit(state, node.handler, set(live))
    if node.local.id in needed:
        needed.discard(node.local.id)
    elif _is_owned(state, node.local):
        _drop_before(state, node.handler, {node.local.id})
    outer, state.handler = state.handler, frozenset(needed)
    before = _visit(state, node.body, live)
    state.handler = outer
    return before


def _visit_simple(state: _State, node: Expression, live: Live) -> Live:
    tables = state.tables
    parts = operands(state.program, state.plan, node)
    if isinstance(node, Assign) and _is_owned(state, node.local):
        if node.local.id not in live:
            tables.after.setdefault(node.id, []).append(node.local.id)
        live.discard(node.local.id)
    if state.raises(node):
        tables.raising.add(node.id)
        _keep_alive(tables, node, sorted(state.handler), live)
    for atom, consumed in parts:
        if isinstance(atom, Variable) and (not consumed or _is_address(state, atom)):
            _keep_alive(tables, node, _owners(state, atom.local), live)
    if node.id in tables.raising:
        dead = live - state.handler
        if dead:
            tables.exceptional[node.id] = sorted(dead)
    if gives_borrowed(node) and layout_of(state.layouts, node.type).is_counted:
        tables.keep.add(node.id)
    sources: list[int] = []
    for atom, consumed in reversed(parts):
        if consumed == CONSUME and isinstance(atom, Variable):
            _consume(state, atom, live, sources)
    for owner in sources:
        if owner not in live:
            tables.between.setdefault(node.id, []).append(owner)
            live.add(owner)
    return live


def _is_address(state: _State, atom: Variable) -> bool:
    return atom.local.id in state.tables.roots and atom.local.id not in state.tables.borrowed


def _keep_alive(
    tables: FunctionPlan, node: Expression, owners: list[int] | tuple[int, ...], live: Live
) -> None:
    """These locals must outlive the node; those not needed later are dropped right after it."""
    for owner in owners:
        if owner not in live:
            tables.after.setdefault(node.id, []).append(owner)
            live.add(owner)


def _consume(state: _State, use: Variable, live: Live, sources: list[int]) -> None:
    """A consuming use: the last one moves. A borrowed local is counted up; its roots may go."""
    local = use.local
    if local.id in state.tables.borrowed:
        state.tables.duplicate.add(use.id)
        sources.extend(state.tables.roots[local.id])
    elif _is_owned(state, local):
        if local.id in live:
            state.tables.duplicate.add(use.id)
        else:
            live.add(local.id)


# What a loop needs --------------------------------------------------------------------------------


@dataclass(slots=True)
class _Free:
    """What an expression uses, binds, jumps to, and whether it may raise."""

    state: _State
    uses: set[int] = field(default_factory=set[int])
    bound: set[int] = field(default_factory=set[int])
    labels: set[int] = field(default_factory=set[int])
    raises: bool = False


def _find_free(free: _Free, expression: Expression) -> None:
    state = free.state
    stack = [expression]
    while stack:
        node = stack.pop()
        match node:
            case Variable():
                free.uses.update(_owners(state, node.local))
                continue
            case Let() | TryWith():
                free.bound.add(node.local.id)
            case Join():
                free.bound.update(parameter.id for parameter in node.parameters)
            case Jump():
                free.labels.add(node.label.id)
            case _:
                free.raises = free.raises or state.raises(node)
        stack.extend(children(node))
