"""What the plan finds in a program, for the tests of this folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from clef.diagnostics.diagnostic import Diagnostic
from clef.pipeline import Compilation, Options, compile_project
from clef.project.loading import load, read_sources


def compiled(
    program: str, folder: Path, monkeypatch: pytest.MonkeyPatch, options: Options | None = None
) -> Compilation:
    """The program compiled as far as the options say, or to its plan."""
    (folder / "program.clef").write_text(program, "utf-8")
    monkeypatch.chdir(folder)
    loaded = load("program.clef")
    assert loaded.project is not None
    sources, _ = read_sources(loaded)
    chosen = options or Options(target=loaded.project.target, stop_after="plan")
    return compile_project(loaded.project, chosen, texts=sources)


def found(program: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> list[Diagnostic]:
    """All diagnostics."""
    return compiled(program, folder, monkeypatch).diagnostics
