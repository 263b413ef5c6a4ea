"""What names mean, and what is said of names that mean nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass

import pytest

from clef.diagnostics import Diagnostic
from clef.names import Environment, ResolvedFile, resolve
from clef.names.entities import (
    CaseResolution,
    LocalResolution,
    TypeResolution,
    ValueResolution,
)
from clef.source import SourceFile
from clef.syntax import parse, tree

PRELUDE = """namespace Base
type Int = struct end
module Map =
    let add x y = x
module Hidden =
    let private secret = 1
    let shown = secret
"""


def _resolve(text: str, *earlier: str) -> tuple[ResolvedFile, list[Diagnostic]]:
    environment = Environment(auto_opened=["Base"])
    for number, part in enumerate([PRELUDE, *earlier]):
        file, problems = parse(SourceFile(f"part{number}.clef", part), frozenset())
        assert not problems
        resolve(file, environment)
    file, problems = parse(SourceFile("main.clef", text), frozenset())
    assert not problems
    return resolve(file, environment)


def _nodes(value: object) -> Iterator[object]:
    """Every node of a tree, outside in."""
    if isinstance(value, list):
        for item in value:
            yield from _nodes(item)
    elif isinstance(value, tree.File) or (is_dataclass(value) and hasattr(value, "span")):
        yield value
        for entry in fields(value):  # type: ignore[arg-type]
            if entry.name not in ("span", "resolution"):
                yield from _nodes(getattr(value, entry.name))


def _use(file: ResolvedFile, name: str) -> object:
    """The resolution of the last use of a name in an expression."""
    found = [
        node.resolution
        for node in _nodes(file.tree)
        if isinstance(node, tree.Identifier) and node.name.text == name
    ]
    return found[-1]


def _codes(found: list[Diagnostic]) -> list[str]:
    return [diagnostic.code for diagnostic in found]


def test_parameter_hides_a_module_value() -> None:
    """The nearest binding wins."""
    file, found = _resolve("let x = 1\nlet f x = x\n")
    assert not found
    assert isinstance(_use(file, "x"), LocalResolution)


def test_module_values_have_symbols() -> None:
    """A value's symbol is its path."""
    file, found = _resolve("module A.B\nlet x = 1\nmodule C =\n    let y = x\nlet z = C.y\n")
    assert not found
    resolution = _use(file, "C.y")
    assert isinstance(resolution, ValueResolution)
    assert resolution.entity.symbol == "A.B.C.y"


def test_case_named_like_a_module_does_not_hide_its_functions() -> None:
    """`Map.add` stays the function beside a case `Map`."""
    file, found = _resolve("type T = Map | Other\nlet a = Map\nlet b = Map.add 1 2\n")
    assert not found
    assert isinstance(_use(file, "Map"), CaseResolution)
    assert isinstance(_use(file, "Map.add"), ValueResolution)


def test_qualified_cases_and_static_members() -> None:
    """`Type.Case` is the case; `Type.Member` is left to inference after the type."""
    file, found = _resolve("type T = A | B\nlet a = T.A\nlet b = T.Create\n")
    assert not found
    assert isinstance(_use(file, "T.A"), CaseResolution)
    resolution = _use(file, "T.Create")
    assert isinstance(resolution, TypeResolution)
    assert resolution.parts == 1


def test_module_with_the_name_of_a_type_gets_a_suffix() -> None:
    """As in F#, so that symbols stay unique."""
    file, found = _resolve("type Point = { X: Int }\nmodule Point =\n    let zero = 0\n")
    assert not found
    assert [module.symbol for module in file.modules.values() if module.name == "Point"] == [
        "Main.PointModule"
    ]


def test_alternatives_share_their_variables() -> None:
    """Both sides of an or-pattern bind one variable."""
    file, found = _resolve("let f p =\n    match p with\n    | (x, 0) | (0, x) -> x\n")
    assert not found
    binders = {
        id(node.resolution.binder)
        for node in _nodes(file.tree)
        if isinstance(node, tree.NamedPattern)
        and node.name.text == "x"
        and isinstance(node.resolution, LocalResolution)
    }
    assert len(binders) == 1


def test_namespaces_of_several_files_are_merged() -> None:
    """A later file sees what earlier ones put into a namespace."""
    _, found = _resolve(
        "module N.Third\nlet c = First.a + Second.b\n",
        "module N.First\nlet a = 1\n",
        "module N.Second\nlet b = 2\n",
    )
    assert not found


@pytest.mark.parametrize(
    ("text", "code", "hint"),
    [
        ("let total = 1\nlet x = totl\n", "E0201", "did you mean `total`?"),
        ("let f n = f n\n", "E0201", "write `let rec f …` to let `f` call itself"),
        ("let x: Imt = 1\n", "E0202", "did you mean `Int`?"),
        ("open Bse\n", "E0203", "did you mean `Base`?"),
        ("let x = Map.ad 1 2\n", "E0204", "did you mean `add`?"),
        ("let f x = match x with Sme y -> y\n", "E0205", None),
        ("let x = 1\nlet x = 2\n", "E0206", "rename one of them"),
        ("let x: Int<Int> = 1\n", "E0207", None),
        ("let x = Hidden.secret\n", "E0208", None),
        ("let f (x, x) = x\n", "E0209", None),
        ("let f p = match p with (x, 0) | (0, y) -> 1\n", "E0210", None),
    ],
)
def test_messages(text: str, code: str, hint: str | None) -> None:
    """One mistake gives one message, with its hint."""
    _, found = _resolve(text)
    assert _codes(found) == [code]
    if hint is not None:
        assert found[0].hint() == hint


def test_leaving_a_scope_restores_every_name() -> None:
    """A local does not outlive its body."""
    file, found = _resolve("let y = 1\nlet f () =\n    let y = 2\n    y\nlet z = y\n")
    assert not found
    assert isinstance(_use(file, "y"), ValueResolution)
