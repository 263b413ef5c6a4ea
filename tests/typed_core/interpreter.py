"""Runs core programs directly, so that lowering is tested without a back end.

Comes in: a core program. Goes out: results of functions. Promises: only what tests need: machine
integers wrap, strings are Python strings, objects are Python
objects with a type; one node is one step of `run`, tail calls do not nest.
"""

from __future__ import annotations

import math
import struct
from dataclasses import dataclass, field

from clef.typed_core import core
from clef.typed_core.core import Function, Label, Local, MonoType, Program
from clef.typed_core.representations import BITS, REPRESENTATIONS, SIGNED


class Raised(Exception):
    """A program's exception on its way."""

    def __init__(self, value: object) -> None:
        super().__init__(str(value))
        self.value = value


@dataclass(eq=False)
class Cell:
    """A record, union value, tuple or object."""

    type: MonoType
    case: int
    fields: list[object]


@dataclass(eq=False)
class Box:
    """A boxed value."""

    type: MonoType
    value: object


@dataclass(eq=False)
class Closure:
    function: Function
    captures: list[object]


@dataclass
class Machine:
    program: Program
    globals: dict[str, object] = field(default_factory=dict)
    output: list[str] = field(default_factory=list)
    externals: dict[str, object] = field(default_factory=dict)

    def call(self, name: str, *arguments: object) -> object:
        """Run a function to its result."""
        pending: tuple[str, list[object]] | None = (name, list(arguments))
        while pending is not None:
            name, values = pending
            result = self.enter(name, values)
            if isinstance(result, _TailCall):
                pending = (result.name, result.arguments)
            else:
                return result
        return None

    def enter(self, name: str, values: list[object]) -> object:
        if name in self.program.dispatchers:
            return _TailCall(self.target(name, values), values)
        function = self.program.functions[name]
        environment = dict(zip(function.parameters, values, strict=True))
        return self.run(function.body, environment, {}, True)

    def target(self, name: str, values: list[object]) -> str:
        type = self.type_of(values[0])
        for candidate, target in self.program.dispatchers[name].targets:
            if candidate is type:
                return target
        raise KeyError(f"{name} of {type}")

    def type_of(self, value: object) -> MonoType:
        if isinstance(value, Cell | Box):
            return value.type
        raise TypeError(f"no type: {value!r}")

    def apply(self, function: object, arguments: list[object]) -> object:
        while arguments:
            assert isinstance(function, Closure)
            arity = len(function.function.parameters) - len(function.captures)
            given = [*function.captures, *arguments[:arity]]
            if len(arguments) < arity:
                return Closure(function.function, given)
            function = self.call(function.function.name, *given)
            arguments = arguments[arity:]
        return function

    def value(self, node: core.Expression, environment: dict[Local, object]) -> object:
        if isinstance(node, core.Variable):
            return environment[node.local]
        assert isinstance(node, core.Literal)
        if isinstance(node.value, bytes):
            return list(node.value)
        return node.value

    def run(
        self,
        node: core.Expression,
        env: dict[Local, object],
        joins: dict[Label, core.Join],
        tail: bool,
    ) -> object:
        while True:
            if isinstance(node, core.Let):
                env[node.local] = self.run(node.value, env, {}, False)
                node = node.body
            elif isinstance(node, core.If):
                node = node.then if self.value(node.condition, env) else node.otherwise
            elif isinstance(node, core.Switch):
                node = self.choose(node, env)
            elif isinstance(node, core.Join):
                joins = {**joins, node.label: node}
                node = node.body
            elif isinstance(node, core.Jump):
                join = joins[node.label]
                values = [self.value(item, env) for item in node.arguments]
                env.update(zip(join.parameters, values, strict=True))
                node = join.continuation
            elif isinstance(node, core.TryWith):
                try:
                    return self.run(node.body, env, {}, False)
                except Raised as raised:
                    env[node.local] = raised.value
                    node = node.handler
            elif isinstance(node, core.Call) and tail:
                return _TailCall(node.function, [self.value(a, env) for a in node.arguments])
            else:
                return self.step(node, env)

    def choose(self, node: core.Switch, env: dict[Local, object]) -> core.Expression:
        value = self.value(node.scrutinee, env)
        for key, branch in node.branches:
            if node.on == "case":
                assert isinstance(value, Cell)
                found = value.case == key
            elif node.on == "integer":
                found = value == key
            else:
                found = value is not None and self.is_of(self.type_of(value), node.types[key])
            if found:
                return branch
        assert node.default is not None, f"no branch for {value}"
        return node.default

    def is_of(self, type: MonoType, wanted: MonoType) -> bool:
        return type is wanted or wanted in self.program.shapes[type].ancestors

    def step(self, node: core.Expression, env: dict[Local, object]) -> object:
        match node:
            case core.Variable() | core.Literal():
                return self.value(node, env)
            case core.Assign():
                env[node.local] = self.value(node.value, env)
            case core.GlobalRead():
                return self.globals.get(node.symbol)
            case core.GlobalWrite():
                self.globals[node.symbol] = self.value(node.value, env)
            case core.Call():
                return self.call(node.function, *[self.value(a, env) for a in node.arguments])
            case core.CallClosure():
                arguments = [self.value(a, env) for a in node.arguments]
                return self.apply(self.value(node.function, env), arguments)
            case core.MakeClosure():
                captures = [self.value(a, env) for a in node.captures]
                return Closure(self.program.functions[node.function], captures)
            case core.Construct():
                values = [self.value(a, env) for a in node.arguments]
                if not values and node.case < 0:
                    values = [self.zero(f.type) for f in self.program.shapes[node.type].fields]
                return Cell(node.type, node.case, values)
            case core.Project():
                cell = self.value(node.value, env)
                assert isinstance(cell, Cell), cell
                assert node.case == cell.case, "a field of another case"
                return cell.fields[node.index]
            case core.SetField():
                cell = self.value(node.object, env)
                assert isinstance(cell, Cell)
                cell.fields[node.index] = self.value(node.value, env)
            case core.Raise():
                raise Raised(self.value(node.exception, env))
            case core.Primitive():
                return self.primitive(node, [self.value(a, env) for a in node.arguments])
            case _:
                raise TypeError(type(node).__name__)
        return None

    def zero(self, type: MonoType) -> object:
        shape = self.program.shapes.get(type)
        if shape is not None and shape.kind == "union" and type.symbol.endswith("Option`1"):
            return Cell(type, 0, [])
        representation = REPRESENTATIONS.get(type.symbol, "")
        if representation in ("float32", "float64"):
            return 0.0
        if representation == "bool":
            return False
        return 0 if representation in BITS else None

    def primitive(self, node: core.Primitive, values: list[object]) -> object:
        name = node.operation
        representation = REPRESENTATIONS.get(node.type.symbol, "")
        if name in _BINARY:
            return wrap(_BINARY[name](*values), representation)
        match name:
            case "convert" | "reinterpret":
                number = values[0]
                assert isinstance(number, int | float)
                if representation.startswith("float"):
                    number = float(number)
                    if representation == "float32":
                        number = struct.unpack("f", struct.pack("f", number))[0]
                    return number
                return wrap(int(number), representation)
            case "string_equal" | "reference_equal":
                return values[0] == values[1] if name == "string_equal" else values[0] is values[1]
            case "array_zero":
                return [self.zero(node.type_arguments[0])] * int(str(values[0]))
            case "array_length":
                return len(values[0])  # type: ignore[arg-type]
            case "array_get" | "array_get_unchecked":
                return values[0][values[1]]  # type: ignore[index]
            case "array_set" | "array_set_unchecked":
                values[0][values[1]] = values[2]  # type: ignore[index]
                return None
            case "check_null":
                assert values[0] is not None
                return None
            case "is_null":
                return values[0] is None
            case "null" | "zero" | "vacant":
                return self.zero(node.type)
            case "box":
                return values[0] if values[0] is None else Box(node.type_arguments[0], values[0])
            case "unbox":
                assert isinstance(values[0], Box)
                return values[0].value
            case "cast":
                return values[0]
            case "neg":
                return wrap(-values[0], representation)  # type: ignore[operator]
            case "not":
                return not values[0]
            case "sqrt":
                return math.sqrt(values[0])  # type: ignore[arg-type]
            case _:
                raise KeyError(name)


@dataclass
class _TailCall:
    name: str
    arguments: list[object]


def wrap(value: object, representation: str) -> object:
    """An integer in its width."""
    if isinstance(value, bool) or not isinstance(value, int) or representation not in BITS:
        return value
    bits = BITS[representation]
    value &= (1 << bits) - 1
    if representation in SIGNED and value >= 1 << (bits - 1):
        value -= 1 << bits
    return value


def _divide(a: object, b: object) -> object:
    if isinstance(a, float):
        return a / b  # type: ignore[operator]
    if b == 0:
        raise Raised("DivideByZeroException")
    quotient = abs(a) // abs(b)  # type: ignore[arg-type, operator]
    return quotient if (a < 0) == (b < 0) else -quotient  # type: ignore[operator]


_BINARY = {
    "add": lambda a, b: a + b,
    "sub": lambda a, b: a - b,
    "mul": lambda a, b: a * b,
    "div": _divide,
    "rem": lambda a, b: a - b * _divide(a, b),
    "and": lambda a, b: a & b,
    "or": lambda a, b: a | b,
    "xor": lambda a, b: a ^ b,
    "shl": lambda a, b: a << (b & 31),
    "shr": lambda a, b: a >> (b & 31),
    "eq": lambda a, b: a == b,
    "ne": lambda a, b: a != b,
    "lt": lambda a, b: a < b,
    "le": lambda a, b: a <= b,
    "gt": lambda a, b: a > b,
    "ge": lambda a, b: a >= b,
}
