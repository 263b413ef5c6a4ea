"""Every case under `tests/snapshots/cases` still gives what was accepted.

`CLEF_ACCEPT=1 ./run-tests tests/snapshots` writes what the stages give now; look at the difference
before you commit it.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.snapshots.snapshot import parse, render, run

CASES = sorted((Path(__file__).parent / "cases").glob("*.md"))


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_snapshot(path: Path) -> None:
    """The stages give what was accepted."""
    accepted = path.read_text(encoding="utf-8")
    now = render(run(parse(accepted)))
    if os.environ.get("CLEF_ACCEPT"):
        path.write_text(now, encoding="utf-8")
    else:
        assert now == accepted
