"""The examples do what their folders say.

In: `examples/*/main.clef` with `expected.txt` and perhaps `input.txt`. Out: one test for each, and
one for the word count on a small text. Promises: an example without an expectation is a failure,
unless it is the word count, whose output has times in it.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.reference.reference import Compiler, is_installed

EXAMPLES = Path(__file__).parent.parent / "examples"
FOLDERS = sorted(path.parent for path in EXAMPLES.glob("*/main.clef"))
CHECKED = [folder for folder in FOLDERS if folder.name != "word_count"]
TEXT = "The cat and the dog.\nThe dog naïvely chased a cat; a 2nd cat slept.\n"


def _input(folder: Path) -> str:
    path = folder / "input.txt"
    return path.read_text(encoding="utf-8") if path.exists() else ""


def _run(program: Path, arguments: list[str], stdin: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "clef", "run", str(program), "--", *arguments]
    return subprocess.run(command, input=stdin.encode(), capture_output=True, timeout=120)


@pytest.mark.parametrize("folder", CHECKED, ids=lambda folder: folder.name)
def test_example(folder: Path) -> None:
    """The example prints what it should."""
    done = _run(folder / "main.clef", [], _input(folder))
    assert done.returncode == 0, done.stderr.decode()[-3000:]
    assert done.stdout.decode() == (folder / "expected.txt").read_text(encoding="utf-8")


def test_word_count(tmp_path: Path) -> None:
    """The word count counts, ranks and folds case."""
    text = tmp_path / "text.txt"
    text.write_text(TEXT, encoding="utf-8")
    done = _run(EXAMPLES / "word_count", [str(text)], "")
    assert done.returncode == 0, done.stderr.decode()[-3000:]
    lines = done.stdout.decode().splitlines()
    assert lines[3] == "15 words, 9 different"
    assert [line.split() for line in lines[4:8]] == [
        ["3", "cat"],
        ["3", "the"],
        ["2", "a"],
        ["2", "dog"],
    ]


@pytest.mark.reference
@pytest.mark.parametrize("folder", CHECKED, ids=lambda folder: folder.name)
def test_example_is_f_sharp(folder: Path) -> None:
    """The F# compiler takes the example as it is and prints the same."""
    if not is_installed():
        pytest.skip("the F# compiler is not installed (python -m tests.reference.accept gets it)")
    source = (folder / "main.clef").read_text(encoding="utf-8")
    with Compiler() as compiler:
        judgement = compiler.judge({"main.fs": source}, stdin=_input(folder))
    assert judgement.ran, judgement.messages
    assert judgement.stdout == (folder / "expected.txt").read_text(encoding="utf-8")
