"""`#nowarn` and `#warnon`: warnings that a file does not want.

Comes in: the directives of a file in order, and what was found in it. Goes out: the findings that
are still shown. Promises: errors are never silenced; a directive works from its line to the end of
the file, or to one that takes it back.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from clef.diagnostics.diagnostic import Diagnostic, Severity

_DIRECTIVE: Final = re.compile(r"#[ \t]*(nowarn|warnon)\b([^\r\n]*)")
_CODE: Final = re.compile(r"\b(?:FS)?0*(\d+)\b|\b([WN]\d{4})\b")


@dataclass(frozen=True, slots=True)
class Switch:
    """One directive: from `position` on, `codes` are silent or not. F# numbers are plain digits."""

    position: int
    is_silent: bool
    codes: frozenset[str]


def switch_of(position: int, line: str) -> Switch | None:
    """What a directive's line says; None for other directives."""
    found = _DIRECTIVE.match(line)
    if found is None:
        return None
    rest = found.group(2).partition("//")[0]
    codes = frozenset(one.group(1) or one.group(2) for one in _CODE.finditer(rest))
    return Switch(position, found.group(1) == "nowarn", codes)


def without_silenced(found: Iterable[Diagnostic], switches: list[Switch]) -> list[Diagnostic]:
    """The findings that no switch in front of them silences."""
    if not switches:
        return list(found)
    return [one for one in found if not _is_silenced(one, switches)]


def _is_silenced(diagnostic: Diagnostic, switches: list[Switch]) -> bool:
    if diagnostic.severity is Severity.ERROR:
        return False
    names = {diagnostic.code, str(diagnostic.own_number)}
    silent = False
    for switch in switches:
        if switch.position <= diagnostic.span.start and names & switch.codes:
            silent = switch.is_silent
    return silent
