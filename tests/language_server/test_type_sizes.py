"""Sizes of types: on the wire as the BARE draft has them, in memory as the plan lays them out."""

from __future__ import annotations

import pytest

from clef.language_server.analysis import Analyser
from clef.language_server.type_sizes import type_facts
from clef.language_server.workspace import SYMBOLS
from clef.source import SourceFile
from clef.standard_library import load
from clef.toolchain.telemetry import SILENT

TEXT = """module M

[<Measure>]
type m

type Empty = { Nothing: unit }
type Small = { A: byte; B: int16; C: float<m> }
type Named = { Name: string; Small: Small }
type Optional = { Small: Small option; Flag: bool voption }
type Choice = First | Second of int | Third of Small * uint8
type Colour =
    | Red = 0
    | Green = 127
    | Blue = 128
type Negative =
    | Below = -1
    | Zero = 0
type Tree = Leaf | Node of Tree * Tree
type Endless = { Again: Endless2 }
and Endless2 = { Again: Endless }
type Lists = { Numbers: int list; Bytes: byte[]; Set: Set<int>; Units: unit list }
type Table = { Table: Map<string, Small> }
type BadTable = { Table: Map<float, int> }
type Pair = { Pair: int * struct (int64 * bool); Extra: {| X: int; Y: sbyte |} }
type Box<'a> = { Value: 'a }
type Boxed = { Box: Box<int>; Other: Box<Colour> }
type Handler = { Handle: int -> int }
type Money = { Amount: decimal }
type Letter = { Letter: char }
type Any = { Any: obj }
type Service() =
    member _.Run() = ()
type Uses = { Service: Service }
[<Struct>]
type Point = { X: float32; Y: float32 }
[<Struct>]
type Vector =
    val X: int
    val Y: int
    new(x, y) = { X = x; Y = y }
type Mutable = { mutable Count: int; Other: int64 }
type Large = { L1: int64; L2: int64; L3: int64 }
"""
# Hand-counted: u8 1, i16 2, f64 8; an option and a tag take a byte each.
WIRE = {
    "Empty": "0 bytes",
    "Small": "11 bytes",
    "Named": "12 bytes or more",
    "Optional": "2 to 14 bytes",
    "Choice": "1 to 13 bytes",
    "Colour": "1 to 2 bytes",
    "Tree": "1 byte or more",
    "Lists": "4 bytes or more",
    "Table": "1 byte or more",
    "Pair": "18 bytes",
    "Boxed": "5 to 6 bytes",
    "Point": "8 bytes",
    "Vector": "8 bytes",
    "Mutable": "12 bytes",
    "Large": "24 bytes",
}
REFUSED = {
    "Negative": "`Negative` has negative values, which BARE's enumerations have not",
    "Endless": "`Endless` always holds another one of itself",
    "BadTable": "`float` cannot be the key of a map in BARE",
    "Handler": "`int -> int` is a function",
    "Money": "`decimal`: BARE has no decimal numbers; a string or an int64 can hold one",
    "Letter": "`char`: BARE has no characters; a string can hold one",
    "Any": "`obj`: it can be of any type",
    "Uses": "`Service` is a class and no data",
}
MEMORY = {
    "Small": "a reference to a cell of 24 bytes",
    "Choice": "16 bytes",
    "Colour": "4 bytes",
    "Point": "8 bytes",
    "Vector": "8 bytes",
    "Mutable": "a reference to a cell of 24 bytes",
    "Large": "a reference to a cell of 32 bytes",
    "Money": "a reference to a cell of 32 bytes",
    "Tree": "a reference to a cell of 24 bytes",
}


@pytest.fixture(scope="module")
def facts() -> dict[str, list[str]]:
    """What is said of each type."""
    analyser = Analyser(load(SILENT)[0], SYMBOLS)
    project = analyser.analyse([SourceFile("M.clef", TEXT)])
    file = project.files["M.clef"]
    assert not file.diagnostics
    program = analyser.program(project)
    names = (symbol.partition("M.")[2] for symbol in file.signatures.types if symbol[:2] == "M.")
    return {name: type_facts(program, file.signatures, f"M.{name}") for name in names}


@pytest.mark.parametrize("name", WIRE)
def test_wire(facts: dict[str, list[str]], name: str) -> None:
    """Types that can be sent."""
    assert facts[name][0] == f"on the wire {WIRE[name]}"


@pytest.mark.parametrize("name", REFUSED)
def test_refused(facts: dict[str, list[str]], name: str) -> None:
    """Types that cannot be sent, and why."""
    assert facts[name][0] == f"not for the wire: {REFUSED[name]}"


@pytest.mark.parametrize("name", MEMORY)
def test_memory(facts: dict[str, list[str]], name: str) -> None:
    """Sizes in memory."""
    assert facts[name][1] == f"in memory {MEMORY[name]}"


def test_nothing_to_say(facts: dict[str, list[str]]) -> None:
    """Classes, measures and types whose size depends on a parameter."""
    assert facts["Service"] == facts["m"] == facts["Box`1"] == []
