"""`clef explain --checks`: which checks a release still makes, as text, data and a page."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.command_line.cli import Cli

PROGRAM = """\
let sum (xs: int[]) =
    let mutable total = 0
    for i in 0 .. xs.Length - 1 do
        total <- total + xs.[i]
    total

let pick (xs: int[]) n = if n < xs.Length then xs.[n] else 0
let share total parts = total / parts

[<EntryPoint>]
let main arguments =
    let xs = Array.init 5 (fun i -> i)
    let n = arguments.Length + int arguments.[0]
    printfn "%d %d" (sum xs) (pick xs n)
    printfn "%d" (share (int arguments.[0]) (int arguments.[0]))
    0
// <b>
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the program."""
    made = tmp_path_factory.mktemp("checks")
    (made / "sums.clef").write_text(PROGRAM, encoding="utf-8")
    return made


def test_text(folder: Path) -> None:
    said = Cli(folder)("explain", "--checks", "sums.clef").said
    assert "Sums.sum  sums.clef:1\n  1 proven and removed\n" in said
    assert "7:48  index             `n` may be negative" in said
    assert "8:25  division by zero  `parts` may be 0" in said
    assert "8:25  overflow          `total` may be the least number while `parts` is -1" in said
    *_, own, library = said.splitlines()
    assert own == "8 checks: 4 proven and removed, 4 remaining"
    pattern = r"beside them, in (\d+) functions of the library: (\d+) checks: .* remaining"
    figures = re.fullmatch(pattern, library)
    assert figures is not None and int(figures[2]) >= int(figures[1]) > 0


def test_data(folder: Path) -> None:
    done = Cli(folder)("explain", "--checks", "sums.clef", "--message-format", "json")
    data: list[dict[str, Any]] = json.loads(done.said)
    found = {report["name"]: report for report in data}
    assert found["Sums.sum"]["counts"] == {"proven": 1, "versioned": 0, "remaining": 0}
    (check,) = found["Sums.pick"]["checks"]
    assert (check["kind"], check["state"], check["line"]) == ("index", "remaining", 7)
    assert check["reason"] == "`n` may be negative"
    assert found["Sums.sum"]["checks"][0]["reason"] is None


def test_one_function_and_page(folder: Path) -> None:
    run = Cli(folder)
    assert "Sums.sum" not in run("explain", "--checks", "sums.clef", "--function", "pick").said
    assert run("explain", "--checks", "sums.clef", "--function", "nothing").code == 1
    assert run("explain", "--checks", "sums.clef", "--html", "checks.html").code == 0
    page = (folder / "checks.html").read_text(encoding="utf-8")
    assert "&lt;b&gt;" in page and 'class="remaining"' in page and 'class="proven"' in page


def test_options(folder: Path) -> None:
    assert Cli(folder)("explain", "--checks", "--memory", "sums.clef").code == 2


def test_figures_of_a_build(folder: Path) -> None:
    said = Cli(folder)("build", "--release", "-v", "sums.clef", "-o", "sums").said
    assert "8 checks: 4 proven and removed, 4 remaining" in said
