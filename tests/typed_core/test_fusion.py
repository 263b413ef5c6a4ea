"""Lists and arrays that are made only to be taken apart: what pipelines put on the heap, and that
the order of what can be seen stays what it is.

In: programs. Out: what `--heap-statistics` says of them, and what they print in a release.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from clef.pipeline import Options, compile_project
from clef.project.loading import load, read_sources
from clef.toolchain.target import native_name
from tests.not_yet import problem_of
from tests.program_runner import Way, execute, messages, store

PROGRAMS = Path(__file__).parent.parent / "programs"
ORDER = [PROGRAMS / kind / "order_of_effects.clef" for kind in ("lists", "arrays")]
ORDER.append(PROGRAMS / "loops" / "over_pipelines.clef")
ORDER += [PROGRAMS / "arrays" / f"{name}_in_pipelines.clef" for name in ("formats", "pieces")]
ORDER += [PROGRAMS / "arrays" / f"{n}.clef" for n in ("items_made_of_items", "mapped_in_place")]
ORDER += [PROGRAMS / "lists" / f"{n}.clef" for n in ("branches_that_give", "given_in_turn")]
ORDER.append(PROGRAMS / "mutation_and_refs" / "addresses_for_a_call.clef")

WITHOUT_LISTS = {
    "init": "List.init n id |> List.map (fun x -> x * 3) |> List.sum",
    "range": "[ 1 .. n ] |> List.filter (fun x -> x % 2 = 0) |> List.fold (+) 0",
    "own": "countDown n |> twice |> List.map (fun x -> x + 1) |> List.length",
    "mapi": "[ 1 .. n ] |> List.mapi (fun i x -> i * x) |> List.sumBy (fun x -> x % 7)",
    "choose": "[ 1 .. n ] |> List.choose (fun x -> if x > 3 then Some x else None) |> List.max",
    "truncate": "List.replicate n 5 |> List.truncate (n / 2) |> twice |> List.length",
    "takeWhile": "[ 1 .. n ] |> List.takeWhile (fun x -> x < n / 2) |> List.length",
    "exists": "[ 1 .. n ] |> twice |> List.exists (fun x -> x = 48) |> System.Convert.ToInt32",
    "find": "[ 1 .. n ] |> List.map (fun x -> x * x) |> List.find (fun x -> x > 50)",
    "map2": "List.map2 (fun x y -> x * y) [ 1 .. n ] (List.init n id) |> List.fold (+) 0",
    "for": "(for x in twice (List.init n id) do total <- total + x); total",
    "array": "List.ofArray numbers |> List.map (fun x -> x + 1) |> List.sum",
    "effects last": "(List.init n id |> twice |> List.iter (fun x -> total <- total + x)); total",
    "effects first": "List.init n (fun i -> total <- i; i) |> twice |> List.length",
    "address": '(for i in 1 .. n do (match System.Int32.TryParse "12" with | true, x ->'
    " total <- total + x | _ -> ())); total",
    "items": "(let texts = [| [ 1 ] |] in (for i in 1 .. n do texts.[0] <- (match texts.[0] with"
    " | x :: rest -> (x + 1) :: rest | [] -> [])); texts.[0].Head)",
    "map in place": "(let mutable pairs = [| Some [ 1 ] |] in (for i in 1 .. n do pairs <- pairs |>"
    " Array.map (fun p -> match p with Some [ x ] -> Some [ x + 1 ] | _ -> None)); pairs.Length)",
    "may raise": "List.init n (fun i -> 100 / (i + 1)) |> twice |> List.length",
}
WITHOUT_OBJECTS = {
    "seq map": "numbers |> Seq.map (fun x -> x * 2) |> Seq.sum",
    "seq of a list": "[ 1 .. n ] |> Seq.filter (fun x -> x % 2 = 0) |> Seq.map (fun x -> x + 1)"
    " |> Seq.fold (+) 0",
    "seq exists": "seq { 1 .. n } |> Seq.mapi (fun i x -> i * x) |> Seq.exists (fun x -> x < 0)"
    " |> System.Convert.ToInt32",
    "seq take": "Seq.unfold (fun s -> if s < 0 then None else Some(s, s + 1)) 0"
    " |> Seq.takeWhile (fun x -> x < n) |> Seq.map (fun x -> x / 2) |> Seq.max",
    "seq expression": "seq { for x in 1 .. n do if x % 3 = 0 then yield x } |> Seq.truncate n"
    " |> Seq.length",
    "seq in turn": "seq { for x in numbers do yield x; yield x + 1 } |> Seq.sum",
    "seq loop": "(for x in Seq.map (fun x -> x * n) numbers do total <- total + x); total",
}
WITHOUT_ARRAYS = {
    "array map": "numbers |> Array.map (fun x -> x * 2) |> Array.sum",
    "array filter": "numbers |> Array.map (fun x -> x * 2) |> Array.filter (fun x -> x % 3 = 0)"
    " |> Array.fold (+) 0",
    "array init": "Array.init n (fun x -> x * 2) |> Array.sumBy (fun x -> x % 3)",
    "array of module": "numbers |> Array.map double |> Array.max",
    "array choose": "numbers |> Array.choose (fun x -> if x > 3 then Some x else None)"
    " |> Array.length",
    "array map2": "Array.map2 (fun a b -> a * b) numbers numbers |> Array.sum",
    "array rev": "numbers |> Array.rev |> Array.fold (fun s x -> s * 2 + x) 0",
    "array append": "Array.append numbers numbers |> Array.exists (fun x -> x < 0)"
    " |> System.Convert.ToInt32",
    "array expression": "[| for i in 1 .. n -> i * i |] |> Array.sum",
    "list expression": "[ for i in 1 .. n do if i % 2 = 0 then yield i ] |> List.map double"
    " |> List.sum",
    "list nested": "[ for i in 1 .. n do for j in 1 .. 3 -> i * j ] |> List.sum",
    "list branches": "[ for i in 1 .. n do if i % 2 = 0 then yield i else yield -i ] |> List.sum",
    "list in turn": "[ for i in 1 .. n do yield i; yield i + 1 ] |> List.sum",
    "list perhaps": "[ for i in list do if i < n then yield i; yield i * 2 ] |> List.sum",
    "collect lists": "list |> List.collect (fun x -> [ x; x + 1 ]) |> List.sum",
    "collect loops": "list |> List.collect (fun x -> [ for y in 1 .. 2 -> x * y ]) |> List.sum",
    "collect arrays": "numbers |> Array.collect (fun x -> if x % 2 = 0 then [| x; 1 |] else [||])"
    " |> Array.sum",
    "collect pairs": "list |> List.indexed |> List.collect (fun (i, x) -> [ i * x ]) |> List.max",
    "item": "list |> List.map double |> List.item 5",
    "unfold": "List.unfold (fun s -> if s > n then None else Some(s, s + 1)) 0 |> List.fold max 0",
    "distinct": "list |> List.map (fun x -> x % 8) |> List.distinct |> List.length",
    "distinct by": "list |> List.map double |> List.distinctBy (fun x -> x % 8) |> List.sum",
    "count by": "list |> List.map double |> List.countBy (fun x -> x % 8) |> List.length",
    "array counts": "numbers |> Array.map double |> Array.countBy (fun x -> x % 8) |> Array.length",
    "array distinct": "numbers |> Array.map (fun x -> x % 8) |> Array.distinct |> Array.sum",
    "take, told": "(list |> List.take 5 |> List.map double |> List.iter (fun x ->"
    " total <- total + x)); total",
    "skip, told": "(for x in list |> List.skip 5 |> List.map double do total <- total + x); total",
    "list append": "(list @ list) |> List.map double |> List.sum",
    "conversions": "numbers |> Array.toList |> List.map double |> List.toArray |> Array.length",
    "array loop": "(for x in numbers |> Array.map double do total <- total + x); total",
    "indexed loop": "(for i, x in Array.indexed numbers do total <- total + i * x); total",
    "converted loop": "(for x in Array.toList numbers do total <- total + x); total",
    "expression loop": "(for x in [ for i in 1 .. n do if i % 2 = 0 then yield i ] do"
    " total <- total + x); total",
    "nested loops": "(for x in [| n |] |> Array.map double do"
    " for y in numbers |> Array.map (fun y -> y + x) do total <- total + y); total",
    "array skip": "numbers |> Array.skip 2 |> Array.map double |> Array.max",
    "array sub": "Array.sub numbers 1 (n - 2) |> Array.map double |> Array.max",
    "maxBy": "numbers |> Array.map (fun x -> x, x % 7) |> Array.maxBy snd |> fst",
    "set": "list |> List.map (fun x -> x % 3) |> set |> Set.count",
    "list take": "list |> List.map double |> List.take 5 |> List.fold max 0",
    "list of seq": "numbers |> Seq.map double |> List.ofSeq |> List.reduce (+)",
}
"""They make nothing that has an item for each number."""
WITH_ARRAYS = {
    "array two effects": "numbers |> Array.map (fun x -> total <- x; x)"
    " |> Array.sumBy (fun x -> total <- total + x; x)",
    "array two raise": "numbers |> Array.map (fun x -> 100 / (x + 1)) |> Array.sum",
    "array read and written": "(numbers |> Array.map double |> Array.iteri (fun i x ->"
    " numbers.[n - 1 - i] <- x)); numbers.[0]",
    "array cut": "numbers |> Array.map (fun x -> total <- x; x) |> Array.head",
    "array loop with effects": "(for x in numbers |> Array.map (fun x -> total <- x; x) do"
    " total <- total + x); total",
    "array unknown": "numbers |> Array.map unknown |> Array.sum",
}
WITH_LISTS = {
    "two effects": "List.init n (fun i -> total <- i; i) |> List.sumBy (fun x -> total <- x; x)",
    "two raise": "List.init n (fun i -> 100 / (i + 1)) |> List.sum",
    "used twice": "let list = twice [ 1 .. n ] in List.length list + List.head list",
}


def _program() -> str:
    lines = [
        "let rec countDown n = if n = 0 then [] else n :: countDown (n - 1)",
        "let twice list = list |> List.map (fun x -> x * 2)",
        "let mutable total = 0",
        "let double x = x * 2",
        "let mutable unknown = double",
    ]
    pipelines = {"nothing": "Array.length numbers", **WITHOUT_LISTS, **WITH_LISTS}
    arrays = {**WITHOUT_ARRAYS, **WITH_ARRAYS}
    calls = [
        "let run (name: string) (n: int) (numbers: int[]) (list: int list) =",
        "    match name with",
    ]
    for index, (name, code) in enumerate({**pipelines, **WITHOUT_OBJECTS, **arrays}.items()):
        lines.append(f"let run{index} (n: int) (numbers: int[]) (list: int list) : int =")
        lines.append(f"    ({code})")
        calls.append(f'    | "{name}" -> run{index} n numbers list')
    lines += calls
    lines += [
        "    | _ -> -1",
        "[<EntryPoint>]",
        "let main arguments =",
        "    let n = int arguments.[1]",
        "    let numbers, list = Array.init n id, List.init n id",
        '    printfn "%d" (run arguments.[0] n numbers list)',
        "    total <- numbers.Length + list.Length",  # they are not written over
        "    0",
    ]
    return "\n".join(lines) + "\n"


@pytest.fixture(scope="module")
def executable(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All pipelines in one program."""
    folder = tmp_path_factory.mktemp("fusion")
    path = folder / "program.clef"
    path.write_text(_program(), encoding="utf-8")
    loaded = load(str(path))
    assert loaded.project is not None
    options = Options(native_name(), True, check_stages=True, heap_statistics=True)
    compilation = compile_project(loaded.project, options, texts=read_sources(loaded)[0])
    assert not compilation.failed, messages(compilation)
    store(compilation, folder / "program")
    return folder / "program"


def _made(executable: Path, name: str, count: int) -> tuple[int, int]:
    """How many cells a pipeline makes, and of how many bytes."""
    result = execute(executable, "", [name, str(count)], "")
    pattern = r"heap: (\d+) cells made, of (\d+) bytes; at the end (\d+) cells"
    found = re.search(pattern, result.stderr)
    assert result.stdout != "-1\n"
    assert found is not None and found[3] == "0", result.stderr
    return int(found[1]), int(found[2])


def _cells(executable: Path, name: str, count: int) -> int:
    return _made(executable, name, count)[0] - _made(executable, "nothing", count)[0]


def _bytes(executable: Path, name: str, count: int) -> int:
    return _made(executable, name, count)[1] - _made(executable, "nothing", count)[1]


@pytest.mark.parametrize("name", [*WITHOUT_LISTS, *WITH_LISTS])
def test_cells(executable: Path, name: str) -> None:
    more = _cells(executable, name, 1010) - _cells(executable, name, 10)
    assert (more < 5) == (name in WITHOUT_LISTS), f"{more} more cells for 1000 more items"


@pytest.mark.parametrize("name", [*WITHOUT_ARRAYS, *WITH_ARRAYS])
def test_bytes(executable: Path, name: str) -> None:
    more = _bytes(executable, name, 1010) - _bytes(executable, name, 10)
    assert (more < 500) == (name in WITHOUT_ARRAYS), f"{more} more bytes for 1000 more items"


@pytest.mark.parametrize("name", WITHOUT_OBJECTS)
def test_objects(executable: Path, name: str) -> None:
    more = _cells(executable, name, 100)
    assert more <= 0, f"{more} cells for a pipeline of sequences"


@pytest.mark.parametrize("path", ORDER, ids=lambda path: path.stem)
def test_order_in_a_release(path: Path) -> None:
    assert problem_of(path, Way(release=True, count_cells=True)) is None
