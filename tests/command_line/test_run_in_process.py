"""`clef run --jit`: the program runs in the compiler process, with its own input and exit code."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT)}
PROGRAM = """
[<EntryPoint>]
let main arguments =
    let name = System.Console.ReadLine()
    printfn "%s %A" name arguments
    if arguments.Length > 1 then failwith "too many"
    5
"""


def run(*words: str, jit: bool = True) -> subprocess.CompletedProcess[str]:
    """`clef run` as a process, with `--jit` or without."""
    return subprocess.run(
        [sys.executable, "-m", "clef", "run", *(["--jit"] if jit else []), *words],
        capture_output=True,
        text=True,
        input="Ada\n",
        timeout=120,
        env=ENVIRONMENT,
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


TOO_DEEP = """
let rec depth n = if n < 0 then 0 else 1 + depth (n + 1)
printfn "before"
printfn "%d" (depth 1)
"""


def test_death_is_that_of_the_executable(folder: Path) -> None:
    """Stack overflow: what was printed until then, one message, exit code 134."""
    Path("a.clef").write_text(TOO_DEEP, "utf-8")
    inside, outside = run("a.clef"), run("a.clef", jit=False)
    assert (inside.returncode, inside.stdout) == (134, "before\n")
    assert inside.stderr == "Stack overflow.\n"
    assert (outside.returncode, outside.stdout) == (134, "before\n")
    assert outside.stderr == inside.stderr


def test_interrupt_ends_the_program(folder: Path) -> None:
    Path("a.clef").write_text('eprintfn "ready"\nwhile true do ()\n', "utf-8")
    words = [sys.executable, "-m", "clef", "run", "--jit", "a.clef"]
    with subprocess.Popen(words, stderr=subprocess.PIPE, env=ENVIRONMENT) as process:
        assert process.stderr is not None and process.stderr.readline() == b"ready\n"
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == -signal.SIGINT
