"""What a signature file does not name is hidden from the other files."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.program_runner import run_with

SIGNATURE = """module Counter
type Counter
val create: int -> Counter
val value: Counter -> int
"""
SOURCE = """module Counter
type Counter = { Count: int }
let hidden = 1
let create n = { Count = n + hidden }
let value c = c.Count
"""


def _run(
    folder: Path, program: str, signature: str = SIGNATURE, source: str = SOURCE
) -> tuple[str, str]:
    sources = 'sources = ["Counter.fsi", "Counter.clef", "Main.clef"]'
    files = {
        "main.fidproj": f'[package]\nname = "main"\n[build]\n{sources}\n',
        "Counter.fsi": signature,
        "Counter.clef": source,
        "Main.clef": program,
    }
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    result = run_with(folder, [], "")
    return result.stdout, result.stderr


def test_what_is_named_can_be_used(tmp_path: Path) -> None:
    out, _ = _run(tmp_path, 'printfn "%d" (Counter.value (Counter.create 4))\n')
    assert out == "5\n"


@pytest.mark.parametrize(
    ("program", "code"),
    [
        ('printfn "%d" Counter.hidden\n', "E0208"),
        ('printfn "%d" (Counter.create 4).Count\n', "E0"),
        ('let c: Counter.Counter = { Count = 3 }\nprintfn "%A" c\n', "E0"),
        ('printfn "%A" (Counter.hidden + 1)\n', "E0208"),
    ],
)
def test_what_is_not_named_is_hidden(tmp_path: Path, program: str, code: str) -> None:
    out, messages = _run(tmp_path, program)
    assert not out
    assert code in messages


BUILT = """module Counter
type internal Node(value: int) =
    member _.Value = value
type Counter(node: Node) =
    member _.Count = node.Value
let create n = Counter(Node n)
let value (c: Counter) = c.Count
"""


def test_hidden_types_may_stand_in_what_is_hidden(tmp_path: Path) -> None:
    program = 'printfn "%d" (Counter.value (Counter.create 4))\n'
    assert _run(tmp_path, program, source=BUILT) == ("4\n", "")


TYPED = """module Counter
type Counter = { Count: int }
type Shape = Circle of float | Pair of int * string
type Meter(start: int) =
    member _.Next(by: int) = start + by
    member _.Name = "meter"
    static member Zero = Meter 0
let create n = { Count = n }
let same x = x
let add (a: int, b: int) = a + b
let curried (a: int) (b: int) = a + b
module Inner =
    let half (x: float) = x / 2.0
"""
SAID = """module Counter
type Counter = { Count: int }
type Shape = Circle of float | Pair of int * string
type Meter =
    new: int -> Meter
    member Next: by: int -> int
    member Name: string
    static member Zero: Meter
val create: n: int -> Counter
val same: 'a -> 'a
val add: int * int -> int
val curried: a: int -> b: int -> int
module Inner =
    val half: float -> float
"""


def test_types_that_are_said_are_those_of_the_definitions(tmp_path: Path) -> None:
    out, messages = _run(tmp_path, 'printfn "%d" (Counter.curried 1 2)\n', SAID, TYPED)
    assert (out, messages) == ("3\n", "")


@pytest.mark.parametrize(
    ("said", "other"),
    [
        ("Count: int", "Count: float"),
        ("Circle of float", "Circle of int"),
        ("int * string", "int * int"),
        ("by: int -> int", "by: string -> int"),
        ("Name: string", "Name: int"),
        ("Zero: Meter", "Zero: int"),
        ("'a -> 'a", "int -> int"),
        ("n: int -> Counter", "n: 'a -> Counter"),
        ("add: int * int -> int", "add: int -> int -> int"),
        ("b: int -> int", "b: int -> float"),
        ("half: float -> float", "half: float32 -> float"),
    ],
)
def test_what_is_named_has_the_type_that_is_said(tmp_path: Path, said: str, other: str) -> None:
    program = 'printfn "%d" (Counter.curried 1 2)\n'
    assert SAID.count(said) == 1
    out, messages = _run(tmp_path, program, SAID.replace(said, other), TYPED)
    assert not out
    assert "E0217" in messages


def test_what_is_named_must_exist(tmp_path: Path) -> None:
    _, messages = _run(tmp_path, 'printfn "x"\n', SIGNATURE + "val missing: int\n")
    assert "E0211" in messages


@pytest.mark.parametrize(
    ("described", "code"),
    [
        ("type Counter = { Count: int; Other: int }", "E0215"),
        ("type Counter = { Amount: int }", "E0215"),
        ("type Counter = Count of int", "E0215"),
        ("type Counter =\n    { Count: int }\n    member Double: int", "E0211"),
    ],
)
def test_what_is_described_must_be_so(tmp_path: Path, described: str, code: str) -> None:
    signature = SIGNATURE.replace("type Counter\n", described + "\n")
    _, messages = _run(tmp_path, 'printfn "x"\n', signature)
    assert code in messages


DIFFERENCES = [
    ("[<Literal>]\nval a: int = 5", "[<Literal>]\nlet a = 6"),
    ("[<Literal>]\nval a: int = 5", "let a = 5"),
    ("val inline f: int -> int", "let f x = x + 1"),
    ("val mutable a: int", "let a = 1"),
    ("val a: int", "let mutable a = 1"),
    ("val a: int", "let private a = 1"),
    ("type R = { mutable X: int }", "type R = { X: int }"),
    ("[<Struct>]\ntype R = { X: int }", "type R = { X: int }"),
    ("type R = { X: int }", "[<Struct>]\ntype R = { X: int }"),
    ("type U = A of x: int | B", "type U = A of y: int | B"),
    ("type E = A = 1 | B = 2", "type E = A = 1 | B = 3"),
    ("type T = int", "type T = string"),
    ("type T", "type T = int"),
    ("type C =\n    new: int -> C\n    new: unit -> C", "type C(x: int) =\n    member _.X = x"),
    ("type C =\n    new: unit -> C\n    interface System.IDisposable", "type C() = class end"),
    (
        "type A =\n    new: unit -> A\ntype B =\n    inherit A\n    new: unit -> B",
        "type A() = class end\ntype B() = class end",
    ),
    (
        "[<AbstractClass>]\ntype A =\n    new: unit -> A\n    abstract F: int -> int",
        "type A() =\n    member _.F(x: int) = x",
    ),
    (
        "type I =\n    abstract F: int -> int",
        "type I =\n    abstract F: int -> int\n    abstract G: int",
    ),
    ("exception E of int", "let x = 1"),
    ("exception E of int", "exception E of int * int"),
]
"""What F# refuses with FS0034, FS0193, FS0293, FS0299, FS0300, FS0316, FS0319."""


@pytest.mark.parametrize(("said", "defined"), DIFFERENCES)
def test_what_is_said_besides_types_is_compared(tmp_path: Path, said: str, defined: str) -> None:
    signature, source = f"module Counter\n{said}\n", f"module Counter\n{defined}\n"
    _, messages = _run(tmp_path, "ignore 1\n", signature, source)
    assert "E021" in messages


def test_arguments_that_may_be_left_out_can_be_said(tmp_path: Path) -> None:
    signature = "module Counter\ntype C =\n    new: unit -> C\n    member F: ?x: int -> int\n"
    source = "module Counter\ntype C() =\n    member _.F(?x: int) = defaultArg x 7\n"
    program = 'printfn "%d" (Counter.C().F())\n'
    assert _run(tmp_path, program, signature, source)[0] == "7\n"


ALIKE = [
    (
        "type A =\n    new: unit -> A\n    abstract F: int -> int\n    default F: int -> int",
        "type A() =\n    abstract F: int -> int\n    default _.F x = x",
    ),
    ("type B =\n    inherit exn\n    new: string -> B", "type B(s: string) =\n    inherit exn(s)"),
    ("type F = | X = 'a' | Y = 'b'", "type F = | X = 'a' | Y = 'b'"),
    ("[<Literal>]\nval F: int = 0x10", "[<Literal>]\nlet F = 16"),
    (
        "[<Measure>] type m\n[<Measure>] type n = m^2",
        "[<Measure>] type m\n[<Measure>] type n = m^2",
    ),
]


@pytest.mark.parametrize(("said", "defined"), ALIKE)
def test_the_same_may_be_said_in_other_words(tmp_path: Path, said: str, defined: str) -> None:
    signature, source = f"module Counter\n{said}\n", f"module Counter\n{defined}\n"
    _, messages = _run(tmp_path, "ignore 1\n", signature, source)
    assert not messages
