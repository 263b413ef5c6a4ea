"""Core programs by hand, for the tests of the stages after the core: a small notation, and a way to
run what it gives.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from clef.backends import CompileOptions, Level, compile_module, find_target
from clef.coeffects import analyse
from clef.link import link_executable
from clef.memory_plan import facts_for, make_plan, verify_plan
from clef.mlir.emission import emit
from clef.mlir.module import EmitOptions
from clef.semantic_graph import build, check_graph
from clef.toolchain.execute import run_program
from clef.toolchain.process import Outcome
from clef.typed_core import core as c

Body = Callable[["Writer"], c.Expression]


@dataclass
class World:
    """A program under construction, with the usual types."""

    program: c.Program = field(
        default_factory=lambda: c.Program(c.TypeTable(), {}, {}, {}, {}, {}, "main")
    )

    def __post_init__(self) -> None:
        self.int = self.builtin("System.Int32", "int32")
        self.int64 = self.builtin("System.Int64", "int64")
        self.float = self.builtin("System.Double", "float64")
        self.bool = self.builtin("System.Boolean", "bool")
        self.string = self.builtin("System.String", "string")
        self.unit = self.builtin("Unit", "unit")
        self.byte = self.builtin("System.Byte", "uint8")
        self.object = self.builtin("System.Object", "object")
        self.native = self.builtin("System.IntPtr", "nativeint")

    def builtin(self, symbol: str, name: str) -> c.MonoType:
        type = self.program.types.named(symbol)
        self.program.shapes[type] = c.TypeShape(type, "builtin", builtin=name)
        return type

    def array(self, element: c.MonoType) -> c.MonoType:
        type = self.program.types.named("System.Array`1", element)
        self.program.shapes[type] = c.TypeShape(type, "builtin", builtin="array", element=element)
        return type

    def tuple(self, *parts: c.MonoType) -> c.MonoType:
        type = self.program.types.make("tuple", "", parts)
        self.program.shapes[type] = c.TypeShape(
            type, "tuple", fields=[c.Field(f"Item{i}", part) for i, part in enumerate(parts)]
        )
        return type

    def function(self, *parts: c.MonoType) -> c.MonoType:
        type = parts[-1]
        for part in reversed(parts[:-1]):
            type = self.program.types.make("function", "", (part, type))
            self.program.shapes[type] = c.TypeShape(type, "function")
        return type

    def record(
        self, name: str, *fields: tuple[str, c.MonoType], mutable: bool = False
    ) -> c.MonoType:
        type = self.program.types.named(name)
        self.program.shapes[type] = c.TypeShape(
            type, "record", fields=[c.Field(key, part, mutable) for key, part in fields]
        )
        return type

    def klass(
        self, name: str, ancestors: list[c.MonoType], *fields: tuple[str, c.MonoType]
    ) -> c.MonoType:
        type = self.program.types.named(name)
        self.program.shapes[type] = c.TypeShape(
            type,
            "class",
            fields=[c.Field(key, part, True) for key, part in fields],
            ancestors=ancestors,
        )
        return type

    def interface(self, name: str) -> c.MonoType:
        type = self.program.types.named(name)
        self.program.shapes[type] = c.TypeShape(type, "interface")
        return type

    def named(self, name: str) -> c.MonoType:
        return self.program.types.named(name)

    def union(self, name: str, **cases: list[c.MonoType]) -> c.MonoType:
        type = self.program.types.named(name)
        self.program.shapes[type] = c.TypeShape(
            type,
            "union",
            cases=[
                c.Case(key, [c.Field(f"f{i}", part) for i, part in enumerate(parts)])
                for key, parts in cases.items()
            ],
        )
        return type

    def exception(self, name: str, *fields: tuple[str, c.MonoType]) -> c.MonoType:
        type = self.program.types.named(name)
        self.program.shapes[type] = c.TypeShape(
            type, "exception", fields=[c.Field(key, part) for key, part in fields]
        )
        return type

    def define(
        self,
        name: str,
        parameters: list[tuple[str, c.MonoType]],
        result: c.MonoType,
        body: Body,
        captures: int = 0,
    ) -> None:
        writer = Writer(self)
        locals_ = [writer.local(key, type) for key, type in parameters]
        expression = body(writer)
        self.program.functions[name] = c.Function(
            name,
            name,
            locals_,
            result,
            expression,
            None,
            captures,
            node_count=writer.nodes,
            local_count=writer.locals,
        )

    def variable(self, name: str, type: c.MonoType, mutable: bool = True) -> None:
        self.program.globals[name] = c.Global(name, type, name, mutable)


@dataclass
class Writer:
    """Writes one function. Locals are named by strings."""

    world: World
    nodes: int = 0
    locals: int = 0
    scope: dict[str, c.Local] = field(default_factory=dict)
    labels: dict[str, c.Label] = field(default_factory=dict)

    def id(self) -> int:
        self.nodes += 1
        return self.nodes - 1

    def local(self, name: str, type: c.MonoType, mutable: bool = False) -> c.Local:
        local = c.Local(self.locals, name, type, mutable)
        self.locals += 1
        self.scope[name] = local
        return local

    def atom(self, value: object, type: c.MonoType | None = None) -> c.Atom:
        if isinstance(value, c.Variable | c.Literal):
            return value
        if isinstance(value, str) and type is None:
            local = self.scope[value]
            return c.Variable(self.id(), local.type, None, local)
        if type is None:
            type = {
                bool: self.world.bool,
                int: self.world.int,
                float: self.world.float,
                bytes: None,
                type_of_none: self.world.unit,
            }[value.__class__]
        assert type is not None
        return c.Literal(self.id(), type, None, value)

    def text(self, value: str) -> c.Atom:
        return c.Literal(self.id(), self.world.string, None, value)

    def let(
        self,
        name: str,
        value: c.Expression,
        body: Callable[[], c.Expression],
        mutable: bool = False,
    ) -> c.Expression:
        identity = self.id()
        local = self.local(name, value.type, mutable)
        rest = body()
        return c.Let(identity, rest.type, None, local, value, rest)

    def seq(self, *steps: object) -> c.Expression:
        """("name", value) binds, (value,) alone orders, the last is the result. Steps may be
        functions of nothing.
        """
        first, *rest = steps
        if callable(first):
            first = first()
        if not rest:
            assert not isinstance(first, tuple)
            return first  # type: ignore[return-value]
        name, value, mutable = "_", first, False
        if isinstance(first, tuple):
            name, value = first[0], first[1]
            mutable = len(first) > 2
        if callable(value):
            value = value()
        return self.let(name, value, lambda: self.seq(*rest), mutable)  # type: ignore[arg-type]

    def call(
        self, function: str, *arguments: object, type: c.MonoType | None = None
    ) -> c.Expression:
        if type is None:
            type = self.world.program.functions[function].result
        return c.Call(self.id(), type, None, function, [self.atom(a) for a in arguments])

    def apply(self, function: object, *arguments: object) -> c.Expression:
        atom = self.atom(function)
        type = atom.type
        for _ in arguments:
            type = type.arguments[1]
        return c.CallClosure(self.id(), type, None, atom, [self.atom(a) for a in arguments])

    def closure(self, function: str, type: c.MonoType, *captures: object) -> c.Expression:
        return c.MakeClosure(self.id(), type, None, function, [self.atom(a) for a in captures])

    def op(
        self, name: str, type: c.MonoType, *arguments: object, types: tuple[c.MonoType, ...] = ()
    ) -> c.Expression:
        return c.Primitive(self.id(), type, None, name, types, [self.atom(a) for a in arguments])

    def make(self, type: c.MonoType, *arguments: object, case: int = -1) -> c.Expression:
        return c.Construct(self.id(), type, None, case, [self.atom(a) for a in arguments])

    def field(
        self, value: object, index: int, case: int = -1, owner: c.MonoType | None = None
    ) -> c.Expression:
        atom = self.atom(value)
        owner = owner or atom.type
        shape = self.world.program.shapes[owner]
        fields = shape.cases[case].fields if shape.kind == "union" else shape.fields
        return c.Project(self.id(), fields[index].type, None, atom, owner, case, index)

    def set(self, value: object, index: int, new: object) -> c.Expression:
        atom = self.atom(value)
        return c.SetField(self.id(), self.world.unit, None, atom, atom.type, index, self.atom(new))

    def assign(self, name: str, value: object) -> c.Expression:
        return c.Assign(self.id(), self.world.unit, None, self.scope[name], self.atom(value))

    def read(self, name: str) -> c.Expression:
        return c.GlobalRead(self.id(), self.world.program.globals[name].type, None, name)

    def write(self, name: str, value: object) -> c.Expression:
        return c.GlobalWrite(self.id(), self.world.unit, None, name, self.atom(value))

    def cond(
        self,
        condition: object,
        then: Callable[[], c.Expression],
        otherwise: Callable[[], c.Expression],
    ) -> c.Expression:
        identity, test = self.id(), self.atom(condition)
        yes, no = then(), otherwise()
        return c.If(identity, yes.type, None, test, yes, no)

    def switch(
        self,
        on: str,
        scrutinee: object,
        branches: dict[int, Callable[[], c.Expression]],
        default: Callable[[], c.Expression] | None = None,
        types: list[c.MonoType] | None = None,
    ) -> c.Expression:
        identity, atom = self.id(), self.atom(scrutinee)
        made = [(key, branch()) for key, branch in branches.items()]
        other = default() if default is not None else None
        return c.Switch(identity, made[0][1].type, None, atom, on, made, other, types or [])

    def loop(
        self,
        label: str,
        type: c.MonoType,
        parameters: list[tuple[str, object]],
        body: Callable[[], c.Expression],
    ) -> c.Expression:
        """A loop: parameters with their first values."""
        identity = self.id()
        mark = self.labels[label] = c.Label(self.id(), label)
        starts = [self.atom(value) for _, value in parameters]
        locals_ = [
            self.local(name, atom.type) for (name, _), atom in zip(parameters, starts, strict=True)
        ]
        inside = body()
        jump = c.Jump(self.id(), type, None, mark, list(starts))
        return c.Join(identity, type, None, mark, locals_, inside, jump, True)

    def jump(self, label: str, type: c.MonoType, *arguments: object) -> c.Expression:
        return c.Jump(self.id(), type, None, self.labels[label], [self.atom(a) for a in arguments])

    def throw(self, value: object, type: c.MonoType) -> c.Expression:
        return c.Raise(self.id(), type, None, self.atom(value))

    def attempt(
        self,
        body: Callable[[], c.Expression],
        name: str,
        type: c.MonoType,
        handler: Callable[[], c.Expression],
    ) -> c.Expression:
        identity = self.id()
        inside = body()
        local = self.local(name, type)
        after = handler()
        return c.TryWith(identity, inside.type, None, inside, local, after)


type_of_none = type(None)


def wasi_print(world: World) -> Body:
    """`print` by WASI's `fd_write`."""
    w = world
    address = pointer(w)
    w.program.externals["fd_write"] = c.External(
        "fd_write",
        "wasi_snapshot_preview1",
        "fd_write",
        [w.int, address, w.int, address],
        w.int,
    )

    def put(x: Writer) -> c.Expression:
        return x.seq(
            ("a", x.op("string_address", address, "s")),
            ("n", x.op("string_byte_length", w.int, "s")),
            ("v", x.op("stack_allocate", address, 12, types=(w.byte,))),
            ("p", lambda: x.op("pointer_to_int", w.native, "a")),
            ("q", lambda: x.op("convert", w.int, "p", types=(w.int,))),
            ("w", lambda: x.op("pointer_add", address, "v", 4)),
            ("r", lambda: x.op("pointer_add", address, "v", 8)),
            lambda: x.op("pointer_write", w.unit, "v", "q"),
            lambda: x.op("pointer_write", w.unit, "w", "n"),
            ("done", lambda: x.call("fd_write", 1, "v", 1, "r", type=w.int)),
            lambda: x.op("ignore", w.unit, "s"),
            lambda: x.atom(None),
        )

    return put


def add_output(world: World, for_wasi: bool = False) -> None:
    """`print_int` and `print`: lines on standard output."""
    w = world

    def put(x: Writer) -> c.Expression:
        return x.seq(
            ("a", x.op("string_address", pointer(w), "s")),
            ("n", x.op("string_byte_length", w.int, "s")),
            ("p", lambda: x.op("pointer_to_int", w.native, "a")),
            ("m", lambda: x.op("convert", w.native, "n", types=(w.native,))),
            lambda: x.op(
                "system_call",
                w.native,
                *(x.atom(v, w.native) for v in (1, 1)),
                "p",
                "m",
                *(x.atom(0, w.native) for _ in range(3)),
            ),
            lambda: x.atom(None),
        )

    def digit(x: Writer) -> c.Expression:
        return x.seq(
            ("q", x.op("div", w.int, "n", 10)),
            ("r", lambda: x.op("rem", w.int, "n", 10)),
            ("more", lambda: x.op("gt", w.bool, "q", 0)),
            (
                "_",
                lambda: x.cond(
                    "more", lambda: x.call("print_digits", "q", type=w.unit), lambda: x.atom(None)
                ),
            ),
            ("t", lambda: x.op("string_allocate", w.string, 1)),
            ("c", lambda: x.op("add", w.int, "r", 48)),
            ("b", lambda: x.op("convert", w.byte, "c", types=(w.byte,))),
            lambda: x.op("string_set_byte", w.unit, "t", 0, "b"),
            ("u", lambda: x.op("string_seal", w.string, "t")),
            lambda: x.call("print", "u"),
        )

    def number(x: Writer) -> c.Expression:
        return x.seq(
            ("negative", x.op("lt", w.bool, "n", 0)),
            (
                "_",
                lambda: x.cond(
                    "negative", lambda: x.call("print", x.text("-")), lambda: x.atom(None)
                ),
            ),
            ("m", lambda: x.op("sub", w.int, 0, "n")),
            (
                "_",
                lambda: x.cond(
                    "negative",
                    lambda: x.call("print_digits", "m", type=w.unit),
                    lambda: x.call("print_digits", "n", type=w.unit),
                ),
            ),
            lambda: x.call("print", x.text("\n")),
        )

    world.define("print", [("s", w.string)], w.unit, wasi_print(w) if for_wasi else put)
    world.define("print_digits", [("n", w.int)], w.unit, digit)
    world.define("print_int", [("n", w.int)], w.unit, number)


def pointer(world: World) -> c.MonoType:
    type = world.program.types.named("nativeptr", world.byte)
    world.program.shapes[type] = c.TypeShape(type, "builtin", builtin="pointer")
    return type


@dataclass
class Result:
    output: str
    code: int
    error: str


def compile_to_text(world: World, target_name: str = "native", debug_heap: bool = True) -> str:
    """MLIR text, with the graph and the plan checked."""
    target = find_target(target_name)
    assert target is not None
    graph = build(world.program)
    assert check_graph(world.program, graph) == []
    coeffects = analyse(world.program, graph)
    plan = make_plan(
        world.program, graph, coeffects, facts_for(target.pointer_bits, target.architecture)
    )
    complaints = verify_plan(world.program, plan)
    assert complaints == [], "\n".join(complaints)
    return emit(world.program, plan, coeffects, target, EmitOptions(debug_heap=debug_heap))


def run(
    world: World,
    level: Level = Level.O2,
    target_name: str = "native",
    debug_heap: bool = True,
    stack_size: int = 8 << 20,
) -> Result:
    """Compile, link and run; cells that are left make the exit code 99."""
    target = find_target(target_name)
    assert target is not None
    text = compile_to_text(world, target_name, debug_heap)
    size = f"llvm.mlir.global external constant @clef_stack_size({stack_size} : i64) : i64"
    text = text.replace("module {", "module {\n  " + size, 1)
    artifacts = compile_module(text, target, CompileOptions(level=level))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "program"
        assert link_executable(artifacts.object_code, target, path) == []
        done = run_program(path, target)
        assert isinstance(done, Outcome)
    return Result(done.output.decode(), done.exit_code or 0, done.errors.decode())
