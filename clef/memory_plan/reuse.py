"""Cells that are used again: what comes apart gives its block to what is made next.

Comes in: a function with its ownership tables. Goes out: `tokens`, `gives` and `reuses`; what a
path does not need is given up in `before` and `exceptional`. Promises: a token holds nothing or one
block that nobody else knows, of exactly its size; every path uses or gives up what a token holds
before the token can get another, before the function ends, and before a loop goes round; a token
lives in one frame, so that a call of a function holds back no more blocks than the function has
tokens. The method is that of Lorenzen and Leijen (Reference counting with frame-limited reuse, ICFP
2022), guided by what is made: a backward walk counts for each size how many blocks are wanted, the
last wanted first; a forward walk finds which wishes can come true.
"""

from __future__ import annotations

from clef.data_classes import dataclass, field
from clef.memory_plan.layouts import LayoutState, layout_of
from clef.memory_plan.plan import ENVIRONMENT, FunctionPlan, Plan
from clef.typed_core.core import (
    Construct,
    Expression,
    Function,
    If,
    Join,
    Jump,
    Let,
    MakeClosure,
    Raise,
    Switch,
    TryWith,
)

MOST = 4
"""So many blocks of one size are held back at once."""
Wants = dict[int, int]
"""For each size how many blocks are wanted."""
Held = frozenset[int]
"""The tokens that may hold a block."""


@dataclass(slots=True)
class _State:
    """`floor`: what is wanted behind the innermost loop or handler, which the code inside leaves
    alone. `caught`: the same for where exceptions go. `labels`: what is wanted at join points;
    `starts`: at the starts of branches. `wished`: the token that a construction asks for.
    `arriving`: what tokens may hold at join points. `kept`: tokens that exceptions leave alone.
    """

    plan: Plan
    layouts: LayoutState
    tables: FunctionPlan
    floor: Wants = field(default_factory=dict[int, int])
    caught: Wants = field(default_factory=dict[int, int])
    labels: dict[int, Wants] = field(default_factory=dict[int, Wants])
    starts: dict[int, Wants] = field(default_factory=dict[int, Wants])
    wished: dict[int, int] = field(default_factory=dict[int, int])
    tokens: dict[tuple[int, int], int] = field(default_factory=dict[tuple[int, int], int])
    places: dict[int, tuple[int, int]] = field(default_factory=dict[int, tuple[int, int]])
    arriving: dict[int, Held] = field(default_factory=dict[int, Held])
    kept: Held = frozenset()


def plan_reuse(plan: Plan, layouts: LayoutState, function: Function, tables: FunctionPlan) -> None:
    """Fill the tables of a function. With several heaps a block must not move to another one."""
    if plan.has_heaps or not tables.takes:
        return
    state = _State(plan, layouts, tables)
    _want(state, function.body, {})
    if not tables.gives:
        return
    _hold(state, function.body, frozenset())
    used = {*tables.gives.values(), *tables.reuses.values()}
    tables.tokens = {token: state.places[token][0] for token in sorted(used, reverse=True)}


def made_size(plan: Plan, layouts: LayoutState, node: Expression) -> int:
    """The size of the cell that a node makes; 0 if it makes none."""
    if isinstance(node, MakeClosure):
        closure = plan.closures[node.function]
        return 0 if closure.is_static else closure.cell.size
    if not isinstance(node, Construct):
        return 0
    layout = layout_of(layouts, node.type)
    if layout.form != "counted" or node.case == layout.null_case >= 0:
        return 0
    case = node.case if node.case in layout.cells else -1
    if node.case >= 0 and case >= 0 and not layout.field_types[case]:
        return 0
    return layout.cells[case].size


def _taken_size(state: _State, node: Expression) -> int:
    """The size of the cell that comes apart after a node."""
    take = state.tables.takes.get(node.id)
    if take is None:
        return 0
    layout = layout_of(state.layouts, take.owner)
    return layout.cells[take.case].size if layout.form == "counted" else 0


def _token(state: _State, size: int, index: int) -> int:
    found = state.tokens.get((size, index))
    if found is None:
        found = state.tokens[size, index] = ENVIRONMENT - 1 - len(state.tokens)
        state.places[found] = (size, index)
    return found


# What is wanted -----------------------------------------------------------------------------------


def _want(state: _State, expression: Expression, after: Wants) -> Wants:
    """From what is wanted after an expression to what is wanted before it."""
    chain: list[Let] = []
    while isinstance(expression, Let):
        chain.append(expression)
        expression = expression.body
    wants = _want_end(state, expression, after)
    for let in reversed(chain):
        wants = _want_end(state, let.value, wants)
    return wants


def _want_end(state: _State, node: Expression, after: Wants) -> Wants:
    match node:
        case Let():
            return _want(state, node, after)
        case If() | Switch():
            return _want_branches(state, branches_of(node), after)
        case Join():
            return _want_join(state, node, after)
        case TryWith():
            outer, caught = state.floor, state.caught
            state.floor = state.caught = after
            _want(state, node.body, after)
            state.caught = caught
            _want(state, node.handler, after)
            state.floor = outer
            return after
        case Jump():
            return state.labels[node.label.id]
        case Raise():
            return state.caught
        case _:
            return _want_simple(state, node, after)


def branches_of(node: If | Switch) -> list[Expression]:
    """The expressions of which one is evaluated."""
    if isinstance(node, If):
        return [node.then, node.otherwise]
    branches = [branch for _, branch in node.branches]
    return branches if node.default is None else [*branches, node.default]


def _want_branches(state: _State, branches: list[Expression], after: Wants) -> Wants:
    wants: Wants = {}
    for branch in branches:
        here = state.starts[branch.id] = _want(state, branch, after)
        for size, count in here.items():
            wants[size] = max(count, wants.get(size, 0))
    return wants


def _want_join(state: _State, node: Join, after: Wants) -> Wants:
    if node.is_loop:
        outer, state.floor = state.floor, after
        state.labels[node.label.id] = after
        _want(state, node.continuation, after)
        state.floor = outer
    else:
        state.labels[node.label.id] = _want(state, node.continuation, after)
    return _want(state, node.body, after)


def _want_simple(state: _State, node: Expression, after: Wants) -> Wants:
    size = made_size(state.plan, state.layouts, node)
    if size:
        count = after.get(size, 0)
        if count - state.floor.get(size, 0) >= MOST:
            return after
        state.wished[node.id] = _token(state, size, count)
        return {**after, size: count + 1}
    size = _taken_size(state, node)
    count = after.get(size, 0) if size else 0
    if count > state.floor.get(size, 0):
        state.tables.gives[node.id] = _token(state, size, count - 1)
        return {**after, size: count - 1}
    return after


# What comes true ----------------------------------------------------------------------------------


def _hold(state: _State, expression: Expression, held: Held) -> Held:
    """From the tokens that may hold a block before an expression to those that may after it."""
    while isinstance(expression, Let):
        held = _hold_end(state, expression.value, held)
        expression = expression.body
    return _hold_end(state, expression, held)


def _hold_end(state: _State, node: Expression, held: Held) -> Held:
    match node:
        case Let():
            return _hold(state, node, held)
        case If() | Switch():
            after: Held = frozenset()
            for branch in branches_of(node):
                after |= _hold(state, branch, _give_up_at(state, branch, held))
            return after
        case Join():
            label = node.label.id
            state.arriving[label] = frozenset()
            after = _hold(state, node.body, held)
            return after | _hold(state, node.continuation, state.arriving[label])
        case TryWith():
            outer, state.kept = state.kept, held
            after = _hold(state, node.body, held)
            state.kept = outer
            return after | _hold(state, node.handler, held)
        case Jump():
            state.arriving[node.label.id] |= held
            return frozenset()
        case _:
            return _hold_simple(state, node, held)


def _give_up_at(state: _State, branch: Expression, held: Held) -> Held:
    """Give up what a branch does not want."""
    wants = state.starts[branch.id]
    dead: list[int] = []
    for token in held:
        size, index = state.places[token]
        if index >= wants.get(size, 0):
            dead.append(token)
    if dead:
        state.tables.before.setdefault(branch.id, []).extend(sorted(dead))
    return held.difference(dead)


def _hold_simple(state: _State, node: Expression, held: Held) -> Held:
    tables = state.tables
    if node.id in tables.raising:
        dead = held - state.kept
        if dead:
            tables.exceptional.setdefault(node.id, []).extend(sorted(dead))
    if isinstance(node, Raise):
        return frozenset()
    token = state.wished.get(node.id)
    if token is not None and token in held:
        tables.reuses[node.id] = token
        return held - {token}
    given = tables.gives.get(node.id)
    return held if given is None else held | {given}
