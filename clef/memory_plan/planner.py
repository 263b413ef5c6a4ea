"""Making the plan, step by step.

Comes in: a core program, its graph, the coeffects, the target. Goes out: the `Plan`. Promises: the
same program gives the same plan; each step reads only what earlier steps wrote.
"""

from __future__ import annotations

from collections.abc import Callable

from clef.coeffects import Coeffects, closure_call_may_raise
from clef.data_classes import dataclass
from clef.memory_plan.borrowing import find_borrowed
from clef.memory_plan.cycles import find_cycles
from clef.memory_plan.identity import find_identities
from clef.memory_plan.kinds import assign_kinds
from clef.memory_plan.layouts import LayoutState, layout_of
from clef.memory_plan.ownership import plan_ownership
from clef.memory_plan.parameters import find_borrowed_parameters
from clef.memory_plan.plan import FunctionPlan, Plan, TargetFacts
from clef.memory_plan.recursive_types import find_recursive
from clef.memory_plan.registry import Registry
from clef.memory_plan.reuse import plan_reuse
from clef.memory_plan.signatures import (
    TailCalls,
    find_tail_calls,
    function_signature,
    signature,
    words_of,
)
from clef.semantic_graph import ClosureCall, Graph
from clef.semantic_graph.raising import primitive_may_raise
from clef.typed_core import well_known
from clef.typed_core.core import (
    Call,
    CallClosure,
    Expression,
    Function,
    MonoType,
    Primitive,
    Program,
    Raise,
    TypeShape,
)


@dataclass(frozen=True, slots=True)
class PlanState:
    """What all steps share."""

    program: Program
    graph: Graph
    coeffects: Coeffects
    plan: Plan
    layouts: LayoutState


def make_plan(
    program: Program,
    graph: Graph,
    coeffects: Coeffects,
    facts: TargetFacts,
    registry: Registry | None = None,
) -> Plan:
    """The whole plan. With a registry it fits the plans of the programs before, and of those that
    may follow.
    """
    is_open = registry is not None
    has_heaps = is_open or any("heap_enter" in one.primitives for one in graph.facts.values())
    plan = Plan(facts, has_heaps, is_open=is_open)
    layouts = layout_state(program, plan)
    state = PlanState(program, graph, coeffects, plan, layouts)
    for type in list(program.types.types.values()):
        if type not in program.shapes and _can_exist(program, type):
            kind = "function" if type.form == "function" else "tuple"
            program.shapes[type] = TypeShape(type, kind)
    layouts.identities = find_identities(program, graph)
    if registry is None:
        # Else a program that follows could make circles of cells that nobody searches.
        layouts.cycles = find_cycles(program, graph)
    find_recursive(layouts)
    assign_kinds(plan, layouts, program, graph, registry)
    tails = find_tail_calls(program, graph)
    for function in program.functions.values():
        plan.functions[function.name] = _start(state, function, tails)
    special = {program.entry, well_known.UNHANDLED}
    find_borrowed_parameters(program, plan, layouts, coeffects, special)
    for function in program.functions.values():
        _plan_function(state, function)
    _plan_dispatchers(state, tails)
    _find_raising_calls(state)
    if registry is not None:
        registry.agree(program, plan)
    return plan


def _can_exist(program: Program, type: MonoType) -> bool:
    """Whether a function or tuple type that has no shape yet may have values: a part that nothing
    makes has no shape."""
    if type in program.shapes or type.form == "function":
        return True
    if type.form not in ("tuple", "struct_tuple"):
        return False
    return all(_can_exist(program, part) for part in type.arguments)


def layout_state(program: Program, plan: Plan) -> LayoutState:
    """The layouts of a finished plan, to look up more of them."""
    return LayoutState(plan.facts, program.shapes, plan.layouts, is_open=plan.is_open)


def _start(state: PlanState, function: Function, tails: TailCalls) -> FunctionPlan:
    closure = state.plan.closures.get(function.name)
    shape = function_signature(state.plan, state.layouts, function, function.name in tails.bound)
    return FunctionPlan(
        function.name,
        shape,
        tail_calls=tails.calls.get(function.name, set()),
        in_environment=closure is not None and closure.in_environment,
    )


def _plan_function(state: PlanState, function: Function) -> None:
    tables = state.plan.functions[function.name]
    arguments = (state.program, state.plan, state.layouts)
    find_borrowed(*arguments, state.coeffects, function, tables)
    plan_ownership(*arguments, function, tables, raising_test(state))
    plan_reuse(state.plan, state.layouts, function, tables)


def raising_test(state: PlanState) -> Callable[[Expression], bool]:
    """Whether a node may leave an exception pending."""

    def test(node: Expression) -> bool:
        match node:
            case Call():
                return node.function in state.coeffects.may_raise
            case CallClosure():
                call = ClosureCall(node.function.type, len(node.arguments), False)
                return closure_call_may_raise(state.graph, state.coeffects, call)
            case Primitive():
                return primitive_may_raise(state.program, node)
            case Raise():
                return True
            case _:
                return False

    return test


def _plan_dispatchers(state: PlanState, tails: TailCalls) -> None:
    for dispatcher in state.program.dispatchers.values():
        parameters = words_of(state.layouts, dispatcher.parameters)
        results = layout_of(state.layouts, dispatcher.result).words
        state.plan.dispatcher_signatures[dispatcher.name] = signature(
            state.plan, parameters, results, dispatcher.name in tails.bound
        )


def _find_raising_calls(state: PlanState) -> None:
    pairs = {
        (call.type, call.count)
        for facts in state.graph.facts.values()
        for call in facts.closure_calls
    }
    work = list(pairs)
    for type, count in work:
        for arity in state.plan.arities.get(type, ()):
            if arity < count:
                at = type
                for _ in range(arity):
                    at = at.arguments[1]
                if (at, count - arity) not in pairs:
                    pairs.add((at, count - arity))
                    work.append((at, count - arity))
    for type, count in pairs:
        call = ClosureCall(type, count, False)
        if closure_call_may_raise(state.graph, state.coeffects, call):
            state.plan.raising_closure_calls.add((type, count))
