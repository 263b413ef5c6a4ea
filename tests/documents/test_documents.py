"""Every program and every terminal session in the documents does what the page says.

In: the pages of `docs`. Out: one test for each program, and one for the sessions of each page.
Promises: a program without expected output or an expected mistake is a failure, unless the page
says why it is not run.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.documents.blocks import PAGES, Block, blocks
from tests.documents.sessions import run_session
from tests.program_expectations import parse
from tests.program_runner import difference, run_program

ALL = [block for page in PAGES for block in blocks(page)]
PROGRAMS = [b for b in ALL if b.language == "fsharp" and not b.not_run and not b.file]
WITH_SESSIONS = [p for p in PAGES if any(b.language == "console" for b in blocks(p))]
_MISTAKE = re.compile(r"^// (?:error|warning): ([EW]\d{4})$", re.M)


@pytest.mark.parametrize("block", PROGRAMS, ids=lambda block: block.name)
def test_program(block: Block, tmp_path: Path) -> None:
    """A program prints what its `//>` comments say, or has the mistake that it names."""
    program = tmp_path / "program.clef"
    program.write_text(block.text, encoding="utf-8")
    mistakes = _MISTAKE.findall(block.text)
    if mistakes:
        assert _mistakes(program) == mistakes
        return
    _, expectation = parse(block.text)
    assert expectation.stdout, "no expected output"
    problem = difference(expectation, run_program(program))
    assert problem is None, problem


def _mistakes(program: Path) -> list[str]:
    command = [sys.executable, "-m", "clef", "check", "--message-format", "short", str(program)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=100)
    return re.findall(r": ([EW]\d{4}): ", done.stderr)


@pytest.mark.parametrize("page", WITH_SESSIONS, ids=lambda page: page.name)
def test_sessions(page: Path, tmp_path: Path) -> None:
    """The commands of a page, in their order, write what the page shows."""
    for block in blocks(page):
        if block.file:
            target = tmp_path / block.file
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(block.text, encoding="utf-8")
        elif block.language == "console" and not block.not_run:
            problem = run_session(block.text, tmp_path)
            assert problem is None, f"{block.name}: {problem}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links(page: Path) -> None:
    """Links between the documents lead somewhere."""
    text = page.read_text(encoding="utf-8")
    for target in re.findall(r"\]\((?!https?:|#)([^)#\s]+)[^)]*\)", text):
        assert (page.parent / target).exists(), f"{page.name}: {target}"
