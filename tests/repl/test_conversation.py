"""Directives, and the command from its options to its exit code."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.repl.sessions import said, session


def clef(
    *words: str, given: str = "", folder: Path | None = None
) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "clef", "repl", *words]
    environment = {**os.environ, "NO_COLOR": "1"}
    return subprocess.run(
        command,
        input=given,
        capture_output=True,
        text=True,
        cwd=folder,
        env=environment,
        timeout=120,
    )


def test_questions_about_code() -> None:
    with session() as it:
        said(it, "/// Twice as much.\nlet twice (x: int) = [ x; x ] |> List.sum\n\n")
        said(it, "twice 4")
        assert said(it, ":type twice") == "twice : (int -> int)\n"
        assert said(it, ":type [ 1.5 ]") == "[ 1.5 ] : float list\n"
        assert said(it, ":doc twice") == "val twice: x: int -> int\n\nTwice as much.\n"
        assert "mapping" in said(it, ":doc List.map")
        assert "Input_1.twice" in said(it, ":core twice")
        assert "llvm.func" in said(it, ":mlir twice")
        assert "ret" in said(it, ":asm twice")
        assert "allocation" in said(it, ":memory twice")
        assert "E0201" in it.respond(":type nothing").errors
        assert it.respond(":core nothing").is_mistake
        assert it.respond('#r "nuget: X"').is_mistake
        assert not it.respond('#r "nuget: FsUnit, 5.0.0"').is_mistake
        assert "#load" in said(it, "#help")
        assert said(it, "twice 5") == "val it : int = 10\n"


def test_time_reset_and_quit() -> None:
    with session() as it:
        assert said(it, "#time") == "--> Timing now on\n"
        assert "Real: 00:00:0" in said(it, "let x = 1")
        assert said(it, '#time "off"') == "--> Timing now off\n"
        said(it, "#reset")
        assert "E0201" in it.respond("x").errors
        assert it.respond("#quit").ends == 0


def test_files_are_loaded_with_those_that_they_load(tmp_path: Path) -> None:
    (tmp_path / "base.fsx").write_text('printfn "loading"\nlet one = 1\n')
    (tmp_path / "shapes.fsx").write_text('#load "base.fsx"\nlet two = Base.one + 1\n')
    with session() as it:
        text = said(it, f'#load "{tmp_path / "shapes.fsx"}"')
        assert text.count("[Loading ") == 2
        assert said(it, "Shapes.two") == "val it : int = 2\n"
        assert it.respond('#load "nothing.fsx"').is_mistake


def test_the_command_with_a_pipe(tmp_path: Path) -> None:
    done = clef(given='let x = 5\nprintfn "%d" (x * 2)\n', folder=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "val x : int = 5\n10\nval it : unit = ()\n"


def test_quiet_exec_and_exit_codes(tmp_path: Path) -> None:
    done = clef("--quiet", "--exec", 'printfn "%d" (21 * 2)', folder=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "42\n", "")
    done = clef("--exec", "1 + true", folder=tmp_path)
    assert done.returncode == 1 and "error" in done.stderr
    done = clef("--exec", "exit 7", folder=tmp_path)
    assert done.returncode == 7


def test_messages_in_other_forms_and_mistakes_that_do_not_stop_a_pipe(tmp_path: Path) -> None:
    done = clef("--message-format", "short", given="1 + a\nlet b = 2\n", folder=tmp_path)
    assert done.returncode == 1
    assert "Input_1.fsx:1:5: E0201" in done.stderr
    assert done.stdout == "val b : int = 2\n"
