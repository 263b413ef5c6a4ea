"""How many instructions the programs execute, and how many they may.

In: the programs, small; the counts in `instructions.json`. Out: a table, or new counts. Promises:
a count depends on the compiler and the program alone, not on what else the machine does; it is no
time, but a change that costs time nearly always costs instructions.

    python -m benchmarks.instructions [--program NAME …] [--write]
"""

from __future__ import annotations

import argparse
import json
import platform
import shutil
import sys
import tempfile
from pathlib import Path

from benchmarks.catalogue import PAUSES, PROGRAMS, Program
from benchmarks.comparison import build, instructions

RECORD = Path(__file__).with_name("instructions.json")
TOLERANCE = 0.02
COUNTED = {name: program for name, program in PROGRAMS.items() if program.section != PAUSES}
"""The programs whose work does not depend on the clock."""


def missing() -> str:
    """Why nothing can be counted here, or nothing."""
    if shutil.which("valgrind") is None:
        return "valgrind is not installed (apt-get install valgrind)"
    if platform.machine() != "x86_64":
        return "the recorded counts are those of x86-64"
    return ""


def count(program: Program, work: Path) -> int:
    """The instructions of a small run of the program, built as users do."""
    comparison = build(program, [], work, program.small)
    if comparison.problems:
        raise RuntimeError(comparison.problems[0])
    return instructions(comparison.clef.command)


def recorded() -> dict[str, int]:
    """The counts that were written down."""
    found: dict[str, int] = json.loads(RECORD.read_text(encoding="utf-8"))
    return found


def main(words: list[str]) -> int:
    """Run the command; see the module's text."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--program", action="append", choices=sorted(COUNTED), help="this alone")
    parser.add_argument("--write", action="store_true", help="record the counts")
    options = parser.parse_args(words)
    if problem := missing():
        print(problem)
        return 1
    before = recorded() if RECORD.exists() else {}
    found: dict[str, int] = {}
    with tempfile.TemporaryDirectory(prefix="clef-instructions-") as folder:
        for name in options.program or COUNTED:
            found[name] = count(COUNTED[name], Path(folder))
            print(_line(name, found[name], before.get(name)), flush=True)
    if options.write:
        merged = {name: {**before, **found}.get(name, 0) for name in COUNTED}
        RECORD.write_text(json.dumps(merged, indent=2) + "\n", encoding="utf-8")
    grown = [name for name, n in found.items() if n > before.get(name, n) * (1 + TOLERANCE)]
    return 1 if grown and not options.write else 0


def _line(name: str, now: int, before: int | None) -> str:
    change = f"{before:14,} {100 * (now / before - 1):+7.1f} %" if before else ""
    return f"{name:18}{now:14,}{change}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
