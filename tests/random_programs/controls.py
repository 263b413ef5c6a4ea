"""Constructs of random programs that can have any type.

In: a generator, the wanted type, a depth. Out: F# text. Promises: what is evaluated repeatedly
spends fuel, so that every program ends.
"""

from __future__ import annotations

from tests.random_programs.generator import Generator, control
from tests.random_programs.patterns import arms, draw_pattern, lambda_of
from tests.random_programs.types import (
    BOOL,
    INT,
    SORTED,
    STRING,
    Type,
    function,
    list_of,
    option_of,
    tuple_of,
)


@control
def conditional(g: Generator, kind: Type, d: int) -> str:
    """`if … then … else …`."""
    test = g.expression(BOOL, d)
    return f"if {test} then {g.expression(kind, d)} else {g.expression(kind, d)}"


@control
def binding(g: Generator, kind: Type, d: int) -> str:
    """`let` with a name."""
    bound, name = g.type(), g.fresh()
    value = g.expression(bound, d)
    written = name if g.chance.likely(40) else f"{name}: {bound}"
    with g.under((name, bound)):
        return f"let {written} = {value} in {g.expression(kind, d)}"


@control
def taking_apart(g: Generator, kind: Type, d: int) -> str:
    """`let` with a pattern that always matches."""
    whole = g.type()
    value = g.expression(whole, d)
    pattern, bound = draw_pattern(g, whole, 2, True)
    with g.under(*bound):
        return f"let ({pattern}: {whole}) = {value} in {g.expression(kind, d)}"


@control
def matching(g: Generator, kind: Type, d: int) -> str:
    """`match`; one in five raises where nothing matches."""
    over = g.type()
    value = g.expression(over, d)
    return f"match {value} with {arms(g, over, kind, d, total=not g.chance.likely(20))}"


@control
def matching_two(g: Generator, kind: Type, d: int) -> str:
    """`match` on a pair of values."""
    first, second = g.type(1), g.type(1)
    values = f"{g.expression(first, d - 1)}, {g.expression(second, d - 1)}"
    return f"match {values} with {arms(g, tuple_of(first, second), kind, d, total=True)}"


@control
def handling(g: Generator, kind: Type, d: int) -> str:
    """`try … with`."""
    handler = g.pick(
        "_",
        ":? ArgumentException",
        "Failure _",
        "Custom 1",
        ":? KeyNotFoundException | :? DivideByZeroException",
    )
    return f"try {g.expression(kind, d)} with {handler} -> {g.expression(kind, d - 1)}"


@control
def handling_custom(g: Generator, kind: Type, d: int) -> str:
    """A handler that binds what the exception carries."""
    name, error = g.fresh(), g.fresh()
    with g.under((name, INT)):
        first = g.expression(kind, d - 1)
    return (
        f"try {g.expression(kind, d)} with Custom {name} -> {first} "
        f"| {error} when {error}.GetType().Name.Length > {g.number(8, 20)} -> "
        f"note {g.number(0, 9)} {g.expression(kind, d - 1)}"
    )


@control
def cleaning_up(g: Generator, kind: Type, d: int) -> str:
    """`try … finally` and `use`."""
    if g.chance.likely(50):
        return f"use held = new Held({g.number(0, 9)}) in {g.expression(kind, d)}"
    return f"try {g.expression(kind, d)} finally note {g.number(0, 9)} ()"


@control
def raising(g: Generator, kind: Type, d: int) -> str:
    """An exception now and then."""
    raised = g.pick(
        'failwith "no"',
        f"raise (Custom {g.small(INT)})",
        'invalidArg "x" "no"',
        "raise (KeyNotFoundException())",
    )
    return f"if {g.expression(BOOL, d)} then {raised} else {g.expression(kind, d)}"


@control
def noting(g: Generator, kind: Type, d: int) -> str:
    """A step that the log shows: the order of evaluation becomes visible."""
    return f"note {g.number(0, 9)} {g.expression(kind, d)}"


@control
def applying(g: Generator, kind: Type, d: int) -> str:
    """A lambda and its argument, in one of the ways to write that."""
    source = g.type()
    called = lambda_of(g, source, kind, d)
    argument = g.expression(source, d)
    return g.pick(f"{called} {argument}", f"{argument} |> {called}", f"{called} <| {argument}")


@control
def applying_value(g: Generator, kind: Type, d: int) -> str:
    """A function value that is not written where it is called."""
    source = g.type(1)
    return f"{g.expression(function(source, kind), d)} {g.expression(source, d)}"


@control
def local_function(g: Generator, kind: Type, d: int) -> str:
    """A closure of two parameters, called fully or in steps."""
    name, first, second = g.fresh(), g.fresh(), g.fresh()
    a, b = g.type(1), g.type(1)
    with g.under((first, a), (second, b)):
        body = g.expression(kind, d)
    one, two = g.expression(a, d - 1), g.expression(b, d - 1)
    part = g.fresh()
    called = g.pick(
        f"{name} {one} {two}",
        f"let {part} = {name} {one} in {part} {two}",
        f"{two} |> {name} {one}",
        f"flip {name} {two} {one}",
    )
    return f"let {name} ({first}: {a}) ({second}: {b}) : {kind} = {body} in {called}"


@control
def counting(g: Generator, kind: Type, d: int) -> str:
    """A loop written as a recursive function with an accumulator."""
    name, n, total = g.fresh(), g.fresh(), g.fresh()
    with g.under((n, INT), (total, kind)):
        step = g.expression(kind, d)
    return (
        f"let rec {name} {n} ({total}: {kind}) : {kind} = "
        f"if {n} <= 0 then {total} else (spend (); {name} ({n} - 1) {step}) "
        f"in {name} {g.number(1, 6)} {g.expression(kind, d - 1)}"
    )


@control
def assigning(g: Generator, kind: Type, d: int) -> str:
    """A loop over a mutable variable."""
    target, i, old = g.fresh(), g.fresh(), g.fresh()
    with g.under((i, INT), (old, kind)):
        step = g.expression(kind, d)
    low, high = g.number(0, 2), g.number(0, 5)
    direction = g.pick(f"{low} to {high}", f"{high} downto {low}")
    return (
        f"let mutable {target}: {kind} = {g.expression(kind, d - 1)} in "
        f"(for {i} = {direction} do (spend (); let {old} = {target} in {target} <- {step})); "
        f"{target}"
    )


@control
def while_loop(g: Generator, kind: Type, d: int) -> str:
    """`while` with a cell that closures see."""
    target, i = g.fresh(), g.fresh()
    with g.under((target, Type("ref", (kind,)))):
        step = g.expression(kind, d)
    return (
        f"let {target}: ref<{kind}> = ref {g.expression(kind, d - 1)} in let {i} = ref 0 in "
        f"(while {i}.Value < {g.number(1, 4)} do "
        f"(spend (); {i}.Value <- {i}.Value + 1; {target}.Value <- {step})); {target}.Value"
    )


@control
def folding(g: Generator, kind: Type, d: int) -> str:
    """`fold` and `foldBack` to any type."""
    item, state, each = g.type(1), g.fresh(), g.fresh()
    with g.under((state, kind), (each, item)):
        body = f"(spend (); {g.expression(kind, d)})"
    items, start = g.expression(list_of(item), d), g.expression(kind, d - 1)
    if g.chance.likely(30):
        return f"List.foldBack (fun ({each}: {item}) ({state}: {kind}) -> {body}) {items} {start}"
    source = g.pick(f"List.fold {{0}} {start} {items}", f"Seq.fold {{0}} {start} {items}")
    return source.replace("{0}", f"(fun ({state}: {kind}) ({each}: {item}) -> {body})")


@control
def out_of_container(g: Generator, kind: Type, d: int) -> str:
    """An element of a container, with or without the exception of a missing one."""
    which = g.chance.below(8)
    if which == 0:
        return f"List.head {g.expression(list_of(kind), d)}"
    if which == 1:
        return f"defaultArg {g.expression(option_of(kind), d)} {g.expression(kind, d - 1)}"
    if which == 2:
        array = g.object(Type("array", (kind,)), d)
        return f"{array}.[{g.expression(INT, 1)} &&& {g.pick('1', '3')}]"
    if which == 3:
        return f"Option.get {g.expression(option_of(kind), d)}"
    if which == 4:
        return f"(fst {g.expression(tuple_of(kind, g.type(1)), d)})"
    if which == 5:
        return f"(snd {g.expression(tuple_of(g.type(1), kind), d)})"
    if which == 6:
        return f"{g.object(Type('ref', (kind,)), d)}.Value"
    fitting = [sorted_ for sorted_ in SORTED if sorted_.arguments[-1] == kind]
    if not fitting or fitting[0].name == "Set":
        return f"Seq.last {g.expression(list_of(kind), d)}"
    return f"Map.find {g.expression(fitting[0].arguments[0], 1)} {g.expression(fitting[0], d)}"


@control
def out_of_record(g: Generator, kind: Type, d: int) -> str:
    """A field of a record; a conditional where there is none of this type."""
    for declared in g.world.declared.values():
        if declared.is_record:
            (fields,) = declared.cases.values()
            fitting = [label for label, type_ in fields if type_ == kind]
            if fitting:
                return f"{g.object(declared.type, d)}.{g.chance.one_of(fitting)}"
    return conditional(g, kind, d)


@control
def generic_helper(g: Generator, kind: Type, d: int) -> str:
    """A generic function of the header at this type."""
    which = g.chance.below(4)
    if which == 0:
        return f"twice {lambda_of(g, kind, kind, d)} {g.expression(kind, d)}"
    if which == 1:
        return f"either {g.expression(BOOL, d)} {g.expression(kind, d)} {g.expression(kind, d)}"
    if which == 2:
        other = g.type(1)
        return f"snd (swap ({g.expression(kind, d)}, {g.expression(other, d)}))"
    return f"(lazy {g.expression(kind, d)}).Force()"


@control
def through_object(g: Generator, kind: Type, d: int) -> str:
    """A boxed value that a type test finds again."""
    other, name = g.type(1), g.fresh()
    boxed = g.pick(f"box {g.expression(kind, d)}", f"box {g.expression(other, d)}")
    if kind.name in ("->", "Lazy", "array", "Map", "Set") or "array" in str(kind):
        return f"unbox<{kind}> (box {g.expression(kind, d)})"
    return f"match {boxed} with :? {kind} as {name} -> {name} | _ -> {g.expression(kind, d - 1)}"


@control
def by_string(g: Generator, kind: Type, d: int) -> str:
    """A `match` on text."""
    first, second = g.expression(kind, d), g.expression(kind, d - 1)
    return f'match {g.expression(STRING, d)} with "" | "a" -> {first} | _ -> {second}'
