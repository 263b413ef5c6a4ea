"""The command as a user starts it: a process of its own in a folder."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent


@dataclass(frozen=True)
class Cli:
    """The command in a folder."""

    folder: Path

    def __call__(self, *words: str) -> Done:
        """Run it."""
        command = [sys.executable, "-m", "clef", *words]
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "NO_COLOR": "1"}
        done = subprocess.run(
            command, cwd=self.folder, env=environment, capture_output=True, text=True, timeout=200
        )
        return Done(done.returncode, done.stdout + done.stderr)


@dataclass(frozen=True)
class Done:
    """Exit code and all that was written."""

    code: int
    said: str
