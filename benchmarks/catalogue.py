"""The programs: what they are about, how large a run is, what they read.

In: nothing. Out: `PROGRAMS`, by name; the sources are in `benchmarks/programs/NAME`. Promises: a
run at `size` takes some tenths of a second to two seconds on a slow machine; `small` is for
counting instructions, which is fifty times slower.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks import inputs

FOLDER = Path(__file__).parent / "programs"
NUMERIC, FUNCTIONAL, COLLECTIONS, TEXT, PAUSES = SECTIONS = (
    "numeric",
    "functional",
    "collections",
    "text",
    "pauses",
)


@dataclass(frozen=True, slots=True)
class Program:
    """One program, in Clef and in the languages whose source is in its folder."""

    name: str
    section: str
    size: int
    small: int
    make_input: Callable[[Path, int], None] | None = None

    @property
    def folder(self) -> Path:
        return FOLDER / self.name


PROGRAMS = {
    program.name: program
    for program in (
        Program("fib", NUMERIC, 40, 27),
        Program("nbody", NUMERIC, 5_000_000, 50_000),
        Program("spectral_norm", NUMERIC, 2000, 200),
        Program("fannkuch", NUMERIC, 10, 8),
        Program("mandelbrot", NUMERIC, 2500, 200),
        Program("matrix_naive", NUMERIC, 1024, 96),
        Program("matrix_blocked", NUMERIC, 1024, 128),
        Program("lu", NUMERIC, 1500, 120),
        Program("binary_trees", FUNCTIONAL, 18, 10),
        Program("queens", FUNCTIONAL, 12, 7),
        Program("red_black_tree", FUNCTIONAL, 4_200_000, 20_000),
        Program("derivative", FUNCTIONAL, 9, 6),
        Program("constant_folding", FUNCTIONAL, 20, 13),
        Program("list_pipeline", FUNCTIONAL, 10_000_000, 50_000),
        Program("closures", FUNCTIONAL, 1_500_000, 10_000),
        Program("records", FUNCTIONAL, 5000, 20),
        Program("persistent_map", COLLECTIONS, 1_000_000, 10_000),
        Program("dictionary", COLLECTIONS, 3_000_000, 40_000),
        Program("word_count", TEXT, 50_000_000, 200_000, inputs.words),
        Program("json", TEXT, 8_000_000, 100_000, inputs.objects),
        Program("strings", TEXT, 2_000_000, 10_000),
        Program("pause", PAUSES, 1024, 4),
    )
}
