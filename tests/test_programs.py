"""Every program does what its comments say, and leaves no heap cell behind.

In: the programs of `tests/programs` and `tests/conformance` and their expectations. Out: one test
for each and for each way to build it: on this machine with cells counted; a sixteenth of them, and
with `CLEF_ALL_TARGETS=1` all, also optimised and on the other targets. Promises: a program
without any expectation is itself a failure, and so is one that passes although `not_yet.txt` says
that it cannot.
"""

from __future__ import annotations

import os
from pathlib import Path
from zlib import crc32

import pytest

from tests.not_yet import name_of, paths, problem_of, read, reason_for
from tests.program_expectations import parse
from tests.program_runner import Way

OTHERS = ("aarch64-linux", "riscv64-linux", "wasm32-wasi")
KNOWN = read()


def ways_for(path: Path) -> list[Way]:
    """The ways for one program: always the same."""
    number = crc32(name_of(path).encode())
    counts = not parse(path.read_text(encoding="utf-8"))[1].leaves_cells
    ways = [Way(count_cells=counts)]
    everything = bool(os.environ.get("CLEF_ALL_TARGETS"))
    if everything or number % 16 == 0:
        ways.append(Way(release=True))
    if (everything or number % 16 == 0) and _runs_everywhere(path):
        ways += [Way(target, count_cells=counts) for target in OTHERS]
    return ways


def _runs_everywhere(path: Path) -> bool:
    return parse(path.read_text(encoding="utf-8"))[1].native_only is None


def _tests() -> list[object]:
    tests: list[object] = []
    for path in paths():
        for way in ways_for(path):
            reason = reason_for(KNOWN, path, way)
            marks = [pytest.mark.xdist_group(name_of(path))]
            if reason is not None:
                marks.append(pytest.mark.xfail(reason=reason, strict=True))
            name = f"{name_of(path)} {way.name}"
            tests.append(pytest.param(path, way, id=name, marks=marks))
    return tests


@pytest.mark.parametrize(("path", "way"), _tests())
def test_program(path: Path, way: Way) -> None:
    """The program prints and ends as stated."""
    _, expectation = parse(path.read_text(encoding="utf-8"))
    assert expectation.has_output_lines or expectation.stderr_parts, "no expectation is stated"
    problem = problem_of(path, way)
    assert problem is None, problem
