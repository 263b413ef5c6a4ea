"""Programs with one mistake each: Clef finds fault with the lines that F# finds fault with.

In: `tests/errors/**/*.clef`, whose `//?` lines say what F# says (`tests.reference.accept_errors`
writes them). Promises: where F# gives errors, Clef gives some, and as many of them are not further
away than the next line (mistakes of syntax are told elsewhere); where F# only warns, Clef gives no
error.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from clef.diagnostics import Diagnostic, Severity
from clef.pipeline import Options, compile_project
from clef.project.loading import load, read_sources

ERRORS = Path(__file__).parent / "errors"
PROGRAMS = sorted(ERRORS.rglob("*.clef"))


def findings(path: Path) -> tuple[str, list[Diagnostic]]:
    """A program's text and all that Clef says about it."""
    loaded = load(str(path))
    assert loaded.project is not None
    sources, found = read_sources(loaded)
    options = Options(target=loaded.project.target, stop_after="plan")
    compilation = compile_project(loaded.project, options, texts=sources)
    text = path.read_text(encoding="utf-8")
    return text, [*loaded.diagnostics, *found, *compilation.diagnostics]


def stated(text: str) -> dict[str, set[int]]:
    """The lines of F#'s errors and of its warnings."""
    lines: dict[str, set[int]] = {"error": set(), "warning": set()}
    for line in text.splitlines():
        if line.startswith("//? "):
            number, _, rest = line.removeprefix("//? ").partition(": ")
            lines[rest.partition(" ")[0]].add(int(number))
    return lines


@pytest.mark.parametrize(
    "path", PROGRAMS, ids=[p.relative_to(ERRORS).with_suffix("").as_posix() for p in PROGRAMS]
)
def test_faults_are_found_where_fsharp_finds_them(path: Path) -> None:
    text, found = findings(path)
    expected = stated(text)
    errors = {text.count("\n", 0, f.span.start) + 1 for f in found if f.severity is Severity.ERROR}
    if expected["error"]:
        assert errors
        if "/syntax/" not in path.as_posix() and len(errors) == len(expected["error"]):
            pairs = zip(sorted(errors), sorted(expected["error"]), strict=True)
            assert max(abs(a - b) for a, b in pairs) <= 1
    else:
        assert not errors
