"""The piece of source under a message: lines, marks and remarks, as a drawing in rows.

Comes in: one file and the labels that lie in it. Goes out: `Row`s of styled text, without the frame
on the left. Promises: every label is drawn; labels on one line never write over each other; long
gaps and long lines are cut.
"""

from __future__ import annotations

from clef.data_classes import dataclass, field
from clef.diagnostics.columns import ShownLine, show_line
from clef.diagnostics.diagnostic import Label
from clef.diagnostics.look import Look
from clef.diagnostics.sources import clamp
from clef.source import SourceFile


@dataclass(slots=True)
class Row:
    """One row: a source line has its number, a row of marks has none; `gap` stands for lines left
    out.
    """

    number: int | None
    cells: list[str] = field(default_factory=list[str])
    roles: list[str] = field(default_factory=list[str])
    tail: str = ""
    tail_role: str = ""
    gap: bool = False

    def put(self, column: int, text: str, role: str) -> None:
        """Draws single-column characters at a column."""
        missing = column + len(text) - len(self.cells)
        if missing > 0:
            self.cells.extend(" " * missing)
            self.roles.extend([""] * missing)
        for index, character in enumerate(text, column):
            self.cells[index] = character
            self.roles[index] = role

    def finish(self, look: Look) -> str:
        """The row as text, runs of one role painted together."""
        parts: list[str] = []
        start = 0
        for end in range(1, len(self.cells) + 1):
            if end == len(self.cells) or self.roles[end] != self.roles[start]:
                parts.append(look.paint("".join(self.cells[start:end]), self.roles[start]))
                start = end
        if self.tail:
            parts.append(look.paint(self.tail, self.tail_role))
        return "".join(parts).rstrip()


@dataclass(slots=True)
class _Mark:
    """A label in lines and offsets within lines; `lane` is the column of a bracket over several
    lines.
    """

    label: Label
    first_line: int
    start: int
    last_line: int
    end: int
    role: str
    lane: int = -1

    @property
    def brackets(self) -> bool:
        return self.last_line > self.first_line


def _marks(source: SourceFile, labels: list[Label], severity: str) -> list[_Mark]:
    marks: list[_Mark] = []
    for label in labels:
        span = clamp(label.span, source)
        first_line, start = source.position(span.start)
        last_line, end = source.position(span.end)
        if last_line > first_line and end == 1:
            # The span ends with a line break: it covers nothing of the next line.
            last_line -= 1
            end = len(source.line_text(last_line)) + 1
        role = severity if label.primary else "secondary"
        marks.append(_Mark(label, first_line, start - 1, last_line, end - 1, role))
    brackets = sorted((m for m in marks if m.brackets), key=lambda m: (m.first_line, -m.last_line))
    for lane, mark in enumerate(brackets):
        mark.lane = lane
    return marks


def _lines_to_show(marks: list[_Mark]) -> list[int]:
    shown: set[int] = set()
    for mark in marks:
        if mark.last_line - mark.first_line <= 5:
            shown.update(range(mark.first_line, mark.last_line + 1))
        else:
            shown.update((mark.first_line, mark.first_line + 1, mark.last_line - 1, mark.last_line))
    ordered = sorted(shown)
    filled: list[int] = []
    for line in ordered:
        if filled and 1 < line - filled[-1] <= 3:
            filled.extend(range(filled[-1] + 1, line))
        filled.append(line)
    return filled


def draw(
    source: SourceFile, labels: list[Label], severity: str, look: Look, room: int
) -> list[Row]:
    """All rows for the labels of one file."""
    marks = _marks(source, labels, severity)
    lanes = sum(1 for mark in marks if mark.brackets)
    left = 2 * lanes
    rows: list[Row] = []
    previous = 0
    for line in _lines_to_show(marks):
        if previous and line > previous + 1:
            gap = Row(None, gap=True)
            _draw_lanes(gap, marks, previous, line, look)
            rows.append(gap)
        rows.extend(_draw_line(source, line, marks, left, look, room))
        previous = line
    return rows


def _draw_lanes(row: Row, marks: list[_Mark], after: int, before: int, look: Look) -> None:
    """The upright strokes of brackets that began at or above line `after` and end at or below line
    `before`.
    """
    for mark in marks:
        if mark.brackets and mark.first_line <= after and mark.last_line >= before:
            row.put(2 * mark.lane, look.charset.vertical, mark.role)


def _draw_line(
    source: SourceFile, line: int, marks: list[_Mark], left: int, look: Look, room: int
) -> list[Row]:
    here = [m for m in marks if m.first_line == line or m.last_line == line]
    focus = min(
        here,
        key=lambda m: (not m.label.primary, m.first_line != line),
        default=None,
    )
    offset = 0 if focus is None else focus.start if focus.first_line == line else focus.end
    text = source.line_text(line)
    shown = show_line(text, room - left, offset, look.charset.ellipsis, look.encoding)
    row = Row(line)
    _draw_lanes(row, marks, line - 1, line, look)
    rows = [row]
    blank = len(text) - len(text.lstrip())
    for mark in here:
        if mark.brackets and mark.first_line == line:
            if mark.start <= blank:
                row.put(2 * mark.lane, look.charset.open, mark.role)
            else:
                rows.append(_opening(mark, marks, shown, left, line, look))
    row.put(left, "", "")
    row.tail = " " * (left - len(row.cells)) + shown.text
    rows.extend(_inline_rows([m for m in here if not m.brackets], marks, shown, left, line, look))
    # Inner brackets close first, so that their strokes cross no open one.
    for mark in sorted(here, key=lambda m: -m.lane):
        if mark.brackets and mark.last_line == line:
            rows.append(_closing(mark, marks, shown, left, line, look))
    return rows


def _opening(
    mark: _Mark, marks: list[_Mark], shown: ShownLine, left: int, line: int, look: Look
) -> Row:
    row = Row(None)
    others = [m for m in marks if m.first_line < line or m.lane < mark.lane]
    _draw_lanes(row, others, line, line + 1, look)
    column = left + shown.column(mark.start)
    length = column - 2 * mark.lane - 1
    row.put(2 * mark.lane, look.charset.open + look.charset.horizontal * length, mark.role)
    row.put(column, _point(mark, look), mark.role)
    return row


def _closing(
    mark: _Mark, marks: list[_Mark], shown: ShownLine, left: int, line: int, look: Look
) -> Row:
    row = Row(None)
    others = [m for m in marks if m is not mark and (m.last_line > line or m.lane < mark.lane)]
    _draw_lanes(row, others, line - 1, line, look)
    column = left + shown.column(max(mark.end - 1, 0))
    length = column - 2 * mark.lane - 1
    row.put(2 * mark.lane, look.charset.close + look.charset.horizontal * length, mark.role)
    row.put(column, _point(mark, look), mark.role)
    if mark.label.text:
        row.tail, row.tail_role = " " + mark.label.text, mark.role
    return row


def _point(mark: _Mark, look: Look) -> str:
    return look.charset.primary if mark.label.primary else look.charset.secondary


def _inline_rows(
    here: list[_Mark], marks: list[_Mark], shown: ShownLine, left: int, line: int, look: Look
) -> list[Row]:
    """The row of underlines and the rows of remarks of the labels that lie within one line."""
    if not here:
        return []
    under = Row(None)
    _draw_lanes(under, marks, line, line + 1, look)
    places: list[tuple[int, int, _Mark]] = []
    for mark in sorted(here, key=lambda m: m.label.primary):
        start = left + shown.column(mark.start)
        end = max(left + shown.column(mark.end), start + 1)
        under.put(start, _point(mark, look) * (end - start), mark.role)
        if mark.label.text:
            places.append((start, end, mark))
    places.sort(key=lambda place: (place[0], not place[2].label.primary))
    rows = [under]
    if places and places[-1][1] >= len(under.cells) and _alone(places):
        _, _, last = places.pop()
        under.tail, under.tail_role = " " + last.label.text, last.role
    elif places:
        rows.append(_hanging(places, marks, line, look))
    if places and under.tail:
        rows.append(_hanging(places, marks, line, look))
    while places:
        start, _, mark = places.pop()
        row = _hanging(places, marks, line, look)
        if len(row.cells) > start:
            del row.cells[start:], row.roles[start:]
        row.tail = " " * (start - len(row.cells)) + mark.label.text
        row.tail_role = mark.role
        rows.append(row)
    return rows


def _alone(places: list[tuple[int, int, _Mark]]) -> bool:
    """Whether the last label starts at a column of its own: its remark can stand beside it."""
    return len(places) == 1 or places[-2][0] < places[-1][0]


def _hanging(
    places: list[tuple[int, int, _Mark]], marks: list[_Mark], line: int, look: Look
) -> Row:
    row = Row(None)
    _draw_lanes(row, marks, line, line + 1, look)
    for start, _, mark in places:
        row.put(start, look.charset.vertical, mark.role)
    return row
