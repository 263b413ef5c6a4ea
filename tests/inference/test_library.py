"""The library's own typed trees are sound."""

from __future__ import annotations

import os

from clef.inference.checker import check_typed_file
from clef.inference.printer import print_definition, print_typed_file
from clef.inference.typed_tree import TypedFile
from clef.standard_library import Library, library_key, load
from clef.toolchain.cache import cache_folder
from clef.toolchain.telemetry import Silent
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


def test_a_library_in_use_stays_in_the_cache() -> None:
    load(Silent())
    kept = cache_folder() / "library" / f"{library_key()}.unit"
    os.utime(kept, (1, 1))
    load(Silent())
    assert kept.stat().st_mtime > 1, "using it did not renew its time"
