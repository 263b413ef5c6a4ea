"""Every form of expression, as printed trees."""

from __future__ import annotations

import os

import pytest

from tests.syntax.reading import expression

CASES = [
    ("x", "(Identifier x)"),
    ("A.B.c", "(Identifier A.B.c)"),
    ("``a b``", "(Identifier 'a b')"),
    ("global.A", "(Identifier global.A)"),
    ("(+)", "(Identifier op_Addition)"),
    ("( * )", "(Identifier op_Multiply)"),
    ("(*)", "(Identifier op_Multiply)"),
    ("(~-)", "(Identifier op_UnaryNegation)"),
    ("(|>>)", "(Identifier op_BarGreaterGreater)"),
    ("Checked.(+)", "(Identifier Checked.op_Addition)"),
    ("(|A|_|)", "(Identifier '|A|_|')"),
    # literals
    ("()", "(unit ())"),
    ("1", "(int 1)"),
    ("-1", "(int -1)"),
    ("0xFFFFFFFF", "(int -1)"),
    ("0b1010", "(int 10)"),
    ("0o17", "(int 15)"),
    ("1_000", "(int 1000)"),
    ("-128y", "(sbyte -128)"),
    ("255uy", "(byte 255)"),
    ("1s", "(int16 1)"),
    ("1us", "(uint16 1)"),
    ("1u", "(uint32 1)"),
    ("1L", "(int64 1)"),
    ("0xFFuy", "(byte 255)"),
    ("18446744073709551615UL", "(uint64 18446744073709551615)"),
    ("1n", "(nativeint 1)"),
    ("1un", "(unativeint 1)"),
    ("12345678901234567890I", "(bigint 12345678901234567890)"),
    ("1.5", "(float 1.5)"),
    ("1.", "(float 1.0)"),
    ("1e3", "(float 1000.0)"),
    ("1.5f", "(float32 1.5)"),
    ("0x3f800000lf", "(float32 1.0)"),
    ("0x3FF0000000000000LF", "(float 1.0)"),
    ("1.10m", "(decimal Decimal('1.10'))"),
    ("'a'", "(char 'a')"),
    (r"'\n'", r"(char '\n')"),
    (r"'\''", '(char "\'")'),
    (r"'\065'", "(char 'A')"),
    ("'a'B", "(byte 97)"),
    ('"a\\tb\\u0041"', r"(string 'a\tbA')"),
    (r'"\U0001F600"', "(string '😀')"),
    (r'"\uD83D\uDE00"', "(string '😀')"),
    ('"a\\\n    b"', "(string 'ab')"),
    (r'@"a\b""c"', r"""(string 'a\\b"c')"""),
    ('"""a "b" \\n"""', r"""(string 'a "b" \\n')"""),
    ('"ab"B', "(bytes b'ab')"),
    ("true", "(bool True)"),
    ("null", "(NullLiteral)"),
    ("1.0<m>", "(float 1.0 (NamedType m))"),
    (
        "1.0<m/s^2>",
        "(float 1.0 (MeasureQuotient (NamedType m) (MeasurePower (NamedType s) numerator=2 "
        "denominator=1)))",
    ),
    ("1<kg m>", "(int 1 (MeasureProduct [(NamedType kg) (NamedType m)]))"),
    ("0.0<_>", "(float 0.0 (AnonymousType))"),
    ("1.0<1>", "(float 1.0 (MeasureOne))"),
    ("__LINE__", "(string '1')"),
    # applications
    ("f x y", "(Application (Application (Identifier f) (Identifier x)) (Identifier y))"),
    ("f(x)", "(Application (Identifier f) (Paren (Identifier x)) form=adjacent)"),
    (
        "f (g(x))",
        "(Application (Identifier f) (Paren (Application (Identifier g) (Paren (Identifier x)) "
        "form=adjacent)))",
    ),
    ("f -1", "(Application (Identifier f) (int -1))"),
    (
        "f -x",
        "(Application (Identifier f) (Application (Identifier op_UnaryNegation) (Identifier x) "
        "form=prefix))",
    ),
    (
        "a - b",
        _infix := "(Application (Application (Identifier op_Subtraction) (Identifier a) "
        "form=infix) (Identifier b) form=infix)",
    ),
    ("a-b", _infix),
    ("a <| b", _infix.replace("op_Subtraction", "op_PipeLeft")),
    (
        "-f x",
        "(Application (Identifier op_UnaryNegation) (Application (Identifier f) "
        "(Identifier x)) form=prefix)",
    ),
    ("!x.y", "(Application (Identifier op_Dereference) (Identifier x.y) form=prefix)"),
    ("~~~x", "(Application (Identifier op_LogicalNot) (Identifier x) form=prefix)"),
    ("f<int>", "(TypeApplication (Identifier f) [(NamedType int)])"),
    (
        "f<List<int>>(x)",
        "(Application (TypeApplication (Identifier f) [(NamedType List [(NamedType int)])]) "
        "(Paren (Identifier x)) form=adjacent)",
    ),
    (
        "a<b && c>d",
        "(LogicalAnd (Application (Application (Identifier op_LessThan) (Identifier a) form=infix) "
        "(Identifier b) form=infix) (Application (Application (Identifier op_GreaterThan) "
        "(Identifier c) form=infix) (Identifier d) form=infix))",
    ),
    ("f (x).y", "(Application (Identifier f) (DotGet (Paren (Identifier x)) y))"),
    ("f(x).y.z", "(DotGet (Application (Identifier f) (Paren (Identifier x)) form=adjacent) y.z)"),
    ("a.[i]", "(DotIndex (Identifier a) [(Identifier i)] dotted)"),
    ("a[i]", "(DotIndex (Identifier a) [(Identifier i)])"),
    ("a [i]", "(Application (Identifier a) (ListLiteral [(Identifier i)]))"),
    (
        "a[i; j]",
        "(Application (Identifier a) (ListLiteral [(Identifier i) (Identifier j)]) form=adjacent)",
    ),
    ("a[1..]", "(DotIndex (Identifier a) [(Range (int 1))])"),
    ("a[..1]", "(DotIndex (Identifier a) [(Range (int 1))])"),
    ("a.[*, ^1]", "(DotIndex (Identifier a) [(Range) (FromEnd (int 1))] dotted)"),
    (
        "a.[^3 .. ^1]",
        "(DotIndex (Identifier a) [(Range (FromEnd (int 3)) (FromEnd (int 1)))] dotted)",
    ),
    ("a.[1..2, 3]", "(DotIndex (Identifier a) [(Range (int 1) (int 2)) (int 3)] dotted)"),
    ("a?b", "(Dynamic (Identifier a) (string 'b'))"),
    # operators that are nodes
    ("a && b || c", "(LogicalOr (LogicalAnd (Identifier a) (Identifier b)) (Identifier c))"),
    ("a <- b", "(Assign (Identifier a) (Identifier b))"),
    ("a := b", "(ReferenceAssign (Identifier a) (Identifier b))"),
    ("a :: b :: c", "(Cons (Identifier a) (Cons (Identifier b) (Identifier c)))"),
    ("a, b, c", "(Tuple [(Identifier a) (Identifier b) (Identifier c)])"),
    ("a <- b, c", "(Assign (Identifier a) (Tuple [(Identifier b) (Identifier c)]))"),
    ("a :> T", "(Upcast (Identifier a) (NamedType T))"),
    ("a :?> T", "(Downcast (Identifier a) (NamedType T))"),
    ("a :? T", "(TypeTest (Identifier a) (NamedType T))"),
    ("upcast a", "(Upcast (Identifier a))"),
    ("downcast a", "(Downcast (Identifier a))"),
    ("(a : int)", "(Paren (Typed (Identifier a) (NamedType int)))"),
    ("&a", "(AddressOf (Identifier a))"),
    ("&&a", "(AddressOf (Identifier a) native)"),
    ("struct (a, b)", "(Tuple [(Identifier a) (Identifier b)] struct)"),
    # brackets
    ("[]", "(ListLiteral)"),
    ("[a; b]", "(ListLiteral [(Identifier a) (Identifier b)])"),
    ("[a\n b]", "(ListLiteral [(Identifier a) (Identifier b)])"),
    ("[||]", "(ArrayLiteral)"),
    ("[|a|]", "(ArrayLiteral [(Identifier a)])"),
    ("[1..3]", "(ListComprehension (Range (int 1) (int 3)))"),
    ("[1..2..9]", "(ListComprehension (Range (int 1) (int 2) (int 9)))"),
    ("[10 .. -1 .. 0]", "(ListComprehension (Range (int 10) (int -1) (int 0)))"),
    (
        "[for x in s -> x]",
        "(ListComprehension (ForIn (NamedPattern x) (Identifier s) (Yield (Identifier x))))",
    ),
    ("[|yield 1|]", "(ArrayComprehension (Yield (int 1)))"),
    ("[if a then b]", "(ListComprehension (If (Identifier a) (Identifier b)))"),
    (
        "[a; if b then c]",
        "(ListComprehension (Sequential [(Identifier a) (If (Identifier b) (Identifier c))]))",
    ),
    (
        "[let x = 1\n x]",
        "(ListComprehension (Let [(Binding (NameHead x) (int 1))] (Identifier x)))",
    ),
    ("{ A = 1; B.C = 2 }", "(Record [(RecordField A (int 1)) (RecordField B.C (int 2))])"),
    ("{ r with A = 1 }", "(Record [(RecordField A (int 1))] (Identifier r))"),
    (
        "{ inherit B(1); a = 2 }",
        "(Record [(RecordField a (int 2))] (Inherit (NamedType B) (Paren (int 1))))",
    ),
    ("{| A = 1 |}", "(AnonymousRecord [(RecordField A (int 1))])"),
    ("{| r with A = 1 |}", "(AnonymousRecord [(RecordField A (int 1))] (Identifier r))"),
    ("struct {| A = 1 |}", "(AnonymousRecord [(RecordField A (int 1))] struct)"),
    ("seq { yield 1 }", "(Application (Identifier seq) (ComputationBlock (Yield (int 1))))"),
    (
        "b { let! x = y\n    return! x }",
        "(Application (Identifier b) (ComputationBlock (LetBang "
        "[(BangBinding (NamedPattern x) (Identifier y))] (ReturnBang (Identifier x)))))",
    ),
    (
        "b { let! x = y\n    and! z = w\n    do! x }",
        "(Application (Identifier b) (ComputationBlock "
        "(LetBang [(BangBinding (NamedPattern x) (Identifier y)) (BangBinding (NamedPattern z) "
        "(Identifier w))] (DoBang (Identifier x)))))",
    ),
    (
        "b { use! x = y in return x }",
        "(Application (Identifier b) (ComputationBlock (LetBang "
        "[(BangBinding (NamedPattern x) (Identifier y))] (Return (Identifier x)) use)))",
    ),
    ("begin a end", "(Paren (Identifier a))"),
    ("<@ a @>", "(Quote (Identifier a))"),
    ("<@@ a @@>", "(Quote (Identifier a) raw)"),
    ("new T<int>(x)", "(New (NamedType T [(NamedType int)]) (Paren (Identifier x)))"),
    (
        "{ new I with member _.M = 1 }",
        "(ObjectExpression (NamedType I) [(MethodMember (Binding (NameHead M _) (int 1)))])",
    ),
    # control
    ("if a then b", "(If (Identifier a) (Identifier b))"),
    (
        "if a then b elif c then d else e",
        "(If (Identifier a) (Identifier b) (If (Identifier c) (Identifier d) (Identifier e)))",
    ),
    ("if a then b; c", "(If (Identifier a) (Sequential [(Identifier b) (Identifier c)]))"),
    (
        "if a then if b then c else d",
        "(If (Identifier a) (If (Identifier b) (Identifier c) (Identifier d)))",
    ),
    (
        "match a with A -> 1 | B -> 2",
        "(Match (Identifier a) [(Clause (NamedPattern A) (int 1)) "
        "(Clause (NamedPattern B) (int 2))])",
    ),
    (
        "match a with x when x -> 1",
        "(Match (Identifier a) [(Clause (NamedPattern x) (Identifier x) (int 1))])",
    ),
    ("function A -> 1", "(Function [(Clause (NamedPattern A) (int 1))])"),
    (
        "fun x (y, _) -> x",
        "(Lambda [(NamedPattern x) (ParenPattern (TuplePattern [(NamedPattern y) "
        "(WildcardPattern)]))] (Identifier x))",
    ),
    ("let x = 1 in x", "(Let [(Binding (NameHead x) (int 1))] (Identifier x))"),
    (
        "let rec f x = x in f",
        "(Let [(Binding (NameHead f [(NamedPattern x)]) (Identifier x))] (Identifier f) recursive)",
    ),
    (
        "(use x = y in x)",
        "(Paren (Let [(Binding (NameHead x) (Identifier y))] (Identifier x) use))",
    ),
    ("(a; b; c)", "(Paren (Sequential [(Identifier a) (Identifier b) (Identifier c)]))"),
    ("while a do b", "(While (Identifier a) (Identifier b))"),
    ("for i = 1 to 3 do a", "(ForTo i (int 1) (int 3) (Identifier a))"),
    ("for i = 3 downto 1 do a", "(ForTo i (int 3) (int 1) (Identifier a) down)"),
    (
        "for a, b in c do d",
        "(ForIn (TuplePattern [(NamedPattern a) (NamedPattern b)]) (Identifier c) (Identifier d))",
    ),
    ("try a with e -> b", "(TryWith (Identifier a) [(Clause (NamedPattern e) (Identifier b))])"),
    ("try a finally b", "(TryFinally (Identifier a) (Identifier b))"),
    ("lazy f x", "(Lazy (Application (Identifier f) (Identifier x)))"),
    ("assert a", "(Assert (Identifier a))"),
    (
        "(let x = fixed a in x)",
        "(Paren (Let [(Binding (NameHead x) (Fixed (Identifier a)))] (Identifier x)))",
    ),
    ("_.Name", "(AccessorLambda (DotGet (AccessorParameter) Name))"),
    (
        "f _.A.B(1)",
        "(Application (Identifier f) (AccessorLambda (Application (DotGet "
        "(AccessorParameter) A.B) (Paren (int 1)) form=adjacent)))",
    ),
    ("'T.Zero", "(DotGet (TypeReference (VariableType T)) Zero)"),
    (
        "f(?x = 1)",
        "(Application (Identifier f) (Paren (Application (Application (Identifier "
        "op_Equality) (OptionalArgument x) form=infix) (int 1) form=infix)) form=adjacent)",
    ),
    (
        "(^a : (static member M : int -> int) 1)",
        "(TraitCall [(VariableType a head)] "
        "(MemberSignature static M (FunctionType (NamedType int) (NamedType int))) (int 1))",
    ),
    ("base.M", "(DotGet (Base) M)"),
    # interpolated strings
    (
        '$"a{x}b"',
        "(InterpolatedString [(InterpolatedText text='a') (InterpolatedHole "
        "(Identifier x)) (InterpolatedText text='b')])",
    ),
    (
        '$"{x,-5:F2}"',
        "(InterpolatedString [(InterpolatedHole (Identifier x) alignment=-5 format='F2')])",
    ),
    (
        '$"%d{x} {{}} 100%%"',
        "(InterpolatedString [(InterpolatedHole (Identifier x) percent='%d') "
        "(InterpolatedText text=' {} 100%%')])",
    ),
    (
        '$"{f "a"}"',
        "(InterpolatedString [(InterpolatedHole (Application (Identifier f) (string 'a')))])",
    ),
    (
        '$$"""{a} {{b}}"""',
        "(InterpolatedString [(InterpolatedText text='{a} ') (InterpolatedHole (Identifier b))])",
    ),
    (
        '$"{(a, b)} {x: N0}"',
        "(InterpolatedString [(InterpolatedHole (Paren (Tuple [(Identifier a) "
        "(Identifier b)]))) (InterpolatedText text=' ') (InterpolatedHole (Identifier x) "
        "format=' N0')])",
    ),
]


@pytest.mark.parametrize(("source", "expected"), CASES, ids=[source for source, _ in CASES])
def test_form(source: str, expected: str) -> None:
    assert expression(source) == expected.replace("(int ", "(int32 ")


PRECEDENCE = [
    ("a + b * c", "a + (b * c)"),
    ("a * b + c", "(a * b) + c"),
    ("a - b - c", "(a - b) - c"),
    ("a ** b ** c", "a ** (b ** c)"),
    ("a ^ b ^ c", "a ^ (b ^ c)"),
    ("a @ b @ c", "a @ (b @ c)"),
    ("a = b + c", "a = (b + c)"),
    ("a |> b |> c", "(a |> b) |> c"),
    ("a >> b |> c", "(a >> b) |> c"),
    ("a < b = c", "(a < b) = c"),
    ("a &&& b ||| c", "(a &&& b) ||| c"),
    ("a <<< b + c", "a <<< (b + c)"),
    ("a + b lsl c", "a + (b lsl c)"),
    ("a mod b + c", "(a mod b) + c"),
    ("f a + g b", "(f a) + (g b)"),
    ("-a + b", "(-a) + b"),
    ("a != b", "a != b"),
    ("a .+. b .*. c", "a .+. (b .*. c)"),
    ("a :: b @ c", "(a :: b) @ c"),
    ("a % b", "a % b"),
]


@pytest.mark.parametrize(("loose", "tight"), PRECEDENCE, ids=[loose for loose, _ in PRECEDENCE])
def test_precedence(loose: str, tight: str) -> None:
    def bare(text: str) -> str:
        found = expression(text)
        while "(Paren " in found:
            start = found.index("(Paren ")
            depth = 0
            for index in range(start, len(found)):
                depth += (found[index] == "(") - (found[index] == ")")
                if depth == 0:
                    found = found[:start] + found[start + 7 : index] + found[index + 1 :]
                    break
        return found

    assert bare(loose) == bare(tight)


def test_the_folder_of_a_source_is_absolute() -> None:
    folder = os.getcwd()
    assert expression("__SOURCE_DIRECTORY__") == f"(string {folder!r})"
