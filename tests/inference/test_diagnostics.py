"""One cause gives one message, with the reason for what was expected."""

from __future__ import annotations

import pytest

from tests.inference.conftest import Check

MISTAKES = [
    ('let x: int = "a"', ["E0301"]),
    ('let x = if true then 1 else "a"', ["E0301"]),
    ('let x = [ 1; "a"; 2 ]', ["E0301"]),
    ("let f x = f", ["E0201"]),
    ("let rec f x = f", ["E0302"]),
    ("let x = 1 2", ["E0303"]),
    ("let f (a: int) = a\nlet x = f 1 2", ["E0304"]),
    ("let x = id = id", ["E0305"]),
    ('let x = "a".Lenght', ["E0306"]),
    ('let x = 1 + "a"', ["E0317"]),
    ('let x = sprintf "%d" "a"', ["E0305"]),
    ("let x = missing 1 2\nlet y = x + 1\nlet z = x.Foo", ["E0201"]),
    ('let f x = missing x\nlet y = f 1 + f "a"', ["E0201"]),
    ("let a = 1\na <- 2", ["E0308"]),
    ("let f () =\n    1\n    2", ["W0350"]),
    ("[<TailCall>]\nlet rec f n a = if n = 0 then a else f (n - 1) (a + n)", []),
    ("[<TailCall>]\nlet rec f n a = match n with 0 -> a | _ -> a + 1 |> f (n - 1)", []),
    ("[<TailCall>]\nlet rec f n = if n = 0 then 0 else 1 + f (n - 1)", ["W0385"]),
    ("[<TailCall>]\nlet rec f n = try f (n - 1) with _ -> 0", ["W0385"]),
    ("[<TailCall>]\nlet rec f n = List.sumBy f [ n ]", ["W0385"]),
    ("let f (x: 'a) (y: 'b) = x = y", ["W0351"]),
    ("let f (x: 'a) (y: 'b) = (fun (z: 'a) -> z) x, y", []),
    (
        "let f (x: obj) =\n    match x with\n    | :? exn -> 1\n"
        "    | :? System.ArgumentException -> 2\n    | _ -> 3",
        ["W0402"],
    ),
    (
        'let f (x: obj) =\n    match x with\n    | :? exn as e when e.Message = "" -> 1\n'
        "    | :? System.ArgumentException -> 2\n    | _ -> 3",
        [],
    ),
    ("let f x = match x with Value -> Value + 1", ["W0407"]),
    ("let f x = match x with N -> N + 1", []),
    ('type T() =\n    member _.ToString() = "a"', ["W0386"]),
    ('type T() =\n    member _.ToString(form: int) = "a"', []),
    (
        "type A() =\n    abstract Of: int -> int\n    default _.Of n = n\n"
        "type B() =\n    inherit A()\n    member _.Of(n: int) = n\n    member _.Of(n: string) = n",
        ["W0386"],
    ),
    ("[<ReflectedDefinition>]\nlet f x = x + 1", ["E0363"]),
    ("let f = <@@ 1 + 2 @@>", ["E0363"]),
    ("[<Strukt>]\nlet a = 1", ["E0218"]),
    ('[<System.Obsolete "no">]\nlet f x = x\nlet g = f 1\nlet h = f 2', ["W0379", "W0379"]),
    ('[<System.Obsolete "no">]\ntype T() =\n    member _.M() = T()', ["W0379"]),
    ('[<CompilerMessage("careful", 7001)>]\nlet f x = x\nlet g = f 1', ["W0381"]),
    ('[<Experimental "soon">]\nlet f x = x\nlet g = List.map f [ 1 ]', ["W0380"]),
    ('[<System.Obsolete("no", true)>]\nlet f x = x\nlet g = f 1', ["E0378"]),
    (
        "open System.Runtime.InteropServices\n"
        "[<StructLayout(LayoutKind.Explicit)>]\ntype T = { A: int }",
        ["E0399"],
    ),
    (
        "open System.Runtime.InteropServices\n"
        "[<StructLayout(LayoutKind.Sequential, Pack = 1)>]\ntype T = { A: int }",
        ["E0399"],
    ),
    (
        "open System.Runtime.CompilerServices\n"
        "type T =\n    static member M(a: int, [<CallerLineNumber>] ?line: string) = a, line",
        ["E0366"],
    ),
    ("[<System.ObsoleteAttribute(missing)>]\nlet a = 1", ["E0201"]),
    (
        "type C() =\n    static member M(x: int * int) = x\n"
        '    static member M(a: string, b: int) = a, b\nlet m = C.M(1, "b")',
        ["E0301", "E0301"],
    ),
]


@pytest.mark.parametrize(("program", "codes"), MISTAKES, ids=[p for p, _ in MISTAKES])
def test_the_codes_are(infer: Check, program: str, codes: list[str]) -> None:
    assert infer(program).codes == codes


def test_the_reason_is_shown(infer: Check) -> None:
    found = infer('let x = if true then 1 else "a"').diagnostics[0]
    texts = [label.text for label in found.labels()]
    assert texts == ["this is `string`", "the first branch is `int`"]


COMPLETENESS = [
    ("let f x = match x with Some 1 -> 1 | None -> 2", "Some 0"),
    ("let f x = match x with [] -> 1 | [ _ ] -> 2", "_ :: _ :: _"),
    ("let f x = match x with true, false -> 1 | false, _ -> 2", "(true, true)"),
    ('let f x = match x with "" -> 1', '"a"'),
    ("let f (x: int) = match x with n when n > 0 -> 1", "_"),
    (
        "type T = A | B of int * bool\nlet f x = match x with A -> 1 | B(_, true) -> 2",
        "B (_, false)",
    ),
    ("type R = { X: bool; Y: int }\nlet f x = match x with { X = true } -> 1", "{ X = false }"),
    ("let f x = match x with [| _ |] -> 1", "[||]"),
]


@pytest.mark.parametrize(("program", "example"), COMPLETENESS, ids=[p for p, _ in COMPLETENESS])
def test_a_missing_value_is_shown(infer: Check, program: str, example: str) -> None:
    checked = infer(program)
    assert checked.codes == ["W0401"]
    assert f"`{example}`" in checked.diagnostics[0].labels()[0].text


@pytest.mark.parametrize(
    "program",
    [
        "let f x = match x with Some _ | None -> 1",
        "let f x = match x with [] -> 1 | [ a ] -> a | a :: b :: _ -> a + b",
        "let (|E|O|) n = if n % 2 = 0 then E else O\nlet f x = match x with E -> 1 | O -> 2",
        "let f (x: bool) = match x with true -> 1 | false -> 2",
        "let f (x, y) = match x, y with Some a, _ -> a | None, b -> b",
        "let f = function () -> 1",
        "let (|Even|_|) n = if n % 2 = 0 then Some n else None\n"
        "let f x = match x with Some(Even n, _) | Some(_, n) -> n | None -> 0",
        "let f x = try x () with :? System.InvalidOperationException -> 1",
    ],
)
def test_complete_matches_are_silent(infer: Check, program: str) -> None:
    assert infer(program).codes == []


def test_unreachable_rules(infer: Check) -> None:
    assert infer("let f x = match x with Some _ -> 1 | None -> 2 | Some 3 -> 3").codes == ["W0402"]


def test_many_columns_end_in_time(infer: Check) -> None:
    names = ", ".join(f"x{i}" for i in range(24))
    rows = "\n".join(
        "    | " + ", ".join("true" if i == row else "_" for i in range(24)) + f" -> {row}"
        for row in range(24)
    )
    found = infer(f"let f ({names}) =\n    match {names} with\n{rows}\n    | _ -> 0")
    assert found.codes == []


@pytest.mark.parametrize(
    ("program", "code"),
    [
        ("type Node = { Next: Node }\nlet rec node = { Next = id node }", "E0711"),
        ("let rec a: int = b + 1\nand b: int = a + 1", "E0711"),
        ("type Node = { Next: Node list }\nlet rec node = { Next = [ node ] }", "E0713"),
    ],
)
def test_a_value_that_needs_itself_at_once(infer: Check, program: str, code: str) -> None:
    assert infer(program).codes[0] == code


@pytest.mark.parametrize(
    "program", ["let f (x: int) = x\nlet y = f { }", "let y = { }", "let y = id { }"]
)
def test_braces_with_nothing_between(infer: Check, program: str) -> None:
    assert infer(program).codes == ["E0377"]
