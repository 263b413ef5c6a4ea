"""Which parameters are borrowed: looked at by the callee, given up by the caller.

Comes in: the program, layouts, guaranteed tail calls. Goes out: `borrowed_parameters` of every
function plan. Promises: a parameter is borrowed only when neither it nor a part of it is kept
anywhere below; functions that are called by their address keep the convention that everything is
owned; a guaranteed tail call never leaves a caller with something to give up. The largest such set.
"""

from __future__ import annotations

from clef.coeffects import Coeffects
from clef.data_classes import dataclass, field
from clef.memory_plan.borrowing import is_mutable_field, source_of
from clef.memory_plan.layouts import LayoutState, layout_of
from clef.memory_plan.operands import operands
from clef.memory_plan.plan import Plan
from clef.typed_core.core import (
    Call,
    Expression,
    Function,
    Let,
    Program,
    Project,
    Variable,
    children,
)

Parameter = tuple[str, int]


@dataclass(slots=True)
class _Inference:
    """`owned`: parameters that are known to be owned. `implies`: when the first is owned, so are
    these.
    """

    program: Program
    plan: Plan
    coeffects: Coeffects
    eligible: set[str]
    owned: list[Parameter] = field(default_factory=list[Parameter])
    implies: dict[Parameter, list[Parameter]] = field(
        default_factory=dict[Parameter, list[Parameter]]
    )


def find_borrowed_parameters(
    program: Program, plan: Plan, layouts: LayoutState, coeffects: Coeffects, special: set[str]
) -> None:
    """Fill `borrowed_parameters`; `special` are functions that others call by convention."""
    by_address = set(plan.closures) | special
    for dispatcher in program.dispatchers.values():
        by_address.update(name for _, name in dispatcher.targets)
    inference = _Inference(program, plan, coeffects, set(program.functions) - by_address)
    for function in program.functions.values():
        _read_function(inference, function)
    owned = _close(inference)
    for name in inference.eligible:
        parameters = program.functions[name].parameters
        plan.functions[name].borrowed_parameters = frozenset(
            index
            for index, local in enumerate(parameters)
            if (name, index) not in owned and layout_of(layouts, local.type).is_counted
        )


def _close(inference: _Inference) -> set[Parameter]:
    owned = set(inference.owned)
    work = list(owned)
    while work:
        for other in inference.implies.get(work.pop(), ()):
            if other not in owned:
                owned.add(other)
                work.append(other)
    return owned


def _read_function(inference: _Inference, function: Function) -> None:
    """Note what happens to the parameters and their parts, and what is passed to others."""
    origin: dict[int, Parameter] = {}
    if function.name in inference.eligible:
        for index, local in enumerate(function.parameters):
            origin[local.id] = (function.name, index)
    tails = inference.plan.functions[function.name].tail_calls
    stack: list[Expression] = [function.body]
    while stack:
        node = stack.pop()
        if isinstance(node, Let):
            stack.append(node.body)
            if _is_part(inference, node, origin):
                continue
            stack.append(node.value)
            continue
        nested = [child for child in children(node) if not isinstance(child, Variable)]
        stack.extend(reversed(nested))
        if isinstance(node, Call) and node.function in inference.eligible:
            _read_call(inference, node, origin, node.id in tails)
        else:
            _read_operands(inference, node, origin)


def _is_part(inference: _Inference, let: Let, origin: dict[int, Parameter]) -> bool:
    """Whether the Let only gives a name to a parameter or a part of one."""
    source = source_of(let.value)
    if source is None or source.id not in origin or let.local.is_mutable:
        return False
    coeffects = inference.coeffects
    if isinstance(let.value, Project) and is_mutable_field(inference.program, coeffects, let.value):
        return True  # looks at the object, and counts up what it reads
    origin[let.local.id] = origin[source.id]
    return True


def _read_operands(inference: _Inference, node: Expression, origin: dict[int, Parameter]) -> None:
    for atom, consumed in operands(inference.program, inference.plan, node):
        if consumed and isinstance(atom, Variable) and atom.local.id in origin:
            inference.owned.append(origin[atom.local.id])


def _read_call(
    inference: _Inference, node: Call, origin: dict[int, Parameter], is_tail: bool
) -> None:
    for index, atom in enumerate(node.arguments):
        if not isinstance(atom, Variable):
            continue
        target = (node.function, index)
        source = origin.get(atom.local.id)
        if source is not None:
            inference.implies.setdefault(target, []).append(source)
            if is_tail:
                inference.implies.setdefault(source, []).append(target)
        elif is_tail:
            inference.owned.append(target)
