"""The examples of a document, ready to be run.

In: a document whose code blocks say what they are: `file=NAME` is a file, `run` is a list of
commands, `output` is what they print, `python` is a conversation. Out: the blocks in order.
Promises: a block of an unknown kind is an error, so that none is forgotten.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent.parent.parent / "docs"
_BLOCK = re.compile(r"^```(\w+)(?: (.+?))?\n(.*?)^```$", re.M | re.S)
_KINDS = ("run", "output", "session")


@dataclass(frozen=True)
class Block:
    """`kind`: "file", "run", "output" or "session"; `name` is a file's."""

    kind: str
    name: str
    text: str


def blocks(document: str) -> list[Block]:
    """All blocks of a document."""
    found: list[Block] = []
    for language, words, text in _BLOCK.findall((FOLDER / document).read_text(encoding="utf-8")):
        if words.startswith("file="):
            found.append(Block("file", words.removeprefix("file="), text))
        else:
            kind = "session" if language == "python" and not words else words
            assert kind in _KINDS, f"{document}: a block of {language} {words!r}"
            found.append(Block(kind, "", text))
    return found
