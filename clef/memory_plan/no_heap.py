"""What `[<NoHeap>]` promises: that a function and all it calls put nothing on the heap.

Comes in: a program and its plan. Goes out: for every broken promise the first allocation on the
way. Promises: what is not known to do without the heap is reported; what is made only to raise an
exception does not count.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

from clef.data_classes import dataclass
from clef.diagnostics.memory import HeapForbidden, HeapPromise
from clef.memory_plan.plan import Layout, Plan
from clef.semantic_graph import ClosureCall, Graph, possible_targets
from clef.source import Span
from clef.typed_core.changes import is_constructor
from clef.typed_core.core import (
    Call,
    CallClosure,
    Construct,
    Expression,
    Function,
    MakeClosure,
    MonoType,
    Primitive,
    Program,
    TryWith,
    children,
)
from clef.typed_core.primitives import PRIMITIVES

_EXCEPTION = "System.Exception"
_SAME_CELL = frozenset(
    [
        "cast",
        "null",
        "receiver",
        "reinterpret",
        "share",
        "string_seal",
        "string_seal_as",
        "string_static",
        "unbox",
        "vacant",
        "zero",
    ]
)
"""Primitives whose result is an operand, static, or nothing."""


@dataclass(frozen=True, slots=True)
class _Finding:
    cause: str
    span: Span | None
    path: tuple[str, ...]


def check_promises(program: Program, plan: Plan) -> list[HeapPromise]:
    """All broken promises, in the order of the functions."""
    found: list[HeapPromise] = []
    for name, promise in program.without_heap.items():
        function = program.functions.get(name)
        broken = _first_allocation(program, plan, function) if function is not None else None
        if function is not None and broken is not None:
            span = broken.span
            if span is None or span.in_library:
                span = promise
            shown = function.display_name
            found.append(HeapPromise(span, shown, broken.cause, broken.path, promise))
    return found


def _first_allocation(program: Program, plan: Plan, start: Function) -> _Finding | None:
    """The nearest one by calls. A place in the library is shown at the call that leads there."""
    waiting: deque[tuple[Function, tuple[str, ...], Span | None]] = deque([(start, (), None)])
    seen = {start.name}
    while waiting:
        function, path, call = waiting.popleft()
        stack: list[Expression] = [function.body]
        while stack:
            node = stack.pop()
            stack.extend(reversed(children(node)))
            cause = _cause(program, plan, node)
            if cause is not None:
                return _Finding(cause, call or node.span, path)
            for callee in _callees(program, node):
                if callee.name not in seen:
                    seen.add(callee.name)
                    waiting.append((callee, (*path, callee.display_name), call or node.span))
    return None


_MOST = 20
"""So many findings are shown."""
_FURTHEST = 100


def check_program(program: Program, graph: Graph, plan: Plan, path: str) -> list[HeapForbidden]:
    """The places of the program that need the heap, those nearest to its start first; one for each
    place of the user. `path`: the project file, for what no place of the user leads to.
    """
    entry = program.functions[program.entry]
    waiting: deque[tuple[Function, tuple[str, ...], Span | None]] = deque([(entry, (), None)])
    seen = {entry.name}
    found: dict[Span, HeapForbidden] = {}
    while waiting and len(found) < _MOST:
        function, way, call = waiting.popleft()
        for node in _without_handler(function, entry):
            place = place_of_user(program, function, call, node.span)
            is_call = isinstance(node, CallClosure)
            cause = None if is_call else _cause(program, plan, node)
            if cause is not None:
                shown = place or Span(path, 0, 0)
                found.setdefault(shown, HeapForbidden(shown, cause, way))
            for callee in [*_callees(program, node), *_unknown(program, graph, node)]:
                if callee.name not in seen:
                    seen.add(callee.name)
                    waiting.append((callee, (*way, callee.display_name), place))
    return list(found.values())


def _unknown(program: Program, graph: Graph, node: Expression) -> list[Function]:
    """What a call of a function value can enter."""
    if not isinstance(node, CallClosure):
        return []
    call = ClosureCall(node.function.type, len(node.arguments), False)
    return [program.functions[name] for name in possible_targets(graph, call)]


def _without_handler(function: Function, entry: Function) -> Iterator[Expression]:
    """The nodes of a function; of the program's entry without what it does about an exception that
    nobody handles.
    """
    stack: list[Expression] = [function.body]
    while stack:
        node = stack.pop()
        yield node
        if isinstance(node, TryWith) and function is entry:
            stack.append(node.body)
        else:
            stack.extend(reversed(children(node)))


def place_of_user(
    program: Program, function: Function, call: Span | None, span: Span | None
) -> Span | None:
    """The place of the user: the node's own, or else that of the call that led to the library, or
    that of whoever asked for the library's value.
    """
    if span is not None and span.path and not span.in_library:
        return span
    if call is not None:
        return call
    name = function.name.removesuffix("$initialise")
    for _ in range(_FURTHEST):
        name = program.reasons.get(name, "")
        asking = program.functions.get(name)
        if asking is not None and asking.span and not asking.span.in_library:
            return asking.span
    return None


def _callees(program: Program, node: Expression) -> list[Function]:
    if not isinstance(node, Call):
        return []
    dispatcher = program.dispatchers.get(node.function)
    names = [node.function] if dispatcher is None else [name for _, name in dispatcher.targets]
    functions = [program.functions[name] for name in names if name in program.functions]
    return [function for function in functions if not _makes_failure(program, function)]


def _makes_failure(program: Program, function: Function) -> bool:
    """Whether a function gives an exception, or is the constructor of one."""
    first = function.parameters[0].type if function.parameters else None
    made = first if is_constructor(function.name) else None
    return _is_failure(program, function.result) or (
        made is not None and _is_failure(program, made)
    )


def _is_failure(program: Program, type: MonoType) -> bool:
    shape = program.shapes.get(type)
    ancestors = shape.ancestors if shape is not None else []
    return any(one.symbol == _EXCEPTION for one in (type, *ancestors))


def _cause(program: Program, plan: Plan, node: Expression) -> str | None:
    """Why a node needs the heap, or may."""
    match node:
        case Construct():
            layout = plan.layouts.get(node.type)
            is_cell = layout is not None and bool(node.arguments) and _has_cell(layout, node.case)
            if not is_cell or _is_failure(program, node.type):
                return None
            return f"{_shown(program, node.type)} is made"
        case MakeClosure():
            return "a function that remembers values is made" if node.captures else None
        case Primitive():
            return _by_primitive(program, plan, node)
        case CallClosure():
            return "a function value that is not known is called"
        case _:
            return None


def _has_cell(layout: Layout, case: int) -> bool:
    return max(case, 0) in layout.cells or layout.form == "counted"


def _by_primitive(program: Program, plan: Plan, node: Primitive) -> str | None:
    info = PRIMITIVES.get(node.operation)
    layout = plan.layouts.get(node.type)
    if info is None or info.borrows_result or node.operation in _SAME_CELL or layout is None:
        return None
    if not any(word.counted for word in layout.words) or _is_failure(program, node.type):
        return None
    return f"{_shown(program, node.type)} is made"


def _shown(program: Program, type: MonoType) -> str:
    shape = program.shapes.get(type)
    name = shape.display_name if shape is not None and shape.display_name else str(type)
    return f"a value of type `{name}`"
