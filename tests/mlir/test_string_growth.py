"""Putting a text together piece by piece copies as many bytes as it has, a few times over.

In: a program for each place that a text can grow in. Out: how many bytes of cells it made for 2,000
pieces and for 16,000. Promises: eight times the pieces make at most twelve times the bytes; copying
the text for each piece would make them sixty-four times.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.command_line.cli import Cli

PLACES = {
    "local": """
let build n =
    let mutable text = ""
    for i in 1..n do
        text <- text + "piece" + string (i % 10)
    text.Length
""",
    "interpolated": """
let build n =
    let mutable text = ""
    for i in 1..n do
        text <- $"{text}piece{i % 10};"
    text.Length
""",
    "formatted field": """
type Log() =
    let mutable text = ""
    member _.Add(piece: string) = text <- sprintf "%s%s%d" text piece 1
    member _.Length = text.Length
let build n =
    let log = Log()
    for _ in 1..n do
        log.Add "piece"
    log.Length
""",
    "parameter": """
let rec grow (text: string) n = if n = 0 then text.Length else grow (text + "piece!") (n - 1)
let build n = grow "" n
""",
    "fold": """
let build n = (List.fold (fun text i -> text + string i + ";") "" [ 1..n ]).Length
""",
    "field": """
type Log() =
    let mutable text = ""
    member _.Add(piece: string) = text <- text + piece + ";"
    member _.Length = text.Length
let build n =
    let log = Log()
    for _ in 1..n do
        log.Add "piece"
    log.Length
""",
    "variable": """
let mutable text = ""
let build n =
    text <- ""
    for _ in 1..n do
        text <- text + "piece!"
    text.Length
""",
    "reference": """
let build n =
    let text = ref ""
    for _ in 1..n do
        text.Value <- text.Value + "piece!"
    text.Value.Length
""",
}
MADE = re.compile(r"cells made, of (\d+) bytes")


def _bytes(folder: Path, program: str, count: int) -> int:
    (folder / "program.clef").write_text(f'{program}\nprintfn "%d" (build {count})\n')
    done = Cli(folder)("run", "--release", "--heap-statistics", "program.clef")
    found = MADE.search(done.said)
    assert done.code == 0 and found is not None, done.said
    return int(found[1])


@pytest.mark.parametrize("place", PLACES)
def test_pieces_are_copied_once(place: str, tmp_path: Path) -> None:
    few, many = (_bytes(tmp_path, PLACES[place], count) for count in (2_000, 16_000))
    assert many < 12 * few
