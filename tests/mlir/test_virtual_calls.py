"""Virtual calls with one implementation go there without asking for the object's kind.

In: programs with an interface. Out: the text of the dispatcher, and what the programs print.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.command_line.cli import Cli

ONE = """\
type Shape =
    abstract Area: int
type Square(side: int) =
    interface Shape with
        member _.Area = side * side
let total (shapes: Shape list) = List.sumBy (fun (s: Shape) -> s.Area) shapes
[<EntryPoint>]
let main _ =
    printfn "%d" (total [ for i in 1..100 -> Square(i) :> Shape ])
    let nothing: Shape = Unchecked.defaultof<Shape>
    try printfn "%d" nothing.Area with e -> printfn "%s" e.Message
    0
"""
TWO = ONE.replace(
    "let total",
    """\
type Unit() =
    interface Shape with
        member _.Area = 1
let total""",
).replace("0\n", 'printfn "%d" (total [ Unit(); Square(3) ])\n    0\n')


def _dispatcher(folder: Path, text: str) -> str:
    """The dispatcher's text; the program has run."""
    (folder / "shapes.clef").write_text(text, encoding="utf-8")
    done = Cli(folder)("run", "shapes.clef")
    assert done.code == 0, done.said
    assert done.said.startswith("338350\nObject reference not set to an instance of an object.\n")
    done = Cli(folder)("build", "--emit", "mlir", "shapes.clef", "-o", "shapes.mlir")
    assert done.code == 0, done.said
    functions = (folder / "shapes.mlir").read_text(encoding="utf-8").split("\n  llvm.func ")
    (found,) = [one for one in functions if "virtual " in one.split("(")[0] and "Area" in one]
    return found


@pytest.mark.parametrize(("text", "asks"), [(ONE, False), (TWO, True)], ids=["one", "two"])
def test_a_single_implementation_is_called_directly(tmp_path: Path, text: str, asks: bool) -> None:
    assert ("llvm.switch" in _dispatcher(tmp_path, text)) is asks
