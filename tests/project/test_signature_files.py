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
