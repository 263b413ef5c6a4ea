"""Which lines and branches the tests of a project have run.

Comes in: a project, and the marks that its test programs left. Goes out: a table, a page, and the
format of lcov. Promises: a line is covered when one of its statements was run, by any test, to its end
or not; what no test program contains is not covered.
"""

# ruff: noqa: E501 (lines of CSS)

from __future__ import annotations

import html
import os
import tempfile
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path

from clef.command_line.coverable import Coverable, coverable
from clef.command_line.output import Output
from clef.command_line.writing import write_file
from clef.data_classes import dataclass, field
from clef.project.files import read_source
from clef.project.loading import load
from clef.source import SourceFile, Span
from clef.toolchain.marks import Marks


@dataclass(slots=True)
class Recorder:
    """The sources that count, and where programs note what they run."""

    marks: Marks
    sources: dict[str, SourceFile]

    def marked(self) -> dict[str, bytes]:
        """For each source a byte for each character."""
        data = Path(self.marks.file).read_bytes()
        found: dict[str, bytes] = {}
        for path, start in self.marks.bases:
            found[path] = data[start : start + len(self.sources[path].text) + 1]
        return found


@dataclass(slots=True)
class FileCoverage:
    """`lines`: by number, whether they were run. `branches`: line, number within the line, whether
    it was taken.
    """

    source: SourceFile
    lines: dict[int, bool] = field(default_factory=dict[int, bool])
    branches: list[tuple[int, int, bool]] = field(default_factory=list[tuple[int, int, bool]])

    def covered_lines(self) -> int:
        """How many lines were run."""
        return sum(self.lines.values())

    def covered_branches(self) -> int:
        """How many branches were taken."""
        return sum(taken for _, _, taken in self.branches)


@contextmanager
def recording(path: str | None, output: Output) -> Generator[Recorder]:
    """A file for marks as long as the tests run."""
    project = load(path).project
    texts = [read_source(one)[0] for one in (project.sources if project is not None else ())]
    sources = {source.path: source for source in texts if source is not None}
    bases: list[tuple[str, int]] = []
    size = 0
    for name, source in sources.items():
        bases.append((name, size))
        size += len(source.text) + 1
    descriptor, file = tempfile.mkstemp(prefix="clef-marks-")
    try:
        os.ftruncate(descriptor, max(size, 1))
        os.close(descriptor)
        yield Recorder(Marks(file, max(size, 1), tuple(bases)), sources)
    finally:
        os.unlink(file)


def coverage_of(recorder: Recorder) -> list[FileCoverage]:
    """The files that have something to run."""
    from clef.pipeline import Options
    from clef.steps import conditional_symbols

    symbols = conditional_symbols(Options(), recorder.sources.values())
    marked = recorder.marked()
    found = [
        file_coverage(source, coverable(source, symbols), marked[path])
        for path, source in recorder.sources.items()
    ]
    return [one for one in found if one.lines]


def file_coverage(source: SourceFile, parts: Coverable, marked: bytes) -> FileCoverage:
    """What the marks say about one file."""
    made = FileCoverage(source)
    for span in parts.statements:
        line = source.position(span.start)[0]
        made.lines[line] = made.lines.get(line, False) or _was_run(span, marked)
    numbers: dict[int, int] = {}
    for span in parts.branches:
        line = source.position(span.start)[0]
        number = numbers[line] = numbers.get(line, -1) + 1
        made.branches.append((line, number, _was_run(span, marked)))
    made.lines = dict(sorted(made.lines.items()))
    return made


def _was_run(span: Span, marked: bytes) -> bool:
    return any(marked[span.start : max(span.end, span.start + 1)])


# Reports ------------------------------------------------------------------------------------------


def report(recorder: Recorder, page: str, lcov: str, output: Output) -> None:
    """Tell, and write what was asked for."""
    files = coverage_of(recorder)
    output.write(as_text(files))
    if page:
        write_file(Path(page), as_page(files).encode("utf-8", "surrogatepass"))
    if lcov:
        write_file(Path(lcov), as_lcov(files).encode("utf-8", "surrogatepass"))


def as_text(files: list[FileCoverage]) -> str:
    """A line for each file and the sum."""
    rows = [_row(one.source.path, [one]) for one in files]
    if len(files) != 1:
        rows.append(_row("all", files))
    return "".join(f"{row}\n" for row in ("    lines          branches", *rows))


def _row(name: str, files: list[FileCoverage]) -> str:
    lines = (sum(one.covered_lines() for one in files), sum(len(one.lines) for one in files))
    taken = (sum(one.covered_branches() for one in files), sum(len(one.branches) for one in files))
    missing = f"  not run: {_ranges(files[0])}" if len(files) == 1 and lines[0] < lines[1] else ""
    return f"{_share(*lines)}  {_share(*taken)}  {name}{missing}"


def _share(part: int, whole: int) -> str:
    percent = f"{100 * part / whole:.0f} %" if whole else "–"
    return f"{percent:>6} {f'{part}/{whole}':>9}"


def _ranges(one: FileCoverage) -> str:
    """The lines that were not run: `3, 7-9`. Lines without statements do not interrupt a range."""
    groups: list[list[int]] = []
    before = True
    for line, was_run in one.lines.items():
        if not was_run:
            if before or not groups:
                groups.append([line])
            else:
                groups[-1].append(line)
        before = was_run
    return ", ".join(str(g[0]) if len(g) == 1 else f"{g[0]}-{g[-1]}" for g in groups)


def as_lcov(files: list[FileCoverage]) -> str:
    """The format of geninfo(1)."""
    parts: list[str] = []
    for one in files:
        parts.append(f"SF:{os.path.abspath(one.source.path)}")
        parts += [f"BRDA:{line},0,{number},{int(taken)}" for line, number, taken in one.branches]
        parts += [f"BRF:{len(one.branches)}", f"BRH:{one.covered_branches()}"]
        parts += [f"DA:{line},{int(was_run)}" for line, was_run in one.lines.items()]
        parts += [f"LF:{len(one.lines)}", f"LH:{one.covered_lines()}", "end_of_record"]
    return "".join(f"{part}\n" for part in parts)


_STYLE = """
:root { color-scheme: light dark; --ink: #1c2024; --soft: #60646c; --paper: #fcfcfd; --yes: #d6f3e0; --no: #fbd9d9; --part: #fff1b8 }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e6ea; --soft: #a0a4ae; --paper: #16181c; --yes: #1d4a30; --no: #5e2626; --part: #5c4c0c } }
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 70rem; padding: 0 1rem; color: var(--ink); background: var(--paper) }
h1 { font-size: 1.3rem } h2 { font-size: 1.05rem; margin: 2rem 0 .4rem }
table { border-collapse: collapse } td, th { padding: .15rem 1rem .15rem 0; text-align: left }
pre { font: 13px/1.6 ui-monospace, monospace; overflow: auto; margin: 0 } pre div { white-space: pre; min-height: 1.6em }
pre div::before { content: attr(data-n); display: inline-block; width: 3rem; margin-right: 1rem; text-align: right; color: var(--soft) }
.yes { background: var(--yes) } .no { background: var(--no) } .part { background: var(--part) }
"""


def as_page(files: list[FileCoverage]) -> str:
    """The sources, with what was run and what was not."""
    rows = "".join(
        f"<tr><td><a href='#f{number}'>{html.escape(one.source.path)}</a>"
        f"<td>{_share(one.covered_lines(), len(one.lines))}"
        f"<td>{_share(one.covered_branches(), len(one.branches))}"
        for number, one in enumerate(files)
    )
    bodies = "".join(_file(number, one) for number, one in enumerate(files))
    return (
        "<!doctype html>\n<html lang=en><meta charset=utf-8>"
        "<meta name=viewport content='width=device-width'><title>Coverage</title>"
        f"<style>{_STYLE}</style>\n<h1>What the tests have run</h1>\n"
        f"<table><tr><th>file<th>lines<th>branches{rows}</table>\n{bodies}</html>\n"
    )


def _file(number: int, one: FileCoverage) -> str:
    missed: Mapping[int, int] = _missed(one)
    lines: list[str] = []
    for line, text in enumerate(one.source.text.splitlines(), 1):
        was_run = one.lines.get(line)
        kind = "" if was_run is None else "yes" if was_run else "no"
        title = ""
        if missed.get(line) and was_run:
            kind, title = "part", f' title="{missed[line]} branches were not taken"'
        lines.append(f'<div class="{kind}" data-n="{line}"{title}>{html.escape(text)}</div>')
    path = html.escape(one.source.path)
    return f'<h2 id="f{number}">{path}</h2>\n<pre>{"".join(lines)}</pre>\n'


def _missed(one: FileCoverage) -> dict[int, int]:
    found: dict[int, int] = {}
    for line, _, taken in one.branches:
        found[line] = found.get(line, 0) + (not taken)
    return found
