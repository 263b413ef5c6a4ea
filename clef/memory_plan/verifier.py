"""An independent check of ownership: plays every path of a function with the plan's operations.

Comes in: a program and its plan. Goes out: complaints, none when all is well. Promises: it shares
no code with the planner beyond the table of operands. On every path, the exceptional ones included:
an owned value is consumed exactly once, nothing is used after it was given up, all jumps to a join
point bring the same owned values, and nothing is left at the end. A token that may hold a block is
owned like a value, but paths that meet may differ in it; it never gets a second block, and what is
made of it has its size.
"""

from __future__ import annotations

from clef.data_classes import dataclass, field
from clef.memory_plan.operands import gives_borrowed, operands
from clef.memory_plan.plan import ENVIRONMENT, FunctionPlan, Plan
from clef.typed_core.core import (
    Assign,
    Construct,
    Expression,
    Function,
    If,
    Join,
    Jump,
    Let,
    Local,
    MakeClosure,
    Program,
    Project,
    Raise,
    Switch,
    TryWith,
    Variable,
)

Owned = frozenset[int]


@dataclass(slots=True)
class _Check:
    program: Program
    plan: Plan
    tables: FunctionPlan
    complaints: list[str] = field(default_factory=list[str])
    labels: dict[int, Owned] = field(default_factory=dict[int, Owned])
    handlers: list[set[Owned]] = field(default_factory=list[set[Owned]])
    moved: set[int] = field(default_factory=set[int])  # locals that get a field of a taken value


def verify_plan(program: Program, plan: Plan) -> list[str]:
    """Every complaint about every function."""
    complaints: list[str] = []
    for function in program.functions.values():
        complaints += verify_function(program, plan, function)
    return complaints


def verify_function(program: Program, plan: Plan, function: Function) -> list[str]:
    """The complaints about one function."""
    tables = plan.functions[function.name]
    check = _Check(program, plan, tables)
    check.moved.update(local.id for take in tables.takes.values() for _, local in take.moved)
    owned = {local.id for local in function.parameters if _owns(check, local)}
    if tables.in_environment:
        owned.add(ENVIRONMENT)
    start = _drop(check, frozenset(owned), tables.entry, "entry")
    left = _run(check, function.body, start)
    if left:
        _complain(check, f"still owned at the end: {_names(check, left)}")
    return check.complaints


def _complain(check: _Check, text: str) -> None:
    check.complaints.append(f"{check.tables.function}: {text}")


def _names(check: _Check, owned: Owned) -> str:
    locals_ = check.tables.locals
    return ", ".join(
        f"{locals_[item].name if item in locals_ else ''}%{item}" for item in sorted(owned)
    )


def _counted(check: _Check, local: Local) -> bool:
    return check.plan.layouts[local.type].is_counted


def _owns(check: _Check, local: Local) -> bool:
    return _counted(check, local) and local.id not in check.tables.borrowed


def _drop(check: _Check, owned: Owned, dropped: list[int], where: str) -> Owned:
    for identity in dropped:
        if identity not in owned:
            _complain(check, f"{where}: drops what it does not own: %{identity}")
        owned -= {identity}
    return owned


# Playing a path -----------------------------------------------------------------------------------


def _run(check: _Check, expression: Expression, owned: Owned) -> Owned | None:
    """What is owned after an expression (its result apart); `None` when it never ends there."""
    while isinstance(expression, Let):
        owned = _before(check, expression, owned)
        if isinstance(expression.value, Variable) and expression.local.id in check.tables.borrowed:
            _use(check, expression.value, owned)  # another name for the same reference
        else:
            after = _run(check, expression.value, owned)
            if after is None:
                return None
            owned = _bind(check, expression, after)
        expression = expression.body
    owned = _before(check, expression, owned)
    match expression:
        case If():
            _use(check, expression.condition, owned)
            return _merge(check, [expression.then, expression.otherwise], owned)
        case Switch():
            _use(check, expression.scrutinee, owned)
            branches = [branch for _, branch in expression.branches]
            if expression.default is not None:
                branches.append(expression.default)
            return _merge(check, branches, owned)
        case Join():
            return _run_join(check, expression, owned)
        case TryWith():
            return _run_try(check, expression, owned)
        case _:
            return _run_simple(check, expression, owned)


def _before(check: _Check, expression: Expression, owned: Owned) -> Owned:
    dropped = check.tables.before.get(expression.id, [])
    return _drop(check, owned, dropped, f"before {expression.id}")


def _bind(check: _Check, let: Let, owned: Owned) -> Owned:
    local = let.local
    if not _owns(check, local):
        return owned
    if local.id in owned:
        _complain(check, f"bound while owned: %{local.id}")
    value = let.value
    is_lent = gives_borrowed(value) and value.id not in check.tables.keep
    if is_lent and local.id not in check.moved:
        _complain(check, f"%{local.id} owns what was only lent")
    return owned if let.id in check.tables.unused else owned | {local.id}


def _merge(check: _Check, branches: list[Expression], owned: Owned) -> Owned | None:
    ends = [end for branch in branches if (end := _run(check, branch, owned)) is not None]
    return _meet(check, ends, "branches differ in") if ends else None


def _meet(check: _Check, ends: list[Owned], complaint: str) -> Owned:
    """What is owned where paths meet: values by all of them, blocks perhaps by some."""
    values = ends[0].difference(check.tables.tokens)
    for end in ends[1:]:
        other = end.difference(check.tables.tokens)
        if other != values:
            _complain(check, f"{complaint} {_names(check, other ^ values)}")
    return values.union(*(end & check.tables.tokens.keys() for end in ends))


def _run_join(check: _Check, node: Join, owned: Owned) -> Owned | None:
    after = _run(check, node.body, owned)
    arriving = check.labels.get(node.label.id)
    if arriving is None:
        return after
    parameters = {local.id for local in node.parameters if _owns(check, local)}
    end = _run(check, node.continuation, frozenset(arriving | parameters))
    last = check.labels.pop(node.label.id)
    if node.is_loop and last != arriving:
        _complain(check, f"loop {node.label.id}: takes along {_names(check, last - arriving)}")
    ends = [one for one in (end, after) if one is not None]
    return _meet(check, ends, f"join {node.label.id}: ends differ in") if ends else None


def _run_try(check: _Check, node: TryWith, owned: Owned) -> Owned | None:
    check.handlers.append(set())
    after = _run(check, node.body, owned)
    arriving = check.handlers.pop()
    if len(arriving) > 1:
        _complain(check, f"handler {node.id}: reached with different values")
    for state in sorted(arriving, key=sorted)[:1]:
        inside = state | {node.local.id} if _owns(check, node.local) else state
        end = _run(check, node.handler, inside)
        ends = [one for one in (end, after) if one is not None]
        after = _meet(check, ends, f"handler {node.id}: ends differ in") if ends else None
    return after


def _jump(check: _Check, node: Jump, owned: Owned) -> None:
    expected = check.labels.setdefault(node.label.id, owned)
    if expected != owned:
        both = [expected, owned]
        check.labels[node.label.id] = _meet(check, both, f"jump {node.id}: differs in")


def _run_simple(check: _Check, node: Expression, owned: Owned) -> Owned | None:
    tables = check.tables
    owned = _take_operands(check, node, owned)
    owned = _drop(check, owned, tables.between.get(node.id, []), f"between {node.id}")
    if node.id in tables.raising:
        _raise(check, node, owned)
    if isinstance(node, Jump):
        _jump(check, node, owned)
        return None
    if isinstance(node, Raise):
        return None
    if isinstance(node, Assign) and _counted(check, node.local):
        if node.local.id in owned:
            _complain(check, f"assignment {node.id} overwrites an owned value")
        owned |= {node.local.id}
    if node.id not in tables.takes and not gives_borrowed(node):
        _check_not_kept(check, node)
    if node.id in tables.takes:
        owned = _take_apart(check, node, owned)
    if node.id in tables.reuses:
        owned = _reuse(check, node, owned)
    return _drop(check, owned, tables.after.get(node.id, []), f"after {node.id}")


def _take_apart(check: _Check, node: Expression, owned: Owned) -> Owned:
    """The value is owned, and so are the locals that are given its fields now; the last of them
    gets its own with this projection."""
    take = check.tables.takes[node.id]
    if take.holder.id not in owned:
        _complain(check, f"take {node.id}: not owned")
    last = node.index if isinstance(node, Project) else -1
    for index, local in take.moved:
        if index != last and local.id not in owned:
            _complain(check, f"take {node.id} moves a field to %{local.id}, which is gone")
    given = check.tables.gives.get(node.id)
    if given is None:
        return owned - {take.holder.id}
    cells = check.plan.layouts[take.owner].cells
    if given in owned:
        _complain(check, f"take {node.id} gives a block to %{given}, which has one")
    if take.case not in cells or cells[take.case].size != check.tables.tokens[given]:
        _complain(check, f"take {node.id} gives a block of another size")
    return owned - {take.holder.id} | {given}


def _reuse(check: _Check, node: Expression, owned: Owned) -> Owned:
    token = check.tables.reuses[node.id]
    if token not in owned:
        _complain(check, f"node {node.id} uses the block of %{token}, which has none")
    size = -1
    if isinstance(node, MakeClosure):
        size = check.plan.closures[node.function].cell.size
    elif isinstance(node, Construct):
        cells = check.plan.layouts[node.type].cells
        size = cells[node.case if node.case in cells else -1].size
    if size != check.tables.tokens[token]:
        _complain(check, f"node {node.id} uses a block of another size")
    return owned - {token}


def _check_not_kept(check: _Check, node: Expression) -> None:
    if node.id in check.tables.keep:
        _complain(check, f"node {node.id} counts up a value that is its own")


def _raise(check: _Check, node: Expression, owned: Owned) -> None:
    dropped = check.tables.exceptional.get(node.id, [])
    left = _drop(check, owned, dropped, f"exceptional {node.id}")
    if check.handlers:
        check.handlers[-1].add(left)
    elif left:
        _complain(check, f"node {node.id}: owned when it raises: {_names(check, left)}")


def _take_operands(check: _Check, node: Expression, owned: Owned) -> Owned:
    for atom, consumed in operands(check.program, check.plan, node):
        if not isinstance(atom, Variable):
            continue
        _use(check, atom, owned)
        if not consumed or not _counted(check, atom.local):
            continue
        if atom.id in check.tables.duplicate:
            continue
        if atom.local.id in check.tables.borrowed:
            _complain(check, f"use {atom.id} moves a borrowed value")
        owned -= {atom.local.id}
    return owned


def _use(check: _Check, atom: Expression, owned: Owned) -> None:
    """Whatever is used must be alive."""
    if not isinstance(atom, Variable):
        return
    roots = check.tables.roots.get(atom.local.id)
    needed = set(roots) if roots is not None else set[int]()
    if roots is None and _counted(check, atom.local):
        needed.add(atom.local.id)
    for missing in needed - owned:
        _complain(check, f"use {atom.id} of %{atom.local.id}: %{missing} is gone")
