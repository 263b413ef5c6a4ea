"""`[<NoHeap>]`: broken promises are found, in the function itself and through calls; kept ones are
not."""

from __future__ import annotations

from pathlib import Path

import pytest

from clef.pipeline import Options, compile_project
from clef.project.loading import load, read_sources

BROKEN = {
    "list": ("let f (x: int) = [ x ]", "f 1"),
    "string": ('let f (s: string) = s + "!"', 'f "a"'),
    "unknown function": ("let f (g: int -> int) = g 1", "[ id; abs ] |> List.sumBy f"),
    "box": ("let f (x: int) : obj = box x", "f 1"),
    "library": ("let f (xs: int[]) = Array.map (fun x -> x + 1) xs", "f [| 1 |]"),
}
KEPT = {
    "numbers": ("let f (x: int) = if x % 2 = 0 then Some(x / 2) else None", "f 1"),
    "elements": ("let f (xs: int[]) = xs.[0] + xs.Length", "f [| 1 |]"),
    "failure": ('let f (x: int) = if x < 0 then invalidArg "x" "negative" else x', "f 1"),
}
CALLED = """let make (x: int) = [| x |]
[<NoHeap>]
let f (x: int) = (make x).Length
printfn "%A" (f 1)
"""
MODULE = """[<NoHeap>]
module Fast =
    let table = [| 1; 2; 3 |]
    let at i = table.[i]
    let pair i = [ table.[i]; i ]
printfn "%d %A" (Fast.at 1) (Fast.pair 1)
"""


def findings(program: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """Codes and titles."""
    (folder / "program.clef").write_text(program, "utf-8")
    monkeypatch.chdir(folder)
    loaded = load("program.clef")
    assert loaded.project is not None
    sources, _ = read_sources(loaded)
    options = Options(target=loaded.project.target, stop_after="plan")
    compilation = compile_project(loaded.project, options, texts=sources)
    return [(one.code, one.title()) for one in compilation.diagnostics]


def marked(case: tuple[str, str]) -> str:
    definition, use = case
    return f'[<NoHeap>]\n{definition}\nprintfn "%A" ({use})\n'


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_promise_is_found(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert [code for code, _ in findings(marked(BROKEN[name]), tmp_path, monkeypatch)] == ["E0602"]


@pytest.mark.parametrize("name", KEPT)
def test_a_kept_promise_is_silent(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert findings(marked(KEPT[name]), tmp_path, monkeypatch) == []


def test_through_a_call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert [code for code, _ in findings(CALLED, tmp_path, monkeypatch)] == ["E0602"]


def test_a_module_promises_for_its_functions(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = findings(MODULE, tmp_path, monkeypatch)
    assert len(found) == 1 and "pair" in found[0][1]
