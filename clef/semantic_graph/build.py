"""Building the graph: one walk over every function.

Comes in: a core program. Goes out: its `Graph`. Promises: every function, dispatcher, external,
global, reached type, parameter and allocation site is a node; a call of an unknown function has an
edge to every function whose closures can be called at that type; the walk is linear in the size of
the program.
"""

from __future__ import annotations

from clef.data_classes import dataclass
from clef.semantic_graph.components import strongly_connected
from clef.semantic_graph.graph import (
    DISPATCHER,
    EXTERNAL,
    FUNCTION,
    GLOBAL,
    PARAMETER,
    SITE,
    TYPE,
    ClosureCall,
    FunctionFacts,
    Graph,
    KnownCall,
)
from clef.semantic_graph.raising import primitive_may_raise
from clef.typed_core.changes import element_of, written_array
from clef.typed_core.core import (
    Assign,
    Call,
    CallClosure,
    Construct,
    Expression,
    Function,
    GlobalRead,
    GlobalWrite,
    If,
    Join,
    Let,
    MakeClosure,
    MonoType,
    Primitive,
    Program,
    Raise,
    SetField,
    Switch,
    TryWith,
)
from clef.typed_core.primitives import PRIMITIVES


def build(program: Program) -> Graph:
    """The graph of a whole program."""
    graph = Graph()
    _declare(graph, program)
    for function in program.functions.values():
        graph.facts[function.name] = _walk(graph, program, function)
    _find_callable(graph, program)
    _connect_unknown_calls(graph)
    _connect_dispatchers(graph, program)
    _find_components(graph, program)
    _find_reasons(graph, program)
    return graph


def _declare(graph: Graph, program: Program) -> None:
    graph.number(FUNCTION, program.entry)
    for name in program.functions:
        graph.number(FUNCTION, name)
    for name in program.dispatchers:
        graph.number(DISPATCHER, name)
    for name in program.externals:
        graph.number(EXTERNAL, name)
    for name in program.globals:
        graph.number(GLOBAL, name)
    for type in program.shapes:
        graph.number(TYPE, str(type))


@dataclass(slots=True)
class _Walk:
    graph: Graph
    program: Program
    function: Function
    number: int
    facts: FunctionFacts


def _walk(graph: Graph, program: Program, function: Function) -> FunctionFacts:
    number = graph.number(FUNCTION, function.name)
    walk = _Walk(graph, program, function, number, FunctionFacts())
    for parameter in function.parameters:
        node = graph.number(PARAMETER, f"{function.name}:{parameter.id}")
        graph.connect("flow", (node,), (number,), function.span)
    _visit(walk, function.body, True, False)
    return walk.facts


def _visit(walk: _Walk, expression: Expression, tail: bool, caught: bool) -> None:
    """Note what an expression does. `tail`: its value is the function's; `caught`: a try encloses
    it.
    """
    while isinstance(expression, Let):
        _visit(walk, expression.value, False, caught)
        expression = expression.body
    match expression:
        case If():
            _visit(walk, expression.then, tail, caught)
            _visit(walk, expression.otherwise, tail, caught)
        case Switch():
            for _, branch in expression.branches:
                _visit(walk, branch, tail, caught)
            if expression.default is not None:
                _visit(walk, expression.default, tail, caught)
        case Join():
            _visit(walk, expression.continuation, tail, caught)
            _visit(walk, expression.body, tail, caught)
        case TryWith():
            _visit(walk, expression.body, False, True)
            _visit(walk, expression.handler, tail, caught)
        case _:
            _visit_simple(walk, expression, tail, caught)


def _visit_simple(walk: _Walk, node: Expression, tail: bool, caught: bool) -> None:
    facts = walk.facts
    match node:
        case Call():
            facts.calls.append(KnownCall(node.function, caught))
            _note_call(walk, node)
            if tail:
                facts.tail_nodes.add(node.id)
        case CallClosure():
            facts.closure_calls.append(ClosureCall(node.function.type, len(node.arguments), caught))
            if tail:
                facts.tail_nodes.add(node.id)
        case MakeClosure():
            _note_closure(walk, node)
        case Construct():
            _note_site(walk, node)
        case Primitive():
            info = PRIMITIVES.get(node.operation)
            facts.primitives.add(node.operation)
            if not caught and primitive_may_raise(walk.program, node):
                facts.raises = True
            if info is not None and not info.is_pure:
                facts.writes = True
            if node.operation in ("call_pointer", "stack_switch"):
                facts.overwrites_anything = True
            replaced = _overwritten(walk.program, node)
            if replaced is not None:
                facts.overwritten.add(replaced)
        case GlobalRead():
            source = walk.graph.number(GLOBAL, node.symbol)
            walk.graph.connect("flow", (source,), (walk.number,), node.span)
        case GlobalWrite():
            facts.writes = True
            facts.overwritten.add(node.value.type)
            target = walk.graph.number(GLOBAL, node.symbol)
            walk.graph.connect("flow", (walk.number,), (target,), node.span)
        case SetField():
            facts.writes = True
            facts.fields_set.add((node.owner, node.index))
            facts.overwritten.add(node.value.type)
            # A field of a struct is a part of whatever holds the struct.
            if walk.program.shapes[node.owner].is_value:
                facts.overwrites_anything = True
        case Raise():
            facts.raises = facts.raises or not caught
        case Assign():
            pass
        case _:
            pass


_REPLACING = ("byref_write", "pointer_write", "rebox")


def _overwritten(program: Program, node: Primitive) -> MonoType | None:
    """The type of what a primitive replaces."""
    array = written_array(node)
    if array is not None:
        return element_of(program, array.type)
    return node.arguments[-1].type if node.operation in _REPLACING else None


def _node_of(walk: _Walk, name: str) -> int:
    if name in walk.program.dispatchers:
        return walk.graph.number(DISPATCHER, name)
    if name in walk.program.externals:
        return walk.graph.number(EXTERNAL, name)
    return walk.graph.number(FUNCTION, name)


def _note_call(walk: _Walk, node: Call) -> None:
    walk.graph.connect("call", (walk.number,), (_node_of(walk, node.function),), node.span)


def _note_closure(walk: _Walk, node: MakeClosure) -> None:
    walk.facts.closures.append((node.function, node.type))
    site = walk.graph.number(SITE, f"{walk.function.name}#{node.id}")
    target = walk.graph.number(FUNCTION, node.function)
    walk.graph.connect("capture", (walk.number,), (site, target), node.span)


def _note_site(walk: _Walk, node: Construct) -> None:
    site = walk.graph.number(SITE, f"{walk.function.name}#{node.id}")
    type_node = walk.graph.number(TYPE, str(node.type))
    walk.graph.connect("construct", (walk.number,), (site, type_node), node.span)


# Unknown calls ------------------------------------------------------------------------------------


def result_after(type: MonoType, count: int) -> MonoType:
    """The type of a function value after `count` arguments."""
    for _ in range(count):
        type = type.arguments[1]
    return type


def _find_callable(graph: Graph, program: Program) -> None:
    """A closure of arity n can be called at its type, and, partially applied, at the types of its
    first n - 1 results.
    """
    for facts in graph.facts.values():
        for name, type in facts.closures:
            function = program.functions[name]
            arity = len(function.parameters) - function.capture_count
            at = type
            for step in range(arity):
                known = graph.callable_at.setdefault(at, [])
                if name not in known:
                    known.append(name)
                if step + 1 < arity:
                    at = at.arguments[1]


def possible_targets(graph: Graph, call: ClosureCall) -> list[str]:
    """The functions that a call of an unknown function may enter."""
    names: dict[str, None] = {}
    type = call.type
    for _ in range(call.count):
        names.update(dict.fromkeys(graph.callable_at.get(type, ())))
        if type.form != "function":
            break
        type = type.arguments[1]
    return list(names)


def _connect_unknown_calls(graph: Graph) -> None:
    for name, facts in graph.facts.items():
        source = graph.number(FUNCTION, name)
        for call in facts.closure_calls:
            targets = tuple(graph.number(FUNCTION, to) for to in possible_targets(graph, call))
            if targets:
                graph.connect("unknown call", (source,), targets)


def _connect_dispatchers(graph: Graph, program: Program) -> None:
    for dispatcher in program.dispatchers.values():
        source = graph.number(DISPATCHER, dispatcher.name)
        targets = tuple(graph.number(FUNCTION, name) for _, name in dispatcher.targets)
        if targets:
            graph.connect("dispatch", (source,), targets)


# Components and reasons ---------------------------------------------------------------------------


def _successors(graph: Graph, program: Program) -> dict[str, list[str]]:
    following: dict[str, list[str]] = {}
    for name, facts in graph.facts.items():
        targets: dict[str, None] = dict.fromkeys(call.target for call in facts.calls)
        for call in facts.closure_calls:
            targets.update(dict.fromkeys(possible_targets(graph, call)))
        following[name] = list(targets)
    for dispatcher in program.dispatchers.values():
        following[dispatcher.name] = [name for _, name in dispatcher.targets]
    return following


def _find_components(graph: Graph, program: Program) -> None:
    graph.following = following = _successors(graph, program)
    graph.components = strongly_connected(following, following)
    for index, members in enumerate(graph.components):
        for member in members:
            graph.component_of[member] = index
        if len(members) > 1 or members[0] in following.get(members[0], ()):
            graph.recursive.add(index)


def _find_reasons(graph: Graph, program: Program) -> None:
    """Breadth first from the entry: the edge by which each node was first reached."""
    outgoing: dict[int, list[int]] = {}
    for index, edge in enumerate(graph.edges):
        for source in edge.sources:
            outgoing.setdefault(source, []).append(index)
    root = graph.number(FUNCTION, program.entry)
    graph.reached_by[root] = -1
    queue = [root]
    for node in queue:
        for index in outgoing.get(node, ()):
            for target in graph.edges[index].targets:
                if target not in graph.reached_by:
                    graph.reached_by[target] = index
                    queue.append(target)
