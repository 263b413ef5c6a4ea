"""The ways out of a function share what they give up.

In: a list literal whose parts may raise. Out: how many drops stand on the exceptional paths.
Promises: they grow with the parts, not with their square.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from clef.pipeline import Options
from clef.toolchain.target import native_name
from tests.memory_plan.findings import compiled


def _cold_drops(parts: int, folder: Path, monkeypatch: pytest.MonkeyPatch) -> int:
    program = (
        "let part n = if n < 0 then failwith (string n) else [ n ]\n"
        f"let all = [ {'; '.join(f'part {n}' for n in range(parts))} ]\n"
        'printfn "%d" all.Length\n'
    )
    options = Options(native_name(), stop_after="mlir", prints=(("mlir", ""),))
    made = compiled(program, folder, monkeypatch, options)
    assert not made.failed
    ((_, text),) = made.printed
    return text.count("@clef_drop_cold(")


def test_parts_that_may_raise(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    few, many = (_cold_drops(parts, tmp_path, monkeypatch) for parts in (100, 200))
    assert many < 2.5 * few
