"""What pytest is told for all tests: the markers, and which tests are known to fail.

In: `tests/known_failures.txt`, one pattern of test names a line and, after `#`, the reason. Out:
those
tests are expected failures; all others must pass. Promises: the list is the only place for that, so
what does not work yet can be read in one file. `CLEF_STRICT=1` ignores it.
"""

from __future__ import annotations

import gc
import importlib
import os
from fnmatch import fnmatchcase
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# A loaded machine is slow: that says nothing about the code.
settings.register_profile("patient", suppress_health_check=[HealthCheck.too_slow], deadline=None)
settings.load_profile("patient")

# Frozen classes are guarded here, but not in the compilers that tests start.
os.environ["CLEF_GUARD_FROZEN"] = "1"
importlib.import_module("clef.data_classes")
del os.environ["CLEF_GUARD_FROZEN"]

# A compiler at work makes hundreds of thousands of objects, and nearly all end by themselves: with
# Python's threshold of 700, a sixth of the time of all tests goes into looking for others.
gc.set_threshold(1_000_000, 5, 5)

LIST = Path(__file__).parent / "known_failures.txt"


def pytest_configure(config: pytest.Config) -> None:
    """Register the markers."""
    config.addinivalue_line("markers", "reference: needs the published F# compiler")


def known_failures() -> list[tuple[str, str]]:
    """Patterns and reasons; brackets in test names stand for themselves."""
    found: list[tuple[str, str]] = []
    for line in LIST.read_text(encoding="utf-8").splitlines():
        pattern, _, reason = line.partition(" # ")
        if pattern.strip() and not pattern.startswith("#"):
            found.append((pattern.strip().replace("[", "[[]"), reason.strip()))
    return found


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests of the list."""
    if os.environ.get("CLEF_STRICT"):
        return
    known = known_failures()
    for item in items:
        for pattern, reason in known:
            if fnmatchcase(item.nodeid.split("@")[0], pattern):
                item.add_marker(pytest.mark.xfail(reason=reason or "known", strict=False))
