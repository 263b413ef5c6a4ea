"""All figures with one command.

In: what is installed. Out: tables on standard output; JSON, an SVG chart and the tables for the
documentation where asked for. Promises: Clef and its peers are measured in turn, in one run on one
machine; peers that are missing are named; the exit code is 1 when a budget is missed, when a
numeric program takes more than 1.1 times what it takes in C, or when two languages print
different things.

    python -m benchmarks.run [--program NAME …] [--peer NAME …] [--section NAME …] [--rounds N]
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks import report
from benchmarks.budgets import Budget, take_all
from benchmarks.catalogue import NUMERIC, PROGRAMS, SECTIONS, Program
from benchmarks.chart import chart
from benchmarks.comparison import Comparison, compare, count_instructions
from benchmarks.measure import run
from benchmarks.peers import PEERS, Peer, clef_command, installation

TIME_LIMIT = 1.10
BUDGETS = "budgets"
MARK = "<!-- figures: written by python -m benchmarks.run --document -->\n"


def main(words: list[str]) -> int:
    """Run the command; see the module's text."""
    options = _options(words)
    if options.install_peers:
        print(installation())
        return 0
    peers = _peers(options.peer)
    with tempfile.TemporaryDirectory(prefix="clef-benchmarks-") as folder:
        work = Path(folder)
        _warm_up(work)
        comparisons = compare(_programs(options), peers, options.rounds, work)
        if options.instructions:
            for comparison in comparisons:
                count_instructions(comparison, work)
        wanted = BUDGETS in options.section if options.section else not options.program
        budgets = take_all(work, options.lines) if wanted else []
    _show(comparisons, budgets, options)
    _write(comparisons, budgets, options)
    good = all(b.met for b in budgets) and all(_good_enough(c, options.clock) for c in comparisons)
    return 0 if good else 1


def _options(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    add = parser.add_argument
    add("--rounds", type=int, default=5, help="runs of each program (5)")
    add("--program", action="append", choices=sorted(PROGRAMS), help="this program alone")
    add("--section", action="append", choices=[*SECTIONS, BUDGETS], help="this section alone")
    add("--peer", action="append", choices=list(PEERS), help="this language alone")
    add("--clock", choices=["processor", "seconds"], default="processor", help="what time is")
    add("--instructions", action="store_true", help="count them as well, with valgrind")
    add("--lines", type=int, default=20_000, help="of the generated project")
    add("--json", type=Path, help="write the figures there")
    add("--svg", type=Path, help="write a chart there")
    add("--document", type=Path, help="put the tables into this Markdown file, below its mark")
    add("--install-peers", action="store_true", help="print what installs the missing languages")
    return parser.parse_args(words)


def _peers(names: list[str] | None) -> list[Peer]:
    chosen = [PEERS[name] for name in names or PEERS]
    missing = [peer.name for peer in chosen if not peer.present()]
    if missing:
        print(f"Not installed, left out: {', '.join(missing)} (see --install-peers)\n")
    return [peer for peer in chosen if peer.present()]


def _programs(options: argparse.Namespace) -> list[Program]:
    if options.program:
        return [PROGRAMS[name] for name in options.program]
    wanted = options.section or SECTIONS
    return [program for program in PROGRAMS.values() if program.section in wanted]


def _warm_up(work: Path) -> None:
    """The library is checked once for all; no program is charged with it."""
    source = work / "warm.clef"
    source.write_text('printfn "warm"\n', encoding="utf-8")
    run(clef_command("build", "--release", str(source), "-o", str(work / "warm")))


def _good_enough(comparison: Comparison, clock: str) -> bool:
    if comparison.problems:
        return False
    ratio = comparison.ratio("C", clock) if comparison.program.section == NUMERIC else None
    return ratio is None or ratio <= TIME_LIMIT


def _tables(
    comparisons: list[Comparison], budgets: list[Budget], options: argparse.Namespace
) -> list[tuple[str, list[report.Row]]]:
    names = list(options.peer or PEERS)
    shown = report.figures(options.clock)
    if options.instructions:
        shown.append(report.INSTRUCTIONS)
    found = [(f.title, report.table(comparisons, f, names)) for f in shown] if comparisons else []
    found.append(("Pauses", report.pauses(comparisons)))
    found.append(("Budgets", report.budget_rows(budgets)))
    return [(title, rows) for title, rows in found if rows]


def _show(
    comparisons: list[Comparison], budgets: list[Budget], options: argparse.Namespace
) -> None:
    for title, rows in _tables(comparisons, budgets, options):
        print(f"{title}\n\n{report.as_text(rows)}\n")
    for comparison in comparisons:
        for problem in comparison.problems:
            print(problem)


def _write(
    comparisons: list[Comparison], budgets: list[Budget], options: argparse.Namespace
) -> None:
    if options.json:
        text = json.dumps(report.as_json(comparisons, budgets), indent=2) + "\n"
        options.json.write_text(text, encoding="utf-8")
    if options.svg:
        picture = chart(comparisons, list(options.peer or PEERS), options.clock)
        options.svg.write_text(picture, encoding="utf-8")
    if options.document:
        above = options.document.read_text(encoding="utf-8").partition(MARK)[0]
        tables = _tables(comparisons, budgets, options)
        texts = [f"### {title}\n\n{report.as_markdown(rows)}\n" for title, rows in tables]
        options.document.write_text(above + MARK + "\n" + "\n".join(texts), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
