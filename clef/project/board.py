"""What a project says about the board that it is for.

Comes in: the section `[board]` of a project file. Goes out: its settings, checked. Promises: a
setting that cannot be, or a target that has an operating system, is a finding with its place.
"""

from __future__ import annotations

from clef.diagnostics.boards import NoBoard
from clef.diagnostics.project import WrongValue
from clef.diagnostics.spelling import closest
from clef.project.schema import SECTIONS, Document
from clef.toolchain.board import CONSOLES, ENDINGS, SIZES
from clef.toolchain.sizes import parse_size
from clef.toolchain.target import find_target

_WORDS = {"console": CONSOLES, "ending": ENDINGS}
_GUARDS = tuple(str(1 << bits) for bits in (5, 6, 7, 8, 9, 10, 11, 12))


def board_settings(document: Document, target: str) -> tuple[tuple[str, int | str], ...]:
    """What the section says, key by key; sizes in bytes."""
    found = find_target(target) if target else None
    if "board" in document.values and found is not None and found.board is None:
        document.diagnostics.append(NoBoard(document.key_span("board"), target))
        return ()
    settings: list[tuple[str, int | str]] = []
    for key in SECTIONS["board"]:
        value = document.get("board", key)
        if isinstance(value, int | str):
            size = parse_size(value) if key in SIZES else None
            settings.append((key, size if size is not None else value))
    for key, value in settings:
        _check(document, key, value)
    return tuple(settings)


def _check(document: Document, key: str, value: int | str) -> None:
    possible: tuple[str, ...] = _WORDS.get(key, ())
    if key == "guard_size" and str(value) not in _GUARDS:
        possible = _GUARDS
    if possible and str(value) not in possible:
        span = document.value_span("board", key)
        near = closest(str(value), possible)
        document.diagnostics.append(WrongValue(span, key, str(value), near, possible))
