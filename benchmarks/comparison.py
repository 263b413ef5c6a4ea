"""The programs in Clef and in the other languages, measured in turn.

In: programs, peers, how many rounds. Out: for each program what building and running it took in
each language. Promises: a round runs every language of a program one after the other, so that a
busy moment touches all alike, and ratios are medians over the rounds; all print the same, or it is
a problem of that language.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.catalogue import Program
from benchmarks.measure import Cost, Failed, median, run
from benchmarks.peers import CLEF, Peer, environment

PAUSE = re.compile(r"^longest (\d+) us\n", re.MULTILINE)


@dataclass(slots=True)
class Variant:
    """One language's form of a program; `problem` says why it could not be measured."""

    peer: Peer
    command: list[str] = field(default_factory=list[str])
    compile_seconds: float = 0.0
    size: int = 0
    costs: list[Cost] = field(default_factory=list[Cost])
    instructions: int = 0
    problem: str = ""

    @property
    def measured(self) -> bool:
        return bool(self.costs) and not self.problem

    @property
    def seconds(self) -> float:
        return median([cost.seconds for cost in self.costs])

    @property
    def processor(self) -> float:
        return median([cost.processor for cost in self.costs])

    @property
    def memory(self) -> float:
        return median([float(cost.memory) for cost in self.costs])

    @property
    def pause(self) -> float | None:
        """The longest pause in seconds that the program itself measured, over all runs."""
        found = [PAUSE.search(cost.output) for cost in self.costs]
        longest = [int(one[1]) / 1e6 for one in found if one]
        return max(longest) if longest else None

    @property
    def printed(self) -> str:
        return PAUSE.sub("", self.costs[-1].output)


@dataclass(slots=True)
class Comparison:
    """One program in Clef and in others."""

    program: Program
    clef: Variant
    others: dict[str, Variant] = field(default_factory=dict[str, Variant])

    @property
    def variants(self) -> list[Variant]:
        return [self.clef, *self.others.values()]

    @property
    def problems(self) -> list[str]:
        found = [(v.peer.name, v.problem) for v in self.variants if v.problem]
        return [f"{self.program.name}: {name}: {problem}" for name, problem in found]

    def ratio(self, name: str, figure: str = "processor") -> float | None:
        """What Clef takes for one that the peer takes; of the costs the median over the rounds."""
        other = self.others.get(name)
        if other is None or other.problem or self.clef.problem:
            return None
        if figure in ("size", "compile_seconds", "instructions"):
            theirs = getattr(other, figure)
            return getattr(self.clef, figure) / theirs if theirs else None
        if not other.measured or not self.clef.measured:
            return None
        pairs = zip(self.clef.costs, other.costs, strict=True)
        return median([getattr(a, figure) / max(getattr(b, figure), 1e-6) for a, b in pairs])


def compare(
    programs: Iterable[Program], peers: Iterable[Peer], rounds: int, work: Path
) -> list[Comparison]:
    """Build all programs, then run them in turn."""
    comparisons = [build(program, list(peers), work) for program in programs]
    for _ in range(rounds):
        for comparison in comparisons:
            measure(comparison)
    return comparisons


def build(program: Program, peers: list[Peer], work: Path, size: int | None = None) -> Comparison:
    """One program in Clef and in those of the peers that have a source for it, compiled; a run is
    as large as the program says, or `size`.
    """
    argument = _argument(program, program.size if size is None else size, work)
    comparison = Comparison(program, _built(program, CLEF, argument, work))
    for peer in peers:
        if _source(program, peer) is not None:
            comparison.others[peer.name] = _built(program, peer, argument, work)
    return comparison


def measure(comparison: Comparison) -> None:
    """Run each variant once; one that fails or prints something else is not run again."""
    for variant in comparison.variants:
        if not variant.problem:
            _measure(variant, comparison.clef)


def count_instructions(comparison: Comparison, work: Path) -> None:
    """Count with valgrind, where there is one: other programs on the machine do not matter."""
    if shutil.which("valgrind") is None:
        return
    argument = _argument(comparison.program, comparison.program.small, work)
    for variant in comparison.variants:
        if variant.peer.name in ("Clef", "C", "Rust", "OCaml") and not variant.problem:
            variant.instructions = instructions([*variant.command[:-1], argument])


def instructions(command: list[str]) -> int:
    """How many instructions the command executes."""
    words = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null"]
    found = re.search(r"Collected : (\d+)", run([*words, *command]).output)
    return int(found[1]) if found else 0


def _argument(program: Program, size: int, work: Path) -> str:
    """The size, or the path of a file of that size."""
    if program.make_input is None:
        return str(size)
    path = work / f"{program.name}-{size}.txt"
    if not path.exists():
        program.make_input(path, size)
    return str(path)


def _source(program: Program, peer: Peer) -> Path | None:
    """The peer's source; F# compiles Clef's own where it has none."""
    path = program.folder / peer.source
    if path.exists():
        return path
    return program.folder / CLEF.source if peer.name == "F#" else None


def _built(program: Program, peer: Peer, argument: str, work: Path) -> Variant:
    variant = Variant(peer)
    written = _source(program, peer)
    assert written is not None
    folder = work / f"{program.name}-{peer.name}"
    folder.mkdir(exist_ok=True)
    source, target = folder / peer.source, folder / (program.name + peer.suffix)
    shutil.copyfile(written, source)
    if peer.name == CLEF.name:
        # A source that the build cache has not seen.
        with source.open("a", encoding="utf-8") as file:
            file.write(f"// {work}\n")
    variant.command = [*peer.start(source, target), argument]
    if peer.build is None:
        return variant
    try:
        variant.compile_seconds = run(peer.build(source, target), **environment(peer)).processor
        variant.size = target.stat().st_size
    except (Failed, OSError) as problem:
        variant.problem = str(problem)
    return variant


def _measure(variant: Variant, clef: Variant) -> None:
    try:
        variant.costs.append(run(variant.command, **environment(variant.peer)))
    except Failed as problem:
        variant.problem = str(problem)
        return
    if clef.measured and variant.printed != clef.printed:
        variant.problem = f"prints something else:\n{variant.printed}\nClef:\n{clef.printed}"
