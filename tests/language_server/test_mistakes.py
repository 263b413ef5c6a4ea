"""What the language server says about broken code, and how it mends it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.language_server.client import Client, Document


@pytest.fixture(scope="module")
def document(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Document]:
    """An empty program, open in an editor."""
    with Client(tmp_path_factory.mktemp("editor")) as client:
        yield client.open("main.clef", "")


def test_messages_follow_the_text(document: Document) -> None:
    """A mistake is told with its code and place, and forgotten when it is mended."""
    document.write("let a = 1\nlet b: string = a\n")
    (message,) = document.messages()
    assert message["code"] == "E0301" and message["range"]["start"] == {"line": 1, "character": 16}
    document.write("let a = 1\nlet b: int = a\n")
    assert document.messages() == []


def test_syntax_errors_leave_the_rest(document: Document) -> None:
    """A broken line costs nothing of what the others mean."""
    document.write("let twice x = x * 2\nlet broken = (1 +\nlet four = twice 2\n")
    assert any(message["code"].startswith("E01") for message in document.messages())
    found = document.ask("hover", "let twi|ce")
    assert "x: int -> int" in found["contents"]["value"]
    (symbols) = document.whole("documentSymbol")
    assert "twice" in [s["name"] for s in symbols]


def test_what_is_not_needed(document: Document) -> None:
    """Modules and variables that nothing uses are faded, not reported."""
    document.write(
        "open System\nopen System.Text\nlet f (b: StringBuilder) =\n    let x = 1\n    b.Length\n"
    )
    found = {m["message"]: m.get("tags") for m in document.messages()}
    assert found == {"this `open` is not needed": [1], "`x` is not used": [1]}
    assert document.actions("open Sys|tem\n")["Remove unused `open`"].startswith("open System.Text")
    assert "let _x = 1" in document.actions("let |x = 1")["Rename `x` to `_x`"]


ACTIONS = [
    (
        "let numbers = [ 1 ]\nlet n = List.lenght¦ numbers\n",
        "Change to `length`",
        "List.length numbers",
    ),
    ("let b = StringBuilder¦()\n", "Open `System.Text`", "open System.Text\nlet b"),
    ("let f n = if n = 0 then 1 else n * ¦f (n - 1)\n", "Make `f` recursive", "let rec f n ="),
    ("let f () =\n    let x = 1\n    x¦ <- 2\n    x\n", "Make `x` mutable", "let mutable x = 1"),
    (
        "type U =\n    | A\n    | B of int\n    | C of name: string * age: int\n\n"
        "let f u =\n    match ¦u with\n    | A -> 1\n",
        "Add the missing rules",
        '    | A -> 1\n    | B(_) -> failwith "not implemented"\n'
        '    | C(name, age) -> failwith "not implemented"',
    ),
    (
        "type I =\n    abstract Go: int -> int\n    abstract Name: string\n\n"
        'type T() =\n    interface ¦I with\n        member _.Name = "t"\n',
        "Implement the missing members",
        '        member _.Go(arg0) = failwith "not implemented"',
    ),
    (
        "type R = { A: int; B: int }\nlet r = { ¦A = 1 }\n",
        "Add the missing",
        "{ A = 1; B = failwith",
    ),
    ("let f () =\n    ¦List.length [ 1 ]\n    2\n", "Ignore the result", "[ 1 ] |> ignore"),
    (
        "let f () =\n    let mutable x = 1\n    ¦x = 2\n    x\n",
        "Assign with `<-`",
        "x <- 2",
    ),
    ("let f ¦x = x + 1\n", "Add the type `int`", "let f (x: int) = x + 1"),
    ("let f () =\n    let ¦x = 1\n    x\n", "Add the type `int`", "let x: int = 1"),
    ("let f x = x + ¦(1)\n", "Remove the parentheses", "x + 1"),
    ("let double x\n    x ¦+ x\n", "Insert `=`", "let double x =\n    x + x"),
    ("let a = List.map (x ¦-> x + 1) [ 1 ]\n", "Insert `fun`", "List.map (fun x -> x + 1) [ 1 ]"),
    ("let b = [ 1 ] |> List.map (x ¦-> x)\n", "Insert `fun`", "List.map (fun x -> x)"),
    (
        'let r = ¦System.IO.StringReader "text"\n',
        "Insert `new`",
        'let r = new System.IO.StringReader "text"',
    ),
    ("let y = 5\nlet z = ¦y -1\n", "Subtract", "let z = y - 1"),
    (
        "let twice (a: int) = a * 2\nlet q = twice ¦abs 3\n",
        "Put `abs 3` in parentheses",
        "let q = twice (abs 3)",
    ),
    (
        'let name, age = "Ada", 36\nlet s = ¦sprintf "%s {is} %d, %.1f%%" name (age + 1) 2.5\n',
        "Write as an interpolated string",
        'let s = $"{name} {{is}} {age + 1}, %.1f{2.5}%%"',
    ),
    ("let f (a: int) = a ¦!= 1\n", "Write `<>`", "a <> 1"),
    ("let f a b = if a ¦== b then 1 else 2\n", "Write `=`", "if a = b then"),
    ("let n = List.map (¦x => x + 1) [ 1 ]\n", "Write `fun … ->`", "(fun x -> x + 1) [ 1 ]"),
    ("type R = { A ¦= int; B: int }\n", "Write `:`", "{ A: int; B: int }"),
    ("type R = { A ¦int }\n", "Insert `:`", "{ A: int }"),
    ('let r = { ¦Aa = 1; Bb = "x" }\n', "Make it an anonymous", '{| Aa = 1; Bb = "x" |}'),
    ("type T() =\n    member ¦Foo() = 1\n", "Insert `this.`", "member this.Foo() = 1"),
    (
        "type T() =\n    member this.A = 1\n    member this.B = ¦A + 1\n",
        "Write `this.A`",
        "member this.B = this.A + 1",
    ),
    ("let g (x: float) : int = ¦x\n", "Convert with `int`", ": int = int x"),
    ("let h (x: int) : string = ¦x\n", "Convert with `string`", ": string = string x"),
    ("let f (t: string) = t\nlet g = f ¦1\n", "Convert with `string`", "f (string 1)"),
    ("let o: int option = ¦3\n", "Convert with `Some`", "= Some 3"),
    ("let f x =\n    if x then 1 else ¦return 2\n", "Remove `return`", "else 2"),
    ("let cell = ref 1\nlet y = ¦!cell + 1\n", "Write `cell.Value`", "cell.Value + 1"),
    ("let ¦f x = x + 1\n", "Make `f` private", "let private f x"),
    (
        "module M =\n    let ¦f x (y, z) = x + y + z\n",
        "Document with XML",
        '    /// <summary></summary>\n    /// <param name="x"></param>\n'
        '    /// <param name="y"></param>\n    /// <param name="z"></param>\n'
        "    /// <returns></returns>\n    let f x",
    ),
    (
        'let f x = ¦failwithf "bad: %A" x\n',
        "Write as an interpolated string",
        'let f x = failwith $"bad: %A{x}"',
    ),
]


@pytest.mark.parametrize(("marked", "title", "made"), ACTIONS, ids=[a[2] for a in ACTIONS])
def test_actions(document: Document, marked: str, title: str, made: str) -> None:
    """The edits of code actions, each on its own example."""
    document.write(marked.replace("¦", ""))
    document.messages()
    found = document.actions(marked)
    text = next((text for name, text in found.items() if name.startswith(title)), None)
    assert text is not None and made in text, found


def test_project_of_several_files(tmp_path: Path) -> None:
    """An edit in one file changes what is wrong in another; a rename reaches both."""
    (tmp_path / "app.fidproj").write_text(
        '[package]\nname = "app"\n\n[compilation]\n\n[build]\nsources = ["lib.clef", "main.clef"]\n'
        'output = "app"\n'
    )
    library = "module Lib\n\nlet add a b = a + b\n"
    program = "module Main\n\nlet sum = Lib.add 1 2\n"
    (tmp_path / "lib.clef").write_text(library)
    (tmp_path / "main.clef").write_text(program)
    with Client(tmp_path) as client:
        main = client.open("main.clef", program)
        lib = client.open("lib.clef", library)
        assert main.messages() == []
        edit = lib.ask("rename", "let ad|d", newName="plus")
        assert "Lib.plus 1 2" in main.edited(edit) and "let plus a b" in lib.edited(edit)
        found = main.ask("definition", "Lib.ad|d")
        assert found["uri"] == lib.uri
        client.diagnostics.pop(main.uri, None)
        lib.write("module Lib\n\nlet add a = a + 1\n")
        assert main.messages(), "the other file is wrong now"


def test_nonsense_is_survived(tmp_path: Path) -> None:
    """Cut-off programs, strange characters, places outside of the text."""
    text = (Path(__file__).parent.parent.parent / "examples/game_of_life/main.clef").read_text()
    with Client(tmp_path) as client:
        document = client.open("a.clef", "")
        for end in range(0, len(text), max(1, len(text) // 25)):
            document.write(text[:end] + "𝄞(")
            position = {"line": 10_000, "character": 10_000}
            place = {"textDocument": {"uri": document.uri}, "position": position}
            client.ask("textDocument/completion", place)
            client.ask("textDocument/hover", place)
            document.whole("semanticTokens/full")
        assert (tmp_path / "log.txt").read_text().count("Traceback") == 0, (
            tmp_path / "log.txt"
        ).read_text()[-3000:]
