"""Where an input ends."""

from __future__ import annotations

import pytest

from clef.repl.inputs import directive_of, is_complete
from clef.repl.lines import inputs_of


@pytest.mark.parametrize(
    "text",
    [
        "1 + 2",
        "let x = 1",
        "let f x = x + 1;;",
        "let f x =\n    x + 1\n",
        "let f x =\n    x + ;;",
        "#time",
        ":type 1",
        "open System",
        "type U = A | B",
        "let x = 1 +* 2",
        "if a then b else c",
        "",
        "(* a *) 1",
    ],
)
def test_complete(text: str) -> None:
    assert is_complete(text)


@pytest.mark.parametrize(
    "text",
    [
        "let f x =",
        "let f x =\n    x + 1",
        "match x with",
        "[1; 2",
        "(1 +",
        '"""abc',
        "(* comment",
        "type T =\n    { A: int",
        "[<Struct>]",
        "fun x ->",
        "module M =",
        "if a then",
        "let x = 1 +",
        "try f ()",
    ],
)
def test_incomplete(text: str) -> None:
    assert not is_complete(text)


def test_lines_from_a_pipe_fall_into_inputs() -> None:
    text = (
        "let f x =\n  x + 1\nf 2\n\nlet y =\n   3\n\nif y = 3 then\n  1\nelse\n  2\n"
        "match y with\n| 3 -> 1\n| _ -> 2\n[ 1\n  2 ]\n|> List.sum\n"
        "type A = { B: C }\nand C = int\n"
    )
    found = [one.strip() for one in inputs_of(text.splitlines(keepends=True))]
    assert found == [
        "let f x =\n  x + 1",
        "f 2",
        "let y =\n   3",
        "if y = 3 then\n  1\nelse\n  2",
        "match y with\n| 3 -> 1\n| _ -> 2",
        "[ 1\n  2 ]\n|> List.sum",
        "type A = { B: C }\nand C = int",
    ]


def test_directives() -> None:
    found = directive_of('#load "a.fsx" "b.fsx";;')
    assert found is not None and found.texts() == ["a.fsx", "b.fsx"]
    found = directive_of(":type 1 + 1")
    assert found is not None and (found.name, found.argument) == ("type", "1 + 1")
    assert directive_of("#if A\n1\n#endif") is None
    assert directive_of(":> x") is None
