"""valgrind finds nothing to complain about in a sample of the test programs.

In: programs of many kinds, built for debugging. Out: one test for each. Promises: skipped, with
the reason, where there is no valgrind; a read or write outside, a jump on nothing, or an invalid
system call is a failure.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.not_yet import name_of, paths, read, reason_for
from tests.program_expectations import parse
from tests.program_runner import Way, compiled, difference, messages, run_limited, store

SAMPLE = (
    "algorithms/binary_search_tree",
    "algorithms/expression_evaluator",
    "algorithms/huffman",
    "arrays/functions",
    "basics/hello",
    "classes/inheritance",
    "closures/counters",
    "exceptions/finally",
    "formatting/percent_a_structures",
    "generics_and_inline/generic_algorithms",
    "lists/sorting",
    "maps/basics",
    "records/basics",
    "recursion_and_tail_calls/state_machines",
    "sequences/laziness",
    "strings/basics",
    "unions/recursive_expression",
)
BY_NAME = {name_of(path): path for path in paths()}
ERROR = 97


def _sample() -> list[Path]:
    return [BY_NAME[name] for name in SAMPLE if name in BY_NAME]


@pytest.mark.parametrize("path", _sample(), ids=name_of)
def test_valgrind(path: Path, tmp_path: Path) -> None:
    """The program does the same under valgrind, and valgrind says nothing."""
    valgrind = shutil.which("valgrind")
    if valgrind is None:
        pytest.skip("valgrind is not installed (apt-get install valgrind)")
    way = Way()
    if reason_for(read(), path, way) is not None:
        pytest.skip("the program does not pass without valgrind yet")
    compilation = compiled(path, way)
    assert compilation is not None and not compilation.failed, messages(compilation)
    store(compilation, tmp_path / "program")
    _, expectation = parse(path.read_text(encoding="utf-8"))
    words = [valgrind, "-q", f"--error-exitcode={ERROR}", "--max-stackframe=2000000000"]
    command = [*words, str(tmp_path / "program"), *expectation.arguments]
    result = run_limited(command, expectation.stdin)
    assert result.exit_code != ERROR, result.stderr[-3000:]
    problem = difference(expectation, result)
    assert problem is None, problem
