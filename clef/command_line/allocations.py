"""What one call of a measured function allocates.

Comes in: the words that run a program of measured functions, built to watch its heap, with the
number of one. Goes out: `Allocated`. Promises: what is prepared, and what the first call alone
allocates, is left out: the program is run with few calls and with more, and the difference counts.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from clef.data_classes import dataclass
from clef.toolchain.process import run

_FEW, _MORE = 2, 12
_TIME_LIMIT = 600.0
_MADE = re.compile(r"heap: (\d+) cells made, of (\d+) bytes")


@dataclass(frozen=True, slots=True)
class Allocated:
    """Cells and their bytes of one call, on the average."""

    cells: float
    bytes: float

    def shown(self) -> str:
        """As people read it."""
        if not self.cells:
            return "allocates nothing"
        return f"allocates {_number(self.cells)} cells, {_number(self.bytes)} bytes"


def allocated_by(words: Sequence[str]) -> Allocated | None:
    """What a call of the function with the number at the end of `words` allocates; None when it
    fails.
    """
    few, more = _made([*words, str(_FEW)]), _made([*words, str(_MORE)])
    if few is None or more is None:
        return None
    calls = _MORE - _FEW
    return Allocated((more[0] - few[0]) / calls, (more[1] - few[1]) / calls)


def _made(words: Sequence[str]) -> tuple[int, int] | None:
    outcome = run(words, time_limit=_TIME_LIMIT)
    found = _MADE.search(outcome.error_text())
    return (int(found[1]), int(found[2])) if found and outcome.succeeded else None


def _number(value: float) -> str:
    return f"{value:,.0f}" if value == round(value) else f"{value:,.1f}"
