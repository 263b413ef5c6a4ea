"""How deep the stack can get: frames as the code generator lays them out, along the calls."""

from __future__ import annotations

import json
import platform
import subprocess
import sys
from pathlib import Path

import pytest

from clef.backends import Artifacts
from clef.backends.frames import asking_for_frames, read_frames
from clef.backends.stack_depth import stack_depths
from clef.mlir.planned import Planned
from clef.pipeline import Options, compile_project
from clef.project.loading import load, read_sources
from clef.toolchain.target import native_name
from tests.backends.measured_stack import stack_used
from tests.program_runner import store

LARGE = """let rec loop n total = if n = 0 then total else loop (n - 1) (total + n)
let rec even n = if n = 0 then true else odd (n - 1)
and odd n = if n = 0 then false else even (n - 1)
let large (n: int) =
    let place = Ptr.stackalloc<int64> 100
    Ptr.write (Ptr.add place n) 5L
    int (Ptr.read (Ptr.add place n)) + loop 3 0
Console.writeln "begin"
if large System.Environment.ProcessorCount > 4 && even 1000000 then Console.writeln "end"
"""
UNBOUNDED = {
    "recursion": (
        "let rec f n = if n = 0 then 1 else n * f (n - 1)\nexit (f 3)",
        "`Main.f` calls itself",
    ),
    "two functions": (
        "let rec f n = if n = 0 then 1 else n * g (n - 1)\n"
        "and g n = if n = 0 then 2 else n + f (n - 1)\nexit (f 3)",
        "functions call each other",
    ),
    "through a function value": (
        "let table : (int -> int)[] = Array.zeroCreate 2\n"
        "let f n = if n = 0 then 0 else 1 + table.[n % 2] (n - 1)\n"
        "table.[0] <- f\ntable.[1] <- (fun n -> n)\nexit (f 2)",
        "call",
    ),
    "memory in a loop": (
        "let f n =\n    let mutable sum = 0\n    for i in 1 .. n do\n"
        "        let p = Ptr.stackalloc<int> 4\n        Ptr.write p i\n"
        "        sum <- sum + Ptr.read p\n    sum\nexit (f 3)",
        "the memory that it reserves has no bound",
    ),
}
PROJECT = """[package]
name = "small"
[compilation]
max_stack_size = "{limit}"
[build]
sources = ["main.clef"]
"""


def clef(*arguments: str) -> subprocess.CompletedProcess[str]:
    """The command, run."""
    command = [sys.executable, "-m", "clef", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)


def written(folder: Path, text: str) -> str:
    (folder / "main.clef").write_text(text + "\n", "utf-8")
    return str(folder / "main.clef")


def test_the_deepest_way(tmp_path: Path) -> None:
    done = clef("explain", "--stack", "--message-format", "json", written(tmp_path, LARGE))
    (found,) = json.loads(done.stdout)
    sizes = {step["function"]: step["bytes"] for step in found["steps"]}
    assert sizes["Main.large"] >= 800
    assert found["bytes"] == sum(sizes.values()) and found["bytes"] < 4000
    (step,) = [step for step in found["steps"] if step["function"] == "Main.large"]
    assert (step["line"], step["column"]) == (9, 4)


def test_text(tmp_path: Path) -> None:
    done = clef("explain", "--stack", "--release", written(tmp_path, LARGE))
    first, *steps = done.stdout.splitlines()
    assert first.startswith("program: ") and first.endswith(" bytes at most")
    assert len(steps) >= 2


@pytest.mark.parametrize("name", UNBOUNDED)
def test_no_bound(name: str, tmp_path: Path) -> None:
    text, reason = UNBOUNDED[name]
    done = clef("explain", "--stack", "--message-format", "json", written(tmp_path, text))
    (found,) = json.loads(done.stdout)
    assert found["bytes"] is None and reason in found["reason"]


@pytest.mark.parametrize(
    ("text", "limit", "code"),
    [
        (LARGE, "64K", ""),
        (LARGE, "512", "E0610"),
        (UNBOUNDED["recursion"][0], "1M", "E0609"),
    ],
)
def test_the_limit_of_a_project(tmp_path: Path, text: str, limit: str, code: str) -> None:
    (tmp_path / "small.fidproj").write_text(PROJECT.format(limit=limit), "utf-8")
    written(tmp_path, text)
    done = clef("build", str(tmp_path), "-o", str(tmp_path / "small"))
    assert (done.returncode == 0) == (not code)
    assert code in done.stderr
    assert (tmp_path / "small").exists() == (not code)


def test_reading_what_llvm_says() -> None:
    ir = 'define internal i32 @"a(b"(ptr %x, i32 (i32)* %y) unnamed_addr #0 {\n  ret i32 0\n}\n'
    asked = asking_for_frames(ir)
    assert 'unnamed_addr "warn-stack-size"="0" #0 {' in asked
    said = "warning: <unknown>:0:0: stack frame size (104) exceeds limit (0) in function 'A.f(b'\n"
    assert read_frames(said) == {"A.f(b": 104}


MEASURED = {
    "calls": LARGE.replace("exit", "ignore"),
    "function values": (
        "let table : (int -> int)[] = [| (fun x -> x + 1); (fun x -> x * 2) |]\n"
        "let apply (n: int) = table.[n % 2] n\n"
        'printfn "%d" (apply System.Environment.ProcessorCount)'
    ),
    "objects": (
        "[<AbstractClass>]\ntype Shape() =\n    abstract Area: int\n"
        "type Square(side: int) =\n    inherit Shape()\n    override _.Area = side * side\n"
        "type Circle(radius: int) =\n    inherit Shape()\n"
        "    override _.Area = radius * radius * 3\n"
        "let shapes: Shape list = [ Square 2; Circle 1 ]\n"
        'for shape in shapes do printfn "%d" shape.Area'
    ),
    "exceptions": (
        "let quotient a b = try a / b with :? System.DivideByZeroException -> -1\n"
        'for b in [ 3; 0; 2 ] do printfn "%d %s" (quotient 12 b) (if b = 0 then "none" else "some")'
    ),
    "arrays": (
        "let xs = Array.init 100 (fun i -> i * 7919 % 101)\n"
        "let ys = xs |> Array.map (fun x -> x * x) |> Array.filter (fun x -> x % 2 = 0)\n"
        'printfn "%d %d" (Array.sum ys) ys.Length'
    ),
}


@pytest.mark.skipif(platform.machine() != "x86_64", reason="the stack is read on x86-64")
@pytest.mark.parametrize("is_release", [False, True])
@pytest.mark.parametrize("name", MEASURED)
def test_programs_use_no_more_than_was_computed(
    name: str, is_release: bool, tmp_path: Path
) -> None:
    loaded = load(written(tmp_path, MEASURED[name]))
    assert loaded.project is not None
    sources, _ = read_sources(loaded)
    options = Options(native_name(), is_release, measure_stack=True)
    made = compile_project(loaded.project, options, texts=sources)
    assert not made.failed, made.diagnostics
    planned, artifacts = made.products["plan"], made.products["artifacts"]
    assert isinstance(planned, Planned) and isinstance(artifacts, Artifacts)
    (depth,) = stack_depths(planned, artifacts.frames)
    assert depth.size is not None, depth.reason
    store(made, tmp_path / "program")
    used = stack_used(tmp_path / "program")
    assert 64 < used <= depth.size, f"{used} bytes were used, at most {depth.size} computed"
