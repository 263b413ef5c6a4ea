"""What `arena { … }` promises: nothing that is allocated inside is kept outside.

Comes in: a program, its graph, coeffects and plan. Goes out: a diagnostic for every way in which a
value of the block may get out. Promises: a block without findings gives plain data, and no function
that it can enter stores a reference in anything that can lie outside: a value of a type that can be
reached from what the block is given or from a module's values. What is not known counts as outside.
An exception that leaves a block keeps the block's heap alive (`mlir/heaps.py`).
"""

from __future__ import annotations

from collections.abc import Iterator

from clef.data_classes import dataclass, field
from clef.diagnostics.memory import ArenaEscape
from clef.memory_plan.fresh_values import Fresh, nodes
from clef.memory_plan.plan import Plan
from clef.memory_plan.reachable_types import reachable_types
from clef.semantic_graph import ClosureCall, Graph, possible_targets
from clef.source import Span
from clef.typed_core.core import (
    Atom,
    Call,
    CallClosure,
    Expression,
    Function,
    GlobalRead,
    GlobalWrite,
    MonoType,
    Primitive,
    Program,
    SetField,
    Variable,
)
from clef.typed_core.shapes import display
from clef.typed_core.well_known import ARENA_REGION, TYPED_POINTER

_NOWHERE = Span("", 0, 0)
_ARRAY_STORES = {"array_set": 0, "array_set_unchecked": 0, "array_copy": 2, "array_move": 2}
"""Primitives that store into an array, and which operand that is."""
_KEEPER = "heap_main"
"""Marks library functions whose stores last as long as what they store; see `raw.clef`."""
_FORGETFUL = ("Clef.Runtime.Utf16.", "Clef.Runtime.RecentPatterns.")
"""Modules of the library whose values nobody else gets; they forget them with each arena."""


@dataclass(slots=True)
class _Store:
    """A place where a reference is stored, in a function of the block."""

    function: str
    node: Expression
    container: MonoType | None  # None: a module's value
    name: str = ""


@dataclass(slots=True)
class _Block:
    """One block. `entered`: the functions that it can enter, with the call that led to each."""

    function: Function
    span: Span
    entered: dict[str, tuple[str, Span | None]] = field(
        default_factory=dict[str, tuple[str, Span | None]]
    )
    given: list[tuple[MonoType, str]] = field(default_factory=list[tuple[MonoType, str]])


def check_arenas(program: Program, graph: Graph, plan: Plan) -> list[ArenaEscape]:
    """All findings, in the order of the blocks."""
    if not plan.has_heaps:
        return []
    found: list[ArenaEscape] = []
    for name, facts in graph.facts.items():
        if "heap_enter" in facts.primitives:
            function = program.functions[name]
            block = _Block(function, _span_of_block(program, name))
            found += _Checker(program, graph, plan, block).findings()
    return found


def _span_of_block(program: Program, name: str) -> Span:
    for function in program.functions.values():
        for node in nodes(function.body):
            if isinstance(node, Call) and node.function == name and node.span is not None:
                return node.span
    return _NOWHERE


class _Checker:
    """One block."""

    def __init__(self, program: Program, graph: Graph, plan: Plan, block: _Block) -> None:
        self.program, self.graph, self.plan, self.block = program, graph, plan, block
        self.fresh = Fresh(program)

    def findings(self) -> Iterator[ArenaEscape]:
        result = self.block.function.result
        if self._is_kept(result):
            yield self._finding(f"its result is a `{display(result)}`", self.block.span, ())
        self._enter()
        stores = [
            one
            for name in self.block.entered
            if _KEEPER not in self.graph.facts[name].primitives and not name.startswith(_FORGETFUL)
            for one in self._stores(name)
        ]
        outside = reachable_types(self.program, self.graph, self.block.given)
        seen: set[str] = set()
        for store in stores:
            way = self._way_out(store, outside)
            if way is not None and way not in seen:
                seen.add(way)
                span, path = self._path(store)
                yield self._finding(way, span, path)

    def _is_kept(self, type: MonoType) -> bool:
        layout = self.plan.layouts.get(type)
        if layout is not None and layout.is_counted:
            return True
        parts = (type, *type.arguments)
        return any(
            one.symbol == TYPED_POINTER and one.arguments[1].symbol == ARENA_REGION for one in parts
        )

    def _finding(self, way: str, span: Span, path: tuple[str, ...]) -> ArenaEscape:
        return ArenaEscape(span, way, path, self.block.span)

    # What the block does --------------------------------------------------------------------------

    def _enter(self) -> None:
        """Find the functions that the block can enter, and what it is given from outside."""
        own = self.block.function
        for local in own.parameters:
            self.block.given.append((local.type, local.name))
        work = [own.name]
        self.block.entered[own.name] = ("", None)
        while work:
            name = work.pop()
            for target, span in self._callees(self.program.functions[name]):
                if target not in self.block.entered and target in self.program.functions:
                    self.block.entered[target] = (name, span)
                    work.append(target)

    def _callees(self, function: Function) -> Iterator[tuple[str, Span | None]]:
        for node in nodes(function.body):
            match node:
                case Call():
                    for target in self._targets(node):
                        yield target, node.span
                case CallClosure():
                    call = ClosureCall(node.function.type, len(node.arguments), False)
                    for target in possible_targets(self.graph, call):
                        yield target, node.span
                case Primitive(operation="call_pointer"):
                    for target in self._callbacks():
                        yield target, node.span
                case GlobalRead() if not node.symbol.startswith(_FORGETFUL):
                    shown = self.program.globals[node.symbol].display_name.rpartition(".")[2]
                    self.block.given.append((node.type, shown))
                case _:
                    pass

    def _targets(self, node: Call) -> list[str]:
        dispatcher = self.program.dispatchers.get(node.function)
        if dispatcher is not None:
            return [name for _, name in dispatcher.targets]
        return self._callbacks() if node.function in self.program.externals else [node.function]

    def _callbacks(self) -> list[str]:
        """Functions that C may call."""
        return [
            target
            for facts in self.graph.facts.values()
            if "function_pointer" in facts.primitives
            for target, _ in facts.closures
        ]

    # Stores ---------------------------------------------------------------------------------------

    def _stores(self, name: str) -> Iterator[_Store]:
        function = self.program.functions[name]
        fresh = self.fresh.locals(function)
        for node in nodes(function.body):
            match node:
                case GlobalWrite() | SetField() if self.fresh.is_static(function, node.value):
                    pass
                case GlobalWrite() if self._is_kept(node.value.type):
                    shown = self.program.globals[node.symbol].display_name.rpartition(".")[2]
                    yield _Store(name, node, None, shown)
                case SetField() if node.case < 0 and self._is_kept(node.value.type):
                    if not _is_one_of(node.object, fresh):
                        yield _Store(name, node, node.owner)
                case Primitive(operation="byref_write" | "rebox") if self._is_kept(
                    node.arguments[1].type
                ):
                    yield _Store(name, node, node.arguments[0].type)
                case Primitive() if node.operation in _ARRAY_STORES:
                    array = node.arguments[_ARRAY_STORES[node.operation]]
                    element = self.plan.layouts[array.type].element
                    is_kept = element is not None and self._is_kept(element)
                    if is_kept and not _is_one_of(array, fresh):
                        yield _Store(name, node, array.type)
                case _:
                    pass

    def _way_out(self, store: _Store, outside: dict[MonoType, str]) -> str | None:
        """Whether what is stored into can lie outside."""
        if store.container is None:
            return f"a value is kept in the module's value `{store.name}`"
        for type, name in outside.items():
            shape = self.program.shapes.get(type)
            below = shape is not None and store.container in shape.ancestors
            if type is store.container or below:
                shown = f"a `{display(store.container)}`"
                origin = f", which `{name}` can lead to" if name else ", which can lie outside"
                return f"a value is stored in {shown}{origin}"
        return None

    def _path(self, store: _Store) -> tuple[Span, tuple[str, ...]]:
        """The user's place that is nearest to the store, and the functions on the way to it."""
        path: list[str] = []
        span = store.node.span
        name = store.function
        while name and name != self.block.function.name:
            if span is None or span.in_library or not span.path:
                path.append(self.program.functions[name].display_name)
                name, span = self.block.entered[name]
            else:
                break
        if span is None or span.in_library:
            span = self.block.span
        return span, tuple(reversed(path))


def _is_one_of(atom: Atom, locals: set[int]) -> bool:
    return isinstance(atom, Variable) and atom.local.id in locals
