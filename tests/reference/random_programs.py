"""Random well-typed programs, for comparing the compiler with the reference.

In: a seed. Out: the text of an F# program that prints what it computes. Promises: the same seed
gives the same text; every program is accepted by F#, ends by itself, and does nothing whose result
F# leaves open; exceptions in it are caught where they are printed.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field

HEADER = """\
type R = { A: int; B: string }

type U =
    | X of int
    | Y of string * bool
    | Z

let attempt (f: unit -> string) = try f () with e -> "raised " + e.GetType().Name
"""

TYPES = ("int", "int64", "byte", "float", "bool", "string", "int list", "int option", "R", "U")
PAIRS = ("int * string", "string list", "int -> int")
EVERY = TYPES + PAIRS


@dataclass(slots=True)
class Function:
    """A function of the program, as later ones may call it."""

    name: str
    parameters: tuple[str, ...]
    result: str


@dataclass(slots=True)
class Generator:
    """Draws expressions of a wanted type; `scope` holds the variables in reach by type."""

    chance: random.Random
    scope: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    functions: list[Function] = field(default_factory=list[Function])
    names: int = 0

    def fresh(self) -> str:
        """A name not used before."""
        self.names += 1
        return f"v{self.names}"

    def pick(self, *choices: str) -> str:
        """One of the texts."""
        return self.chance.choice(choices)

    def number(self, low: int, high: int) -> int:
        """A number, both ends included."""
        return self.chance.randint(low, high)

    def under(self, bound: dict[str, str], body: Callable[[], str]) -> str:
        """What `body` draws while the variables of `bound` (name to type) are in reach."""
        for name, kind in bound.items():
            self.scope.setdefault(kind, []).append(name)
        try:
            return body()
        finally:
            for kind in bound.values():
                self.scope[kind].pop()

    def expression(self, kind: str, depth: int) -> str:
        """An expression of type `kind`, in parentheses unless atomic."""
        known = self.scope.get(kind, [])
        if known and self.chance.random() < (0.85 if depth <= 0 else 0.3):
            return self.chance.choice(known)
        if depth <= 0:
            return LEAVES[kind](self)
        if self.chance.random() < 0.35:
            return f"({self.control(kind, depth)})"
        calls = [f for f in self.functions if f.result == kind]
        if calls and self.chance.random() < 0.2:
            called = self.chance.choice(calls)
            arguments = [self.expression(p, depth - 2) for p in called.parameters]
            return f"({called.name} {' '.join(arguments)})"
        return f"({self.chance.choice(SHAPES[kind])(self, depth - 1)})"

    def control(self, kind: str, depth: int) -> str:
        """A construct that any type can have."""
        return self.chance.choice(CONTROLS)(self, kind, depth - 1)


def _if(g: Generator, kind: str, d: int) -> str:
    yes, no = g.expression(kind, d), g.expression(kind, d)
    return f"if {g.expression('bool', d)} then {yes} else {no}"


def _let(g: Generator, kind: str, d: int) -> str:
    bound, name = g.chance.choice(EVERY), g.fresh()
    value = g.expression(bound, d)
    body = g.under({name: bound}, lambda: g.expression(kind, d))
    return f"let {name}: {bound} = {value} in {body}"


def _match_list(g: Generator, kind: str, d: int) -> str:
    head, tail = g.fresh(), g.fresh()
    some = g.under({head: "int", tail: "int list"}, lambda: g.expression(kind, d))
    guarded = g.under({head: "int"}, lambda: g.expression(kind, d - 1))
    test = g.under({head: "int"}, lambda: g.expression("bool", 1))
    return (
        f"match {g.expression('int list', d)} with [] -> {g.expression(kind, d - 1)} "
        f"| [ {head} ] when {test} -> {guarded} | {head} :: {tail} -> {some}"
    )


def _match_option(g: Generator, kind: str, d: int) -> str:
    name = g.fresh()
    some = g.under({name: "int"}, lambda: g.expression(kind, d))
    literal = g.number(0, 5)
    return (
        f"match {g.expression('int option', d)} with None -> {g.expression(kind, d - 1)} "
        f"| Some {literal} -> {g.expression(kind, d - 1)} | Some {name} -> {some}"
    )


def _match_union(g: Generator, kind: str, d: int) -> str:
    n, s, b = g.fresh(), g.fresh(), g.fresh()
    first = g.under({n: "int"}, lambda: g.expression(kind, d))
    second = g.under({s: "string", b: "bool"}, lambda: g.expression(kind, d))
    return (
        f"match {g.expression('U', d)} with X {n} -> {first} | Y({s}, {b}) -> {second} "
        f"| Z -> {g.expression(kind, d - 1)}"
    )


def _match_pair(g: Generator, kind: str, d: int) -> str:
    n, s = g.fresh(), g.fresh()
    body = g.under({n: "int", s: "string"}, lambda: g.expression(kind, d))
    return (
        f'match {g.expression("int * string", d)} with (0, _) | (_, "") -> '
        f"{g.expression(kind, d - 1)} | ({n}, {s}) -> {body}"
    )


def _record(g: Generator, kind: str, d: int) -> str:
    a, b = g.fresh(), g.fresh()
    body = g.under({a: "int", b: "string"}, lambda: g.expression(kind, d))
    return f"let {{ A = {a}; B = {b} }} = {g.expression('R', d)} in {body}"


def _try(g: Generator, kind: str, d: int) -> str:
    return f"try {g.expression(kind, d)} with _ -> {g.expression(kind, d - 1)}"


def _raise(g: Generator, kind: str, d: int) -> str:
    return f'if {g.expression("bool", d)} then failwith "no" else {g.expression(kind, d)}'


def _head(g: Generator, kind: str, d: int) -> str:
    """Something that may raise an exception of the library."""
    name = g.fresh()
    risky = g.pick("List.head {0}", "List.sum {0} / List.length {0}", "List.item 2 {0}")
    body = g.under({name: "int"}, lambda: g.expression(kind, d))
    return f"let {name} = {risky.format(g.expression('int list', d))} in {body}"


def _apply(g: Generator, kind: str, d: int) -> str:
    name, bound = g.fresh(), g.chance.choice(TYPES)
    body = g.under({name: bound}, lambda: g.expression(kind, d))
    return f"(fun ({name}: {bound}) -> {body}) {g.expression(bound, d)}"


CONTROLS = (
    _if,
    _let,
    _let,
    _match_list,
    _match_option,
    _match_union,
    _match_pair,
    _record,
    _try,
    _head,
    _raise,
    _apply,
)

Shape = Callable[[Generator, int], str]


def _of(template: str, *kinds: str) -> Shape:
    """A shape whose places {0}, {1} … are expressions of the kinds."""
    return lambda g, d: template.format(*(g.expression(kind, d) for kind in kinds))


def _operation(kind: str, *operators: str) -> Shape:
    return lambda g, d: f"{g.expression(kind, d)} {g.pick(*operators)} {g.expression(kind, d - 1)}"


def _lambda(g: Generator, d: int) -> str:
    name = g.fresh()
    return f"fun ({name}: int) -> {g.under({name: 'int'}, lambda: g.expression('int', d))}"


def _predicate(g: Generator, d: int) -> str:
    name = g.fresh()
    return f"(fun ({name}: int) -> {g.under({name: 'int'}, lambda: g.expression('bool', d))})"


def _comparison(g: Generator, d: int) -> str:
    kind = g.chance.choice([k for k in EVERY if k not in ("int -> int", "float")])
    operator = g.pick("=", "<>", "<", ">=")
    return f"{g.expression(kind, d)} {operator} {g.expression(kind, d)}"


def _fold(g: Generator, d: int) -> str:
    state, item = g.fresh(), g.fresh()
    body = g.under({state: "int", item: "int"}, lambda: g.expression("int", d))
    items, start = g.expression("int list", d), g.expression("int", 0)
    return f"List.fold (fun ({state}: int) ({item}: int) -> {body}) {start} {items}"


def _loop(g: Generator, d: int) -> str:
    name, n, total = g.fresh(), g.fresh(), g.fresh()
    step = g.under({n: "int", total: "int"}, lambda: g.expression("int", d))
    return (
        f"let rec {name} {n} {total} = if {n} <= 0 then {total} else "
        f"{name} ({n} - 1) ({step}) in {name} {g.number(1, 9)} {g.expression('int', 1)}"
    )


def _filtered(g: Generator, d: int) -> str:
    return f"List.filter {_predicate(g, d)} {g.expression('int list', d)}"


def _found(g: Generator, d: int) -> str:
    return f"List.tryFind {_predicate(g, d)} {g.expression('int list', d)}"


def _shown(g: Generator, d: int) -> str:
    kind = g.chance.choice([k for k in EVERY if k != "int -> int"])
    return f'sprintf "%A" {g.expression(kind, d)}'


LEAVES: dict[str, Callable[[Generator], str]] = {
    "int": lambda g: g.pick(
        str(g.number(0, 9)), str(g.number(0, 2**31 - 1)), f"(-{g.number(1, 9)})"
    ),
    "int64": lambda g: g.pick(f"{g.number(0, 9)}L", f"{g.number(0, 2**62)}L", "(-1L)"),
    "byte": lambda g: f"{g.number(0, 255)}uy",
    "float": lambda g: g.pick("0.5", "2.0", "-1.25", "1e10", f"{g.number(0, 99)}.0"),
    "bool": lambda g: g.pick("true", "false"),
    "string": lambda g: g.pick('""', '"a"', '"bc"', '"two words"'),
    "int list": lambda g: g.pick("[]", "[ 1; 2; 3 ]", f"[ {g.number(0, 9)} ]", "[ 4 .. 8 ]"),
    "int option": lambda g: g.pick("None", f"(Some {g.number(0, 9)})"),
    "R": lambda g: f"{{ A = {g.number(0, 9)}; B = " + g.pick('"x" }', '"y" }'),
    "U": lambda g: g.pick("Z", f"(X {g.number(0, 9)})", '(Y("u", true))'),
    "int * string": lambda g: f"({g.number(0, 3)}, " + g.pick('"")', '"p")'),
    "string list": lambda g: g.pick("[]", '[ "s"; "t" ]'),
    "int -> int": lambda g: g.pick("id", "((+) 1)", "(fun x -> x * 3)", "abs"),
}

SHAPES: dict[str, tuple[Shape, ...]] = {
    "int": (
        _operation("int", "+", "-", "*", "&&&", "|||", "^^^"),
        _operation("int", "/", "%"),
        lambda g, d: f"{g.expression('int', d)} {g.pick('<<<', '>>>')} {g.number(0, 31)}",
        _of("-{0}", "int"),
        _of("~~~{0}", "int"),
        _of("max {0} {1}", "int", "int"),
        _of("compare {0} {1} |> sign", "string", "string"),
        _of("int {0}", "byte"),
        _of("int {0}", "int64"),
        _of("List.length {0}", "int list"),
        _of("String.length {0}", "string"),
        _of("fst {0}", "int * string"),
        _of("{0}.A", "R"),
        _of("{0} {1}", "int -> int", "int"),
        _of("Option.defaultValue {0} {1}", "int", "int option"),
        _fold,
        _loop,
    ),
    "int64": (
        _operation("int64", "+", "-", "*", "&&&", "^^^"),
        _operation("int64", "/", "%"),
        _of("int64 {0}", "int"),
        _of("min {0} {1}", "int64", "int64"),
        lambda g, d: f"{g.expression('int64', d)} {g.pick('<<<', '>>>')} {g.number(0, 63)}",
    ),
    "byte": (
        _operation("byte", "+", "-", "*", "|||"),
        _of("byte {0}", "int"),
        lambda g, d: f"{g.expression('byte', d)} {g.pick('<<<', '>>>')} {g.number(0, 7)}",
    ),
    "float": (
        _operation("float", "+", "-", "*"),
        _of("float {0}", "int"),
        _of("float {0}", "int64"),
        _of("{0} / 4.0", "float"),
        _of("abs {0}", "float"),
    ),
    "bool": (
        _comparison,
        _comparison,
        _operation("bool", "&&", "||", "="),
        _of("not {0}", "bool"),
        lambda g, d: f"List.exists {_predicate(g, d)} {g.expression('int list', d)}",
        _of("{0} < {1}", "float", "float"),
    ),
    "string": (
        _operation("string", "+"),
        _of("string {0}", "int"),
        _of("string {0}", "int64"),
        _of('sprintf "%d/%s" {0} {1}', "int", "string"),
        _of("snd {0}", "int * string"),
        _of("{0}.B", "R"),
        _of('String.concat "," {0}', "string list"),
        lambda g, d: f"{g.expression('string', d)}.Substring({g.number(0, 2)})",
        _shown,
    ),
    "int list": (
        _of("{0} :: {1}", "int", "int list"),
        _operation("int list", "@"),
        _of("List.map {0} {1}", "int -> int", "int list"),
        _of("List.rev {0}", "int list"),
        _of("List.sort {0}", "int list"),
        _of("List.tail {0}", "int list"),
        _of("List.map String.length {0}", "string list"),
        _of("[ {0}; {1} ]", "int", "int"),
        _of("List.scan (+) {0} {1}", "int", "int list"),
        _filtered,
    ),
    "int option": (
        _of("Some {0}", "int"),
        _of("Option.map {0} {1}", "int -> int", "int option"),
        _of("List.tryHead {0}", "int list"),
        _found,
    ),
    "R": (
        _of("{{ A = {0}; B = {1} }}", "int", "string"),
        _of("{{ {0} with A = {1} }}", "R", "int"),
    ),
    "U": (_of("X {0}", "int"), _of("Y({0}, {1})", "string", "bool"), lambda g, d: "Z"),
    "int * string": (
        _of("{0}, {1}", "int", "string"),
        _of("{0}.A, {1}", "R", "string"),
    ),
    "string list": (
        _of("{0} :: {1}", "string", "string list"),
        _of("List.map string {0}", "int list"),
        _of("List.sort {0}", "string list"),
        _of("[ {0}; {1} ]", "string", "string"),
    ),
    "int -> int": (
        _lambda,
        _lambda,
        _of("{0} >> {1}", "int -> int", "int -> int"),
        _of("(+) {0}", "int"),
        lambda g, d: f"let k = {g.expression('int', d)} in fun x -> x - k",
    ),
}


def program(seed: int, functions: int = 8, depth: int = 5) -> str:
    """A program."""
    generator = Generator(random.Random(seed))
    lines = [HEADER]
    for index in range(functions):
        function = _function(generator, f"f{index}")
        lines.append(_definition(generator, function, depth))
        generator.functions.append(function)
        lines += [_call(generator, function) for _ in range(3)]
        lines.append("")
    return "\n".join(lines)


def _function(generator: Generator, name: str) -> Function:
    count = generator.number(1, 3)
    parameters = tuple(generator.chance.choice(EVERY) for _ in range(count))
    result = generator.chance.choice([k for k in EVERY if k != "int -> int"])
    return Function(name, parameters, result)


def _definition(generator: Generator, function: Function, depth: int) -> str:
    bound = {f"p{i}": kind for i, kind in enumerate(function.parameters)}
    body = generator.under(bound, lambda: generator.expression(function.result, depth))
    written = " ".join(f"({name}: {kind})" for name, kind in bound.items())
    return f"let {function.name} {written} : {function.result} =\n    {body}\n"


def _call(generator: Generator, function: Function) -> str:
    arguments = " ".join(generator.expression(kind, 1) for kind in function.parameters)
    shown = f'sprintf "%A" ({function.name} {arguments})'
    return f'printfn "{function.name} %s" (attempt (fun () -> {shown}))'
