"""Values that never change need no cells, unless the program compares places."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from clef.pipeline import Options
from clef.toolchain.target import native_name
from tests.memory_plan.test_reuse import run_program

VALUES = """type Shape = { Name: string; Sides: (int * float) list; Inner: Shape option }
let shapes () =
    [ { Name = "a"; Sides = [ 1, 0.5; 2, 1.5 ]; Inner = None }
      { Name = "b"; Sides = []; Inner = Some { Name = "c"; Sides = [ 3, -0.0 ]; Inner = None } } ]
"""
COMPARED = """let same (a: Shape) b = obj.ReferenceEquals(a, b)
if same (shapes ()).Head (shapes ()).Head then exit 1
"""
WORK = """let mutable sum = 0
for _ in 1..100 do
    for shape in shapes () do
        sum <- sum + shape.Sides.Length
exit (sum - 200)
"""


@pytest.mark.parametrize("is_release", [False, True])
@pytest.mark.parametrize(("more", "is_made"), [("", False), (COMPARED, True)])
def test_cells(tmp_path: Path, is_release: bool, more: str, is_made: bool) -> None:
    options = Options(native_name(), is_release, heap_statistics=True)
    done = run_program(tmp_path, VALUES + more + WORK, options)
    made = re.search(r"(\d+) cells made", done.stderr)
    assert done.exit_code == 0 and made is not None
    assert (int(made[1]) > 100) == is_made
