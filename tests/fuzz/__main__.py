"""`python -m tests.fuzz --start 0 --count 1000 --until types`: cases on demand, with a summary.

In: the range of numbers, or `--nested DEPTH`. Out: counts, times, and every kind of failure on
standard output. Promises: exit code 1 when something failed.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from functools import partial

from clef.deep_stack import run_deep
from tests.fuzz import cases, front_end, nesting
from tests.fuzz.isolation import Case, judge_all


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz")
    parser.add_argument("--start", type=int, default=0)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--until", choices=front_end.STAGES, default=front_end.STAGES[-1])
    parser.add_argument("--nested", type=int, default=0, metavar="DEPTH")
    parser.add_argument("--shape", default="")
    parser.add_argument("--show", action="store_true", help="print the sources and do nothing")
    return parser.parse_args()


def _chosen(options: argparse.Namespace) -> list[Case]:
    if options.nested:
        shapes = [
            name
            for name in nesting.SHAPES
            if options.shape in name and (options.nested < 1000 or name not in nesting.SQUARE)
        ]
        return cases.nested([options.nested], shapes)
    return cases.mutated(range(options.start, options.start + options.count))


def main() -> int:
    """The command."""
    options = _arguments()
    chosen = _chosen(options)
    if options.show:
        print("\n".join(f"=== {case.name}\n{case.make()}" for case in chosen))
        return 0
    run_deep(front_end.library)
    runner = partial(front_end.run, until=options.until)
    start = time.perf_counter()
    verdicts = judge_all(chosen, runner)
    seconds = time.perf_counter() - start
    stages = Counter(verdict.stage or "failed" for verdict in verdicts)
    print(f"{len(verdicts)} sources in {seconds:.1f} s:", dict(stages))
    slowest = sorted(verdicts, key=lambda verdict: -verdict.seconds)[:8]
    print("slowest:", ", ".join(f"{verdict.name}: {verdict.seconds:.2f} s" for verdict in slowest))
    told = cases.report(chosen, verdicts, runner)
    print(told)
    return 1 if told else 0


if __name__ == "__main__":
    sys.exit(main())
