"""What the language server answers about a program that has no mistakes."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.language_server.client import Client, Document

PROGRAM = """\
module Shapes

open System.Text

/// A shape with an area.
type Shape =
    | Circle of radius: float
    | Square of side: float

type Point = { X: int; Y: int }

type IRun =
    abstract Run: int -> int

type Counter(start: int) =
    let mutable total = start
    /// Adds a number to the total.
    member this.Add(n: int) = total <- total + n
    member this.Add(text: string) = total <- total + text.Length
    member _.Total = total
    interface IRun with
        member _.Run n = n + total

/// The area of a shape.
let area shape =
    match shape with
    | Circle r -> System.Math.PI * r * r
    | Square side -> side * side

let twice action value = action (action value)
let origin = { X = 0; Y = 0 }
let moved = { origin with X = origin.X + 1 }
let counter = Counter 3
counter.Add "four"
let builder = StringBuilder()
let größe = area (Circle 2.0)
printfn "%f %d 𝄞" größe (twice (fun n -> n + 1) 3)
"""


@pytest.fixture(scope="module")
def document(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Document]:
    """The program, open in an editor."""
    with Client(tmp_path_factory.mktemp("editor")) as client:
        yield client.open("shapes.clef", PROGRAM)


def _texts(document: Document, found: list[Any]) -> list[tuple[int, str]]:
    lines = document.text.splitlines()
    return [
        (
            r["start"]["line"] + 1,
            lines[r["start"]["line"]][r["start"]["character"] : r["end"]["character"]],
        )
        for r in (one["range"] for one in found)
    ]


def test_no_messages(document: Document) -> None:
    """A right program is quiet."""
    assert document.messages() == []


@pytest.mark.parametrize(
    ("place", "shown"),
    [
        ("let |area", "val area: shape: Shape -> float"),
        ("let |area", "The area of a shape."),
        ("match sh|ape with", "shape: Shape"),
        ("| Squ|are side ->", "Square of side: float"),
        ("let ori|gin", "val origin: Point"),
        ("origin.X| +", "Point.X: int"),
        ('counter.Ad|d "four"', "member Add: (text: string) -> unit"),
        ("System.Math.P|I", "PI"),
        ("type Coun|ter", "type Counter"),
        ("type Sha|pe =", "- on the wire 9 bytes\n- in memory 16 bytes"),
        ("printf|n", "printfn"),
        ("mod|ule Shapes", None),
        ("module Sha|pes", "module Shapes"),
        ("let twi|ce", "action: ('a -> 'a) -> value: 'a -> 'a"),
    ],
)
def test_hover(document: Document, place: str, shown: str | None) -> None:
    """Declarations as the user would write them, and their documentation."""
    found = document.ask("hover", place.replace("| Squ|are", "Squ|are"))
    text = found["contents"]["value"] if found is not None else ""
    assert (shown or "") in text if shown else found is None, text


def test_definition(document: Document) -> None:
    """Names lead to their declarations, names of the library into its files."""
    found = document.ask("definition", "area (Cir|cle 2.0)")
    assert _texts(document, [found]) == [(7, "Circle")]
    found = document.ask("definition", 'counter.Add| "four"')
    assert _texts(document, [found]) == [(19, "Add")]
    found = document.ask("definition", "StringBuil|der()")
    path = Path(found["uri"].removeprefix("file://"))
    assert path.exists() and "type StringBuilder" in path.read_text(encoding="utf-8")


def test_type_definition_and_implementation(document: Document) -> None:
    """From a value to its type, from an interface to who implements it."""
    found = document.ask("typeDefinition", "let mo|ved")
    assert _texts(document, [found]) == [(10, "Point")]
    found = document.ask("implementation", "type I|Run")
    assert [line for line, _ in _texts(document, found)] == [15]


def test_references_and_highlights(document: Document) -> None:
    """All uses of a field; reads and writes in one file."""
    found = document.ask("references", "{ X|: int", context={"includeDeclaration": True})
    assert [line for line, _ in _texts(document, found)] == [10, 31, 32, 32]
    found = document.ask("documentHighlight", "let mutable to|tal")
    assert [line for line, _ in _texts(document, found)] == [16, 18, 18, 19, 19, 20, 22]


def test_call_hierarchy(document: Document) -> None:
    """Who calls a function, and what a function calls; a file's own statements call as the file."""
    (area,) = document.ask("prepareCallHierarchy", "größe = ar|ea")
    assert area["name"] == "area" and area["selectionRange"]["start"]["line"] == 24
    callers = document.client.ask("callHierarchy/incomingCalls", {"item": area})
    assert [(c["from"]["name"], len(c["fromRanges"])) for c in callers] == [("größe", 1)]
    callees = document.client.ask("callHierarchy/outgoingCalls", {"item": callers[0]["from"]})
    assert [c["to"]["name"] for c in callees] == ["area", "Circle"]
    (twice,) = document.ask("prepareCallHierarchy", "let twi|ce")
    (caller,) = document.client.ask("callHierarchy/incomingCalls", {"item": twice})
    assert caller["from"]["name"] == "shapes.clef"
    (add,) = document.ask("prepareCallHierarchy", "counter.Ad|d")
    assert add["name"] == "Add"
    assert document.ask("prepareCallHierarchy", "open Sys|tem") == []


def test_rename(document: Document) -> None:
    """Every use changes; names of the library do not."""
    edit = document.ask("rename", "let grö|ße", newName="size of it")
    text = document.edited(edit)
    assert "let ``size of it`` = area" in text and '𝄞" ``size of it`` (twice' in text
    edit = document.ask("rename", "| Cir|cle of".removeprefix("| "), newName="Disc")
    assert document.edited(edit).count("Disc") == 3
    with pytest.raises(ValueError, match="not declared in this project"):
        document.ask("rename", "printf|n", newName="p")
    with pytest.raises(ValueError, match="capital"):
        document.ask("rename", "Squ|are of", newName="square")


def test_symbols(document: Document) -> None:
    """The outline of the file, and a search through the project."""
    (module,) = document.whole("documentSymbol")
    names = {s["name"]: [c["name"] for c in s.get("children") or ()] for s in module["children"]}
    assert names["Shape"] == ["Circle", "Square"]
    assert names["Point"] == ["X", "Y"]
    assert names["Counter"] == ["Add", "Add", "Total", "Run"]
    assert {"area", "twice", "größe"} <= names.keys()
    found = document.client.ask("workspace/symbol", {"query": "crcl"})
    assert [symbol["name"] for symbol in found] == ["Circle"]


@pytest.mark.parametrize(
    ("before", "caret", "wanted", "unwanted"),
    [
        ("let one = coun", "", ["counter"], ["Total", "builder"]),
        ("let one = counter.", "", ["Add", "Total"], ["counter", "Zero"]),
        ("let one = origin.", "", ["X", "Y", "ToString"], ["Add"]),
        ("let one = (twice id origin).", "", ["X", "Y"], []),
        ("let one = List.", "", ["map", "fold"], ["counter"]),
        ("let one = System.Math.", "", ["PI", "Sqrt"], []),
        ("let one = Shape.", "", ["Circle", "Square"], ["Add"]),
        ("let one (p: Poi", ") = p", ["Point"], ["counter"]),
        ("open System.Col", "", ["Collections"], ["counter"]),
        ("let one = [ 1 ] |> Lis", "", ["List"], []),
        ("let one inner = inn", "", ["inner"], []),
        ("let one = Dictio", "", ["Dictionary"], []),
        ('let one = "a." // b.', "", [], ["Add"]),
    ],
)
def test_completion(
    document: Document, before: str, caret: str, wanted: list[str], unwanted: list[str]
) -> None:
    """What can be written at the caret, also in the middle of a broken line."""
    document.write(f"{PROGRAM}{before}{caret}\n")
    document.messages()
    found = document.ask("completion", f"{before}¦{caret}")
    labels = [item["label"] for item in found["items"]]
    assert [w for w in wanted if w not in labels] == [], labels[:20]
    assert [u for u in unwanted if u in labels] == []
    document.write(PROGRAM)


def test_completion_opens(document: Document) -> None:
    """A type of a module that is not open brings its `open` along."""
    document.write(PROGRAM + "let one = Dictionar\n")
    found = document.ask("completion", "Dictionar|")
    item = next(i for i in found["items"] if i["label"] == "Dictionary")
    assert document.edited({"changes": {document.uri: item["additionalTextEdits"]}}).startswith(
        "module Shapes\n\nopen System.Text\nopen System.Collections.Generic\n"
    )
    resolved = document.client.ask("completionItem/resolve", item)
    assert resolved["label"] == "Dictionary"
    document.write(PROGRAM)


@pytest.mark.parametrize(
    ("call", "label", "active"),
    [
        ("counter.Add(", "member Add: (n: int) -> unit", 0),
        ("twice id ", "val twice: action: ('a -> 'a) -> value: 'a -> 'a", 1),
        ("Counter(", "new Counter(start: int)", 0),
        ('"abc".Substring(1, ', "Substring", 1),
    ],
)
def test_signature_help(document: Document, call: str, label: str, active: int) -> None:
    """The parameters of what is being called, before the call is complete."""
    document.write(f"{PROGRAM}let one = {call}\n")
    found = document.ask("signatureHelp", f"let one = {call}|")
    assert any(label in one["label"] for one in found["signatures"]), found
    assert found["activeParameter"] == active
    document.write(PROGRAM)


def test_structure(document: Document) -> None:
    """Folding, growing selections, colours by meaning."""
    folds = {(f["startLine"] + 1, f["endLine"] + 1) for f in document.whole("foldingRange")}
    assert {(15, 22), (25, 28)} <= folds
    position = document.at("System.Math.P|I")["position"]
    (selection,) = document.whole("selectionRange", positions=[position])
    lengths: list[Any] = []
    while selection:
        lengths.append(_texts(document, [selection])[0])
        selection = selection.get("parent")
    assert lengths[0] == (27, "PI") and len(lengths) > 5
    data = document.whole("semanticTokens/full")["data"]
    assert len(data) % 5 == 0 and len(data) > 200
    assert all(number >= 0 for number in data)


def test_hints_and_lenses(document: Document) -> None:
    """Inferred types between the words, signatures and uses above declarations."""
    end = {"line": 99, "character": 0}
    found = document.whole("inlayHint", range={"start": {"line": 0, "character": 0}, "end": end})
    labels = {(h["position"]["line"] + 1, h["label"]) for h in found}
    assert {(25, ": Shape"), (31, ": Point"), (33, ": Counter"), (37, "value =")} <= labels
    titles = [lens["command"]["title"] for lens in document.whole("codeLens")]
    assert "shape: Shape -> float" in titles and "1 reference" in titles
    assert "on the wire 9 bytes, in memory 16 bytes" in titles


def test_no_hints_of_unknown_types(document: Document) -> None:
    """What could not be typed has no type to show."""
    document.write('let text = "a" - 1\nlet number = 2\n')
    end = {"line": 99, "character": 0}
    found = document.whole("inlayHint", range={"start": {"line": 0, "character": 0}, "end": end})
    assert [hint["label"] for hint in found] == [": int"]
    titles = [lens["command"]["title"] for lens in document.whole("codeLens")]
    assert titles == ["0 references", "int", "0 references"]
    document.write(PROGRAM)


def test_costs_of_a_saved_program(tmp_path: Path) -> None:
    """Lenses and the pointer tell what a declaration costs, while its text is the saved one."""
    text = (
        "let pair x = [ x; x ]\n"
        "let pick (xs: int[]) i = xs.[i] / 2\n"
        "let sum (xs: int[]) =\n    let mutable s = 0\n"
        "    for x in xs do\n        s <- s + x\n    s\n"
        'printfn "%A %d" (pair 1) (sum [| 1 |])\n'
        'printfn "%d" (pick [| 1 |] (int (System.Console.ReadLine())))\n'
    )
    (tmp_path / "costs.clef").write_text(text)
    with Client(tmp_path) as client:
        saved = client.open("costs.clef", text)

        def lenses() -> list[str]:
            return [lens["command"]["title"] for lens in saved.whole("codeLens")]

        deadline = time.monotonic() + 60
        while "no allocation" not in lenses() and time.monotonic() < deadline:
            time.sleep(0.2)
        assert {"1 allocation", "no allocation"} <= set(lenses())
        remains = [one for one in lenses() if one.startswith("1 check remains to be proven")]
        assert len(remains) == 1, lenses()
        hovered = saved.ask("hover", "i = xs.[|i]")
        assert "check of index: remains: nothing says that `i` is" in hovered["contents"]["value"]
        hovered = saved.ask("hover", "let pair x = |[ x; x ]")
        assert "is a cell of 24 bytes" in hovered["contents"]["value"]
        saved.write(text.replace("[ x; x ]", "[ x ]"))
        assert "1 allocation" not in lenses() and "no allocation" in lenses()
