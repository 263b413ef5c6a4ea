"""How deep the stack can get.

Comes in: a planned program and the sizes of its frames. Goes out: for each entry point the deepest
chain of calls, or the circle of calls that has no bound. Promises: never too small for what is
known: unknown calls go to every function that fits, guaranteed tail calls leave their frame, the
run-time parts count once with all their frames. C functions are named, not counted; so is the way
of an exception that nobody handles.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from clef.data_classes import dataclass, field
from clef.memory_plan.plan import Plan, Signature
from clef.memory_plan.planner import layout_state
from clef.memory_plan.signatures import closure_signature
from clef.mlir.calls import returns_alike
from clef.mlir.planned import Planned
from clef.semantic_graph import ClosureCall, possible_targets
from clef.semantic_graph.components import strongly_connected
from clef.source import Span
from clef.typed_core.core import (
    Call,
    CallClosure,
    Expression,
    Function,
    Join,
    Literal,
    Primitive,
    TryWith,
    children,
)

_SYSTEMS = ("wasi_", "clef board")
"""How the modules of imports begin that stand for a system."""
RETURN_ADDRESS = {"x86_64": 8}
"""Bytes that a call takes beside the frames, where it takes any."""


@dataclass(frozen=True, slots=True)
class Step:
    """A function on the way down. `span`: where it is called, if that is known."""

    name: str
    size: int
    span: Span | None


@dataclass(slots=True)
class Depth:
    """An entry point. `size`: bytes, or None without a bound; `steps`: the deepest way, or the
    circle; `reason`: why there is no bound. `foreign`: C functions whose stack comes on top.
    """

    entry: str
    size: int | None
    steps: list[Step]
    reason: str = ""
    foreign: list[str] = field(default_factory=list[str])


@dataclass(frozen=True, slots=True)
class _Edge:
    target: str
    span: Span | None
    is_tail: bool
    is_unknown: bool


class _Web:
    """Who calls whom, and what that takes."""

    def __init__(self, planned: Planned, frames: Mapping[str, int]) -> None:
        self.planned, self.frames = planned, frames
        self.program, self.plan = planned.program, planned.plan
        self.extra = RETURN_ADDRESS.get(planned.target.architecture, 0)
        self.layouts = layout_state(self.program, self.plan)
        self.apply = max((s for n, s in frames.items() if n.startswith("clef_apply_")), default=0)
        self.foreign: dict[str, None] = {}
        self.growing: dict[str, Span | None] = {}
        self.edges: dict[str, list[_Edge]] = {}

    def reach(self, entry: str) -> None:
        """Find the calls of everything that the entry can lead to."""
        work = [entry]
        while work:
            name = work.pop()
            if name not in self.edges:
                self.edges[name] = list(self._calls(name))
                work.extend(edge.target for edge in self.edges[name])

    def own(self, name: str, is_unknown: bool = False) -> int:
        """Bytes of a function's frame, and of the code that stands before a function value."""
        size = self.frames.get(name, 0) + self.extra
        if is_unknown:
            size += self.frames.get(f"{name}$code", 0) + self.apply + 2 * self.extra
        return size

    def _calls(self, name: str) -> Iterator[_Edge]:
        dispatcher = self.program.dispatchers.get(name)
        if dispatcher is not None:
            for _, target in dispatcher.targets:
                yield _Edge(target, None, False, False)
            return
        function = self.program.functions[name]
        for node, is_repeated in _nodes(function, name == self.program.entry):
            match node:
                case Call() if node.function in self.program.externals:
                    external = self.program.externals[node.function]
                    if not external.library.startswith(_SYSTEMS):
                        self.foreign[external.symbol] = None
                case Call():
                    yield _Edge(node.function, node.span, self._is_tail(name, node), False)
                case CallClosure():
                    call = ClosureCall(node.function.type, len(node.arguments), False)
                    is_tail = self._is_tail(name, node)
                    for target in possible_targets(self.planned.graph, call):
                        yield _Edge(target, node.span, is_tail, True)
                case Primitive(operation="call_pointer"):
                    self.foreign["(by its address)"] = None
                case Primitive(operation="stack_allocate"):
                    if is_repeated or not isinstance(node.arguments[0], Literal):
                        self.growing.setdefault(name, node.span)
                case _:
                    pass

    def _is_tail(self, name: str, node: Call | CallClosure) -> bool:
        tables = self.plan.functions[name]
        if node.id not in tables.tail_calls:
            return False
        if isinstance(node, CallClosure):
            count = len(node.arguments)
            sign = closure_signature(self.plan, self.layouts, node.function.type, count)
        else:
            sign = _signature(self.plan, node.function)
        return returns_alike(tables.signature, sign)


def _signature(plan: Plan, name: str) -> Signature:
    function = plan.functions.get(name)
    return function.signature if function is not None else plan.dispatcher_signatures[name]


def _nodes(function: Function, is_entry: bool) -> Iterator[tuple[Expression, bool]]:
    """The nodes of a function, and whether they stand in a loop; of the program's entry without
    what it does about an exception that nobody handles.
    """
    stack: list[tuple[Expression, bool]] = [(function.body, False)]
    while stack:
        node, inside = stack.pop()
        yield node, inside
        if isinstance(node, TryWith) and is_entry:
            stack.append((node.body, inside))
        elif isinstance(node, Join) and node.is_loop:
            stack += ((node.continuation, True), (node.body, inside))
        else:
            stack.extend((child, inside) for child in reversed(children(node)))


def stack_depths(planned: Planned, frames: Mapping[str, int]) -> list[Depth]:
    """Of the program, and of every function that C may call."""
    entries = [planned.program.entry]
    for facts in planned.graph.facts.values():
        if "function_pointer" in facts.primitives:
            entries += [name for name, _ in facts.closures]
    return [_depth(planned, frames, name) for name in dict.fromkeys(entries)]


def _depth(planned: Planned, frames: Mapping[str, int], entry: str) -> Depth:
    web = _Web(planned, frames)
    web.reach(entry)
    shown = _shown(web, entry)
    following = {name: [edge.target for edge in edges] for name, edges in web.edges.items()}
    deepest: dict[str, tuple[int, _Edge | None]] = {}
    foreign = list(web.foreign)
    for component in strongly_connected(list(following), following):
        circle = _circle(web, component)
        if circle:
            is_one = len(circle) == 1
            reason = f"`{circle[0].name}` calls itself" if is_one else "functions call each other"
            return Depth(shown, None, circle, reason, foreign)
        growing = next((name for name in component if name in web.growing), None)
        if growing is not None:
            step = Step(_shown(web, growing), web.own(growing), web.growing[growing])
            return Depth(shown, None, [step], "the memory that it reserves has no bound", foreign)
        _settle(web, component, deepest)
    return Depth(shown, _total(web, entry, deepest), _way(web, entry, deepest), "", foreign)


def _circle(web: _Web, component: list[str]) -> list[Step]:
    """A call inside of a component that keeps its frame, and the way back."""
    inside = set(component)
    for name in component:
        for edge in web.edges[name]:
            if edge.target in inside and not edge.is_tail:
                return _around(web, inside, name, edge)
    return []


def _around(web: _Web, inside: set[str], name: str, first: _Edge) -> list[Step]:
    came: dict[str, tuple[str, _Edge]] = {first.target: (name, first)}
    work = [first.target]
    while name not in work and work:
        at = work.pop(0)
        for edge in web.edges[at]:
            if edge.target in inside and edge.target not in came:
                came[edge.target] = (at, edge)
                work.append(edge.target)
        if name in came:
            break
    steps: list[Step] = []
    at = name
    while True:
        before, edge = came[at]
        steps.append(Step(_shown(web, before), web.own(before), edge.span))
        at = before
        if at == name:
            return list(reversed(steps))


def _settle(web: _Web, component: list[str], deepest: dict[str, tuple[int, _Edge | None]]) -> None:
    """The depth of a component's functions, which leave their frames when they call each other."""
    inside = set(component)
    best: dict[str, tuple[int, _Edge | None]] = {}
    for name in component:
        size, by = web.own(name), None
        for edge in web.edges[name]:
            if edge.target in inside:
                continue
            below = deepest[edge.target][0] + _before(web, edge)
            total = below if edge.is_tail else below + web.own(name)
            if total > size:
                size, by = total, edge
        best[name] = (size, by)
    most = max(size for size, _ in best.values())
    for name, (size, by) in best.items():
        deepest[name] = (most if len(component) > 1 else size, by)


def _before(web: _Web, edge: _Edge) -> int:
    """What stands between an unknown call and the function that it enters."""
    return web.own(edge.target, True) - web.own(edge.target) if edge.is_unknown else 0


def _runtime(web: _Web) -> int:
    """All frames of what is neither a function of the program nor code of a function value: the
    most that the run-time parts can have at once, for none of them calls itself.
    """
    known = {*web.program.functions, *web.program.dispatchers}
    return sum(
        size + web.extra
        for name, size in web.frames.items()
        if name not in known and not name.endswith("$code") and not name.startswith("clef_apply_")
    )


def _total(web: _Web, entry: str, deepest: dict[str, tuple[int, _Edge | None]]) -> int:
    return deepest[entry][0] + _runtime(web)


def _way(web: _Web, entry: str, deepest: dict[str, tuple[int, _Edge | None]]) -> list[Step]:
    steps: list[Step] = []
    name, span, extra = entry, None, 0
    while True:
        steps.append(Step(_shown(web, name), web.own(name) + extra, span))
        edge = deepest[name][1]
        if edge is None:
            break
        name, span, extra = edge.target, edge.span, _before(web, edge)
    runtime = _runtime(web)
    return [*steps, Step("run-time parts", runtime, None)] if runtime else steps


def _shown(web: _Web, name: str) -> str:
    function = web.program.functions.get(name)
    return function.display_name if function is not None else name
