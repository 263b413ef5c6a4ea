"""Settings, line ends, mistakes and selections."""

from __future__ import annotations

import pytest

from clef.formatter import formatting
from clef.formatter.declarations import Declarations
from clef.formatter.document import Document, Text
from clef.formatter.formatting import format_text
from clef.formatter.selection import applied, format_range, whole_file_edits
from clef.formatter.settings import DEFAULTS, NO_LIMIT, Settings, read_settings
from clef.syntax import tree


def test_text_with_mistakes_is_left_alone() -> None:
    text = "let x=1\nlet y = (\nlet z=2\n"
    formatted = format_text(text)
    assert formatted.text == text
    assert formatted.diagnostics


@pytest.mark.parametrize(
    "text", ["", "\n\n", "// only a comment\n", "#!/usr/bin/env clef\nlet x = 1\n"]
)
def test_small_files(text: str) -> None:
    assert format_text(text).text == text.strip("\n") + ("\n" if text.strip() else "")


def test_line_ends() -> None:
    assert format_text("let x=1\r\nlet y=2\r\n").text == "let x = 1\r\nlet y = 2\r\n"
    lf = Settings(end_of_line="lf")
    assert format_text("let x=1\r\n", lf).text == "let x = 1\n"
    assert format_text("let x=1\n", Settings(end_of_line="crlf")).text == "let x = 1\r\n"
    assert format_text("let x=1\n", Settings(insert_final_newline=False)).text == "let x = 1"
    assert format_text("\ufefflet x=1\n").text == "\ufefflet x = 1\n"


def test_blank_lines_up_to_a_number() -> None:
    text = "let x = 1\n\n\n\n\nlet y = 2\n"
    assert format_text(text).text == text
    settings = Settings(keep_max_number_of_blank_lines=2)
    assert format_text(text, settings).text == "let x = 1\n\n\nlet y = 2\n"


def test_a_rule_that_would_change_the_program_costs_one_declaration(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The safety net: a rule that writes something else is caught, and only there."""

    def wrong(self: Declarations, node: tree.If) -> Document:
        self.until(node.span.end)
        return Text("wrong")

    monkeypatch.setattr(Declarations, "conditional", wrong)
    text = (
        "module M\nlet a=1\nlet b=  if x then 1 else 2\n"
        "module N =\n  let c=3\n  let d=   if x then 1 else 2\n"
    )
    formatted = format_text(text)
    assert "let a = 1" in formatted.text
    assert "let b=  if x then 1 else 2" in formatted.text
    assert "    let c = 3" in formatted.text
    assert "    let d=   if x then 1 else 2" in formatted.text
    assert len(formatted.kept) == 2


def test_a_rule_that_loses_a_comment_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong(self: Declarations, node: tree.If) -> Document:
        self.until(node.span.end)
        return Text("if x then 1 else 2")

    monkeypatch.setattr(Declarations, "conditional", wrong)
    text = "let a=1\nlet b=  if x then (* why *) 1 else 2\n"
    assert format_text(text).text == "let a = 1\nlet b=  if x then (* why *) 1 else 2\n"


def test_a_rule_that_writes_nonsense_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong(self: Declarations, node: tree.If) -> Document:
        self.until(node.span.end)
        return Text("( (")

    monkeypatch.setattr(Declarations, "conditional", wrong)
    text = "let a=1\nlet b=  if x then 1 else 2\nlet c=3\n"
    assert format_text(text).text == "let a = 1\nlet b=  if x then 1 else 2\nlet c = 3\n"
    assert formatting.format_text(text).kept == [8]


def test_settings_are_read() -> None:
    settings, complaints = read_settings(
        {
            "indent_size": "2",
            "max_line_length": "off",
            "fsharp_space_before_colon": "True",
            "fsharp_multiline_bracket_style": "Aligned",
            "fsharp_max_record_width": "unset",
            "charset": "utf-8",
            "fsharp_experimental_elmish": "true",
        }
    )
    assert complaints == []
    assert settings == Settings(
        2, NO_LIMIT, space_before_colon=True, multiline_bracket_style="aligned"
    )


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("indent_size", "0"),
        ("indent_size", "many"),
        ("max_line_length", "20"),
        ("fsharp_space_before_colon", "maybe"),
        ("fsharp_multiline_bracket_style", "round"),
        ("fsharp_no_such_key", "1"),
    ],
)
def test_settings_that_are_not_understood(key: str, value: str) -> None:
    settings, complaints = read_settings({key: value})
    assert settings == DEFAULTS
    assert len(complaints) == 1
    assert key in complaints[0]


TEXT = """\
module M
let a=1
module N =
    let b=2
    // about c
    let c=3
let d=4
"""


@pytest.mark.parametrize("word", ["a", "b", "c", "d"])
def test_a_selection_changes_one_declaration(word: str) -> None:
    start = TEXT.index(f"let {word}=")
    edits = format_range(TEXT, start + 2, start + 4, DEFAULTS)
    assert applied(TEXT, edits) == TEXT.replace(f"let {word}=", f"let {word} = ")


def test_a_selection_of_a_module_that_moves_takes_all_of_it() -> None:
    text = "let z=0\nmodule N =\n  let b=2\n  let c=3\n"
    start = text.index("let b")
    edits = format_range(text, start, start, DEFAULTS)
    assert applied(text, edits) == "let z=0\nmodule N =\n    let b = 2\n    let c = 3\n"


def test_a_selection_with_windows_line_ends() -> None:
    text = TEXT.replace("\n", "\r\n")
    start = text.index("let b")
    edits = format_range(text, start, start, DEFAULTS)
    assert applied(text, edits) == text.replace("let b=", "let b = ")


def test_edits_of_a_file_are_as_small_as_its_lines() -> None:
    text = "let a = 1\nlet b=2\nlet c = 3\n"
    edits = whole_file_edits(text, format_text(text).text)
    assert [(edit.start, edit.end, edit.text) for edit in edits] == [(10, 18, "let b = 2\n")]
    assert applied(text, edits) == format_text(text).text
    assert whole_file_edits(text, text) == []
