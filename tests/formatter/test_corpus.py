"""Formatting keeps every program of the repository: the same tree, the same comments, and nothing
changes when it is done twice.

`CLEF_WHOLE_CORPUS=1` looks at all programs, else at a sample that differs from commit to commit.
"""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest

from clef.formatter.formatting import format_text
from clef.formatter.settings import ALIGNED, STROUSTRUP, Settings
from clef.source import SourceFile
from clef.syntax.parser import parse_with_tokens
from tests.formatter.reading import ROOT, comments_of, programs, tree_of

ALL = programs("examples", "clef/library", "tests/programs", "tests/conformance")
SAMPLE = 60
KNOWN = {
    "clef/library/json/json_nodes.clef",
    "tests/conformance/spec/ch06_expressions.clef",
    "tests/conformance/spec/ch15_layout.clef",
    "tests/programs/units_of_measure/empty_instructions.clef",
    "tests/programs/layout/operators_after_closed_brackets.clef",
    "tests/programs/layout/type_arguments_over_lines.clef",
    "tests/programs/classes/ends.clef",
    "tests/programs/generics_and_inline/members_by_constraint.clef",
    "tests/programs/modules/nested.clef",
    "tests/programs/unions/one_bare_case.clef",
}
"""Programs with a declaration that keeps its own text: brackets that are closed left of a lambda's
body, `begin` and `end` around modules, members of an abbreviation, `>=` that ends type arguments
and begins a definition, `(# … #)`, `match` over statements, long parts of a constructor."""

OTHERS = [
    Settings(
        multiline_bracket_style=ALIGNED,
        indent_size=2,
        max_line_length=80,
        space_before_uppercase_invocation=True,
        space_before_colon=True,
        newline_before_multiline_computation_expression=False,
    ),
    Settings(
        multiline_bracket_style=STROUSTRUP,
        max_line_length=60,
        max_if_then_short_width=60,
        space_around_delimiter=False,
        bar_before_discriminated_union_declaration=True,
        multi_line_lambda_closing_newline=True,
        align_function_signature_to_indentation=True,
        blank_lines_around_nested_multiline_expressions=False,
        keep_max_number_of_blank_lines=1,
    ),
]


def sample(count: int) -> list[Path]:
    if os.environ.get("CLEF_WHOLE_CORPUS"):
        return ALL
    try:
        seed = (ROOT / ".git" / "HEAD").read_text() + str(len(ALL))
    except OSError:
        seed = str(len(ALL))
    return sorted(random.Random(seed).sample(ALL, count))


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", sample(SAMPLE), ids=name)
def test_formatting_keeps_a_program(path: Path) -> None:
    text = path.read_text("utf-8")
    formatted = format_text(text, path=str(path))
    assert not formatted.diagnostics
    assert tree_of(formatted.text) == tree_of(text)
    assert comments_of(formatted.text) == comments_of(text)
    assert format_text(formatted.text).text == formatted.text
    if name(path) not in KNOWN:
        assert not formatted.kept
        assert not formatted.unruled


@pytest.mark.parametrize("settings", OTHERS, ids=["aligned", "stroustrup"])
@pytest.mark.parametrize("path", sample(20), ids=name)
def test_other_settings_keep_a_program(path: Path, settings: Settings) -> None:
    text = path.read_text("utf-8")
    formatted = format_text(text, settings)
    assert tree_of(formatted.text) == tree_of(text)
    assert comments_of(formatted.text) == comments_of(text)
    assert format_text(formatted.text, settings).text == formatted.text


@pytest.mark.parametrize("path", sample(12), ids=name)
def test_comments_between_any_tokens_are_kept(path: Path) -> None:
    text = path.read_text("utf-8")
    _, tokens, _ = parse_with_tokens(SourceFile("a.clef", text), frozenset())
    random_ = random.Random(len(text))
    places = sorted(random_.sample(range(len(tokens.kinds)), min(6, len(tokens.kinds))))
    for place in places:
        start = tokens.starts[place]
        line_end = text.find("\n", start)
        for changed in (
            text[:start] + "(* here *) " + text[start:],
            text[:line_end] + " // here" + text[line_end:],
        ):
            try:
                before = tree_of(changed)
            except AssertionError:
                continue  # the comment moved something out of its column
            formatted = format_text(changed)
            assert tree_of(formatted.text) == before
            assert comments_of(formatted.text) == comments_of(changed)
            assert format_text(formatted.text).text == formatted.text
