"""`clef test` with functions marked `[<Test>]` and `[<Property>]`."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.command_line.cli import Cli

PROGRAM = """\
module Sums

type Shape =
    | Dot
    | Box of width: int * height: int
    | Both of Shape * Shape

type Size =
    | Small = 1
    | Large = 2

type Pair<'a> = { First: 'a; Second: 'a list }

let rec count shape =
    match shape with
    | Both(a, b) -> count a + count b
    | _ -> 1

[<Test>]
let ``adds numbers`` () = if 1 + 2 <> 3 then failwith "wrong"

[<Test>]
let gives () =
    printfn "loud"
    1 = 2

[<Test>]
let raises () : unit = [ 1 ].[7] |> ignore

[<Test>]
let ends () : unit = exit 7

[<Test>]
let after () = true

[<Test>]
let private hidden () = ()

[<Property>]
let ``reversed twice`` (xs: int list) (text: string) = List.rev (List.rev xs) = xs && text = text

[<Property>]
let small (pair: Pair<Size>) (shape: Shape) = count shape < 3 && pair.Second.Length < 50

[<Property>]
let bounded (n: int) = n < 1234

[<Property>]
let functions (f: int -> int) = f 1 = f 1
"""


def _said(case: ElementTree.Element) -> str:
    return (case.findtext("failure") or "") + (case.findtext("system-out") or "")


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What is said about each test of the program."""
    folder = tmp_path_factory.mktemp("unit")
    (folder / "sums.clef").write_text(PROGRAM, encoding="utf-8")
    done = Cli(folder)("test", "sums.clef", "--seed", "3", "--junit", "out/results.xml")
    assert done.code == 1, done.said
    report = ElementTree.parse(folder / "out/results.xml").getroot()
    assert report.get("tests") == "10" and report.get("failures") == "7"
    assert "3 passed, 7 failed" in done.said
    return {
        str(case.get("name")): (case.findtext("failure") or "")
        + (case.findtext("system-out") or "")
        for case in report.findall("testcase")
    }


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("adds numbers", ""),
        ("gives", "it gave false"),
        ("gives", "loud"),
        ("raises", "ArgumentException"),
        ("ends", "it ended the program with exit code 7"),
        ("after", ""),
        ("hidden", "private"),
        ("reversed twice", ""),
        ("small", "for { First = Small\n  Second = [] }, Both (Both (Dot, Dot), Dot)"),
        ("bounded", "for 1234\n"),
        ("functions", "values of type `int -> int` cannot be drawn"),
    ],
)
def test_result(told: dict[str, str], name: str, said: str) -> None:
    """Each test passes or says why not; the simplest arguments are found."""
    assert (told[name] == "") if not said else said in told[name], told[name]


def test_filter_and_place(tmp_path: Path) -> None:
    """One test alone, with the line of its declaration."""
    (tmp_path / "sums.clef").write_text(PROGRAM, encoding="utf-8")
    done = Cli(tmp_path)("test", "sums.clef", "--filter", "gives")
    assert done.code == 1
    said = done.said
    assert "sums.clef:23" in said and "printed: loud" in said and "adds" not in said


def test_tests_of_a_project(tmp_path: Path) -> None:
    """Functions in the sources and in `tests/` beside programs with expectations."""
    cli = Cli(tmp_path)
    assert cli("new", "app").code == 0
    folder = tmp_path / "app"
    (folder / "tests" / "more.clef").write_text(
        "module More\n\n[<Test>]\nlet passes () = ()\n\n[<Test>]\nlet fails () = false\n",
        encoding="utf-8",
    )
    done = Cli(folder)("test")
    said = done.said
    assert done.code == 1 and "More.fails" in said and "1 failed" in said, said
    assert Cli(folder)("test", "--filter", "passes").code == 0
    assert Cli(folder)("test", "--filter", "nothing like it").code == 2


ODD = """\
namespace App.Inner

module rec Deep =
    [<Test>]
    let ``a.b (c) "d"`` () = later 1 = 2
    let later x = x + 1

module Other =
    type 'a Box = Box of 'a | Empty
    [<Property>]
    let generic (x: 'a list) (b: Box<'a>) = List.length x >= 0
    [<Test>]
    let runs () = async { failwith "bad async" }
    [<Test>]
    let tasks () = task { return failwith "bad task" }
    [<Property>]
    let tupled (a: int, b: string) = a > 5 || b.Length < 2
    [<Property>]
    let least (a: byte) = if a > 100uy then failwith "large"
    [<Test>]
    let reads () = System.Console.ReadLine() |> ignore
    [<Property>]
    let numbers (m: Map<string, Set<int>>) (d: decimal) (f: float) = f = f
"""


def test_names_types_and_results_of_all_kinds(tmp_path: Path) -> None:
    """Modules in modules, names with dots, generic parameters, tasks, types named like a case."""
    (tmp_path / "odd.clef").write_text(ODD, encoding="utf-8")
    done = Cli(tmp_path)("test", "odd.clef")
    for part in (
        'passed App.Inner.Deep.a.b (c) "d"',
        "passed App.Inner.Other.generic",
        "Exception: bad async",
        "bad task",
        'for (0, "aa")',
        "for 101uy",
        "passed App.Inner.Other.reads",
        "for map [], 0M, nan",
        "3 passed, 5 failed",
    ):
        assert part in done.said, done.said


def test_sources_with_errors(tmp_path: Path) -> None:
    """A file that does not compile is a failed test, with its messages."""
    (tmp_path / "a.clef").write_text('[<Test>]\nlet t () = 1 + ""\n', encoding="utf-8")
    done = Cli(tmp_path)("test", "a.clef")
    assert done.code == 1 and "does not compile" in done.said


def test_report_that_cannot_be_written(tmp_path: Path) -> None:
    """A mistake of the command line, not of the compiler."""
    (tmp_path / "a.clef").write_text("[<Test>]\nlet t () = ()\n", encoding="utf-8")
    done = Cli(tmp_path)("test", "a.clef", "--junit", "a.clef/out.xml")
    assert done.code == 2 and "cannot write" in done.said, done.said


OTHER_LIBRARIES = """\
namespace Suites

module OfXunit =
    open FsUnit.Xunit
    open FsUnit.CustomMatchers
    open Xunit
    open Exercism.Tests

    [<Fact>]
    [<Task(1)>]
    let ``words of FsUnit`` () =
        [ 1; 2 ] |> should equal [ 1; 2 ]
        [ 2; 1 ] |> should matchList [ 1; 2 ]
        [ 2; 1 ] |> should containf (fun x -> x < 2)
        (1, "a") |> should not' (equal (2, "a"))
        (fun () -> invalidArg "a" "b" |> ignore) |> should throw typeof<System.ArgumentException>
        shouldFail (fun () -> "abc" |> should haveLength 2)
        Choice<int, string>.Choice2Of2 "b" |> should be (choice 2)
        shouldFail (fun () -> Choice<int, string>.Choice2Of2 "b" |> should be (choice 1))

    [<Fact(Skip = "for later")>]
    let skipped () = 1 |> should equal 2

    let rows = [ [| box 1; box "a" |]; [| box 2; box "bb" |] ]

    [<Theory>]
    [<MemberData(nameof rows)>]
    [<InlineData(0, "")>]
    let ``length`` (n: int) (text: string) = Assert.Equal(n, text.Length)

    [<Theory>]
    [<InlineData(System.Double.NaN, System.Char.MaxValue)>]
    [<InlineData(System.Double.NegativeInfinity, 'a')>]
    let ``extremes`` (x: float) (c: char) = Assert.False(System.Double.IsFinite x && c = 'b')

    [<Theory>]
    [<InlineData([| 1; 2 |], System.StringComparison.Ordinal, null)>]
    let ``kinds of data`` (xs: int[]) (how: System.StringComparison) (more: System.Nullable<int>) =
        Assert.Equal((3, 4, false), (Array.sum xs, int how, more.HasValue))

    type Shared() =
        interface System.IDisposable with
            member _.Dispose() = ()

    type Sharing(shared: Shared) =
        interface IClassFixture<Shared>

        [<Fact>]
        member _.Given() = Assert.NotNull shared

    type Writing(output: Abstractions.ITestOutputHelper) =
        interface System.IDisposable with
            member _.Dispose() = output.WriteLine "over"

        [<Fact>]
        member _.Said() = failwith "said"

    module ``With spaces, and`` =
        [<Fact>]
        let ``not equal`` () = Some 2 |> should equal (Some 3)

module OfNUnit =
    open NUnit.Framework

    [<TestFixture>]
    type Sums() =
        let mutable start = 0

        [<SetUp>]
        member _.Before() = start <- 10

        [<TestCase(1, ExpectedResult = 11L)>]
        [<TestCase(2, ExpectedResult = 13L)>]
        member _.Add(n: int64) = int64 start + n

        [<Test>]
        member _.Constraints() =
            Assert.That(1.05, Is.EqualTo(1.0).Within(0.1))
            Assert.That([ 1; 2 ], Has.Length.EqualTo(2).And.Not.Empty)
            Assert.That("Hello", Is.EqualTo("hello").IgnoreCase)
            Assert.Throws<System.Exception>(fun () -> failwith "a") |> ignore
            Assert.Throws(typeof<System.Exception>, (fun () -> failwith "a")) |> ignore
            Assert.Throws(Throws.ArgumentException, (fun () -> invalidArg "a" "b")) |> ignore
            Assert.Catch<System.Exception>(fun () -> invalidArg "a" "b") |> ignore
            Assert.IsNaN nan
            CollectionAssert.DoesNotContain([ 1; 2 ], 3)

module OfExpecto =
    open Expecto

    [<Tests>]
    let tests =
        testList "all" [
            testCase "good" <| fun () -> Expect.equal 1 1 "same"
            test "bad" {
                for n in 1 .. 3 do
                    Expect.isLessThan n 3 "small"
            }
            ptestCase "pending" <| fun () -> failtest "never"
        ]
"""


def test_other_libraries(tmp_path: Path) -> None:
    """Tests in the manner of xunit, NUnit, FsUnit and Expecto."""
    (tmp_path / "suites.fs").write_text(OTHER_LIBRARIES, encoding="utf-8")
    done = Cli(tmp_path)("test", "suites.fs")
    for part in (
        "passed Suites.OfXunit.words of FsUnit",
        "skipped Suites.OfXunit.skipped: for later",
        "passed Suites.OfXunit.length",
        'passed Suites.OfXunit.length(0, "")',
        "Expected: Equals Some 3",
        "passed Suites.OfNUnit.Sums.Add(1)",
        "it gave 12L instead of 13L",
        "passed Suites.OfNUnit.Sums.Constraints",
        "all.bad: small. Expected a (3) to be less than b (3).",
        "printed: over",
        "passed Suites.OfXunit.kinds of data([1, 2], 4, null)",
        "9 passed, 4 failed, 1 skipped",
    ):
        assert part in done.said, done.said
    assert "warning" not in done.said, done.said


MEETING = """\
let meet (mine: string) (other: string) =
    System.IO.File.WriteAllText(mine, "here")
    let mutable left = 200
    while left > 0 && not (System.IO.File.Exists other) do
        System.Threading.Thread.Sleep 20
        left <- left - 1
    left > 0

[<Test>]
let first () = meet "a" "b"

[<Test>]
let second () = meet "b" "a"
"""


def test_beside_each_other(tmp_path: Path) -> None:
    """Two tests that wait for each other pass when both run; results keep their order."""
    (tmp_path / "meeting.clef").write_text(MEETING)
    done = Cli(tmp_path)("test", "meeting.clef", "--jobs", "2")
    assert done.code == 0, done.said
    assert done.said.index("first") < done.said.index("second")
    (tmp_path / "a").unlink()
    (tmp_path / "b").unlink()
    done = Cli(tmp_path)("test", "meeting.clef", "--jobs", "1")
    assert done.code == 1 and "1 passed, 1 failed" in done.said
