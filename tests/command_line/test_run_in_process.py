"""`clef run --jit`: the program runs in the compiler process, with its own input and exit code."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
PROGRAM = """
[<EntryPoint>]
let main arguments =
    let name = System.Console.ReadLine()
    printfn "%s %A" name arguments
    if arguments.Length > 1 then failwith "too many"
    5
"""


def run(*words: str) -> subprocess.CompletedProcess[str]:
    """`clef run --jit` as a process."""
    return subprocess.run(
        [sys.executable, "-m", "clef", "run", "--jit", *words],
        capture_output=True,
        text=True,
        input="Ada\n",
        timeout=120,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )


def test_input_output_and_code(folder: Path) -> None:
    Path("a.clef").write_text(PROGRAM, "utf-8")
    done = run("a.clef", "--", "x")
    assert (done.returncode, done.stdout) == (5, 'Ada [|"x"|]\n')
    failing = run("a.clef", "--", "x", "y")
    assert failing.returncode == 134 and "too many" in failing.stderr
    assert "a.clef:6" in failing.stderr


def test_what_cannot_be_loaded_is_refused(folder: Path) -> None:
    text = '[<DllImport("m")>]\nextern double cbrt(double x)\nprintfn "%f" (cbrt 8.0)\n'
    Path("a.clef").write_text("open System.Runtime.InteropServices\n" + text, "utf-8")
    done = run("a.clef")
    assert done.returncode == 2 and "leave `--jit` out" in done.stderr
    other = run("--target", "wasm32-wasi", "a.clef")
    assert other.returncode == 2 and "leave `--jit` out" in other.stderr
