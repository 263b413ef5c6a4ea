"""Projects of several files print what they should, and are F#.

In: `tests/projects`, each project with `expected.txt` beside its project file. Out: a test of the
compiler and one of the reference for each. Promises: the files are given to the reference in the
order in which they are compiled, those of dependencies first.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from clef.project.loading import load
from tests.program_runner import run_with
from tests.reference.differences import as_clef
from tests.reference.reference import Compiler, is_installed

FOLDER = Path(__file__).parent / "projects"
PROJECTS = sorted(path.parent for path in FOLDER.rglob("expected.txt"))
ARGUMENTS = {"two_modules": ["one", "two words"]}


def _expected(folder: Path) -> str:
    return (folder / "expected.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("folder", PROJECTS, ids=lambda folder: folder.name)
def test_project(folder: Path) -> None:
    """The project builds and prints what it should."""
    arguments = ARGUMENTS.get(folder.name, [])
    result = run_with(folder, arguments, "")
    assert result.stdout == _expected(folder), result.stderr
    assert result.exit_code == len(arguments)


def _f_sharp(path: str) -> str:
    """The name of a source under the reference."""
    return Path(path).name if path.endswith(".fsi") else Path(path).stem + ".fs"


@pytest.mark.reference
@pytest.mark.parametrize("folder", PROJECTS, ids=lambda folder: folder.name)
def test_project_is_f_sharp(folder: Path) -> None:
    """The F# compiler takes the project's files as they are."""
    if not is_installed():
        pytest.skip("the F# compiler is not installed (python -m tests.reference.accept gets it)")
    project = load(str(folder)).project
    assert project is not None
    texts = {_f_sharp(path): Path(path).read_text(encoding="utf-8") for path in project.sources}
    arguments = ARGUMENTS.get(folder.name, [])
    with Compiler() as compiler:
        judgement = compiler.judge(texts, arguments)
    assert judgement.ran, judgement.messages
    assert as_clef("".join(texts.values()), judgement.stdout) == _expected(folder)
    assert judgement.exit_code == len(arguments)
