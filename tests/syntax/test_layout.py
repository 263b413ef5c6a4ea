"""The offside rule, as tokens with signs: block ⟦ ⟧, separator §, end of a let ⌟."""

from __future__ import annotations

import pytest

from tests.syntax.reading import laid_out

CASES = [
    ("let x = 1\nlet y = 2", "let x = ⟦ 1 ⟧ ⌟ § let y = ⟦ 2 ⟧ ⌟"),
    ("let f x =\n    g\n    h", "let f x = ⟦ g § h ⟧ ⌟"),
    ("let f x =\n    g\n        h", "let f x = ⟦ g h ⟧ ⌟"),
    ("let f x =\n    g\n    |> h", "let f x = ⟦ g |> h ⟧ ⌟"),
    ("let f x =\n    g\n |> h", "let f x = ⟦ g |> h ⟧ ⌟"),
    ("let f x =\n    g +\n    h", "let f x = ⟦ g + h ⟧ ⌟"),
    ("let f x =\n    -1\n    -2", "let f x = ⟦ - 1 § - 2 ⟧ ⌟"),
    ("let f x =\n    a\n    - b", "let f x = ⟦ a - b ⟧ ⌟"),
    ("if a then b\nelse c", "if a then ⟦ b ⟧ else ⟦ c ⟧"),
    ("if a then b else if c then d else e", "if a then ⟦ b ⟧ elif c then ⟦ d ⟧ else ⟦ e ⟧"),
    ("if a then\n    if b then c\nelse d", "if a then ⟦ if b then ⟦ c ⟧ ⟧ else ⟦ d ⟧"),
    ("if a then b else\nc\nd", "if a then ⟦ b ⟧ else ⟦ c § d ⟧"),
    ("match a with\n| b -> c\n| d -> e", "match a with | b -> ⟦ c ⟧ | d -> ⟦ e ⟧"),
    (
        "match a with\n| b ->\n    match c with\n    | d -> e\n| f -> g",
        "match a with | b -> ⟦ match c with | d -> ⟦ e ⟧ ⟧ | f -> ⟦ g ⟧",
    ),
    ("match a with b -> c | d -> e", "match a with b -> ⟦ c ⟧ | d -> ⟦ e ⟧"),
    ("match a with\n| b ->\nc\nd", "match a with | b -> ⟦ c § d ⟧"),
    ("f (fun x ->\n    a\n    b)", "f ( fun x -> ⟦ a § b ⟧ )"),
    ("f (fun x ->\n    a\n) y", "f ( fun x -> ⟦ a ⟧ ) y"),
    ("f(\n    a,\n    b\n)", "f ( a , b )"),
    ("[ a\n  b ]", "[ a § b ]"),
    ("[\n    a\n    b\n]", "[ a § b ]"),
    ("{ A = 1\n  B = 2 }", "{ A = 1 § B = 2 }"),
    ("{ A =\n    f\n    g\n  B = 2 }", "{ A = ⟦ f § g ⟧ § B = 2 }"),
    ("{ a with\n    B = 2\n    C = 3 }", "{ a with B = 2 § C = 3 }"),
    ("try\n    a\nwith\n| b -> c", "try ⟦ a ⟧ with | b -> ⟦ c ⟧"),
    ("try a with b -> c", "try ⟦ a ⟧ with b -> ⟦ c ⟧"),
    ("try a\nfinally b", "try ⟦ a ⟧ finally ⟦ b ⟧"),
    ("for a in b do\n    c\nd", "for a in b do ⟦ c ⟧ § d"),
    ("for a in b do c done; d", "for a in b do ⟦ c ⟧ done ; d"),
    ("b {\n    for a in b do\n    c\n    d\n}", "b { for a in b do ⟦ c § d ⟧ }"),
    ("while a do\n    b", "while a do ⟦ b ⟧"),
    ("let a = 1 in a", "let a = ⟦ 1 ⟧ in a"),
    ("f <| let a = 1 in a", "f <| ⟦ let a = ⟦ 1 ⟧ in a ⟧"),
    ("a <-\n    b\n    c", "a <- ⟦ b § c ⟧"),
    ("let rec f = a\nand g = b", "let rec f = ⟦ a ⟧ and g = ⟦ b ⟧ ⌟"),
    ("module M =\n    let a = b\n    c", "module M = ⟦ let a = ⟦ b ⟧ ⌟ § c ⟧"),
    ("module M\nlet a = b", "module M ⟦ let a = ⟦ b ⟧ ⌟ ⟧"),
    (
        "namespace N\ntype T = A\nnamespace M\ntype U = B",
        "namespace N ⟦ type T = ⟦ A ⟧ § ⟧ namespace M ⟦ type U = ⟦ B ⟧ ⟧",
    ),
    ("type T =\n| A\n| B\ntype U = C", "type T = ⟦ | A | B ⟧ § type U = ⟦ C ⟧"),
    ("type T =\n    { A: B }\n    member t.C = d", "type T = ⟦ { A : B } § member t . C = ⟦ d ⟧ ⟧"),
    (
        "type T() =\n    let a = b\n    interface I with\n        member t.C = d\n"
        "    member t.E = f",
        "type T ( ) = ⟦ let a = ⟦ b ⟧ ⌟ § interface I with ⟦ member t . C = ⟦ d ⟧ ⟧ § "
        "member t . E = ⟦ f ⟧ ⟧",
    ),
    (
        "type T() =\n    member t.A\n        with get () = b\n        and set c = d",
        "type T ( ) = ⟦ member t . A with get ( ) = ⟦ b ⟧ and set c = ⟦ d ⟧ ⟧",
    ),
    ("[<A>]\nlet a = b", "[< A >] let a = ⟦ b ⟧ ⌟"),
    ("let a = (1", "let a = ⟦ ( 1  ⟧ ⌟"),
    (
        "let f = function\n        | A -> 1\n        | B -> 2\nlet g = 1",
        "let f = ⟦ function | A -> ⟦ 1 ⟧ | B -> ⟦ 2 ⟧ ⟧ ⌟ § let g = ⟦ 1 ⟧ ⌟",
    ),
    ("abstract A: List<int>\nabstract B: int", "abstract A : List < int > § abstract B : int"),
    ("a >>\nb", "a >> b"),
    ('f """a\nb""" (fun x ->\n    y\n    z)', 'f """a\nb""" ( fun x -> ⟦ y § z ⟧ )'),
]


@pytest.mark.parametrize(("source", "expected"), CASES, ids=[source for source, _ in CASES])
def test_layout(source: str, expected: str) -> None:
    assert laid_out(source) == expected
