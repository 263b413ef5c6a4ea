"""The address sanitizer finds accesses outside of blocks, and nothing in good programs.

In: programs that go wrong through raw pointers, and a sample of the test programs. Out: a test for
each. Promises: skipped, with the reason, where the system's C compiler has no sanitizer.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from clef.toolchain.tool import address_sanitizer
from tests.not_yet import name_of, paths
from tests.program_expectations import parse
from tests.program_runner import Result, Way, difference, run_program

SAMPLE = (
    "algorithms/huffman",
    "arrays/functions",
    "classes/inheritance",
    "closures/counters",
    "exceptions/finally",
    "maps/basics",
    "sequences/laziness",
    "strings/basics",
)
BY_NAME = {name_of(path): path for path in paths()}
FINDING_CODE = 99

pytestmark = pytest.mark.skipif(
    not address_sanitizer().found, reason="no libasan (apt-get install gcc)"
)

WRONG = {
    "stack-buffer-overflow": """
let outside () =
    let block = NativePtr.stackalloc<int> 4
    NativePtr.set block 5 1
    NativePtr.get block 0
printfn "%d" (outside ())
""",
    "heap-buffer-overflow": """
let numbers = Array.init (int (System.Math.Sqrt 16.0)) id
let beyond () =
    use pointer = fixed numbers
    NativePtr.get pointer 6
printfn "%d" (beyond ())
""",
    "heap-use-after-free": """
let dangling () =
    let numbers = Array.init (int (System.Math.Sqrt 16.0)) id
    use pointer = fixed numbers
    NativePtr.toNativeInt pointer
let address = dangling ()
printfn "%d" (NativePtr.get (NativePtr.ofNativeInt<int> address) 1)
""",
}


def _run(folder: Path, text: str, release: bool = False) -> Result:
    path = folder / "program.clef"
    path.write_text('#nowarn "9"\nopen FSharp.NativeInterop\n' + text)
    return run_program(path, Way(release=release, sanitize="address"))


@pytest.mark.parametrize("finding", WRONG)
def test_findings(finding: str, tmp_path: Path) -> None:
    """The kind of the mistake and the line of the program are said."""
    result = _run(tmp_path, WRONG[finding])
    assert result.exit_code == FINDING_CODE, result
    assert finding in result.stderr
    assert "program.clef:" in result.stderr


@pytest.mark.parametrize("name", [name for name in SAMPLE if name in BY_NAME])
@pytest.mark.parametrize("release", [False, True], ids=["debug", "release"])
def test_good_programs(name: str, release: bool) -> None:
    """The program does the same as ever."""
    path = BY_NAME[name]
    result = run_program(path, Way(release=release, sanitize="address"))
    _, expectation = parse(path.read_text(encoding="utf-8"))
    problem = difference(expectation, result)
    assert problem is None, f"{problem}\n{result.stderr[-3000:]}"
