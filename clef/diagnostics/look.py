"""How messages look on a given output: width, drawing characters, colours.

Comes in: an output stream and the environment. Goes out: a `Look`, plain data that the renderers
obey. Promises: colour only on a terminal unless the user forces it (`NO_COLOR`, `FORCE_COLOR`,
`--color`); no character that the output's encoding cannot carry.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from typing import TextIO

from clef.data_classes import dataclass, field

RESET = "\x1b[0m"

PLAIN: dict[str, str] = {}

COLOURS: dict[str, str] = {
    "error": "\x1b[1;31m",
    "warning": "\x1b[1;33m",
    "note": "\x1b[1;34m",
    "title": "\x1b[1m",
    "frame": "\x1b[34m",
    "secondary": "\x1b[36m",
    "hint": "\x1b[32m",
    "faint": "\x1b[2m",
}


@dataclass(frozen=True, slots=True)
class Charset:
    """The characters that frames and marks are drawn with."""

    corner: str = "╭─"
    branch: str = "├─"
    vertical: str = "│"
    horizontal: str = "─"
    open: str = "╭"
    close: str = "╰"
    secondary: str = "─"
    primary: str = "^"
    ellipsis: str = "…"
    gap: str = "···"
    dot: str = "·"


BOXES = Charset()

ASCII = Charset(
    corner="-->",
    branch=":::",
    vertical="|",
    horizontal="-",
    open="/",
    close="\\",
    secondary="-",
    primary="^",
    ellipsis="~",
    gap="...",
    dot="-",
)


@dataclass(frozen=True, slots=True)
class Look:
    """Everything a text renderer needs to know about its output."""

    width: int = 100
    charset: Charset = BOXES
    palette: Mapping[str, str] = field(default_factory=lambda: PLAIN)
    encoding: str = "utf-8"

    def paint(self, text: str, role: str) -> str:
        """The text in the colour of its role."""
        colour = self.palette.get(role)
        return f"{colour}{text}{RESET}" if colour and text else text


def wants_colour(choice: str, terminal: bool, environment: Mapping[str, str]) -> bool:
    """Whether to use colour: the option first, then the customary variables, then the kind of
    output.
    """
    if choice != "auto":
        return choice == "always"
    if environment.get("NO_COLOR"):
        return False
    if environment.get("FORCE_COLOR", "0") not in ("", "0") or environment.get(
        "CLICOLOR_FORCE", "0"
    ) not in ("", "0"):
        return True
    return terminal and environment.get("TERM") != "dumb"


def can_encode(encoding: str, text: str) -> bool:
    """Whether an encoding has all these characters."""
    try:
        text.encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def look_of(stream: TextIO, choice: str, environment: Mapping[str, str]) -> Look:
    """The look that suits a stream."""
    terminal = bool(getattr(stream, "isatty", lambda: False)())
    encoding = getattr(stream, "encoding", None) or "utf-8"
    width = shutil.get_terminal_size((100, 24)).columns if terminal else 120
    boxes = can_encode(encoding, "╭├│─╰…·")
    return Look(
        width=min(max(width, 40), 160),
        charset=BOXES if boxes else ASCII,
        palette=COLOURS if wants_colour(choice, terminal, environment) else PLAIN,
        encoding=encoding,
    )
