"""Clef modules in Python beside other ways to make Python fast, in one run.

In: what is installed. Out: a table of times, and of ratios to C. Promises: all ways compute the
same; they are measured in turn, each round once, and the best round counts; those that are missing
are named. The exit code is 1 when a kernel takes Clef more than three times what it takes C.

    python -m benchmarks.python [--rounds N] [--kernel NAME …]
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.python.peers import KERNELS, Peer, peers

CALLS = 20_000
LIMIT = 3.0
SLOW = {"dot": 20, "smooth": 20, "mandelbrot": 20, "primes": 10}
"""Python itself gets this fraction of the work, and its time is multiplied."""


def main(words: list[str]) -> int:
    """Run the command; see the module's text."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--kernel", action="append", choices=KERNELS)
    options = parser.parse_args(words)
    with tempfile.TemporaryDirectory(prefix="clef-benchmarks-") as folder:
        found = peers(Path(folder))
        there = [one for one in found if not one.missing]
        print(f"{'kernel':<12}" + "".join(f"{one.name:>22}" for one in there))
        good = [_compare(name, there, options.rounds) for name in options.kernel or KERNELS]
    for one in found:
        if one.missing:
            print(f"{one.name} is left out: {one.missing}")
    return 0 if all(good) else 1


def _work(kernel: str, peer: Peer) -> tuple[Callable[[], Any], float]:
    """What one round does, and by what its time is multiplied."""
    import numpy

    function = peer.functions[kernel]
    share = SLOW.get(kernel, 1) if peer.name == "Python" else 1
    if kernel == "add":
        return lambda: _calls(function), 1e6 / CALLS
    if kernel == "dot":
        xs, ys = numpy.arange(1e6 / share) / 7, numpy.arange(1e6 / share)[::-1] / 3
        ys = numpy.ascontiguousarray(ys)
        return lambda: function(xs, ys), share
    if kernel == "smooth":
        values = numpy.arange(2e5 / share) % 17
        return lambda: (function(values, 10), values.sum())[1], share
    if kernel == "mandelbrot":
        size = int(300 / share**0.5)
        return lambda: function(size, 200), (300 / size) ** 2
    limit = 2_000_000 // share
    return lambda: function(limit), share


def _calls(function: Callable[[int, int], int]) -> int:
    total = 0
    for number in range(CALLS):
        total += function(number, 3)
    return total


def _compare(kernel: str, found: list[Peer], rounds: int) -> bool:
    """One line of the table: times in milliseconds (a call of `add`: microseconds)."""
    works = {one.name: _work(kernel, one) for one in found}
    results = {name: work() for name, (work, _) in works.items()}  # also compiles
    whole = {repr(one) for name, one in results.items() if name != "Python"}
    assert len(whole) <= 1, f"{kernel}: {results}"
    best = dict.fromkeys(works, float("inf"))
    for _ in range(rounds):
        for name, (work, _) in works.items():
            start = time.perf_counter()
            work()
            best[name] = min(best[name], time.perf_counter() - start)
    times = {name: 1000 * best[name] * factor for name, (_, factor) in works.items()}
    if kernel == "add":
        times = {name: one / 1000 for name, one in times.items()}
    base = times.get("C, ctypes", times["Clef"])
    unit = "us" if kernel == "add" else "ms"
    cells = [f"{one:>9.3f} {unit} ({one / base:>5.2f})" for one in times.values()]
    print(f"{kernel:<12}" + "".join(f"{cell:>22}" for cell in cells), flush=True)
    return times["Clef"] <= LIMIT * base


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
