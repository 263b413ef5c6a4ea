"""Where later F# prints differently from the reference compiler.

In: a program's source and its output under F# 4.7. Out: the output that F# 5 and later, and so
Clef, give. Promises: text that no listed difference touches comes back unchanged.

The differences: `%A` writes the fields of a union case as `Box (2.0,3.5)` in F# 4.7 and as
`Box (2.0, 3.5)` later; and it writes a value represented by null, when it stands alone, as
`<null>` and later as the value that it is, `None` or `()`. A program that prints such values other
than `None` says so in order: `//# clef: the nulls are () None <null>`. Anything else is stated in
the program: `//# later: old text => new text`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

CASE = re.compile(r"(?:\||=)\s*([A-Z]\w*)\s+of\b|exception\s+([A-Z]\w*)\s+of\b")


NULLS = "clef: the nulls are "
LATER = "later: "


def as_clef(source: str, output: str, remarks: Sequence[str] = ()) -> str:
    """Bring the reference's output to the language level that Clef follows."""
    nulls = [remark.removeprefix(NULLS) for remark in remarks if remark.startswith(NULLS)]
    output = _with_nulls(_with_blanks(source, output), " ".join(nulls).split())
    for remark in remarks:
        if remark.startswith(LATER):
            old, new = remark.removeprefix(LATER).split(" => ")
            output = output.replace(old, new)
    return output


def _with_nulls(output: str, nulls: list[str]) -> str:
    parts = output.split("<null>")
    names = nulls + ["None"] * len(parts)
    return parts[0] + "".join(name + part for name, part in zip(names, parts[1:], strict=False))


def _with_blanks(source: str, output: str) -> str:
    if "%A" not in source:
        return output
    cases = {first or second for first, second in CASE.findall(source)}
    if not cases:
        return output
    opening = re.compile(r"\b(?:" + "|".join(sorted(cases)) + r") \(")
    places = {match.end() for match in opening.finditer(output)}
    return _spaced(output, places)


def _spaced(output: str, fields_start: set[int]) -> str:
    """Put a blank behind the commas directly inside the parentheses opened before the places."""
    lines: list[str] = []
    inside: list[bool] = []
    shifts: list[int] = []
    start = 0
    for line in output.split("\n"):
        indent = len(line) - len(line.lstrip(" "))
        shifts = [column for column in shifts if indent > column]
        places = _commas(line, start, inside, fields_start)
        start += len(line) + 1
        for place in reversed(places):
            line = line[: place + 1] + " " + line[place + 1 :]
        lines.append(" " * len(shifts) + line)
        shifts += places
    return "\n".join(lines)


def _commas(line: str, start: int, inside: list[bool], fields_start: set[int]) -> list[int]:
    """The columns of a line's commas between fields; `inside` lists the open brackets."""
    places: list[int] = []
    quoted = False
    for column, character in enumerate(line):
        if character == '"':
            quoted = not quoted
        elif quoted:
            continue
        elif character in "([{":
            inside.append(start + column + 1 in fields_start)
        elif character in ")]}" and inside:
            inside.pop()
        elif character == "," and inside and inside[-1] and line[column + 1 : column + 2] != " ":
            places.append(column)
    return places
