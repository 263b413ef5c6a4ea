"""`clef bench`: what is measured, and what the figures say."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from clef.command_line.benchmarks import verdict
from clef.command_line.main import run
from clef.command_line.samples import shown_time, summary_of

CAPTURE = pytest.CaptureFixture[str]
PROGRAM = """
module Sums

let rec fib n = if n < 2 then n else fib (n - 1) + fib (n - 2)

[<Benchmark>]
let small () = fib 10

[<Benchmark>]
let large () = fib 16

[<Benchmark>]
let prepared () =
    let numbers = [ 1 .. 1000 ]
    fun () -> List.sum numbers

[<Benchmark>]
let raises () : int = failwith "not today"

[<Benchmark>]
let ``needs a number`` (n: int) = n
"""


def test_functions_are_measured_saved_and_compared(tmp_path: Path, capsys: CAPTURE) -> None:
    source, saved = tmp_path / "sums.clef", tmp_path / "before.json"
    source.write_text(PROGRAM)
    words = ["bench", str(source), "--samples", "15", "--seconds", "0.15"]
    assert run([*words, "--save", str(saved)]) == 1  # two of them cannot be measured
    text = capsys.readouterr().err
    assert "Sums.raises: it ended with exit code 134" in text
    assert "a benchmark is a function of `()`" in text
    found = {one["name"]: one for one in json.loads(saved.read_text())["benchmarks"]}
    small, large = found["Sums.small"], found["Sums.large"]
    # The work of `fib 16` is that of `fib 10` eighteen times: nothing was left out.
    assert 4 < large["least"] / small["least"] < 80
    assert found["Sums.prepared"]["median"] > 200  # a thousand additions, not a known sum
    for one in (small, large):
        assert one["least"] <= one["low"] <= one["median"] <= one["high"]
        assert one["samples"] == 15 and one["calls"] >= 1
    assert run([*words, "--filter", "Sums.large", "--compare", str(saved)]) == 0
    assert " × " in capsys.readouterr().err
    assert run([*words, "--filter", "nothing"]) == 2
    saved.write_text("{}")
    assert run([*words, "--compare", str(saved)]) == 2


def test_summaries() -> None:
    summary = summary_of([10.0] * 50 + [11.0] * 49 + [500.0])
    assert summary.median == 10.5 and (summary.low, summary.high) == (10.0, 11.0)
    assert (summary.low_outliers, summary.high_outliers) == (0, 1)
    assert summary_of([3.0]).median == 3.0


def test_verdicts() -> None:
    now = summary_of([20.0, 21.0, 22.0, 23.0, 24.0])
    assert "slower: 2.20 ×" in verdict(now, {"median": 10.0, "low": 9.0, "high": 11.0})
    assert "faster" in verdict(now, {"median": 44.0, "low": 43.0, "high": 45.0})
    assert "no difference" in verdict(now, {"median": 21.0, "low": 20.0, "high": 22.0})


def test_times_have_three_digits() -> None:
    texts = [shown_time(one) for one in (0.512, 12.34, 123.4, 1234.0, 5e6, 7.25e9)]
    assert texts == ["0.51 ns", "12.3 ns", "123 ns", "1.23 µs", "5.00 ms", "7.25 s"]


ALLOCATING = """
module Cells

[<Benchmark>]
let pairs () =
    let table = System.Collections.Generic.List<int * int> ()
    for i in 1 .. 100 do table.Add ((i, i))
    fun () -> List.init 100 (fun i -> table.[i])

[<Benchmark>]
let nothing () =
    let mutable sum = 0
    for i in 1 .. 100 do sum <- sum + i * sum
    sum
"""


def test_allocations_are_those_of_one_call(tmp_path: Path, capsys: CAPTURE) -> None:
    source = tmp_path / "cells.clef"
    source.write_text(ALLOCATING)
    words = ["bench", str(source), "--samples", "5", "--seconds", "0.02", "--memory"]
    assert run(words) == 0
    assert "allocates nothing" in capsys.readouterr().err
    assert run([*words, "--json"]) == 0
    found = {one["name"]: one for one in json.loads(capsys.readouterr().out)["benchmarks"]}
    assert found["Cells.nothing"]["cells"] == 0
    assert found["Cells.pairs"]["cells"] == 100  # the list's; its pairs are there already
    assert found["Cells.pairs"]["bytes"] >= 100 * 24
