"""Whatever the compiler is given: one clear message, the right exit code, in reasonable time."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent.parent

TIME_LIMIT = 120


@dataclass(frozen=True, slots=True)
class Outcome:
    """The exit code and the codes of the messages."""

    exit_code: int
    codes: list[str]


def check(*words: str) -> Outcome:
    """`clef check` as a process; the test is skipped if this version lacks a stage it needs."""
    done = subprocess.run(
        [sys.executable, "-m", "clef", "check", "--message-format", "json", *words],
        capture_output=True,
        text=True,
        timeout=TIME_LIMIT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert "Traceback" not in done.stderr
    values: list[dict[str, Any]] = [json.loads(line) for line in done.stdout.splitlines()]
    codes = [str(value["code"]) for value in values if value["kind"] == "diagnostic"]
    if done.returncode == 70 and "has no stage" in done.stderr:
        pytest.skip("needs a stage that this version does not have")
    return Outcome(done.returncode, codes)


def write(name: str, content: str | bytes) -> None:
    Path(name).write_bytes(content.encode() if isinstance(content, str) else content)


def project(*sources: str, more: str = "") -> None:
    listed = ", ".join(f'"{name}"' for name in sources)
    write("p.fidproj", f'[package]\nname = "p"\n[build]\nsources = [{listed}]\n{more}')


def two_modules() -> None:
    project("a.clef", "b.clef")
    write("a.clef", "module Twice\nlet x = 1\n")
    write("b.clef", "module Twice\nlet y = 1\n")


def two_types() -> None:
    project("a.clef", "b.clef")
    write("a.clef", "namespace Twice\ntype T = { X: int }\n")
    write("b.clef", "namespace Twice\ntype T = { Y: int }\n")


def wrong_types() -> None:
    write("p.fidproj", '[package]\nname = 3\n[build]\nsources = ["a.clef"]\n')


CASES: list[tuple[str, Callable[[], None], list[str], int, str]] = [
    ("missing file", lambda: None, ["gone.clef"], 2, "E0801"),
    ("unreadable bytes", lambda: write("a.clef", b"let x = \xff\xfe\xfa"), ["a.clef"], 1, "E0803"),
    ("only zeros", lambda: write("a.clef", b"\0" * 1000), ["a.clef"], 1, "E01"),
    ("wrong types", wrong_types, ["."], 2, "E0807"),
    (
        "unknown target",
        lambda: project("a.clef", more='[compilation]\ntarget = "z80"'),
        [],
        2,
        "E0902",
    ),
    ("unclosed", lambda: write("a.clef", "let f x = (1 + 2"), ["a.clef"], 1, "E01"),
    ("two modules of one name", two_modules, ["p.fidproj"], 1, "E02"),
    ("two types of one name", two_types, ["p.fidproj"], 1, "E0206"),
    (
        "circular abbreviation",
        lambda: write("a.clef", "type A = B\nand B = A\n"),
        ["a.clef"],
        1,
        "E",
    ),
]


@pytest.mark.parametrize(("prepare", "words", "exit_code", "code"), [c[1:] for c in CASES],
                         ids=[c[0] for c in CASES])  # fmt: skip
def test_one_message(
    prepare: Callable[[], None], words: list[str], exit_code: int, code: str, folder: Path
) -> None:
    prepare()
    outcome = check(*words)
    assert outcome.exit_code == exit_code
    assert len(outcome.codes) == 1 and outcome.codes[0].startswith(code), outcome.codes


def test_an_empty_file_is_a_program_that_does_nothing(folder: Path) -> None:
    write("a.clef", "")
    outcome = check("a.clef")
    assert (outcome.exit_code, outcome.codes) == (0, ["W0805"])


def test_a_line_of_ten_megabytes(folder: Path) -> None:
    write("a.clef", "let x = 1" + " " * 10_000_000 + "+ 1 // " + "a" * 1_000_000 + "\n")
    outcome = check("a.clef", "--stop-after", "tree")
    assert (outcome.exit_code, outcome.codes) == (0, [])


def test_a_line_of_many_operators(folder: Path) -> None:
    write("a.clef", "let x = " + "1 + " * 100_000 + "1\n")
    outcome = check("a.clef", "--stop-after", "tree")
    assert (outcome.exit_code, outcome.codes) == (0, [])


def test_a_string_of_ten_megabytes(folder: Path) -> None:
    write("a.clef", 'let x = "' + "a" * 10_000_000 + '"\n')
    outcome = check("a.clef", "--stop-after", "tree")
    assert (outcome.exit_code, outcome.codes) == (0, [])


@pytest.mark.parametrize(
    ("head", "tail"),
    [
        ("(", ")"),
        ("[", "]"),
        ("if true then (", ") else 0"),
        ("fun x -> ", ""),
        ("-", ""),
        ("{|", ""),
    ],
)
def test_nesting_ten_thousand_deep(head: str, tail: str, folder: Path) -> None:
    write("a.clef", f"let x = {head * 10_000}1{tail * 10_000}\n")
    outcome = check("a.clef")
    assert outcome.exit_code in (0, 1) and len(outcome.codes) <= 2


def test_a_message_about_a_very_long_line_is_short(folder: Path) -> None:
    write("a.clef", "let x = " + "y" * 100_000 + " )\n")
    done = subprocess.run(
        [sys.executable, "-m", "clef", "check", "a.clef"],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert len(done.stderr) < 3000


def test_a_folder_named_like_the_library_is_checked_like_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("library").mkdir()
    Path("library/one.clef").write_text("[<NoSuchAttribute>]\nlet x = 1\n")
    assert check("library/one.clef") == Outcome(1, ["E0218"])
