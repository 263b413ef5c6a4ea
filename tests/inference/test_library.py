"""The library's own typed trees are sound."""

from __future__ import annotations

from clef.inference.checker import check_typed_file
from clef.inference.printer import print_definition, print_typed_file
from clef.inference.typed_tree import TypedFile
from clef.standard_library import Library
from tests.inference.conftest import Check


def test_the_library_has_no_errors(library: Library) -> None:
    assert [d.title() for d in library.unit.diagnostics if d.code[0] == "E"] == []


def test_the_librarys_trees_are_sound(library: Library) -> None:
    definitions = dict(library.unit.definitions)
    assert check_typed_file(TypedFile("", definitions, {}, [])) == []
    for definition in definitions.values():
        assert print_definition(definition)


def test_the_tree_as_text(infer: Check) -> None:
    checked = infer("let double x = not x")
    assert print_typed_file(checked.typed) == (
        "Test.double (x: bool) : bool =\n  apply Microsoft.FSharp.Core.Operators.not x\n"
    )
