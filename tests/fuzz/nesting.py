"""Sources that nest deeply, or are long in one direction.

In: a depth. Out: a source. Promises: every construct that can hold itself is here; names of shapes
are stable.
"""

from __future__ import annotations

from collections.abc import Callable

Shape = Callable[[int], str]


def _around(opening: str, middle: str, closing: str, before: str = "let a = ") -> Shape:
    return lambda depth: f"{before}{opening * depth}{middle}{closing * depth}\n"


def _lines(line: Callable[[int], str], last: str, before: str = "") -> Shape:
    def make(depth: int) -> str:
        return (
            before
            + "".join("    " * n + line(n) + "\n" for n in range(depth))
            + "    " * depth
            + last
            + "\n"
        )

    return make


SHAPES: dict[str, Shape] = {
    "parentheses": _around("(", "1", ")"),
    "lists": _around("[", "1", "]"),
    "arrays": _around("[| ", "1", " |]"),
    "tuples": _around("(1, ", "1", ")"),
    "records": _around("{ A = ", "1", " }"),
    "anonymous records": _around("{| A = ", "1", " |}"),
    "sequences": _around("seq { yield ", "1", " }"),
    "lambdas": _around("fun x -> ", "x", ""),
    "bodies in the column of their call": _around(
        "f (fun x ->\nlet y = 1\n", "y", ")", "let f g = g 1\n"
    ),
    "applications": _around("id (", "1", ")"),
    "curried": _around("id ", "1", ""),
    "negations": _around("-", "1", ""),
    "negations apart": _around("- ", "1", ""),
    "nots": _around("not (", "true", ")"),
    "ifs": _around("if true then ", "1", " else 2"),
    "elses": _around("if false then 1 else ", "1", ""),
    "elifs": lambda depth: "let a = if true then 1" + " elif true then 1" * depth + " else 1\n",
    "matches": _around("match 1 with _ -> ", "1", ""),
    "functions": _around("function _ -> ", "1", ""),
    "tries": _around("try ", "1", " with _ -> 2"),
    "lets in": _around("let x = 1 in ", "x", ""),
    "let bodies": _around("let x = ", "1", " in x"),
    "begins": _around("begin ", "1", " end"),
    "open parentheses": _around("(", "1", ""),
    "closing parentheses": lambda depth: "let a = 1" + ")" * depth + "\n",
    "open brackets": _around("[", "1", ""),
    "open braces": _around("{", "1", ""),
    "mixed brackets": _around("([{", "1", ""),
    "comments": _around("(* ", "x", " *)", ""),
    "open comments": _around("(* ", "x", "", ""),
    "interpolations": _around('$"{', "1", '}"'),
    "triple interpolations": _around('$"""{', "1", '}"""'),
    "sum": lambda depth: "let a = 1" + " + 1" * depth + "\n",
    "cons": lambda depth: "let a = 1" + " :: 1" * depth + " :: []\n",
    "powers": lambda depth: "let a = 2.0" + " ** 2.0" * depth + "\n",
    "pipes": lambda depth: "let a = 1" + " |> id" * depth + "\n",
    "compositions": lambda depth: "let a = id" + " >> id" * depth + "\n",
    "ands": lambda depth: "let a = true" + " && true" * depth + "\n",
    "dots": lambda depth: "let a = x" + ".y" * depth + "\n",
    "indices": lambda depth: "let a = x" + ".[0]" * depth + "\n",
    "calls": lambda depth: "let a = x" + ".f()" * depth + "\n",
    "sequence": lambda depth: "let a = 1" + "; 1" * depth + "\n",
    "list elements": lambda depth: "let a = [" + "1; " * depth + "]\n",
    "tuple elements": lambda depth: "let a = (" + "1, " * depth + "1)\n",
    "arguments": lambda depth: "let a = f" + " 1" * depth + "\n",
    "parameters": lambda depth: "let f" + "".join(f" x{n}" for n in range(depth)) + " = 1\n",
    "declarations": lambda depth: "".join(f"let x{n} = {n}\n" for n in range(depth)),
    "shadowing": lambda depth: "let x = 1\n" * depth,
    "cases": lambda depth: "type T =\n" + "".join(f"    | C{n}\n" for n in range(depth)),
    "rules": lambda depth: (
        "let f x =\n    match x with\n" + "".join(f"    | {n} -> {n}\n" for n in range(depth))
    ),
    "or patterns": lambda depth: "let f x = match x with " + "| 1 " * depth + "-> 1\n",
    "pattern parentheses": lambda depth: "let " + "(" * depth + "x" + ")" * depth + " = 1\n",
    "pattern tuples": lambda depth: "let " + "(_, " * depth + "x" + ")" * depth + " = 1\n",
    "pattern cons": lambda depth: "let f y = match y with " + "_ :: " * depth + "_ -> 1 | _ -> 2\n",
    "pattern cases": lambda depth: (
        "let f y = match y with " + "Some (" * depth + "_" + ")" * depth + " -> 1 | _ -> 2\n"
    ),
    "type parentheses": lambda depth: "let f (x: " + "(" * depth + "int" + ")" * depth + ") = 1\n",
    "type arguments": lambda depth: (
        "let f (x: " + "list<" * depth + "int" + ">" * depth + ") = 1\n"
    ),
    "type suffixes": lambda depth: "let f (x: int" + " list" * depth + ") = 1\n",
    "type arrows": lambda depth: "let f (x: int" + " -> int" * depth + ") = 1\n",
    "type tuples": lambda depth: "let f (x: int" + " * int" * depth + ") = 1\n",
    "annotations": _around("(", "1", " : int)"),
    "measures": lambda depth: "let a = 1<" + "(" * depth + "m" + ")" * depth + ">\n",
    "measure products": lambda depth: "[<Measure>] type m\nlet a = 1<m" + " * m" * depth + ">\n",
    "string": lambda depth: 'let a = "' + "a" * depth + '"\n',
    "open string": lambda depth: 'let a = "' + "a\n" * depth,
    "name": lambda depth: "let " + "a" * depth + " = 1\n",
    "number": lambda depth: "let a = " + "1" * depth + "\n",
    "operator": lambda depth: "let a = 1 " + "+" * depth + " 1\n",
    "spaces": lambda depth: "let a =" + " " * depth + "1\n",
    "blank lines": lambda depth: "let a = 1\n" + "\n" * depth + "let b = 2\n",
    "attributes": lambda depth: "[<A>]\n" * depth + "let a = 1\n",
    "conditions": lambda depth: "#if A\n" * depth + "let a = 1\n" + "#endif\n" * depth,
    "open conditions": lambda depth: "#if A\n" * depth + "let a = 1\n",
    "quotes": lambda depth: "let a = " + "'" * depth + "\n",
    "backticks": lambda depth: "let a = " + "`" * depth + "\n",
    "nested modules": _lines(lambda n: f"module M{n} =", "let a = 1"),
    "nested lets": _lines(lambda n: f"let f{n} x =", "1"),
    "nested ifs": _lines(lambda n: "if true then", "1", "let a =\n"),
    "nested matches": _lines(lambda n: "match 1 with" + "\n" + "    " * n + "| _ ->", "1"),
    "nested loops": _lines(lambda n: "for i in 0 .. 9 do", "()"),
    "staircase": lambda depth: "".join(" " * n + "f\n" for n in range(depth)),
    "falling staircase": lambda depth: (
        "let a =\n" + "".join(" " * (depth - n + 1) + "f\n" for n in range(depth))
    ),
    "growing types": lambda depth: (
        "let f0 x = (x, x)\n"
        + "".join(f"let f{n} x = f{n - 1} (f{n - 1} x)\n" for n in range(1, min(depth, 4)))
    ),
    "pairs of pairs": lambda depth: (
        "let a =\n    let x0 = fun y -> y\n"
        + "".join(f"    let x{n} = (x{n - 1}, x{n - 1})\n" for n in range(1, min(depth, 14)))
        + "    x0\n"
    ),
    "abbreviations": lambda depth: (
        "type T0 = int\n"
        + "".join(f"type T{n} = T{n - 1}\n" for n in range(1, depth))
        + f"let a: T{max(depth - 1, 0)} = 1\n"
    ),
    "abbreviation ring": lambda depth: (
        "type T0 = T1\n"
        + "".join(f"and T{n} = T{(n + 1) % max(depth, 2)}\n" for n in range(1, max(depth, 2)))
    ),
    "inheritance ring": lambda depth: (
        "type T0() =\n    inherit T1()\n"
        + "".join(
            f"and T{n}() =\n    inherit T{(n + 1) % max(depth, 2)}()\n"
            for n in range(1, max(depth, 2))
        )
    ),
    "mutual functions": lambda depth: (
        "let rec f0 x = f1 x\n"
        + "".join(f"and f{n} x = f{(n + 1) % max(depth, 2)} x\n" for n in range(1, max(depth, 2)))
    ),
}
DEPTHS = (1, 3, 10, 60, 400)
"""How deep the tests go with every shape."""
DEEP = 10_000
SQUARE = {
    "nested modules",
    "nested lets",
    "nested ifs",
    "nested matches",
    "nested loops",
    "bodies in the column of their call",
    "staircase",
    "falling staircase",
}
"""Shapes whose texts grow with the square of the depth."""
