"""Which checks are proven, and why others remain.

In: small programs. Out: for each function the states of its checks as `clef explain --checks` has
them.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from clef.pipeline import Options, compile_project
from clef.project.loading import load, read_sources
from clef.toolchain.target import native_name
from clef.typed_core.core import Program
from clef.value_ranges.report import FunctionChecks, checks_report

MAIN = """
[<EntryPoint>]
let main arguments =
    let xs = Array.init (arguments.Length * 3 + 2) (fun i -> i)
    printfn "%d" (work xs arguments.Length)
    printfn "%d" (work (Array.zeroCreate (arguments.Length &&& 15)) (int arguments.[0]))
    0
"""

PROVEN = {
    "a counting loop": "for i = 0 to xs.Length - 1 do s <- s + xs.[i]",
    "from the end": "for i = xs.Length - 1 downto 0 do s <- s + xs.[i]",
    "by steps": "for i in 0 .. 3 .. xs.Length - 1 do s <- s + xs.[i]",
    "its neighbour": "for i = 1 to xs.Length - 1 do s <- s + xs.[i - 1]",
    "a condition": "if n >= 0 && n < xs.Length then s <- xs.[n]",
    "a condition with a way out": "if n < 0 || n >= xs.Length then s <- 1 else s <- xs.[n]",
    "one comparison": "if uint32 n < uint32 xs.Length then s <- xs.[n]",
    "a loop with a condition": (
        "let mutable i = 0\n    while i < xs.Length do\n        s <- s + xs.[i]\n        i <- i + 1"
    ),
    "two ends": (
        "let mutable low, high = 0, xs.Length - 1\n    while low < high do\n"
        "        s <- s + xs.[low] - xs.[high]\n        low <- low + 1\n        high <- high - 1"
    ),
    "the middle": (
        "let mutable low, high = 0, xs.Length - 1\n    while low <= high do\n"
        "        let middle = low + (high - low) / 2\n"
        "        if xs.[middle] < n then low <- middle + 1 else high <- middle - 1\n"
        "    s <- low"
    ),
    "the next one": "if n >= 0 && n < xs.Length - 1 && n + 1 < xs.Length then s <- xs.[n + 1]",
    "a remainder": "if n >= 0 && xs.Length > 0 then s <- xs.[n % xs.Length]",
    "bits": "if xs.Length > 7 then s <- xs.[n &&& 7] + xs.[(n >>> 3) &&& 7]",
    "a divisor": "if n > 0 then s <- xs.Length / n + xs.Length % n",
    "a divisor that is not zero": "if n <> 0 && n <> -1 then s <- s / n",
    "an array of this length": "let ys = Array.zeroCreate xs.Length\n"
    "    for i = 0 to xs.Length - 1 do ys.[i] <- xs.[i]\n    s <- ys.Length",
    "a table": "let t = Array.zeroCreate (4 * 5)\n    for i = 0 to 3 do\n"
    "        for j = 0 to 4 do t.[i * 5 + j] <- i\n    s <- t.Length",
    "a checked sum": "for i = 0 to xs.Length - 1 do s <- Checked.(+) i 1",
    "after a check": "let a = xs.[3]\n    s <- a + xs.[2] + xs.[0]",
    "a match": "match n with\n    | 0 | 1 when xs.Length > 1 -> s <- xs.[n]\n    | _ -> ()",
}

REMAINING = {
    "an index from outside": ("s <- xs.[n]", "nothing says that `n` is 0 or more and less than"),
    "a sum that may wrap": (
        "if n >= 0 && n + 1 < xs.Length then s <- xs.[n + 1]",
        "the index may be negative",
    ),
    "only below": ("if n < xs.Length then s <- xs.[n]", "`n` may be negative"),
    "only above": ("if n >= 0 then s <- xs.[n]", "`n` may be the length of `xs` or more"),
    "one too far": (
        "for i = 0 to xs.Length do s <- s + xs.[i]",
        "`i` may be the length of `xs` or more",
    ),
    "a sum of ends": (
        "let low = abs n\n    let high = xs.Length\n"
        "    if low <= high then s <- xs.[(low + high) / 2]",
        "nothing says that the index is 0 or more",
    ),
    "another array": (
        "let ys = Array.zeroCreate n\n    for i = 0 to xs.Length - 1 do s <- s + ys.[i]",
        "`i` may be the length of `ys` or more",
    ),
    "a divisor": ("s <- 7 / n", "`n` may be 0"),
    "the least number": ("s <- n / -1", "`n` may be the least number"),
    "a checked sum": ("s <- Checked.(+) n 1", "the sum of `n` and 1 may not fit the type"),
    "changed meanwhile": (
        "let mutable i = n\n    if i >= 0 && i < xs.Length then\n        i <- i + 1\n"
        "        s <- xs.[i]",
        "may be the length of `xs` or more",
    ),
}


def _report(tmp_path: Path, body: str, more: str = "") -> FunctionChecks:
    path = tmp_path / "main.clef"
    text = (
        f"{more}let work (xs: int[]) (n: int) =\n    let mutable s = 0\n    {body}\n    s\n{MAIN}"
    )
    path.write_text(text, encoding="utf-8")
    loaded = load(str(path))
    assert loaded.project is not None
    sources, _ = read_sources(loaded)
    options = Options(native_name(), True, stop_after="direct")
    made = compile_project(loaded.project, options, texts=sources)
    assert not made.failed, made.diagnostics
    program = made.products["direct"]
    assert isinstance(program, Program)
    (found,) = checks_report(program, [str(path)], "work")
    return found


@pytest.mark.parametrize("name", PROVEN)
def test_proven(name: str, tmp_path: Path) -> None:
    found = _report(tmp_path, PROVEN[name])
    left = [check for check in found.checks if check.state != "proven"]
    if name == "after a check":
        left = [check for check in left if "3" not in check.reason]
    assert found.checks and not left, left


@pytest.mark.parametrize("name", REMAINING)
def test_remaining(name: str, tmp_path: Path) -> None:
    body, reason = REMAINING[name]
    found = _report(tmp_path, body)
    reasons = [check.reason for check in found.checks if check.state != "proven"]
    assert any(reason in one for one in reasons), found.checks


def test_all_calls_are_known(tmp_path: Path) -> None:
    """A function is called with indices that fit, from every place that calls it."""
    text = "[<MethodImpl(MethodImplOptions.NoInlining)>]\nlet at (xs: int[]) (i: int) = xs.[i]\n\n"
    path = tmp_path / "main.clef"
    path.write_text(
        "open System.Runtime.CompilerServices\n"
        + text
        + "let work (xs: int[]) (n: int) =\n    let mutable s = 0\n"
        + "    for i = 0 to xs.Length - 1 do s <- s + at xs i\n    s\n"
        + MAIN,
        encoding="utf-8",
    )
    loaded = load(str(path))
    assert loaded.project is not None
    sources, _ = read_sources(loaded)
    made = compile_project(
        loaded.project, Options(native_name(), True, stop_after="direct"), texts=sources
    )
    program = made.products["direct"]
    assert isinstance(program, Program)
    found = checks_report(program, [str(path)])
    states = {report.name: {c.state for c in report.checks} for report in found}
    assert {name: s for name, s in states.items() if "main" not in name} in (
        {"Main.at": {"proven"}},
        {"Main.at": {"proven"}, "Main.work": {"proven"}},
        {"Main.work": {"proven"}},
    )
