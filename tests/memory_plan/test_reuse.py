"""Cells that are used again: how many new ones programs make, and that values stay what they were.

In: programs. Out: what `--heap-statistics` says of them, the tables of their plans, and for random
programs with values that are held in many places what they print.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from clef.memory_plan import verify_plan
from clef.mlir.planned import Planned
from clef.pipeline import Options, compile_project
from clef.project.loading import load, read_sources
from clef.toolchain.target import native_name
from tests.memory_plan.sharing_programs import program
from tests.not_yet import problem_of
from tests.program_runner import Result, Way, execute, messages, store

SEEDS = range(4)
WAYS = {
    "debug": Options(native_name(), check_stages=True, sanitize="heap"),
    "release": Options(native_name(), True, check_stages=True, sanitize="heap"),
}
TREE = """
type Tree =
    | Leaf
    | Node of Tree * int * Tree

let rec insert item tree =
    match tree with
    | Leaf -> Node(Leaf, item, Leaf)
    | Node(left, value, right) ->
        if item < value then Node(insert item left, value, right)
        elif item > value then Node(left, value, insert item right)
        else tree

let rec size tree =
    match tree with
    | Leaf -> 0
    | Node(left, _, right) -> size left + 1 + size right
"""

RED_BLACK = """
type Color = Red | Black
type Tree =
    | Leaf
    | Node of Color * Tree * int * Tree

let balanceLeft left item right =
    match left with
    | Node(_, Node(Red, a, x, b), y, c) ->
        Node(Red, Node(Black, a, x, b), y, Node(Black, c, item, right))
    | Node(_, a, x, Node(Red, b, y, c)) ->
        Node(Red, Node(Black, a, x, b), y, Node(Black, c, item, right))
    | other -> Node(Black, other, item, right)

let balanceRight left item right =
    match right with
    | Node(_, Node(Red, b, y, c), z, d) ->
        Node(Red, Node(Black, left, item, b), y, Node(Black, c, z, d))
    | Node(_, b, y, Node(Red, c, z, d)) ->
        Node(Red, Node(Black, left, item, b), y, Node(Black, c, z, d))
    | other -> Node(Black, left, item, other)

let rec put item tree =
    match tree with
    | Leaf -> Node(Red, Leaf, item, Leaf)
    | Node(Red, left, value, right) ->
        if item < value then Node(Red, put item left, value, right)
        else Node(Red, left, value, put item right)
    | Node(Black, left, value, right) ->
        if item < value then balanceLeft (put item left) value right
        else balanceRight left value (put item right)

let insert item tree =
    match put item tree with
    | Node(_, left, value, right) -> Node(Black, left, value, right)
    | Leaf -> Leaf

let rec size tree =
    match tree with
    | Leaf -> 0
    | Node(_, left, _, right) -> size left + 1 + size right
"""


def run_program(folder: Path, text: str, options: Options) -> Result:
    """What a program prints, compiled with these options."""
    path = folder / "program.clef"
    path.write_text(text, encoding="utf-8")
    loaded = load(str(path))
    assert loaded.project is not None
    compilation = compile_project(loaded.project, options, texts=read_sources(loaded)[0])
    assert not compilation.failed, messages(compilation)
    store(compilation, folder / "program")
    return execute(folder / "program")


def _cells(folder: Path, text: str) -> int:
    """How many cells an optimised program makes; none may be left."""
    result = run_program(folder, text, Options(native_name(), True, heap_statistics=True))
    found = re.search(r"heap: (\d+) cells made, .* at the end (\d+) cells", result.stderr)
    assert found is not None and found[2] == "0", result.stderr
    return int(found[1])


def _more(folder: Path, header: str, start: str, step: str) -> int:
    """How many cells `step` makes beyond those of the start."""
    ends = "\n    use' value\nwork ()\n"
    before = _cells(folder, f"{header}\nlet work () =\n    let value = {start}{ends}")
    return (
        _cells(folder, f"{header}\nlet work () =\n    let value = {start} |> {step}{ends}") - before
    )


SUM = 'let use\' list = printfn "%d" (List.sum list - List.length list)'


@pytest.mark.parametrize(
    "step",
    [
        "List.map (fun item -> item + 1)",
        "List.filter (fun item -> item % 3 = 0)",
        "List.mapi (fun index item -> index * item)",
        "List.rev",
        "List.map (fun item -> item + 1) |> List.rev |> List.map (fun item -> item - 1)",
    ],
)
def test_a_list_that_nobody_else_has(tmp_path: Path, step: str) -> None:
    assert _more(tmp_path, SUM, "List.init 1000 (fun index -> index)", step) <= 2


def test_a_list_that_somebody_else_has(tmp_path: Path) -> None:
    start = "List.init 1000 (fun index -> index)"
    step = "(fun list -> List.append (List.map (fun item -> item + 1) list) list)"
    assert _more(tmp_path, SUM, start, step) >= 1000


ARRAYS = """
let use' (items: int[]) = printfn "%d" items.[items.Length / 2]
let start count = Array.init count (fun index -> (index * 7) % count)
"""


def _array_bytes(folder: Path, body: str) -> int:
    """How many bytes an optimised program makes beyond those of an array of 1000 numbers."""
    made = [_bytes(folder, f"{ARRAYS}\nlet work () ={code}\nwork ()\n") for code in (ONE, body)]
    return made[1] - made[0]


def _bytes(folder: Path, text: str) -> int:
    result = run_program(folder, text, Options(native_name(), True, heap_statistics=True))
    found = re.search(r"cells made, of (\d+) bytes; at the end (\d+) cells", result.stderr)
    assert found is not None and found[2] == "0", result.stderr
    return int(found[1])


ONE = "\n    use' (start 1000)"


@pytest.mark.parametrize(
    "step",
    [
        "Array.map (fun item -> item + 1)",
        "Array.mapi (fun index item -> index + item) |> Array.rev",
        "Array.sort",
        "Array.copy",
        "Array.rev |> Array.sortDescending |> Array.map (fun item -> item - 1)",
    ],
)
def test_an_array_that_nobody_else_has(tmp_path: Path, step: str) -> None:
    is_sorted = "sort" in step.lower()
    more = _array_bytes(tmp_path, f"\n    use' (start 1000 |> {step})")
    # Sorting numbers takes an array to sort into and a table of 4 × 256 counts.
    assert more <= (8300 if is_sorted else 200)


@pytest.mark.parametrize(
    "body",
    [
        "\n    let old = start 1000\n    use' (Array.map (fun item -> item + 1) old)\n    use' old",
        "\n    let old = start 1000\n    use' (Array.copy old)\n    old.[0] <- 1\n    use' old",
        "\n    let old = ref (start 1000)\n    use' (Array.rev old.Value)\n    use' old.Value",
    ],
)
def test_an_array_that_somebody_else_has(tmp_path: Path, body: str) -> None:
    assert _array_bytes(tmp_path, body) >= 4000


PLACES = """
let mutable table : Map<string, int> = Map.empty
type State = { mutable Table : Map<int, int>; mutable Items : int list }
type Point = { X : int; Y : int; Others : int list }
let state = { Table = Map.empty; Items = [] }
let mutable point = { X = 0; Y = 0; Others = [] }

let run count =
    let set = ref Set.empty
    for i in 1 .. count do
        table <- Map.add "key" i table
        state.Table <- state.Table.Add(1, i)
        state.Items <- List.map (fun x -> x + i) state.Items
        set.Value <- Set.add 1 set.Value
        point <- { point with X = point.X + i }
    table.Count + state.Table.Count + set.Value.Count + point.X

state.Items <- [ 1; 2; 3 ]
"""


def test_values_of_places(tmp_path: Path) -> None:
    """What a place holds is given up while its next value is made."""
    end = 'printfn "%d" (run COUNT)\ntable <- Map.empty\n'
    few, many = (
        re.search(
            r"(\d+) cells made",
            run_program(
                tmp_path,
                PLACES + end.replace("COUNT", count),
                Options(native_name(), True, heap_statistics=True),
            ).stderr,
        )
        for count in ("10", "1010")
    )
    assert few is not None and many is not None
    assert int(many[1]) - int(few[1]) < 5


def test_an_insertion_makes_one_cell(tmp_path: Path) -> None:
    header = TREE + """let use' tree = printfn "%d" (size tree)"""
    tree = "List.fold (fun tree item -> insert (item * 7919 % 1009) tree) Leaf [ 1..1000 ]"
    whole = _cells(tmp_path, f"{header}\nlet work () = use' ({tree})\nwork ()\n")
    assert whole in range(998, 1004)


def test_an_insertion_that_turns_nodes_makes_one_cell(tmp_path: Path) -> None:
    insertions = "for key in 1..1000 do tree <- insert (key * 7919 % 1009) tree"
    work = f"let mutable tree = Leaf\n    {insertions}\n    use' tree"
    header = RED_BLACK + """let use' tree = printfn "%d" (size tree)"""
    assert _cells(tmp_path, f"{header}\nlet work () =\n    {work}\nwork ()\n") in range(999, 1005)


def test_a_map_makes_two_cells_for_a_key(tmp_path: Path) -> None:
    insertions = "for key in 1..1000 do map <- Map.add (key * 7919 % 1009) key map"
    work = f'let mutable map = Map.empty\n    {insertions}\n    printfn "%d" map.Count'
    assert _cells(tmp_path, f"let work () =\n    {work}\nwork ()\n") < 3000


def test_records_with_another_field(tmp_path: Path) -> None:
    header = """
type Card = { Number: int; Name: string; Items: int list; More: string list }
let rec count n card =
    if n = 0 then card else count (n - 1) { card with Number = card.Number + n }
let use' card = printfn "%d %s" card.Number card.Name"""
    start = '{ Number = int "1"; Name = "a"; Items = [ 1 ]; More = [] }'
    assert _more(tmp_path, header, start, "count 1000") <= 1


HELD = {
    "an option": (
        "let step held = match held with Some [ x ] -> Some [ x + 1 ] | _ -> None",
        "Some [ 1 ]",
    ),
    "a tuple in a union": (
        "[<Struct>]\ntype Held = Held of int list * int\n"
        "let step (Held(items, count)) ="
        " match items with x :: rest -> Held((x + 1) :: rest, count + 1) | [] -> Held([], 0)",
        "Held([ 1 ], 0)",
    ),
}


@pytest.mark.parametrize("name", HELD)
def test_what_a_value_without_a_cell_holds(tmp_path: Path, name: str) -> None:
    """It comes apart with the value, and its cell is used again."""
    step, start = HELD[name]
    loop = f"let mutable held = {start}\n    for i in 1..2000 do held <- step held"
    text = f'{step}\nlet work () =\n    {loop}\n    printfn "%A" held\nwork ()\n'
    cells = _cells(tmp_path, text) - _cells(tmp_path, text.replace("2000", "0"))
    assert cells <= 20


def _planned(folder: Path) -> Planned:
    path = folder / "program.clef"
    path.write_text(TREE + '\nprintfn "%d" (size (insert 1 Leaf))\n', encoding="utf-8")
    loaded = load(str(path))
    assert loaded.project is not None
    options = Options(native_name(), stop_after="plan")
    planned = compile_project(loaded.project, options, texts=read_sources(loaded)[0])
    found = planned.products["plan"]
    assert isinstance(found, Planned)
    return found


def test_the_verifier_follows_tokens(tmp_path: Path) -> None:
    planned = _planned(tmp_path)
    (name,) = [name for name in planned.plan.functions if name.endswith(".insert")]
    tables = planned.plan.functions[name]
    assert len(tables.tokens) == 1 and len(tables.reuses) == 2 and tables.gives
    token = next(iter(tables.tokens))
    reuses = dict(tables.reuses)

    def complaints() -> str:
        return "\n".join(verify_plan(planned.program, planned.plan))

    assert complaints() == ""
    tables.reuses.popitem()
    assert f"%{token}" in complaints()
    tables.reuses.update(reuses)
    gives = dict(tables.gives)
    tables.gives.clear()
    assert "which has none" in complaints()
    tables.gives.update(gives)
    tables.tokens[token] += 8
    assert "another size" in complaints()


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("seed", SEEDS)
def test_values_stay_what_they_were(tmp_path: Path, seed: int, way: str) -> None:
    text, expected = program(seed)
    assert run_program(tmp_path, text, WAYS[way]) == Result(expected, "", 0)


def test_places_in_a_release() -> None:
    program = Path(__file__).parent.parent / "programs/memory/places_that_are_empty.clef"
    assert problem_of(program, Way(release=True, count_cells=True)) is None
