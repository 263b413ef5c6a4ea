"""Making a random program that fails smaller.

In: a seed. Out: the text of a program that fails in the same way and takes fewer decisions.
Promises: what is shown is a whole program; ends after about `--seconds`.

    python -m tests.random_programs.shrink SEED [TARGET] [--release] [--seconds N]
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from tests.program_runner import Way, run_with
from tests.random_programs.chance import Chance
from tests.random_programs.program import single
from tests.reference.differences import as_clef
from tests.reference.reference import Compiler


def decisions(seed: int) -> list[int]:
    """What the program of a seed decided."""
    chance = Chance(seed)
    single(chance)
    return chance.taken


def shrunk(taken: list[int], fails: Callable[[str], bool], seconds: float) -> list[int]:
    """Leave decisions out, then make them smaller, as long as the program still fails."""
    deadline = time.monotonic() + seconds
    size = max(1, len(taken) // 2)
    while size and time.monotonic() < deadline:
        start = 0
        while start < len(taken) and time.monotonic() < deadline:
            for shorter in _simpler(taken, start, size):
                if _text(shorter) != _text(taken) and fails(_text(shorter)):
                    taken = shorter
                    break
            else:
                start += size
        size //= 2
    return taken


def _simpler(taken: list[int], start: int, size: int) -> list[list[int]]:
    before, after = taken[:start], taken[start + size :]
    zeros = [0] * len(taken[start : start + size])
    return [[*before, *after], [*before, *zeros, *after]]


def _text(taken: Sequence[int]) -> str:
    return single(Chance(0, taken))


def failing(compiler: Compiler, way: Way, folder: Path) -> Callable[[str], bool]:
    """Whether a program does something else than the reference; False if that rejects it."""

    def fails(source: str) -> bool:
        judgement = compiler.judge({"random.fs": source})
        if not judgement.ran:
            return False
        path = folder / "random.clef"
        path.write_text(source, encoding="utf-8")
        result = run_with(path, [], "", way)
        return result.exit_code != 0 or result.stdout != as_clef(source, judgement.stdout)

    return fails


def main(words: Sequence[str]) -> int:
    """The command: exit code 1 if the program does not fail."""
    parser = argparse.ArgumentParser(prog="python -m tests.random_programs.shrink")
    parser.add_argument("seed", type=int)
    parser.add_argument("target", nargs="?", default="")
    parser.add_argument("--release", action="store_true")
    parser.add_argument("--seconds", type=float, default=120.0)
    chosen = parser.parse_args(words)
    taken = decisions(chosen.seed)
    with Compiler() as compiler, tempfile.TemporaryDirectory() as folder:
        fails = failing(compiler, Way(chosen.target, chosen.release), Path(folder))
        if not fails(_text(taken)):
            print(f"the program of seed {chosen.seed} does what it should", file=sys.stderr)
            return 1
        print(_text(shrunk(taken, fails, chosen.seconds)))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
