"""The sources that mutations start from.

In: the test programs, the programs with mistakes, the examples, the style samples. Out: their texts
without expectations, in a fixed order, and pieces of them. Promises: the same checkout gives the
same corpus.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from random import Random

from tests.program_expectations import parse

TESTS = Path(__file__).parent.parent
FOLDERS = (
    TESTS / "programs",
    TESTS / "conformance",
    TESTS / "errors",
    TESTS / "syntax" / "styles",
    TESTS.parent / "examples",
)
LONGEST = 40


@cache
def texts() -> tuple[str, ...]:
    """Every text of the corpus."""
    paths = sorted(
        path
        for folder in FOLDERS
        for suffix in ("clef", "fs")
        for path in folder.rglob(f"*.{suffix}")
    )
    return tuple(parse(path.read_text(encoding="utf-8"))[0] for path in paths)


def _paragraphs(text: str) -> list[str]:
    """The declarations: a line that begins at the margin begins a new one."""
    found: list[list[str]] = []
    for line in text.splitlines(keepends=True):
        if not found or (
            line[0].isalnum() and not line.startswith(("and ", "else", "elif", "with"))
        ):
            found.append([])
        found[-1].append(line)
    return ["".join(lines) for lines in found]


@cache
def paragraphs(number: int) -> tuple[str, ...]:
    """The declarations of one text."""
    return tuple(_paragraphs(texts()[number]))


def piece(random: Random) -> str:
    """Some declarations in a row: the beginning of a text more often than its middle, because the
    names in it have a meaning."""
    declarations = paragraphs(random.randrange(len(texts())))
    start = 0 if random.random() < 0.7 else random.randrange(len(declarations))
    taken: list[str] = []
    lines = 0
    for declaration in declarations[start:]:
        taken.append(declaration)
        lines += declaration.count("\n")
        if lines > LONGEST:
            break
    return "".join(taken)
