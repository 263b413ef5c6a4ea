"""An empty folder to work in, and a cache of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from clef.toolchain.cache import cache_folder
from tests.caches import use_own_cache


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The present folder for one test."""
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    use_own_cache(tmp_path / "cache", monkeypatch)
    for name in ("NO_COLOR", "FORCE_COLOR", "CLICOLOR_FORCE", "CLEF_LOG"):
        monkeypatch.delenv(name, raising=False)
    yield work
    cache_folder.cache_clear()
