"""The examples do what their folders say.

In: `examples/*`, each a `main.clef` or a project, with `expected.txt` and perhaps `input.txt`. Out:
a test for each on this machine and on WebAssembly, where no heap cell may be left, and one for the
word count on a small text. Promises: an example without an expectation is a failure, unless it is
the word count, whose output has times in it; the reference compiler judges all that it can read.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from clef.project.loading import load
from tests.program_runner import Way, run_with
from tests.reference.differences import as_clef
from tests.reference.reference import Compiler, is_installed

EXAMPLES = Path(__file__).parent.parent / "examples"
FOLDERS = sorted(path for path in EXAMPLES.iterdir() if path.is_dir())
CHECKED = [folder for folder in FOLDERS if folder.name != "word_count"]
LATER_F_SHARP = ("physics",)
"""Written in the F# of today, which the reference compiler cannot read."""
WAYS = (Way(count_cells=True), Way("wasm32-wasi", count_cells=True))
TEXT = "The cat and the dog.\nThe dog naïvely chased a cat; a 2nd cat slept.\n"


def _program(folder: Path) -> Path:
    single = folder / "main.clef"
    return single if single.exists() else folder


def _input(folder: Path) -> str:
    path = folder / "input.txt"
    return path.read_text(encoding="utf-8") if path.exists() else ""


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.name)
@pytest.mark.parametrize("folder", CHECKED, ids=lambda folder: folder.name)
def test_example(folder: Path, way: Way) -> None:
    """The example prints what it should and leaves nothing on the heap."""
    done = run_with(_program(folder), [], _input(folder), way)
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
    if folder.name in LATER_F_SHARP:
        pytest.skip("written in a later F# than the reference compiler's")
    project = load(str(_program(folder))).project
    assert project is not None
    texts = {Path(path).name: Path(path).read_text(encoding="utf-8") for path in project.sources}
    files = {name.replace(".clef", ".fs"): text for name, text in texts.items()}
    with Compiler() as compiler:
        judgement = compiler.judge(files, stdin=_input(folder))
    assert judgement.ran, judgement.messages
    expected = (folder / "expected.txt").read_text(encoding="utf-8")
    assert as_clef("".join(texts.values()), judgement.stdout) == expected
