"""What a program asks of an operating system that is not there.

Comes in: a program, and the words for its target. Goes out: one finding for each call of the user
that leads to a system call. Promises: when a system call can be reached there is a finding;
branches for other targets count as little as what only they call, make or put into objects.
"""

from __future__ import annotations

from collections.abc import Collection

from clef.data_classes import dataclass, field
from clef.diagnostics.boards import NotProvided
from clef.memory_plan.no_heap import place_of_user
from clef.source import Span
from clef.typed_core.core import (
    Call,
    Construct,
    Expression,
    If,
    Let,
    Literal,
    Local,
    MakeClosure,
    MonoType,
    Primitive,
    Program,
    Variable,
    children,
)

_MOST = 20
"""So many findings are shown."""
_FOREIGN_SYSTEMS = "wasi_"


@dataclass(frozen=True, slots=True)
class _Edge:
    """A function that another calls, makes a value of, or (`is_dispatched`) may call as a member of
    some object.
    """

    caller: str
    callee: str
    span: Span | None
    is_dispatched: bool = False


@dataclass(slots=True)
class _Walk:
    """What runs, in the order in which it was found. `targets`: dispatched functions that wait for
    an object of their type; `asking`: the functions with system calls of their own.
    """

    program: Program
    words: Collection[str]
    made_anywhere: set[MonoType]
    waiting: list[str] = field(default_factory=list[str])
    seen: set[str] = field(default_factory=set[str])
    made: set[MonoType] = field(default_factory=set[MonoType])
    targets: dict[MonoType, list[str]] = field(default_factory=dict[MonoType, list[str]])
    edges: list[_Edge] = field(default_factory=list[_Edge])
    asking: set[str] = field(default_factory=set[str])


def check_provided(
    program: Program, words: Collection[str], target: str, path: str
) -> list[NotProvided]:
    """All findings. `words`: what `target_is` holds for; `path`: the project file, for what no
    place of the user leads to.
    """
    walk = _Walk(program, words, _made_anywhere(program))
    _reach(walk, program.entry)
    for name in walk.waiting:  # grows
        _visit(walk, name)
    if not walk.asking:
        return []
    found = _findings(walk, target, with_dispatched=False)
    found = found or _findings(walk, target, with_dispatched=True)
    return found or [NotProvided(Span(path, 0, 0), target, "")]


# What runs ----------------------------------------------------------------------------------------


def _made_anywhere(program: Program) -> set[MonoType]:
    made: set[MonoType] = set()
    for function in program.functions.values():
        stack: list[Expression] = [function.body]
        while stack:
            node = stack.pop()
            made.update(_made(node))
            stack.extend(children(node))
    return made


def _made(node: Expression) -> list[MonoType]:
    """The types of which a node makes objects."""
    if isinstance(node, Construct):
        return [node.type]
    if isinstance(node, Primitive) and node.operation == "box":
        return [node.arguments[0].type]
    return []


def _reach(walk: _Walk, name: str) -> None:
    if name not in walk.seen and name in walk.program.functions:
        walk.seen.add(name)
        walk.waiting.append(name)


def _visit(walk: _Walk, name: str) -> None:
    """Look at everything in a function that can run."""
    known: dict[Local, bool] = {}
    stack: list[Expression] = [walk.program.functions[name].body]
    while stack:
        node = stack.pop()
        if isinstance(node, Let):
            truth = None if node.local.is_mutable else _truth(walk, node.value, known)
            if truth is not None:
                known[node.local] = truth
            stack += (node.body, node.value)
            continue
        if isinstance(node, If):
            truth = _truth(walk, node.condition, known)
            if truth is not None:
                stack.append(node.then if truth else node.otherwise)
                continue
        _note(walk, name, node)
        stack.extend(reversed(children(node)))


def _truth(walk: _Walk, node: Expression, known: dict[Local, bool]) -> bool | None:
    """The value of an expression that the target decides."""
    match node:
        case Literal() if isinstance(node.value, bool):
            return node.value
        case Variable():
            return known.get(node.local)
        case Primitive(operation="target_is"):
            wanted = node.arguments[0]
            return isinstance(wanted, Literal) and wanted.value in walk.words
        case Primitive(operation="not"):
            inner = _truth(walk, node.arguments[0], known)
            return None if inner is None else not inner
        case If():
            condition = _truth(walk, node.condition, known)
            if condition is None:
                return None
            return _truth(walk, node.then if condition else node.otherwise, known)
        case _:
            return None


def _note(walk: _Walk, name: str, node: Expression) -> None:
    """What a node asks for, calls and makes."""
    for type in _made(node):
        walk.made.add(type)
        for target in walk.targets.pop(type, ()):
            _reach(walk, target)
    match node:
        case Primitive(operation="system_call" | "initial_stack"):
            walk.asking.add(name)
        case MakeClosure():
            walk.edges.append(_Edge(name, node.function, node.span))
            _reach(walk, node.function)
        case Call():
            _note_call(walk, name, node)
        case _:
            pass


def _note_call(walk: _Walk, name: str, node: Call) -> None:
    program = walk.program
    external = program.externals.get(node.function)
    if external is not None and external.library.startswith(_FOREIGN_SYSTEMS):
        walk.asking.add(name)
    dispatcher = program.dispatchers.get(node.function)
    if dispatcher is None:
        walk.edges.append(_Edge(name, node.function, node.span))
        _reach(walk, node.function)
        return
    for type, target in dispatcher.targets:
        walk.edges.append(_Edge(name, target, node.span, is_dispatched=True))
        if type in walk.made or type not in walk.made_anywhere:
            _reach(walk, target)
        else:
            walk.targets.setdefault(type, []).append(target)


# What is told -------------------------------------------------------------------------------------


def _findings(walk: _Walk, target: str, with_dispatched: bool) -> list[NotProvided]:
    """The user's calls of library functions that lead to a system call."""
    edges = [edge for edge in walk.edges if with_dispatched or not edge.is_dispatched]
    needy = _leading_to(walk.asking, edges)
    found: dict[Span, NotProvided] = {}
    for edge in edges:
        function = walk.program.functions[edge.caller]
        if edge.callee not in needy or not _is_of_library(walk.program, edge.callee):
            continue
        place = edge.span
        if place is None or not place.path or place.in_library:
            if edge.caller not in walk.program.start_up:
                continue
            place = place_of_user(walk.program, function, None, None)
        if place is not None and len(found) < _MOST:
            shown = walk.program.functions[edge.callee].display_name
            found.setdefault(place, NotProvided(place, target, _as_written(shown)))
    return list(found.values())


def _leading_to(asking: Collection[str], edges: list[_Edge]) -> set[str]:
    callers: dict[str, list[str]] = {}
    for edge in edges:
        callers.setdefault(edge.callee, []).append(edge.caller)
    found, work = set(asking), list(asking)
    while work:
        for caller in callers.get(work.pop(), ()):
            if caller not in found:
                found.add(caller)
                work.append(caller)
    return found


def _is_of_library(program: Program, name: str) -> bool:
    function = program.functions.get(name)
    return function is not None and (function.span is None or function.span.in_library)


def _as_written(name: str) -> str:
    """A function of the library as users write it: `File.ReadAllText`, `Random`."""
    if name.startswith("Clef.Runtime."):
        return ""
    parts = name.partition("|")[0].partition("<")[0].removesuffix("..ctor").split(".")
    return ".".join(part.removeprefix("get_").removeprefix("set_") for part in parts[-2:])
