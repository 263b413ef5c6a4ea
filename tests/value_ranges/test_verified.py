"""What is proven is so: programs in which every proven check is made all the same.

In: random programs, and programs of the other tests. Out: how they end.
"""

from __future__ import annotations

import platform
from pathlib import Path

import pytest

from tests.program_expectations import parse
from tests.value_ranges.generator import random_program
from tests.value_ranges.verifying import WRONG, run_verified

pytestmark = pytest.mark.skipif(platform.machine() != "x86_64", reason="the code of a trap")
PROGRAMS = Path(__file__).parents[1] / "programs"
CHOSEN = (
    "arrays/checks_that_cannot_fail.clef",
    "dotnet_io/file_information.clef",
    "integers/wrapping.clef",
)


@pytest.mark.parametrize("seed", [5, 21])
def test_random_programs(seed: int, tmp_path: Path) -> None:
    path = tmp_path / "random.clef"
    path.write_text(random_program(seed), encoding="utf-8")
    result = run_verified(path)
    assert result.exit_code == 0, f"seed {seed}: {result.stdout[-300:]}"


@pytest.mark.parametrize("name", CHOSEN)
def test_programs(name: str) -> None:
    path = PROGRAMS / name
    _, expected = parse(path.read_text(encoding="utf-8"))
    result = run_verified(path)
    assert result.exit_code not in WRONG
    assert result.stdout == expected.stdout


def test_a_wrong_proof_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The verification itself works: here the analysis claims what is not so."""
    from clef.value_ranges import arithmetic, primitives

    def claim(*_: object) -> bool:
        return True

    path = tmp_path / "wrong.clef"
    path.write_text(
        "[<EntryPoint>]\nlet main arguments =\n    let xs = [| 1; 2; 3 |]\n"
        '    let i = 3 + (arguments.Length &&& 1)\n    printfn "%d" xs.[i]\n    0\n',
        encoding="utf-8",
    )
    assert arithmetic.is_below is primitives.is_below
    monkeypatch.setattr(primitives, "is_below", claim)
    assert run_verified(path).exit_code in WRONG
