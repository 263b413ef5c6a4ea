"""Projects without a heap, and with one of a fixed size."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = """[package]
name = "small"
[compilation]
memory_model = "{model}"
{settings}
[build]
sources = ["main.clef"]
"""
WITHOUT = """[<Struct>]
type Point = { X: int; Y: int }
let total () =
    let place = Ptr.stackalloc<Point> 3
    for i in 0 .. 2 do
        Ptr.set place i { X = i; Y = i * i }
    let mutable sum = 0
    for i in 0 .. 2 do
        sum <- sum + (Ptr.get place i).Y
    sum
let rec choose n = if n > 100 then Some n else choose (n * 2)
Console.writeln "begin"
match choose (total ()) with
| Some n when n > 100 -> Console.writeln "large"
| _ -> Console.writeln "small"
exit (total ())
"""
POOL = """let rec build n = if n = 0 then [] else n :: build (n - 1)
printfn "%d" (List.sum (build 100))
for i in 1 .. 2000 do
    build 100 |> List.length |> ignore
printfn "%d" (String.replicate 50 "abc").Length
"""
ARENA = """for i in 1 .. 50 do
    arena { printf "%d " (List.sum [ for j in 1 .. 100 -> (string j).Length ]) }
printfn ""
"""


def run(
    folder: Path, model: str, program: str, settings: str = "", *more: str
) -> subprocess.CompletedProcess[str]:
    """The project, built and run."""
    (folder / "small.fidproj").write_text(PROJECT.format(model=model, settings=settings), "utf-8")
    (folder / "main.clef").write_text(program, "utf-8")
    command = [sys.executable, "-m", "clef", "run", *more, str(folder)]
    return subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)


@pytest.mark.parametrize("more", [(), ("--release",)])
def test_without_a_heap(tmp_path: Path, more: tuple[str, ...]) -> None:
    done = run(tmp_path, "stack_only", WITHOUT, "", *more)
    assert (done.returncode, done.stdout) == (5, "begin\nlarge\n"), done.stderr


@pytest.mark.parametrize(
    ("program", "place", "way"),
    [
        ('let xs = [ int "1" ]\nexit xs.Length\n', "main.clef:1:10", "list<int>"),
        ("let f (n: int) = string n\nexit (f 1).Length\n", "main.clef:1:18", "f` calls"),
        ("let g n = Array.create n 1\nlet f n = (g n).Length\nexit (f 3)\n", "main.clef:1:11", "g"),
    ],
)
def test_the_way_to_the_heap_is_shown(tmp_path: Path, program: str, place: str, way: str) -> None:
    done = run(tmp_path, "stack_only", program)
    assert done.returncode == 1 and "E0608" in done.stderr
    assert place in done.stderr and way in done.stderr


def test_a_pool_is_enough(tmp_path: Path) -> None:
    done = run(tmp_path, "static_pools", POOL, 'heap_size = "32K"')
    assert (done.returncode, done.stdout) == (0, "5050\n150\n"), done.stderr


@pytest.mark.parametrize("target", ["native", "wasm32-wasi"])
def test_a_pool_is_used_up(tmp_path: Path, target: str) -> None:
    more = 'printfn "%d" (List.sum (build 100000))\n'
    chosen = ("--target", target)
    done = run(tmp_path, "static_pools", POOL + more, 'heap_size = "32K"', *chosen)
    assert (done.returncode, done.stdout) == (134, "5050\n150\n")
    assert done.stderr == "Out of memory: the pool of 32768 bytes is used up.\n"


def test_arenas_in_a_pool(tmp_path: Path) -> None:
    done = run(tmp_path, "static_pools", ARENA, 'heap_size = "512K"')
    assert (done.returncode, done.stdout) == (0, "192 " * 50 + "\n"), done.stderr


def test_a_pool_has_a_size(tmp_path: Path) -> None:
    done = run(tmp_path, "static_pools", POOL)
    assert done.returncode != 0 and "heap_size" in done.stderr
