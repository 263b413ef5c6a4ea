"""The status line is for terminals, and for those who wait."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

from clef.command_line.progress import Progress, timings_json, timings_text
from clef.toolchain.telemetry import StageTiming

TIMINGS = [StageTiming("read", 0, 0.0, 0.25), StageTiming("types", 0, 0.25, 0.75)]


def test_the_table_has_shares() -> None:
    lines = timings_text(TIMINGS).splitlines()
    assert lines[1].split() == ["read", "250.0", "25%"]
    assert lines[-1].split() == ["total", "1000.0", "100%"]


def test_inner_stages_do_not_count_twice() -> None:
    text = timings_text([*TIMINGS, StageTiming("inner", 1, 0.3, 0.5)])
    assert "  inner" in text and text.splitlines()[-1].split()[1] == "1000.0"


def test_nothing_ran() -> None:
    assert "total" in timings_text([])


def test_json() -> None:
    value = json.loads(timings_json(TIMINGS))
    assert value["kind"] == "timings" and value["stages"][1]["seconds"] == 0.75


def test_a_status_line_appears_late_and_goes_away(capsys: pytest.CaptureFixture[str]) -> None:
    progress = Progress("hello", shown=True)
    with progress.stage("read"):
        pass
    assert capsys.readouterr().err == ""
    progress.recording.origin -= 1.0
    with progress.stage("types"):
        assert capsys.readouterr().err == "\r\x1b[K   Checking hello"
    progress.clear()
    progress.clear()
    assert capsys.readouterr().err == "\r\x1b[K"


def test_no_status_line_unless_shown(capsys: pytest.CaptureFixture[str]) -> None:
    progress = Progress("hello")
    progress.recording.origin -= 1.0
    with progress.stage("types"):
        pass
    assert capsys.readouterr().err == ""


@pytest.mark.skipif(sys.platform == "win32", reason="no pseudo terminals")
def test_colour_on_a_terminal(folder: Path) -> None:
    import pty

    Path("a.fidproj").write_text("[package")
    root = str(Path(__file__).parent.parent.parent)
    child, terminal = pty.fork()
    if child == 0:
        os.environ.update(PYTHONPATH=root, TERM="xterm")
        os.execv(sys.executable, [sys.executable, "-m", "clef", "check"])
    written = b""
    while True:
        try:
            piece = os.read(terminal, 4096)
        except OSError:
            break
        if not piece:
            break
        written += piece
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 2
    assert b"\x1b[1;31merror[E0806]" in written
