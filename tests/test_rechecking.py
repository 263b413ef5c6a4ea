"""Checking again after an edit finds what checking everything finds.

In: a small program and edits of it. Out: for each the findings of the short way and of the long
one, and which way was taken.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from clef.pipeline import Compilation, Options, compile_project
from clef.project.loading import load, read_sources
from clef.rechecking import LAST, check_project

PROGRAM = """module Edited

// Whoever reaches this at run time has the compiler complain.
let rec nest<'T> (n: int) (x: 'T) : int =
    if n = 0 then sizeof<'T> else 1 + nest<'T list> (n - 1) [ x ]
let hidden () = nest 3 1

type IWork =
    abstract Work: int -> int
    abstract Rest: unit -> int

type Good() =
    interface IWork with
        member _.Work n = n + 1
        member _.Rest() = 0

type Bad() =
    interface IWork with
        member _.Work n = n + hidden ()
        member _.Rest() = 0

type Lazy() =
    interface IWork with
        member _.Work n = n
        member _.Rest() = hidden ()

type Counter(first: int, step: int) =
    let mutable now = first
    member _.Next() = now <- now + step; now
    member _.Now = now

let inline twice x = x + x
let swap (a, b) = (b, a)
let unreached () = 1 + 1
let lazily: IWork = Lazy()
let ask (worker: IWork) = worker.Work 1

let compute (n: int) : int =
    let counter = Counter(n, 2)
    let a, b = swap (n, "text")
    let d, c = swap (1.5, n)
    counter.Next() + ask (Good()) + twice n + d + b + int c + a.Length + lazily.Work 1

let total = compute 3
printfn "%d" total
"""


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The program, checked once."""
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "edited.clef"
    assert _findings(_check(path, PROGRAM)) == []
    return path


def _check(path: Path, text: str) -> Compilation:
    return _compiled(path, text, check_project)


def _compiled(path: Path, text: str, how: object) -> Compilation:
    path.write_text(text, encoding="utf-8")
    loaded = load(str(path))
    assert loaded.project is not None
    sources, _ = read_sources(loaded)
    options = Options(target=loaded.project.target, stop_after=LAST)
    assert callable(how)
    found: object = how(loaded.project, options, texts=sources)
    assert isinstance(found, Compilation)
    return found


def _findings(compilation: Compilation) -> list[tuple[str, object]]:
    return [(found.code, found.span) for found in compilation.diagnostics]


def _edited(*pairs: tuple[str, str]) -> str:
    text = PROGRAM
    for old, new in pairs:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


SHORT: list[tuple[tuple[str, str], ...]] = [
    (),
    (("+ twice n +", "+ twice 7 +"),),
    (("+ ask (Good())", ""),),
    (("(b, a)", "(b, (fun x -> x) a)"),),
    (("worker.Work 1", "worker.Work 22"),),
    (("now <- now + step; now", "now <- now + step + 1; now"),),
    (("compute 3", "compute 30"),),
    (('"%d" total', '"%d!" total'),),
    (("1 + 1", "hidden ()"),),  # nobody reaches it
]
LONG: list[tuple[tuple[str, str], ...]] = [
    (("+ twice n +", "+ hidden () +"),),  # a mistake that nobody reached before
    (("+ ask (Good())", "+ ask (Bad())"),),  # a type that was never made
    (("lazily.Work 1", "lazily.Rest()"),),  # a slot that was never called
    (("+ d +", "+ d + unreached 1 +"),),  # a mistake of types
    (("x + x", "x + x + x"),),  # inlined into others
    (("member _.Now = now", "member _.Now = now + step + first"),),  # the class keeps another value
    (("unreached () = 1 + 1", "unreached () = 1.0 + 1.0"),),  # the interface
    (("+ twice n +", "+ n +"), ("worker.Work 1", "worker.Work 2")),  # two places
    (("int -> int", "int -> int // more"),),  # outside of all definitions
    (("printfn", 'printfn "more"\nprintfn'),),
]


@pytest.mark.parametrize("edits", SHORT)
def test_edits_that_are_harmless(file: Path, edits: tuple[tuple[str, str], ...]) -> None:
    again = _check(file, _edited(*edits))
    assert _findings(again) == []
    assert "core" not in again.finished


@pytest.mark.parametrize("edits", LONG)
def test_edits_that_need_a_full_check(file: Path, edits: tuple[tuple[str, str], ...]) -> None:
    text = _edited(*edits)
    again = _check(file, text)
    assert again.failed or "plan" in again.finished
    assert _findings(again) == _findings(_compiled(file, text, compile_project))
    # The mistake mended, the record of the check before it holds.
    assert _findings(_check(file, PROGRAM)) == []


def test_one_harmless_edit_after_the_other(file: Path) -> None:
    first = _edited(("worker.Work 1", "worker.Work 2"))
    assert "core" not in _check(file, first).finished
    second = first.replace("+ twice n +", "+ twice 8 + unreached () +")
    assert "core" not in _check(file, second).finished
    third = second.replace("1 + 1", "hidden ()")
    assert [code for code, _ in _findings(_check(file, third))] == ["E0504"]


def test_other_options_have_other_records(file: Path) -> None:
    loaded = load(str(file))
    assert loaded.project is not None
    sources, _ = read_sources(loaded)
    options = Options(target="wasm32-wasi", stop_after=LAST)
    assert "core" in check_project(loaded.project, options, texts=sources).finished
    checked = replace(options, check_stages=True)
    assert "core" in check_project(loaded.project, checked, texts=sources).finished


def test_signature_files_are_no_units(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    texts = {
        "main.fidproj": '[package]\nname = "main"\n[build]\nsources = ["A.fsi", "A.fs", "B.fs"]\n',
        "A.fsi": "module A\nval twice: int -> int\n",
        "A.fs": "module A\nlet hidden x = x + x\nlet twice (x: int) = hidden x\n",
        "B.fs": 'module B\nprintfn "%d" (A.twice 4)\n',
    }

    def checked(**changed: str) -> list[tuple[str, object]]:
        for name, text in {**texts, **changed}.items():
            (tmp_path / name).write_text(text, encoding="utf-8")
        loaded = load(str(tmp_path))
        assert loaded.project is not None
        sources, _ = read_sources(loaded)
        options = Options(target=loaded.project.target, stop_after=LAST)
        return _findings(check_project(loaded.project, options, texts=sources))

    assert checked() == []
    assert checked(**{"A.fs": texts["A.fs"].replace("hidden x\n", "hidden x + 1\n")}) == []
    assert [code for code, _ in checked(**{"A.fsi": "module A\nval thrice: int -> int\n"})] != []
