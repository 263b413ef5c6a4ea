"""The types that programs are given."""

from __future__ import annotations

import pytest

from tests.inference.conftest import Check

TYPES = [
    ("let x = 1", "int"),
    ("let x = 1.5f", "float32"),
    ("let x a = a", "'a -> 'a"),
    ("let x f g a = g (f a)", "('a -> 'b) -> ('b -> 'c) -> 'a -> 'c"),
    ("let x a b = a + b", "int -> int -> int"),
    ("let x a = a + 1.0", "float -> float"),
    ("let x a b : float = a + b", "float -> float -> float"),
    ("let x a = a = a", "'a -> bool"),
    ("let x = [ 1; 2 ]", "int list"),
    ("let x = [| 'a' |]", "char[]"),
    ('let x = 1, "a"', "int * string"),
    ("let x = struct (1, 2)", "struct (int * int)"),
    ("let x = Some 1", "int option"),
    ("let x = fun (a, b) -> a", "'a * 'b -> 'a"),
    ("let x = function [] -> 0 | h :: _ -> h", "int list -> int"),
    ("let x = [ 1 .. 10 ] |> List.map float", "float list"),
    ('let x = {| B = 1; A = "" |}', "{| A: string; B: int |}"),
    ("let x = lazy 1", "int Lazy"),
    ("let x = ref 1", "int ref"),
    ("let x = seq { for i in 1 .. 3 do yield i }", "seq<int>"),
    ("let x = [ for i in 1 .. 3 do if i > 1 then string i ]", "string list"),
    ('let x = sprintf "%d %s"', "int -> string -> string"),
    ('let x n = sprintf "%d" n', "int -> string"),
    ('let x = "abc".[0]', "char"),
    ('let x = "abc".[1..]', "string"),
    ("let x = [| 1; 2 |].[0]", "int"),
    ("let rec x n = if n = 0 then 1 else n * x (n - 1)", "int -> int"),
    (
        "let rec x f = function [] -> [] | h :: t -> f h :: x f t",
        "('a -> 'b) -> 'a list -> 'b list",
    ),
    ("let x items = for i in items do ignore i", "seq<'a> -> unit"),
    ("let x: int64 = 1", "int64"),
    ('let x: obj list = [ 1; "a" ]', "obj list"),
    ("let inline x a = a * a", "^a -> ^b"),
    ("let x = (fun a -> a) |> ignore", "unit"),
    ("let x = typeof<int>", "Type"),
    ("let x = nameof ignore", "string"),
    ('let x = $"{1} and %d{2}"', "string"),
    ("let x (a: 'T) (b: 'U) = a, b", "'T -> 'U -> 'T * 'U"),
    ("let x = try 1 with _ -> 2", "int"),
    ('let x = "ab" |> Seq.map int', "seq<int>"),
]


@pytest.mark.parametrize(("program", "expected"), TYPES, ids=[p for p, _ in TYPES])
def test_the_type_is(infer: Check, program: str, expected: str) -> None:
    checked = infer(program)
    assert [d.title() for d in checked.diagnostics if d.code[0] == "E"] == []
    assert checked.type_of("x") == expected


MEASURES = """
[<Measure>] type m
[<Measure>] type s
[<Measure>] type kg
[<Measure>] type N = kg m / s^2
"""


@pytest.mark.parametrize(
    ("program", "expected"),
    [
        ("let x = 1.0<m> * 2.0<m>", "float<m^2>"),
        ("let x = 6.0<m> / 2.0<s>", "float<m/s>"),
        ("let x = sqrt 4.0<m^2>", "float<m>"),
        ("let x = 1.0<m> / 1.0<m>", "float"),
        ("let x: float<N> = 2.0<kg> * 3.0<m/s^2>", "float<kg m/s^2>"),
        ("let x (a: float<'u>) = a * a", "float<'u> -> float<'u^2>"),
        ("let x (a: float<'u>) (b: float<'v>) = a / b", "float<'u> -> float<'v> -> float<'u/'v>"),
        ("let x = 3<m> + 4<m>", "int<m>"),
        ("let x = List.sum [ 1.0<m>; 2.0<m> ]", "float<m>"),
    ],
)
def test_measures(infer: Check, program: str, expected: str) -> None:
    checked = infer(MEASURES + program)
    assert [d.title() for d in checked.diagnostics] == []
    assert checked.type_of("x") == expected


def test_uses_decide_the_type_of_arithmetic(infer: Check) -> None:
    checked = infer("let add a b = a + b\nlet x = add 1.5 2.5")
    assert checked.type_of("add") == "float -> float -> float"
    assert checked.codes == []


def test_the_latest_record_with_all_fields(infer: Check) -> None:
    checked = infer("type A = { X: int; Y: int }\ntype B = { X: int }\nlet x = { X = 1; Y = 2 }\n")
    assert checked.type_of("x") == "A"


def test_a_record_is_found_by_the_name_of_a_field(infer: Check) -> None:
    checked = infer("type P = { Name: string }\nlet x p = p.Name")
    assert checked.type_of("x") == "P -> string"


def test_members_of_a_class_are_generic_at_once(infer: Check) -> None:
    checked = infer(
        "type Box() =\n"
        "    member _.Pair(a, b) = [ a; b ]\n"
        '    member this.Both = this.Pair(1, 2), this.Pair("a", "b")\n'
        "let x = Box().Both"
    )
    assert checked.type_of("x") == "int list * string list"


def test_overloads(infer: Check) -> None:
    checked = infer(
        "type T =\n"
        "    static member F(x: int) = 1\n"
        '    static member F(x: string) = ""\n'
        "    static member F(x: int, ?y: int) = 'c'\n"
        "let a = T.F 1\n"
        'let b = T.F "s"\n'
        "let x = T.F(1, y = 2)"
    )
    assert [checked.type_of(n) for n in "abx"] == ["int", "string", "char"]


def test_computation_expressions(infer: Check) -> None:
    checked = infer(
        "type Maybe() =\n"
        "    member _.Bind(m, f) = Option.bind f m\n"
        "    member _.Return x = Some x\n"
        "    member _.Zero() = None\n"
        "let maybe = Maybe()\n"
        "let x = maybe {\n"
        "    let! a = Some 1\n"
        '    let! b = Some "b"\n'
        "    return b, a }"
    )
    assert checked.type_of("x") == "(string * int) option"
    assert checked.codes == []


def test_out_parameters_become_results(infer: Check) -> None:
    checked = infer('let ok, x = System.Int32.TryParse "1"')
    assert checked.type_of("x") == "int"


def test_type_variables_less_generic_than_written(infer: Check) -> None:
    assert infer("let f (a: 'a) = a + 1").codes == ["W0351"]
