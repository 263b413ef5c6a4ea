"""The checkers of the stages have nothing to complain about.

In: a quarter of the programs, always the same; with `CLEF_ALL_TARGETS=1` all of them. Out: no
complaint of any stage up to the memory plan.
"""

from __future__ import annotations

import os
from pathlib import Path
from zlib import crc32

import pytest

from clef.pipeline import Options, compile_project
from clef.project.loading import load, read_sources
from tests.not_yet import name_of, paths


def _checked() -> list[Path]:
    if os.environ.get("CLEF_ALL_TARGETS"):
        return list(paths())
    return [path for path in paths() if crc32(name_of(path).encode()) % 4 == 1]


@pytest.mark.parametrize("path", _checked(), ids=name_of)
def test_the_checkers_agree(path: Path) -> None:
    loaded = load(str(path))
    assert loaded.project is not None
    sources, _ = read_sources(loaded)
    options = Options(target=loaded.project.target, stop_after="plan", check_stages=True)
    compiled = compile_project(loaded.project, options, texts=sources)
    assert not compiled.failed
