"""The programs and the terminal sessions that stand in the documents.

In: a Markdown file. Out: its fenced blocks in order. Promises: every block has a language; what a
comment before a block says about it is kept.

    <!-- file: NAME -->   the block is also a file of this name, for the sessions of the same page
    <!-- not run: why --> the block is only to be read
    <!-- needs: TOOL -->  the block is run where there is such a program
"""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
MADE = "all-messages.md"
"""Made from the catalogue of messages, whose examples have tests of their own."""
PAGES = sorted(page for page in (ROOT / "docs").rglob("*.md") if page.name != MADE)
_BLOCK = re.compile(
    r"^(?:<!-- (?P<key>file|not run|needs): (?P<value>.*?) -->\n)?"
    r"```(?P<language>\w*)\n(?P<text>.*?)^```$",
    re.M | re.S,
)


@dataclass(frozen=True)
class Block:
    """One fenced block."""

    page: Path
    line: int
    language: str
    text: str
    file: str = ""
    not_run: str = ""

    @property
    def name(self) -> str:
        """Where the block stands, for the names of tests."""
        return f"{self.page.relative_to(ROOT / 'docs')}:{self.line}"


def blocks(page: Path) -> list[Block]:
    """The blocks of a page, in order."""
    text = page.read_text(encoding="utf-8")
    found: list[Block] = []
    for match in _BLOCK.finditer(text):
        line = text.count("\n", 0, match.start("language")) + 1
        said = {match["key"]: match["value"]} if match["key"] else {}
        found.append(
            Block(
                page,
                line,
                match["language"],
                match["text"],
                said.get("file", ""),
                said.get("not run", "") or _missing(said.get("needs", "")),
            )
        )
    return found


def _missing(tool: str) -> str:
    """Why a block that needs a tool is not run."""
    return f"{tool} is not installed" if tool and shutil.which(tool) is None else ""
