"""Every diagnostic has a code, an explanation, and an example that yields exactly it."""

from __future__ import annotations

from pathlib import Path

import pytest

from clef.diagnostics import Diagnostic, Severity
from clef.diagnostics.catalogue import (
    FAMILIES,
    catalogue,
    example_files,
    explanation,
    find,
)
from clef.pipeline import Options, compile_project
from clef.project.loading import load, read_sources

KNOWN = list(catalogue().values())

IDS = [member.code for member in KNOWN]


@pytest.mark.parametrize("member", KNOWN, ids=IDS)
def test_the_code_fits_family_and_severity(member: type[Diagnostic]) -> None:
    family = member.__module__.removeprefix("clef.diagnostics.").partition(".")[0]
    assert len(member.code) == 5 and member.code[1:].isdecimal()
    assert member.code[1:3] == FAMILIES[family]
    letter = {Severity.ERROR: "E", Severity.WARNING: "W", Severity.NOTE: "N"}[member.severity]
    assert member.code[0] == letter


def test_a_number_is_used_once() -> None:
    numbers = [code[1:] for code in catalogue()]
    assert len(numbers) == len(set(numbers))


@pytest.mark.parametrize("member", KNOWN, ids=IDS)
def test_there_is_an_explanation(member: type[Diagnostic]) -> None:
    told = explanation(member)
    assert told.text, "the docstring says nothing"
    assert told.example or told.situation, "neither `Example:` nor `Situation:`"
    assert told.instead or told.situation, "no `Instead:`"
    assert "illegal" not in told.text.lower()


def codes_of(program: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> set[str] | None:
    """The codes that an example yields; `None` if this version lacks a stage that it needs."""
    files = example_files(program)
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    monkeypatch.chdir(folder)
    project = next((name for name in files if name.endswith("proj")), None)
    loaded = load(project or next(iter(files)))
    if loaded.project is None:
        return {finding.code for finding in loaded.diagnostics}
    sources, found = read_sources(loaded)
    options = Options(target=loaded.project.target, stop_after="plan")
    compilation = compile_project(loaded.project, options, texts=sources)
    findings = [*loaded.diagnostics, *found, *compilation.diagnostics]
    if compilation.unavailable and not compilation.failed:
        return {finding.code for finding in findings} or None
    return {finding.code for finding in findings}


EXAMPLES = [member for member in KNOWN if explanation(member).example]


@pytest.mark.parametrize("member", EXAMPLES, ids=[member.code for member in EXAMPLES])
def test_the_example_yields_exactly_this_code(
    member: type[Diagnostic], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    codes = codes_of(explanation(member).example, tmp_path, monkeypatch)
    if codes is None:
        pytest.skip("needs a stage that this version does not have")
    assert codes == {member.code}


@pytest.mark.parametrize("member", EXAMPLES, ids=[member.code for member in EXAMPLES])
def test_the_mended_example_yields_nothing(
    member: type[Diagnostic], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    codes = codes_of(explanation(member).instead, tmp_path, monkeypatch)
    if codes is None:
        pytest.skip("needs a stage that this version does not have")
    assert codes == set()


def test_codes_are_found_however_they_are_written() -> None:
    assert find("e0806") is find("0806") is find(" E0806 ") is catalogue()["E0806"]
    assert find("0808") is catalogue()["W0808"]
    assert find("E9999") is None


def test_an_example_may_have_several_files() -> None:
    text = "--- a.fidproj\nx = 1\n--- b/main.clef\n\nlet y = 2"
    assert example_files(text) == {"a.fidproj": "x = 1\n", "b/main.clef": "let y = 2\n"}
    assert example_files("let x = 1") == {"example.clef": "let x = 1\n"}
