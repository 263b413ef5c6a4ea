"""The document about FSharp.Core says what is so."""

from __future__ import annotations

from tests.conformance.coverage import DOCUMENT, parts, render


def test_the_document_is_up_to_date() -> None:
    """`python -m tests.conformance.coverage` would change nothing."""
    assert DOCUMENT.read_text(encoding="utf-8") == render()


def test_the_collections_are_complete() -> None:
    """No function of the collection modules is missing."""
    names = ("List", "Array", "Seq", "Map", "Set", "Option", "ValueOption", "Result", "String")
    modules = [part for part in parts() if part.kind == "module"]
    complete = {part.path.rpartition(".")[2]: part.missing for part in modules}
    assert {name: complete[name] for name in names} == {name: [] for name in names}
