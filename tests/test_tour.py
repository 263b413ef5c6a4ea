"""Every program in `docs/TOUR.md` prints what stands below it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

TOUR = Path(__file__).parent.parent / "docs" / "TOUR.md"

PROGRAM = re.compile(r"```fsharp\n(.*?)```\n\n```text\n(.*?)```", re.DOTALL)

SNIPPETS = PROGRAM.findall(TOUR.read_text("utf-8"))


def test_every_program_has_its_output() -> None:
    assert len(SNIPPETS) == TOUR.read_text("utf-8").count("```fsharp") >= 14


@pytest.mark.parametrize(("program", "output"), SNIPPETS, ids=range(len(SNIPPETS)))
def test_programs_print_what_the_tour_says(program: str, output: str, tmp_path: Path) -> None:
    path = tmp_path / "snippet.clef"
    path.write_text(program, "utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "clef", "run", str(path)],
        capture_output=True,
        text=True,
        timeout=120,
        env={**os.environ, "NO_COLOR": "1"},
    )
    assert (done.returncode, done.stdout) == (0, output), done.stderr
