"""gdb understands a debug build.

In: a small program, compiled as `clef build` compiles it. Out: what gdb says in batch mode.
Promises: skipped, with the reason, where there is no gdb or debugging is forbidden.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from clef.toolchain.process import run
from clef.toolchain.target import find_target
from clef.toolchain.tool import debugger
from tests.program_runner import compiled, store

SOURCE = """module Shop

type Item = { Name: string; Price: int }

let total (count: int) (price: int) =
    let sum = count * price
    printfn "sum %d" sum
    sum

let rec sumOf (items: int list) =
    match items with
    | [] -> 0
    | first :: rest -> first + sumOf rest

let order (count: int) =
    let price = sumOf [ count; 2; 3 ]
    let all = total count price
    all + 1

printfn "%d" (order 4)
"""


def _line(text: str) -> int:
    return next(n for n, line in enumerate(SOURCE.splitlines(), 1) if text in line)


def _gdb(folder: Path, *commands: str) -> str:
    """Compile, and let gdb run these commands."""
    target, gdb = find_target("native"), debugger()
    if target is None or not gdb.found:
        pytest.skip(f"gdb is not installed ({gdb.remedy})")
    source = folder / "shop.clef"
    source.write_text(SOURCE, encoding="utf-8")
    compilation = compiled(source)
    assert compilation is not None and not compilation.failed
    store(compilation, folder / "shop")
    words = [word for command in commands for word in ("-ex", command)]
    outcome = run(gdb.command("-batch", "-nx", *words, str(folder / "shop")), time_limit=60)
    text = outcome.output.decode() + outcome.error_text()
    if "ptrace" in text:
        pytest.skip("debugging is forbidden here")
    return text


def test_breakpoint_at_a_line(tmp_path: Path) -> None:
    """gdb stops where it was told to, shows the line, the arguments and the callers."""
    # Behind its last use an argument may be gone, because debug builds are optimised a little.
    place = _line("count * price")
    text = _gdb(tmp_path, f"break shop.clef:{place}", "run", "info args", "backtrace")
    assert f"shop.clef:{place}" in text, text
    assert "let sum = count * price" in text, text
    assert "count = 4" in text, text
    assert "price = 9" in text, text
    assert f"shop.clef:{_line('total count price')}" in text, text
    assert "total" in text and "order" in text, text


def test_breakpoint_at_a_function(tmp_path: Path) -> None:
    """A function is known by its Clef name, and its caller by its own."""
    text = _gdb(tmp_path, "break Shop.sumOf", "run", "backtrace")
    frames = [line for line in text.splitlines() if line.startswith("#")]
    assert "Shop.sumOf" in frames[0], text
    assert any("Shop.order" in frame and "count=4" in frame for frame in frames), text


def test_stepping(tmp_path: Path) -> None:
    """`next` goes on to the next line and `info locals` knows what was bound."""
    place = _line("count * price")
    text = _gdb(tmp_path, f"break shop.clef:{place}", "run", "next", "info locals")
    assert 'printfn "sum %d" sum' in text, text
    assert "sum = 36" in text, text
