"""C compilers for tests of libraries.

In: C sources and what to link with. Out: programs, and what they print. Promises: the system's
compiler is used where there is one, else the one of the `ziglang` package.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from clef.toolchain.tool import zig

ROOT = Path(__file__).parent.parent.parent


def system_compiler() -> list[str] | None:
    """The system's C compiler."""
    found = shutil.which("gcc") or shutil.which("cc")
    return [found] if found else None


def own_compiler() -> list[str]:
    """The compiler that comes with Clef."""
    return zig().command("cc")


def environment() -> dict[str, str]:
    """The environment in which `clef` means the one that is tested."""
    path = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    return {**os.environ, "PYTHONPATH": path}


def clef(*words: str, folder: Path) -> str:
    """Run the command; it must succeed."""
    return output([sys.executable, "-m", "clef", *words], folder)


def output(command: list[str], folder: Path) -> str:
    """What a command prints; it must succeed."""
    done = subprocess.run(
        command, cwd=folder, env=environment(), capture_output=True, text=True, timeout=250
    )
    assert done.returncode == 0, f"{command} gave {done.returncode}\n{done.stdout}\n{done.stderr}"
    return done.stdout
