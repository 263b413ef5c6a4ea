"""What runs once stays apart from its caller where both would become one large function.

In: a program whose entry calls functions once. Out: which of them LLVM may not put into their
callers.
"""

from __future__ import annotations

import pytest

from clef.mlir import emission
from tests.core_programs import World, add_output, compile_to_text


def _kept_apart() -> bool:
    w = World()
    add_output(w)
    w.define("once", [("n", w.int)], w.int, lambda x: x.op("add", w.int, "n", 1))
    w.define("main", [], w.int, lambda x: x.call("once", x.atom(1), type=w.int))
    w.program.entry = "main"
    text = compile_to_text(w)
    (head,) = [line for line in text.splitlines() if "llvm.func" in line and "@once(" in line]
    return "no_inline" in head


@pytest.mark.parametrize(("limit", "apart"), [(0, True), (emission.LARGEST_ENTRY, False)])
def test_once(monkeypatch: pytest.MonkeyPatch, limit: int, apart: bool) -> None:
    monkeypatch.setattr(emission, "LARGEST_ENTRY", limit)
    assert _kept_apart() is apart
