"""Terminal sessions of the documents, run as they stand there.

In: a `console` block: commands behind `$`, each followed by what it writes. Out: the first
difference, or None. Promises: a line that is `...`, or a piece `...` of a line, stands for
anything; commands of one page share a folder and see nothing of the user's settings.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from tests.documents.blocks import ROOT


def run_session(text: str, folder: Path) -> str | None:
    """Run the commands of a session; what differs from what it shows, or None."""
    for command, expected in _steps(text):
        shown = _run(command, folder)
        if not re.fullmatch(_pattern(expected), shown.rstrip() + "\n", re.S):
            return f"$ {command}\nshould write:\n{expected}\nbut writes:\n{shown}"
    return None


def _steps(text: str) -> list[tuple[str, str]]:
    steps: list[tuple[str, str]] = []
    for line in text.splitlines():
        if line.startswith("$ "):
            steps.append((line[2:], ""))
        elif steps and steps[-1][0].endswith("\\"):
            steps[-1] = f"{steps[-1][0]}\n{line}", ""
        else:
            steps[-1] = steps[-1][0], f"{steps[-1][1]}{line}\n"
    return steps


def _pattern(expected: str) -> str:
    whole = re.escape(expected.rstrip("\n") + "\n")
    return whole.replace(re.escape("...") + "\\\n", "(?:.*\n)?").replace(re.escape("..."), ".*?")


def _run(command: str, folder: Path) -> str:
    commands = str(folder / ".commands")
    environment = {
        "PATH": f"{commands}:{Path(sys.executable).parent}:{os.environ['PATH']}",
        "HOME": os.environ.get("HOME", "/"),
        "PYTHONPATH": str(ROOT),
        "COLUMNS": "100",
        "LANG": "C.UTF-8",
    }
    _provide(Path(commands))
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=240,
        encoding="utf-8",
    )
    return done.stdout


def _provide(commands: Path) -> None:
    """The command `clef` of this checkout, and the Python that runs the tests."""
    if commands.exists():
        return
    commands.mkdir()
    for name, call in (("clef", "-m clef"), ("python", "")):
        script = commands / name
        script.write_text(f'#!/bin/sh\nexec "{sys.executable}" {call} "$@"\n')
        script.chmod(0o755)
