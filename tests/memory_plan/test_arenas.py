"""`arena { … }`: what may get out of a block is found, and what stays inside is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from clef.diagnostics.memory import ArenaEscape
from tests.memory_plan.findings import found

ESCAPES = {
    "result": ("let f x = arena { return string x }", "f 1"),
    "result that holds something": (
        "let f x = arena { return struct (x, string x) }",
        "f 1",
    ),
    "function": ("let f x = arena { return (fun y -> x + y) }", "f 1 2"),
    "module's value": ('let mutable last = ""\nlet f x = arena { last <- string x }', "f 1"),
    "reference": ("let f (r: string ref) x = arena { r.Value <- string x }", 'f (ref "") 1'),
    "element": ("let f (xs: string[]) x = arena { xs.[0] <- string x }", 'f [| "" |] 1'),
    "through a call": (
        "let names = ResizeArray<string>()\nlet note x = names.Add(string x)\n"
        "let f x = arena { note x }",
        "f 1",
    ),
    "through an unknown function": (
        'let f (g: int -> unit) x = arena { g x }\nlet r = ref ""\nf ignore 1',
        "f (fun x -> r.Value <- string x) 1",
    ),
    "through an interface": (
        "type IKeep = abstract Keep: string -> unit\n"
        'type Keeper() =\n    let mutable last = ""\n    member _.Last = last\n'
        "    interface IKeep with member _.Keep s = last <- s\n"
        "let f (k: IKeep) x = arena { k.Keep (string x) }",
        "f (Keeper()) 1",
    ),
    "what is computed late": (
        "let f (late: Lazy<string>) = arena { return late.Value.Length }",
        "f (lazy (string 3))",
    ),
    "growing": (
        "let f (xs: ResizeArray<int>) = arena { xs.Add 1 }",
        "f (ResizeArray())",
    ),
    "outer arena": (
        "let f x = arena {\n    let kept = ResizeArray<string>()\n"
        "    arena { kept.Add (string x) }\n    return kept.Count }",
        "f 1",
    ),
    "delegate": (
        "let names = ResizeArray<string>()\nlet f (d: System.Action<int>) = arena { d.Invoke 1 }",
        "f (System.Action<int>(fun x -> names.Add(string x)))",
    ),
    "event": (
        "let names = ResizeArray<string>()\nlet changed = Event<string>()\n"
        "changed.Publish.Add(fun s -> names.Add s)\n"
        "let f (x: int) = arena { changed.Trigger(string x) }",
        "f 1",
    ),
    "remembering function": (
        "let memo = System.Collections.Generic.Dictionary<int, string>()\n"
        "let text n =\n    if not (memo.ContainsKey n) then memo.[n] <- string n\n    memo.[n]\n"
        "let f n = arena { return (text n).Length }",
        "f 1",
    ),
    "enumerator": (
        "let lines = (seq { for i in 1 .. 3 -> [ string i ] }).GetEnumerator()\n"
        "let f () = arena { return lines.MoveNext() }",
        "f ()",
    ),
    "inner array": (
        "let f (xss: string[][]) x = arena { xss.[0].[0] <- string x }",
        'f [| [| "" |] |] 1',
    ),
    "deep inside": (
        "type R = { Inner: int * string ref list }\n"
        "let f (r: R) x = arena { (List.head (snd r.Inner)).Value <- string x }",
        'f { Inner = (1, [ ref "" ]) } 1',
    ),
    "struct in an object": (
        "[<Struct>]\ntype S = { mutable Text: string }\n"
        'type Holder() =\n    let mutable s = { Text = "" }\n'
        "    member _.Set x = s.Text <- x\n    member _.Get = s.Text\n"
        "let f (h: Holder) x = arena { h.Set(string x) }",
        "f (Holder()) 1",
    ),
    "byref": (
        "let put (place: byref<string>) x = place <- string x\n"
        "type Holder() =\n    [<DefaultValue>] val mutable Text : string\n"
        "let f (h: Holder) x = arena { put &h.Text x }",
        "f (Holder()) 1",
    ),
    "agent": (
        "let agent = MailboxProcessor<string>.Start(fun inbox -> async {\n"
        '    let! text = inbox.Receive()\n    printfn "%s" text })\n'
        "let f (x: int) = arena { agent.Post(string x) }",
        "f 1",
    ),
    "pointer": (
        "let f () = arena {\n    let a = Arena.create 10\n    return Arena.alloc<int> a 1 }",
        "Ptr.isNull (f ())",
    ),
}
HARMLESS = {
    "numbers": ("let f (xs: int[]) = arena { xs.[0] <- (string xs.[0]).Length }", "f [| 10 |]"),
    "inside": (
        "let f n = arena {\n    let d = System.Collections.Generic.Dictionary<int, string>()\n"
        "    for i in 1 .. n do d.[i] <- string i\n    return d.Count }",
        "f 3",
    ),
    "copies": (
        "let f (xs: string[]) = arena { return (Array.map (fun (x: string) -> x + x) xs).Length }",
        'f [| "a" |]',
    ),
    "caught": (
        "let f x = arena { return (try failwith (string x) with e -> e.Message.Length) }",
        "f 1",
    ),
    "printing": ('let f x = arena { printfn "%A" [ string x ] }', "f 1"),
    "structs": ("let f x = arena { return struct (x, (string x).Length) }", "f 1"),
}


def program(case: tuple[str, str]) -> str:
    return f'{case[0]}\nprintfn "%A" ({case[1]})\n'


@pytest.mark.parametrize("name", ESCAPES)
def test_what_may_get_out(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    findings = found(program(ESCAPES[name]), tmp_path, monkeypatch)
    assert "E0606" in {one.code for one in findings}


@pytest.mark.parametrize("name", HARMLESS)
def test_what_stays(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert found(program(HARMLESS[name]), tmp_path, monkeypatch) == []


def test_the_way_out_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    finding = found(program(ESCAPES["through a call"]), tmp_path, monkeypatch)[0]
    assert isinstance(finding, ArenaEscape)
    assert "`names`" in finding.way and finding.path and "Add" in finding.path[0]
    assert finding.span != finding.block
