"""Programs one after the other in one process: each means what it means by itself.

In: small texts, and one in thirty of the test programs. Out: what they print and their exit codes.
Promises: each runs in a fork of this process, so that its end is only its own.
"""

from __future__ import annotations

import os
import platform
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

import pytest

import clef.session
from clef.backends.object_file import NotLinkable
from clef.session import Session, Snippet
from tests.not_yet import paths, read, reason_for
from tests.program_expectations import parse
from tests.program_runner import Way

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="forks and loads Linux programs")
# A session links in memory, where there are no C libraries.
SAMPLE = [path for path in paths() if path.parent.name != "foreign_functions"][::30]
SQUARES = """
type Shape = { Side: int }
let area shape = shape.Side * shape.Side
printfn "%d %A" (area { Side = 3 }) { Side = 3 }
"""
RECTANGLES = """
type Shape = { Name: string; Height: int; Width: int }
let area shape = shape.Height * shape.Width
printfn "%d %A" (area { Name = "a"; Height = 3; Width = 4 }) [ "a"; "b" ]
"""


@pytest.fixture(scope="module")
def session() -> Session:
    return Session(count_cells=True)


def outcome(
    snippet: Snippet, arguments: Sequence[str] = (), stdin: str = ""
) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of a run in a child process."""
    assert snippet.code is not None, snippet.diagnostics
    with ExitStack() as stack:
        files = [stack.enter_context(tempfile.TemporaryFile()) for _ in range(3)]
        files[0].write(stdin.encode())
        files[0].seek(0)
        child = os.fork()
        if child == 0:
            for number, file in enumerate(files):
                os.dup2(file.fileno(), number)
            os._exit(snippet.run(arguments))
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        for file in files:
            file.seek(0)
        output, errors = (file.read().decode("utf-8", "replace") for file in files[1:])
        return code, output, errors


def test_programs_do_not_know_of_each_other(session: Session) -> None:
    """The same names for other things, several times in turn."""
    for _ in range(2):
        assert outcome(session.compile(SQUARES)) == (0, "9 { Side = 3 }\n", "")
        assert outcome(session.compile(RECTANGLES)) == (0, '12 ["a"; "b"]\n', "")


def test_what_is_known_is_not_compiled_again(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    if platform.machine() != "x86_64":
        pytest.skip("only linked in memory on x86-64")
    session.compile('printfn "%d" 1')
    texts: list[str] = []
    original = clef.backends.piecewise.partial_module  # type: ignore[attr-defined]

    def spy(whole: object, names: Sequence[str]) -> str:
        texts.extend(names)
        return original(whole, names)

    monkeypatch.setattr("clef.backends.piecewise.partial_module", spy)
    assert outcome(session.compile('printfn "%d" 2'))[1] == "2\n"
    assert 0 < len(texts) < 5, texts


def test_errors_leave_the_session_usable(session: Session) -> None:
    wrong = session.compile('let n: int = "text"')
    assert wrong.code is None and [found.code for found in wrong.diagnostics]
    foreign = session.compile('[<System.Runtime.InteropServices.DllImport("m")>]\n'
                              "extern double cbrt(double x)\n"
                              'printfn "%f" (cbrt 8.0)')  # fmt: skip
    assert foreign.code is None and foreign.diagnostics[0].code == "E0906"
    assert outcome(session.compile('printfn "%s" "right"'))[1] == "right\n"


def test_death_has_the_words_of_the_executable(session: Session) -> None:
    deep = 'let rec depth n = if n < 0 then 0 else 1 + depth (n + 1)\nprintfn "%d" (depth 1)'
    assert outcome(session.compile(deep)) == (134, "", "Stack overflow.\n")
    code, _, words = outcome(session.compile('failwith "no"', "place.clef"))
    assert code == 134 and "no\n" in words and "at place.clef:1" in words


def test_without_a_linker_in_memory(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    """Other machines, and rare routines: the system's loader does it."""

    def refuse(*_: object) -> None:
        raise NotLinkable("for the test")

    monkeypatch.setattr(clef.session, "link_in_memory", refuse)
    assert outcome(session.compile(SQUARES))[:2] == (0, "9 { Side = 3 }\n")


@pytest.mark.parametrize("path", SAMPLE, ids=lambda path: path.stem)
def test_programs(session: Session, path: Path) -> None:
    """The test programs, all in one session."""
    if reason_for(read(), path, Way(count_cells=True)):
        pytest.skip("known to fail")
    text = path.read_text(encoding="utf-8")
    _, expected = parse(text)
    snippet = session.compile(text, str(path))
    code, output, errors = outcome(snippet, expected.arguments, expected.stdin)
    assert code == expected.exit_code, errors
    assert not expected.has_output_lines or output == expected.stdout
    assert all(part in errors for part in expected.stderr_parts)
