"""Programs in which every check that is proven is made all the same, and ends the program.

In: a program. Out: what it does when it is built so, without optimisation by LLVM, which would make
use of what is proven. A program ends with the code of an illegal instruction where something was
proven that is not so.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from clef.pipeline import Compilation, Options, compile_project
from clef.project.loading import load, read_sources
from clef.toolchain.target import native_name
from tests.program_runner import Result, execute, messages, store

WRONG = 132, -4
"""How a program ends in which a proven check fails."""


def verified(path: Path) -> Compilation:
    """The compilation of a program with verified checks."""
    loaded = load(str(path))
    assert loaded.project is not None
    sources, _ = read_sources(loaded)
    options = Options(native_name(), True, stop_after="mlir", verify_checks=True, check_stages=True)
    made = compile_project(loaded.project, options, texts=sources)
    assert not made.failed, messages(made)
    done = {k: v for k, v in made.products.items() if k not in ("project", "options", "telemetry")}
    return compile_project(loaded.project, Options(native_name()), done=done)


def run_verified(path: Path) -> Result:
    """What the program does with verified checks."""
    made = verified(path)
    with tempfile.TemporaryDirectory(prefix="clef-test-") as folder:
        executable = Path(folder) / "program"
        store(made, executable)
        return execute(executable)
