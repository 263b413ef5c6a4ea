"""Every form of declaration, type and member: the sources of `declarations.trees` with their
printed trees.

To accept what the parser makes of them now: `CLEF_ACCEPT=1 pytest
tests/syntax/test_declarations.py`.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from clef.syntax.printer import print_tree
from tests.syntax.reading import read

FILE = Path(__file__).with_name("declarations.trees")
CASES = [tuple(case.split("\n===\n", 1)) for case in FILE.read_text().split("---\n")]


@pytest.mark.parametrize(("source", "expected"), CASES, ids=[source for source, _ in CASES])
def test_form(source: str, expected: str) -> None:
    file, diagnostics = read(source)
    assert diagnostics == []
    if not os.environ.get("CLEF_ACCEPT"):
        assert print_tree(file) == expected


@pytest.mark.skipif(not os.environ.get("CLEF_ACCEPT"), reason="only to accept new trees")
def test_accept() -> None:
    FILE.write_text(
        "---\n".join(f"{source}\n===\n{print_tree(read(source)[0])}" for source, _ in CASES)
    )
