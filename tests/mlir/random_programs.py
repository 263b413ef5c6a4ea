"""Random core programs over strings, tuples, records, unions, closures, arrays, mutable locals,
loops and exceptions.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field

from clef.typed_core import core as c
from tests.core_programs import World, Writer

Environment = list[tuple[str, c.MonoType]]
Then = Callable[[str, Environment], c.Expression]


@dataclass
class Generator:
    world: World
    random: random.Random
    names: int = 0
    functions: list[tuple[str, list[c.MonoType], c.MonoType]] = field(default_factory=list)
    lambdas: int = 0
    closed: bool = False  # inside a try: no jumps out
    size: int = 0

    def __post_init__(self) -> None:
        w = self.world
        self.string = w.string
        self.pair = w.tuple(w.string, w.int)
        self.list = w.named("Strings")
        w.union("Strings", Nil=[], Cons=[w.string, self.list])
        self.record = w.record("Record", ("a", w.string), ("b", self.pair), ("c", self.list))
        self.small = w.record("Wrapped", ("a", w.string))
        self.option = w.union("Option", None_=[], Some=[self.record])
        self.choice = w.union("Choice", A=[w.string], B=[self.pair], C=[])
        self.cell = w.record("Cell", ("value", w.string), mutable=True)
        self.array = w.array(w.string)
        self.closure = w.function(w.string, w.string)
        self.closure2 = w.function(w.string, w.int, w.string)
        self.exn = w.exception("Error", ("message", w.string))
        self.types = [
            self.string,
            self.pair,
            self.list,
            self.record,
            self.small,
            self.option,
            self.choice,
            self.cell,
            self.array,
            self.closure,
            self.closure2,
        ]

    def name(self) -> str:
        self.names += 1
        return f"v{self.names}"

    def type(self) -> c.MonoType:
        return self.random.choice(self.types)


def let(
    g: Generator,
    x: Writer,
    value: c.Expression,
    env: Environment,
    then: Then,
    mutable: bool = False,
) -> c.Expression:
    name = g.name()
    g.size += 1
    return x.let(name, value, lambda: then(name, [*env, (name, value.type)]), mutable)


def known(g: Generator, type: c.MonoType, env: Environment) -> str | None:
    names = [name for name, held in env if held is type]
    return g.random.choice(names) if names else None


def integer(g: Generator, x: Writer) -> c.Atom:
    return x.atom(g.random.randrange(-1, 4))


def value(
    g: Generator, x: Writer, type: c.MonoType, env: Environment, depth: int, then: Then
) -> c.Expression:
    """Some value of the type."""
    name = known(g, type, env)
    if name is not None and (depth <= 0 or g.random.random() < 0.4):
        return then(name, env)
    if depth > 0 and g.random.random() < 0.35:
        return compound(g, x, type, env, depth, then)
    return construct(g, x, type, env, depth, then)


def values(
    g: Generator,
    x: Writer,
    types: list[c.MonoType],
    env: Environment,
    depth: int,
    then: Callable[[list[str], Environment], c.Expression],
) -> c.Expression:
    def go(done: list[str], env: Environment) -> c.Expression:
        if len(done) == len(types):
            return then(done, env)
        type = types[len(done)]
        if type is g.world.int:
            number = x.atom(g.random.randrange(0, 3))
            return let(g, x, number, env, lambda n, e: go([*done, n], e))
        return value(g, x, type, env, depth - 1, lambda n, e: go([*done, n], e))

    return go([], env)


def construct(
    g: Generator, x: Writer, type: c.MonoType, env: Environment, depth: int, then: Then
) -> c.Expression:
    w = g.world
    parts: list[c.MonoType] = []
    case = -1
    if type is g.string:
        if depth > 0:
            return values(
                g,
                x,
                [g.string, g.string],
                env,
                depth,
                lambda n, e: let(g, x, x.call("concat", *n), e, then),
            )
        return let(g, x, x.text(g.random.choice("abcde")), env, then)
    if type is g.pair:
        parts = [g.string, w.int]
    elif type is g.list:
        case = int(depth > 0 and g.random.random() < 0.7)
        parts = [g.string, g.list] if case else []
    elif type is g.record:
        parts = [g.string, g.pair, g.list]
    elif type in (g.small, g.cell):
        parts = [g.string]
    elif type is g.option:
        case = int(depth > 0 and g.random.random() < 0.7)
        parts = [g.record] if case else []
    elif type is g.choice:
        case = g.random.randrange(3)
        parts = [[g.string], [g.pair], []][case]
    elif type is g.array:
        return array(g, x, env, depth, then)
    else:
        return closure(g, x, type, env, depth, then)
    return values(
        g, x, parts, env, depth, lambda n, e: let(g, x, x.make(type, *n, case=case), e, then)
    )


def array(g: Generator, x: Writer, env: Environment, depth: int, then: Then) -> c.Expression:
    w = g.world
    make = x.op("array_zero", g.array, 2, types=(w.string,))

    def fill(a: str, env: Environment) -> c.Expression:
        def both(names: list[str], env: Environment) -> c.Expression:
            first = x.op("array_set", w.unit, a, 0, names[0], types=(w.string,))
            return let(g, x, first, env, lambda _, e: second(names, e[:-1]))

        def second(names: list[str], env: Environment) -> c.Expression:
            step = x.op("array_set", w.unit, a, 1, names[1], types=(w.string,))
            return let(g, x, step, env, lambda _, e: then(a, [*e[:-1], (a, g.array)]))

        hidden = [item for item in env if item[0] != a]
        return values(g, x, [g.string, g.string], hidden, depth, both)

    return let(g, x, make, env, fill)


def closure(
    g: Generator, x: Writer, type: c.MonoType, env: Environment, depth: int, then: Then
) -> c.Expression:
    g.lambdas += 1
    name = f"lambda{g.lambdas}"
    captured = [g.type() for _ in range(g.random.randrange(3))] if depth > 0 else []
    parameters, result = [type.arguments[0]], type.arguments[1]
    while result.form == "function" and g.random.random() < 0.7:
        parameters.append(result.arguments[0])
        result = result.arguments[1]
    define(g, name, [*captured, *parameters], result, depth - 1, len(captured))
    return values(
        g, x, captured, env, depth, lambda n, e: let(g, x, x.closure(name, type, *n), e, then)
    )


def compound(
    g: Generator, x: Writer, type: c.MonoType, env: Environment, depth: int, then: Then
) -> c.Expression:
    choice = g.random.randrange(10)
    w = g.world
    inner = depth - 1

    def same(t: c.MonoType = type) -> Callable[[Environment], c.Expression]:
        return lambda e: value(g, x, t, e, inner, lambda n, _: x.atom(n))

    if choice == 0:
        return condition(
            g,
            x,
            env,
            lambda q, e: let(g, x, x.cond(q, lambda: same()(e), lambda: same()(e)), e, then),
        )
    if choice == 1:
        return value(
            g,
            x,
            g.list,
            env,
            inner,
            lambda xs, e: let(g, x, match_list(g, x, xs, e, same()), e, then),
        )
    if choice == 2:
        return value(
            g,
            x,
            g.choice,
            env,
            inner,
            lambda v, e: let(g, x, match_choice(g, x, v, e, same()), e, then),
        )
    if choice == 3:
        return let(g, x, attempt(g, x, env, type, same()), env, then)
    if choice == 4:
        return loop(g, x, type, env, depth, then)
    if choice == 5:
        return mutable(g, x, type, env, depth, then)
    if choice == 6 and g.functions:
        name, parameters, result = g.random.choice(g.functions)
        if result is type:
            return values(
                g, x, parameters, env, inner, lambda n, e: let(g, x, x.call(name, *n), e, then)
            )
    if choice == 7 and type is g.string:
        which = g.random.choice([g.closure, g.closure2])
        wanted = [which, g.string] + ([w.int] if which is g.closure2 else [])
        return values(g, x, wanted, env, inner, lambda n, e: let(g, x, x.apply(*n), e, then))
    return project(g, x, type, env, depth, then)


def condition(g: Generator, x: Writer, env: Environment, then: Then) -> c.Expression:
    test = x.op("lt", g.world.bool, integer(g, x), integer(g, x))
    return let(g, x, test, env, lambda n, e: then(n, e[:-1]))


def project(
    g: Generator, x: Writer, type: c.MonoType, env: Environment, depth: int, then: Then
) -> c.Expression:
    """Out of something bigger."""
    options = {
        g.string: [(g.pair, 0), (g.record, 0), (g.small, 0), (g.cell, 0)],
        g.pair: [(g.record, 1)],
        g.list: [(g.record, 2)],
    }.get(type)
    if type is g.string and g.random.random() < 0.3:
        at = g.random.choice([0, 1, 1, 2])
        return value(
            g,
            x,
            g.array,
            env,
            depth - 1,
            lambda a, e: let(g, x, x.op("array_get", g.string, a, at, types=(g.string,)), e, then),
        )
    if not options:
        return construct(g, x, type, env, depth, then)
    owner, index = g.random.choice(options)
    return value(g, x, owner, env, depth - 1, lambda o, e: let(g, x, x.field(o, index), e, then))


def match_list(
    g: Generator,
    x: Writer,
    xs: str,
    env: Environment,
    branch: Callable[[Environment], c.Expression],
) -> c.Expression:
    def cons() -> c.Expression:
        return let(
            g,
            x,
            x.field(xs, 0, 1),
            env,
            lambda h, e: let(g, x, x.field(xs, 1, 1), e, lambda t, e2: branch(e2)),
        )

    return x.switch("case", xs, {0: lambda: branch(env), 1: cons})


def match_choice(
    g: Generator, x: Writer, v: str, env: Environment, branch: Callable[[Environment], c.Expression]
) -> c.Expression:
    def part(case: int) -> c.Expression:
        return let(g, x, x.field(v, 0, case), env, lambda _, e: branch(e))

    return x.switch("case", v, {0: lambda: part(0), 1: lambda: part(1)}, lambda: branch(env))


def attempt(
    g: Generator,
    x: Writer,
    env: Environment,
    type: c.MonoType,
    branch: Callable[[Environment], c.Expression],
) -> c.Expression:
    def body() -> c.Expression:
        return perhaps(g, x, env, lambda e: branch(e))

    name = g.name()
    return x.attempt(body, name, g.exn, lambda: branch(env))


def perhaps(
    g: Generator, x: Writer, env: Environment, then: Callable[[Environment], c.Expression]
) -> c.Expression:
    """A call that may raise, then the rest."""
    return value(
        g,
        x,
        g.string,
        env,
        1,
        lambda s, e: let(g, x, x.call("fail", s, integer(g, x)), e, lambda _, e2: then(e2)),
    )


def loop(
    g: Generator, x: Writer, type: c.MonoType, env: Environment, depth: int, then: Then
) -> c.Expression:
    w = g.world
    label = g.name()

    def around(first: str, env: Environment) -> c.Expression:
        counter, carried = g.name(), g.name()

        def body() -> c.Expression:
            inside = [*env, (carried, type)]
            test = x.op("lt", w.bool, counter, 1 + g.random.randrange(3))
            return let(
                g,
                x,
                test,
                inside,
                lambda q, e: x.cond(q, lambda: onward(e[:-1]), lambda: leave(e[:-1])),
            )

        def onward(env: Environment) -> c.Expression:
            def step(n: str, env: Environment) -> c.Expression:
                more = x.op("add", w.int, counter, 1)
                return let(g, x, more, env, lambda m, _: x.jump(label, type, m, n))

            return value(g, x, type, env, depth - 1, step)

        def leave(env: Environment) -> c.Expression:
            return value(g, x, type, env, 0, lambda n, _: x.atom(n))

        made = x.loop(label, type, [(counter, 0), (carried, first)], body)
        return let(g, x, made, env, then)

    return value(g, x, type, env, depth - 1, around)


def mutable(
    g: Generator, x: Writer, type: c.MonoType, env: Environment, depth: int, then: Then
) -> c.Expression:
    def with_slot(slot: str, env: Environment) -> c.Expression:
        def assigned(n: str, e: Environment) -> c.Expression:
            return let(g, x, x.assign(slot, n), e, lambda _, e2: use(e2[:-1]))

        def use(e: Environment) -> c.Expression:
            if g.random.random() < 0.4:
                branch = x.cond
                return condition(
                    g,
                    x,
                    e,
                    lambda q, e2: let(
                        g,
                        x,
                        branch(q, lambda: write(e2), lambda: x.atom(None)),
                        e2,
                        lambda _, e3: read(e3[:-1]),
                    ),
                )
            return read(e)

        def write(e: Environment) -> c.Expression:
            return value(g, x, type, e, 0, lambda n, _: x.assign(slot, n))

        def read(e: Environment) -> c.Expression:
            return let(g, x, x.atom(slot), e, then)

        return value(g, x, type, env, depth - 1, assigned)

    return value(g, x, type, env, depth - 1, lambda n, e: let(g, x, x.atom(n), e, with_slot, True))


def digest(g: Generator, x: Writer, name: str, type: c.MonoType, env: Environment) -> c.Expression:
    """A string that tells values apart."""
    w = g.world
    if type is g.string:
        return x.atom(name)
    if type is g.pair:
        return let(g, x, x.field(name, 0), env, lambda n, _: x.call("concat", n, x.text(".")))
    if type is g.record:
        return let(
            g,
            x,
            x.field(name, 2),
            env,
            lambda inner, e: let(
                g,
                x,
                digest(g, x, inner, g.list, e),
                e,
                lambda s, e2: let(g, x, x.field(name, 0), e2, lambda a, _: x.call("concat", a, s)),
            ),
        )
    if type in (g.small, g.cell):
        return x.field(name, 0)
    if type is g.list:
        return match_list(
            g, x, name, env, lambda e: x.atom(known(g, g.string, e[-2:]) or x.text("-"))
        )
    if type is g.option:
        return x.switch(
            "case",
            name,
            {
                0: lambda: x.text("none"),
                1: lambda: let(
                    g, x, x.field(name, 0, 1), env, lambda r, e: digest(g, x, r, g.record, e)
                ),
            },
        )
    if type is g.choice:
        return match_choice(g, x, name, env, lambda e: x.text("choice"))
    if type is g.array:
        return x.op("array_get", w.string, name, 1, types=(w.string,))
    if type is g.closure:
        return x.apply(name, x.text("x"))
    return x.apply(name, x.text("y"), 2)


def define(
    g: Generator,
    name: str,
    types: list[c.MonoType],
    result: c.MonoType,
    depth: int,
    captures: int = 0,
) -> None:
    parameters = [(g.name(), type) for type in types]

    def body(x: Writer) -> c.Expression:
        env: Environment = [item for item in parameters if item[1] is not g.world.int]
        if g.random.random() < 0.3:
            return perhaps(
                g, x, env, lambda e: value(g, x, result, e, depth, lambda n, _: x.atom(n))
            )
        return value(g, x, result, env, depth, lambda n, _: x.atom(n))

    g.world.define(name, parameters, result, body, captures)


def add_support(w: World, g: Generator) -> None:
    def concat(x: Writer) -> c.Expression:
        return x.seq(
            ("n", x.op("string_byte_length", w.int, "a")),
            ("m", x.op("string_byte_length", w.int, "b")),
            ("k", lambda: x.op("add", w.int, "n", "m")),
            ("t", lambda: x.op("string_allocate", w.string, "k")),
            lambda: x.op("string_copy_bytes", w.unit, "a", 0, "t", 0, "n"),
            lambda: x.op("string_copy_bytes", w.unit, "b", 0, "t", "n", "m"),
            lambda: x.op("string_seal", w.string, "t"),
        )

    def fail(x: Writer) -> c.Expression:
        return x.seq(
            ("bad", x.op("eq", w.bool, "n", 3)),
            lambda: x.cond(
                "bad",
                lambda: x.seq(("e", x.make(g.exn, "s")), lambda: x.throw("e", w.string)),
                lambda: x.atom("s"),
            ),
        )

    w.define("concat", [("a", w.string), ("b", w.string)], w.string, concat)
    w.define("fail", [("s", w.string), ("n", w.int)], w.string, fail)


def generate(world: World, seed: int) -> None:
    """A whole program: functions, and a main that prints what they give."""
    g = Generator(world, random.Random(seed))
    add_support(world, g)
    for index in range(4):
        types = [g.type() for _ in range(g.random.randrange(1, 4))]
        result = g.type()
        define(g, f"f{index}", types, result, 3)
        g.functions.append((f"f{index}", types, result))

    def show(x: Writer, position: int) -> c.Expression:
        if position == len(g.functions):
            return x.atom(0)
        name, types, result = g.functions[position]

        def attempt_body() -> c.Expression:
            return values(
                g,
                x,
                types,
                [],
                1,
                lambda n, e: let(
                    g, x, x.call(name, *n), e, lambda r, e2: digest(g, x, r, result, e2)
                ),
            )

        text = x.attempt(attempt_body, g.name(), g.exn, lambda: x.text("raised"))
        return let(
            g,
            x,
            text,
            [],
            lambda s, e: let(
                g,
                x,
                x.call("print", s),
                e,
                lambda _, __: let(
                    g, x, x.call("print", x.text("\n")), e, lambda _, __: show(x, position + 1)
                ),
            ),
        )

    world.define("main", [], world.int, lambda x: show(x, 0))
