"""Caches of tests' own.

In: an empty folder. Out: `CLEF_CACHE` says it. Promises: the standard library, which takes long to
check, is there if it was in the user's cache; nothing else is.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from clef.standard_library import library_key
from clef.toolchain.cache import cache_folder


def use_own_cache(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the compiler keep everything in this folder, until `cache_folder.cache_clear()`."""
    unit = Path("library", f"{library_key()}.unit")
    known = cache_folder() / unit
    if known.exists():
        (folder / unit).parent.mkdir(parents=True)
        os.link(known, folder / unit)
    monkeypatch.setenv("CLEF_CACHE", str(folder))
    cache_folder.cache_clear()
