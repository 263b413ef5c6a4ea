"""A page that shows sources with remarks beside their lines.

Comes in: remarks by file and line, and the sources. Goes out: HTML. Promises: the page is one file
that needs nothing from elsewhere; what the source contains is escaped.
"""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence

from clef.source import SourceFile

Lines = dict[int, dict[tuple[str, str], None]]
Said = dict[str, Lines]
"""By path and line: the kind of each remark, and its text."""

_STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 75rem; padding: 0 1rem;
       color: #1c2024; background: #fcfcfd }
h1 { font-size: 1.3rem } h2 { font-size: 1.05rem; margin: 2rem 0 .5rem }
table { border-collapse: collapse; width: 100% }
td { vertical-align: top; padding: 0 .6rem; white-space: pre-wrap }
td.line { color: #889; text-align: right; user-select: none; width: 3rem }
td.code { font: 13px/1.6 ui-monospace, monospace }
td.said { width: 38% }
span { display: inline-block; font-size: 12.5px; border-radius: 4px; padding: 0 .4rem;
       margin: 1px 4px 1px 0 }
.allocation, .circle { background: #fde2cf }
.copy { background: #fff1b8 } .release { background: #e4e7ec }
.check, .remaining { background: #dfe7fd } .tail-call, .reuse, .value { background: #d6f3e0 }
.proven { background: #d6f3e0 } .versioned { background: #fff1b8 }
@media (prefers-color-scheme: dark) {
  body { color: #e6e6ea; background: #16181c }
  .allocation, .circle { background: #6b3a17 }
  .copy, .versioned { background: #5c4c0c } .release { background: #33373f }
  .check, .remaining { background: #26386b }
  .tail-call, .reuse, .value, .proven { background: #1d4a30 } }
"""


def source_page(
    name: str,
    title: str,
    summary: str,
    kinds: Sequence[str],
    said: Said,
    sources: Mapping[str, SourceFile],
) -> str:
    """The page; `kinds` are explained at its top."""
    bodies = [_file(path, lines, sources[path]) for path, lines in said.items()]
    legend = " ".join(f'<span class="{_class(kind)}">{kind}</span>' for kind in kinds)
    return (
        f"<!doctype html>\n<html lang=en><meta charset=utf-8><title>{name}</title>"
        f"<style>{_STYLE}</style>\n<h1>{title}</h1>\n"
        f"<p>{html.escape(summary)}<p>{legend}\n{''.join(bodies)}</html>\n"
    )


def _class(kind: str) -> str:
    return kind.replace(" ", "-")


def _file(path: str, lines: Lines, source: SourceFile) -> str:
    rows = [
        f"<tr><td class=line>{number}<td class=code>{html.escape(source.line_text(number))}"
        f"<td class=said>{_remarks(lines.get(number, {}))}"
        for number in range(1, len(source.line_starts) + 1)
    ]
    return f"<h2>{html.escape(path)}</h2>\n<table>\n" + "\n".join(rows) + "\n</table>\n"


def _remarks(said: Mapping[tuple[str, str], None]) -> str:
    return "".join(
        f'<span class="{_class(kind)}" title="{kind}">{html.escape(text)}</span>'
        for kind, text in said
    )
