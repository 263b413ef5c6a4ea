"""What to write instead: hints for slips that beginners make, and for words of other languages.

In: short programs. Out: the hint of the first message. Promises: the hint names what would help.
"""

from __future__ import annotations

import pytest

from tests.inference.conftest import Check

HINTS = {
    "let table = Dictionary<string, int>()": "write `open System.Collections.Generic`",
    "let day (d: DateTime) = d.Year": "write `open System`",
    'let text = String.Join(",", [ "a" ])': "`System.String` has it: write `open System`",
    "open System.Collection.Generic": "did you mean `System.Collections.Generic`?",
    "let first n = second n\nlet second n = n + 1": (
        "move the definition in front of its first use, or join the two with `and`"
    ),
    "let name (p: Person) = p\ntype Person = { Name: string }": (
        "move the definition in front of its first use, or join the two with `and`"
    ),
    "module Inner =\n    let shared = 1\nlet x = shared": "write `open Test.Inner`",
    "def f(x) = x": "definitions begin with `let`",
    "let ys = [ 1 ].map (fun x -> x)": "it is a function: `value |> List.map …`",
    "let ys = [| 1 |].filter (fun x -> x > 1)": "it is a function: `value |> Array.filter …`",
    "let n = [ 1 ].length": "did you mean `Length`?",
    "let ys = [ 1 ].Select(fun x -> x)": "write `open System.Linq`",
    "let xs = List<int>()": "a list that grows is a `ResizeArray<…>()`",
    "[<Fact>]\nlet test () = ()": "write `open Xunit`",
    "type P = { Name: string }\nlet p q = { q with Nmae = 1 }": "did you mean `Name`?",
    "let f (x: int) (y: int) = x + y\nlet z = f (1, 2)": (
        "are the arguments taken one by one? Write `f a b`, not `f (a, b)`"
    ),
    "let f (x, y) = x + y\nlet z = f 1 2": "the arguments are taken together: write `f (a, b)`",
    'let add x y = x + y\nprintfn "%d" (add 1)': (
        "is an argument missing? This is a function that still waits for one"
    ),
    "let a = async {\n    do Async.Sleep 10\n    return 1\n}": (
        "`do!` in an `async` or `task` waits for it"
    ),
    'let f b = if b then Error "no" else 1': "wrap it: `Ok value`",
    "let f (e: exn) = printfn e.Message": 'a format is a literal: write `printfn "%s" text`',
    "let c = ref 0\nlet n = c + 1": "read the cell with `.Value`",
    "let c = ref 0\nc <- 1": "write `c.Value <- …`",
    "let n = Some 1 + 1": "take the value out with `match` or `Option.defaultValue`",
    'for k, v in dict [ 1, "a" ] do ignore k': "write `KeyValue(key, value)`",
    "let now = System.DateTime.Now()": "it is a value: leave `()` out",
    "let a = async { do! Async.Sleep 1; return 1 }": (
        "begin a new line: what stands behind `do!` on its line belongs to it"
    ),
    "let f x = return x": "a function gives its last expression: leave `return` out",
    "let s = seq { 1 }\nlet x = s[0]": (
        "`Seq.item index values` looks for an element of a sequence"
    ),
    "let l = [ 1 ]\nl[0] <- 2": "lists do not change: use an array, or make a new list",
    "let m = Map [ 1, 2 ]\nm[1] <- 3": (
        "maps do not change: `Map.add key value table` makes another one"
    ),
    "let f () = async {\n    let x = async.Return 1\n    return x + 1\n}": (
        "wait for it with `let!`"
    ),
    "type C() =\n    member self.One = 1\n    member _.Two = One + 1": "write `self.One`",
    "type C() =\n    static member One = 1\n    member _.Two = One + 1": "write `C.One`",
    "let a () = b ()\nand b () = 1": "write `let rec`, or another `let`",
    'let n = "abc" |> List.map int': (
        "the function takes `'a list`, but what is piped into it is `string`"
    ),
    "let n = List.sum [| 1 |]": "make a list of it: `List.ofSeq values`",
    "type C() =\n    static member One = 1\nC.One <- 2": (
        "its definition says `with get, set` if it is meant to be assigned"
    ),
    "open FParsec": (
        "its file comes earlier in the project's sources; a package is added by `clef add`"
    ),
    "let h = fun x => x": "write `->`",
    "let c = 'ab'": "text of several characters stands in double quotes",
    "type P = { X: int, Y: int }": "fields end with `;` or with the line",
    "let p = { X: 1 }": "a field gets its value with `=`",
    "let w = true ? 1 : 2": "a choice is written `if … then … else …`",
    "let t = [ 1 ] |> List.map fun x -> x": ("put the function in parentheses: `(fun x -> x + 1)`"),
    "for x in [ 1 ]\n    ignore x": (
        "write `do` at the end of the line that begins with `for` or `while`"
    ),
    "let f x =\n    try\n        x\n    catch e -> 0": "write `with` in place of `catch`",
    "let f x =\n    let y = x\n     let z = y\n    z": (
        "let the next line begin in the same column as let"
    ),
    "let xs = [| 1 |]\nlet x = xs.(0)": "an index stands in brackets: `values[0]`",
}


@pytest.mark.parametrize("program", HINTS)
def test_the_hint_helps(infer: Check, program: str) -> None:
    hints = [found.hint() for found in infer(program).diagnostics]
    assert hints[0] == HINTS[program]


def test_a_bracket_that_is_never_closed_needs_no_result(infer: Check) -> None:
    """It has taken what the `let` before it would need."""
    assert "E0122" not in infer("let f x =\n    let y = (x + 1\n    y\n").codes
