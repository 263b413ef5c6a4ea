"""A program's exit code is its own on every target, also where the engine has a narrower idea."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.program_runner import Way, run_with

PROGRAM = """
[<EntryPoint>]
let main arguments =
    eprintf "ending"
    exit (int arguments.[0])
"""


@pytest.mark.parametrize("target", ["", "wasm32-wasi"])
def test_every_code_is_passed_through(target: str, tmp_path: Path) -> None:
    program = tmp_path / "ends.clef"
    program.write_text(PROGRAM)
    way = Way(target)
    for code in (0, 1, 125, 126, 134, 200, 255):
        result = run_with(program, [str(code)], "", way)
        assert (result.exit_code, result.stderr) == (code, "ending")
