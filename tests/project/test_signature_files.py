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


def _run(folder: Path, program: str, signature: str = SIGNATURE) -> tuple[str, str]:
    sources = 'sources = ["Counter.fsi", "Counter.clef", "Main.clef"]'
    files = {
        "main.fidproj": f'[package]\nname = "main"\n[build]\n{sources}\n',
        "Counter.fsi": signature,
        "Counter.clef": SOURCE,
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
