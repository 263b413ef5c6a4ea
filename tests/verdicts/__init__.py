"""What F# accepts and what it refuses: short programs with the verdict of the published compiler.

In: `tests/verdicts/*.txt`, in which a line `//// name: verdict` stands before each program. Out:
names, verdicts and programs. Promises: a verdict is `fine`, or the code of F#'s first error; one
with a star is stated by hand, because the published compiler is older than the language.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from clef.data_classes import dataclass

FOLDER = Path(__file__).parent
FINE = "fine"
_MARK = "//// "


@dataclass(slots=True)
class Verdict:
    """One program and what F# says to it."""

    path: Path
    name: str
    verdict: str
    text: str

    @property
    def is_fine(self) -> bool:
        return self.verdict.startswith(FINE)

    @property
    def is_stated_by_hand(self) -> bool:
        return self.verdict.endswith("*")


def verdicts_in(path: Path) -> Iterator[Verdict]:
    """The programs of one file."""
    for part in path.read_text(encoding="utf-8").split(_MARK)[1:]:
        head, _, text = part.partition("\n")
        name, _, verdict = head.partition(": ")
        yield Verdict(path, name.strip(), verdict.strip(), text.rstrip("\n") + "\n")


def written(verdicts: list[Verdict]) -> str:
    """The text of a file with these programs."""
    return "\n".join(f"{_MARK}{one.name}: {one.verdict}\n{one.text}" for one in verdicts)
