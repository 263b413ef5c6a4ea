"""Whole files in many manners of formatting parse without a diagnostic, and their trees are
sound."""

from __future__ import annotations

from pathlib import Path

import pytest

from clef.syntax.printer import print_tree
from tests.syntax.reading import read

FILES = sorted(Path(__file__).with_name("styles").iterdir())


@pytest.mark.parametrize("path", FILES, ids=[path.name for path in FILES])
def test_style(path: Path) -> None:
    file, diagnostics = read(path.read_text())
    assert [diagnostic.title() for diagnostic in diagnostics] == []
    assert "ErrorExpression" not in print_tree(file)


@pytest.mark.parametrize("path", FILES, ids=[path.name for path in FILES])
def test_line_ends_do_not_matter(path: Path) -> None:
    text = path.read_text()
    if '"""' in text or "\\\n" in text:
        pytest.skip("strings keep their line ends")
    plain, _ = read(text)
    other, diagnostics = read(text.replace("\n", "\r\n"))
    assert diagnostics == []
    assert print_tree(plain) == print_tree(other)


@pytest.mark.parametrize("path", FILES, ids=[path.name for path in FILES])
def test_comments_do_not_matter(path: Path) -> None:
    text = path.read_text()
    plain, _ = read(text)
    commented, diagnostics = read(text.replace("\n\n", "\n// less\n\n     (* more (* *) *)\n\n"))
    assert diagnostics == []
    if '"""' not in text:
        assert print_tree(plain) == print_tree(commented)
