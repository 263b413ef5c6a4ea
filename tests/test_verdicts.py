"""Clef accepts what F# accepts and refuses what F# refuses.

In: the short programs of `tests/verdicts`. Out: one test for each file, which names the programs
that were judged otherwise.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from clef.pipeline import Options, compile_project
from clef.project.project import Project
from clef.source import SourceFile
from clef.standard_library import load, renewed
from clef.toolchain.telemetry import SILENT
from tests.verdicts import FOLDER, verdicts_in

FILES = sorted(FOLDER.glob("*.txt"))


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_programs_are_judged_as_by_fsharp(path: Path) -> None:
    library, _ = load(SILENT)
    project = Project("verdict", "verdict.clef", ".", ("verdict.clef",), implicit=True)
    options = Options(stop_after="plan", keep_units=False)
    wrong: list[str] = []
    for one in verdicts_in(path):
        done = {"library": renewed(library)}
        source = SourceFile("verdict.clef", one.text)
        made = compile_project(project, options, SILENT, [source], done)
        if made.failed == one.is_fine:
            said = "; ".join(f"{d.code} {d.title()}" for d in made.diagnostics)
            wrong.append(f"{one.name}: F# says {one.verdict}, Clef {said or 'nothing'}")
    assert not wrong, "\n".join(wrong)
