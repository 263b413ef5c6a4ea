"""A module as two that are compiled side by side: everything is in one of them, and the program
does what it does as one.

In: small programs. Out: the halves of their modules, and what the programs print.
"""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import cast

import pytest

from clef.mlir.halves import halves_of
from clef.mlir.lowering import formatted
from clef.pipeline import Options, compile_project
from clef.project.loading import single_file
from clef.toolchain.cache import write_atomically
from clef.toolchain.telemetry import Recording
from tests.command_line.cli import Cli

PROGRAM = """\
type Shape =
    | Circle of radius: float
    | Square of side: float
let mutable count = 0
let area shape =
    count <- count + 1
    match shape with
    | Circle radius -> 3.0 * radius * radius
    | Square side -> side * side
let rec length items = match items with [] -> 0 | _ :: rest -> 1 + length rest
printfn "%A %d" (List.map area [ Circle 1.0; Square 2.0 ]) (length [ "a"; "b" ])
try failwithf "count %d" count with Failure text -> printfn "%s" text
"""
PRINTED = "[3.0; 4.0] 2\ncount 2\n"
DEFINED = re.compile(r'^  llvm\.(?:func|mlir\.global)[^@]*@("[^"]*"|[\w.$-]+)(.*)$', re.MULTILINE)


def _defined(text: str) -> set[str]:
    """What has a body or a value, but for what is inlined everywhere."""
    found: set[str] = set()
    for line in DEFINED.finditer(text):
        is_function = line[0].startswith("  llvm.func")
        is_declared = not line[2].endswith("{") if is_function else " external " in line[0]
        if not is_declared and "alwaysinline" not in line[2]:
            found.add(line[1])
    return found


def test_each_half_is_a_module_and_nothing_is_lost_or_doubled(tmp_path: Path) -> None:
    (tmp_path / "shapes.clef").write_text(PROGRAM, encoding="utf-8")
    done = Cli(tmp_path)("build", "--emit", "mlir", "shapes.clef", "-o", "shapes.mlir")
    assert done.code == 0, done.said
    whole = (tmp_path / "shapes.mlir").read_text(encoding="utf-8")
    first, second = halves_of(whole)
    for half in (first, second):
        formatted(half)
        assert len(half) < 0.75 * len(whole)
    assert _defined(first) | _defined(second) == _defined(whole)
    assert not _defined(first) & _defined(second)
    assert (first, second) == halves_of(whole)


def test_two_objects_are_one_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("clef.backends.LARGE", 0)
    path = tmp_path / "shapes.clef"
    path.write_text(PROGRAM, encoding="utf-8")
    recording = Recording()
    compiled = compile_project(single_file(str(path)), Options(), recording)
    assert not compiled.failed
    assert "two halves" in [timing.name for timing in recording.timings]
    program = tmp_path / "shapes"
    write_atomically(program, cast("bytes", compiled.products["executable"]), executable=True)
    ran = subprocess.run([program], capture_output=True, text=True, check=True)
    assert ran.stdout == PRINTED
