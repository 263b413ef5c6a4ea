"""`clef explain --memory`: why values are on the heap; `clef build -v`: what there is in all."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.command_line.cli import Cli

PROGRAM = """\
type Tree = Leaf | Node of Tree * int * Tree
type Wide = { A: int; B: int; C: int }
type Counter = { mutable Count: int }
let single x = Node(Leaf, x, Leaf)
let tree = single 3
let held k = [ (fun x -> x + k) ]
let names : string[][] = Array.zeroCreate 2
let note (n: int) = names.[0] <- [| string n |]
let wide a = Some { A = a; B = a; C = a }
let counter = { Count = 1 }
let boxed (x: int) = box x
let fail (x: int) = if x > 3 then raise (System.Exception "large")
let lookOnly x = (match { A = x; B = x; C = 3 } with w -> w.A + w.C)
note 3
fail 1
printfn "%A %d %A %d %A %d" tree (held 3).Length (wide 3) counter.Count (boxed 3) (lookOnly 4)
"""


@pytest.fixture(scope="module")
def reasons(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[list[Any]]]:
    """For each function, the reasons of its allocations."""
    folder = tmp_path_factory.mktemp("reasons")
    (folder / "main.clef").write_text(PROGRAM, encoding="utf-8")
    done = Cli(folder)("explain", "--memory", "main.clef", "--message-format", "json")
    assert done.code == 0, done.said
    return {
        report["name"]: [r["reasons"] for r in report["remarks"] if r["kind"] == "allocation"]
        for report in json.loads(done.said)
    }


@pytest.mark.parametrize(
    ("function", "texts"),
    [
        ("Main.single", ["contains itself", "returned by", "module's value `tree`"]),
        ("Main.note", ["as long as the program makes it", "stored in an array `string[][]`"]),
        ("Main.boxed", ["an `obj` is a reference"]),
        ("Main.fail", ["objects are cells"]),
        ("initialiser of Main.counter", ["mutable field", "module's value `counter`"]),
    ],
)
def test_the_way(reasons: dict[str, list[list[Any]]], function: str, texts: list[str]) -> None:
    said = " | ".join(reason["text"] for reason in reasons[function][0])
    assert [text for text in texts if text not in said] == [], said


def test_what_holds_what(reasons: dict[str, list[list[Any]]]) -> None:
    ways = [[reason["text"] for reason in one] for one in reasons["Main.held"]]
    assert any("stored in `Cons`" in way and "returned by `Main.held`" in way for way in ways)


def test_steps_have_places(reasons: dict[str, list[list[Any]]]) -> None:
    first, *steps = reasons["Main.single"][0]
    assert first["line"] is None
    assert [step["line"] for step in steps] == [4, 5]


def test_text_and_totals(tmp_path: Path) -> None:
    (tmp_path / "main.clef").write_text(PROGRAM, encoding="utf-8")
    said = Cli(tmp_path)("explain", "--memory", "main.clef").said
    assert "because a `Tree` contains itself; returned by `Main.single` (4:16)" in said
    assert "  in all: 1 allocation" in said
    built = Cli(tmp_path)("build", "-v", "main.clef", "-o", "main").said
    assert "functions: " in built and "`clef explain --memory` shows them" in built
