"""The files that some programs read.

In: a size. Out: a file in a folder. Promises: the same size gives the same bytes.
"""

from __future__ import annotations

import json
import random
from pathlib import Path

LETTERS = "etaoinshrdlucmfwypvbgkqjxz"


def words(path: Path, size: int) -> None:
    """Lines of words, of about `size` bytes; some words are frequent and most are rare."""
    chance = random.Random(size)
    known = ["".join(chance.choices(LETTERS, k=chance.randint(2, 9))) for _ in range(40_000)]
    frequency = [1 / (rank + 3) for rank in range(len(known))]
    # A chapter of half a megabyte at a time; its lines are shuffled for the next ones.
    drawn = chance.choices(known, frequency, k=80_000)
    lines = [" ".join(drawn[i : i + 10]) for i in range(0, len(drawn), 10)]
    with path.open("w", encoding="ascii") as file:
        while file.tell() < size:
            chance.shuffle(lines)
            file.write("\n".join(lines) + "\n")


def objects(path: Path, size: int) -> None:
    """A JSON array of records, of about `size` bytes."""
    chance = random.Random(size)
    values: list[dict[str, object]] = []
    written = 0
    while written < size:
        values.append(_object(chance, len(values)))
        written += len(json.dumps(values[-1]))
    path.write_text(json.dumps(values, indent=1), encoding="ascii")


def _object(chance: random.Random, number: int) -> dict[str, object]:
    return {
        "id": number,
        "name": "".join(chance.choices(LETTERS, k=12)),
        "quote": 'say "' + "".join(chance.choices(LETTERS, k=4)) + '"\n',
        "active": chance.random() < 0.5,
        "parent": None,
        "sizes": [chance.randint(-1000, 100_000) for _ in range(6)],
        "place": {"x": chance.randint(0, 999), "y": chance.randint(0, 999), "tags": []},
    }
