"""Which parameters are borrowed: looked at by the callee, given up by the caller.

Comes in: the program, layouts, guaranteed tail calls. Goes out: `borrowed_parameters` of every
function plan. Promises: a parameter is borrowed only when neither it nor a part of it is kept
anywhere below; functions that are called by their address keep the convention that everything is
owned; a parameter of a loop is borrowed when it is always a part of something borrowed outside; a
guaranteed tail call never leaves a caller with something to give up. The largest such set, but
without parameters that are taken apart where cells of the same size are made: if nobody else has
them, their cells are used again.
"""

from __future__ import annotations

from clef.coeffects import Coeffects
from clef.data_classes import dataclass, field
from clef.memory_plan.borrowing import is_changing, is_mutable_field, source_of
from clef.memory_plan.layouts import LayoutState, layout_of
from clef.memory_plan.operands import operands
from clef.memory_plan.plan import Plan
from clef.typed_core.core import (
    Call,
    Construct,
    Dispatcher,
    Expression,
    Function,
    GlobalRead,
    Join,
    Jump,
    Label,
    Let,
    Local,
    MonoType,
    Program,
    Project,
    Variable,
)
from clef.typed_core.nodes import nodes, parts

Parameter = tuple[str, int]
"""A function and the id of one of its parameters, or of a parameter of a join point in it; a
dispatcher and the index of a parameter."""
ALWAYS: Parameter = ("", 0)
"""What lives for ever."""


@dataclass(slots=True)
class _Inference:
    """`owned`: parameters that are known to be owned. `implies`: when the first is owned, so are
    these. `joins`: the join points with parameters, and the function of each.
    """

    program: Program
    plan: Plan
    layouts: LayoutState
    coeffects: Coeffects
    eligible: set[str]
    owned: list[Parameter] = field(default_factory=list[Parameter])
    implies: dict[Parameter, list[Parameter]] = field(
        default_factory=dict[Parameter, list[Parameter]]
    )
    joins: list[tuple[str, Join]] = field(default_factory=list[tuple[str, Join]])


def find_borrowed_parameters(
    program: Program, plan: Plan, layouts: LayoutState, coeffects: Coeffects, special: set[str]
) -> None:
    """Fill `borrowed_parameters`, and `borrowed_by` of the plan; `special` are functions that
    others call by convention.
    """
    by_address = set(plan.closures) | special
    inference = _Inference(program, plan, layouts, coeffects, set(program.functions) - by_address)
    for function in program.functions.values():
        _read_function(inference, function)
    for dispatcher in program.dispatchers.values():
        _read_dispatcher(inference, dispatcher)
    owned = _close(inference)

    def borrowed(name: str, parameters: list[Local]) -> frozenset[int]:
        return frozenset(
            index
            for index, local in enumerate(parameters)
            if (name, local.id) not in owned and layout_of(layouts, local.type).is_counted
        )

    for name in inference.eligible:
        found = borrowed(name, program.functions[name].parameters)
        plan.functions[name].borrowed_parameters = found
    for name, dispatcher in program.dispatchers.items():
        plan.dispatchers_borrow[name] = frozenset(
            index
            for index, type in enumerate(dispatcher.parameters)
            if (name, index) not in owned and layout_of(layouts, type).is_counted
        )
    for name, join in inference.joins:
        found = borrowed(name, join.parameters)
        if found:
            plan.borrowed_by[join.label] = found


def _close(inference: _Inference) -> set[Parameter]:
    owned = set(inference.owned)
    work = list(owned)
    while work:
        for other in inference.implies.get(work.pop(), ()):
            if other not in owned:
                owned.add(other)
                work.append(other)
    return owned


@dataclass(slots=True)
class _Body:
    """One function. `origin`: the parameter that a local is, or is a part of. `made`: the sizes of
    the cells that it makes. `lent`: the parameters of its join points.
    """

    function: Function
    origin: dict[int, Parameter] = field(default_factory=dict[int, Parameter])
    made: set[int] = field(default_factory=set[int])
    lent: set[Parameter] = field(default_factory=set[Parameter])
    targets: dict[Label, Join] = field(default_factory=dict[Label, Join])


def _read_function(inference: _Inference, function: Function) -> None:
    """Note what happens to the parameters and their parts, and what is passed to others."""
    body = _Body(function, made=_made(inference, function))
    if function.name in inference.eligible:
        for local in function.parameters:
            body.origin[local.id] = (function.name, local.id)
    tails = inference.plan.functions[function.name].tail_calls
    stack: list[Expression] = [function.body]
    while stack:
        node = stack.pop()
        if isinstance(node, Let):
            stack.append(node.body)
            if _is_part(inference, body, node):
                continue
            stack.append(node.value)
            continue
        if isinstance(node, Join):
            _enter_join(inference, body, node)
        stack.extend(parts(node))
        if isinstance(node, Call) and _is_eligible(inference, node.function):
            _read_call(inference, body, node, node.id in tails)
        elif isinstance(node, Jump):
            _read_jump(inference, body, node)
        else:
            _read_operands(inference, body, node)


def _is_eligible(inference: _Inference, name: str) -> bool:
    return name in inference.eligible or name in inference.program.dispatchers


def _made(inference: _Inference, function: Function) -> set[int]:
    made = {(node.type, node.case) for node in nodes(function.body) if isinstance(node, Construct)}
    return set[int]().union(*(_sizes(inference, type, case) for type, case in made))


def _sizes(inference: _Inference, type: MonoType, case: int) -> set[int]:
    """The size of a record's or union case's cell, equal sizes are used again; cases without
    fields have none.
    """
    shape = inference.program.shapes.get(type)
    if shape is None or shape.kind not in ("record", "union"):
        return set()
    cell = layout_of(inference.layouts, type).cells.get(case)
    return set() if cell is None else {cell.size}


def _enter_join(inference: _Inference, body: _Body, join: Join) -> None:
    body.targets[join.label] = join
    if not join.parameters:
        return
    inference.joins.append((body.function.name, join))
    for local in join.parameters:
        if not layout_of(inference.layouts, local.type).is_counted:
            continue
        body.origin[local.id] = (body.function.name, local.id)
        body.lent.add((body.function.name, local.id))


def _is_part(inference: _Inference, body: _Body, let: Let) -> bool:
    """Whether the Let only gives a name to a parameter or a part of one."""
    if let.local.is_mutable:
        return False
    value = let.value
    if isinstance(value, GlobalRead) and value.symbol not in inference.coeffects.mutated_globals:
        body.origin[let.local.id] = ALWAYS
        return True
    source = source_of(value)
    if source is None or source.id not in body.origin:
        return False
    if isinstance(value, Project):
        if not body.made.isdisjoint(_sizes(inference, value.owner, value.case)):
            inference.owned.append(body.origin[source.id])
        facts = (inference.program, inference.coeffects, value)
        if is_mutable_field(*facts) or is_changing(*facts):
            return True  # looks at the object, and counts up what it reads
    if layout_of(inference.layouts, let.local.type).is_counted:
        body.origin[let.local.id] = body.origin[source.id]
    return True


def _read_operands(inference: _Inference, body: _Body, node: Expression) -> None:
    for atom, consumed in operands(inference.program, inference.plan, node):
        if consumed and isinstance(atom, Variable) and atom.local.id in body.origin:
            source = body.origin[atom.local.id]
            # What a search finds is counted once, at its end.
            if not (isinstance(node, Variable) and source in body.lent):
                inference.owned.append(source)


def _read_dispatcher(inference: _Inference, dispatcher: Dispatcher) -> None:
    """A parameter is borrowed by all targets or by none; values that are taken out of their box
    for the call are owned.
    """
    for type, name in dispatcher.targets:
        function = inference.program.functions[name]
        is_unboxed = layout_of(inference.layouts, type).box is not None
        for index, local in enumerate(function.parameters):
            here, there = (dispatcher.name, index), (name, local.id)
            if name not in inference.eligible:
                inference.owned.append(here)
            elif index == 0 and is_unboxed and local.type is type:
                inference.owned += [here, there]
            else:
                inference.implies.setdefault(here, []).append(there)
                inference.implies.setdefault(there, []).append(here)


def _targets_of(inference: _Inference, name: str) -> list[Parameter]:
    function = inference.program.functions.get(name)
    if function is None:
        return [
            (name, index) for index in range(len(inference.program.dispatchers[name].parameters))
        ]
    return [(name, local.id) for local in function.parameters]


def _read_call(inference: _Inference, body: _Body, node: Call, is_tail: bool) -> None:
    targets = _targets_of(inference, node.function)
    for target, atom in zip(targets, node.arguments, strict=True):
        if not isinstance(atom, Variable):
            continue
        source = body.origin.get(atom.local.id)
        if source is not None and source != ALWAYS:
            inference.implies.setdefault(target, []).append(source)
            if is_tail:
                inference.implies.setdefault(source, []).append(target)
        elif is_tail and source is None:
            inference.owned.append(target)


def _read_jump(inference: _Inference, body: _Body, node: Jump) -> None:
    """A borrowed parameter of a loop is always a part of something borrowed outside the loop."""
    join = body.targets[node.label]
    for parameter, atom in zip(join.parameters, node.arguments, strict=True):
        if not isinstance(atom, Variable):
            continue
        target = (body.function.name, parameter.id)
        source = body.origin.get(atom.local.id)
        if source is None or parameter.is_mutable:
            inference.owned.append(target)
        elif source != ALWAYS:
            inference.implies.setdefault(target, []).append(source)
            inference.implies.setdefault(source, []).append(target)
