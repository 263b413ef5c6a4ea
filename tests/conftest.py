"""What pytest is told for all tests: the markers."""

from __future__ import annotations

import pytest


def pytest_configure(config: pytest.Config) -> None:
    """Register the markers."""
    config.addinivalue_line("markers", "reference: needs the published F# compiler")
