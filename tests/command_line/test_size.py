"""`clef size`: every byte belongs to somebody, and there is a reason for it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from clef.command_line.main import run
from clef.command_line.treemap import Rectangle, squarified

CAPTURE = pytest.CaptureFixture[str]
PROGRAM = """module Words
let count (text: string) = text.Split(' ') |> Seq.countBy id |> Seq.toList
[<EntryPoint>]
let main arguments =
    for word, number in count (String.concat " " arguments) do
        printfn "%s %d" word number
    0
"""


@pytest.fixture
def program(tmp_path: Path) -> str:
    path = tmp_path / "words.clef"
    path.write_text(PROGRAM)
    return str(path)


def test_the_parts_add_up_to_the_file(program: str, tmp_path: Path, capsys: CAPTURE) -> None:
    assert run(["build", "--release", program, "-o", str(tmp_path / "words")]) == 0
    capsys.readouterr()
    assert run(["size", "--release", "--json", program]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["total"] == (tmp_path / "words").stat().st_size
    assert sum(one["size"] for one in found["symbols"]) == found["total"]
    assert sum(found["origins"].values()) == sum(found["modules"].values()) == found["total"]
    assert found["origins"]["library"] > 1000
    assert run(["size", "--release", "--most", "3", program]) == 0
    text = capsys.readouterr().out
    assert text.startswith(f"{found['total']:>9,} bytes in all") and "your code" in text


def test_reasons_lead_from_the_start_to_the_function(program: str, capsys: CAPTURE) -> None:
    assert run(["size", program, "--why", "Seq.countBy"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "$entry"
    assert any("Words.count" in line and "words.clef" in line for line in lines)
    assert "Seq.countBy" in lines[-1]
    assert run(["size", program, "--why", "nothing"]) == 1


def test_the_page_shows_every_large_function(program: str, tmp_path: Path) -> None:
    page = tmp_path / "size.html"
    assert run(["size", "--release", program, "--html", str(page)]) == 0
    text = page.read_text()
    assert "http" not in text.replace("http-equiv", "")
    assert len(re.findall(r'class="leaf', text)) > 20 and "Seq" in text


def test_other_formats_are_refused(program: str, capsys: CAPTURE) -> None:
    assert run(["size", "--target", "wasm32-wasi", program]) == 2
    assert "ELF" in capsys.readouterr().err


def test_rectangles_fill_the_room_and_are_in_proportion() -> None:
    room = Rectangle(0, 0, 600, 400)
    placed = squarified([6.0, 6.0, 4.0, 3.0, 2.0, 2.0, 1.0], room)
    areas = [one.width * one.height for one in placed]
    assert abs(sum(areas) - 240000) < 1
    assert abs(areas[0] / areas[6] - 6) < 0.01
    assert all(one.x >= 0 and one.x + one.width <= 600.01 for one in placed)
    assert max(max(p.width / p.height, p.height / p.width) for p in placed) < 4
    assert squarified([], room) == []
