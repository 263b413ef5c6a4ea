"""`clef test --coverage`: which lines and branches were run."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from clef.command_line.coverable import coverable
from clef.command_line.main import run
from clef.source import SourceFile

CAPTURE = pytest.CaptureFixture[str]
PROGRAM = """module Ranges

let limit = 10

let clamp low high value =
    if value < low then
        low
    elif value > high then
        high
    else
        value

let describe n =
    match n with
    | 0 -> "none"
    | 1 -> "one"
    | _ ->
        let text = string n
        text + " of them"

let never () =
    printfn "never"
    1

let twice f x =
    x |> f |> f

[<Test>]
let ``values are kept within`` () =
    clamp 0 limit 5 = 5 && clamp 0 limit 50 = limit

[<Test>]
let ``numbers have names`` () =
    describe 3 = "3 of them" && describe 1 = "one" && twice (fun n -> n + 1) 1 = 3
"""


def line_of(text: str) -> int:
    return PROGRAM.splitlines().index(text) + 1


def test_lines_and_branches(tmp_path: Path, capsys: CAPTURE) -> None:
    source, page, lcov = tmp_path / "ranges.clef", tmp_path / "c.html", tmp_path / "c.info"
    source.write_text(PROGRAM)
    words = ["--coverage-html", str(page), "--coverage-lcov", str(lcov)]
    assert run(["test", str(source), "--coverage", *words]) == 0
    text = capsys.readouterr().err
    assert "ranges.clef  not run: " in text
    found = dict(map(int, one) for one in re.findall(r"^DA:(\d+),(\d)$", lcov.read_text(), re.M))
    ran = {line for line, was_run in found.items() if was_run}
    missed = {line for line, was_run in found.items() if not was_run}
    assert missed == {
        line_of("        low"),
        line_of('    | 0 -> "none"'),
        line_of('    printfn "never"'),
        line_of("    1"),
    }
    for wanted in ("        high", "        value", '        text + " of them"', "    x |> f |> f"):
        assert line_of(wanted) in ran
    taken = re.findall(r"^BRDA:(\d+),0,\d+,(\d)$", lcov.read_text(), re.M)
    assert sorted(taken) == sorted(
        [
            (str(line_of("        low")), "0"),
            (str(line_of("        high")), "1"),
            (str(line_of("        value")), "1"),
            (str(line_of('    | 0 -> "none"')), "0"),
            (str(line_of('    | 1 -> "one"')), "1"),
            (str(line_of("        let text = string n")), "1"),
        ]
    )
    assert page.read_text().count('class="no"') == 4


def test_marks_survive_tests_that_end_the_program(tmp_path: Path, capsys: CAPTURE) -> None:
    source, lcov = tmp_path / "ends.clef", tmp_path / "c.info"
    source.write_text(
        'module Ends\n[<Test>]\nlet leaves () =\n    printfn "so far"\n    exit 3\n'
        "[<Test>]\nlet stays () =\n    ignore 1\n"
    )
    assert run(["test", str(source), "--coverage-lcov", str(lcov)]) == 1
    assert "DA:4,1" in lcov.read_text() and "DA:8,1" in lcov.read_text()


def test_statements_of_a_text() -> None:
    text = "let a = 1\nlet b = f a\nlet g x =\n    let y = x\n    h y\n    y\n"
    source = SourceFile("a.clef", text)
    lines = [source.position(span.start)[0] for span in coverable(source, frozenset()).statements]
    assert lines == [2, 5, 6]
