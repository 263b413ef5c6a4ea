"""The meaning of core programs, slow and simple: the judge of what emission makes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from clef.typed_core import core as c


class Raised(Exception):
    def __init__(self, value: object) -> None:
        super().__init__()
        self.value = value


class Jumped(Exception):
    def __init__(self, label: c.Label, values: list[object]) -> None:
        super().__init__()
        self.label = label
        self.values = values


@dataclass(eq=False)
class Data:
    type: c.MonoType
    case: int
    fields: list[object]


@dataclass(eq=False)
class Closure:
    function: c.Function
    arguments: list[object]


Known = Callable[[list[object]], object]


@dataclass
class Machine:
    program: c.Program
    known: dict[str, Known] = field(default_factory=dict)
    output: list[str] = field(default_factory=list)
    globals: dict[str, object] = field(default_factory=dict)
    fuel: int = 200_000


Frame = dict[int, object]


def run_function(machine: Machine, name: str, arguments: list[object]) -> object:
    if name in machine.known:
        return machine.known[name](arguments)
    function = machine.program.functions[name]
    frame = {local.id: value for local, value in zip(function.parameters, arguments, strict=True)}
    return evaluate(machine, frame, function.body)


def atom(frame: Frame, node: c.Expression) -> object:
    if isinstance(node, c.Variable):
        return frame[node.local.id]
    assert isinstance(node, c.Literal)
    return node.value


def apply(machine: Machine, function: object, arguments: list[object]) -> object:
    assert isinstance(function, Closure)
    everything = function.arguments + arguments
    arity = len(function.function.parameters)
    if len(everything) < arity:
        return Closure(function.function, everything)
    result = run_function(machine, function.function.name, everything[:arity])
    return apply(machine, result, everything[arity:]) if everything[arity:] else result


def evaluate(machine: Machine, frame: Frame, node: c.Expression) -> object:
    while isinstance(node, c.Let):
        frame[node.local.id] = evaluate(machine, frame, node.value)
        node = node.body
    machine.fuel -= 1
    if machine.fuel < 0:
        raise TimeoutError
    match node:
        case c.Variable() | c.Literal():
            return atom(frame, node)
        case c.If():
            return evaluate(
                machine, frame, node.then if atom(frame, node.condition) else node.otherwise
            )
        case c.Switch():
            value = atom(frame, node.scrutinee)
            key = value.case if isinstance(value, Data) else value
            for wanted, branch in node.branches:
                if wanted == key:
                    return evaluate(machine, frame, branch)
            assert node.default is not None
            return evaluate(machine, frame, node.default)
        case c.Join():
            return run_join(machine, frame, node)
        case c.Jump():
            raise Jumped(node.label, [atom(frame, item) for item in node.arguments])
        case c.Raise():
            raise Raised(atom(frame, node.exception))
        case c.TryWith():
            try:
                return evaluate(machine, frame, node.body)
            except Raised as raised:
                frame[node.local.id] = raised.value
                return evaluate(machine, frame, node.handler)
        case _:
            return simple(machine, frame, node)


def run_join(machine: Machine, frame: Frame, node: c.Join) -> object:
    body = node.body
    while True:
        try:
            return evaluate(machine, frame, body)
        except Jumped as jumped:
            if jumped.label is not node.label:
                raise
            for local, value in zip(node.parameters, jumped.values, strict=True):
                frame[local.id] = value
            body = node.continuation


def simple(machine: Machine, frame: Frame, node: c.Expression) -> object:
    match node:
        case c.Assign():
            frame[node.local.id] = atom(frame, node.value)
            return None
        case c.GlobalRead():
            return machine.globals.get(node.symbol)
        case c.GlobalWrite():
            machine.globals[node.symbol] = atom(frame, node.value)
            return None
        case c.Call():
            values = [atom(frame, item) for item in node.arguments]
            return run_function(machine, node.function, values)
        case c.CallClosure():
            values = [atom(frame, item) for item in node.arguments]
            return apply(machine, atom(frame, node.function), values)
        case c.MakeClosure():
            captures = [atom(frame, item) for item in node.captures]
            return Closure(machine.program.functions[node.function], captures)
        case c.Construct():
            return Data(node.type, node.case, [atom(frame, item) for item in node.arguments])
        case c.Project():
            value = atom(frame, node.value)
            assert isinstance(value, Data)
            return value.fields[node.index]
        case c.SetField():
            target = atom(frame, node.object)
            assert isinstance(target, Data)
            target.fields[node.index] = atom(frame, node.value)
            return None
        case c.Primitive():
            return primitive(node, [atom(frame, item) for item in node.arguments])
        case _:
            raise NotImplementedError(type(node).__name__)


def primitive(node: c.Primitive, values: list[object]) -> object:
    a, b, d = (*values, None, None, None)[:3]
    match node.operation:
        case "add":
            return a + b  # type: ignore[operator]
        case "sub":
            return a - b  # type: ignore[operator]
        case "lt":
            return a < b  # type: ignore[operator]
        case "eq":
            return a == b
        case "array_zero":
            return [None] * a  # type: ignore[operator]
        case "array_get":
            assert isinstance(a, list) and isinstance(b, int)
            if not 0 <= b < len(a):
                raise Raised("range")
            return a[b]
        case "array_set":
            assert isinstance(a, list) and isinstance(b, int)
            if not 0 <= b < len(a):
                raise Raised("range")
            a[b] = d
            return None
        case "is_null":
            return a is None
        case "box" | "unbox" | "cast" | "share":
            return a
        case "ignore":
            return None
        case _:
            raise NotImplementedError(node.operation)
