"""Counting loops over arrays become vector instructions, and cost what such loops cost.

In: loops in Clef. Out: the machine code of optimised builds, and instructions that they execute.
"""

from __future__ import annotations

import platform
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.command_line.cli import Cli

LOOPS = {
    "sum": (
        "let work (xs: int[]) (ys: int[]) (zs: int[]) =\n"
        "    let mutable s = 0\n"
        "    for i in 0 .. xs.Length - 1 do s <- s + xs.[i]\n"
        "    s\n",
        "paddd",
    ),
    "dot": (
        "let work (xs: int[]) (ys: int[]) (zs: int[]) =\n"
        "    let mutable s = 0\n"
        "    for i in 0 .. xs.Length - 1 do s <- s + (xs.[i] &&& ys.[i])\n"
        "    s\n",
        "paddd",
    ),
    "map": (
        "let work (xs: int[]) (ys: int[]) (zs: int[]) =\n"
        "    for i in 0 .. xs.Length - 1 do ys.[i] <- xs.[i] + 7\n"
        "    ys.[3]\n",
        "paddd",
    ),
    "saxpy": (
        "let work (xs: int[]) (ys: int[]) (zs: int[]) =\n"
        "    let a = float32 xs.[2]\n"
        "    let fs = Array.init xs.Length float32\n"
        "    let gs = Array.init ys.Length float32\n"
        "    for i in 0 .. fs.Length - 1 do gs.[i] <- a * fs.[i] + gs.[i]\n"
        "    int gs.[3]\n",
        "mulps",
    ),
}
MAIN = """
[<EntryPoint>]
let main arguments =
    let n = 1024 + arguments.Length
    let xs, ys = Array.init n (fun i -> i), Array.init n (fun i -> i * 3)
    let mutable total = 0
    for _ in 1 .. 100 do total <- total + work xs ys (Array.copy xs)
    printfn "%d" total
    0
"""

pytestmark = pytest.mark.skipif(
    platform.machine() != "x86_64", reason="the machine code is that of x86-64"
)


NOTHING = "let work (xs: int[]) (ys: int[]) (zs: int[]) = xs.[3] + zs.[2]\n"


def _count(folder: Path, loop: str, instruction: str) -> int:
    """How often the machine code has the instruction."""
    (folder / "loop.clef").write_text("[<NoCompilerInlining>]\n" + loop + MAIN, encoding="utf-8")
    done = Cli(folder)("build", "--release", "loop.clef", "--emit", "asm", "-o", "loop.s")
    assert done.code == 0, done.said
    text = (folder / "loop.s").read_text(encoding="utf-8")
    return len(re.findall(rf"^\s+{instruction}\s", text, re.MULTILINE))


@pytest.mark.parametrize("name", LOOPS)
def test_loops_hold_vector_instructions(name: str, tmp_path: Path) -> None:
    loop, instruction = LOOPS[name]
    assert _count(tmp_path, loop, instruction) > _count(tmp_path, NOTHING, instruction)


def _instructions(folder: Path, loop: str) -> int:
    (folder / "loop.clef").write_text("[<NoCompilerInlining>]\n" + loop + MAIN, encoding="utf-8")
    done = Cli(folder)("build", "--release", "loop.clef")
    assert done.code == 0, done.said
    words = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", "./loop"]
    said = subprocess.run(words, cwd=folder, capture_output=True, text=True, check=True).stderr
    found = re.search(r"Collected : (\d+)", said)
    assert found is not None
    return int(found[1])


@pytest.mark.skipif(shutil.which("valgrind") is None, reason="valgrind is not installed")
def test_few_instructions_for_each_element(tmp_path: Path) -> None:
    spent = _instructions(tmp_path, LOOPS["dot"][0]) - _instructions(tmp_path, NOTHING)
    assert spent < 1.5 * 100 * 1024
