"""How functions are called, and which tail calls must not grow the stack.

Comes in: the program, its graph, layouts. Goes out: a `Signature` for every function, dispatcher
and function type; `tail_calls`; the sizes of the argument and result areas. Promises: every
function that makes or receives a guaranteed tail call has all its words in registers; what does not
fit goes through two global areas, written right before the call (or return) and read first thing
after. A call in tail position is guaranteed when caller and callee are in one component of the call
graph, unknown calls included.
"""

from __future__ import annotations

from collections.abc import Sequence

from clef.data_classes import dataclass, field
from clef.memory_plan.layouts import LayoutState, layout_of
from clef.memory_plan.plan import (
    POINTER,
    UNIFORM_PARAMETERS,
    Plan,
    Signature,
    TargetFacts,
    Word,
    uniform_type,
)
from clef.semantic_graph import Graph
from clef.typed_core.core import (
    Call,
    CallClosure,
    Expression,
    Function,
    If,
    Join,
    Let,
    MonoType,
    Program,
    Switch,
    TryWith,
)


@dataclass(slots=True)
class TailCalls:
    """`calls`: nodes by function. `bound`: functions and dispatchers whose signature must fit
    registers.
    """

    calls: dict[str, set[int]] = field(default_factory=dict[str, set[int]])
    bound: set[str] = field(default_factory=set[str])


def words_of(layouts: LayoutState, types: Sequence[MonoType]) -> list[Word]:
    """The words of several values, one after the other."""
    return [word for type in types for word in layout_of(layouts, type).words]


def _is_float(word: Word) -> bool:
    return word.type in ("f32", "f64")


def register_class(word: Word, is_uniform: bool) -> str:
    """Words of one class compete for the same registers."""
    if is_uniform:
        return uniform_type(word)
    return "float" if _is_float(word) else "whole"


def _split(
    words: Sequence[Word], limits: dict[str, int], total: int, is_uniform: bool
) -> tuple[tuple[Word, ...], tuple[Word, ...]]:
    """The words that fit registers, and the others."""
    inside: list[Word] = []
    outside: list[Word] = []
    left = dict(limits)
    for word in words:
        group = register_class(word, is_uniform)
        if left[group] and len(inside) < total:
            left[group] -= 1
            inside.append(word)
        else:
            outside.append(word)
    return tuple(inside), tuple(outside)


def _split_pairs(
    words: Sequence[Word], registers: int
) -> tuple[tuple[Word, ...], tuple[Word, ...]]:
    """The same where an i64 takes two registers, the first with an even number. What comes after
    the first whole number outside is outside too, so that counting finds the others (see
    `clef.mlir.calls`). So are floats: what they take depends on the machine's floating point.
    """
    inside: list[Word] = []
    outside: list[Word] = []
    used = 0
    for word in words:
        size = 2 if word.type == "i64" else 1
        end = -(-used // size) * size + size
        if _is_float(word):
            outside.append(word)
        elif end <= registers:
            used = end
            inside.append(word)
        else:
            used = registers
            outside.append(word)
    return tuple(inside), tuple(outside)


def signature(
    plan: Plan, parameters: Sequence[Word], results: Sequence[Word], is_bound: bool
) -> Signature:
    """The signature for these words; `is_bound`: registers only."""
    if not is_bound:
        return Signature(tuple(parameters), (), tuple(results), ())
    facts = plan.facts
    limits = {"whole": facts.integer_registers, "float": facts.float_registers}
    if facts.is_uniform:
        limits = {type: UNIFORM_PARAMETERS.count(type) for type in ("i32", "i64", "f64")}
    if facts.pairs:
        inside, outside = _split_pairs(parameters, facts.integer_registers)
    else:
        inside, outside = _split(parameters, limits, 1 << 30, facts.is_uniform)
    limit = facts.result_registers
    limits = dict.fromkeys(limits, limit)
    kept, spilled = _split(results, limits, limit, facts.is_uniform)
    plan.argument_area = _grow(plan.argument_area, outside)
    plan.result_area = _grow(plan.result_area, spilled)
    return Signature(inside, outside, kept, spilled, facts.is_uniform, is_bound=True)


def _grow(area: tuple[int, int], words: Sequence[Word]) -> tuple[int, int]:
    floats = sum(map(_is_float, words))
    return max(area[0], len(words) - floats), max(area[1], floats)


def closure_signature(plan: Plan, layouts: LayoutState, type: MonoType, count: int) -> Signature:
    """How code of a function value of `type` and arity `count` is called; the cell comes first."""
    parameters = [Word(POINTER, counted=True)]
    for _ in range(count):
        parameters += layout_of(layouts, type.arguments[0]).words
        type = type.arguments[1]
    return signature(plan, parameters, layout_of(layouts, type).words, True)


def function_signature(
    plan: Plan, layouts: LayoutState, function: Function, is_bound: bool
) -> Signature:
    """How a function is called by name."""
    parameters = words_of(layouts, [local.type for local in function.parameters])
    return signature(plan, parameters, layout_of(layouts, function.result).words, is_bound)


# Tail calls ---------------------------------------------------------------------------------------


def find_tail_calls(program: Program, graph: Graph) -> TailCalls:
    """Calls in tail position inside one component of the call graph."""
    tail = TailCalls()
    for name, function in program.functions.items():
        facts = graph.facts[name]
        # A callee may still look at what the caller has on its stack.
        keeps_frame = "stack_allocate" in facts.primitives
        is_recursive = graph.component_of[name] in graph.recursive
        if facts.tail_nodes and is_recursive and not keeps_frame:
            for node in _tail_nodes(function.body):
                _judge(program, graph, tail, name, node)
    for dispatcher in program.dispatchers.values():
        component = graph.component_of[dispatcher.name]
        if component in graph.recursive:
            tail.bound.add(dispatcher.name)
            tail.bound.update(
                name for _, name in dispatcher.targets if graph.component_of[name] == component
            )
    return tail


def _judge(
    program: Program, graph: Graph, tail: TailCalls, name: str, node: Call | CallClosure
) -> None:
    component = graph.component_of[name]
    if isinstance(node, Call):
        if node.function in program.externals:
            return
        if graph.component_of[node.function] != component:
            return
        tail.bound.add(node.function)
    elif not any(
        graph.component_of[target] == component
        for target in _targets(graph, node.function.type, len(node.arguments))
    ):
        return
    tail.bound.add(name)
    tail.calls.setdefault(name, set()).add(node.id)


def _targets(graph: Graph, type: MonoType, count: int) -> list[str]:
    names: list[str] = []
    for _ in range(count):
        names += graph.callable_at.get(type, ())
        type = type.arguments[1]
        if type.form != "function":
            break
    return names


def _tail_nodes(body: Expression) -> list[Call | CallClosure]:
    found: list[Call | CallClosure] = []
    stack = [body]
    while stack:
        node = stack.pop()
        while isinstance(node, Let):
            node = node.body
        match node:
            case Call() | CallClosure():
                found.append(node)
            case If():
                stack += (node.otherwise, node.then)
            case Switch():
                stack.extend(branch for _, branch in node.branches)
                if node.default is not None:
                    stack.append(node.default)
            case Join():
                stack += (node.continuation, node.body)
            case TryWith():
                stack.append(node.handler)
            case _:
                pass
    return found


def facts_for(pointer_bits: int, architecture: str) -> TargetFacts:
    """What the plan must know about a machine."""
    if architecture.startswith("wasm"):
        return TargetFacts(pointer_bits // 8, 4, 2, 1, is_uniform=True)
    if architecture == "x86_64":
        return TargetFacts(8, 5, 8, 2)
    if pointer_bits == 64:
        return TargetFacts(8, 7, 8, 2)
    return TargetFacts(4, 4, 0, 1, pairs=True)
