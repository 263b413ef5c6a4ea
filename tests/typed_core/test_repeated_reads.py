"""What has been read is not read again while it cannot have changed.

In: functions of a program, built optimised. Out: how often the core of each reads a place; and the
output of a program whose places change between two reads.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.command_line.cli import Cli
from tests.not_yet import PROGRAMS, problem_of
from tests.program_runner import Way

SOURCE = """
module Reads

type Reader(text: string) =
    let mutable position = 0
    member _.Position = position
    member _.Skip() =
        while position < text.Length && (text.[position] = ' ' || text.[position] = '\\n') do
            position <- position + 1
    member this.Around(callback: Reader -> unit) =
        let before = position
        callback this
        before + position

let rows (count: int) =
    let mutable previous = Array.init count id
    let mutable current = Array.zeroCreate count
    for i in 1 .. count - 1 do
        for j in 1 .. count - 1 do
            current.[j] <- min previous.[j] (current.[j - 1] + i)
        let other = previous
        previous <- current
        current <- other
    Array.sum previous

[<EntryPoint>]
let main arguments =
    printfn "%d" (rows arguments.Length)
    let reader = Reader(String.concat " " arguments)
    reader.Skip()
    printfn "%d" (reader.Around(fun it -> it.Skip()))
    0
"""


@pytest.fixture(scope="module")
def core(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The functions of the stage, by name."""
    folder = tmp_path_factory.mktemp("reads")
    (folder / "reads.clef").write_text(SOURCE)
    done = Cli(folder)("build", "--release", "--print", "direct", "reads.clef")
    assert done.code == 0, done.said
    blocks = [block for block in done.said.split("\n\n") if "(" in block]
    return {block.strip().partition("(")[0]: block for block in blocks}


def test_a_round_reads_each_thing_once(core: dict[str, str]) -> None:
    skip = core["Reads.Reader.Skip"]
    before, _, inside = skip.partition("loop ")
    assert ".0\n" in before, "the text never changes: it is read before the loop"
    assert "%string_plain_length" in before
    assert ".0\n" not in inside
    assert inside.count("= _.1") == 1, "the position, once a round"
    assert inside.count("string_bytes_at") == 1


def test_arrays_of_mutable_locals_are_read_before_a_loop_that_does_not_assign_them(
    core: dict[str, str],
) -> None:
    before, _, rest = core["Reads.rows"].partition("loop for#3(")
    inside, _, after = rest.partition("jump for#3(1)")
    assert before.count("= previous\n") == 1 and before.count("= current\n") == 1
    assert inside.count("array_get") == 2 and "previous" not in inside and "current" not in inside
    assert "previous <- " in after and "current <- " in after


def test_what_a_callback_may_change_is_read_again(core: dict[str, str]) -> None:
    around = next(text for name, text in core.items() if name.startswith("Reads.Reader.Around"))
    assert around.count(": int = this.1") == 2


def test_places_that_change_in_between() -> None:
    program = Path(PROGRAMS / "classes" / "fields_read_once.clef")
    assert problem_of(program, Way(release=True)) is None
