"""Widths, tabs, windows, and characters that must not reach the terminal."""

from __future__ import annotations

import time

from hypothesis import given
from hypothesis import strategies as st

from clef.diagnostics.columns import ShownLine, printable, show_line, text_width


def show(text: str, available: int = 80, focus: int = 0, encoding: str = "utf-8") -> ShownLine:
    return show_line(text, available, focus, "…", encoding)


def test_wide_and_combining_characters() -> None:
    assert text_width("日本") == 4
    assert text_width("e\u0301") == 1
    line = show("日本 = e\u0301x")
    assert line.column(2) == 4
    assert line.column(7) == line.column(6) + 0 == 8


def test_tabs_go_to_the_next_stop() -> None:
    line = show("a\tb\t\tc")
    assert line.text == "a   b       c"
    assert [line.column(i) for i in range(6)] == [0, 1, 4, 5, 8, 12]


def test_control_characters_are_named() -> None:
    line = show("a\x1b[31mb\u202ec")
    assert line.text == "a<U+001B>[31mb<U+202E>c"
    assert printable("x\x07\ny") == "x<U+0007>\ny"


def test_what_the_encoding_lacks_is_named() -> None:
    line = show("é = 1", encoding="ascii")
    assert line.text == "<U+00E9> = 1"
    assert line.column(2) == 9


def test_a_long_line_shows_the_window_around_the_focus() -> None:
    text = "x" * 1000 + "FOCUS" + "y" * 1000
    line = show(text, 60, 1000)
    assert "FOCUS" in line.text
    assert line.text.startswith("…") and line.text.endswith("…")
    assert len(line.text) <= 60
    column = line.column(1000)
    assert line.text[column : column + 5] == "FOCUS"
    assert line.column(0) == 0
    assert line.column(2005) == line.width


def test_ten_megabytes_cost_nothing() -> None:
    text = "a" * 10_000_000
    start = time.perf_counter()
    show(text, 80, 5_000_000)
    assert time.perf_counter() - start < 0.1


@given(st.text(max_size=300), st.integers(20, 120), st.integers(0, 300))
def test_every_window_fits(text: str, available: int, focus: int) -> None:
    line = text.replace("\n", " ")
    shown = show(line, available, min(focus, len(line)))
    assert text_width(shown.text) <= available + 8
    assert all(a <= b for a, b in zip(shown.columns, shown.columns[1:], strict=False))
