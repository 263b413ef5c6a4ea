"""The examples do what their folders say.

In: `examples/*/main.clef` with `expected.txt` and perhaps `input.txt`. Out: one test for each, and
one for the word count on a small text. Promises: an example without an expectation is a failure,
unless it is the word count, whose output has times in it.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.program_runner import Way, run_with
from tests.reference.reference import Compiler, is_installed

EXAMPLES = Path(__file__).parent.parent / "examples"
FOLDERS = sorted(path.parent for path in EXAMPLES.glob("*/main.clef"))
CHECKED = [folder for folder in FOLDERS if folder.name != "word_count"]
TEXT = "The cat and the dog.\nThe dog naïvely chased a cat; a 2nd cat slept.\n"


def _input(folder: Path) -> str:
    path = folder / "input.txt"
    return path.read_text(encoding="utf-8") if path.exists() else ""


@pytest.mark.parametrize("folder", CHECKED, ids=lambda folder: folder.name)
def test_example(folder: Path) -> None:
    """The example prints what it should."""
    done = run_with(folder / "main.clef", [], _input(folder))
    assert done.exit_code == 0, done.stderr[-3000:]
    assert done.stdout == (folder / "expected.txt").read_text(encoding="utf-8")


def test_word_count(tmp_path: Path) -> None:
    """The word count counts, ranks and folds case."""
    text = tmp_path / "text.txt"
    text.write_text(TEXT, encoding="utf-8")
    done = run_with(EXAMPLES / "word_count", [str(text)], "", Way(release=True))
    assert done.exit_code == 0, done.stderr[-3000:]
    lines = done.stdout.splitlines()
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
