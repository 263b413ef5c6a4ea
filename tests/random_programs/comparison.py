"""What random programs print, on every way through the compiler, against the reference.

In: seeds and ways. Out: for each seed that fails, what is wrong. Promises: programs are compiled
many at a time; a batch that does not compile is halved until the programs at fault stand alone.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.program_runner import Way, run_with
from tests.random_programs.program import packed
from tests.reference.differences import as_clef
from tests.reference.reference import Compiler


@dataclass(frozen=True, slots=True)
class Failure:
    """A program that does not do what it should, on one way; `problem` shows the difference."""

    seed: int
    way: Way
    problem: str

    def __str__(self) -> str:
        again = f"python -m tests.random_programs.shrink {self.seed} {self.way.target}".rstrip()
        release = " --release" if self.way.release else ""
        return f"seed {self.seed}, {self.way.name}: {self.problem}\n  smaller: {again}{release}"


def failures(compiler: Compiler, seeds: Sequence[int], ways: Sequence[Way]) -> list[Failure]:
    """The programs of these seeds that differ from the reference on one of the ways."""
    source = packed(seeds)
    judgement = compiler.judge({"random.fs": source})
    refused = [str(message) for message in judgement.messages if message.severity == "error"]
    assert judgement.ran, f"F# rejects seeds {seeds[0]} to {seeds[-1]}: {refused[:3]}"
    expected = by_seed(as_clef(source, judgement.stdout))
    with tempfile.TemporaryDirectory(prefix="random-programs-") as folder:
        return [found for way in ways for found in _failures(Path(folder), seeds, way, expected)]


def _failures(
    folder: Path, seeds: Sequence[int], way: Way, expected: dict[int, str]
) -> list[Failure]:
    path = folder / f"random{seeds[0]}to{seeds[-1]}.clef"
    path.write_text(packed(seeds), encoding="utf-8")
    result = run_with(path, [], "", way)
    printed = by_seed(result.stdout)
    wrong = [seed for seed in seeds if printed.get(seed, "") != expected.get(seed, "")]
    if result.exit_code == 0 or (printed and wrong):
        return [
            Failure(
                seed, way, f"expected\n{expected.get(seed, '')}printed\n{printed.get(seed, '')}"
            )
            for seed in wrong
        ]
    if len(seeds) == 1:
        return [Failure(seeds[0], way, f"exit code {result.exit_code}: {result.stderr[:2000]}")]
    middle = len(seeds) // 2
    parts = (seeds[:middle], seeds[middle:])
    return [found for part in parts for found in _failures(folder, part, way, expected)]


def by_seed(output: str) -> dict[int, str]:
    """The lines of a packed program's output, by the program that printed them."""
    lines: dict[int, str] = {}
    for line in output.splitlines(keepends=True):
        name = line[1:].split(".", 1)[0]
        if line.startswith("P") and name.isdigit():
            lines[int(name)] = lines.get(int(name), "") + line
    return lines
