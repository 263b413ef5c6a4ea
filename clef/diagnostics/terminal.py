"""Messages for people, with the source around them.

Comes in: one diagnostic, the files that were read and a `Look`. Goes out: text of several lines.
Promises: the title first, the place second, the source with the primary mark (`^`) and the
secondary ones (`─`), then notes, the hint and the command that explains more; no trailing blanks.
"""

from __future__ import annotations

from clef.diagnostics.columns import printable
from clef.diagnostics.diagnostic import Diagnostic, Label
from clef.diagnostics.look import Look
from clef.diagnostics.snippet import Row, draw
from clef.diagnostics.sources import Sources, clamp, place_of


def _by_file(labels: list[Label], first: str) -> dict[str, list[Label]]:
    files: dict[str, list[Label]] = {first: []}
    for label in labels:
        files.setdefault(label.span.path, []).append(label)
    return files


def _number_width(files: dict[str, list[Label]], sources: Sources) -> int:
    last = 1
    for path, labels in files.items():
        source = sources.get(path)
        if source is not None:
            ends = (source.position(clamp(label.span, source).end)[0] for label in labels)
            last = max(last, *ends) if labels else last
    return max(2, len(str(last)))


def _safe(label: Label, encoding: str) -> Label:
    text = " ".join(printable(label.text, encoding).split("\n"))
    return Label(label.span, text, label.primary)


def _frame(rows: list[Row], width: int, look: Look) -> list[str]:
    lines: list[str] = []
    bar = look.charset.vertical
    for row in rows:
        if row.gap:
            number = look.charset.gap.rjust(width)[:width]
        else:
            number = "" if row.number is None else str(row.number)
        gutter = look.paint(f"{number:>{width}} {bar}", "frame")
        body = row.finish(look)
        lines.append(f"{gutter} {body}" if body else gutter)
    return lines


def _place(diagnostic: Diagnostic, path: str, labels: list[Label], sources: Sources) -> str:
    if path not in sources:
        return path
    span = diagnostic.span if path == diagnostic.span.path else labels[0].span
    place = place_of(span, sources)
    return f"{path}:{place.line}:{place.column}"


def _files(diagnostic: Diagnostic, sources: Sources, look: Look) -> tuple[list[str], int]:
    labels = [_safe(label, look.encoding) for label in diagnostic.labels()]
    files = _by_file(labels or [Label(diagnostic.span, "")], diagnostic.span.path)
    width = _number_width(files, sources)
    bar = look.paint(f"{'':>{width}} {look.charset.vertical}", "frame")
    lines: list[str] = []
    for path, own in files.items():
        if not path:
            continue
        corner = look.charset.branch if lines else look.charset.corner
        place = printable(_place(diagnostic, path, own, sources), look.encoding)
        lines.append(look.paint(f"{'':>{width}} {corner} ", "frame") + place)
        source = sources.get(path)
        if source is not None and own:
            lines.append(bar)
            rows = draw(source, own, diagnostic.severity.value, look, look.width - width - 3)
            lines += _frame(rows, width, look)
            lines.append(bar)
    return lines, width


def _after(diagnostic: Diagnostic, width: int, explained: bool, look: Look) -> list[str]:
    lines: list[str] = []
    indent = " " * (width + 1)
    for note in diagnostic.notes():
        first, *rest = printable(note, look.encoding).split("\n")
        lines.append(f"{indent}{look.paint('=', 'frame')} {first}")
        lines += [f"{indent}  {line}".rstrip() for line in rest]
    hint = diagnostic.hint()
    if hint:
        first, *rest = printable(hint, look.encoding).split("\n")
        lines.append(f"{indent}{look.paint('hint:', 'hint')} {first}")
        lines += [f"{indent}      {line}".rstrip() for line in rest]
    if explained:
        lines.append(look.paint(f"{indent}more: clef explain {diagnostic.code}", "faint"))
    return lines


def render(diagnostic: Diagnostic, sources: Sources, look: Look, explained: bool = True) -> str:
    """One diagnostic as text that ends with a line break; `explained` adds the pointer to `clef
    explain`.
    """
    severity = diagnostic.severity.value
    head = look.paint(f"{severity}[{diagnostic.code}]", severity)
    title = look.paint(": " + printable(diagnostic.title(), look.encoding), "title")
    lines, width = _files(diagnostic, sources, look)
    after = _after(diagnostic, width, explained, look)
    if len(lines) > 1 and not after:
        lines.pop()
    return "\n".join([head + title, *lines, *after]) + "\n"
