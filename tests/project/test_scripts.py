"""Scripts load other files: each once, in order; what is missing is reported where it is named."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from clef.project.loading import load


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Every test works in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(name: str, text: str) -> None:
    Path(name).parent.mkdir(parents=True, exist_ok=True)
    Path(name).write_text(text, "utf-8")


def test_files_come_before_those_that_load_them() -> None:
    write("main.fsx", '#load "lib/b.fsx" "a.fsx"\n#r "System.Core"\n#time "on"\nprintfn "%d" B.b\n')
    write("a.fsx", '#load "lib/b.fsx"\nlet a = 1\n')
    write("lib/b.fsx", '  #load "../main.fsx"\nlet b = 1\n')
    loaded = load("main.fsx")
    assert loaded.diagnostics == [] and loaded.project is not None
    assert loaded.project.sources == ("lib/b.fsx", "a.fsx", "main.fsx")


def test_what_is_missing_is_reported_at_the_directive() -> None:
    write("main.fsx", '// #load "no"\n#load "gone.fsx"\n#r "nuget: Some.Package"\n')
    loaded = load("main.fsx")
    assert loaded.project is None
    assert [found.code for found in loaded.diagnostics] == ["E0821", "E0822"]
    text = loaded.files["main.fsx"].text
    spans = [text[found.span.start : found.span.end] for found in loaded.diagnostics]
    assert spans == ['"gone.fsx"', '"nuget: Some.Package"']


def test_packages_that_the_library_stands_in_for_are_not_foreign() -> None:
    write(
        "main.fsx",
        '#r "nuget: FsUnit, 5.0.0"\n#r "nuget:xunit"\n#r @"..\\lib\\System.Core.dll"\nlet a = 1\n',
    )
    assert load("main.fsx").diagnostics == []


def test_a_loaded_file_is_part_of_the_program() -> None:
    write("main.fsx", '#load "util.fsx"\nopen Util\nprintfn "%d" (add 1 2)\n')
    write("util.fsx", "let add a b = a + b\n")
    words = [sys.executable, "-m", "clef", "run", "main.fsx"]
    root = str(Path(__file__).parent.parent.parent)
    done = subprocess.run(
        words, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": root}, timeout=120
    )
    assert (done.returncode, done.stdout) == (0, "3\n")


def test_scripts_are_interactive() -> None:
    from clef.pipeline import Options
    from clef.source import SourceFile
    from clef.steps import conditional_symbols

    script = conditional_symbols(Options(), [SourceFile("a.fs", ""), SourceFile("b.fsx", "")])
    program = conditional_symbols(Options(), [SourceFile("a.fs", "")])
    assert "INTERACTIVE" in script and "COMPILED" not in script
    assert "COMPILED" in program and "INTERACTIVE" not in program
