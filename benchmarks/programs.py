"""The benchmark programs against their twins in C.

In: the folders under `benchmarks/programs`, each with `main.clef` and `main.c`. Out: for each the
median cost of both, measured in turn in one run. Promises: both print the same, or it is an error.
"""

from __future__ import annotations

import re
import shutil
import sys
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.measure import Cost, Failed, median, run

PROGRAMS = Path(__file__).parent / "programs"
# Sizes for counting instructions, which is fifty times slower.
SMALL_SIZES = {
    "fib": 27,
    "nbody": 50_000,
    "spectral_norm": 200,
    "fannkuch": 8,
    "mandelbrot": 200,
}
# Big enough that a run takes some tenths of a second.
SIZES = {
    "fib": 42,
    "nbody": 5_000_000,
    "spectral_norm": 2000,
    "fannkuch": 10,
    "mandelbrot": 2500,
}


@dataclass(slots=True)
class Variant:
    """One language's form of a program."""

    executable: Path
    compile_seconds: float
    size: int
    costs: list[Cost] = field(default_factory=list[Cost])
    instructions: int = 0

    @property
    def seconds(self) -> float:
        return median([cost.seconds for cost in self.costs])

    @property
    def memory(self) -> float:
        return median([float(cost.memory) for cost in self.costs])


@dataclass(slots=True)
class Comparison:
    """One program in Clef and in C; `problem` says why it could not be measured."""

    name: str
    clef: Variant | None = None
    c: Variant | None = None
    problem: str = ""

    @property
    def instruction_ratio(self) -> float | None:
        """How many instructions Clef's program executes for one of C's, if they were counted."""
        if self.clef is None or self.c is None or not self.clef.instructions:
            return None
        return self.clef.instructions / self.c.instructions

    def as_json(self) -> dict[str, object]:
        if self.clef is None or self.c is None or not self.clef.costs:
            return {"name": self.name, "problem": self.problem}
        return {
            "name": self.name,
            "clef": _figures(self.clef),
            "c": _figures(self.c),
            "time_ratio": self.clef.seconds / self.c.seconds,
            "memory_ratio": self.clef.memory / self.c.memory,
            "instruction_ratio": self.instruction_ratio,
            "problem": self.problem,
        }


def _figures(variant: Variant) -> dict[str, object]:
    return {
        "seconds": variant.seconds,
        "memory": variant.memory,
        "size": variant.size,
        "compile_seconds": variant.compile_seconds,
    }


def clef_command(*words: str) -> list[str]:
    """The command that starts the compiler."""
    return [sys.executable, "-m", "clef", *words]


def c_compiler() -> list[str]:
    """A clang of the LLVM that Clef uses if there is one, else the one in the `ziglang` wheel.

    Both languages are compiled for the same processor: the architecture's baseline, which zig has
    to be told.
    """
    for name in ("clang-22", "clang"):
        found = shutil.which(name)
        if found:
            return [found]
    return [sys.executable, "-m", "ziglang", "cc", "-mcpu=baseline"]


def compare(names: list[str], rounds: int, work: Path) -> list[Comparison]:
    """Build all programs, then run them in turn, so that a busy moment touches all alike."""
    comparisons = [build(name, work) for name in names]
    for comparison in comparisons:
        count_instructions(comparison)
    for _ in range(rounds):
        for comparison in comparisons:
            if not comparison.problem:
                _measure(comparison)
    return comparisons


def build(name: str, work: Path) -> Comparison:
    """One program in both languages, compiled."""
    folder = PROGRAMS / name
    clef, c = work / f"{name}-clef", work / f"{name}-c"
    comparison = Comparison(name)
    try:
        command = [*c_compiler(), "-O3", str(folder / "main.c"), "-o", str(c), "-lm"]
        comparison.c = _variant(command, c)
        build = clef_command("build", "--release", str(folder / "main.clef"), "-o", str(clef))
        comparison.clef = _variant(build, clef)
    except Failed as problem:
        comparison.problem = str(problem)
    return comparison


def count_instructions(comparison: Comparison) -> None:
    """Count with valgrind, where there is one: other programs on the machine do not matter."""
    if comparison.clef is None or comparison.c is None or shutil.which("valgrind") is None:
        return
    for variant in (comparison.clef, comparison.c):
        words = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null"]
        cost = run([*words, str(variant.executable), str(SMALL_SIZES[comparison.name])])
        found = re.search(r"Collected : (\d+)", cost.output)
        variant.instructions = int(found[1]) if found else 0


def _variant(command: list[str], executable: Path) -> Variant:
    cost = run(command)
    return Variant(executable, cost.seconds, executable.stat().st_size)


def _measure(comparison: Comparison) -> None:
    assert comparison.clef is not None and comparison.c is not None
    size = str(SIZES[comparison.name])
    try:
        ours = run([str(comparison.clef.executable), size])
        theirs = run([str(comparison.c.executable), size])
    except Failed as problem:
        comparison.problem = str(problem)
        return
    comparison.clef.costs.append(ours)
    comparison.c.costs.append(theirs)
    if ours.output != theirs.output:
        comparison.problem = f"outputs differ:\n{ours.output}\n{theirs.output}"
