"""A pipeline for tests of the command line: it 'compiles' shell scripts.

The stages after reading are replaced by one that copies the text of the first source behind a
`#!/bin/sh` line, so that exit codes, caching and running can be tested without machine code.
"""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from clef import pipeline
from clef.diagnostics.diagnostic import Diagnostic
from clef.pipeline import Stage
from clef.source import SourceFile
from tests.diagnostics.findings import Finding, Remark

compiled: list[str] = []


def to_script(sources: Sequence[SourceFile]) -> tuple[bytes, list[Diagnostic]]:
    """The last source as a shell script; `ERROR` and `WARNING` in it are findings, `BUG` an
    exception.
    """
    text = "\n".join(source.text for source in sources)
    compiled.append(text)
    found: list[Diagnostic] = []
    for source in sources:
        for word, kind in (("ERROR", Finding), ("WARNING", Remark)):
            at = source.text.find(word)
            if at >= 0:
                found.append(
                    kind(source.span(at, at + len(word)), what=f"this says {word.lower()}")
                )
    if "BUG" in text:
        raise KeyError("a mistake of ours")
    if "DEEP" in text:
        raise RecursionError
    return b"#!/bin/sh\n" + text.encode(), found


def nothing(product: object) -> tuple[object, list[Diagnostic]]:
    """A stage that hands on what it gets."""
    return product, []


def print_script(product: bytes, only: str) -> str:
    """The script, or one line of it."""
    lines = product.decode().splitlines()
    return "\n".join(line for line in lines if only in line)


HERE = "tests.command_line.stand_ins"

STAGES = (
    pipeline.STAGES[0],
    Stage(
        "script", f"{HERE}:to_script", ("sources",), "script", "a script", f"{HERE}:print_script"
    ),
    Stage("plan", f"{HERE}:nothing", ("script",), "plan", "nothing"),
    Stage("link", f"{HERE}:nothing", ("plan",), "executable", "nothing"),
)


@pytest.fixture
def shell(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Sources are shell scripts for one test; the list of texts that were compiled."""
    monkeypatch.setattr(pipeline, "STAGES", STAGES)
    monkeypatch.setattr(pipeline, "EMITS", {"tokens": ("script", ""), "mlir": ("plan", "")})
    compiled.clear()
    return compiled
