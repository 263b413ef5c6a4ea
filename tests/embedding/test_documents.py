"""The Python sessions in the documents do what the pages say.

In: the pages of `docs` with `python` blocks that are sessions. Out: a test for each. Promises: what
a session prints is compared letter by letter; the files of the page are there. (Its commands are
run by `tests/documents`.)
"""

from __future__ import annotations

import doctest
from pathlib import Path

import pytest

from tests.documents.blocks import PAGES, blocks

WITH_PYTHON = [p for p in PAGES if any(b.text.startswith(">>> ") for b in blocks(p))]


def test_there_are_pages() -> None:
    assert {page.name for page in WITH_PYTHON} >= {"python.md"}


@pytest.mark.parametrize("page", WITH_PYTHON, ids=lambda page: page.name)
def test_sessions(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    runner = doctest.DocTestRunner()
    names: dict[str, object] = {}
    for block in blocks(page):
        if block.file:
            (tmp_path / block.file).write_text(block.text)
        if block.language != "python" or not block.text.startswith(">>> "):
            continue
        parser = doctest.DocTestParser()
        test = parser.get_doctest(block.text, names, page.name, str(page), block.line)
        told: list[str] = []
        runner.run(test, out=told.append, clear_globs=False)
        names.update(test.globs)
        assert not told, "".join(told)
