"""Stacks beside the first: whoever waits stays on its own.

In: programs whose threads wait. Out: what becomes of them where that can be seen from outside
only. Promises: running over the end of any stack is told; stacks that are no longer needed go back;
a real deadlock is told apart from one that only a machine with a single stack has.
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.program_runner import Result, Way, compiled, messages, run_program, store

DEEP = """
open System.Threading
let rec depth n = if n = 0 then 0 else 1 + depth (n - 1) * (if n % 7 = 3 then 2 else 1) % 1000
let rec forever n : int = 1 + forever (n + 1) % 7 * n
let deep = Thread(fun () -> Thread.Sleep 1; printfn "%d" (depth 300000); printfn "%d" (forever 0))
deep.Start()
deep.Join()
"""
CROSSED = """
open System.Threading
let first, second = obj (), obj ()
let both a b =
    Thread(fun () -> lock a (fun () -> Thread.Sleep 1; lock b (fun () -> printfn "never")))
let one, two = both first second, both second first
one.Start()
two.Start()
one.Join()
"""
PING_PONG = """
open System.Threading
let a, b = new AutoResetEvent(false), new AutoResetEvent(false)
let wait (event: AutoResetEvent) = event.WaitOne() |> ignore
let set (event: AutoResetEvent) = event.Set() |> ignore
let ping = Thread(fun () -> for _ in 1 .. 2 do (wait a; printfn "ping"; set b))
let pong = Thread(fun () -> for _ in 1 .. 2 do (set a; wait b; printfn "pong"))
ping.Start()
pong.Start()
ping.Join()
pong.Join()
"""
FAILING = """
open System.Threading
let gate = new ManualResetEvent(false)
let fail () =
    gate.WaitOne() |> ignore
    failwith "in a thread"
let failing = Thread(fun () -> fail ())
failing.Start()
Thread.Sleep 1
gate.Set() |> ignore
failing.Join()
"""
LEAVING = """
open System.Threading
let leaving = Thread(fun () -> Thread.Sleep 1; printfn "leaving"; exit 3)
leaving.Start()
leaving.Join()
"""
CROWDS = """
open System.IO
open System.Threading
let crowd size =
    let gate = new ManualResetEvent(false)
    let begun = new CountdownEvent(size)
    let wait () =
        begun.Signal() |> ignore
        gate.WaitOne() |> ignore
    let all = [| for _ in 1 .. size -> Thread wait |]
    for one in all do one.Start()
    begun.Wait()
    gate.Set() |> ignore
    for one in all do one.Join()
for _ in 1 .. 5 do crowd 1000
let mappings = File.ReadAllLines "/proc/self/maps"
printfn "%b" (mappings.Length < 60)
"""

COUNTED = Way(count_cells=True)


def ran(folder: Path, source: str, way: Way = COUNTED) -> Result:
    """What a program does."""
    path = folder / "waits.clef"
    path.write_text(source, encoding="utf-8")
    return run_program(path, way)


@pytest.mark.parametrize(
    ("source", "code", "output", "error"),
    [
        (DEEP, 134, "840\n", "Stack overflow.\n"),
        (CROSSED, 134, "", "Deadlock: everything waits, and nothing is left that could go on.\n"),
        (FAILING, 134, "", "/waits.clef:6\n"),
        (LEAVING, 3, "leaving\n", ""),
        (CROWDS, 0, "true\n", ""),
    ],
    ids=["deep", "crossed", "failing", "leaving", "crowds"],
)
def test_threads_that_wait(tmp_path: Path, source: str, code: int, output: str, error: str) -> None:
    """They end like those that do not."""
    result = ran(tmp_path, source)
    assert (result.exit_code, result.stdout) == (code, output), result
    assert result.stderr.endswith(error)


def test_one_stack(tmp_path: Path) -> None:
    """Where there is one stack, the message says that this is the reason."""
    result = ran(tmp_path, PING_PONG, Way("wasm32-wasi"))
    assert result.exit_code == 134
    assert "this machine has no other stack" in result.stderr
    assert ran(tmp_path, PING_PONG).stdout == "ping\npong\n" * 2


def test_valgrind(tmp_path: Path) -> None:
    """valgrind follows the stacks, and finds nothing."""
    valgrind = shutil.which("valgrind")
    if valgrind is None:
        pytest.skip("valgrind is not installed (apt-get install valgrind)")
    path = tmp_path / "waits.clef"
    path.write_text(PING_PONG + LEAVING.replace("exit 3", "()"), encoding="utf-8")
    compilation = compiled(path)
    assert compilation is not None and not compilation.failed, messages(compilation)
    store(compilation, tmp_path / "program")
    command = [valgrind, "-q", "--error-exitcode=97", str(tmp_path / "program")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
