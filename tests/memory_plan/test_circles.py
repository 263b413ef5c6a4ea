"""Which types can form circles, and that circles are given back while the program runs.

In: programs. Out: what `clef explain --memory` says of circles, and the memory that programs take.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.child_usage import usage
from tests.command_line.cli import Cli

PLAIN = """\
type Tree = Leaf | Node of Tree * int * Tree
type Account(owner: string) =
    let mutable balance = 0
    let history = System.Collections.Generic.List<int>()
    member _.Owner = owner
    member _.Add(x) =
        balance <- balance + x
        history.Add(x)
    member _.Balance = balance
type Pair(left: Tree, parts: string[]) =
    member _.Left = left
    member _.Parts = parts
type Chain(rest: Chain list, weight: int) =
    member _.Rest = rest
    member _.Weight = weight + List.sumBy (fun (one: Chain) -> one.Weight) rest
type Document = Number of float | Object of Map<string, Document> | Labels of Set<string>
let tags = Labels(Set.ofList [ "d" ])
let document = Object(Map.ofList [ "a", Number 1.0; "b", Object Map.empty; "c", tags ])
let rec insert x tree =
    match tree with
    | Leaf -> Node(Leaf, x, Leaf)
    | Node(l, y, r) -> if x < y then Node(insert x l, y, r) else Node(l, y, insert x r)
let counter () =
    let mutable n = 0
    let total = ref 0
    fun k ->
        total.Value <- total.Value + k + n
        total.Value
let words = System.Collections.Generic.Dictionary<string, int list>()
let account = Account("a")
account.Add(List.sum (Array.toList (Array.map (fun x -> x + 1) [| 1; 2 |])))
words.["x"] <- [ account.Balance ]
let pair = Pair(insert 1 Leaf, [| "a" |])
let chain = Chain([ Chain([], 1) ], 2)
let count = counter ()
match document with
| Object entries -> printfn "%d" (Map.remove "a" (Map.add "e" document entries)).Count
| _ -> ()
printfn "%d %A %d %d %d" words.Count pair.Left chain.Weight (count 2) pair.Parts.Length
"""

CIRCULAR = """\
type Node = { mutable Next: Node option; Value: int }
type Branch = { Name: string; Children: System.Collections.Generic.List<Branch> }
type Own(start: int) as this =
    let get = fun () -> this.Start
    member _.Start = start
    member _.Get() = get ()
type Leaf = { Text: string; Weight: int; Height: int }
let run () =
    let node = { Next = None; Value = 1 }
    node.Next <- Some node
    let branch = { Name = "a"; Children = System.Collections.Generic.List<Branch>() }
    branch.Children.Add(branch)
    let own = Own(2)
    let leaf = { Text = "x"; Weight = 1; Height = 2 }
    printfn "%d %d %d %s" node.Value branch.Children.Count (own.Get()) leaf.Text
run ()
"""

GARBAGE = """\
type Node = { mutable Next: Node option; mutable Others: Node[]; Value: int }
let ring size =
    let first = { Next = None; Others = [||]; Value = 0 }
    let mutable last = first
    for i in 1 .. size - 1 do
        last <- { Next = Some last; Others = [| last; first |]; Value = i }
    first.Next <- Some last
    first.Others <- Array.create 10 last
    last.Value
let mutable total = 0
let kept = { Next = None; Others = [||]; Value = 0 }
// a structure that stays and is looked at from many sides
let mutable at = kept
for i in 1 .. 50000 do
    at.Next <- Some { Next = Some kept; Others = [||]; Value = i }
    match at.Next with
    | Some next -> at <- next
    | None -> ()
for i in 1 .. REPEAT do
    total <- total + ring (if i % 1000 = 0 then 5000 else 4)
printfn "%d" total
"""


def _circles(folder: Path, text: str) -> dict[str, list[str]]:
    """What can be in a circle, by function."""
    (folder / "program.clef").write_text(text, encoding="utf-8")
    done = Cli(folder)("explain", "--memory", "program.clef", "--message-format", "json")
    assert done.code == 0, done.said
    reports: list[dict[str, Any]] = json.loads(done.said)
    return {
        one["name"]: [r["text"] for r in one["remarks"] if r["kind"] == "circle"] for one in reports
    }


def test_programs_whose_types_cannot_form_circles(tmp_path: Path) -> None:
    assert not any(_circles(tmp_path, PLAIN).values())


def test_programs_whose_types_can(tmp_path: Path) -> None:
    found = {text.split()[0] for texts in _circles(tmp_path, CIRCULAR).values() for text in texts}
    assert {"`Node`", "`Own`", "the"} <= found
    assert "`Leaf`" not in found


def _peak(folder: Path, repeat: int) -> int:
    """The kilobytes that the program takes at most."""
    text = GARBAGE.replace("REPEAT", str(repeat))
    (folder / "garbage.clef").write_text(text, encoding="utf-8")
    done = Cli(folder)("build", "--release", "garbage.clef")
    assert done.code == 0, done.said
    return usage([str(folder / "garbage")], folder)[1] // 1024


def test_millions_of_circles_in_bounded_memory(tmp_path: Path) -> None:
    few, many = _peak(tmp_path, 200_000), _peak(tmp_path, 1_000_000)
    assert many < 80_000  # all circles together are five hundred megabytes
    assert many < 1.5 * few
