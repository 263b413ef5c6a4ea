"""Edits inside functions: what is said afterwards is what a fresh analysis of the text says.

In: a file of many kinds of declarations, edited at random inside its functions. Out: after every
edit all that is known about the file, from the analysis that was carried along and from a new one.
"""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest

from clef.diagnostics.arrangement import has_errors
from clef.inference.type_text import show
from clef.inference.types import Type
from clef.language_server import hints, structure, symbols
from clef.language_server.analysis import Analyser, ProjectAnalysis
from clef.language_server.file_analysis import FileAnalysis
from clef.language_server.messages import messages
from clef.language_server.placement import Placement
from clef.language_server.workspace import SYMBOLS
from clef.source import SourceFile, Span
from clef.source.difference import Difference, difference
from clef.standard_library import Library, load
from clef.toolchain.telemetry import SILENT

EARLIER = """module Earlier

type Point = { X: int; Y: int }
let origin = { X = 0; Y = 0 }
let mutable counter = 1
module Inner =
    let twice x = x + x
"""
TEXT = """/// The file that is edited.
module Work.Main

open System
open Earlier

/// A shape.
type Shape =
    | Circle of radius: float
    | Square of side: float
    member this.Area =
        match this with
        | Circle radius -> Math.PI * radius * radius
        | Square side -> side * side

type Place = { X: int; Y: int; Name: string }

exception Missing of string

[<Literal>]
let Limit = 100

let (|Even|Odd|) n = if n % 2 = 0 then Even else Odd

/// Adds three.
let add (left: int) right third =
    let sum = left + right
    // the rest
    sum + third

let inline square x = x * x

module Inside =
    open Earlier.Inner
    let private hidden = 3

    /// Uses what is open here.
    let used y =
        let place = { X = y; Y = hidden; Name = "here" }
        twice place.X + counter

    let rec countdown n =
        match n with
        | Even when n > 0 -> countdown (n - 2)
        | Odd -> n
        | _ -> Limit

[<AutoOpen>]
module Shown =
    open System.Text
    let shown = 3

let first, second = add 1 2 3, "two"

module Later =
    open System.Collections.Generic
    let inside = Dictionary<string, int>()

let names = [ for i in 1 .. 10 -> $"name {i}" ]

let lookUp (table: Map<string, int>) key =
    match Map.tryFind key table with
    | Some found when found > Limit -> raise (Missing key)
    | Some found -> found
    | None -> Inside.used first

let rec even n = n = 0 || odd (n - 1)
and odd n = n <> 0 && even (n - 1)

let area shapes =
    shapes
    |> List.map (fun (shape: Shape) -> shape.Area)
    |> List.sum

let numbers =
    seq {
        for i in 1 .. 3 do
            yield i * square i
            yield add i i i
    }

/// The last one.
let run (text: string) =
    let mutable total = 0
    for name in names do
        total <- total + name.Length
    if text.Length > 3 && even total then printfn "%s %d" text total
    try
        lookUp Map.empty second
    with Missing key -> key.Length + total
"""
INSERTED = (
    " + 1",
    "1",
    "x",
    " ",
    "\n",
    "first",
    ".Length",
    '"',
    "(",
    ")",
    " // note",
    "(* a *)",
    "let q = 1\n    ",
    " |> ignore",
    "total",
    "é😀",
)


@pytest.fixture(scope="module")
def library() -> Library:
    """The library, checked."""
    return load(SILENT)[0]


def _analysed(analyser: Analyser, text: str) -> tuple[ProjectAnalysis, FileAnalysis]:
    sources = [SourceFile("Earlier.clef", EARLIER), SourceFile("Main.clef", text)]
    project = analyser.analyse(sources)
    return project, project.files["Main.clef"]


def _facts(
    analyser: Analyser, project: ProjectAnalysis, file: FileAnalysis
) -> Iterator[tuple[str, object]]:
    """All that editors are told about a file."""
    locals_: dict[str, int] = {}

    def key(written: str) -> object:
        return locals_.setdefault(written, len(locals_)) if "#" in written else written

    yield "names", [(o.span, key(o.key), o.kind, o.is_definition) for o in file.occurrences]
    typed = {(o.span.start, show(t)) for o in file.occurrences if (t := _type(file, o.span))}
    yield "types", sorted(typed)
    yield "messages", sorted(map(repr, messages(project, file)))
    yield "colours", structure.semantic_tokens(file)
    yield "folding", structure.folding(file)
    yield "outline", repr(symbols.document_symbols(file))
    yield "hints", repr(hints.inlay_hints(file, 0, len(file.source.text)))
    yield "lenses", repr(hints.code_lenses(project, file, Placement(), analyser.program(project)))
    yield "comments", [(one.kind, one.start, one.end) for one in file.tree.trivia]
    examined = file.examined
    assert examined is not None
    opened = {
        (node.span.start, node.span.end, tuple(names.items()))
        for node, names in examined.resolved.opened.items()
    }
    yield "opened", opened
    definitions = examined.typed.definitions.values()
    yield "definitions", [(d.symbol, d.span, show(d.result_type)) for d in definitions]
    values = examined.resolved.fragment.modules["Work"].modules["Main"].values
    yield "values", [(name, entity.span) for name, entity in values.items()]


def _type(file: FileAnalysis, span: Span) -> Type | None:
    return file.places.exactly(span.start, span.end)


def _edited(text: str, chance: random.Random) -> str:
    """The text after a keystroke or two, in a function more often than elsewhere."""
    place = chance.randrange(TEXT.index("let add"), len(text) + 1)
    if chance.random() < 0.25:
        return text[:place] + text[place + chance.randrange(1, 4) :]
    if chance.random() < 0.5:
        end = text.find("\n", place)
        place = end if end >= 0 else place
    return text[:place] + chance.choice(INSERTED) + text[place:]


@pytest.mark.parametrize("seed", range(4))
def test_like_a_new_analysis(library: Library, seed: int) -> None:
    """Random edits; a text that the parser cannot read is left again."""
    chance = random.Random(seed)
    carried = Analyser(library, SYMBOLS)
    text = TEXT
    _analysed(carried, text)
    short_ways = 0
    for _ in range(60):
        edited = _edited(text, chance)
        project, file = _analysed(carried, edited)
        short_ways += file.revision > 0
        fresh, expected = _analysed(Analyser(library, SYMBOLS), edited)
        if has_errors(expected.syntax):
            _analysed(carried, text)
            continue
        for (what, found), (_, wanted) in zip(
            _facts(carried, project, file), _facts(carried, fresh, expected), strict=True
        ):
            assert found == wanted, f"{what} after {difference(text, edited)} in\n{edited}"
        text = edited if chance.random() < 0.3 and not expected.diagnostics else text
    assert short_ways > 10


def test_the_short_way(library: Library) -> None:
    """Which edits look at one function alone."""
    analyser = Analyser(library, SYMBOLS)
    _analysed(analyser, TEXT)

    def revision(old: str, new: str) -> int:
        assert TEXT.count(old) == 1
        _analysed(analyser, TEXT)
        before = _analysed(analyser, TEXT)[1].revision
        return _analysed(analyser, TEXT.replace(old, new))[1].revision - before

    assert revision("sum + third", "sum + third + 1") == 1
    assert revision("sum + third", "sum + third.") == 1  # broken, but only here
    assert revision("twice place.X", "twice place.Y") == 1
    assert revision("key.Length + total", "key.Length") == 1
    assert revision("sum + third", "string (sum + third)") < 1  # another type
    assert revision("= x * x", "= x * x * x") < 1  # inlined elsewhere
    assert revision("n <> 0 &&", "n <> 1 &&") < 1  # one of several
    assert revision("side * side", "side * 2.0") < 1  # a member
    assert revision("(left: int)", "(left: int64)") < 1


def test_difference() -> None:
    """The smallest stretch that differs, and places on both sides of it."""
    assert difference("abcd", "abXcd") == Difference(2, 2, 3)
    assert difference("abcd", "abd") == Difference(2, 3, 2)
    assert difference("aaa", "aa") == Difference(2, 3, 2)
    assert difference("", "x") == Difference(0, 0, 1)
    assert difference("same", "same") == Difference(4, 4, 4)
    edit = difference("abcd", "abXYcd")
    assert [edit.before(n) for n in range(7)] == [0, 1, 2, 2, 2, 3, 4]
    assert [edit.after(n) for n in range(5)] == [0, 1, 4, 5, 6]
