"""What formatted text looks like, construct by construct: files in `styles` with a text, a line of
`=====>` and what becomes of it. `CLEF_ACCEPT=1` writes what becomes of it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from clef.formatter.formatting import format_text
from clef.formatter.settings import Settings, read_settings

STYLES = Path(__file__).parent / "styles"
ARROW = "=====>"


def settings_of(text: str) -> Settings:
    """The settings in the first line, `//# key = value; key = value`."""
    first = text.split("\n", 1)[0]
    if not first.startswith("//#"):
        return Settings()
    pairs = dict(part.split("=") for part in first[3:].split(";"))
    settings, complaints = read_settings({key.strip(): value for key, value in pairs.items()})
    assert not complaints
    return settings


@pytest.mark.parametrize("path", sorted(STYLES.glob("*.txt")), ids=lambda path: path.stem)
def test_style(path: Path) -> None:
    source, expected = path.read_text("utf-8").split(ARROW + "\n")
    formatted = format_text(source, settings_of(source))
    assert not formatted.diagnostics
    assert not formatted.kept
    assert not formatted.unruled
    if os.environ.get("CLEF_ACCEPT"):
        path.write_text(source + ARROW + "\n" + formatted.text, "utf-8")
    else:
        assert formatted.text == expected
    assert format_text(formatted.text, settings_of(source)).text == formatted.text
