"""`clef explain --memory`: what a program does with memory, as text, data and a page."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.command_line.cli import Cli

PROGRAM = """\
type Tree =
    | Leaf
    | Node of Tree * int * Tree

type Point = { X: float; Y: float }

let rec insert x tree =
    match tree with
    | Leaf -> Node(Leaf, x, Leaf)
    | Node(l, y, r) when x < y -> Node(insert x l, y, r)
    | Node(l, y, r) -> Node(l, y, insert x r)

let rec size tree =
    match tree with
    | Leaf -> 0
    | Node(l, _, r) -> size l + 1 + size r

let shift p = { p with X = p.X + 1.0 }

let element (xs: int[]) (i: int) = xs.[i] / (i + 1)

let both (f: int -> int) = f 1 + f 2
let held k = both (fun x -> x + k)

let tree = List.fold (fun t x -> insert x t) Leaf [ 3; 1; 2 ]
printfn "%d %A %d %d" (size tree) (shift { X = 1.0; Y = 2.0 }) (element [| 1; 2 |] 1) (held 3)
// <b>
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the program."""
    made = tmp_path_factory.mktemp("memory")
    (made / "trees.clef").write_text(PROGRAM, encoding="utf-8")
    return made


@pytest.fixture(scope="module")
def reports(folder: Path) -> dict[str, Any]:
    """The report as data, by function."""
    done = Cli(folder)("explain", "--memory", "trees.clef", "--message-format", "json")
    assert done.code == 0, done.said
    return {report["name"]: report for report in json.loads(done.said)}


def _said(report: Any, kind: str) -> list[tuple[int, str]]:
    return [(r["line"], r["text"]) for r in report["remarks"] if r["kind"] == kind]


def test_allocations_with_sizes(reports: dict[str, Any]) -> None:
    """Cells, with their bytes; values that need none."""
    said = _said(reports["Trees.insert"], "allocation")
    assert {line for line, _ in said} == {9, 10, 11}
    assert all(text == "`Node` is a cell of 32 bytes" for _, text in said)
    assert reports["Trees.shift"]["remarks"][0]["kind"] == "value"
    assert _said(reports["Trees.shift"], "allocation") == []


def test_borrowed_parameters_and_checks(reports: dict[str, Any]) -> None:
    """A function that only reads borrows; what is checked when the program runs."""
    assert reports["Trees.size"]["parameters"] == [
        {"name": "tree", "type": "Tree", "borrowed": True}
    ]
    checks = [text for _, text in _said(reports["Trees.element"], "check")]
    assert sorted(checks) == ["the divisor is checked", "the index is checked"]


def test_text_and_function(folder: Path) -> None:
    """One function alone, and a name that no function has."""
    done = Cli(folder)("explain", "--memory", "trees.clef", "--function", "size")
    assert done.code == 0 and "Trees.size(tree: Tree (borrowed))  trees.clef:13" in done.said
    assert "insert" not in done.said
    done = Cli(folder)("explain", "--memory", "trees.clef", "--function", "nothing")
    assert done.code == 1 and "no function `nothing`" in done.said


def test_page(folder: Path) -> None:
    """The source, escaped, with the remarks beside it."""
    assert Cli(folder)("explain", "--memory", "trees.clef", "--html", "memory.html").code == 0
    page = (folder / "memory.html").read_text(encoding="utf-8")
    assert "`Node` is a cell of 32 bytes" in page and "&lt;b&gt;" in page and "<b>" not in page


def test_program_with_errors(tmp_path: Path) -> None:
    """The messages, and exit code 1."""
    (tmp_path / "a.clef").write_text("let x: int = true\n", encoding="utf-8")
    done = Cli(tmp_path)("explain", "--memory", "a.clef")
    assert done.code == 1 and "E0301" in done.said


def test_options_and_places_that_do_not_fit(folder: Path) -> None:
    """A page that cannot be written, and options of `--memory` without it."""
    done = Cli(folder)("explain", "--memory", "trees.clef", "--html", "trees.clef/page.html")
    assert done.code == 2 and "cannot write" in done.said, done.said
    done = Cli(folder)("explain", "E0301", "--function", "size")
    assert done.code == 2 and "need `--memory`" in done.said, done.said
