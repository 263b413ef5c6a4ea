"""Ten benchmark programs execute no more instructions than were recorded.

In: `benchmarks/instructions.json`. Out: counts of small runs. Promises: a change that makes
compiled programs slower fails here on any machine, however busy; one that makes them faster asks
for new records: `python -m benchmarks.instructions --write`.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.instructions import COUNTED, TOLERANCE, count, missing, recorded

PROGRAMS = (
    "nbody",
    "spectral_norm",
    "matrix_blocked",
    "red_black_tree",
    "list_pipeline",
    "closures",
    "records",
    "persistent_map",
    "dictionary",
    "json",
)

pytestmark = pytest.mark.skipif(bool(missing()), reason=missing())


@pytest.mark.parametrize("name", PROGRAMS)
def test_instructions(name: str, tmp_path: Path) -> None:
    now, before = count(COUNTED[name], tmp_path), recorded()[name]
    change = f"{now:,} instructions, {100 * (now / before - 1):+.1f} % against {before:,}"
    assert now <= before * (1 + TOLERANCE), change


def test_the_record_names_all_programs() -> None:
    assert set(recorded()) == set(COUNTED)
