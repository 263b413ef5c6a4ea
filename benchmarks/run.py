"""All figures with one command.

In: nothing but what is installed. Out: two tables on standard output, and JSON with `--json FILE`;
`instr.` is the ratio of executed instructions, counted at a smaller size where there is valgrind.
Promises: Clef and C are measured in turn, in one run on one machine; the exit code is 1 when a
budget or a ratio is missed.

    python -m benchmarks.run [--rounds N] [--only NAME] [--no-budgets] [--json FILE]
"""

from __future__ import annotations

import argparse
import json
import platform
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks.budgets import Budget, take_all
from benchmarks.programs import SIZES, Comparison, compare

TIME_LIMIT = 1.10


def main(words: list[str]) -> int:
    """Run the command; see the module's text."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--rounds", type=int, default=7, help="runs of each program (7)")
    parser.add_argument("--only", action="append", choices=sorted(SIZES), help="this program alone")
    parser.add_argument("--no-budgets", action="store_true", help="leave the budgets out")
    parser.add_argument("--lines", type=int, default=20_000, help="of the generated project")
    parser.add_argument("--json", type=Path, help="write the figures there as well")
    options = parser.parse_args(words)
    with tempfile.TemporaryDirectory(prefix="clef-benchmarks-") as folder:
        work = Path(folder)
        comparisons = compare(options.only or list(SIZES), options.rounds, work)
        _print_comparisons(comparisons)
        budgets = [] if options.no_budgets else take_all(work, options.lines)
        _print_budgets(budgets)
    if options.json:
        _write_json(options.json, comparisons, budgets)
    met = all(b.met for b in budgets) and all(_fast_enough(c) for c in comparisons)
    return 0 if met else 1


def _fast_enough(comparison: Comparison) -> bool:
    ratio = comparison.as_json().get("time_ratio")
    return isinstance(ratio, float) and ratio <= TIME_LIMIT and not comparison.problem


def _print_comparisons(comparisons: list[Comparison]) -> None:
    print(
        f"{'program':<14}{'Clef s':>9}{'C s':>9}{'ratio':>8}{'instr.':>8}{'Clef MB':>9}{'C MB':>7}"
        f"{'Clef kB':>9}{'C kB':>8}{'build s':>9}{'C s':>7}"
    )
    for comparison in comparisons:
        clef, c = comparison.clef, comparison.c
        if clef is None or c is None or not clef.costs:
            print(f"{comparison.name:<14}{comparison.problem}")
            continue
        ratio = clef.seconds / c.seconds
        mark = "" if ratio <= TIME_LIMIT else f"  more than {TIME_LIMIT:.2f}"
        print(
            f"{comparison.name:<14}{clef.seconds:>9.3f}{c.seconds:>9.3f}{ratio:>8.2f}"
            f"{_ratio(comparison.instruction_ratio):>8}"
            f"{clef.memory / 1e6:>9.1f}{c.memory / 1e6:>7.1f}"
            f"{clef.size / 1e3:>9.1f}{c.size / 1e3:>8.1f}"
            f"{clef.compile_seconds:>9.2f}{c.compile_seconds:>7.2f}{mark}"
        )
        if comparison.problem:
            print(f"  {comparison.problem}")


def _ratio(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"


def _print_budgets(budgets: list[Budget]) -> None:
    for budget in budgets:
        state = "ok" if budget.met else "missed"
        sign = "≥" if budget.at_least else "≤"
        value = budget.problem.split("\n")[0][:80] if budget.problem else f"{budget.value:,.4g}"
        print(f"{budget.name:<34}{value:>12} {budget.unit:<8}{sign} {budget.limit:<10,g}{state}")


def _write_json(path: Path, comparisons: list[Comparison], budgets: list[Budget]) -> None:
    figures = {
        "version": 1,
        "machine": platform.machine(),
        "python": platform.python_version(),
        "programs": [comparison.as_json() for comparison in comparisons],
        "budgets": [budget.as_json() for budget in budgets],
    }
    path.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
