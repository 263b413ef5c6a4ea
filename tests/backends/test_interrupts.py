"""Ctrl-C at the terminal, as a program hears of it that asks to (`Console.CancelKeyPress`).

In: programs that wait, sleep or read. Out: what they do when the signal comes. Promises: handlers
run, and decide whether the program goes on; without a handler that says so it dies of the signal.
"""

from __future__ import annotations

import signal
import subprocess
from pathlib import Path

import pytest

from tests.program_runner import compiled, messages, store

WAITING = """
open System
open System.Threading
let source = new CancellationTokenSource()
let ended = new ManualResetEvent(false)
Console.CancelKeyPress.Add(fun e ->
    printfn "%O" e.SpecialKey
    e.Cancel <- true
    source.Cancel()
    ended.Set() |> ignore)
eprintfn "ready"
ended.WaitOne() |> ignore
printfn "%b" source.IsCancellationRequested
"""
SLEEPING = """
open System
Console.CancelKeyPress.AddHandler(ConsoleCancelEventHandler(fun _ _ -> printfn "bye"))
eprintfn "ready"
Threading.Thread.Sleep 60000
printfn "not here"
"""
READING = """
open System
Console.CancelKeyPress.Add(fun e ->
    printfn "pressed"
    e.Cancel <- true
    Environment.ExitCode <- 7
    eprintfn "told")
eprintfn "ready"
printfn "%s" (Console.ReadLine())
"""
ASKING = """
open System
let source = new Threading.CancellationTokenSource()
Console.CancelKeyPress.Add(fun e ->
    e.Cancel <- true
    source.Cancel())
eprintfn "ready"
while not source.IsCancellationRequested do
    ()
printfn "ended"
"""


@pytest.mark.parametrize(
    ("source", "code", "output"),
    [
        (WAITING, 0, "ControlC\ntrue\n"),
        (SLEEPING, -signal.SIGINT, "bye\n"),
        (READING, 7, "pressed\nline\n"),
        (ASKING, 0, "ended\n"),
    ],
    ids=["waiting", "sleeping", "reading", "asking"],
)
def test_handlers_decide(tmp_path: Path, source: str, code: int, output: str) -> None:
    path = tmp_path / "program.clef"
    path.write_text(source, encoding="utf-8")
    compilation = compiled(path)
    assert compilation is not None and not compilation.failed, messages(compilation)
    store(compilation, tmp_path / "program")
    pipe = subprocess.PIPE
    with subprocess.Popen(
        [str(tmp_path / "program")], stdin=pipe, stdout=pipe, stderr=pipe, text=True
    ) as running:
        assert running.stderr is not None and running.stderr.readline() == "ready\n"
        running.send_signal(signal.SIGINT)
        if source is READING:
            assert running.stderr.readline() == "told\n"
        found, _ = running.communicate("line\n", timeout=60)
    assert (running.returncode, found) == (code, output)
