"""Every diagnostic of the syntax stage: its own example gives it, its mended example gives nothing;
recovery after errors.
"""

from __future__ import annotations

import inspect
import textwrap

import pytest

from clef.diagnostics import Diagnostic
from clef.diagnostics import syntax as problems
from clef.syntax import tree
from tests.syntax.reading import codes, read

FAMILY: list[type[Diagnostic]] = [
    kind
    for _, kind in inspect.getmembers(problems, inspect.isclass)
    if issubclass(kind, Diagnostic) and kind is not Diagnostic
]


# What a docstring cannot show.
EXAMPLES: dict[type[Diagnostic], tuple[str, str]] = {
    problems.NestingTooDeep: ("let x = " + "(" * 3000 + "1" + ")" * 3000, "let x = (1)"),
    problems.TabCharacter: ("let f x =\n\tx + 1", "let f x =\n    x + 1"),
}


def sections(kind: type[Diagnostic]) -> tuple[str, str]:
    """The example and the mended example of a docstring."""
    text = inspect.cleandoc(kind.__doc__ or "")
    _, rest = text.split("Example:\n", 1)
    example, instead = rest.split("Instead:\n", 1)
    return textwrap.dedent(example), textwrap.dedent(instead)


@pytest.mark.parametrize("kind", FAMILY, ids=[kind.__name__ for kind in FAMILY])
def test_catalogue(kind: type[Diagnostic]) -> None:
    example, instead = EXAMPLES.get(kind) or sections(kind)
    assert codes(example) == [kind.code]
    assert codes(instead) == []
    diagnostic = read(example)[1][0]
    title = diagnostic.title()
    assert title and not title.endswith(".") and "\n" not in title
    assert diagnostic.labels()[0].primary
    assert all(label.text for label in diagnostic.labels())


def test_codes_are_unique() -> None:
    assert len({kind.code for kind in FAMILY}) == len(FAMILY)


LINES = [
    # source, [(line, code)]
    ("let a = \nlet b = 1\nlet c = )\nlet d = 2", [(1, "E0121"), (3, "E0112")]),
    ("let f x =\n    x +\nlet g = 1", [(2, "E0121")]),
    ("let f x =\n    let y = 1\n\nlet g = 1", [(2, "E0122")]),
    ("let = 1\nlet g = 2", [(1, "E0123")]),
    ("type = int\nlet g = 2", [(1, "E0125")]),
    ("type T = { A: }\nlet g = 2", [(1, "E0124")]),
    ("type T =\n    { A int }\nlet g = 2", [(2, "E0120")]),
    ("match x with\n| A = 1\n| B -> 2\nlet g = 2", [(2, "E0120")]),
    ("if a the b\nlet g = 2", [(1, "E0120")]),
    ("let f (x = 1\nlet g = 2", [(1, "E0111")]),
    ("for x on y do\n    a\nlet g = 2", [(1, "E0120")]),
    ("let f = fun x = 1\nlet g = 2", [(1, "E0120")]),
    ("let x = [1; 2\nlet y = {| A = 1 \nlet z = 1", [(1, "E0111"), (2, "E0111")]),
    ("open\nlet g = 2", [(1, "E0125")]),
    (
        "type T() =\n    member x.A = 1\n    membr x.B = 2\n    member x.C = 3\nlet g = 2",
        [(3, "E0120")],
    ),
    ("let x = a.\nlet g = 2", [(1, "E0125")]),
    (
        "module M\nlet a = 1 +\nmodule N =\n    let b = (\n    let c = 1",
        [(2, "E0121"), (4, "E0111")],
    ),
    ("let x = try 1\nlet g = 2", [(1, "E0120")]),
    ('let s = $"{1"\nlet g = 2', [(1, "E0126")]),
    ('let s = $"{}"\nlet g = 2', [(1, "E0126")]),
    ('let s = $"a}"\nlet g = 2', [(1, "E0126")]),
    ('let s = $$"""{{{{1}}"""\nlet g = 2', [(1, "E0126")]),
    ('let s = $$"""{{1}}}}"""\nlet g = 2', [(1, "E0126")]),
    ('let s = $$"""{{{1}}} {2} }"""\nlet g = 2', []),
    ("let f x =\n    if x then\n    else 2\nlet g = 2", [(2, "E0121")]),
    ("let f x =\n    match x with\n    | A ->\n    | B -> 2\nlet g = 2", [(3, "E0121")]),
    ("let f x = x +* 2 y )\nlet g = (1]\nlet h = 2", [(1, "E0112"), (2, "E0113")]),
    ("let x = { A = 1; B }\nlet g = 2", [(1, "E0120")]),
    ("let x = { A = 1, B = 2 }\nlet g = 2", []),
    ("module M =\nlet x = 1", [(1, "E0120")]),
    ("type A =\nlet x = 1", [(1, "E0120")]),
    ("let f x = function\nlet x = 1", [(1, "E0123")]),
    ("let x = 1\n  let y = 2\nlet z = 3", [(2, "E0120")]),
    ("let x =\n    1\n      2\n   3\nlet z = 3", [(4, "E0120")]),
    ("type T = A of\nlet z = 3", [(1, "E0124")]),
    ("let f (x: int, ) = 1\nlet z = 3", [(1, "E0123")]),
    ("[<A\nlet f x = 1\nlet z = 3", [(1, "E0111")]),
    ("let x = a b c d = = 2\nlet z = 3", [(1, "E0121")]),
    ("use = 3\nlet z = 3", [(1, "E0123")]),
    ("let x = 1 2 else 3\nlet z = 3", [(1, "E0120")]),
    ("let x = while true\nlet z = 3", [(1, "E0120")]),
    ("let rec\nlet z = 3", [(1, "E0123")]),
]


@pytest.mark.parametrize(("source", "expected"), LINES, ids=[text for text, _ in LINES])
def test_recovery(source: str, expected: list[tuple[int, str]]) -> None:
    """Independent errors are all reported, and the last declaration is always read."""
    file, diagnostics = read(source)
    lines = [source.count("\n", 0, d.span.start) + 1 for d in diagnostics]
    assert list(zip(lines, [d.code for d in diagnostics], strict=True)) == expected
    assert file.declarations
    last = file.declarations[-1]
    while isinstance(last, tree.ModuleDeclaration):
        last = last.declarations[-1]
    assert isinstance(last, tree.LetDeclaration | tree.TypesDeclaration)
