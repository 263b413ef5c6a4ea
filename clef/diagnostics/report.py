"""The messages of one run in the format the user chose.

Comes in: the findings of all stages, the files that were read, a format and a `Look`. Goes out: the
text to print. Promises: findings are arranged and counted once, here, for every format; `human` and
`short` show at most `limit` messages and say how many were left out; the programs' formats always
show all.
"""

from __future__ import annotations

from collections.abc import Sequence

from clef.diagnostics.arrangement import Counts, arrange, count, limited
from clef.diagnostics.diagnostic import Diagnostic
from clef.diagnostics.look import Look
from clef.diagnostics.sources import Sources

FORMATS = ("human", "short", "json", "sarif", "github")

LIMIT = 50


def counted(number: int, word: str) -> str:
    """`1 file`, `2 files`."""
    return f"{number:,} {word}" if number == 1 else f"{number:,} {word}s"


def summary(counts: Counts, files: int, seconds: float, look: Look) -> str:
    """`3 errors, 1 warning · checked 41 files in 0.38 s`."""
    found: list[str] = []
    if counts.errors:
        found.append(look.paint(counted(counts.errors, "error"), "error"))
    if counts.warnings:
        found.append(look.paint(counted(counts.warnings, "warning"), "warning"))
    result = ", ".join(found) or look.paint("no errors", "hint")
    checked = f"checked {counted(files, 'file')} in {seconds:.2f} s"
    return f"{result} {look.charset.dot} {checked}\n"


def _human(shown: list[Diagnostic], sources: Sources, look: Look) -> str:
    from clef.diagnostics.terminal import render

    told: set[str] = set()
    blocks: list[str] = []
    for diagnostic in shown:
        blocks.append(render(diagnostic, sources, look, diagnostic.code not in told))
        told.add(diagnostic.code)
    return "\n".join(blocks)


def _left_out(number: int, look: Look) -> str:
    text = f"{counted(number, 'more message')} not shown; --limit 0 shows all"
    return "\n" + look.paint(text, "faint") + "\n"


def messages(
    diagnostics: Sequence[Diagnostic],
    sources: Sources,
    style: str,
    look: Look,
    limit: int = LIMIT,
    version: str = "",
) -> str:
    """All messages in one of `FORMATS`, without the closing line of the run."""
    arranged = arrange(diagnostics, sources)
    if style == "json":
        from clef.diagnostics.json_lines import diagnostic_line

        return "".join(diagnostic_line(diagnostic, sources) for diagnostic in arranged)
    if style == "sarif":
        from clef.diagnostics.sarif import sarif_log

        return sarif_log(arranged, sources, version)
    if style == "github":
        from clef.diagnostics.lines import github

        return "".join(github(diagnostic, sources) for diagnostic in arranged)
    shown = limited(arranged, limit)
    if style == "short":
        from clef.diagnostics.lines import short

        text = "".join(short(diagnostic, sources) for diagnostic in shown)
    else:
        text = _human(shown, sources, look)
    left_out = len(arranged) - len(shown)
    return text + _left_out(left_out, look) if left_out else text


def closing(
    diagnostics: Sequence[Diagnostic], files: int, style: str, look: Look, seconds: float
) -> str:
    """The last line of a run over `files` files; nothing for the formats that have none."""
    counts = count(arrange(diagnostics, {}))
    if style == "json":
        from clef.diagnostics.json_lines import summary_line

        return summary_line(counts, files, seconds)
    return summary(counts, files, seconds, look) if style in ("human", "short") else ""
