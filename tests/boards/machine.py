"""Building for a board and running there.

In: a program's text, a target, settings of a project. Out: what the board's console showed, and the
exit code. Promises: a test is skipped, with the reason, where the emulator is missing; a board has
twenty seconds.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
EMULATOR = "qemu-system-arm"
NEEDS_EMULATOR = pytest.mark.skipif(
    shutil.which(EMULATOR) is None, reason=f"{EMULATOR} is not installed"
)
PROJECT = """[package]
name = "small"
[compilation]
target = "{target}"
{compilation}
[board]
{board}
[build]
sources = ["main.clef"]
"""


def clef(folder: Path, *words: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    """A command of this compiler in a folder."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "NO_COLOR": "1"}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    command = [sys.executable, "-m", "clef", *words]
    return subprocess.run(
        command,
        cwd=folder,
        env=environment,
        input=stdin,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )


def project(
    folder: Path, program: str, target: str = "lm3s6965", compilation: str = "", board: str = ""
) -> Path:
    """A project of one file."""
    text = PROJECT.format(target=target, compilation=compilation, board=board)
    (folder / "small.fidproj").write_text(text, "utf-8")
    (folder / "main.clef").write_text(program, "utf-8")
    return folder


def run(
    folder: Path, program: str, target: str = "cortex-m3", *words: str, stdin: str = ""
) -> tuple[int, str, str]:
    """Exit code, console and standard error of a single file."""
    (folder / "main.clef").write_text(program, "utf-8")
    done = clef(folder, "run", "--target", target, *words, "main.clef", stdin=stdin)
    return done.returncode, done.stdout, done.stderr
