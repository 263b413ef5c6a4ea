"""A header as the C preprocessor leaves it.

Comes in: the path of a header. Goes out: its declarations as text for the parser, and the macros
that it defines. Promises: compiler extensions that the parser does not know are gone; line markers
tell where everything stands; `_Nullable` is kept, as `volatile`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from fnmatch import fnmatchcase
from pathlib import Path

from clef.data_classes import dataclass
from clef.toolchain.process import run
from clef.toolchain.tool import zig

_EXTENSIONS = (
    "__attribute__(x)=",
    "__extension__=",
    "__restrict=",
    "__inline=inline",
    "__inline__=inline",
    "__asm__(x)=",
    "__alignof__(x)=8",
    "__signed__=signed",
    "__const=const",
    "_Nullable=volatile",
    "_Nonnull=",
    "_Null_unspecified=",
    "_Float128=double",
    "__builtin_va_arg(a,b)=0",
)
_MARKER = re.compile(r'^# (\d+) "((?:[^"\\]|\\.)*)"')
_DEFINE = re.compile(r"^#define (\w+)(\(.*?\))?(?: (.*))?$")


class NoHeader(Exception):
    """What the preprocessor or the parser said."""


@dataclass(frozen=True, slots=True)
class Macro:
    """A `#define` of the header. `has_parameters`: it is used like a function."""

    name: str
    text: str
    line: int
    has_parameters: bool


@dataclass(frozen=True, slots=True)
class Preprocessed:
    """`text` for the parser; macros in order; `own`: the header and the files that count as it."""

    own: tuple[str, ...]
    text: str
    macros: tuple[Macro, ...]


def preprocess(header: Path, folders: Sequence[str] = (), also: Sequence[str] = ()) -> Preprocessed:
    """Run the preprocessor of the C compiler that comes with Clef. What files that match a pattern
    of `also` declare counts as the header's own."""
    command = zig().command(
        "cc",
        *("-E", "-dD", "-std=gnu11"),
        *(f"-D{one}" for one in _EXTENSIONS),
        *(f"-I{folder}" for folder in folders),
        str(header),
    )
    outcome = run(command, time_limit=120)
    if not outcome.succeeded:
        raise NoHeader(outcome.error_text().strip())
    own = (str(header), *also)
    return _taken_apart(own, outcome.output.decode("utf-8", "replace"))


def is_own(own: Sequence[str], file: str) -> bool:
    """Whether a file is the header, or counts as such."""
    return any(fnmatchcase(file, one) for one in own)


def _taken_apart(own: Sequence[str], text: str) -> Preprocessed:
    lines = ["typedef int __builtin_va_list;"]
    macros: dict[str, Macro] = {}
    file, number = "", 0
    for line in text.split("\n"):
        marker = _MARKER.match(line)
        if marker is not None:
            number, file = int(marker[1]) - 1, marker[2]
            lines.append(f'#line {marker[1]} "{file}"')
            continue
        number += 1
        if not line.startswith("#"):
            lines.append(line)
            continue
        lines.append("")
        defined = _DEFINE.match(line)
        if defined is not None and is_own(own, file):
            macros[defined[1]] = Macro(
                defined[1], (defined[3] or "").strip(), number, defined[2] is not None
            )
        elif line.startswith("#undef "):
            macros.pop(line.removeprefix("#undef ").strip(), None)
    return Preprocessed(tuple(own), "\n".join(lines), tuple(macros.values()))
