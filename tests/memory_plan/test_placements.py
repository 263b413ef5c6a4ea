"""`[<Memory>]`, `[<Align>]` and `[<CacheLineAligned>]`: kept, or refused with the reason."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import pytest

from clef.backends import Artifacts
from clef.mlir.planned import Planned
from clef.pipeline import Options
from clef.toolchain.target import native_name
from tests.memory_plan.findings import compiled, found

KEPT = """[<Memory("stack")>]
type Wide = { A: int; B: int; C: int; D: int }
[<Memory("heap")>]
type Boxed = { X: int; Y: int }
type Usual = { U: int; V: int; W: int }
[<Struct; Align(16)>]
type Aligned = { P: float; Q: float; R: float }
[<CacheLineAligned>]
let mutable counter = 0
[<Memory("static")>]
let name = "abc"
[<Memory("arena")>]
let work (n: int) = (List.init n string).Length
let wide = { A = 1; B = 2; C = 3; D = 4 }
let boxed = { X = 1; Y = 2 }
let usual = [ { U = 1; V = 2; W = 3 } ]
let addresses () =
    let place = Ptr.stackalloc<Aligned> 2
    Ptr.write place { P = 1.0; Q = 2.0; R = 3.0 }
    int (Ptr.toNativeInt (Ptr.add place 1) - Ptr.toNativeInt place)
counter <- counter + 1
let worked = arena { return work 3 }
printfn "%A %A %A %s %d %d %d" wide boxed usual name counter (addresses ()) worked
"""
REFUSED = {
    "mutable": (
        '[<Memory("stack")>]\ntype T = { mutable A: int }\nlet t = { A = 1 }',
        "t.A",
        "a mutable field",
    ),
    "recursive": (
        '[<Memory("stack")>]\ntype T = E | N of T * int\nlet t = N (E, 1)',
        "t",
        "contains itself",
    ),
    "object": ('[<Memory("stack")>]\ntype T() = member _.A = 1\nlet t = T()', "t.A", "identity"),
    "struct on the heap": (
        '[<Memory("heap"); Struct>]\ntype T = { A: int; B: int }\nlet t = { A = 1; B = 2 }',
        "t.A",
        "it is a struct",
    ),
    "elements": (
        "[<Struct; Align(64)>]\ntype T = { A: int }\nlet t = [| { A = 1 } |]",
        "t.[0].A",
        "elements of arrays",
    ),
    "cells": (
        "[<CacheLineAligned>]\ntype T = { mutable A: int }\nlet t = { A = 1 }",
        "t.A",
        "aligned to 16",
    ),
    "part": (
        "[<Struct; Align(16)>]\ntype T = { A: int }\ntype U = { T: T; B: int; mutable C: int }\n"
        "let u = { T = { A = 1 }; B = 2; C = 3 }",
        "u.T.A",
        "packed",
    ),
    "no power of two": ("[<Align(3)>]\nlet mutable t = 1\nt <- 2", "t", "power of two"),
    "cell of a module": (
        '[<Memory("static")>]\nlet t = List.init 2 id',
        "t",
        "when the program starts",
    ),
    "number on the heap": ('[<Memory("heap")>]\nlet mutable t = 1\nt <- 2', "t", "needs no cell"),
    "value on the stack": ('[<Memory("stack")>]\nlet t = [ 1 ]', "t", "as long as the program"),
    "unknown place": ('[<Memory("cloud")>]\nlet t = [ 1 ]', "t", "there is no place"),
    "outside of an arena": (
        '[<Memory("arena")>]\nlet t (n: int) = [ n ]',
        "t 1",
        "outside of any arena",
    ),
    "made outside of an arena": (
        '[<Memory("arena")>]\ntype T = { mutable A: int }\nlet t = { A = 1 }',
        "t.A",
        "made outside",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    definition, use, reason = REFUSED[name]
    findings = found(f'{definition}\nprintfn "%A" ({use})\n', tmp_path, monkeypatch)
    assert [one.code for one in findings] == ["E0607"]
    assert reason in findings[0].title()


def test_layouts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    compilation = compiled(KEPT, tmp_path, monkeypatch)
    assert compilation.diagnostics == []
    layouts = cast("Planned", compilation.products["plan"]).plan.layouts
    by_name = {type.symbol.rpartition(".")[2]: layout for type, layout in layouts.items()}
    assert by_name["Wide"].form == "aggregate" and len(by_name["Wide"].words) == 4
    assert by_name["Boxed"].form == "counted"
    assert by_name["Usual"].form == "counted"
    memory = by_name["Aligned"].memory
    assert (memory.size, memory.alignment) == (32, 16)


def test_alignment_in_machine_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    options = Options(target=native_name(), emit="llvm", stop_after="code")
    artifacts = cast(
        "Artifacts", compiled(KEPT, tmp_path, monkeypatch, options).products["artifacts"]
    )
    (line,) = [
        line for line in artifacts.llvm.splitlines() if line.startswith("@") and "counter#0" in line
    ]
    assert "align 64" in line
