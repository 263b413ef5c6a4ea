"""Shapes of random programs that make values of one type.

In: a generator, the wanted type, a depth. Out: F# text. Promises: lists, arrays and texts stay
short (`few`, `clip`), so that no program runs out of memory.
"""

from __future__ import annotations

from tests.random_programs.generator import Generator, Making, leaf, making
from tests.random_programs.patterns import arms, lambda_of
from tests.random_programs.types import (
    BOOL,
    BYTE,
    CHAR,
    COUNTER,
    FLOAT,
    INT,
    INT64,
    OPERATION,
    SHAPE,
    SMALL,
    STRING,
    UNIT,
    VECTOR,
    WHOLE,
    Type,
    function,
    has_equality,
    list_of,
    option_of,
    shower,
    tuple_of,
)

NUMBERS = {
    "int": ("1", "0", "2", "(-1)", "7", "100", "2147483647", "(-2147483648)", "12345"),
    "int64": ("1L", "0L", "(-3L)", "9223372036854775807L", "4294967296L"),
    "int16": ("1s", "0s", "(-5s)", "32767s", "(-32768s)"),
    "byte": ("1uy", "0uy", "255uy", "128uy", "17uy"),
    "uint32": ("1u", "0u", "4294967295u", "77u"),
    "float": ("1.0", "0.0", "0.5", "(-1.25)", "1e10", "nan", "infinity", "(-0.0)", "0.1"),
    "decimal": ("1M", "0M", "0.10M", "(-2.5M)", "12345.6789M"),
    "bool": ("true", "false"),
    "char": ("'a'", "'z'", "'0'", "' '", "'Z'"),
    "string": ('"a"', '""', '"bc"', '"two words"', '"Zebra"', '"10"'),
}


@leaf(*NUMBERS)
def constant(g: Generator, kind: Type, d: int) -> str:
    """A literal."""
    return g.pick(*NUMBERS[kind.name])


@leaf("unit")
def unit(g: Generator, kind: Type, d: int) -> str:
    """`()`."""
    return "()"


@leaf("list", "array")
def written_out(g: Generator, kind: Type, d: int) -> str:
    """`[ a; b ]`."""
    items = "; ".join(
        g.expression(kind.arguments[0], d - 1) for _ in range(g.number(0, 3 if d > -1 else 0))
    )
    return f"[ {items} ]" if kind.name == "list" else f"[| {items} |]"


@leaf("option")
def optional(g: Generator, kind: Type, d: int) -> str:
    """`None` or `Some`."""
    if g.chance.likely(70):
        return f"(Some {g.expression(kind.arguments[0], d - 1)})"
    return "None"


@leaf("Result")
def result(g: Generator, kind: Type, d: int) -> str:
    """`Ok` or `Error`."""
    which = g.chance.below(2)
    return f"({('Ok', 'Error')[which]} {g.expression(kind.arguments[which], d - 1)})"


@leaf("Tree")
def tree(g: Generator, kind: Type, d: int) -> str:
    """A leaf or a node."""
    if d < -2 or g.chance.likely(40):
        return "Leaf"
    value = g.expression(kind.arguments[0], d - 1)
    return f"(Node({g.expression(kind, d - 2)}, {value}, {g.expression(kind, d - 2)}))"


@leaf("*", "struct *")
def group(g: Generator, kind: Type, d: int) -> str:
    """A tuple."""
    items = ", ".join(g.expression(item, d - 1) for item in kind.arguments)
    return f"(struct ({items}))" if kind.name == "struct *" else f"({items})"


@leaf("ref")
def cell(g: Generator, kind: Type, d: int) -> str:
    """`ref x`."""
    return f"(ref {g.expression(kind.arguments[0], d - 1)})"


@leaf("Lazy")
def delayed(g: Generator, kind: Type, d: int) -> str:
    """`lazy x`."""
    return f"(lazy {g.expression(kind.arguments[0], d - 1)})"


@leaf("Map")
def mapping(g: Generator, kind: Type, d: int) -> str:
    """A map from a list."""
    return f"(Map.ofList {g.expression(list_of(tuple_of(*kind.arguments)), d - 1)})"


@leaf("Set")
def unordered(g: Generator, kind: Type, d: int) -> str:
    """A set from a list."""
    return f"(Set.ofList {g.expression(list_of(kind.arguments[0]), d - 1)})"


@leaf("->")
def abstraction(g: Generator, kind: Type, d: int) -> str:
    """A lambda."""
    return lambda_of(g, kind.arguments[0], kind.arguments[1], d)


@leaf("Counter")
def counter(g: Generator, kind: Type, d: int) -> str:
    """An object."""
    return f"(Counter({g.expression(INT, d - 1)}))"


@leaf("Vector")
def vector(g: Generator, kind: Type, d: int) -> str:
    """A record with operators."""
    return f"{{ Left = {g.expression(INT, d - 1)}; Right = {g.expression(INT, d - 1)} }}"


@leaf("Shape")
def shape(g: Generator, kind: Type, d: int) -> str:
    """A recursive union."""
    if d < -1 or g.chance.likely(50):
        return f"(Dot {g.expression(INT, d - 1)})"
    return f"(Pair({g.expression(SHAPE, d - 1)}, {g.expression(SHAPE, d - 1)}))"


@leaf("Operation")
def operation(g: Generator, kind: Type, d: int) -> str:
    """An object of a class of the header or of none."""
    if g.chance.likely(40):
        name = g.fresh()
        with g.under((name, INT)):
            body = g.expression(INT, d)
        return f"{{ new Operation() with member _.Run {name} = {body} }}"
    return f"({g.pick('Adding', 'Scaling')}({g.expression(INT, d - 1)}) :> Operation)"


def _of(*names: str, text: str, parts: tuple[Type, ...] = ()) -> None:
    """Register a shape whose places {0}, {1} … are expressions of the types in `parts`."""

    def shape(g: Generator, kind: Type, d: int) -> str:
        drawn = (
            g.object(part, d) if f"{{{index}}}." in text else g.expression(part, d)
            for index, part in enumerate(parts)
        )
        return text.format(*drawn)

    made: Making = shape
    making(*names)(made)


@making(*WHOLE, "decimal")
def arithmetic(g: Generator, kind: Type, d: int) -> str:
    """An operator between two numbers."""
    operator = g.pick("+", "-", "*", "/", "%")
    return f"{g.expression(kind, d)} {operator} {g.expression(kind, d)}"


@making("float")
def float_arithmetic(g: Generator, kind: Type, d: int) -> str:
    """An operator between two floating-point numbers."""
    return f"{g.expression(kind, d)} {g.pick('+', '-', '*', '/')} {g.expression(kind, d)}"


@making(*WHOLE)
def bitwise(g: Generator, kind: Type, d: int) -> str:
    """Bits, shifts, conversions."""
    if g.chance.likely(40):
        return f"{g.expression(kind, d)} {g.pick('&&&', '|||', '^^^')} {g.expression(kind, d)}"
    if g.chance.likely(50):
        return f"{g.expression(kind, d)} {g.pick('<<<', '>>>')} {g.number(0, 7)}"
    source = g.chance.one_of([t for t in SMALL if t.name in WHOLE])
    checked = "Checked." if g.chance.likely(25) else ""
    return f"{checked}{kind.name} {g.expression(source, d)}"


@making("int", "int64", "int16", "float", "decimal")
def sign_changes(g: Generator, kind: Type, d: int) -> str:
    """Negation, `abs`."""
    return g.pick("-{0}", "abs {0}").format(g.expression(kind, d))


@making(*WHOLE, "decimal", "string", "char", "bool")
def larger(g: Generator, kind: Type, d: int) -> str:
    """`max` and `min`."""
    return f"{g.pick('max', 'min')} {g.expression(kind, d)} {g.expression(kind, d)}"


@making("int")
def comparing(g: Generator, kind: Type, d: int) -> str:
    """The sign of a structural comparison."""
    over = g.type(2, comparable=True)
    return f"sign (compare {g.expression(over, d)} {g.expression(over, d)})"


@making("bool")
def relation(g: Generator, kind: Type, d: int) -> str:
    """An order between two values of one type."""
    over = g.type(2, comparable=True)
    operator = g.pick("=", "<>", "<", "<=", ">", ">=")
    return f"{g.expression(over, d)} {operator} {g.expression(over, d)}"


@making("bool")
def same(g: Generator, kind: Type, d: int) -> str:
    """Structural equality, of what has it; equal values have equal hashes."""
    over = g.type(2)
    if not has_equality(over):
        over = INT
    left, right = g.fresh(), g.fresh()
    return (
        f"let {left}: {over} = {g.expression(over, d)} in "
        f"let {right}: {over} = {g.expression(over, d)} in "
        + g.pick(f"{left} = {right}", f"{left} = {right} && hash {left} <> hash {right}")
    )


@making("string")
def shown(g: Generator, kind: Type, d: int) -> str:
    """Any value as text."""
    over = g.type(1)
    return f"clip ({shower(over)} {g.expression(over, d)})"


@making("string")
def formatted(g: Generator, kind: Type, d: int) -> str:
    """`sprintf` with two values."""
    first = g.chance.one_of(FORMATS)
    second = g.chance.one_of(FORMATS)
    values = f"{g.expression(first[1], d)} {g.expression(second[1], d)}"
    return f'clip (sprintf "{first[0]}|{second[0]}" {values})'


SIZED = (("List.length", "list"), ("Array.length", "array"), ("depthOf", "Tree"))
FORMATS = (
    ("%d", INT),
    ("%s", STRING),
    ("%5d", INT),
    ("%-6s", STRING),
    ("%c", CHAR),
    ("%b", BOOL),
    ("%x", INT),
    ("%04X", BYTE),
    ("%+d", INT64),
    ("%.2f", FLOAT),
    ("%g", FLOAT),
    ("%A", INT),
    ("%A", option_of(INT)),
    ("%A", list_of(STRING)),
    ("%A", tuple_of(INT, CHAR)),
    ("%O", INT64),
    ("%M", Type("decimal")),
)


@making("list")
def mapped(g: Generator, kind: Type, d: int) -> str:
    """`map`, `mapi`, `collect`, `choose` from a list of something else."""
    item, source = kind.arguments[0], g.type(1)
    items = g.expression(list_of(source), d)
    which = g.chance.below(5)
    if which == 0:
        return f"List.map {lambda_of(g, source, item, d)} {items}"
    if which == 1:
        return f"few (List.collect {lambda_of(g, source, kind, d)} {items})"
    if which == 2:
        return f"List.choose {lambda_of(g, source, option_of(item), d)} {items}"
    if which == 3:
        called = lambda_of(g, source, item, d)
        return f"{items} |> Seq.map {called} |> Seq.filter (fun _ -> true) |> List.ofSeq"
    name, n = g.fresh(), g.fresh()
    with g.under((n, INT), (name, source)):
        body = g.expression(item, d)
    return f"List.mapi (fun {n} ({name}: {source}) -> {body}) {items}"


@making("list")
def rearranged(g: Generator, kind: Type, d: int) -> str:
    """Lists from lists of the same type."""
    items = g.expression(kind, d)
    item = kind.arguments[0]
    which = g.chance.below(7)
    if which == 0:
        return f"few ({items} @ {g.expression(kind, d)})"
    if which == 1:
        return f"{g.expression(item, d)} :: {items}"
    if which == 2:
        return f"{g.pick('List.rev', 'List.tail', 'List.truncate 2')} {items}"
    if which == 3:
        predicate = lambda_of(g, item, BOOL, d)
        return f"{g.pick('List.filter', 'List.skipWhile', 'List.takeWhile')} {predicate} {items}"
    if which == 4:
        key = g.type(1, comparable=True)
        return f"List.sortBy {lambda_of(g, item, key, d)} {items}"
    if which == 5:
        return f"snd (List.partition {lambda_of(g, item, BOOL, d)} {items})"
    return f"List.scan {lambda_of(g, item, function(item, item), d)} {g.small(item)} {items}"


@making("list", "array")
def comprehension(g: Generator, kind: Type, d: int) -> str:
    """A list or array expression."""
    item, source, name = kind.arguments[0], g.type(1), g.fresh()
    items = g.expression(list_of(source), d)
    with g.under((name, source)):
        body = g.pick(
            f"yield {g.expression(item, d)}",
            f"if {g.expression(BOOL, d)} then yield {g.expression(item, d)}",
            f"yield! {g.expression(list_of(item), d - 1)}",
        )
    opened, closed = ("[", "]") if kind.name == "list" else ("[|", "|]")
    return f"{opened} for {name} in {items} do {body} {closed}"


@making("list")
def generated(g: Generator, kind: Type, d: int) -> str:
    """`seq`, `init`, `unfold`, of other containers."""
    item = kind.arguments[0]
    which = g.chance.below(5)
    if which == 0:
        return f"List.init {g.number(0, 5)} {lambda_of(g, INT, item, d)}"
    if which == 1:
        return f"List.ofArray {g.expression(Type('array', (item,)), d)}"
    if which == 2:
        return f"few (flatten {g.expression(Type('Tree', (item,)), d)})"
    if which == 3:
        return f"Option.toList {g.expression(option_of(item), d)}"
    name = g.fresh()
    with g.under((name, INT)):
        first, second = g.expression(item, d), g.expression(kind, d - 1)
    return (
        f"seq {{ for {name} in 0 .. {g.number(0, 3)} do yield {first}; yield! {second} }} "
        f"|> Seq.truncate 7 |> Seq.toList"
    )


@making("array")
def arrays(g: Generator, kind: Type, d: int) -> str:
    """Arrays from lists and arrays."""
    item = kind.arguments[0]
    which = g.chance.below(4)
    if which == 0:
        return f"Array.ofList {g.expression(list_of(item), d)}"
    if which == 1:
        source = g.type(1)
        mapped_ = lambda_of(g, source, item, d)
        return f"Array.map {mapped_} {g.expression(Type('array', (source,)), d)}"
    if which == 2:
        return f"Array.rev {g.expression(kind, d)}"
    name = g.fresh()
    return (
        f"let {name}: {kind} = Array.append {g.expression(kind, d - 1)} "
        f"[| {g.expression(item, d - 1)} |] in {name}.[{g.pick('0', name + '.Length - 1', '2')}] "
        f"<- {g.expression(item, d)}; Array.truncate 6 {name}"
    )


@making("option")
def options(g: Generator, kind: Type, d: int) -> str:
    """Options from options, lists and the builder of the header."""
    item, source = kind.arguments[0], g.type(1)
    which = g.chance.below(5)
    if which == 0:
        return f"Option.map {lambda_of(g, source, item, d)} {g.expression(option_of(source), d)}"
    if which == 1:
        return f"List.tryFind {lambda_of(g, item, BOOL, d)} {g.expression(list_of(item), d)}"
    if which == 2:
        return f"List.tryPick {lambda_of(g, source, kind, d)} {g.expression(list_of(source), d)}"
    if which == 3:
        return f"Option.filter {lambda_of(g, item, BOOL, d)} {g.expression(kind, d)}"
    name = g.fresh()
    bound = g.expression(option_of(source), d)
    with g.under((name, source)):
        test, body = g.expression(BOOL, d - 1), g.expression(item, d)
    returned = g.pick(f"return {body}", f"return! (if {test} then None else Some {body})")
    return f"maybe {{ let! ({name}: {source}) = {bound} in {returned} }}"


@making("Map")
def maps(g: Generator, kind: Type, d: int) -> str:
    """Maps from maps."""
    key, value = kind.arguments
    which = g.chance.below(4)
    whole = g.expression(kind, d)
    if which == 0:
        return f"Map.add {g.expression(key, d)} {g.expression(value, d)} {whole}"
    if which == 1:
        return f"Map.remove {g.expression(key, d)} {whole}"
    name, each = g.fresh(), g.fresh()
    with g.under((name, key), (each, value)):
        if which == 2:
            body = g.expression(BOOL, d)
            return f"Map.filter (fun ({name}: {key}) ({each}: {value}) -> {body}) {whole}"
        body = g.expression(value, d)
    return f"Map.map (fun ({name}: {key}) ({each}: {value}) -> {body}) {whole}"


@making("Set")
def sets(g: Generator, kind: Type, d: int) -> str:
    """Sets from sets."""
    whole, other = g.expression(kind, d), g.expression(kind, d)
    item = g.expression(kind.arguments[0], d)
    return g.pick(
        f"Set.add {item} {whole}",
        f"{whole} + {other}",
        f"{whole} - {other}",
        f"Set.intersect {whole} {other}",
        f"Set.remove {item} {whole}",
    )


@making("Tree")
def trees(g: Generator, kind: Type, d: int) -> str:
    """Trees from trees."""
    source = g.type(1)
    if g.chance.likely(60):
        whole = g.expression(Type("Tree", (source,)), d)
        return f"mapTree {lambda_of(g, source, kind.arguments[0], d)} (prune 3 {whole})"
    return f"prune {g.number(1, 3)} {g.expression(kind, d)}"


@making("Result")
def results(g: Generator, kind: Type, d: int) -> str:
    """Results from results."""
    good, bad = kind.arguments
    source = g.type(1)
    if g.chance.likely(50):
        whole = g.expression(Type("Result", (source, bad)), d)
        return f"Result.bind {lambda_of(g, source, kind, d)} {whole}"
    whole = g.expression(Type("Result", (source, bad)), d)
    return f"Result.map {lambda_of(g, source, good, d)} {whole}"


@making("->")
def functions(g: Generator, kind: Type, d: int) -> str:
    """Composition, partial application, `function`, a choice between functions."""
    source, target = kind.arguments
    which = g.chance.below(4)
    if which == 0:
        between = g.type(1)
        first = g.expression(function(source, between), d)
        return f"{first} >> {g.expression(function(between, target), d)}"
    if which == 1:
        return f"function {arms(g, source, target, d, total=True)}"
    if which == 2:
        return (
            f"if {g.expression(BOOL, d)} then {g.expression(kind, d)} else {g.expression(kind, d)}"
        )
    other, first_name, second_name = g.type(1), g.fresh(), g.fresh()
    with g.under((first_name, other), (second_name, source)):
        body = g.expression(target, d)
    called = f"(fun ({first_name}: {other}) ({second_name}: {source}) -> {body})"
    return f"{called} {g.expression(other, d)}"


@making("int")
def measuring(g: Generator, kind: Type, d: int) -> str:
    """Lengths and counts."""
    over = g.type(1)
    called, container = g.chance.one_of(
        (
            ("List.length", "list"),
            ("Array.length", "array"),
            ("depthOf", "Tree"),
            ("Seq.length", "list"),
        )
    )
    return f"{called} {g.expression(Type(container, (over,)), d)}"


@making("bool")
def quantified(g: Generator, kind: Type, d: int) -> str:
    """`exists` and `forall`."""
    over = g.type(1)
    predicate = lambda_of(g, over, BOOL, d)
    return f"{g.pick('List.exists', 'List.forall')} {predicate} {g.expression(list_of(over), d)}"


@making("list")
def paired(g: Generator, kind: Type, d: int) -> str:
    """`zip`, `groupBy`, `pairwise` and the like where the element is a pair."""
    item = kind.arguments[0]
    if item.name != "*" or len(item.arguments) != 2:
        return g.expression(kind, d)
    first, second = item.arguments
    left, right = g.expression(list_of(first), d), g.expression(list_of(second), d)
    return f"Seq.zip {left} {right} |> Seq.toList"


@making("list")
def lazily(g: Generator, kind: Type, d: int) -> str:
    """A sequence that is evaluated in part, with effects in its body."""
    item, name = kind.arguments[0], g.fresh()
    with g.under((name, INT)):
        first, test = g.expression(item, d), g.expression(BOOL, d - 1)
    rest = g.expression(kind, d - 1)
    body = g.pick(
        f"for {name} in 1 .. 4 do if {test} then yield note {name} {first}",
        f"use held = new Held(7) in for {name} in 1 .. 3 do yield {first}",
        f"try for {name} in 1 .. 3 do yield {first} finally note 8 ()",
        f"let {name} = 2 in yield {first}; if {test} then yield! {rest}",
    )
    taken = g.pick("Seq.truncate 2", "Seq.takeWhile (fun _ -> true)", "Seq.cache", "Seq.skip 1")
    return f"seq {{ {body} }} |> {taken} |> Seq.toList"


@making("list")
def through_collections(g: Generator, kind: Type, d: int) -> str:
    """Through a mutable collection of the framework."""
    item, name = kind.arguments[0], g.fresh()
    one, two = g.expression(item, d), g.expression(item, d - 1)
    return g.pick(
        f"let {name} = List<{item}>() in {name}.Add({one}); {name}.Insert(0, {two}); "
        f"List.ofSeq {name}",
        f"let {name} = Queue<{item}>() in {name}.Enqueue({one}); {name}.Enqueue({two}); "
        f"[ {name}.Dequeue() ]",
        f"let {name} = Stack<{item}>([ {one} ]) in {name}.Push({two}); "
        f"[ {name}.Pop(); {name}.Pop() ]",
        f"let {name} = Dictionary<int, {item}>() in {name}.[3] <- {one}; {name}.[3] <- {two}; "
        f"[ {name}.[3]; {name}.[{g.small(INT)}] ]",
    )


@making("list")
def grouped(g: Generator, kind: Type, d: int) -> str:
    """What `groupBy`, `chunkBySize`, `windowed`, `pairwise` give, flattened again."""
    item, key = kind.arguments[0], g.type(1, comparable=True)
    items = g.expression(kind, d)
    called = lambda_of(g, item, key, d)
    return g.pick(
        f"few (List.collect snd (List.groupBy {called} {items}))",
        f"few (List.concat (List.chunkBySize {g.number(1, 3)} {items}))",
        f"few (List.concat (List.windowed {g.number(1, 3)} {items}))",
        f"List.map fst (List.pairwise {items})",
        f"List.distinctBy {called} {items}",
        f"few (List.map2 (fun x _ -> x) {items} {items})",
        f"List.sortByDescending {called} (List.truncate 1 {items})",
    )


@making("Shape")
def shapes(g: Generator, kind: Type, d: int) -> str:
    """A shape rebuilt by a visitor that is an object expression."""
    name = g.fresh()
    with g.under((name, INT)):
        on_leaf = g.expression(INT, d)
    visitor = (
        f"(fun {name} -> Dot {on_leaf}), "
        f"{{ new IVisitor<Shape> with member _.OnPair(a, b) = Pair(b, a) }}"
    )
    return f"{g.object(SHAPE, d)}.Accept({visitor})"


@making("int")
def visited(g: Generator, kind: Type, d: int) -> str:
    """A number computed by a visitor."""
    first, second = g.fresh(), g.fresh()
    with g.under((first, INT), (second, INT)):
        on_pair = g.expression(INT, d)
    return (
        f"{g.object(SHAPE, d)}.Accept(id, "
        f"{{ new IVisitor<int> with member _.OnPair({first}, {second}) = {on_pair} }})"
    )


@making("int")
def stateful(g: Generator, kind: Type, d: int) -> str:
    """A struct that changes itself, a measure, a closure over a counter."""
    name, each = g.fresh(), g.fresh()
    one, two = g.expression(INT, d), g.expression(INT, d - 1)
    return g.pick(
        f"let mutable {name} = Cell({one}) in {name}.Up({two}) + {name}.Count",
        f"int (({one} * 1<m>) / 1<m>) + int (2.0<m> / 1.0<m>)",
        f"let {name} = ref {one} in let {each} () = {name}.Value <- {name}.Value + 1; "
        f"{name}.Value in {each} () + {each} () * 10",
        f"sumWith (fun {each} -> {each} + 1) [ {one}; {two} ]",
        f"({one}, {two}) ||> fun {name} {each} -> {name} - {each}",
        f"match [| {one}; {two} |] with [| {name}; 1 |] -> {name} | [| {name}; {each} |] when "
        f"{name} > {each} -> {each} | _ -> 9",
    )


@making("*")
def logging(g: Generator, kind: Type, d: int) -> str:
    """A computation that collects numbers."""
    if len(kind.arguments) != 2 or kind.arguments[1] != list_of(INT):
        return group(g, kind, d)
    result, source, name = kind.arguments[0], g.type(1), g.fresh()
    bound, number = g.expression(source, d), g.expression(INT, d - 1)
    with g.under((name, source)):
        given = g.expression(result, d)
    return (
        f"logged {{ let! ({name}: {source}) = ({bound}, [ {number} ]) in "
        f"let! () = tell 5 in return {given} }}"
    )


@making("bool")
def mutual(g: Generator, kind: Type, d: int) -> str:
    """Functions that call each other."""
    return f"{g.pick('isEven', 'isOdd')} ({g.expression(INT, d)} &&& 15)"


_of("int", text="int {0}", parts=(CHAR,))
_of(
    "int",
    text="snd (logged {{ let! () = tell {0} in for x in {1} do do! tell x }}) |> List.sum",
    parts=(INT, list_of(INT)),
)
_of("int", text="{0}.Sum", parts=(VECTOR,))
_of("int", text="{0}.IndexOf({1})", parts=(STRING, CHAR))
_of("Vector", text="({0}: Vector) + ({1}: Vector)", parts=(VECTOR, VECTOR))
_of("Vector", text="({0}: int) * ({1}: Vector)", parts=(INT, VECTOR))
_of("Vector", text="-({0}: Vector)", parts=(VECTOR,))
_of("Vector", text="List.sum ({0}: list<Vector>)", parts=(list_of(VECTOR),))
_of("string", text='clip (String.Format("{{0}}-{{1:D3}}", {0}, {1}))', parts=(STRING, INT))
_of("string", text="clip ({0}.PadLeft(4).Trim().ToUpper())", parts=(STRING,))
_of("string", text='String.concat "" (Seq.map string {0})', parts=(STRING,))
_of("string", text='clip (String.collect (fun c -> string c + ".") {0})', parts=(STRING,))
_of("int", text="String.length {0}", parts=(STRING,))
_of("int", text="{0}.Total", parts=(COUNTER,))
_of("int", text="{0}.[{1}]", parts=(COUNTER, INT))
_of("int", text="{0}.Run({1})", parts=(OPERATION, INT))
_of("int", text="{0}.Twice {1}", parts=(OPERATION, INT))
_of("int", text="List.sum {0}", parts=(list_of(INT),))
_of("int", text="add3 {0} {1} {2}", parts=(INT, INT, INT))
_of("int", text="{0} |> Seq.sumBy (fun x -> x * 2)", parts=(list_of(INT),))
_of("int", text="pown {0} 3", parts=(INT,))
_of("float", text="add3 {0} {1} {2}", parts=(FLOAT, FLOAT, FLOAT))
_of("float", text="float {0}", parts=(INT,))
_of("float", text="float {0}", parts=(INT64,))
_of("float", text="sqrt {0}", parts=(FLOAT,))
_of("float", text="{0} ** 2.0", parts=(FLOAT,))
_of("decimal", text="decimal {0}", parts=(INT,))
_of("bool", text="{0} && {1}", parts=(BOOL, BOOL))
_of("bool", text="{0} || {1}", parts=(BOOL, BOOL))
_of("bool", text="not {0}", parts=(BOOL,))
_of("bool", text="{0}.Contains({1})", parts=(STRING, STRING))
_of("bool", text="Char.IsLetter {0}", parts=(CHAR,))
_of("char", text="char ({0} % 26uy + 97uy)", parts=(BYTE,))
_of("char", text="{0}.[0]", parts=(STRING,))
_of("char", text="Char.ToUpper {0}", parts=(CHAR,))
_of("string", text="clip ({0} + {1})", parts=(STRING, STRING))
_of("string", text="{0}.Substring(1)", parts=(STRING,))
_of("string", text="string {0}", parts=(INT,))
_of("string", text="string {0}", parts=(FLOAT,))
_of("string", text="{0}.Name", parts=(OPERATION,))
_of("string", text='clip (String.Join(",", {0}))', parts=(list_of(STRING),))
_of("string", text="{0}.Replace({1}, 'x')", parts=(STRING, CHAR))
_of("string", text="String.filter Char.IsLetter {0}", parts=(STRING,))
_of("string", text="String({0}, 2)", parts=(CHAR,))
_of("Counter", text="{0}.Add({1})", parts=(COUNTER, INT))
_of("unit", text="ignore {0}", parts=(INT,))
_of("unit", text="note 1 {0}", parts=(UNIT,))
