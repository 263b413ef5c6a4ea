"""The test programs that the compiler cannot do yet, in `tests/programs/not_yet.txt`.

In: the list, or with `python -m tests.not_yet [FOLDER …]` the programs. Out: a reason for each
program that fails, by its name or by `name @ way`; the command writes the list anew for the
programs that it ran. Promises: a program that passes is never in a list that was just written.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from tests.program_expectations import parse
from tests.program_runner import Way, difference, run_program

TESTS = Path(__file__).parent
PROGRAMS = TESTS / "programs"
CONFORMANCE = TESTS / "conformance"
LIST = PROGRAMS / "not_yet.txt"
HEAD = "# Programs that fail for now; `python -m tests.not_yet` writes this list anew.\n"


def paths() -> list[Path]:
    """All test programs, those of the conformance suite behind the others."""
    return [path for root in (PROGRAMS, CONFORMANCE) for path in sorted(root.rglob("*.clef"))]


def name_of(path: Path) -> str:
    """`folder/program`, or `conformance/folder/program`."""
    root = PROGRAMS if path.is_relative_to(PROGRAMS) else TESTS
    return path.relative_to(root).with_suffix("").as_posix()


def read() -> dict[str, str]:
    """Reasons by name, or by name and way."""
    if not LIST.exists():
        return {}
    lines = LIST.read_text(encoding="utf-8").splitlines()
    entries = [line.partition(": ") for line in lines if line and line[0] != "#"]
    return {name: reason for name, _, reason in entries}


def reason_for(known: dict[str, str], path: Path, way: Way) -> str | None:
    """Why this program cannot be expected to pass this way."""
    name = name_of(path)
    return known.get(name) or known.get(f"{name} @ {way.name}")


def problem_of(path: Path, way: Way) -> str | None:
    """What is wrong with a program run this way; a defect of the compiler is a problem, too."""
    _, expectation = parse(path.read_text(encoding="utf-8"))
    try:
        return difference(expectation, run_program(path, way))
    except Exception as error:
        return f"{type(error).__name__}: {error}"


def _short(problem: str) -> str:
    told = problem.replace(f"{TESTS.parent}/", "")
    lines = [line.strip() for line in told.splitlines() if line.strip()]
    shown = " | ".join(lines[:6]) if lines else "?"
    return shown[:300]


def _ways_failing(path: Path, ways: list[Way]) -> dict[str, str]:
    problems = {way: problem_of(path, way) for way in ways[:1]}
    if problems[ways[0]] is not None:
        return {name_of(path): _short(problems[ways[0]] or "")}
    problems |= {way: problem_of(path, way) for way in ways[1:]}
    return {
        f"{name_of(path)} @ {way.name}": _short(problem)
        for way, problem in problems.items()
        if problem is not None
    }


def main() -> int:
    """Write the list anew."""
    from tests.test_programs import ways_for

    folders = sys.argv[1:]
    reasons = read()
    chosen = [p for p in paths() if not folders or any(name_of(p).startswith(f) for f in folders)]
    start = time.perf_counter()
    for path in chosen:
        name = name_of(path)
        reasons = {key: why for key, why in reasons.items() if key.partition(" @ ")[0] != name}
        found = _ways_failing(path, ways_for(path))
        reasons |= found
        verdict = "; ".join(f"{key}: {why}" for key, why in found.items()) or f"{name}: passes"
        print(f"{time.perf_counter() - start:6.0f} s  {verdict}", flush=True)
    known = {name_of(path) for path in paths()}
    kept = {key: why for key, why in reasons.items() if key.partition(" @ ")[0] in known}
    lines = "".join(f"{key}: {why}\n" for key, why in sorted(kept.items()))
    LIST.write_text(HEAD + lines if lines else HEAD, encoding="utf-8")
    print(f"{len(chosen)} programs, {len(kept)} entries")
    return 0


if __name__ == "__main__":
    sys.exit(main())
